"""The Cluster page: what a cluster costs to build and to run, whether it earns that back, and in which story."""

from __future__ import annotations

from xl_aicost.assumptions import load_scenarios
from xl_aicost.workbook.book import Book
from xl_aicost.workbook.layout import LIVE
from xl_aicost.workbook.page import BODY, CAPTION, LEFT, RIGHT, Figure, Page
from xl_aicost.workbook.pictures import STEP_PLOT, Frame
from xl_aicost.workbook.sentence import IfKnown, amount, known, said, when, where
from xl_aicost.workbook.sheets.tables import Step, add_steps
from xl_aicost.workbook.style import colours

BUILD = {
    "GPU": "gpu_capex",
    "Server": "server_capex",
    "Network": "network_capex",
    "Cables": "cabling_capex",
    "Building, power, cooling": "facility_capex",
}
RUN = {
    "Chips, servers, network": "it_depreciation",
    "Building": "facility_depreciation",
    "Electricity": "electricity_cost",
    "Land and tax": "real_estate_cost",
    "Engineers": "engineers_cost",
    "Upkeep": "maintenance_cost",
}
PARTS = {  # a row of the table: what it costs to build, what it costs a year
    "GPUs": ("gpu_capex", None),
    "Servers": ("server_capex", None),
    "Network": ("network_capex", None),
    "Cables and optics": ("cabling_capex", None),
    "IT equipment, written off": (None, "it_depreciation"),
    "Building, power, cooling": ("facility_capex", "facility_depreciation"),
    "Electricity": (None, "electricity_cost"),
    "Property tax, insurance, land": (None, "real_estate_cost"),
    "Engineers": (None, "engineers_cost"),
    "Maintenance": (None, "maintenance_cost"),
}
RESULTS = (  # in each story, with their heads
    ("Cost to build", "cluster_capex"),
    ("Cost of a GPU-hour", "gpu_hour_cost"),
    ("Market price", "rental_price"),
    ("Net present value", "cluster_npv"),
    ("Payback, years", "payback_years"),
)
STORIES = CAPTION + 2


def cluster_title(book: Book) -> str:
    """Return the expression that names the cluster and its years."""
    return said(book, "A cluster of {gpus:#,##0} GPUs, {first_year}-{last_year}")


def verdict(book: Book) -> str:
    """Return the expression of what the cluster earns over the horizon, for gain, loss and n/a."""
    loses, earns = (
        said(book, f"Over {book.layout.years} years it {does} {{cluster_npv:|$|}} in present value.")
        for does in ("loses", "earns")
    )
    result = when(where(book, "{cluster_npv}<0"), loses, earns)
    return known(book, "cluster_npv", result, '"What it earns cannot be said: a figure is missing."')


def payback(book: Book) -> IfKnown:
    """Return the sentence of the payback in years, in words where it does not come."""
    return IfKnown("payback_years", "{payback_years:0.0} years", f"> {book.layout.years} years")


def add_cluster(book: Book) -> None:
    """Write the Cluster page."""
    cost = said(
        book,
        "It costs {cluster_capex:$} to build and {annual_cost:$} a year to own and run: {gpu_hour_cost:$0.00} a GPU-hour "
        "before the cost of capital, against a market price of {rental_price:$0.00}. ",
    )
    question = '"What does the cluster cost, and does it earn it back?"'
    page = Page(book, "Cluster", cluster_title(book), question, f"{cost}&{verdict(book)}")
    value = f"{book.layout.years} years at {{discount_rate:0%}}, renewals included"
    until = IfKnown("payback_years", "until cash to date stays positive", "cash to date stays negative")
    page.figures(
        Figure("Cost to build (capex)", "{cluster_capex:$}", "{capex_per_gpu:$} a GPU, building included", "AI"),
        Figure("Cost to own and run", "{annual_cost:$}", "a year, depreciation included", "AI"),
        Figure(
            "Cost of a GPU-hour", "{gpu_hour_cost:$0.00}", "without capital; market price {rental_price:$0.00}", "AI"
        ),
        Figure("Net present value (NPV)", "{cluster_npv:$}", value),
        Figure("Payback, renewals included", payback(book), until),
    )
    page.colour(f"H{BODY + 1}", where(book, "{cluster_npv}<0"), colours(book.template.brand)["cut"])
    page.pictures()
    _add_build(book, page)
    _add_hour(book, page)
    row = _add_stories(book, page)
    page.finish(_add_parts(book, page, row + 1))


def _per(book: Book, line: str, divisor: str) -> str:
    """Return the expression of an amount per GPU or GPU-hour; n/a where there is none."""
    return amount(book, f"IF({{{divisor}}}=0,NA(),{{{line}}}/{{{divisor}}})")


def _steps(book: Book, parts: dict[str, str], divisor: str, total: tuple[str, str], owned: int) -> list[Step]:
    """Return the steps from parts to a total; what is owned comes first, in the colour of AI."""
    steps = [
        Step(name, _per(book, line, divisor), "AI" if k < owned else "people")
        for k, (name, line) in enumerate(parts.items())
    ]
    return [*steps, Step(total[0], amount(book, f"{{{total[1]}}}"), "AI", total=True)]


def _add_build(book: Book, page: Page) -> None:
    message = said(book, "A GPU of {gpu_unit_price:$} costs {capex_per_gpu:$} once it can run")
    title = book.feed.put("Title: cost to build, per GPU", f"={message}")
    frame = Frame.of(LEFT, title, "Steps from the price of a GPU to its cost, all in.", STEP_PLOT)
    add_steps(page, frame, _steps(book, BUILD, "gpus", ("All in", "capex_per_gpu"), 1), "$")
    parts = "{gpus:#,##0} GPUs: {servers:#,##0} servers, {switches:#,##0} switches, {it_mw:0.0} MW of IT load."
    page.caption(LEFT, f"={said(book, parts)}")


def _add_hour(book: Book, page: Page) -> None:
    worn, power = (
        book.feed.text(f"{label}, per GPU-hour", _per(book, line, "gpu_hours"), "$0.00")
        for label, line in (("Depreciation", "depreciation"), ("Electricity", "electricity_cost"))
    )
    of_all = said(book, " of the {gpu_hour_cost:$0.00} a GPU-hour costs, power ")
    title = book.feed.put("Title: cost of a GPU-hour", f'="Depreciation is "&{worn}&{of_all}&{power}')
    shown = "Steps from depreciation and running costs to the cost of a GPU-hour."
    steps = _steps(book, RUN, "gpu_hours", ("GPU-hour", "gpu_hour_cost"), 2)
    add_steps(page, Frame.of(RIGHT, title, shown, STEP_PLOT), steps, "$0.00")
    note = "Per GPU-hour sold, {utilization:0%} of all hours. Hardware lasts {useful_life:0.0} years, the building {facility_life:0}."
    page.caption(RIGHT, f"={said(book, note)}")


def _difference(scenario: str) -> str:
    """Return in a line what is different in a shipped scenario."""
    return next((s.difference for s in load_scenarios().values() if s.title == scenario), "")


def _add_stories(book: Book, page: Page) -> int:
    """Write what the cluster costs and earns in each scenario side by side; return the row after the last."""
    row, lanes = STORIES, book.layout.lanes
    page.section(f"B{row}", "In which story does it pay?")
    heads = dict(zip("GHIJK", (head for head, _ in RESULTS), strict=True))
    page.table_head(row + 1, {"B": "Story", "D": "What is different"} | heads, "GHIJK")
    for at, lane in enumerate(lanes, row + 2):
        page.put(f"B{at}", '="Shown: "&scenario' if lane is LIVE else lane.title, "Row strong", to=f"C{at}")
        page.text(f"D{at}", _difference(lane.title), "Row note", to=f"F{at}")
        for column, (_, line) in zip("GHIJK", RESULTS, strict=True):
            cell, unit = book.layout.cell(lane, line), book.layout.meaning(line).unit
            if line == "payback_years":
                years = f'=IF(ISNUMBER({cell}),{cell},"> {book.layout.years}")'
                page.put(f"{column}{at}", years, "Row right", book.page_format(unit))
            else:
                style = "Row strong right" if line in ("gpu_hour_cost", "cluster_npv") else "Row right"
                page.result(f"{column}{at}", cell, unit, style)
    last = row + 1 + len(lanes)
    page.heights(row + 2, *[24] * len(lanes), 16, 8)
    page.signs(f"J{row + 2}:J{last}")
    page.colour(f"H{row + 2}:H{last}", f"$H{row + 2}>$I{row + 2}", colours(book.template.brand)["cut"])
    note = "Orange: a loss, or a GPU-hour that costs more than it sells for. Payback counts renewals."
    page.note(last + 1, note)
    return last + 2


def _add_parts(book: Book, page: Page, row: int) -> int:
    """Write the parts of both costs, and that they add up; return the last row."""
    page.section(f"B{row}", "What is in the numbers")
    heads = ("to build", f"a GPU, {book.sign}", "share", "a year", f"a GPU-hour, {book.sign}", "share")
    page.across(row, "EFGHIJ", heads, "Section right")
    total, gpus, hours = row + 1 + len(PARTS), where(book, "{gpus}"), where(book, "{gpu_hours}")
    digits = {gpus: "#,##0", hours: "0.00"}
    for at, (name, (built, run)) in enumerate((PARTS | {"Total": (None, None)}).items(), row + 1):
        style = "Dense total" if at == total else "Dense"
        page.line(at, style)
        page.put(f"B{at}", name, style, to=f"D{at}")
        for line, cost, each, share, by in ((built, "E", "F", "G", gpus), (run, "H", "I", "J", hours)):
            if line:
                value = amount(book, f"{{{line}}}")
            elif at == total:
                value = f"SUM({cost}{row + 1}:{cost}{at - 1})"
            else:
                continue
            page.put(f"{cost}{at}", f"={value}", f"{style} right", book.page_format("USD"))
            page.put(f"{each}{at}", f"={book.shown_as(f'{cost}{at}/{by}')}", f"{style} right", digits[by])
            page.put(f"{share}{at}", f"={book.shown_as(f'{cost}{at}/{cost}${total}')}", f"{style} right", "0%")
    page.heights(row + 1, *[16] * (1 + len(PARTS)))
    whole = (("E", "{cluster_capex}"), ("H", "{annual_cost}"))
    apart = "+".join(f"ABS({c}{total}/({amount(book, line)})-1)" for c, line in whole)
    page.put(f"K{total}", f'=IF({apart}<0.000001,"adds up","does not add up")', "Dense total centre")
    return total
