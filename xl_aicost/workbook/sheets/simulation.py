"""The Simulation sheet: the spread of a result when inputs vary over their ranges, stamped when the file was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.errors import InputError
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.charts import Columns, add_chart
from xl_aicost.workbook.sheets.inputs import fingerprints, unmoved
from xl_aicost.workbook.style import calculation_format, calculation_unit, finish, heads, page_break, widths
from xl_aicost.xlsx.cells import merge, put, put_row, put_text

if TYPE_CHECKING:
    from xl_aicost.simulate import Simulation

STAMP_ROW, FIRST_TABLE = 7, 15
TOP = 12
MOST_DRAWS = 1_000_000


def add_simulation(book: Book) -> None:
    """Run the simulation that was asked for and write the Simulation sheet."""
    from xl_aicost.simulate import simulate

    request = dict(book.simulate or {})
    line, date = str(request.pop("line")), str(request.pop("date"))
    found = simulate(line, book.edition.case, **request)
    label = book.graph.lines[line].label
    ws = book.sheet("Simulation", f"Simulation: {label}", "output")
    unit, form = calculation_unit(found.unit), calculation_format(found.unit)
    text = (
        f"{label} [{unit}] when each uncertain input varies over its low, base and high as a triangle, on its own; inputs "
        "of the Custom column stay as they are. A spread of the assumptions, not a forecast."
    )
    put(ws, "A5", text, "Text")
    merge(ws, "A5:H5")
    ws.row_dimensions[5].height = 30
    _add_stamp(book, ws, found, date)
    bars, below = _add_tables(ws, found, form)
    page_break(ws, below - 1)
    put(ws, f"A{below}", "What you see: left, how the draws spread; right, what drives them, up or down.", "Caption")
    add_chart(
        book,
        ws,
        f"A{below + 1}",
        Columns(FIRST_TABLE - 1, bars, (7,), "clustered", 5),
        f"{label}: share of draws",
        "share of draws",
        "0%",
        "Columns, one a range of the result, as high as the share of draws that fall into it.",
    )
    add_chart(
        book,
        ws,
        f"D{below + 1}",
        Columns(below + 23, min(TOP, len(found.drivers)), (2,), "bars"),
        "What drives it",
        "rank regression coefficient",
        "0.00",
        "Bars, the strongest on top: the coefficient of each input, to the right where the result rises with it.",
    )
    _add_drivers(book, ws, found, below + 23)
    widths(ws, 44, 18, 18, 4, 18, 18, 18, 22)
    finish(ws, "1:3", "A4")


def _add_stamp(book: Book, ws: Worksheet, found: Simulation, date: str) -> None:
    facts = {
        "Draws": (found.draws, "#,##0"),
        "Seed": (found.seed, "0"),
        "Method": (found.method, "General"),
        "Date": (date, "General"),
        "Hash of the inputs and their ranges": (found.inputs_hash[:16], "General"),
        "Fingerprint of the workbook's inputs": (fingerprints(book)[0], "0.000000"),
    }
    for row, (name, (value, form)) in enumerate(facts.items(), STAMP_ROW):
        put(ws, f"A{row}", name, "Label")
        put(ws, f"B{row}", value, "Given", form)
    last = STAMP_ROW + len(facts) - 1
    state = f'=IF({unmoved(f"B{last}")},"current","STALE: inputs moved, build again")'
    put(ws, f"C{last}", state, "Status")


def _add_tables(ws: Worksheet, found: Simulation, form: str) -> tuple[int, int]:
    """Write percentiles and histogram side by side; return the number of bars and the row after both."""
    head = FIRST_TABLE - 1
    heads(ws, ("Statistic", "Value", "Standard error"), head)
    rows = [
        ("Base case", found.base, None),
        ("Mean", found.mean, found.mean_error),
        ("Standard deviation", found.standard_deviation, None),
        ("Least", found.least, None),
        *((f"P{p.level:g}", p.value, p.error) for p in found.percentiles),
        ("Most", found.most, None),
    ]
    for row, (name, value, error) in enumerate(rows, FIRST_TABLE):
        put(ws, f"A{row}", name, "Label")
        put_row(ws, row, 2, (value, error), "Given", form)
    put_row(ws, head, 5, ("From", "To", "Share of draws", "To date"), "Column head")
    counted, to_date = sum(found.bars), 0
    for row, (low, high, count) in enumerate(zip(found.cuts, found.cuts[1:], found.bars, strict=False), FIRST_TABLE):
        put_row(ws, row, 5, (low, high), "Given", form)
        to_date += count
        put_row(ws, row, 7, (count / counted, to_date / counted), "Given", "0.0%")
    left_out = FIRST_TABLE + len(rows)
    if found.without_value:
        put(ws, f"A{left_out}", "Draws without a value, left out", "Label")
        put(ws, f"B{left_out}", found.without_value, "Given", "#,##0")
    return len(found.bars), FIRST_TABLE + max(len(rows) + 1, len(found.bars)) + 1


def _add_drivers(book: Book, ws: Worksheet, found: Simulation, head: int) -> None:
    heads(ws, ("Input", "Rank regression coefficient"), head)
    ws.row_dimensions[head].height = 30
    for row, d in enumerate(found.drivers[:TOP], head + 1):
        put_text(ws, f"A{row}", book.assumptions[d.id].label, "Label")
        put(ws, f"B{row}", d.coefficient, "Given", "0.00")
    after = head + 1 + min(TOP, len(found.drivers))
    put(ws, f"A{after}", "Share of the ranks' variance that these explain", "Label")
    put(ws, f"B{after}", found.explained, "Given", "0%")


def check_simulation(asked: dict[str, object]) -> None:
    """Raise InputError for a request of `build` that a simulation does not know."""
    unknown = set(asked) - {"line", "draws", "seed", "method", "date"}
    if unknown or "line" not in asked or "date" not in asked:
        raise InputError(f"simulate = {asked!r}: line and date are wanted, and draws, seed and method are taken")
    draws = asked.get("draws", 2)
    if not isinstance(draws, int) or not 2 <= draws <= MOST_DRAWS:
        raise InputError(
            f"draws = {draws!r} is out of range: 2 to {MOST_DRAWS:,}, for whoever verifies it repeats them"
        )
