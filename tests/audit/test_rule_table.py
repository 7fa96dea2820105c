"""Each rule on a small sheet: exactly what it finds there, and sheets of the same kind on which it is silent."""

import openpyxl
import pytest
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from tests.audit.models import opened
from xl_aicost.audit.rules import audit_rules
from xl_aicost.review.alignment import pairs
from xl_aicost.review.differences import Difference, differences
from xl_aicost.xlsx.index import WorkbookIndex
from xl_aicost.xlsx.references import Area

YEARS = "CDEFGH"
MONTHS = ["Item", *(f"m{n}" for n in range(1, 7)), "All"]


def plan(**changes):
    """Return a sheet of six years: revenue, costs, profit, a sum of the years and an average; some cells changed."""
    rows = [["Item", "All", *range(2021, 2027)]]
    rows += [["Revenue", "=SUM(C2:H2)", *(100 + 7 * n for n in range(6))]]
    rows += [["Costs", "=SUM(C3:H3)", *(40 + 5 * n for n in range(6))]]
    rows += [["Profit", "=SUM(C4:H4)", *(f"={c}2-{c}3" for c in YEARS)]]
    rows += [["Margin", "=B4/B2", *(f"={c}4/{c}2" for c in YEARS)]]
    return changed(rows, **changes)


def changed(rows, **changes):
    rows = [list(r) for r in rows]
    for place, value in changes.items():
        column, row = ord(place[0]) - ord("A"), int(place[1:]) - 1
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    return rows


def column(*values, label="item", **changes):
    """Return a sheet of labels and values."""
    return changed([[f"{label} {n}", v] for n, v in enumerate(values, 1)], **changes)


def found(sheets, bold=(), hidden=(), stored=()):
    """Return severity, rule and places of what the rules find; `stored` are values as a program left them."""
    wb = openpyxl.Workbook()
    wb.remove(wb.active)
    for name, rows in sheets.items():
        ws = wb.create_sheet(name)
        for row in rows:
            ws.append(row)
        for place in bold:
            ws[place].font = Font(bold=True)
        for row in hidden:
            ws.row_dimensions[row].hidden = True
    package = opened(wb)
    for place, value in dict(stored).items():
        sheet, _, at = place.rpartition("!")
        cell = wb[sheet][at]
        kept = next(s for s in package.sheets if s.name == sheet).cells[cell.row, cell.column]
        kept.value, kept.kind = value, "e" if str(value).startswith("#") else "n"
    return [(f.severity, f.rule, " ".join(f.places)) for f in audit_rules(package)]


LINKS = {
    "Plan": plan(),
    "Board": [[name, f"=Plan!B{row}"] for row, name in ((2, "Revenue"), (3, "Costs"), (4, "Profit"))],
}
RATES = [["From", "Rate"], [0, 0.1], [1000, 0.2], [5000, 0.3], [20000, 0.4]]
LOOKUP = [["Amount", "Rate"], [3000, "=VLOOKUP(A2,Rates!A2:B5,2)"]]
NUMBERS = [12, 15, 11, 18, 14]
LAGS = zip("BCDEFGHI", "EFGHIJKL", "FGHIJKLM", strict=True)
LAGGED = [["flow", *range(5, 18)], ["half", 10, 20, 30, 40, *(f"={a}2*0.5+{b}2*0.5+{c}1" for a, b, c in LAGS)]]
ALIKE = {
    "Plan": [["Revenue", 100], ["Costs", 100], ["Profit", "=B1-B2"]],
    "Board": [["Revenue", "=Plan!B2"], ["Costs", "=Plan!B2"], ["Profit", "=Plan!B3"]],
}
FOUND = {
    "short-range: the sum of a row": (
        {"P": plan(B2="=SUM(C2:G2)")},
        [("high", "short-range", "P!B2")],
    ),
    "short-range: of a column, two cells of which are 0": (
        {"P": column(*NUMBERS, 0, 0, "=SUM(B1:B5)")},
        [("high", "short-range", "P!B8")],
    ),
    "double-count: a cell beside the sum that holds it": (
        {"P": column(*NUMBERS, "=SUM(B1:B5)+B3")},
        [("critical", "double-count", "P!B6")],
    ),
    "double-count: a subtotal and its parts": (
        {"P": column(*NUMBERS, "=SUM(B1:B5)", 7, "=SUM(B1:B7)")},
        [("critical", "double-count", "P!B8")],
    ),
    "text-number: in a sum": (
        {"P": column(12, 15, "11", 18, "=SUM(B1:B4)")},
        [("critical", "text-number", "P!B3")],
    ),
    "text-number: in a product": ({"P": [["12", 3], ["=A1*B1"]]}, [("medium", "text-number", "P!A1")]),
    "wrong-link: another row than the label says": (
        LINKS | {"Board": changed(LINKS["Board"], B2="=Plan!B4")},
        [("critical", "wrong-link", "Board!B2")],
    ),
    "wrong-link: a cell that is itself a link": (
        {
            "Plan": [["Revenue", 100], ["Costs", "=B3"], ["Expenses", 40], ["Profit", "=B1-B2"]],
            "Board": [["Revenue", "=Plan!B2"], ["Costs", "=Plan!B2"], ["Profit", "=Plan!B4"]],
        },
        [("critical", "wrong-link", "Board!B1")],
    ),
    "wrong-link: a label that says more, and another rule that agrees": (
        {
            "Plan": [["Sales", *range(10, 17)], ["Costs", *range(20, 27)], ["Other sales", *range(30, 37)]],
            "Board": [
                ["Sales", *(f"=Plan!{c}{3 if c == 'D' else 1}" for c in "BCDEF")],
                ["Costs", *(f"=Plan!{c}2" for c in "BCDEF")],
            ],
        },
        [("critical", "odd-formula", "Board!D1")],
    ),
    "odd-formula: one sign": ({"P": plan(F4="=F2+F3")}, [("critical", "odd-formula", "P!F4")]),
    "odd-formula: few neighbours": (
        {"P": [["a", 5, 6, 7, 8], ["b", "=B1*2", "=C1*2", "=D1*3", "=E1*2"]]},
        [("high", "odd-formula", "P!D2")],
    ),
    "odd-formula: a term more": ({"P": plan(F4="=F2-F3+1")}, [("high", "odd-formula", "P!F4")]),
    "odd-formula: another link of one column": (
        {"P": plan(), "Q": [["Turnover", *(f"=P!{c}{3 if c == 'E' else 2}" for c in YEARS)]]},
        [("critical", "odd-formula", "Q!D1")],
    ),
    "odd-formula: that comes to the same": (
        {"P": plan(F4="=F2-F3*1")},
        [("medium", "odd-formula", "P!F4")],
    ),
    "typed-number: over a formula": ({"P": plan(F4=77)}, [("critical", "typed-number", "P!F4")]),
    "typed-number: over a link": (
        {"P": plan(), "Q": [["Turnover", *(f"=P!{c}2" if c != "F" else 999 for c in YEARS)]]},
        [("high", "typed-number", "Q!E1")],
    ),
    "typed-number: that one cell reads, two on": (
        {
            "P": [
                ["flow", *range(5, 14)],
                [
                    "half",
                    10,
                    20,
                    *(f"={b}2*1.5+{d}1" if d != "F" else 999 for b, d in zip("BCDEFGH", YEARS[1:] + "IJ", strict=True)),
                ],
            ]
        },
        [("medium", "typed-number", "P!F2")],
    ),
    "typed-number: that one cell reads, two before": (
        {
            "P": [
                ["flow", *range(5, 16)],
                [
                    "half",
                    *(f"={b}2*0.5+{c}1" if c != "F" else 999 for b, c in zip("DEFGHIJ", "BCDEFGH", strict=True)),
                    10,
                    20,
                ],
            ]
        },
        [("medium", "typed-number", "P!F2")],
    ),
    "typed-number: that the next cell and the fourth read": (
        {"P": changed(LAGGED, H2=999)},
        [("medium", "typed-number", "P!H2")],
    ),
    "typed-number: at the end of a column": (
        {"P": changed([[f"a {n}", 5 + n, *(f"=B{n}*{k}" for k in (2, 3, 4))] for n in range(1, 8)], E7=99)},
        [("high", "typed-number", "P!E7")],
    ),
    "typed-number: at the beginning of a column": (
        {"P": changed([[f"a {n}", 5 + n, *(f"=B{n}*{k}" for k in (2, 3, 4))] for n in range(1, 8)], E1=99)},
        [("high", "typed-number", "P!E1")],
    ),
    "typed-number: none where the formula would read a blank cell": (
        {"P": changed([["x", 5, None, 7, None, 8, 9], ["y", *(f"={c}1*2" for c in "BCDEFG")]], E2=4)},
        [("low", "empty-cell", "P!C2")],
    ),
    "odd-formula: three lines that break at one place": (
        {
            "P": [[*range(r, r + 8)] for r in (10, 20, 30)]
            + [[f"={c}{n}*{n + (4 if c == 'D' else 2)}" for c in "ABCDEFGH"] for n in (1, 2, 3)]
        },
        [("medium", "odd-formula", f"P!D{r}") for r in (4, 5, 6)],
    ),
    "typed-number: 0": ({"P": plan(F4=0)}, [("medium", "typed-number", "P!F4")]),
    "typed-number: what the formula gives": ({"P": plan(F4=66)}, [("low", "typed-number", "P!F4")]),
    "unsorted-keys: one line for all look-ups of a sheet": (
        {
            "Rates": changed(RATES, A4=500),
            "P": [*LOOKUP, [700, "=VLOOKUP(A3,Rates!A3:B5,2)"]],
        },
        [("critical", "unsorted-keys", "P!B2 P!B3")],
    ),
    "circle: of two cells": ({"P": [["=B1+1", "=A1*2"]]}, [("critical", "circle", "P!A1 P!B1")]),
    "error: a reference that is lost": ({"P": [[5, "=A1*#REF!"]]}, [("critical", "error", "P!B1")]),
    "error: a name that there is not": ({"P": [[5, "=A1*rates"]]}, [("high", "error", "P!B1")]),
    "error: a word in a product": ({"P": [["much", "=A1*2"], [2, "=A2*2"]]}, [("high", "error", "P!B1")]),
    "error: a text that says that there is no value": ({"P": [["None", "=A1*2"]]}, [("medium", "error", "P!B1")]),
    "error: nothing to divide by": ({"P": [[5, 0, "=A1/B1"]]}, [("medium", "error", "P!C1")]),
    "error: one formula on three sheets": (
        {name: [["much", "=A1*2"]] for name in "PQR"},
        [("high", "error", "P!B1 Q!B1 R!B1")],
    ),
    "empty-cell: the heading instead of its numbers": (
        {
            "P": [["SALES"], ["north", 5, 6, 7], ["south", 8, 9, 10], [], ["tax", "=B1*0.2", "=C1*0.2", "=D1*0.2"]],
        },
        [("high", "empty-cell", "P!B5 P!C5 P!D5")],
    ),
    "empty-cell: one": ({"P": [[5, None, "=A1+B1"]]}, [("low", "empty-cell", "P!C1")]),
    "volatile: what depends on today, too": ({"P": [["=TODAY()", "=A1+1"]]}, [("low", "volatile", "P!A1 P!B1")]),
    "two rules that agree at low raise nothing": (
        {"P": [[None, None, "=A1+B1+TODAY()"]]},
        [("low", "empty-cell", "P!C1")],
    ),
    "a rule that agrees at low raises nothing": (
        {"P": plan(F4="=F2-F3+1+0*RAND()")},
        [("high", "odd-formula", "P!F4"), ("low", "volatile", "P!B4 P!B5 P!F5")],
    ),
}
SILENT = {
    "sums of rows and columns": {"P": plan()},
    "short-range: a year above the numbers": {"P": [["Item", 2024], *column(*NUMBERS, "=SUM(B2:B6)", B1=2024)]},
    "short-range: a running total": {"P": [[n, f"=SUM(A$1:A{n})"] for n in range(1, 8)]},
    "short-range: a window that moves": {
        "P": [[n, f"=AVERAGE(A{n}:A{n + 2})" if n < 6 else None] for n in range(1, 8)]
    },
    "short-range: a block with its own total beside it": {
        "P": [*([f"a {n}", n] for n in (5, 7, 8)), ["a 4", 9, "=SUM(B1:B4)"], ["b", 11, "=B5"], ["all", None, "=C4+C5"]]
    },
    "short-range: what is left out is calculated from what is left out": {
        "P": [
            [*(10 * r + c for c in range(4)), f"=A{r}*2", 5 + r, f"=F{r}*3", f"=SUM(A{r}:E{r})*2"] for r in range(1, 6)
        ]
    },
    "short-range: a subtotal of one row before the total of all": {
        "P": column(*NUMBERS, "=SUBTOTAL(9,B1:B5)", 7, "=SUBTOTAL(9,B7:B7)", "=SUBTOTAL(9,B1:B7)")
    },
    "double-count: totals of totals": {"P": column(*NUMBERS, "=SUM(B1:B5)", 7, 8, "=SUM(B7:B8)", "=B6+B9")},
    "double-count: a total halved": {"P": column(*NUMBERS, "=SUM(B1:B5)", "=SUM(B1:B6)/2")},
    "text-number: a year above a sum": {"P": [["Item", "2024"], *column(*NUMBERS, "=SUM(B1:B6)")]},
    "text-number: counted among texts": {"P": column(12, "15", 11, 18, "=SUBTOTAL(103,B1:B4)+COUNTA(B1:B4)")},
    "wrong-link: labels that agree": LINKS,
    "wrong-link: another row with the same number": ALIKE,
    "odd-formula: a total among its parts": {
        "P": [
            ["Item", "q1", "q2", "Total", "q3", "q4"],
            ["a", 1, 2, "=B2+C2", 3, 4],
            ["b", *(f"={c}2*2" for c in "BCDEF")],
        ]
    },
    "odd-formula: a total of a block, in a column of totals of rows": {
        "P": [
            *([f"a {r}", *range(r, r + 4), f"=SUM(B{r}:E{r})"] for r in range(1, 7)),
            ["sum", *(f"=SUM({c}1:{c}6)" for c in "BCDE"), "=SUM(B1:F6)/2"],
            *([f"b {r}", *range(r, r + 4), f"=SUM(B{r}:E{r})"] for r in range(8, 12)),
        ]
    },
    "odd-formula: the same sum in other words": {"P": plan(F4="=-F3+F2")},
    "odd-formula: the larger of two before it": {"P": plan(F4="=MAX(C4:D4)")},
    "typed-number: a value to start from": {"P": [[n, 5 if n == 1 else f"=B{n - 1}+A{n}"] for n in range(1, 9)]},
    "unsorted-keys: sorted": {"Rates": RATES, "P": LOOKUP},
    "unsorted-keys: an exact match": {
        "Rates": changed(RATES, A4=500),
        "P": [["Amount"], [1000, "=VLOOKUP(A2,Rates!A2:B5,2,FALSE)"]],
    },
    "circle: a place and not a value": {"P": [["=ROW(A1)+COLUMNS(A1:C1)", "=A1+1"]]},
    "empty-cell: asked for": {"P": [[5, None, '=IF(B1="",A1,B1)']]},
}


@pytest.mark.parametrize("case", FOUND)
def test_a_rule_finds_exactly_this(case):
    sheets, expected = FOUND[case]
    assert found(sheets) == expected


@pytest.mark.parametrize("case", SILENT)
def test_a_rule_is_silent(case):
    assert found(SILENT[case]) == []


@pytest.mark.parametrize(("gap", "severity"), [(0, "critical"), (1, "critical"), (2, "critical"), (3, "medium")])
def test_a_total_near_the_end_of_the_data_is_the_total_of_all_of_it(gap, severity):
    rows = [*column(*NUMBERS, 7), *([[]] * gap), ["All", "=SUM(B1:B5)"]]
    assert found({"P": rows}) == [(severity, "short-range", f"P!B{7 + gap}")]


@pytest.mark.parametrize(
    ("sum_of", "message"),
    [
        ("B2:B5", "SUM stops 1 cell short of the end of its data: B6 left out"),
        ("B2:B4", "SUM stops 2 cells short of the end of its data: B5:B6 left out"),
        ("B3:B6", "SUM starts 1 cell after the beginning of its data: B2 left out"),
    ],
)
def test_the_message_says_at_which_end_a_range_is_short(sum_of, message):
    wb = openpyxl.Workbook()
    for row in (["Item", "Cost"], *(["a", n] for n in NUMBERS), ["All", f"=SUM({sum_of})"]):
        wb.active.append(row)
    assert [f.message for f in audit_rules(opened(wb))] == [message]


def test_the_message_names_the_functions_that_change_and_no_other():
    wb = openpyxl.Workbook()
    wb.active.append([5, "=SUM(A1)+RAND()*0", "=B1+INT(TODAY())"])
    messages = [f.message for f in audit_rules(opened(wb)) if f.rule == "volatile"]
    assert messages == ["changes with every calculation, by RAND, TODAY in it or in what it depends on"]


def test_the_message_says_how_an_error_came_about():
    wb = openpyxl.Workbook()
    for row in ([5, "=A1*#REF!"], ["much", "=A2*2"]):
        wb.active.append(row)
    assert [f.message for f in audit_rules(opened(wb))] == [
        "=A1*#REF! refers to what no longer exists",
        "=A2*2 comes to #VALUE!, and nothing that it reads does",
    ]


def test_sums_of_hidden_rows_are_one_line():
    assert found({"P": column(*NUMBERS, "=SUM(B1:B5)")}, hidden=[3]) == [("medium", "hidden-rows", "P!B6")]


def test_a_subtotal_may_leave_hidden_rows_out():
    assert found({"P": column(*NUMBERS, "=SUBTOTAL(109,B1:B5)")}, hidden=[3]) == []


def test_a_link_to_another_workbook_is_a_low_line():
    sheets = {"P": [["='[old.xlsx]Plan'!A1+1"]]}
    assert found(sheets, stored={"P!A1": 5.0}) == [("low", "external-link", "P!A1")]


def test_a_bold_row_without_numbers_is_a_heading():
    rows = [["Share", 5, 6], ["Sales"], ["north", 5, 6], ["tax", "=B2*0.2", "=C2*0.2"]]
    assert found({"P": rows}, bold=["A2"]) == [("high", "empty-cell", "P!B4 P!C4")]


def test_a_row_in_capitals_below_numbers_has_no_numbers_and_is_no_heading():
    rows = [["Revenue", 5, 6], ["COGS"], ["Rent", 5, 6], ["share", "=B2/B1", "=C2/C1"]]
    assert found({"P": rows}) == [("low", "empty-cell", "P!B4 P!C4")]


@pytest.mark.parametrize(
    ("formula", "stored", "expected"),
    [
        ('_xlfn.TEXTAFTER("a]b","]")', "#NAME?", "low"),  # the program that saved it does not know it
        ('_FV(A1,"Price")', "#VALUE!", "low"),  # comes from a service
        ("NA()", "#N/A", "low"),
        ("MEDIAN(C1:C5)", "#NUM!", "medium"),  # of nothing
        ("SQRT(-A1)", "#NUM!", "high"),
    ],
)
def test_how_an_error_came_about_says_how_bad_it_is(formula, stored, expected):
    [error] = [f for f in found({"P": [[5, f"={formula}"]]}, stored={"P!B1": stored}) if f[1] == "error"]
    assert error == (expected, "error", "P!B1")


def test_a_run_that_goes_on_from_cell_to_cell_may_start_anew():
    days = [1, *(f"=IF({b}1>0,{b}1+1,0)" for b in "ABCDEF")]
    assert found({"P": [changed([days], E1=1)[0]]}) == [("medium", "typed-number", "P!E1")]
    cash = [
        ["flow", *range(5, 13)],
        ["cash", "=B1", *(f"={b}2+{c}1" for b, c in zip("BCDEFGH", "CDEFGHI", strict=False))],
    ]
    assert found({"P": changed(cash, F2="=300+F1")}) == [("medium", "odd-formula", "P!F2")]


def test_links_to_places_that_share_neither_row_nor_column_were_chosen():
    rows = [[f"i{r}", *range(r, r + 4), f"=D{r}"] for r in range(1, 10)]
    assert found({"P": changed(rows, F5="=E5")}) == [("critical", "odd-formula", "P!F5")]
    assert found({"P": changed(rows, F5="=B8")}) == [("high", "odd-formula", "P!F5")]


@pytest.mark.parametrize(
    ("reference", "column"),
    [
        ("Fair[[#This Row],[ ]]", "B"),
        ("Fair[[#This Row], [Closing balance ]]", "C"),
        ("Fair[@[Closing balance ]]", "C"),
        ("Fair[@Sold]", "A"),
    ],
)
def test_a_column_of_a_table_is_found_whatever_blanks_its_name_has(reference, column):
    wb = openpyxl.Workbook()
    wb.active.title = "P"
    for row in (["Sold", " ", "Closing balance "], [5, 2, 1], [6, 3, 1]):
        wb.active.append(row)
    wb.active.add_table(Table(displayName="Fair", ref="A1:C3"))
    wb.active["E2"] = f"={reference}*2"
    book = WorkbookIndex(opened(wb, calculate=False))
    assert book.areas == [[Area("P", 2, "ABC".index(column) + 1, 2, "ABC".index(column) + 1)]]


def test_the_places_of_two_lists_are_paired_by_what_stands_once_between_pairs():
    old, new = ["o1", *"RPuddRu", "o2"], ["n1", *"RPdduzRu", "n2"]
    assert pairs(old, new) == [(0, 0), (1, 1), (2, 2), (3, 5), (6, 7), (7, 8), (8, 9)]


def test_a_name_that_another_file_gives_to_other_cells_is_a_difference():
    files = []
    for cell in ("$A$1", "$A$2"):
        wb = openpyxl.Workbook()
        wb.active.title = "P"
        wb.defined_names["rate"] = DefinedName("rate", attr_text=f"P!{cell}")
        files.append(opened(wb, calculate=False))
    assert list(differences(*files)) == [Difference("structure", "", "", "name rate", "P!$A$1", "P!$A$2")]
