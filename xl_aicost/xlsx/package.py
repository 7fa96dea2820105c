"""Any xlsx as it is stored: every cell with formula, stored value and style, read in one pass within limits of size.

openpyxl gives formulas or values, not both, and holds all of a file in memory. Here what is past the limits is left
out and named.
"""

from __future__ import annotations

import posixpath
import re
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from xl_aicost.errors import DataError, IncompleteError
from xl_aicost.support.memory import no_collecting
from xl_aicost.support.values import CellValue
from xl_aicost.xlsx.limits import LARGEST_PART, LARGEST_STRINGS, LARGEST_TREE, MOST_PARTS, Count, Deadline, check_size
from xl_aicost.xlsx.sheet import TRUE, Cell, Sheet, read_sheet
from xl_aicost.xlsx.tables import ExcelTable, read_table
from xl_aicost.xlsx.text import from_xml
from xl_aicost.xlsx.xml import Attributes, each, local, relation_id, tree, walk


@dataclass(frozen=True)
class Style:
    """What of a cell's style matters: its number format, whether it is locked, and whether it is bold."""

    number_format: str
    locked: bool
    bold: bool = False


STRICT = "purl.oclc.org"  # of the namespaces of Strict Open XML
PLAIN = Style("General", True)
READING = 2 / 3  # the share of a time limit in which a file is read


@dataclass
class Package:
    """A workbook as it is stored."""

    path: Path
    sheets: list[Sheet]
    names: dict[tuple[str, str], str]  # (scope, name) -> what it stands for; scope is a sheet or ""
    calculation: dict[str, str]
    parts: list[str]
    styles: list[Style]
    left_out: list[str] = field(default_factory=list)  # what was not read, and why
    tables: dict[str, ExcelTable] = field(default_factory=dict)  # by name in small letters
    deadline: Deadline = field(default_factory=Deadline)
    since_1904: bool = False  # dates are counted from there
    plain: bool = True  # written as Excel does by default: not Strict Open XML, and each cell with its address

    @cached_property
    def _by_name(self) -> dict[str, Sheet]:
        return {s.name: s for s in reversed(self.sheets)}

    def sheet(self, name: str) -> Sheet | None:
        """Return a sheet by name, or None."""
        return self._by_name.get(name)

    def value(self, sheet: str, row: int, column: int) -> CellValue:
        """Return the stored value of a cell, or None."""
        cell = self.cell(sheet, row, column)
        return cell.value if cell else None

    def cell(self, sheet: str, row: int, column: int) -> Cell | None:
        """Return a cell, or None where nothing is stored."""
        worksheet = self.sheet(sheet)
        return worksheet.cells.get((row, column)) if worksheet else None

    def style(self, cell: Cell) -> Style:
        """Return the style of a cell."""
        return self.styles[cell.style] if 0 <= cell.style < len(self.styles) else PLAIN


def open_package(path: Path, seconds: float | None = None) -> Package:
    """Read a workbook; what is past the limits is listed in `left_out`.

    `seconds` is a time limit, if one is wanted, for all that is done with the file: reading may take two thirds of it.
    Raises DataError, in one line, for what is no readable xlsx.
    """
    now = time.monotonic()
    count = Count() if seconds is None else Count(Deadline(now + READING * seconds))
    try:
        with zipfile.ZipFile(path) as archive, no_collecting():
            package = _Reader(path, archive, count).package()
        package.deadline = Deadline() if seconds is None else Deadline(now + seconds)
        return package
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder") from None
    except zipfile.BadZipFile:
        raise DataError(f"{path}: {_not_a_zip(path)}") from None
    except (ElementTree.ParseError, LookupError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path}: not a readable xlsx ({' '.join(str(error).split())[:200]})") from None
    except (ExpatError, OverflowError, zlib.error) as error:
        raise DataError(f"{path}: not a readable xlsx ({error})") from None
    except (zipfile.LargeZipFile, OSError, MemoryError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from None


def _not_a_zip(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "an encrypted workbook or one of Excel 97-2003 (xls); save it as xlsx without a password"
    return "not an xlsx file, or a damaged one"


class Relation(NamedTuple):
    """A part that another one names: the kind of its content, and its name, or the address of a link."""

    kind: str
    target: str


class _Reader:
    def __init__(self, path: Path, archive: zipfile.ZipFile, count: Count) -> None:
        self.path, self.archive, self.count = path, archive, count
        self.names = frozenset(archive.namelist())
        self.spelled = {name.lower(): name for name in self.names}  # capitals make no difference in names of parts
        self.epoch = WINDOWS_EPOCH
        self.left_out: list[str] = []
        self.tables: dict[str, ExcelTable] = {}

    def package(self) -> Package:
        self._check_parts()
        book = self._target(self._relations(""), "officeDocument")
        if book.endswith(".bin"):
            raise DataError(f"{self.path}: a binary workbook (xlsb); save it as xlsx")
        if book not in self.names:
            if "content.xml" in self.names:
                raise DataError(f"{self.path}: an OpenDocument file (ods); save it as xlsx")
            raise ValueError("it has no workbook part")
        workbook, relations = self._tree(book), self._relations(book)
        if any(p.get("date1904") in TRUE for p in each(workbook, "workbookPr")):
            self.epoch = MAC_EPOCH
        strings = self._read_strings(self._target(relations, "sharedStrings"))
        sheets = self._read_sheets(workbook, relations, strings)
        calculation = next(each(workbook, "calcPr"), None)
        return Package(
            self.path,
            sheets,
            _names(workbook, sheets),
            dict(calculation.attrib) if calculation is not None else {},
            self.archive.namelist(),
            self._read_styles(self._target(relations, "styles")),
            self.left_out,
            self.tables,
            plain=STRICT not in workbook.tag and not any(s.unusual for s in sheets),
            since_1904=self.epoch == MAC_EPOCH,
        )

    def _check_parts(self) -> None:
        """Check all parts, for other programs that read the file are to see only what would be read here."""
        if len(self.names) > MOST_PARTS:
            raise ValueError(f"it has {len(self.names):,} parts, more than are read")
        seen: set[str] = set()
        for info in self.archive.infolist():
            name = info.filename
            if name.startswith(("/", "\\")) or ":" in name or ".." in re.split(r"[/\\]", name):
                raise ValueError(f"its part {name[:60]!r} leads out of the package")
            if name.lower() in seen:
                raise ValueError(f"its part {name[:60]!r} is there twice")
            seen.add(name.lower())
            check_size(info, LARGEST_PART)

    def _open(self, part: str, largest: int) -> IO[bytes]:
        info = self.archive.getinfo(part)
        if info.flag_bits & 1:
            raise ValueError("it is encrypted")
        check_size(info, largest)
        return self.archive.open(info)

    def _tree(self, part: str) -> ElementTree.Element:
        with self._open(part, LARGEST_TREE) as file:
            data = file.read()
        self.count.tree_bytes += len(data)
        return tree(data, part)

    def _relations(self, part: str) -> dict[str, Relation]:
        folder, _, file = part.rpartition("/")
        at = self._name(posixpath.join(folder, "_rels", f"{file}.rels"))
        result = {}
        for entry in self._tree(at) if at in self.names else ():
            target = entry.get("Target", "")
            if entry.get("TargetMode") != "External":
                target = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                target = self._name(target)
            result[entry.get("Id", "")] = Relation(entry.get("Type", "").rpartition("/")[2], target)
        return result

    def _name(self, target: str) -> str:
        """Return the name of a part as the file spells it, or what was asked for where there is none."""
        return self.spelled.get(target.lower()) or self.spelled.get(unquote(target).lower(), target)

    def _target(self, relations: dict[str, Relation], kind: str) -> str:
        return next((r.target for r in relations.values() if r.kind == kind), "")

    def _read_strings(self, part: str) -> list[str]:
        strings = _Strings(self.count)
        if part in self.names:
            try:
                with self._open(part, LARGEST_STRINGS) as file:
                    walk(file, part, self.count, strings.starts, strings.ends)
            except IncompleteError as error:
                self.left_out.append(f"texts from number {len(strings.texts) + 1:,} on: {error}")
        return strings.texts

    def _read_sheets(
        self, workbook: ElementTree.Element, relations: dict[str, Relation], strings: list[str]
    ) -> list[Sheet]:
        entries = [(e, relations.get(relation_id(e.attrib), Relation("", ""))) for e in each(workbook, "sheet")]
        sheets = [Sheet(e.get("name", ""), e.get("state", "visible"), r.target) for e, r in entries]
        for number, (sheet, (_, relation)) in enumerate(zip(sheets, entries, strict=True)):
            if relation.kind == "chartsheet":
                continue  # which has no cells
            if relation.kind != "worksheet" or sheet.part not in self.names:
                self.left_out.append(f"{sheet.name}: {relation.kind or 'not a worksheet'}")
                continue
            try:
                self._read_sheet(sheet, strings)
            except IncompleteError as error:
                for later in sheets[number + 1 :]:
                    later.read_to = 0
                more = f", and the {len(sheets) - number - 1:,} sheets after it" if sheets[number + 1 :] else ""
                self.left_out.append(f"{sheet.name} from row {(sheet.read_to or 0) + 1:,} on{more}: {error}")
                break
        return sheets

    def _read_sheet(self, sheet: Sheet, strings: list[str]) -> None:
        sheet.read_to = 0
        relations = self._relations(sheet.part)
        self.count.check()
        sheet.read_to = None
        with self._open(sheet.part, LARGEST_PART) as file:
            targets = {i: r.target for i, r in relations.items()}
            self.left_out += read_sheet(file, sheet, strings, targets, self.count, self.epoch)
        for relation in relations.values():
            if relation.kind == "drawing" and relation.target in self.names:
                shapes = each(self._tree(relation.target), "cNvPr")
                sheet.drawings += ((s.get("name", ""), s.get("descr", "")) for s in shapes)
                sheet.charts += self._charts(relation.target)
            elif relation.kind == "table" and relation.target in self.names:
                name, table = read_table(self._tree(relation.target), sheet.name)
                self.tables[name.lower()] = table

    def _charts(self, drawing: str) -> Iterator[tuple[str, ...]]:
        """Yield the cells that each chart of a drawing shows."""
        for relation in self._relations(drawing).values():
            if relation.kind == "chart" and relation.target in self.names:
                yield tuple(f.text or "" for f in each(self._tree(relation.target), "f"))

    def _read_styles(self, part: str) -> list[Style]:
        if part not in self.names:
            return []
        root = self._tree(part)
        formats = dict(BUILTIN_FORMATS)
        formats |= {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in each(root, "numFmt")}
        pools = each(root, "cellXfs")
        bold = [_is_bold(font) for pool in each(root, "fonts") for font in pool if local(font.tag) == "font"]
        return [_style(xf, formats, bold) for pool in pools for xf in pool if local(xf.tag) == "xf"]


class _Strings:
    """The shared texts of a workbook."""

    def __init__(self, count: Count) -> None:
        self.count = count
        self.texts: list[str] = []
        self.pieces: list[str] = []  # of one text: its runs of one font
        self.phonetic = False
        self.starts = {"si": self._start, "rPh": self._start_phonetic}
        self.ends = {"t": self._piece, "rPh": self._end_phonetic, "si": self._end}

    def _start(self, _: Attributes) -> None:
        self.pieces = []

    def _start_phonetic(self, _: Attributes) -> None:
        self.phonetic = True

    def _end_phonetic(self, _: str) -> None:
        self.phonetic = False

    def _piece(self, text: str) -> None:
        if not self.phonetic:
            self.pieces.append(text)

    def _end(self, _: str) -> None:
        text = "".join(self.pieces)
        self.count.text_characters += len(text)
        self.texts.append(from_xml(text))


def _names(workbook: ElementTree.Element, sheets: list[Sheet]) -> dict[tuple[str, str], str]:
    result = {}
    for entry in each(workbook, "definedName"):
        local_to = entry.get("localSheetId")
        index = int(local_to) if local_to else -1
        scope = sheets[index].name if 0 <= index < len(sheets) else ""
        result[scope, entry.get("name", "")] = entry.text or ""
    return result


def _is_bold(font: ElementTree.Element) -> bool:
    mark = next((e for e in font if local(e.tag) == "b"), None)
    return mark is not None and mark.get("val", "1") in TRUE


def _style(xf: ElementTree.Element, formats: dict[int, str], bold: list[bool]) -> Style:
    protection = next(each(xf, "protection"), None)
    locked = protection is None or protection.get("locked", "1") in TRUE
    font = int(xf.get("fontId", 0))
    return Style(formats.get(int(xf.get("numFmtId", 0)), "General"), locked, font < len(bold) and bold[font])


def formula_cells(package: Package) -> Iterator[tuple[Sheet, Cell]]:
    """Yield every formula cell with its sheet."""
    for sheet in package.sheets:
        for cell in sheet.cells.values():
            if cell.formula is not None:
                yield sheet, cell
