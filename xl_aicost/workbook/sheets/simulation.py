"""The Simulation page: how far a result spreads when inputs vary within their ranges, as of the build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xl_aicost.errors import InputError
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.page import CAPTION, LEFT, RIGHT, Figure, Page
from xl_aicost.workbook.pictures import YEAR_PLOT, Frame, Row, columns, sides
from xl_aicost.workbook.sentence import said
from xl_aicost.workbook.sheets.inputs import fingerprints, unmoved
from xl_aicost.workbook.style import colours
from xl_aicost.xlsx.cells import Text

if TYPE_CHECKING:
    from xl_aicost.simulate import Simulation

ENDS = (5, 50, 95)  # percentiles that the sentence names
TOP = 10
MOST_DRAWS = 1_000_000


def add_simulation(book: Book) -> None:
    """Run the simulation that was asked for and write the Simulation page."""
    from xl_aicost.simulate import simulate

    request = dict(book.simulate or {})
    line, date = str(request.pop("line")), str(request.pop("date"))
    result = simulate(line, book.edition.case, **request)
    label, unit = book.graph.lines[line].label, result.unit
    rate = book.template.brand.rate if unit.startswith("USD") else 1.0
    number_format = (
        "$" if unit.startswith("USD") else "0.0%" if unit == "share" else "#,##0" if result.most > 100 else "0.00"
    )
    points = {"Base case": result.base, "Mean": result.mean, **{f"P{p.level:g}": p.value for p in result.percentiles}}
    texts = {
        n: book.feed.text(n, book.feed.put(f"{n} of the simulation", v * rate, "Given"), number_format)
        for n, v in points.items()
    }
    low, middle, high = (f"P{level}" for level in ENDS)
    answer = f'"{label} lies between "&{texts[low]}&" and "&{texts[high]}&" in nine of ten draws; in half of them below "&{texts[middle]}&"."'
    question = '"How far does the result spread when each uncertain input varies within its range, on its own?"'
    page = Page(book, "Simulation", said(book, "{subject_title}: how far a result spreads"), question, answer)
    names = {low: "One draw in twenty is below", middle: "Half of the draws are below", high: "One in twenty is above"}
    figures = ("Base case", low, middle, high, "Mean")
    page.figures(*(Figure(names.get(n, n), f"={texts[n]}", label, "AI" if n == middle else "ink") for n in figures))
    page.pictures()
    _add_pictures(book, page, result, label, texts, rate)
    row = CAPTION + 2
    page.section(f"B{row}", "How the draws spread", to=f"F{row}")
    errors = {"Mean": result.mean_error, **{f"P{p.level:g}": p.error for p in result.percentiles}}
    shown = {
        "Base case": result.base,
        "Mean": result.mean,
        "Standard deviation": result.standard_deviation,
        "Least": result.least,
    }
    shown |= {f"P{p.level:g}": p.value for p in result.percentiles} | {"Most": result.most}
    page.across(row, "EF", ("value", "standard error"), "Section right")
    for at, (name, value) in enumerate(shown.items(), row + 1):
        page.put(f"B{at}", name, "Dense", to=f"D{at}")
        error = errors.get(name)
        for column, number in (("E", value), ("F", error)):
            page.put(f"{column}{at}", None if number is None else number * rate, "Dense right", book.page_format(unit))
    if result.without_value:
        page.put(f"B{row + 1 + len(shown)}", f"Draws without a value, left out: {result.without_value:,}", "Page note")
    _add_stamp(book, page, result, date, row)
    page.finish(row + 2 + len(shown))


def _add_pictures(
    book: Book, page: Page, result: Simulation, label: str, texts: Mapping[str, str], rate: float
) -> None:
    """Add how the draws spread, and what drives them."""
    feed, hue = book.feed, colours(book.template.brand)
    counted = sum(result.bars)
    share = result.unit == "share"
    middles = [_short((a + b) / 2 * rate, share) for a, b in zip(result.cuts, result.cuts[1:], strict=False)]
    spread = feed.table(
        "Share of draws",
        ("Middle of the range", "Share of draws"),
        [(m, n / counted) for m, n in zip(middles, result.bars, strict=False)],
        "0.0%",
    )
    low, _, high = (f"P{level}" for level in ENDS)
    message = f'"Nine of ten draws lie between "&{texts[low]}&" and "&{texts[high]}'
    title = feed.put("Title: how the draws spread", f"={message}")
    shown = "Columns, one a range of the result, as high as the share of draws that fall into it."
    frame = Frame.of(LEFT, title, shown, YEAR_PLOT)
    columns(page, frame, spread.column(0), [Row(spread.column(1), spread.name(1), hue["AI"])], "0%")
    page.caption(LEFT, f"{label}. Each range by its middle; {result.draws:,} draws.")
    drivers = [(Text(book.assumptions[d.id].label), d.coefficient) for d in result.drivers[:TOP]]
    table = feed.table("What drives the draws", ("Input", "Rank regression coefficient"), drivers, "0.00")
    tip = f'{table.at(0, 0)}&" drives it most: "&FIXED({table.at(0, 1)},2)'
    title = feed.put("Title: what drives the draws", f"={tip}")
    shown = "Bars, the strongest on top: the coefficient of each input, to the right where the result rises with it."
    frame = Frame.of(RIGHT, title, shown, (0.4, 0.15, 0.56, 0.78))
    sides(page, frame, table.column(0), [Row(table.column(1), table.name(1), hue["people"])], "0.0", legend=False)
    note = f"Rank regression coefficients; together the inputs explain {result.explained:.0%} of the ranks' variance."
    page.caption(RIGHT, note)


def _short(value: float, share: bool) -> str:
    """Return a number with three digits that count, as an axis has room for it."""
    unit, name = next((u for u in ((1e9, "bn"), (1e6, "m"), (1e3, "k")) if abs(value) >= u[0]), (1.0, ""))
    return f"{value:.1%}" if share else f"{value / unit:.3g}{name}"


def _add_stamp(book: Book, page: Page, result: Simulation, date: str, row: int) -> None:
    """Write what repeats the simulation, and whether the inputs are still the same."""
    facts = {
        "Draws": (result.draws, "#,##0"),
        "Seed": (result.seed, "0"),
        "Method": (result.method, "General"),
        "Date": (date, "General"),
        "Hash of the inputs and their ranges": (result.inputs_hash[:16], "General"),
        "Fingerprint of the workbook's inputs": (fingerprints(book)[0], "0.000000"),
    }
    page.section(f"H{row}", "As of the build")
    for at, (name, (value, number_format)) in enumerate(facts.items(), row + 1):
        page.put(f"H{at}", name, "Dense", to=f"I{at}")
        page.put(f"J{at}", value, "Dense right", number_format, to=f"K{at}")
    last = row + len(facts)
    state = f'=IF({unmoved(f"J{last}")},"Inputs are still the same.","Inputs have moved since: build again.")'
    page.put(f"H{last + 1}", state, "Dense strong", to=f"K{last + 1}")
    note = "Each uncertain input is drawn as a triangle over its low, base and high. No forecast."
    page.note(last + 2, note, "H")


def check_simulation(request: dict[str, object]) -> None:
    """Raise InputError for a request of `build` that a simulation does not know."""
    unknown = set(request) - {"line", "draws", "seed", "method", "date"}
    if unknown or "line" not in request or "date" not in request:
        raise InputError(f"simulate = {request!r}: line and date are wanted, and draws, seed and method are taken")
    draws = request.get("draws", 2)
    if not isinstance(draws, int) or not 2 <= draws <= MOST_DRAWS:
        raise InputError(
            f"draws = {draws!r} is out of range: 2 to {MOST_DRAWS:,}, for whoever verifies it repeats them"
        )
