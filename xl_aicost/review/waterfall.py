"""The bridge as a sheet: a table of live sums and a waterfall, added to a workbook."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.worksheet.worksheet import Worksheet

from xl_aicost.engine.calculate import calculate
from xl_aicost.review.bridge import Bridge
from xl_aicost.review.heading import head
from xl_aicost.support.numbers import COMPUTED
from xl_aicost.workbook.book import shown_format, shown_unit
from xl_aicost.workbook.charts import dress
from xl_aicost.workbook.style import add_styles, finish, heads, page_break, widths
from xl_aicost.workbook.template import Brand
from xl_aicost.xlsx.cells import put, put_text
from xl_aicost.xlsx.graft import free_title, graft
from xl_aicost.xlsx.package import open_package

HEADS = ("Step", "Block", "From", "To", "Effect", "Share of change")
ORDER_HEADS = ("Alone", "Least over orders", "Most over orders", "Sampling error")
CHART_HEADS = (
    "Start",
    "End",
    "Hidden",
    "Total",
    "Total below 0",
    "More",
    "More below 0",
    "Less",
    "Less below 0",
    "Is a total",
)
TOP, CHART_ROWS = 8, 20
GREEN, RED = "548235", "C00000"


def add_waterfall(bridge: Bridge, brand: Brand, names: tuple[str, str], into: Path, out: Path) -> str:
    """Write `out`: the workbook `into` with a sheet that shows the bridge. Returns the name of the sheet.

    `names` are what the old and the new file are called. Raises DataError for a file that cannot be added to.
    """
    package = open_package(into)
    title = free_title(package, "Bridge")
    wb = Workbook()
    add_styles(wb, brand)
    ws = wb.active
    ws.title = title
    shown = head(package, ws, f"Bridge: {bridge.label}")
    _Sheet(ws, bridge, brand).write(names)
    graft(package, out, wb, {**calculate(wb)[title], **shown})
    return title


class _Sheet:
    def __init__(self, ws: Worksheet, bridge: Bridge, brand: Brand) -> None:
        self.ws, self.bridge, self.brand = ws, bridge, brand
        self.last = TOP + len(bridge.bars) + 1  # the row of the new value
        self.number_format = shown_format(bridge.unit, brand, "#,##0.####")
        self.unit = shown_unit(bridge.unit, brand, "USD")

    def write(self, names: tuple[str, str]) -> None:
        ws, b = self.ws, self.bridge
        put_text(ws, "A4", f"From {names[0]} to {names[1]}. {b.label}, in {self.unit}.", "Status")
        text = "Effects are Shapley values: what a change adds, averaged over every order in which the changes can be "
        text += "made. They were computed when this sheet was made and do not follow the workbook; their sum does."
        put(ws, "A5", text, "Note")
        ws.merge_cells("A5:J5")
        ws.row_dimensions[5].height = 28
        heads(ws, HEADS + ORDER_HEADS, TOP - 1)
        self._ends(TOP, f"Old: {names[0]}", b.old)
        for row, bar in enumerate(b.bars, TOP + 1):
            step = bar.label or bar.name[0].upper() + bar.name[1:]
            put_text(ws, f"A{row}", step, "Label")
            put_text(ws, f"B{row}", bar.block, "Label")
            for column, end in zip("CD", (bar.old, bar.new), strict=True):
                put(ws, f"{column}{row}", end, "Given", "#,##0.######")
            put(ws, f"E{row}", bar.effect, "Given", self.number_format)
            put(ws, f"F{row}", f"=IF(E${self.last + 1}=0,0,E{row}/E${self.last + 1})", "Calculation", "0.0%")
            for column, effect in zip("GHIJ", (bar.alone, bar.low, bar.high, bar.error), strict=True):
                put(ws, f"{column}{row}", effect, "Given", self.number_format)
        self._ends(self.last, f"New: {names[1]}", f"=SUM(E{TOP}:E{self.last - 1})")
        put(ws, f"A{self.last + 1}", "Change", "Label")
        put(ws, f"E{self.last + 1}", f"=E{self.last}-E{TOP}", "Total", self.number_format)
        put(ws, f"A{self.last + 2}", "New value, recalculated from the file", "Label")
        put(ws, f"E{self.last + 2}", b.new, "Given", self.number_format)
        put(ws, f"A{self.last + 3}", "The steps lead to it", "Label")
        put(ws, f"F{self.last + 3}", COMPUTED, "Given", "0E+00")
        close = f"ABS(E{self.last}-E{self.last + 2})<=F{self.last + 3}*MAX(1,ABS(E{self.last}))"
        put(ws, f"E{self.last + 3}", f'=IF({close},"yes","NO")', "Verdict")
        self._chart(self.last + 5)
        widths(ws, 44, 12, 16, 16, 18, 12, 16, 16, 16, 14)
        finish(ws, "1:3", f"A{TOP}")

    def _ends(self, row: int, text: str, value: object) -> None:
        put_text(self.ws, f"A{row}", text, "Text")
        put(self.ws, f"E{row}", value, "Total", self.number_format)

    def _chart(self, row: int) -> None:
        """Write the columns behind the chart and the chart: floating columns that may cross zero."""
        ws, top = self.ws, row + CHART_ROWS + 2
        page_break(ws, top - 2)
        heads(ws, ("Behind the chart", *CHART_HEADS), top - 1)
        end = top + self.last - TOP
        for r, at in enumerate(range(TOP, self.last + 1), top):
            put(ws, f"K{r}", int(at in (TOP, self.last)), "Given", "0")
            low, high, more, less = (
                f"MIN(B{r},C{r})",
                f"MAX(B{r},C{r})",
                f"(C{r}>B{r})*(1-K{r})",
                f"(C{r}<B{r})*(1-K{r})",
            )
            formulas = {
                "A": f"=A{at}",
                "B": f"=IF(K{r}=1,0,C{r - 1})",
                "C": f"=B{r}+E{at}",
                "D": f"=(1-K{r})*(MAX({low},0)+MIN({high},0))",
                "E": f"=K{r}*MAX(C{r},0)",
                "F": f"=K{r}*MIN(C{r},0)",
                "G": f"={more}*(MAX({high},0)-MAX({low},0))",
                "H": f"={more}*(MIN({low},0)-MIN({high},0))",
                "I": f"={less}*(MAX({high},0)-MAX({low},0))",
                "J": f"={less}*(MIN({low},0)-MIN({high},0))",
            }
            for column, text in formulas.items():
                put(ws, f"{column}{r}", text, "Calculation", self.number_format)
        chart = BarChart()
        chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 40
        for at in range(4, 11):
            data = Reference(ws, min_col=at, min_row=top - 1, max_row=end)
            chart.add_data(data, titles_from_data=True)
        chart.set_categories(Reference(ws, min_col=1, min_row=top, max_row=end))
        dark = self.brand.dark
        title = f"From old to new: {self.bridge.label}"
        dress(chart, (dark, dark, dark, GREEN, GREEN, RED, RED), title, self.unit, self.number_format.split(";")[0])
        hidden = chart.series[0].graphicalProperties
        hidden.solidFill, hidden.noFill = None, True
        hidden.line.solidFill, hidden.line.noFill = None, True
        chart.legend = None
        chart.width, chart.height = 26, 9.5
        chart.description = f"{title}. A waterfall: the old value, a column for each step, the new value."
        put(ws, f"A{row}", "What you see: from the old value to the new one; green adds, red takes away.", "Caption")
        ws.add_chart(chart, f"A{row + 1}")
