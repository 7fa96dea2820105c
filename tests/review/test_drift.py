"""What a change by hand is called: how severe it is, where it is, and what is left unsaid of a sheet read in part."""

import re

import pytest

from xl_aicost.errors import InputError
from xl_aicost.review.accepted import not_accepted
from xl_aicost.review.audit import audit
from xl_aicost.review.compare import _inputs
from xl_aicost.review.drift import drift
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.workbook.build import assemble, build
from xl_aicost.workbook.sheets.control import SELECTOR, chosen
from xl_aicost.xlsx.cells import place
from xl_aicost.xlsx.package import open_package
from xl_aicost.xlsx.references import address
from xl_aicost.xlsx.save import save


@pytest.fixture(scope="module")
def built():
    return assemble("company")


@pytest.fixture
def returned(built, tmp_path):
    """Return a function that builds a workbook, changes it, and reads it back."""

    def returned(change=lambda book: None):
        book = assemble("company")
        change(book)
        save(book.wb, tmp_path / "changed.xlsx", {})
        workbook = ReturnedWorkbook(open_package(tmp_path / "changed.xlsx"))
        workbook.built = built
        return workbook

    return returned


def put(sheet, at, value):
    return lambda book: setattr(book.wb[sheet][at], "value", value)


def found(workbook):
    return [(f.severity, f.sheet, f.cell) for f in drift(workbook) if f.severity != "note"]


def test_nothing_changed_is_nothing_found(returned):
    assert found(returned()) == []


def test_a_formula_typed_over_is_critical_and_a_changed_text_is_not(returned, built):
    row = built.layout.rows["annual_cost"]
    for at, severity in ((f"D{row}", "critical"), (f"B{row}", "medium")):
        assert found(returned(put("Calc_Live", at, "typed"))) == [(severity, "Calc_Live", at)]


def test_a_cell_that_the_builder_did_not_write_weighs_more_within_what_it_wrote(returned, built):
    """To the last row and the last column of the sheet, they included."""
    ws = built.wb["Sources"]
    row, column = ws.max_row, ws.max_column
    for at, severity in (
        ((row, 1), "high"),
        ((row + 1, 1), "medium"),
        ((2, column), "high"),
        ((2, column + 1), "medium"),
    ):
        assert at not in ws._cells
        assert found(returned(put("Sources", address(*at), 5))) == [(severity, "Sources", address(*at))]


def test_a_change_is_named_after_its_line(returned, built):
    """By the id where there is one, else by the text beside it."""
    row, column = built.layout.rows["annual_cost"], built.layout.input_columns["note"]
    for sheet, at, name in (
        ("Calc_Live", f"D{row}", "annual_cost"),
        ("Inputs", f"{column}{built.layout.input_rows['pue']}", "pue"),
        ("Benchmark", "D7", "price_at_start"),
        ("As_built", "H7", "servers"),
        ("Benchmark", "C7", "Chip and server: value when the run starts"),
    ):
        [change] = drift(returned(put(sheet, at, "typed")))
        assert change.message.partition(": ")[0] == name.partition(": ")[0]
        assert (change.sheet, change.cell) == (sheet, at)


def test_a_cell_among_those_that_were_built_is_worse_than_one_beside_or_below_them(returned, built):
    """The first may be read by a formula that was there before."""
    ws = built.wb["Calc_Live"]
    row = built.layout.rows["annual_cost"]
    for at, severity in ((f"F{row}", "high"), (f"ZZ{row}", "medium"), (f"F{ws.max_row + 3}", "medium")):
        assert found(returned(put("Calc_Live", at, 7))) == [(severity, "Calc_Live", at)]


def test_inputs_are_known_under_another_name(returned):
    workbook = returned(lambda book: setattr(book.wb["Inputs"], "title", "Eingaben"))
    assert workbook.inputs_sheet == "Eingaben"
    assert all(line.still for line in workbook.moves.of("Inputs").lines)
    assert ("medium", "Eingaben", "") in found(workbook)


def test_a_difference_of_inputs_names_their_sheet_as_it_is_called_now(returned, built):
    at = built.layout.input_at("pue", "typed")

    def rename_and_type(book):
        book.wb["Inputs"].title = "Eingaben"
        book.wb["Eingaben"][at] = 1.3

    now = returned(rename_and_type)
    for name, text in now.package.names.items():
        now.package.names[name] = text.replace("Inputs!", "Eingaben!")
    before = ReturnedWorkbook(open_package(build("company", now.package.path.with_name("built.xlsx")).path))
    before.built = built
    assert [(d.sheet, d.cell) for d in _inputs(before, now)] == [("Eingaben", at)]


def test_a_looser_limit_of_an_input_is_found(returned, built):
    at = built.layout.input_at("pue", "typed")

    def loosen(book):
        [rule] = [v for v in book.wb["Inputs"].data_validations.dataValidation if str(v.sqref) == at]
        rule.formula2 = "1000"

    assert found(returned(loosen)) == [("medium", "Inputs", at)]


def test_equal_limits_may_be_written_as_one(returned, built):
    """As ExcelJS writes those of cells below each other."""
    rules = built.wb["Inputs"].data_validations.dataValidation
    first, second = "D129", "D130"
    assert {(v.type, v.formula1, v.formula2) for v in rules if str(v.sqref) in (first, second)} == {
        ("decimal", "0.0", "1.0")
    }

    def merge(book, into=f"{first}:{second}"):
        rules = book.wb["Inputs"].data_validations.dataValidation
        rules[:] = [v for v in rules if str(v.sqref) != second]
        [rule] = [v for v in rules if str(v.sqref) == first]
        rule.sqref = into

    assert found(returned(merge)) == []
    assert found(returned(lambda book: merge(book, first))) == [("medium", "Inputs", second)]


def test_a_formula_without_a_format_may_have_that_of_the_cell_which_it_reads(returned, built):
    """As LibreOffice shows it once it has calculated it."""
    cells = built.wb["Feed"]._cells.values()
    cell = next(c for c in cells if str(c.value).startswith("=Calc_Live!$D$") and c.number_format == "General")
    read = built.wb["Calc_Live"][cell.value.partition("!")[2].replace("$", "")]
    assert read.number_format != "General"
    for number_format, findings in ((read.number_format, []), (";;;", [("medium", "Feed", cell.coordinate)])):
        change = lambda b, f=number_format: setattr(b.wb["Feed"][cell.coordinate], "number_format", f)  # noqa: E731
        assert [f for f in found(returned(change)) if f[2] == cell.coordinate] == findings


def test_what_was_not_read_of_a_sheet_is_not_called_gone(returned, built):
    workbook, last = returned(), built.layout.rows["annual_cost"]
    sheet = workbook.package.sheet("Calc_Live")
    sheet.read_to = last
    for at in [at for at in sheet.cells if at[0] > last]:
        del sheet.cells[at]
    assert workbook.moves.of("Calc_Live") is not None
    assert found(workbook) == []
    sheet.cells[last, 4].formula = "1+1"
    assert found(workbook) == [("critical", "Calc_Live", f"D{last}")]


def test_links_may_follow_a_row_that_moved_or_stay(returned):
    """Some programs carry the end of a link along with its row, others do not."""
    workbook, first = returned(), 20
    moved = workbook.package.sheet("Sources")
    for row, column in sorted((at for at in moved.cells if at[0] >= first), reverse=True):
        cell = moved.cells[row + 1, column] = moved.cells.pop((row, column))
        cell.row = row + 1
        if link := moved.links.pop(address(row, column), ""):
            moved.links[address(row + 1, column)] = link
    inserted = [("medium", "Sources", f"{first}:{first}")]
    links = workbook.package.sheet("Inputs").links
    below = {at: int(to.partition("!B")[2]) for at, to in links.items() if to.startswith("Sources!B")}
    assert any(row >= first for row in below.values())
    assert found(workbook) == inserted
    links |= {at: f"Sources!B{row + 1}" for at, row in below.items() if row >= first}
    assert found(workbook) == inserted
    links |= dict.fromkeys(below, "Sources!B1")
    assert {(f.severity, f.message[:8]) for f in drift(workbook) if f.sheet == "Inputs"} == {("medium", "the link")}


def test_a_choice_that_holds_a_formula_is_refused_by_read_and_found_by_audit(built, tmp_path):
    from xl_aicost.review import audit
    from xl_aicost.workbook.sheets.control import SELECTOR

    book = assemble("company")
    book.wb["Inputs"][SELECTOR] = '="Base"'
    save(book.wb, tmp_path / "formula.xlsx", {})
    messages = [f.message for f in audit(tmp_path / "formula.xlsx").findings if f.severity == "high"]
    assert any("scenario: the cell of this choice holds a formula" in text for text in messages)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("scenario", None, "scenario: is blank, and a blank is no choice"),
        ("scenario", "Bull", "scenario: 'Bull' is none of "),
        ("scenario", " Glut ", "scenario: ' Glut ' is none of "),
        ("first_year", None, "first_year: is blank, and a blank is no choice"),
    ],
)
def test_a_choice_that_is_none_is_refused_by_read_and_critical_in_an_audit(returned, built, name, value, message):
    workbook = returned()
    at = chosen(built)[name]
    workbook.package.sheet("Inputs").cells[place(at)].value = value
    findings = [(f.severity, f.cell, f.message[: len(message)], f.fix) for f in drift(workbook)]
    assert findings == [("critical", at, message, "Choose a value from the list")]
    with pytest.raises(InputError, match=re.escape(message)):
        _ = workbook.input_values


def test_a_scenario_may_be_chosen_in_small_letters(returned, built):
    workbook = returned()
    workbook.package.sheet("Inputs").cells[place(SELECTOR)].value = "glut"
    assert drift(workbook) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("utilization", 500.0, "500 is typed, and the cell does not take it. GPU-hours sold: from 0% to 100%"),
        ("rail_optimised", 3.0, "3 is typed"),
        ("first_year", 2026.5, "2,026.5 is typed"),
        ("company_life", "Bull", "Bull is typed, and the cell does not take it. Choose one from the list"),
        ("sensitivity_output", "Bull", "Bull is typed"),
        ("across_1", 99.0, "99 is typed"),
    ],
)
def test_a_number_that_excel_would_have_refused_is_found_by_audit(returned, built, name, value, said):
    """It was pasted, or written by a program that asks no validation."""
    workbook, cells = returned(), {**chosen(built)}
    at = cells.get(name) or built.layout.input_at(name, "typed")
    cell = workbook.package.sheet("Inputs").cells[place(at)]
    for accepted in (cell.value, 0.5 if name == "utilization" else cell.value):
        cell.value = accepted
        assert [*not_accepted(workbook)] == []
    cell.value = value
    [finding] = not_accepted(workbook)
    assert (finding.severity, finding.cell, finding.message[: len(said)]) == ("high", at, said)


def test_an_audit_says_what_a_cell_does_not_take(built, tmp_path):
    """5 for 5% in the column for your value, as a program writes it that asks no validation."""
    book, at = assemble("company"), built.layout.input_at("layoff_share", "typed")
    book.wb["Inputs"][at].value = 5
    save(book.wb, tmp_path / "typed.xlsx", {})
    result = audit(tmp_path / "typed.xlsx")
    [finding] = [f for f in result.findings if "does not take it" in f.message]
    assert (finding.severity, finding.sheet, finding.cell, result.verdict) == ("high", "Inputs", at, "REVIEW")
