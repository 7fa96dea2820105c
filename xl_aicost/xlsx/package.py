"""Any xlsx as it is stored: every cell with formula, stored value and style, read in one pass within limits of time and size.

openpyxl gives formulas or values, not both, and holds all of a file in memory. Here what is past the limits is left
out and said so.
"""

from __future__ import annotations

import math
import posixpath
import re
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.exceptions import CellCoordinatesException

from xl_aicost.errors import AicostError, DataError
from xl_aicost.xlsx.limits import LARGEST_PART, LARGEST_STRINGS, LARGEST_TREE, Guarded, check_size, plain_xml
from xl_aicost.xlsx.references import address, relative, shifted
from xl_aicost.xlsx.tables import Table, read_table
from xl_aicost.xlsx.text import LONGEST_FORMULA, from_xml

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT = {  # namespaces of Strict Open XML, and those that all other files use instead
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": MAIN[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": RELATION[1:-3].encode(),
}
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
SECONDS = 7.0  # that a command may take over a file, unless it is told otherwise
READING = 0.6  # the share of them in which a file is read
MOST_CELLS = 400_000
MOST_TEXT = 60_000_000  # characters of formulas and texts
MOST_PARTS = 10_000


class OverTimeError(AicostError):
    """The time that a file may take is over."""


@dataclass
class Cell:
    """One cell: its formula without the equals sign, its stored value, its style, and what kind of formula it is."""

    row: int
    column: int
    formula: str | None
    value: Any
    style: int
    kind: str = "n"
    array: bool = False

    @cached_property
    def relative(self) -> str:
        """The formula in R1C1 terms, so that copies of one formula are equal."""
        return relative(self.formula or "", self.row, self.column)


@dataclass(frozen=True)
class Look:
    """What of a cell's style matters: its number format, whether it is locked, and whether it is bold."""

    format: str
    locked: bool
    bold: bool = False


@dataclass
class Sheet:
    """A worksheet and its settings."""

    name: str
    state: str
    part: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    protected: bool = False
    validations: list[dict[str, str]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    drawings: list[tuple[str, str]] = field(default_factory=list)  # name and alternative text
    landscape: bool = False
    deadline: float = math.inf  # by time.monotonic
    read_to: int | None = None  # the row after which nothing was read, nor the settings that stand behind the cells

    def each(self) -> Iterator[Cell]:
        """Yield the cells. Raises OverTimeError once the time is over."""
        for cell in self.cells.values():
            self.in_time()
            yield cell

    def in_time(self) -> None:
        """Raise OverTimeError if the time is over."""
        if time.monotonic() > self.deadline:
            raise OverTimeError("the time was over")


@dataclass
class Package:
    """A workbook as stored."""

    path: Path
    sheets: list[Sheet]
    names: dict[tuple[str, str], str]  # (scope, name) -> what it stands for; scope is a sheet or ""
    calculation: dict[str, str]
    parts: list[str]
    looks: list[Look]
    left_out: list[str]
    deadline: float
    tables: dict[str, Table] = field(default_factory=dict)  # by name in small letters

    @property
    def seconds(self) -> float:
        """What is left of the time that the file may take."""
        return self.deadline - time.monotonic()

    def sheet(self, name: str) -> Sheet | None:
        """Return a sheet by name, or None."""
        return next((s for s in self.sheets if s.name == name), None)

    def value(self, sheet: str, row: int, column: int) -> Any:
        """Return the stored value of a cell, or None."""
        found = self.sheet(sheet)
        cell = found.cells.get((row, column)) if found else None
        return cell.value if cell else None

    def look(self, cell: Cell) -> Look:
        """Return how a cell looks."""
        return self.looks[cell.style] if cell.style < len(self.looks) else Look("General", True)


def open_package(path: Path, seconds: float = SECONDS, reading: float = READING) -> Package:
    """Read a workbook; what is past the limits is left out and listed in `left_out`.

    `seconds` is the time that the file may take in all, `reading` the share of it in which it is read. Raises
    DataError, in one line, for what is no readable xlsx.
    """
    begin = time.monotonic()
    try:
        with zipfile.ZipFile(path) as archive:
            return _Reader(path, archive, begin + seconds, begin + seconds * reading).package()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder") from None
    except zipfile.BadZipFile:
        raise DataError(f"{path}: {_not_a_zip(path)}") from None
    except (ElementTree.ParseError, LookupError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path}: not a readable xlsx ({' '.join(str(error).split())[:200]})") from None
    except (CellCoordinatesException, OverflowError, zlib.error) as error:
        raise DataError(f"{path}: not a readable xlsx ({error})") from None
    except (zipfile.LargeZipFile, OSError, MemoryError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from None


def _not_a_zip(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "an encrypted workbook or one of Excel 97-2003 (xls); save it as xlsx without a password"
    return "not an xlsx file, or a damaged one"


class _Reader:
    def __init__(self, path: Path, archive: zipfile.ZipFile, deadline: float, read_by: float) -> None:
        self.path, self.archive, self.deadline, self.read_by = path, archive, deadline, read_by
        self.left_out: list[str] = []
        self.parts = frozenset(archive.namelist())
        self.kinds: dict[str, str] = {}  # what the relationships say that each part is
        self.cells = self.text = self.column = 0
        self.strings: list[str] = []
        self.tables: dict[str, Table] = {}
        self.shared: dict[str, tuple[str, int, int]] = {}  # of the sheet that is read: formula and its first cell

    def package(self) -> Package:
        names = self._checked_names()
        workbook_part = self._workbook_part()
        workbook = self._tree(workbook_part)
        relations = self._relations(workbook_part)
        strings = self._of_kind("sharedStrings", relations)
        self.strings = self._read_strings(strings) if strings in names else []
        sheets = []
        for entry in workbook.iter(f"{MAIN}sheet"):
            part = relations.get(entry.get(RELATION, ""), "")
            sheet = Sheet(entry.get("name", ""), entry.get("state", "visible"), part, deadline=self.deadline)
            sheets.append(sheet)
            if part in names and self.kinds[part] == "worksheet":
                self._read_sheet(sheet)
            elif self.kinds.get(part) not in ("chartsheet", "dialogsheet"):
                self.left_out.append(
                    f"the sheet {sheet.name}: its part {part or '(none)'} is no worksheet of this file"
                )
        calculation = workbook.find(f"{MAIN}calcPr")
        styles = self._of_kind("styles", relations)
        return Package(
            self.path,
            sheets,
            self._names(workbook, sheets),
            dict(calculation.attrib) if calculation is not None else {},
            names,
            self._read_looks(styles) if styles in names else [],
            self.left_out,
            self.deadline,
            self.tables,
        )

    def _checked_names(self) -> list[str]:
        """Return the names of all parts; other programs that read the file get to see only what would be read here."""
        names = self.archive.namelist()
        if len(names) > MOST_PARTS:
            raise ValueError(f"it has {len(names):,} parts, more than are read")
        seen: set[str] = set()
        for info in self.archive.infolist():
            name = info.filename
            if name.startswith(("/", "\\")) or ":" in name or ".." in re.split(r"[/\\]", name):
                raise ValueError(f"its part {name[:60]!r} leads out of the package")
            if name.lower() in seen:
                raise ValueError(f"its part {name[:60]!r} is there twice")
            seen.add(name.lower())
            check_size(info, LARGEST_PART)
        return names

    def _workbook_part(self) -> str:
        target = self._of_kind("officeDocument", self._relations(""))
        if target is None or not target.endswith(".xml"):
            raise ValueError("it has no workbook part")
        return target

    def _of_kind(self, kind: str, relations: dict[str, str]) -> str | None:
        """Return the first part of a kind, or None."""
        return next((t for t in relations.values() if self.kinds.get(t) == kind), None)

    def _open(self, part: str, largest: int) -> IO[bytes]:
        info = self.archive.getinfo(part)
        if info.flag_bits & 1:
            raise ValueError("it is encrypted")
        check_size(info, largest)
        return self.archive.open(info)

    def _tree(self, part: str) -> ElementTree.Element:
        with self._open(part, LARGEST_TREE) as file:
            data = plain_xml(file.read(), part)
        for strict, usual in STRICT.items():
            data = data.replace(strict, usual)
        return ElementTree.fromstring(data)  # noqa: S314 (no entities: see plain_xml)

    def _relations(self, part: str) -> dict[str, str]:
        folder, _, file = part.rpartition("/")
        at = posixpath.join(folder, "_rels", f"{file}.rels")
        if at not in self.parts:
            return {}
        found = {}
        for entry in self._tree(at):
            target = entry.get("Target", "")
            if entry.get("TargetMode") != "External":
                target = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[entry.get("Id", "")] = target
            self.kinds[target] = entry.get("Type", "").rpartition("/")[2]
        return found

    def _read_strings(self, part: str | None) -> list[str]:
        found = []
        with self._open(part or "", LARGEST_STRINGS) as file:
            events = ElementTree.iterparse(Guarded(file, part or ""), events=("start", "end"))  # noqa: S314
            _, root = next(events)
            for event, element in events:
                if event == "end" and element.tag.endswith("}si"):
                    found.append(_text(element))
                    root.clear()
                    if time.monotonic() > self.read_by:
                        self.left_out.append(
                            f"texts from number {len(found) + 1:,} on: the file is past what is read at once"
                        )
                        break
        return found

    def _names(self, workbook: ElementTree.Element, sheets: list[Sheet]) -> dict[tuple[str, str], str]:
        found = {}
        for entry in workbook.iter(f"{MAIN}definedName"):
            local = entry.get("localSheetId")
            index = int(local) if local else -1
            scope = sheets[index].name if 0 <= index < len(sheets) else ""
            found[scope, entry.get("name", "")] = entry.text or ""
        return found

    def _read_looks(self, part: str | None) -> list[Look]:
        root = self._tree(part or "")
        formats = dict(BUILTIN_FORMATS)
        formats |= {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in root.iter(f"{MAIN}numFmt")}
        bold = [f.find(f"{MAIN}b") for f in root.findall(f"{MAIN}fonts/{MAIN}font")]
        heavy = {i for i, b in enumerate(bold) if b is not None and b.get("val", "1") in ("1", "true")}
        looks = []
        for xf in root.findall(f"{MAIN}cellXfs/{MAIN}xf"):
            protection = xf.find(f"{MAIN}protection")
            guard = protection.attrib if protection is not None else {}
            looks.append(
                Look(
                    formats.get(int(xf.get("numFmtId", 0)), "General"),
                    guard.get("locked", "1") in ("1", "true"),
                    int(xf.get("fontId", 0)) in heavy,
                )
            )
        return looks

    def _read_sheet(self, sheet: Sheet) -> None:
        targets = self._relations(sheet.part)
        self.shared = {}
        with self._open(sheet.part, LARGEST_PART) as file:
            events = ElementTree.iterparse(Guarded(file, sheet.part), events=("start", "end"))  # noqa: S314
            row, depth_root = 0, None
            for event, element in events:
                tag = element.tag.rpartition("}")[2]
                if event == "start":
                    if depth_root is None:
                        depth_root = element
                    if tag == "row":
                        row, self.column = int(element.get("r", row + 1)), 0
                        if element.get("hidden") in ("1", "true"):
                            sheet.hidden_rows.append(row)
                    continue
                if tag == "c":
                    self._add_cell(sheet, element, row)
                elif tag == "row":
                    element.clear()
                    if self.cells > MOST_CELLS or self.text > MOST_TEXT or time.monotonic() > self.read_by:
                        sheet.read_to = row
                        self.left_out.append(
                            f"{sheet.name} from row {row + 1} on: the file is past what is read at once"
                        )
                        return
                elif tag == "sheetData":
                    element.clear()
                else:
                    _setting(sheet, tag, element, targets)
        self._add_drawings(sheet, targets)
        for part in targets.values():
            if self.kinds[part] == "table" and part in self.parts:
                name, table = read_table(self._tree(part), sheet.name)
                self.tables[name.lower()] = table

    def _add_cell(self, sheet: Sheet, element: ElementTree.Element, at_row: int) -> None:
        reference = element.get("r")
        if reference:
            letters, at_row = coordinate_from_string(reference)
            column = column_index_from_string(letters)
        else:  # the next in its row
            column = self.column + 1
        self.column = column
        formula: str | None = None
        value: Any = None
        array = False
        kind = element.get("t", "n")
        for part in element:
            tag = part.tag.rpartition("}")[2]
            if tag == "f":
                formula, array = part.text or "", part.get("t") in ("array", "dataTable")
                if part.get("t") == "shared":
                    formula = self._shared(part.get("si", ""), formula, at_row, column)
                if part.get("t") == "dataTable":
                    formula = "TABLE()"
            elif tag == "v":
                value = part.text
            elif tag == "is":
                value = _text(part)
        if formula is not None and len(formula) > LONGEST_FORMULA:
            self.left_out.append(f"{sheet.name}!{address(at_row, column)}: a formula of {len(formula):,} characters")
            formula = "TOO_LONG()"
        if formula is None and value is None:
            if element.get("s") is None:
                return
        elif kind == "s" and value is not None:
            index = int(value)
            value = self.strings[index] if 0 <= index < len(self.strings) else f"(text {index}, not read)"
        elif kind == "str" and value is not None:
            value = from_xml(value)
        elif kind == "b":
            value = value == "1"
        elif kind == "n" and value is not None:
            value = float(value)
        self.cells += 1
        self.text += len(formula or "") + (len(value) if kind in ("str", "inlineStr", "e") and value else 0)
        sheet.cells[at_row, column] = Cell(at_row, column, formula, value, int(element.get("s", 0)), kind, array)

    def _shared(self, group: str, formula: str, row: int, column: int) -> str:
        """Return a cell's copy of a formula that is stored once for many cells."""
        if formula:
            self.shared[group] = (formula, row, column)
            return formula
        text, first_row, first_column = self.shared.get(group, ("", row, column))
        return shifted(text, row - first_row, column - first_column)

    def _add_drawings(self, sheet: Sheet, targets: dict[str, str]) -> None:
        for part in targets.values():
            if "/drawings/drawing" in part and part in self.parts:
                for element in self._tree(part).iter():
                    if element.tag.endswith("}cNvPr"):
                        sheet.drawings.append((element.get("name", ""), element.get("descr", "")))


def _text(element: ElementTree.Element) -> str:
    """Return the text of a string item: of itself and its runs, without how it is pronounced."""
    parts = (p for p in (element, *element) if not p.tag.endswith("}rPh"))
    return from_xml("".join(t.text or "" for p in parts for t in p if t.tag.endswith("}t")))


def _setting(sheet: Sheet, tag: str, element: ElementTree.Element, targets: dict[str, str]) -> None:
    if tag == "col" and element.get("hidden") in ("1", "true"):
        sheet.hidden_columns += range(int(element.get("min", 1)), min(int(element.get("max", 1)), 16_384) + 1)
    elif tag == "sheetProtection":
        sheet.protected = element.get("sheet") in ("1", "true")
    elif tag == "pageSetup":
        sheet.landscape = element.get("orientation") == "landscape"
    elif tag == "dataValidation":
        found = dict(element.attrib)
        found |= {c.tag.rpartition("}")[2]: c.text or "" for c in element}
        sheet.validations.append(found)
    elif tag == "hyperlink":
        relation = element.get(RELATION) or element.get(STRICT_RELATION) or ""
        target = element.get("location") or targets.get(relation, "")
        sheet.links[element.get("ref", "")] = target


def formula_cells(package: Package) -> Iterator[tuple[Sheet, Cell]]:
    """Yield every formula cell with its sheet. Raises OverTimeError once the time is over."""
    for sheet in package.sheets:
        for cell in sheet.each():
            if cell.formula is not None:
                yield sheet, cell
