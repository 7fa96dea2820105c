"""The Simulation page in dollars and in another currency, and what is asked of a simulation."""

import pytest

from xl_aicost.errors import InputError
from xl_aicost.simulate import simulate
from xl_aicost.support.share import share
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.sheets.simulation import check_simulation

ASKED = {"line": "cluster_npv", "draws": 2000, "seed": 3, "date": "2026-11-25"}


@pytest.fixture(scope="module")
def found():
    return simulate("cluster_npv", draws=2000, seed=3)


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The same simulation with a dollar as it is, and with 0.86 euros for each."""
    path = tmp_path_factory.mktemp("templates") / "house.toml"
    text = (share("workbooks") / "cluster.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("[brand]", '[brand]\ncurrency = "EUR"\ncurrency_per_usd = 0.86'), encoding="utf-8")
    return [(assemble(name, simulate=ASKED), rate) for name, rate in (("cluster", 1.0), (str(path), 0.86))]


def table(feed, head):
    """Return the rows below a head of the Feed sheet."""
    rows = [[c.value for c in row[:2]] for row in feed.iter_rows()]
    first = next(i for i, row in enumerate(rows) if row[0] == head) + 1
    return rows[first : next(i for i in range(first, len(rows)) if rows[i][1] is None)]


def test_every_amount_is_in_the_currency_of_the_template(books, found):
    expected = {"Base case": found.base, "Mean": found.mean} | {f"P{p.level:g}": p.value for p in found.percentiles}
    errors = {"Mean": found.mean_error} | {f"P{p.level:g}": p.error for p in found.percentiles}
    for book, rate in books:
        page, feed = book.wb["Simulation"], dict(row[:2] for row in book.wb["Feed"].iter_rows(values_only=True))
        shown = {row[1].value: (row[4].value, row[5].value) for row in page.iter_rows(min_row=27)}
        for name, value in expected.items():
            assert feed[f"{name} of the simulation"] == pytest.approx(value * rate)
            assert shown[name][0] == pytest.approx(value * rate)
            assert shown[name][1] == (pytest.approx(errors[name] * rate) if name in errors else None)
        assert shown["Least"][0] == pytest.approx(found.least * rate)
        assert shown["Most"][0] == pytest.approx(found.most * rate)


def test_a_column_stands_at_the_middle_of_its_range(books, found):
    for book, rate in books:
        columns = table(book.wb["Feed"], "Middle of the range")
        assert len(columns) == len(found.bars)
        for (middle, part), low, high, count in zip(columns, found.cuts, found.cuts[1:], found.bars, strict=False):
            unit = {"m": 1e6, "b": 1e9, "k": 1e3}[middle.rstrip("n")[-1]]
            value = float(middle.rstrip("bnmk")) * unit
            assert low * rate - 0.01 * abs(value) <= value <= high * rate + 0.01 * abs(value)
            assert part == pytest.approx(count / sum(found.bars))


@pytest.mark.parametrize("draws", [1, 1_000_001, 2.5, "many"])
def test_draws_are_two_to_a_million(draws):
    with pytest.raises(InputError, match="is out of range: 2 to 1,000,000, for whoever"):
        check_simulation(ASKED | {"draws": draws})
    check_simulation(ASKED | {"draws": 2})
    check_simulation(ASKED | {"draws": 1_000_000})


def test_every_picture_lies_within_its_frame(books):
    count = 0
    for ws in books[0][0].wb:
        for chart in ws._charts:
            plot = chart.plot_area.layout or chart.layout
            x, y, width, height = (getattr(plot.manualLayout, name) for name in "xywh")
            assert 0 <= x < x + width <= 1, ws.title
            assert 0 <= y < y + height <= 1, ws.title
            count += 1
    assert count > 10
