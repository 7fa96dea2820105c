"""What Sensitivity shows of lines that look over time, as of the build: their drivers, and their highest and lowest value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.simulate.bounds import Bound, bounds_of_all
from xl_aicost.simulate.distributions import with_range
from xl_aicost.simulate.drivers import TORNADO_BARS, Swing, tornadoes
from xl_aicost.workbook.book import Book, or_na
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.sheets.inputs import fingerprints, input_format, unmoved
from xl_aicost.workbook.style import band, calculation_format, calculation_unit, heads
from xl_aicost.xlsx.cells import put, style_record

TOP = TORNADO_BARS
WIDTH = 8


def stamped_rows(book: Book) -> int:
    """Return how many rows the stamped tables take."""
    bounds = len(book.template.bounds)
    return len(book.template.stamped) * (TOP + 4) + (bounds + 4 if bounds else 0)


def difference(end: str, base: str) -> str:
    """Return the formula, without its sign, of a change from the base, n/a where one of them is."""
    return f'IF(COUNT({end},{base})=2,{end}-{base},"n/a")'


def add_stamped(book: Book, ws: Worksheet, top: int) -> None:
    """Write the drivers of the template's stamped lines, and the bounds of those it lists."""
    lines = book.template.stamped
    tops = {line: top + k * (TOP + 4) for k, line in enumerate(lines)}
    for a in book.assumptions.values():
        style_record(
            book.wb, "Given", input_format(a.unit)
        )  # whichever inputs are the strongest, styles keep their numbers
    if lines:
        first = _strongest(book, lines)
        for line, at in tops.items():
            _add_table(book, ws, line, at, len(first[line][0]))
        book.by_edition(lambda: _write_tables(book, ws, tops))
    if book.template.bounds:
        _add_bounds(book, ws, top + len(lines) * (TOP + 4))


def _strongest(book: Book, lines: Sequence[str]) -> dict[str, list[list[Swing]]]:
    """Return by line, for each edition, the inputs that move it most in the scenario shown."""
    inputs = with_range(book.assumptions, *lines)
    return tornadoes(lines, inputs, book.lane_inputs(LIVE), book.layout.years, book.layout.periods_per_year)


def _state(stamp: str) -> str:
    return f'=IF({unmoved(stamp)},"current","STALE: inputs moved, build again")'


def _add_table(book: Book, ws: Worksheet, line: str, top: int, count: int) -> None:
    unit = book.graph.lines[line].unit
    band(ws, top, f"{book.graph.lines[line].label}. Stamped when the file was made", WIDTH)
    put(ws, f"A{top + 1}", "Base result and fingerprint of the inputs at the stamp", "Label")
    put(ws, f"G{top + 1}", _state(f"F{top + 1}"), "Status")
    names = ("Input", "Unit", "Low", "High", "Output at low", "Output at high", "Change at low", "Change at high")
    heads(ws, names, top + 2)
    for row in range(top + 3, top + 3 + count):
        for column, of in zip("GH", "EF", strict=True):
            text = f"={difference(f'{of}{row}', f'$E${top + 1}')}"
            put(ws, f"{column}{row}", text, "Calculation", calculation_format(unit))


def _write_tables(book: Book, ws: Worksheet, tops: Mapping[str, int]) -> None:
    stamps, strongest = fingerprints(book), _strongest(book, list(tops))
    for line, top in tops.items():
        form = calculation_format(book.graph.lines[line].unit)
        book.put_number(ws, f"E{top + 1}", book.values(LIVE)[line], form)
        book.put_each(ws, f"F{top + 1}", stamps, "Given", "0.000000")
        for row, each in enumerate(zip(*strongest[line], strict=True), top + 3):
            inputs = [book.assumptions[s.inputs[0]] for s in each]
            forms = [input_format(a.unit) for a in inputs]
            labels = [" and ".join(book.assumptions[i].label for i in s.inputs) for s in each]
            book.put_each(ws, f"A{row}", labels, "Label")
            book.put_each(ws, f"B{row}", [a.unit for a in inputs], "Label")
            book.put_each(ws, f"C{row}", [s.low for s in each], "Given", forms)
            book.put_each(ws, f"D{row}", [s.high for s in each], "Given", forms)
            book.put_each(ws, f"E{row}", [or_na(s.at_low) for s in each], "Given", form)
            book.put_each(ws, f"F{row}", [or_na(s.at_high) for s in each], "Given", form)


def _add_bounds(book: Book, ws: Worksheet, top: int) -> None:
    """Write the highest and the lowest value found of some lines over the ranges of their inputs."""
    band(ws, top, "Highest and lowest found over the ranges of the inputs. Stamped when the file was made", WIDTH)
    put(ws, f"A{top + 1}", "Fingerprint of the inputs at the stamp", "Label")
    put(ws, f"G{top + 1}", _state(f"F{top + 1}"), "Status")
    names = (
        "Result",
        "Unit",
        "Lowest found",
        "As built",
        "Highest found",
        "Moved again at an end",
        "Not monotone in",
        "",
    )
    heads(ws, names, top + 2)
    for row, line in enumerate(book.template.bounds, top + 3):
        put(ws, f"A{row}", book.graph.lines[line].label, "Label")
        put(ws, f"B{row}", calculation_unit(book.graph.lines[line].unit), "Label")
    book.by_edition(lambda: _write_bounds(book, ws, top))


def _write_bounds(book: Book, ws: Worksheet, top: int) -> None:
    book.put_each(ws, f"F{top + 1}", fingerprints(book), "Given", "0.000000")
    cases = [e.case for e in book.editions]
    for row, line in enumerate(book.template.bounds, top + 3):
        form, found = calculation_format(book.graph.lines[line].unit), bounds_of_all(line, cases)
        book.put_each(ws, f"C{row}", [or_na(b.lowest.value) for b in found], "Given", form)
        book.put_each(ws, f"D{row}", [or_na(b.value) for b in found], "Given", form)
        book.put_each(ws, f"E{row}", [or_na(b.highest.value) for b in found], "Given", form)
        book.put_each(ws, f"F{row}", [_names(*_flipped(b.highest, b.lowest)) for b in found], "Note")
        book.put_each(ws, f"G{row}", [_names(*b.not_monotone) for b in found], "Note")


def _flipped(*ends: Bound) -> list[str]:
    return list(dict.fromkeys(i for end in ends for i in end.flipped))


def _names(*inputs: str) -> str:
    return ", ".join(inputs) or "none"
