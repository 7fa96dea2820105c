"""Files that somebody may send: each is a workbook made wrong in one way, or one that claims too much.

`made(base)` gives them by name as bytes; `base` is a workbook of ours, which most are changed from.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MB = 1 << 20


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def zipped(parts: Mapping[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items() if isinstance(parts, Mapping) else parts:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a name that is there twice
                archive.writestr(name, data)
    return out.getvalue()


def small() -> dict[str, bytes]:
    """Return the parts of a workbook of one sheet that somebody else made."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 6):
        sheet[f"A{row}"], sheet[f"B{row}"] = row, f"=A{row}*2"
    out = io.BytesIO()
    book.save(out)
    return parts_of(out.getvalue())


def with_rows(rows: str, before: str = "", after: str = "") -> bytes:
    """Return a workbook whose sheet holds some XML in place of its rows."""
    text = f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return zipped(small() | {SHEET: text.encode()})


def formulas(*texts: str) -> bytes:
    return with_rows("".join(f'<row r="{i}"><c r="A{i}"><f>{t}</f><v>1</v></c></row>' for i, t in enumerate(texts, 1)))


def batched(pieces: Iterator[str], count: int) -> Iterator[str]:
    """Yield so many pieces at a time, joined."""
    while batch := "".join(islice(pieces, count)):
        yield batch


def changed(part: str, change: Callable[[str], str]) -> bytes:
    parts = small()
    return zipped(parts | {part: change(parts[part].decode()).encode()})


def declared(part: str, declaration: str, used: str = "") -> bytes:
    """Put a document type before a part, and maybe an entity into it."""

    def change(text: str) -> str:
        head, body = re.match(r"(<\?xml.*?\?>)?(.*)", text, re.DOTALL).groups()
        return f"{head or ''}{declaration}{body.replace('<sheetData>', f'<sheetData>{used}', 1)}"

    return changed(part, change)


def bomb(name: str, megabytes: int, piece: bytes = b" ") -> bytes:
    """Return a package one part of which unpacks to so many megabytes of the same."""
    out = io.BytesIO()
    parts = small()
    block = piece * (MB // len(piece))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            if part != name:
                archive.writestr(part, data)
        with archive.open(name, "w", force_zip64=True) as file:
            head, _, tail = parts.get(name, b"<x></x>").partition(b"><")
            file.write(head + b">")
            for _ in range(megabytes):
                file.write(block)
            file.write(b"<" + tail)
    return out.getvalue()


def lying(data: bytes) -> bytes:
    """Return a package whose directory says that every part is a hundred bytes long."""
    found = bytearray(data)
    for at in (m.start() for m in re.finditer(b"PK\1\2", data)):
        struct.pack_into("<I", found, at + 24, 100)
    return bytes(found)


def overlapping() -> bytes:
    """Return a package a thousand parts of which are the same bytes."""
    data = bytearray(zipped(small() | {"xl/media/a.bin": b"\0" * (4 * MB)}))
    end = data.rindex(b"PK\5\6")
    count, size, start = struct.unpack_from("<H", data, end + 10)[0], *struct.unpack_from("<2I", data, end + 12)
    directory = bytes(data[start : start + size])
    last = directory[directory.rindex(b"PK\1\2") :]
    more = b"".join(last.replace(b"a.bin", b"%05d" % i) for i in range(1000))
    tail = bytearray(data[end:])
    struct.pack_into("<2H2I", tail, 8, count + 1000, count + 1000, size + len(more), start)
    return bytes(data[:start]) + directory + more + bytes(tail)


def relations(entry: str) -> bytes:
    at = "xl/_rels/workbook.xml.rels"
    return changed(at, lambda t: t.replace("</Relationships>", f"{entry}</Relationships>"))


def with_strings(texts: str) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    data = relations(f'<Relationship Id="rId9" Type="{kind}" Target="sharedStrings.xml"/>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = '<row r="1"><c r="A1" t="s"><v>7</v></c></row>'
    sheet = parts_of(with_rows(cell))["xl/worksheets/sheet1.xml"]
    more = {"xl/sharedStrings.xml": f'<sst xmlns="{main}">{texts}</sst>'.encode(), "xl/worksheets/sheet1.xml": sheet}
    return zipped(parts_of(data) | more)


def names(count: int, text: Callable[[int], str]) -> bytes:
    found = "".join(f'<definedName name="n{i}">{text(i)}</definedName>' for i in range(count))
    where = "<definedNames/>", "<definedNames />"

    def change(xml: str) -> str:
        for empty in where:
            xml = xml.replace(empty, "")
        return xml.replace("</sheets>", f"</sheets><definedNames>{found}</definedNames>")

    return changed("xl/workbook.xml", change)


def nested(deep: int, function: str = "ABS") -> str:
    return f"{function}(" * deep + "A1" + ")" * deep


def many_sheets(count: int) -> bytes:
    parts = small()
    sheets = "".join(f'<sheet name="S{i}" sheetId="{i + 9}" r:id="rId1"/>' for i in range(count))
    text = parts["xl/workbook.xml"].decode().replace("</sheets>", f"{sheets}</sheets>")
    return zipped(parts | {"xl/workbook.xml": text.replace("<sheets>", f'<sheets xmlns:r="{RELATIONS}">').encode()})


def ours(base: bytes, key: str, value: str) -> bytes:
    """Return a workbook of ours whose Provenance says something else."""
    book = openpyxl.load_workbook(io.BytesIO(base))
    sheet = book["Provenance"]
    rows = [r for r in range(1, 60) if sheet.cell(r, 1).value == key]
    for row in rows[1:]:
        sheet.cell(row, 2).value = None
    sheet.cell(rows[0], 2).value = value
    sheet.cell(rows[0], 2).data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


BIG_REQUEST = (
    '{"scenario": null, "company": null, "year": null, "settings": {}, "years": 10, "start": 2026, "periods_per_year": 1, '
    '"lambdas": false, "choices": {}, "simulate": {"line": "layoffs_to_fund", "draws": 1000000000000, "seed": 1, '
    '"date": "2026-01-01"}}'
)


def made(base: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each file with its name; the first word of the name is its kind."""
    for cut in (0, 1, 30, len(base) // 10, len(base) // 2, len(base) - 30, len(base) - 1):
        yield f"truncated at {cut}", base[:cut]
    yield "damaged in the middle", base[: len(base) // 2] + b"\xff" * 2000 + base[len(base) // 2 + 2000 :]
    yield "bomb sheet", bomb(SHEET, 1600)
    yield "bomb sheet of rows", bomb(SHEET, 200, b"<row><c><v>1</v></c></row>      ")
    yield "bomb workbook", bomb("xl/workbook.xml", 256)
    yield "bomb styles", bomb("xl/styles.xml", 256)
    yield "bomb strings", bomb("xl/sharedStrings.xml", 256, b"<si><t>aaaaaaaaaaa</t></si>     ")
    yield "bomb strings below the limit", bomb("xl/sharedStrings.xml", 90, b"<si><t>" + bytes(range(33, 59)) * 9)
    yield "bomb relations", bomb("xl/_rels/workbook.xml.rels", 256)
    yield "bomb overlapping", overlapping()
    yield "bomb lying about sizes", lying(bomb(SHEET, 256))
    for ref in ("A1:XFD1048576", "A1:ZZZZZ99999999999", "", "'"):
        yield f"dimension {ref}", with_rows('<row r="1"><c r="A1"><v>1</v></c></row>', f'<dimension ref="{ref}"/>')
    yield (
        "dimension corner cells",
        with_rows(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><f>A1+1</f><v>2</v></c></row>'
        ),
    )
    yield "dimension impossible cell", with_rows('<row r="99999999999"><c r="ZZZZZZ99999999999"><v>1</v></c></row>')
    yield "dimension whole-sheet references", formulas(*["SUM(A1:XFD1048576)", "SUM(A:XFD)", "COUNTIF(B:B,B:B)"] * 500)
    yield "dimension hidden columns", with_rows("", '<cols><col min="1" max="999999999" hidden="1"/></cols>')
    ranges = " ".join(f"A{i}:XFD1048576" for i in range(1, 20_000))
    rule = f'<dataValidation type="list" sqref="{ranges}"><formula1>1</formula1></dataValidation>'
    yield "dimension validations", with_rows("", after=f'<dataValidations count="1">{rule}</dataValidations>')
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    yield "entities of laughs", declared(SHEET, f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>', "&l11;")
    yield "entities from outside", declared(SHEET, '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;")
    yield "entities in the workbook", declared("xl/workbook.xml", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">')
    yield "entities late", declared(SHEET, f"<!--{' ' * 200_000}--><!DOCTYPE x [<!ENTITY l0 'ha'>{laughs}]>", "&l11;")
    parts = small()
    wide = ("<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE x [<!ENTITY a 'b'>]>" + parts[SHEET].decode()).encode(
        "utf-16"
    )
    yield "entities in UTF-16", zipped(parts | {SHEET: wide})
    yield "deep XML", with_rows("<a>" * 100_000 + "</a>" * 100_000)
    yield "deep XML in the workbook", changed("xl/workbook.xml", lambda t: t.replace("<sheets>", "<a>" * 50_000))
    for name in ("../../evil.xml", "/etc/evil.xml", "..\\..\\evil.xml", "C:\\evil.xml", "xl/../../evil.xml"):
        yield f"traversal {name[:20]!r}", zipped([*small().items(), (name, b"<x/>")])
    for target in ("../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "\\\\host\\share\\x", "", "."):
        kind = f"{RELATIONS}/worksheet"
        yield f"traversal to {target}", relations(f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/>')
    for name in ("xl/\0evil.xml", "x" * 60_000, "\u202egnp"):
        yield f"oddly named part {name[:10]!r}", zipped([*small().items(), (name, b"<x/>")])
    yield "twice the same part", zipped([*small().items(), (SHEET, b"<x/>")])
    yield "macros", zipped(parts_of(base) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 5000})
    outside = f'<Relationship Id="rId99" Type="{RELATIONS}/externalLink" Target="externalLinks/externalLink1.xml"/>'
    yield "external links", relations(outside)
    yield "external formulas", formulas("[1]Sheet1!A1", "'\\\\host\\share\\[x.xlsx]S'!A1", 'WEBSERVICE("http://a")')
    yield "external commands", formulas("cmd|'/c calc'!A0", "DDE(&quot;cmd&quot;)", 'HYPERLINK("http://a","b")')
    yield "encrypted", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096
    locked = bytearray(zipped(small()))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for found in re.finditer(mark, bytes(locked)):
            locked[found.start() + at] |= 1
    yield "encrypted zip", bytes(locked)
    yield "renamed xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook".ljust(8192, b"\x09")
    yield "renamed text", b"a,b\n1,2\n"
    yield "renamed html", b"<html><table><tr><td>1</td></tr></table></html>"
    yield "names by the hundred thousand", names(100_000, lambda i: f"Sheet!$A${i + 1}")
    yield "names of each other", names(5000, lambda i: f"n{(i + 1) % 5000}+n{(i * 7) % 5000}")
    yield "names of formulas", names(2000, lambda i: nested(64))
    yield "nested 64 deep", formulas(*[nested(64)] * 200)
    yield "nested 5000 deep", formulas(nested(5000))
    yield "nested parentheses", formulas("(" * 4000 + "1" + ")" * 4000, "(" * 8000, ")" * 8000, "-" * 8000 + "1")
    yield "formula of a megabyte", formulas("1+" * (MB // 2) + "1")
    yield "formula of quotes", formulas("'" * 200_000, "&quot;" * 200_001, "'a" * 100_000 + "!A1", "[" * 200_000)
    yield "formula of letters", formulas("A" * 200_000, "A1" * 100_000, "1" * 200_000, "A1:" * 60_000, ". " * 90_000)
    yield "formulas that are none", formulas("", "=", "==1", "1+", "#", "{", "@", ";;;", "\u202e\u0000"[:1], "&#55357;")
    chain = "".join(f'<row r="{i}"><c r="A{i}"><f>A{i + 1}+1</f></c></row>' for i in range(1, 60_000))
    yield "formulas in a chain", with_rows(chain)
    rows = (f'<row r="{i}"><c r="A{i}"><f>A{i + 1}+{i}</f><v>{i}</v></c></row>' for i in range(1, 400_000))
    yield "formulas that all differ", with_rows("".join(rows))
    sums = (
        f'<c r="{c}{i}"><f>SUM({c}{i + 1}:{c}{i + 50})*{i}</f><v>1</v></c>'
        for i in range(1, 15_000)
        for c in "ABCDEFGH"
    )
    yield (
        "sums that all differ",
        with_rows("".join(f'<row r="{i}">{s}</row>' for i, s in enumerate(batched(sums, 8), 1))),
    )
    sums = (f'<c r="A{i}"><f>SUM(B{i % 7 + 2}:B9999)</f></c><c r="B{i}"><v>1</v></c>' for i in range(1, 10_001))
    yield "sums of a long list", with_rows("".join(f'<row r="{i}">{s}</row>' for i, s in enumerate(sums, 1)))
    texts = "".join(f"<si><t>text number {i} of very many</t></si>" for i in range(1_000_000))
    yield "texts by the million", with_strings(texts)
    yield "formulas in a circle", formulas("A2", "A3", "A1")
    heavy = "SUMPRODUCT((ROW(A1:A99999)*COLUMN(A1:Z1))*(ROW(A1:A99999)&gt;COLUMN(A1:Z1)))"
    yield "formulas that take long", formulas(*[heavy] * 300)
    group = '<row r="1"><c r="A1"><f t="shared" si="0" ref="A1:XFD1048576">B1+$C$1</f></c></row>'
    yield "shared over all", with_rows(group + '<row r="2"><c r="XFD2"><f t="shared" si="0"/></c></row>')
    yield "shared by nobody", with_rows('<row r="1"><c r="A1"><f t="shared" si="99999999999999"/></c></row>')
    up = '<row r="9"><c r="I9"><f t="shared" si="0" ref="A1:I9">A1+B2</f></c></row>'
    yield "shared upwards", with_rows(up + '<row r="10"><c r="A1"><f t="shared" si="0"/></c></row>')
    yield (
        "array over all",
        with_rows('<row r="1"><c r="A1"><f t="array" ref="A1:XFD1048576">ROW(1:1048576)</f></c></row>'),
    )
    table = '<f t="dataTable" ref="B2:XFD9999" dt2D="1" r1="A1" r2="Z99"/>'
    yield "data table", with_rows(f'<row r="2"><c r="B2">{table}<v>1</v></c></row>')
    odd = "".join(f'<c r="{c}1" t="{t}" s="{s}"><v>{v}</v></c>' for c, t, s, v in ODD)
    yield "values that are none", with_rows(f'<row r="1">{odd}</row>')
    for value in ("NaN", "1e999", "-1e999", "0x10", "1_000", ""):
        yield f"value {value}", with_rows(f'<row r="1"><c r="A1"><v>{value}</v></c></row>')
    for attribute in ('s="99999999999999999999"', 's="-1"', 't="s" s="0"', 't="?"'):
        yield f"cell {attribute}", with_rows(f'<row r="1"><c r="A1" {attribute}><v>1</v></c></row>')
    yield "sheets by the thousand", many_sheets(5000)
    titles = ("x" * 40, "a/b", "[1]", "&#10;", "History", "'", "\u202egnp", "=1+1")
    for title in titles:
        yield (
            f"sheet {title[:5]!r}",
            changed("xl/workbook.xml", lambda t, n=title: re.sub('name="Sheet"', f'name="{n}"', t)),
        )
    yield "no sheets", changed("xl/workbook.xml", lambda t: re.sub("<sheets>.*</sheets>", "<sheets/>", t))
    yield (
        "local name of no sheet",
        changed(
            "xl/workbook.xml",
            lambda t: t.replace(
                "</sheets>",
                '</sheets><definedNames><definedName name="a" localSheetId="-7">1</definedName><definedName name="b" localSheetId="x">1</definedName></definedNames>',
            ),
        ),
    )
    yield "control characters", with_rows('<row r="1"><c r="A1" t="inlineStr"><is><t>a&#1;b</t></is></c></row>')
    yield "not UTF-8", zipped(parts | {SHEET: parts[SHEET].replace(b"<sheetData>", b"<sheetData>\xff\xfe")})
    yield "ours asking for a long simulation", ours(base, "request", BIG_REQUEST)
    for request in (
        "{}",
        "[]",
        "null",
        "x",
        '{"years": 1e9}',
        '{"years": "a"}',
        '{"settings": {"gpus": "x"}}',
        "[" * 99_999,
    ):
        yield f"ours asking {request[:12]}", ours(base, "request", request)
    for name in ("/etc/passwd", "../../etc/passwd.toml", "/etc/hostname.toml", "", "x" * 1000):
        yield f"ours of template {name[:20]}", ours(base, "template", name)
    yield "ours with its own template", ours(base, "own_template", "a = " + "[" * 5000)
    yield "ours with assumptions", ours(base, "own_assumptions", 'id,low\n"' + "x," * 5000)
    yield "ours without a generator", ours(base, "generator", "")


ODD = (
    ("A", "s", "0", "-1"),
    ("B", "s", "0", "99999999"),
    ("C", "b", "0", "maybe"),
    ("D", "e", "0", "#WHAT!"),
    ("E", "d", "0", "2026-13-45"),
    ("F", "str", "0", "x" * 40_000),
)


def written(base: bytes, folder: Path) -> Iterator[tuple[str, Path]]:
    """Write each file into a folder; yield its name and path."""
    for number, (name, data) in enumerate(made(base)):
        path = folder / f"{number:03d}.xlsx"
        path.write_bytes(data)
        yield name, path
