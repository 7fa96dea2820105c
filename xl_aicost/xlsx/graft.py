"""Add a sheet to a stored workbook, and tint cells of it, without touching anything else.

No library opens and saves a workbook without loss, so its package is edited part by part: parts are added, a few lists
get an entry, and every other part is copied byte for byte.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path

from lxml import etree
from openpyxl import Workbook

from xl_aicost.errors import DataError
from xl_aicost.support.files import destination, replacing
from xl_aicost.xlsx.cell_xml import MAIN, Key
from xl_aicost.xlsx.package import Package
from xl_aicost.xlsx.save import save
from xl_aicost.xlsx.xml import local

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
SHEET, TEXTS, CONTENTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"
POOLS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders"}
APPLIED = ("applyNumberFormat", "applyFont", "applyFill", "applyBorder", "applyProtection")
FIRST_OWN_FORMAT = 164


def free_title(package: Package, wanted: str) -> str:
    """Return a sheet name that the workbook does not have yet."""
    taken = {s.name.lower() for s in package.sheets}
    titles = (wanted, *(f"{wanted} {n}" for n in range(2, 1000)))
    return next(t for t in titles if t.lower() not in taken)


def graft(
    package: Package,
    out: Path,
    addition: Workbook,
    values: Mapping[Key, object],
    tints: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Write `out`: the workbook with the one sheet of `addition` at its end.

    `values` holds what the formulas of that sheet come to; `tints` colours (six hexadecimal digits) by sheet and cell.
    Raises InputError for an `out` without the ending of the workbook, and DataError for a package that lacks a part
    which gets an entry.
    """
    [ws] = addition.worksheets
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "addition.xlsx"
        save(addition, draft, {ws.title: values})
        with zipfile.ZipFile(draft) as archive:
            added = {n: archive.read(n) for n in archive.namelist()}
    with zipfile.ZipFile(package.path) as archive:
        parts = _Parts(package, archive)
        parts.add_sheet(ws.title, added)
        parts.tint(tints or {})
        changed = parts.changed()
        with (
            replacing(destination(out, package.path.suffix.lower())) as temporary,
            zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for info in archive.infolist():
                target.writestr(info, changed.pop(info.filename, b"") or archive.read(info))
            for name, data in changed.items():
                target.writestr(name, data)


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, strip_cdata=False)
    return etree.fromstring(data, parser)


def _written(root: etree._Element) -> bytes:
    standalone = root.getroottree().docinfo.standalone
    data: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=standalone)
    return data


def _child(root: etree._Element, name: str) -> etree._Element | None:
    return next((e for e in root if isinstance(e.tag, str) and local(e.tag) == name), None)


def _entries(root: etree._Element, name: str) -> list[etree._Element]:
    """Return the entries of a list in a part."""
    parent = _child(root, name)
    return [] if parent is None else parent.findall("*")


class _Parts:
    """The parts of a package that are read or changed, each parsed once."""

    def __init__(self, package: Package, archive: zipfile.ZipFile) -> None:
        self.package, self.archive = package, archive
        self.names = set(archive.namelist())
        self.roots: dict[str, etree._Element] = {}
        self.new: dict[str, bytes] = {}
        self.workbook = self._part_of("_rels/.rels", "officeDocument")
        folder, _, file = self.workbook.rpartition("/")
        self.relations = f"{folder}/_rels/{file}.rels"
        self.styles = self._part_of(self.relations, "styles")
        for part in (self.workbook, self.styles):
            if etree.QName(self._root(part)).namespace != MAIN:
                raise self._cannot("it is Strict Open XML; save it as an ordinary xlsx")

    def changed(self) -> dict[str, bytes]:
        """Return the parts that are new or were changed."""
        return {name: _written(root) for name, root in self.roots.items()} | self.new

    def _root(self, part: str) -> etree._Element:
        """Return a part that is to be changed."""
        if part not in self.roots:
            try:
                self.roots[part] = _parsed(self.archive.read(part))
            except (KeyError, etree.XMLSyntaxError) as error:
                raise self._cannot(f"{part}: {error}") from None
        return self.roots[part]

    def _part_of(self, relations: str, kind: str) -> str:
        """Return the part that a list of relations gives for a kind of content."""
        folder = relations.partition("_rels/")[0]
        entries = _parsed(self.archive.read(relations)) if relations in self.names else ()
        for entry in entries:
            if entry.get("Type", "").endswith(f"/{kind}"):
                target = str(entry.get("Target", ""))
                return target[1:] if target.startswith("/") else folder + target
        raise self._cannot(f"{relations} names no {kind}")

    def _cannot(self, why: str) -> DataError:
        return DataError(f"{self.package.path}: cannot be added to ({why})")

    def _pool(self, name: str) -> etree._Element:
        pool = _child(self._root(self.styles), name)
        if pool is None:
            raise self._cannot(f"{self.styles} has no {name}")
        return pool

    def _free(self, pattern: str) -> str:
        """Return a name for a new part, by the first number that is free."""
        taken = {n.lower() for n in (*self.names, *self.new)}
        return next(p for n in range(1, 100_000) if (p := pattern.format(n)).lower() not in taken)

    def add_sheet(self, title: str, added: Mapping[str, bytes]) -> None:
        """Add the parts of a sheet under free names, and name the sheet in the lists of the package."""
        moved = {SHEET: self._free("xl/worksheets/sheet{}.xml")}
        moved |= {n: self._free("xl/drawings/drawing{}.xml") for n in added if n.startswith("xl/drawings/drawing")}
        for name in sorted(n for n in added if n.startswith("xl/charts/chart")):
            moved[name] = self._free("xl/charts/chart{}.xml")
            self.names.add(moved[name])
        kinds = {e.get("PartName"): e.get("ContentType") for e in _parsed(added[CONTENTS])}
        types = self._root(CONTENTS)
        for old, new in moved.items():
            self.new[new] = self._sheet(added) if old == SHEET else added[old]
            relations = "{}/_rels/{}.rels"
            if (own := relations.format(*old.rsplit("/", 1))) in added:
                self.new[relations.format(*new.rsplit("/", 1))] = _redirected(added[own], moved)
            etree.SubElement(types, f"{{{TYPES}}}Override", PartName=f"/{new}", ContentType=kinds[f"/{old}"])
        self._list_sheet(title, moved[SHEET])

    def _list_part(self, part: str, kind: str, content: str = "") -> str:
        """Name a part in the relations of the workbook, and in the list of contents where `content` is given."""
        relations = self._root(self.relations)
        ids = {e.get("Id") for e in relations}
        identity = next(i for n in range(1, 100_000) if (i := f"rIdAdded{n}") not in ids)
        kind, target = f"{RELATIONS}/{kind}", f"/{part}"
        etree.SubElement(relations, f"{{{PACKAGE_RELATIONS}}}Relationship", Id=identity, Type=kind, Target=target)
        if content:
            etree.SubElement(self._root(CONTENTS), f"{{{TYPES}}}Override", PartName=target, ContentType=content)
        return identity

    def _list_sheet(self, title: str, part: str) -> None:
        sheets = _child(self._root(self.workbook), "sheets")
        if sheets is None:
            raise self._cannot(f"{self.workbook} has no sheets")
        identity = self._list_part(part, "worksheet")
        number = max((int(s.get("sheetId", 0)) for s in sheets), default=0) + 1
        entry = etree.SubElement(sheets, f"{{{MAIN}}}sheet", name=title, sheetId=str(number))
        entry.set(f"{{{RELATIONS}}}id", identity)

    def _sheet(self, added: Mapping[str, bytes]) -> bytes:
        """Return the new sheet with its styles and texts put behind those of the workbook."""
        sheet = _parsed(added[SHEET])
        self._restyle(sheet, _parsed(added["xl/styles.xml"]))
        texts, pool = _parsed(added[TEXTS]).findall("*"), self._texts()
        start = len(pool.findall(f"{{{MAIN}}}si"))
        for cell in sheet.iter(f"{{{MAIN}}}c"):
            if cell.get("t") == "s":
                cell[0].text = str(int(cell[0].text) + start)
        pool.extend(texts)
        for name in ("count", "uniqueCount"):
            pool.attrib.pop(name, None)
        return _written(sheet)

    def _texts(self) -> etree._Element:
        """Return the list of the workbook's texts; it gets one if it has none."""
        try:
            return self._root(self._part_of(self.relations, "sharedStrings"))
        except DataError:
            part = self._free("xl/sharedStrings{}.xml") if TEXTS in self.names else TEXTS
        self.roots[part] = etree.Element(f"{{{MAIN}}}sst", nsmap={None: MAIN})
        self._list_part(part, "sharedStrings", SPREADSHEET + "sharedStrings+xml")
        return self.roots[part]

    def _restyle(self, sheet: etree._Element, own: etree._Element) -> None:
        first = {name: self._append(pool, _entries(own, pool)) for name, pool in POOLS.items()}
        formats = self._append_formats(_entries(own, "numFmts"))
        styles = [_moved(xf, first, formats) for xf in _entries(own, "cellXfs")]
        start = self._append("cellXfs", styles)
        for cell in sheet.iter(f"{{{MAIN}}}c"):
            if cell.get("s"):
                cell.set("s", str(int(cell.get("s")) + start))
        for view in sheet.iter(f"{{{MAIN}}}sheetView"):
            view.attrib.pop("tabSelected", None)

    def _append(self, name: str, entries: list[etree._Element]) -> int:
        """Put entries behind those of a list of styles; return how many there were."""
        pool = self._pool(name)
        count = len(pool.findall("*"))
        pool.extend(deepcopy(e) for e in entries)
        pool.set("count", str(count + len(entries)))
        return count

    def _append_formats(self, entries: list[etree._Element]) -> dict[str, str]:
        """Add number formats; return the new number of each by its old one."""
        if not entries:
            return {}
        root = self._root(self.styles)
        pool = _child(root, "numFmts")
        if pool is None:
            pool = etree.Element(f"{{{MAIN}}}numFmts")
            root.insert(0, pool)
        first = max([FIRST_OWN_FORMAT - 1, *(int(f.get("numFmtId", 0)) for f in pool)]) + 1
        moved = {}
        for number, entry in enumerate(deepcopy(entries), first):
            moved[entry.get("numFmtId", "")] = str(number)
            entry.set("numFmtId", str(number))
            pool.append(entry)
        pool.set("count", str(len(pool)))
        return moved

    def tint(self, tints: Mapping[str, Mapping[str, str]]) -> None:
        """Give cells a coloured ground; the rest of their style stays."""
        if not tints:
            return
        colours = sorted({c for cells in tints.values() for c in cells.values()})
        first = self._append("fills", [_fill(c) for c in colours])
        fills = {c: str(first + n) for n, c in enumerate(colours)}
        pool = self._pool("cellXfs")
        styles, made = pool.findall("*"), dict[tuple[int, str], str]()

        def tinted(style: int, colour: str) -> str:
            if (style, colour) not in made:
                xf = deepcopy(styles[style] if style < len(styles) else styles[0])
                xf.set("applyFill", "1")
                xf.set("fillId", fills[colour])
                made[style, colour] = str(self._append("cellXfs", [xf]))
            return made[style, colour]

        for sheet in self.package.sheets:
            cells = tints.get(sheet.name, {})
            if cells and sheet.part in self.names:
                _tint_cells(self._root(sheet.part), cells, tinted)


def _redirected(relations: bytes, moved: Mapping[str, str]) -> bytes:
    """Return relations of a new part, to the new names of the parts that it refers to."""
    root = _parsed(relations)
    for entry in root:
        target = entry.get("Target", "")
        if target[:1] == "/":
            entry.set("Target", f"/{moved.get(target[1:], target[1:])}")
    return _written(root)


def _moved(xf: etree._Element, first: Mapping[str, int], formats: Mapping[str, str]) -> etree._Element:
    """Return a style of the new sheet as it refers to the lists of the workbook, and overrides its default style."""
    xf = deepcopy(xf)
    for name, offset in first.items():
        xf.set(name, str(int(xf.get(name, 0)) + offset))
    number = xf.get("numFmtId", "0")
    xf.set("numFmtId", formats.get(number, number))
    xf.set("xfId", "0")
    for name in APPLIED:
        xf.set(name, "1")
    return xf


def _fill(colour: str) -> etree._Element:
    fill = etree.Element(f"{{{MAIN}}}fill")
    pattern = etree.SubElement(fill, f"{{{MAIN}}}patternFill", patternType="solid")
    etree.SubElement(pattern, f"{{{MAIN}}}fgColor", rgb=f"FF{colour}")
    etree.SubElement(pattern, f"{{{MAIN}}}bgColor", indexed="64")
    return fill


def _tint_cells(sheet: etree._Element, cells: Mapping[str, str], tinted: Callable[[int, str], str]) -> None:
    for cell in sheet.iter(f"{{{MAIN}}}c"):
        if (at := cell.get("r")) in cells:
            cell.set("s", tinted(int(cell.get("s", 0)), cells[at]))
