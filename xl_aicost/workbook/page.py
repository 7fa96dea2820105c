"""The page that every sheet for readers is: one grid, one head (who and when, question, answer, status), one printed page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from openpyxl.formatting.rule import DataBarRule, FormulaRule, Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import absolute_coordinate, get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from xl_aicost.workbook.book import Book, Scale
from xl_aicost.workbook.logo import add_logo
from xl_aicost.workbook.sentence import Sentence, told
from xl_aicost.workbook.style import MUTED, WHITE, colours, print_set_up
from xl_aicost.xlsx.cells import Text, merge, place, put, put_row

DIGIT = 7  # pixels of a digit in the workbook's font, which widths of columns count
GUTTER = 19  # pixels
MODULES = (134,) * 10
HEAD_HEIGHTS = (6, 28, 18, 6, 44, 8)  # points: edge, title, question, rule, answer, gap
BODY = 7  # the first row below the head: the figures
PICTURE, CAPTION = 11, 25  # rows: the first of the pictures, and the one below them
PICTURE_ROW = 17  # points
ZOOM = 80  # per cent, or less where a page is wider
SCREEN = 1360  # pixels across of a screen of 1400, less the scroll bar
LEAST, MOST = 1e-9, 1e300  # of an amount that is not zero
FIRST = "Answer"  # the page to which the others link back


class Half(NamedTuple):
    """A half of the page: its first and its last column, and the one behind it."""

    first: str
    last: str
    behind: str


LEFT, RIGHT = Half("B", "F", "G"), Half("G", "K", "L")


@dataclass(frozen=True)
class Figure:
    """A key figure: label, value and note; the meaning gives its colour."""

    label: str
    value: Sentence
    note: Sentence
    meaning: str = "ink"


def _ranges(cells: Iterable[str]) -> list[str]:
    """Return cells as ranges down the columns.

    >>> _ranges(["B2", "C2", "B3", "B5"])
    ['B2:B3', 'B5:B5', 'C2:C2']
    """
    ends: list[list[int]] = []
    for column, row in sorted((c, r) for r, c in map(place, cells)):
        if ends and ends[-1][0] == column and ends[-1][2] == row - 1:
            ends[-1][2] = row
        else:
            ends.append([column, row, row])
    return [f"{get_column_letter(c)}{first}:{get_column_letter(c)}{last}" for c, first, last in ends]


def _in_scale(scale: Scale, cells: str, among: str) -> str:
    """Return the formula of a rule: whether the first of some cells is shown in a scale, beside those that stand with it."""
    first, fixed = cells.partition(":")[0], absolute_coordinate(among)
    largest = f"MAX(MAX({fixed}),-MIN({fixed}))"
    return f"ABS({first})<=IF({largest}>{scale.largest:.15g},{scale.beside:.15g},{scale.limit:.15g})"


class Page:
    """A sheet for readers, with columns of some pixels behind a gutter."""

    def __init__(
        self, book: Book, name: str, title: str, question: str, answer: str, columns: Sequence[int] = MODULES
    ) -> None:
        """Start a sheet; title, question and answer are expressions of formulas."""
        self.book, self.ws, self._amounts = book, book.empty_sheet(name, "output"), list[str]()
        self._amount_format = book.page_format("USD")
        self.last = get_column_letter(1 + len(columns))
        for i, pixels in enumerate((GUTTER, *columns, GUTTER), 1):
            self.ws.column_dimensions[get_column_letter(i)].width = pixels / DIGIT
        self.heights(1, *HEAD_HEIGHTS)
        status = get_column_letter(max(2, len(columns) - 1))
        self.put("B2", f"={title}", "Page title", to=f"{get_column_letter(place(f'{status}1')[1] - 1)}2")
        self.put(f"{status}2", "=status", "Page status", to=f"{self.last}2")
        before = get_column_letter(place(f"{self.last}3")[1] - 1)
        self.put("B3", f"={question}", "Question", to=f"{before}3")
        if name != FIRST:
            self.put(f"{self.last}3", "Back to Answer", "Page way back")
            self.lead(f"{self.last}3", f"'{FIRST}'!A1")
        self.line(4, "Rule")
        self.put("B5", f"={answer}", "Answer", to=f"{self.last}5")
        if book.template.brand.logo:
            add_logo(book, self.ws, f"{self.last}1")

    def put(self, at: str, value: object, style: str, number_format: str | None = None, to: str | None = None) -> None:
        """Write a cell, merged up to the cell `to`."""
        put(self.ws, at, value, style, number_format)
        if number_format == self._amount_format:
            self._amounts.append(at)
        if to:
            merge(self.ws, f"{at}:{to}")
            (row, first), (bottom, last) = place(at), place(to)
            put_row(self.ws, row, first + 1, [None] * (last - first), style)  # so that borders and fills go all the way
            for r in range(row + 1, bottom + 1):
                put_row(self.ws, r, first, [None] * (last - first + 1), style)

    def across(
        self, row: int, columns: Iterable[str], values: Iterable[object], style: str, number_format: str | None = None
    ) -> None:
        """Write values side by side, a column each."""
        for column, value in zip(columns, values, strict=True):
            self.put(f"{column}{row}", value, style, number_format)

    def result(self, at: str, number: str, unit: str, style: str) -> None:
        """Write a number of the model as readers see it: in their currency, in the format of its unit, or n/a."""
        self.put(at, f"={self.book.shown(number, unit)}", style, self.book.page_format(unit))

    def note(self, row: int, text: str, first: str = "B", last: str | None = None) -> None:
        """Write a note into a row, over the page or up to a column."""
        self.put(f"{first}{row}", text, "Page note", to=f"{last or self.last}{row}")

    def merge(self, at: str, to: str) -> None:
        """Merge cells whose first is written elsewhere."""
        merge(self.ws, f"{at}:{to}")

    def text(self, at: str, text: str, style: str, to: str | None = None) -> None:
        """Write a text from a data file, which is never taken for a formula."""
        self.put(at, Text(text), style, to=to)

    def heights(self, first: int, *points: float) -> None:
        """Set the heights of rows from one on."""
        for row, height in enumerate(points, first):
            self.ws.row_dimensions[row].height = height

    def line(self, row: int, style: str, first: str = "B", last: str | None = None) -> None:
        """Give the cells of a row a style, for its border."""
        left, right = (place(f"{column}1")[1] for column in (first, last or self.last))
        put_row(self.ws, row, left, [None] * (right - left + 1), style)

    def section(self, at: str, title: str, to: str | None = None) -> None:
        """Write the title of a section over a line; it may be the expression of a formula with a number."""
        row = place(at)[0]
        self.line(row, "Section", at.rstrip("0123456789"), (to or self.last).rstrip("0123456789"))
        self.put(at, title, "Section")
        self.ws.row_dimensions[row].height = 20

    def figures(self, *figures: Figure) -> None:
        """Write five key figures below the head, over two modules each, in three rows; n/a is no loss and no gain."""
        row = BODY
        self.heights(row, 17, 36, 17, 10)
        self.colour(f"B{row + 1}:K{row + 1}", f'B{row + 1}="n/a"', MUTED)
        for figure, first, last in zip(figures, "BDFHJ", "CEGIK", strict=False):
            put(self.ws, f"{first}{row - 1}", None, f"Rule {figure.meaning}")
            style = f"Figure {figure.meaning}"
            value, note = told(self.book, figure.value), told(self.book, figure.note)
            self.put(f"{first}{row}", figure.label, "Figure label", to=f"{last}{row}")
            self.put(f"{first}{row + 1}", f"={value}", style, to=f"{last}{row + 1}")
            self.put(f"{first}{row + 2}", f"={note}", "Figure note", to=f"{last}{row + 2}")

    def link(self, at: str, text: str, sheet: str, to: str | None = None) -> None:
        """Write a link to a sheet of this workbook."""
        self.put(at, f"\N{BLACK RIGHT-POINTING POINTER} {text}", "Page link", to=to)
        self.ws[at].hyperlink = Hyperlink(ref=at, location=f"'{sheet}'!A1", display=text)

    def lead(self, at: str, location: str | None = None, address: str | None = None) -> None:
        """Make a cell lead to a place in this workbook, or to an address on the web."""
        self.ws[at].hyperlink = Hyperlink(ref=at, location=location, target=address)

    def pictures(self) -> None:
        """Set the heights of the rows of two pictures, their captions and the gap below."""
        self.heights(PICTURE, *[PICTURE_ROW] * (CAPTION - PICTURE), 24, 8)

    def caption(self, half: Half, text: str) -> None:
        """Write the note below the picture in a half of the page."""
        self.put(f"{half.first}{CAPTION}", text, "Page caption", to=f"{half.last}{CAPTION}")

    def table_head(self, row: int, heads: Mapping[str, str], right: str = "") -> None:
        """Write the heads of a table's columns, those in `right` to the right, over the width of the page."""
        self.line(row, "Head")
        for column, text in heads.items():
            self.put(f"{column}{row}", text, "Head right" if column in right else "Head")
        self.ws.row_dimensions[row].height = 31 if any(len(t) > 16 for t in heads.values()) else 20

    def signs(self, cells: str) -> None:
        """Colour amounts below zero as a loss and those above it as a gain; n/a and texts stay as they are."""
        hue = colours(self.book.template.brand)
        first = cells.partition(":")[0]
        for scale in self.book.smaller_formats():
            for meaning, sign in (("cut", "<"), ("gain", ">")):
                holds = f"AND({first}{sign}0,{_in_scale(scale, cells, cells)})"
                self._show(Rule("expression", formula=[holds]), cells, scale.shown, hue[meaning])
        for meaning, ends in (("cut", (-MOST, -LEAST)), ("gain", (LEAST, MOST))):
            self._between(cells, *ends, None, hue[meaning])

    def amounts(self, cells: str, mark: str = "", among: str = "") -> None:
        """Show amounts in one unit: that of the largest among them; in a smaller one what it would show as 0."""
        for scale in self.book.smaller_formats(mark):
            rule = Rule("expression", formula=[_in_scale(scale, cells, among or cells)])
            self._show(rule, cells, scale.shown)

    def sized(self, cells: str, formats: Iterable[tuple[float, str]]) -> None:
        """Show numbers up to some sizes in formats of their own, the smallest first."""
        for size, shown in formats:
            self._between(cells, -size, size, shown)

    def _between(self, cells: str, low: float, high: float, shown: str | None, font: str | None = None) -> None:
        """Show the numbers from one to another in a format or a colour."""
        rule = Rule("cellIs", operator="between", formula=[f"{low:.15g}", f"{high:.15g}"])
        self._show(rule, cells, shown, font)

    def _show(self, rule: Rule, cells: str, shown: str | None, font: str | None = None) -> None:
        """Show cells for which a rule holds in a format or a colour; where rules meet, programs take the first."""
        number = NumberFormat(numFmtId=self.book.rule_format(shown), formatCode=shown) if shown else None
        rule.dxf = DifferentialStyle(numFmt=number, font=Font(color=font, bold=True) if font else None)
        self.ws.conditional_formatting.add(cells, rule)

    def bars(self, cells: str, most: float, colour: str) -> None:
        """Draw bars within cells, from 0 to `most`."""
        rule = DataBarRule("num", 0, "num", most, color=colour, showValue=True, minLength=0, maxLength=100)
        self.ws.conditional_formatting.add(cells, rule)

    def colour(self, cells: str, formula: str, font: str, fill: str | None = None) -> None:
        """Colour cells where a formula holds; colour never speaks alone, so the cell says it too."""
        shade = {"fill": PatternFill("solid", bgColor=fill)} if fill else {}
        self.ws.conditional_formatting.add(cells, FormulaRule([formula], font=Font(color=font, bold=True), **shade))

    def marks(self, cells: str, meanings: Mapping[str, str], fill: str | None = None) -> None:
        """Colour the cells that begin with a mark in the colour of its meaning."""
        hue, first = colours(self.book.template.brand), cells.partition(":")[0]
        for mark, meaning in meanings.items():
            self.colour(cells, f'LEFT(${first},1)="{mark}"', hue[meaning], fill)

    def unruled(self, cells: str) -> None:
        """Take the line from below rows whose first cell is blank."""
        first, gone = cells.partition(":")[0], Border(bottom=Side("thin", WHITE))
        self.ws.conditional_formatting.add(cells, FormulaRule([f'TRIM(${first})=""'], border=gone))

    def hide(self, columns: Iterable[str]) -> None:
        """Hide columns."""
        for column in columns:
            self.ws.column_dimensions[column].hidden = True

    def finish(self, bottom: int, freeze: str | None = None, cursor: str = "A1", heads: int | None = None) -> None:
        """Set view, print and protection; what prints ends with row `bottom`.

        It is one page, or as many as it takes, each with the heads of the table in row `heads`; rows of such a list have
        each a size of their own, and so have their amounts.
        """
        runs = _ranges(self._amounts)
        alone = runs if heads else [r for r in runs if len({*r.split(":")}) == 1]
        if alone:
            self.sized(" ".join(alone), [(s.limit, s.shown) for s in self.book.smaller_formats()])
        for run in runs:
            if run not in alone:
                self.amounts(run)
        gutter, beyond = (get_column_letter(place(f"{self.last}1")[1] + n) for n in (1, 2))
        hidden = any(self.ws.column_dimensions[c].hidden for c in (gutter, beyond))
        right = self.last if hidden else gutter  # LibreOffice prints ### for a number in a hidden column at the edge
        print_set_up(self.ws, f"A1:{right}{bottom}", 1, int(heads is None))
        if heads:
            self.ws.print_title_rows = f"{heads}:{heads}"
        view = self.ws.sheet_view
        across = sum(DIGIT * d.width for d in self.ws.column_dimensions.values() if not d.hidden)
        zoom = min(ZOOM, int(100 * SCREEN / across))
        view.showRowColHeaders, view.zoomScale, view.zoomScaleNormal = False, zoom, zoom
        view.selection[0].activeCell = view.selection[0].sqref = cursor
        self.ws.freeze_panes = freeze
