"""What an edit was allowed to change passes; anything else is named, with what it costs."""

import json

import pytest

from xl_aicost.cli.main import main
from xl_aicost.errors import InputError
from xl_aicost.review import diff, not_allowed
from xl_aicost.workbook.build import assemble, write


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A workbook, and the same with an input edited and a formula doubled."""
    folder = tmp_path_factory.mktemp("gate")
    write(assemble("company"), folder / "old.xlsx")
    book = assemble("company")
    edited = f"{book.layout.scenario_columns['Base']}{book.layout.input_rows['pue']}"
    book.wb["Inputs"][edited] = 1.4
    cell = book.wb["Calc_Live"][f"D{book.layout.rows['layoff_coverage']}"]
    cell.value = f"=({cell.value[1:]})*2"
    write(book, folder / "new.xlsx", edited=True)
    return folder / "old.xlsx", folder / "new.xlsx", edited, cell.coordinate


@pytest.fixture(scope="module")
def compared(files):
    return diff(*files[:2])


def test_what_is_allowed_is_not_named_and_the_rest_is_with_its_costs(compared, files):
    _, _, edited, doubled = files
    [formula] = not_allowed(compared, ["inputs"])
    assert (formula.difference.sheet, formula.difference.cells) == ("Calc_Live", (doubled,))
    [(line, (now, without))] = formula.costs.items()
    assert (line, now) == ("layoff_coverage", pytest.approx(2 * without))
    [edit] = not_allowed(compared, ["Calc_Live"])
    assert edit.difference.cells == (edited,)
    assert "layoff_coverage" not in edit.costs
    assert not_allowed(compared, ["inputs", f"calc_live!{doubled}"]) == []
    assert not_allowed(compared, [f"Inputs!{edited}:{edited}", "Calc_Live"]) == []
    assert len(not_allowed(compared, ["choices", "Calc_Live!A1:A9"])) == 2
    assert len(not_allowed(compared, [])) == 2


@pytest.mark.parametrize("word", ["formulas", "No sheet", "Inputs!", "F8", "Other!F8"])
def test_what_names_no_cells_is_refused_in_one_line(compared, word):
    with pytest.raises(InputError, match=r"is neither a sheet nor a range .* it takes inputs, choices"):
        not_allowed(compared, [word])


def test_the_command_ends_with_1_if_anything_else_moved(files, monkeypatch, capsys):
    old, new, _, doubled = files

    def run(*words):
        monkeypatch.setattr("sys.argv", ["xl-aicost", "diff", str(old), str(new), *words])
        with pytest.raises(SystemExit) as stop:
            main()
        return stop.value.code or 0, capsys.readouterr().out

    code, out = run("--allow", "inputs")
    assert code == 1
    assert f"not allowed Calc_Live!{doubled}" in out
    assert "it moves layoff_coverage" in out
    code, out = run("--allow", "inputs", "--allow", "Calc_Live", "--json")
    assert (code, json.loads(out)["not_allowed"]) == (0, [])
    code, out = run("--allow", "choices", "--json")
    assert (code, [m["cells"] for m in json.loads(out)["not_allowed"]][1]) == (1, [doubled])
