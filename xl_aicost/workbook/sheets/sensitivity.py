"""The Sensitivity page: which input moves a result most, two inputs at once, and what moves results over time."""

from __future__ import annotations

from collections.abc import Sequence

from xl_aicost.simulate.bounds import bounds_of_all
from xl_aicost.simulate.distributions import with_range
from xl_aicost.simulate.drivers import TORNADO_BARS, Swing, tornadoes
from xl_aicost.workbook.book import Book, or_na, unit_words
from xl_aicost.workbook.feed import Table
from xl_aicost.workbook.layout import LIVE, WORKINGS
from xl_aicost.workbook.page import BODY, Page
from xl_aicost.workbook.pictures import Frame, Row, sides
from xl_aicost.workbook.sentence import quoted, said, when
from xl_aicost.workbook.sheets.control import grid_cell
from xl_aicost.workbook.sheets.inputs import fingerprints, input_format, unmoved
from xl_aicost.workbook.sheets.workings import Workings
from xl_aicost.workbook.style import LARGE, colours
from xl_aicost.workbook.template import DISPLAY_UNITS
from xl_aicost.xlsx.cells import Text, style_record

BLOCKS = (("B", "E", "F"), ("H", "J", "K"))  # columns of labels, of the low and of the high end
ONE_END = "1E+300"  # the width of a swing with a value at one end alone, which counts as wider than any other
PICTURE, ROWS = BODY + 1, 14  # rows of the tornado and of the table beside it
TOP, DRIVERS = min(10, TORNADO_BARS), 5
DIGITS = ((9.995, "0.00"), (99.95, "0.0"))  # below which size of a number, so that three of them count
MISSING = "A figure that it needs is not on file"
EVERY = ("Input", "Unit", "Low end", "High end", "Result at low", "Result at high", "Range", "Rank")
RANKED = ("Input", "Result at low", "Result at high", "Change at low end", "Change at high end")
LONGEST_TITLE = 60  # characters of the picture's title that stand in one line, above the legend


def add_sensitivity(book: Book) -> None:
    """Write the Sensitivity page."""
    work = Workings(book)
    base = f"{WORKINGS}!$D${work.chosen}"
    scale, unit, behind = _scale(book)
    data = _ranked(book, _every(book, work), base, scale)
    low, high, now = (
        _digits(book, what, cell, behind)
        for what, cell in (
            ("Result at the low end of the first", data.at(0, 1)),
            ("Result at the high end of the first", data.at(0, 2)),
            ("Result tested", f"{base}*{scale}"),
        )
    )
    name = data.at(0, 0)
    none, all_set = f'{name}=" "', '"Nothing moves it: the scenario or you set all that it needs"'
    nothing = when(f"ISNUMBER({base})", all_set, quoted(MISSING))
    range_of_first = when(none, nothing, f'"Moved most by """&{name}&""": from "&{low}&" to "&{high}')
    answer = f'sensitivity_output&": "&{now}&". "&{range_of_first}&"."'
    question = '"Which input moves a result most, each alone between the low and the high end of its range?"'
    page = Page(book, "Sensitivity", said(book, "{subject_title}: what moves the results"), question, answer)
    page.section(f"B{BODY}", f'="Result tested: "&sensitivity_output&", in "&{unit}', to=f"F{BODY}")
    page.link(f"I{BODY}", "choose another", "Inputs", to=f"K{BODY}")
    ends = f'": "&{low}&" to "&{high}'
    short = when(f"LEN({name}&{ends})<={LONGEST_TITLE}", f"{name}&{ends}", f'"The first input"&{ends}')
    title = book.feed.put("Title: what moves the result most", f"={when(none, nothing, short)}")
    shown = "Two bars an input: the change of the result at its low and at its high end."
    hue = colours(book.template.brand)
    frame = Frame(f"B{PICTURE}", f"G{PICTURE + ROWS}", title, shown, (0.36, 0.19, 0.6, 0.74))
    rows = [Row(data.column(3), data.name(3), hue["people"]), Row(data.column(4), data.name(4), hue["AI"])]
    sides(page, frame, data.column(0), rows, "General")
    _add_table(page, data, when(none, nothing, name))
    row = _add_grid(book, page, work, PICTURE + ROWS + 2)
    row = _add_over_time(book, page, row + 2)
    page.finish(_add_bounds(book, page, row + 1) if book.template.bounds else row)


def _scale(book: Book) -> tuple[str, str, str]:
    """Return the cells with the factor and the unit in which the tested result is shown, and the unit as it follows it."""
    brand, rows = book.template.brand, []
    for n in book.template.sensitivity:
        line = book.graph.lines[n]
        factor = 1 / DISPLAY_UNITS[brand.display_unit] if line.unit in LARGE else 100 if line.unit == "share" else 1
        money = "*currency_per_usd" if line.unit.startswith("USD") and brand.currency != "USD" else ""
        sign = book.sign + (brand.display_unit if line.unit in LARGE else "")
        word = {"share": "%", "ratio": "x"}.get(line.unit, line.unit.replace("USD", sign, 1))
        behind = word if word in "%x" else f" {word}"
        rows.append((line.label, f"={factor:.10g}{money}" if money else factor, word, behind))
    heads = ("Result", "Factor", "Unit", "Unit behind it")
    table = book.feed.table("Results that may be tested", heads, rows, "General")
    at = f"MATCH(sensitivity_output,{table.column(0)},0)"
    return (
        book.feed.put("Factor of the result tested", f"=INDEX({table.column(1)},{at},1)"),
        book.feed.put("Unit of the result tested", f"=INDEX({table.column(2)},{at},1)"),
        book.feed.put("Unit behind the result tested", f"=INDEX({table.column(3)},{at},1)"),
    )


def _digits(book: Book, what: str, number: str, unit: str) -> str:
    """Return the cell of a number as a text with three digits that count, and its unit."""
    value = book.feed.put(what, f"={number}")
    size = f"ABS({value})"
    text = f"FIXED({value},IF({size}>=99.95,0,IF({size}>=9.995,1,2)))&{unit}"
    return book.feed.put(f"{what}, as text", f'=IF(ISNUMBER({value}),{text},"n/a")')


def _every(book: Book, work: Workings) -> Table:
    """Write every input that moves a result that may be tested, with the result at its ends and its rank."""
    feed, rows, columns = book.feed, [], book.layout.input_columns
    first, last = feed.first_row, feed.first_row + len(work.candidates) - 1
    for r, i in enumerate(work.candidates, first):
        ends = [f"{WORKINGS}!{end}${work.chosen}" for end in work.ends(i)]
        swing, noise = f"ABS(F{r}-E{r})", f"fingerprint_tolerance*MAX(ABS(E{r}),ABS(F{r}))"
        low, high = (f"G{r}*(1{sign}fingerprint_tolerance)" for sign in "-+")  # the last digit must not decide
        above = f"G${first}:G{r}"
        rank = f"SUMPRODUCT((G${first}:G${last}>{high})*1)+SUMPRODUCT(({above}>={low})*({above}<={high}))"
        cells = [f"Inputs!${columns[end]}${book.layout.input_rows[i]}" for end in ("from", "to")]
        counted = f"=IF(COUNT(E{r}:F{r})=2,{swing}*({swing}>{noise}),COUNT(E{r}:F{r})*{ONE_END})"
        item, links = book.assumptions[i], (f"={cell}" for cell in (*cells, *ends))
        rows.append((Text(item.label), Text(item.unit), *links, counted, f"={rank}"))
    return feed.table("Every input that moves a result", EVERY, rows, "#,##0.00##")


def _ranked(book: Book, every: Table, base: str, scale: str) -> Table:
    """Write the inputs that move the tested result most, the strongest first, in the unit shown."""
    rows = []
    for k in range(min(TOP, every.count)):
        pick = f"MATCH({k + 1},{every.column(7)},0),1)"
        none = f"INDEX({every.column(6)},{pick}=0"
        ends = [f"INDEX({every.column(c)},{pick}" for c in (4, 5)]
        shown = [f'=IF({none}," ",IF(ISNUMBER({e}),{e}*{scale},"n/a"))' for e in ends]
        change = [f"=IF(ISNUMBER({e}-{base}),({e}-{base})*{scale},0)" for e in ends]
        rows.append((f'=IF({none}," ",INDEX({every.column(0)},{pick})', *shown, *change))
    return book.feed.table("What moves the result tested most", RANKED, rows, "#,##0.00")


def _add_table(page: Page, data: Table, first: str) -> None:
    """Write the inputs beside the picture; `first` is the name of the first, or why there is none."""
    page.line(PICTURE, "Head", "G", "K")
    page.put(f"G{PICTURE}", "Input, alone", "Head")
    page.across(PICTURE, "JK", ("at low end", "at high end"), "Head right")
    for k, at in enumerate(range(PICTURE + 1, PICTURE + 1 + data.count)):
        page.put(f"G{at}", f"={data.at(k, 0) if k else first}", "Dense", to=f"I{at}")
        page.across(at, "JK", (f"={data.at(k, end)}" for end in (1, 2)), "Dense right", "#,##0")
    page.sized(f"J{PICTURE + 1}:K{PICTURE + data.count}", DIGITS)
    page.unruled(f"G{PICTURE + 1}:K{PICTURE + data.count}")
    page.heights(PICTURE, 20, *[17] * ROWS)
    note = "Ranges are those on Inputs, or the company's guidance. Inputs that the scenario or you set, or that do not matter here, are left out. n/a: no result."
    page.note(PICTURE + ROWS, note)


def _add_grid(book: Book, page: Page, work: Workings, row: int) -> int:
    """Write a result against two inputs at once; return the last row."""
    grid = book.template.grid
    across, down, line = book.assumptions[grid.across], book.assumptions[grid.down], book.graph.lines[grid.output]
    page.section(f"B{row}", f"Two inputs at once: {line.label}")
    page.line(row + 1, "Head")
    units = [unit_words(a.unit, book.dollars) for a in (down, across)]
    axes = [a.label if u in a.label else f"{a.label} ({u})" for a, u in zip((down, across), units, strict=True)]
    page.text(f"B{row + 1}", "Down: {}. Across: {}".format(*axes), "Head", to=f"F{row + 1}")
    columns = "GHIJK"[: len(grid.across_values)]
    heads = (f"={grid_cell(book, 0, c)}" for c in range(len(columns)))
    page.across(row + 1, columns, heads, "Head right", input_format(across.unit))
    for r, at in enumerate(range(row + 2, row + 2 + len(grid.down_values))):
        page.line(at, "Dense")
        page.put(f"F{at}", f"={grid_cell(book, 1, r)}", "Dense strong right", input_format(down.unit))
        for c, column in enumerate(columns):
            cell = f"{WORKINGS}!{work.grid[r, c]}${work.rows[grid.output]}"
            page.result(f"{column}{at}", cell, line.unit, "Dense right")
    page.heights(row + 1, *[17] * (1 + len(grid.down_values)))
    return row + 1 + len(grid.down_values)


def _add_over_time(book: Book, page: Page, row: int) -> int:
    """Write what moves results over time, as of the build; return the last row."""
    lines = book.template.stamped[:2]
    inputs = with_range(book.assumptions, *lines)
    for a in book.assumptions.values():
        style_record(book.wb, "Dense right", input_format(a.unit))  # whichever are strongest, styles keep their numbers
    for line, columns in zip(lines, BLOCKS, strict=False):
        meaning, (first, low, high) = book.graph.lines[line], columns
        page.section(f"{first}{row}", meaning.label, to=f"{high}{row}")
        page.across(row, (low, high), ("at low end", "at high end"), "Section right")
        for at in range(row + 1, row + 1 + DRIVERS):
            page.line(at, "Dense", first, high)
            page.merge(f"{first}{at}", f"{chr(ord(low) - 1)}{at}")
        page.unruled(f"{first}{row + 1}:{high}{row + DRIVERS}")
        if meaning.unit in LARGE:
            page.amounts(f"{low}{row + 1}:{high}{row + DRIVERS}")

    def write() -> None:
        ends = {a.id: book.ends(a.id) for a in inputs}
        swings = tornadoes(lines, inputs, book.lane_inputs(LIVE), book.layout.years, book.layout.periods_per_year, ends)
        for line, (first, low, high) in zip(lines, BLOCKS, strict=False):
            for at, each in enumerate(list(zip(*swings[line], strict=True))[:DRIVERS], row + 1):
                gap = MISSING if at == row + 1 else " "  # where a result is n/a, no input is the strongest
                known = [s if s.moves else None for s in each]
                book.put_each(page.ws, f"{first}{at}", [_label(book, s) if s else gap for s in known], "Dense")
                _put_results(page, f"{low}{at}", line, [s.at_low if s else None for s in known])
                _put_results(page, f"{high}{at}", line, [s.at_high if s else None for s in known])

    book.by_edition(write)
    page.heights(row + 1, *[16] * DRIVERS, 16)
    stamp = book.feed.put("Fingerprint of the inputs at the build", None)
    place = stamp.partition("!")[2].replace("$", "")
    book.by_edition(lambda: book.put_each(book.feed.ws, place, fingerprints(book), "Given", "0.000000"))
    same = '"As of the build; inputs are still the same. With its pair: the prices of hardware and of a GPU-hour move together."'
    state = when(unmoved(stamp), same, '"As of the build: inputs have moved since, build again."')
    page.note(row + 1 + DRIVERS, f"={state}")
    return row + 1 + DRIVERS


def _put_results(page: Page, at: str, line: str, values: Sequence[float | None]) -> None:
    """Write a result in dollars, as of the build, in the readers' currency."""
    book, unit = page.book, page.book.graph.lines[line].unit
    rate = book.template.brand.rate if unit.startswith("USD") else 1.0
    shown = [or_na(None if v is None else v * rate) for v in values]
    book.put_each(page.ws, at, shown, "Dense right", book.page_format(unit))


def _label(book: Book, swing: Swing) -> str:
    first = book.assumptions[swing.inputs[0]].label
    return first if len(swing.inputs) == 1 else f"{first} (with its pair)"


def _add_bounds(book: Book, page: Page, row: int) -> int:
    """Write the highest and the lowest value found of some results, as of the build; return the last row."""
    page.section(f"B{row}", "Highest and lowest found, with every input anywhere in its range; as of the build")
    heads = {"B": "Result", "F": "lowest", "G": "as built", "H": "highest", "J": "turning points"}
    page.table_head(row + 1, heads, "FGH")
    lines = book.template.bounds
    for at, line in enumerate(lines, row + 2):
        page.put(f"B{at}", book.graph.lines[line].label, "Dense", to=f"E{at}")
        page.line(at, "Dense", "I", "K")
        page.merge(f"J{at}", f"K{at}")
        if book.graph.lines[line].unit in LARGE:
            page.amounts(f"F{at}:H{at}")
    book.by_edition(lambda: _write_bounds(book, page, row + 2, lines))
    page.heights(row + 2, *[16] * len(lines))
    return row + 1 + len(lines)


def _write_bounds(book: Book, page: Page, row: int, lines: Sequence[str]) -> None:
    for at, line in enumerate(lines, row):
        ends = bounds_of_all(line, [e.case for e in book.editions])
        _put_results(page, f"F{at}", line, [b.lowest.value for b in ends])
        _put_results(page, f"G{at}", line, [b.value for b in ends])
        _put_results(page, f"H{at}", line, [b.highest.value for b in ends])
        names = [", ".join(book.assumptions[i].label for i in b.not_monotone) or "none" for b in ends]
        book.put_each(page.ws, f"J{at}", names, "Row note")
