"""The example notebook runs, shows what is kept in it, and ends with the picture that README shows."""

import io
import json

import pytest

from tests import notebook


@pytest.fixture(scope="module")
def ran():
    return notebook.run()


def test_every_cell_shows_what_is_kept(ran):
    """After a change of numbers: make reference."""
    kept = json.loads(notebook.NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    for cell, fresh in zip(kept, ran[0]["cells"], strict=True):
        assert cell["source"] == fresh["source"]
        if cell["cell_type"] == "code":
            found, expected = ([o["data"].get("text/plain") for o in c["outputs"]] for c in (fresh, cell))
            assert found == expected, "".join(cell["source"])
    assert sum(c["cell_type"] == "code" for c in kept) >= 8


def test_results_are_shown_with_unit_formula_and_source(ran):
    html = "".join(h for c in ran[0]["cells"] for o in c.get("outputs", ()) for h in o["data"].get("text/html", ()))
    for text in ("1,273,252,170 USD", "it_capex+facility_capex", "your setting", "USD/GPU-hour", ">27,500<"):
        assert text in html


def test_the_picture_is_the_one_that_the_readme_shows(ran):
    from matplotlib.image import imread

    fresh, kept = imread(io.BytesIO(ran[1])), imread(notebook.CHART)
    assert fresh.shape == kept.shape
    assert abs(fresh - kept).mean() < 0.01
    assert "(docs/images/notebook.png)" in (notebook.ROOT / "README.md").read_text(encoding="utf-8")


def test_its_title_is_true(ran):
    values = ran[2]["values"].dropna()
    assert len(values) >= 2
    assert (values["layoff_savings"] < 0.1 * values["ai_spend"]).all()
