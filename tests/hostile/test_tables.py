"""Texts that somebody may put into a table or a template: they stay texts, all of them, in workbooks that open."""

import csv
import re
import zipfile
from itertools import zip_longest

import openpyxl
import pytest

from xl_aicost.errors import DataError
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.review.verify import verify
from xl_aicost.support.share import share
from xl_aicost.workbook.batch import LONGEST_NAME, batch, manifest
from xl_aicost.workbook.build import build
from xl_aicost.workbook.layout import lane_sheets
from xl_aicost.xlsx.package import formula_cells, open_package
from xl_aicost.xlsx.text import LONGEST, cell_text, from_xml, units, xml_text

MARK = "Evil"
TEXTS = [
    f"=1+1&{MARK}",
    f"+{MARK}",
    f"-{MARK}",
    f"@SUM({MARK})",
    f"\t={MARK}",
    f"\r={MARK}",
    f'=HYPERLINK("http://127.0.0.1/{MARK}","click")',
    f"=cmd|' /C calc'!{MARK}",
    f'=DDE("cmd","/C calc","{MARK}")',
    f"'={MARK}",
    f"{MARK} \u202egnp.exe\u202c \u200f",
    f"{MARK} \U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001d54f",
    f"{MARK} _x0041_ _x000D_",
    f'{MARK} & <b>"quoted"</b> ]]> &amp; {{x}} %s',
    f"{MARK} [a]:*?/\\ " + "x" * 20,
    f"{MARK} \u2028 \u00a0 \ufeff end",
    "Évil Ünïted 株式会社",
]
CONTROL = f"{MARK} \x01\x02\x07\x1b[2J end"


def texts_of(path):
    """Return every text of a workbook as our reader has it, and every formula without its quoted texts."""
    package = open_package(path)
    values = {c.value for s in package.sheets for c in s.cells.values() if isinstance(c.value, str)}
    formulas = [re.sub(r'"(?:[^"]|"")*"', '""', c.formula) for _, c in formula_cells(package)]
    return values, formulas


def opens(paths, libreoffice):
    """Return the workbooks as openpyxl reads them and as LibreOffice saved them again."""
    again = libreoffice(paths)
    return [
        (openpyxl.load_workbook(p), openpyxl.load_workbook(q, data_only=True))
        for p, q in zip(paths, again, strict=True)
    ]


def test_names_of_companies(tmp_path, libreoffice):
    names = [*TEXTS, "Same Name", "SAME NAME", "same name", CONTROL, "x" * 32_768]
    with (tmp_path / "companies.csv").open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerows([["name", "headcount"], *([n, 1000 + i] for i, n in enumerate(names))])
    assert batch(tmp_path / "companies.csv", tmp_path / "out") == len(names)
    entries = list(manifest(tmp_path / "out"))
    assert [e.checks for e in entries] == ["OK"] * len(names)
    assert len({e.file.lower() for e in entries}) == len(names)
    paths = [tmp_path / "out" / e.file for e in entries]
    for name, path, (plain, office) in zip(names, paths, opens(paths, libreoffice), strict=True):
        wanted = "".join(" " if c < " " else c for c in name).strip()
        if name.startswith("'="):
            wanted = name[1:]
        if len(name) > LONGEST_NAME:
            wanted = f"{name[:LONGEST_NAME]}... [shortened: 32,768 characters]"
        title = f"AI spending against payroll: {wanted}"
        values, formulas = texts_of(path)
        assert wanted in values
        assert not [f for f in formulas if MARK in f]
        assert from_xml(office["Answer"]["B2"].value) == wanted  # openpyxl leaves the escapes in results of formulas
        assert {c.data_type for row in plain["Feed"]["B5:B8"] for c in row} <= {"s", "n", "inlineStr"}
        assert plain.properties.title == title
        assert verify(path).verdict == "identical"
    with (tmp_path / "out" / "manifest.csv").open(newline="", encoding="utf-8") as file:
        shown = [row["name"] for row in csv.DictReader(file)]
    assert not [s for s in shown if s[:1] in "=+-@\t\r"]


def overlay(path, texts):
    """Write all assumptions; their notes and labels are some texts, and for the rest one that looks like a formula."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "label", "unit", "low", "base", "high", "min", "max", "kind", "source", "note"])
        for row, text in zip_longest(rows(), texts, fillvalue=TEXTS[0]):
            given = (row[k] for k in ("unit", "low", "base", "high", "min", "max", "kind"))
            lines.writerow([row["id"], text, *given, "https://example.org/a?b=1&c=2", f"{text} unordered"])


def rows():
    from xl_aicost.assumptions.loader import HERE

    with (HERE / "assumptions.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_notes_and_labels_of_assumptions(tmp_path, libreoffice):
    texts = [*TEXTS, CONTROL, "y" * 32_768, "\U0001f600" * 20_000]
    overlay(tmp_path / "own.csv", texts)
    built = build("cluster", tmp_path / "book.xlsx", assumptions=tmp_path / "own.csv")
    assert built.checks == "OK"
    values, formulas = texts_of(tmp_path / "book.xlsx")
    assert not [f for f in formulas if MARK in f]
    [(_, office)] = opens([tmp_path / "book.xlsx"], libreoffice)
    column = [c.value for c in office["Inputs"]["B"]]
    for text in texts:
        wanted = cell_text((text[1:] if text.startswith("'=") else text).strip())
        assert wanted in values
        if text.isprintable() and "_x" not in text and len(text) < 1000:
            assert wanted in column
    shortened = [v for v in values if "[shortened: 32,768 characters]" in v]
    assert shortened
    assert units(shortened[0]) <= LONGEST
    ours = ReturnedWorkbook(open_package(tmp_path / "book.xlsx"))
    assert ours.facts["own_assumptions"] == (tmp_path / "own.csv").read_bytes().decode()
    assert verify(tmp_path / "book.xlsx").verdict == "identical"
    (tmp_path / "back.csv").write_bytes(ours.overlay().encode())
    assert not re.search(r"(?m)^(?:[^\n]*,)?[=+@]", ours.overlay())
    again = build("cluster", tmp_path / "again.xlsx", assumptions=tmp_path / "back.csv")
    assert texts_of(tmp_path / "again.xlsx")[0] >= {cell_text(t.strip()) for t in texts if t[:2] != "'="}
    assert again.checks == "OK"


@pytest.mark.parametrize("key", ["title", "question", "answer", "purpose", "owner", "limits", "name"])
@pytest.mark.parametrize("text", [*TEXTS[:2], TEXTS[6], TEXTS[9], TEXTS[12], TEXTS[13], CONTROL])
def test_texts_of_a_template(tmp_path, key, text):
    plan = (share("workbooks") / "company.toml").read_text(encoding="utf-8")
    text = text.replace("{x}", "") if key in ("answer", "question") else text
    quoted = '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\u{ord(c):04X}" for c in text) + '"'
    if key == "limits":
        plan = re.sub(r"(?s)limits = \[.*?\]", lambda _: f"limits = [{quoted}]", plan, count=1)
    else:
        plan, replaced = re.subn(rf"(?m)^{key} = .*$", lambda _: f"{key} = {quoted}", plan, count=1)
        plan = plan if replaced else f"{key} = {quoted}\n{plan}"
    (tmp_path / "own.toml").write_text(plan, encoding="utf-8")
    built = build(str(tmp_path / "own.toml"), tmp_path / "book.xlsx")
    assert built.checks == "OK"
    values, formulas = texts_of(tmp_path / "book.xlsx")
    assert not [f for f in formulas if MARK in f]
    if key == "title":
        title = openpyxl.load_workbook(tmp_path / "book.xlsx").properties.title
        assert title == "".join(" " if c < " " else c for c in text).strip()
    assert key in ("name", "title") or any(text in v for v in values)
    assert verify(tmp_path / "book.xlsx").verdict == "identical"
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        for part in archive.namelist():
            assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", archive.read(part))


def test_names_of_scenarios_become_sheets_that_differ(tmp_path, libreoffice):
    """Each lane's own values stand on its own sheet, whatever its name."""
    names = ["A-B", "A B", "a[b]:*?/\\", "x" * 40, "x" * 40 + "y", "Live", "株式会社"]
    plan = (share("workbooks") / "company.toml").read_text(encoding="utf-8")
    head, brand, tail = plan.partition("[grid]")
    lanes = ", ".join(f"'{n}'" for n in names)
    head = re.sub(r"(?m)^lanes = .*$", lambda _: f"lanes = [{lanes}]", head)
    for i, name in enumerate(names):
        head += f"[[scenarios]]\nname = '{name}'\nsettings = {{ headcount = {1000 * (i + 1)} }}\n\n"
    (tmp_path / "own.toml").write_text(head + brand + tail, encoding="utf-8")
    assert build(str(tmp_path / "own.toml"), tmp_path / "book.xlsx").checks == "OK"
    [(plain, office)] = opens([tmp_path / "book.xlsx"], libreoffice)
    sheets = lane_sheets(names)
    assert len({s.lower() for s in sheets}) == len(names)
    assert all(len(s) <= 31 and not re.search(r"[\[\]:*?/\\]", s) for s in plain.sheetnames)
    for i, sheet in enumerate(sheets):
        assert 1000 * (i + 1) in [c.value for c in office[sheet]["D"]]


@pytest.mark.parametrize("names", [("Same", "same"), ("=1+1",), ("",), ("a\x01",), ("x" * 61,), ("@x",)])
def test_names_of_scenarios_that_are_refused(tmp_path, names):
    plan = (share("workbooks") / "company.toml").read_text(encoding="utf-8")
    head, brand, tail = plan.partition("[grid]")
    for name in names:
        head += f'[[scenarios]]\nname = "{name.encode("unicode_escape").decode().replace(chr(92) + "x", chr(92) + "u00")}"\n\n'
    (tmp_path / "own.toml").write_text(head + brand + tail, encoding="utf-8")
    with pytest.raises(DataError, match=r"twice|is no name"):
        build(str(tmp_path / "own.toml"), tmp_path / "book.xlsx")
    assert not (tmp_path / "book.xlsx").exists()


def test_text_comes_back_from_xml_as_it_was():
    for text in [*TEXTS, CONTROL, "_x0041_", "_x005F_x0041_", "\ud800", "_x", "__x0000__x0001_", "\ufffe"]:
        stored = xml_text(text)
        assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", stored)
        back = stored.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert from_xml(back) == text
