"""Add a sheet to a stored workbook, and tint cells of it, without touching anything else.

No library opens and saves a workbook without loss, so its package is edited as text: parts are added, a few lists
get an entry, and everything else is copied byte for byte.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook

from xl_aicost.errors import DataError
from xl_aicost.support.files import destination, replacing
from xl_aicost.xlsx.package import Package
from xl_aicost.xlsx.save import save

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"
POOLS = ("fonts", "fills", "borders")
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
    values: Mapping[tuple[int, int], Any],
    tints: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Write `out`: the workbook with the one sheet of `addition` at its end.

    `values` holds what the formulas of that sheet come to; `tints` colours (six hexadecimal digits) by sheet and cell.
    Raises InputError for an `out` without the ending of the workbook, and DataError for a package whose parts are
    written in a way that cannot be edited as text.
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
        with (
            replacing(destination(out, package.path.suffix.lower())) as temporary,
            zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for info in archive.infolist():
                target.writestr(info, parts.changed.pop(info.filename, b"") or archive.read(info))
            for name, data in parts.changed.items():
                target.writestr(name, data)


class _Parts:
    def __init__(self, package: Package, archive: zipfile.ZipFile) -> None:
        self.package, self.archive = package, archive
        self.names = set(archive.namelist())
        self.changed: dict[str, bytes] = {}
        self.workbook = self._part_of("_rels/.rels", "/officeDocument")
        folder, _, file = self.workbook.rpartition("/")
        self.relations = f"{folder}/_rels/{file}.rels"
        self.styles = self._part_of(self.relations, "/styles")

    def _text(self, part: str) -> str:
        return (self.changed.get(part) or self.archive.read(part)).decode("utf-8")

    def _change(self, part: str, text: str) -> None:
        self.changed[part] = text.encode("utf-8")

    def _part_of(self, relations: str, kind: str) -> str:
        """Return the part that a list of relations gives for a kind of content."""
        folder = relations.partition("_rels/")[0]
        for entry in re.findall(r"<Relationship\b[^>]*>", self.archive.read(relations).decode("utf-8")):
            target = re.search(r'Target="([^"]+)"', entry)
            if target and re.search(rf'Type="[^"]*{kind}"', entry):
                return target[1][1:] if target[1].startswith("/") else folder + target[1]
        raise self._cannot(f"{relations} names no {kind[1:]}")

    def _cannot(self, why: str) -> DataError:
        return DataError(f"{self.package.path}: cannot be added to ({why})")

    def _insert(self, part: str, before: str, text: str) -> None:
        old = self._text(part)
        if before not in old:
            raise self._cannot(f"{part} has no {before}")
        head, mark, tail = old.rpartition(before)
        self._change(part, head + text + mark + tail)

    def _free(self, pattern: str) -> str:
        """Return a name for a new part, by the first number that is free."""
        taken = {n.lower() for n in (*self.names, *self.changed)}
        return next(p for n in range(1, 100_000) if (p := pattern.format(n)).lower() not in taken)

    def add_sheet(self, title: str, added: Mapping[str, bytes]) -> None:
        moved = {SHEET: self._free("xl/worksheets/sheet{}.xml")}
        moved |= {n: self._free("xl/drawings/drawing{}.xml") for n in added if n.startswith("xl/drawings/drawing")}
        for name in sorted(n for n in added if n.startswith("xl/charts/chart")):
            moved[name] = self._free("xl/charts/chart{}.xml")
            self.names.add(moved[name])
        for old, new in moved.items():
            data = self._restyled(added) if old == SHEET else added[old]
            self.changed[new] = data
            relations = "{}/_rels/{}.rels".format(*old.rsplit("/", 1))
            if relations in added:
                text = added[relations].decode()
                text = re.sub(r'Target="/([^"]+)"', lambda m: f'Target="/{moved.get(m[1], m[1])}"', text)
                self._change("{}/_rels/{}.rels".format(*new.rsplit("/", 1)), text)
            self._declare(old, new, added)
        used = [int(n) for n in re.findall(r'sheetId="(\d+)"', self._text(self.workbook))]
        ids = set(re.findall(r'Id="([^"]+)"', self._text(self.relations)))
        identity = next(i for n in range(1, 100_000) if (i := f"rIdAdded{n}") not in ids)
        entry = f'<Relationship Id="{identity}" Type="{RELATIONS}/worksheet" Target="/{moved[SHEET]}"/>'
        self._insert(self.relations, "</Relationships>", entry)
        sheet_id = max(used, default=0) + 1
        entry = f'<sheet xmlns:r="{RELATIONS}" name={quoteattr(title)} sheetId="{sheet_id}" r:id="{identity}"/>'
        self._insert(self.workbook, "</sheets>", entry)

    def _declare(self, old: str, new: str, added: Mapping[str, bytes]) -> None:
        found = re.search(rf'PartName="/{re.escape(old)}" ContentType="([^"]+)"', added["[Content_Types].xml"].decode())
        if found:
            entry = f'<Override PartName="/{new}" ContentType="{found[1]}"/>'
            self._insert("[Content_Types].xml", "</Types>", entry)

    def _restyled(self, added: Mapping[str, bytes]) -> bytes:
        """Return the new sheet with its styles put behind those of the workbook."""
        own = added["xl/styles.xml"].decode()
        offsets = {f"{pool[:-1]}Id": self._append(pool, _inner(own, pool)) for pool in POOLS}
        formats = self._append_formats(_inner(own, "numFmts"))

        def moved(match: re.Match[str]) -> str:
            name, number = match[1], int(match[2])
            number = formats.get(number, number) if name == "numFmtId" else number + offsets[name]
            return f'{name}="{number}"'

        def renumbered(match: re.Match[str]) -> str:
            text = re.sub(rf' (?:{"|".join(APPLIED)})="\w+"', "", match[0])
            text = re.sub(r'\b(fontId|fillId|borderId|numFmtId)="(\d+)"', moved, text)
            return re.sub(r'xfId="\d+"', 'xfId="0" ' + " ".join(f'{a}="1"' for a in APPLIED), text)

        looks = re.sub(r"<xf\b[^>]*>", renumbered, _inner(own, "cellXfs"))
        first = self._append("cellXfs", looks)
        sheet = added[SHEET].decode()
        sheet = re.sub(r'(<c\b[^>]*\bs=")(\d+)"', lambda m: f'{m[1]}{int(m[2]) + first}"', sheet)
        return re.sub(r' tabSelected="\w+"', "", sheet).encode()

    def _append(self, pool: str, inner: str) -> int:
        """Put entries behind those of a list of styles; return how many there were."""
        text = self._text(self.styles)
        found = re.search(rf"<{pool}\b[^>]*>", text)
        if not found or f"</{pool}>" not in text:
            raise self._cannot(f"{self.styles} has no plain {pool}")
        tag = {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf"}[pool]
        have, more = (len(re.findall(rf"<{tag}\b", part)) for part in (_inner(text, pool), inner))
        head = re.sub(r'count="\d+"', f'count="{have + more}"', found[0])
        text = text.replace(found[0], head, 1).replace(f"</{pool}>", f"{inner}</{pool}>", 1)
        self._change(self.styles, text)
        return have

    def _append_formats(self, inner: str) -> dict[int, int]:
        text = self._text(self.styles)
        taken = [int(n) for n in re.findall(r'<numFmt\b[^>]*numFmtId="(\d+)"', text)]
        first = max([FIRST_OWN_FORMAT - 1, *taken]) + 1
        own = re.findall(r'<numFmt\b[^>]*numFmtId="(\d+)"[^>]*/>', inner)
        moved = {int(n): first + k for k, n in enumerate(own)}
        entries = re.sub(r'numFmtId="(\d+)"', lambda m: f'numFmtId="{moved[int(m[1])]}"', inner)
        if entries and "</numFmts>" in text:
            text = re.sub(r'(<numFmts\b[^>]*count=")\d+"', rf'\g<1>{len(taken) + len(own)}"', text, count=1)
            text = text.replace("</numFmts>", f"{entries}</numFmts>", 1)
        elif entries:
            text = re.sub(
                r"(<styleSheet\b[^>]*>)", rf'\1<numFmts count="{len(own)}">{entries}</numFmts>', text, count=1
            )
        self._change(self.styles, text)
        return moved

    def tint(self, tints: Mapping[str, Mapping[str, str]]) -> None:
        """Give cells a coloured ground; the rest of their look stays."""
        if not tints:
            return
        looks = re.findall(r"<xf\b(?:[^>]*/>|.*?</xf>)", _inner(self._text(self.styles), "cellXfs"), re.DOTALL)
        colours = sorted({c for cells in tints.values() for c in cells.values()})
        solid = (
            '<fill><patternFill patternType="solid"><fgColor rgb="FF{}"/><bgColor indexed="64"/></patternFill></fill>'
        )
        first = self._append("fills", "".join(solid.format(c) for c in colours))
        made: dict[tuple[int, str], int] = {}
        new: list[str] = []

        def look(style: int, colour: str) -> int:
            if (style, colour) not in made:
                old = looks[style] if style < len(looks) else looks[0]
                fill = f'fillId="{first + colours.index(colour)}"'
                text = re.sub(r'fillId="\d+"', fill, re.sub(r' applyFill="\w+"', "", old), count=1)
                new.append(re.sub(r"^<xf", '<xf applyFill="1"', text))
                made[style, colour] = len(looks) + len(new) - 1
            return made[style, colour]

        for sheet in self.package.sheets:
            cells = tints.get(sheet.name, {})
            if cells and sheet.part in self.names:
                self._change(sheet.part, _tinted(self._text(sheet.part), cells, look))
        self._append("cellXfs", "".join(new))


def _inner(text: str, tag: str) -> str:
    found = re.search(rf"<{tag}\b[^>]*[^/]>(.*?)</{tag}>", text, re.DOTALL)
    return found[1] if found else ""


def _tinted(text: str, cells: Mapping[str, str], look: Any) -> str:
    def tinted(match: re.Match[str]) -> str:
        tag = match[0]
        at = re.search(r'\br="([A-Z]+\d+)"', tag)
        if at is None or at[1] not in cells:
            return tag
        style = re.search(r'\bs="(\d+)"', tag)
        number = look(int(style[1]) if style else 0, cells[at[1]])
        return re.sub(r'\bs="\d+"', f's="{number}"', tag) if style else tag.replace("<c ", f'<c s="{number}" ', 1)

    return re.sub(r"<c\b[^>]*>", tinted, text)
