"""A simplified copy of a workbook for IronCalc, where it cannot read the file: values and formulas only.

Structured references, 3-D references and unions become plain ranges. What reads another workbook, and a data table, is
kept as the value that is stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from xl_aicost.xlsx.formulas import STRUCTURED, THREE_D
from xl_aicost.xlsx.package import Package, formula_cells
from xl_aicost.xlsx.parts import packed, zipped
from xl_aicost.xlsx.references import Area, Token, address, tokens
from xl_aicost.xlsx.sheet import Cell, Sheet
from xl_aicost.xlsx.tables import table_area
from xl_aicost.xlsx.text import escape, xml_text

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
TYPES = 'xmlns="http://schemas.openxmlformats.org/package/2006/content-types"'
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
EXTERNAL = re.compile(r"\[[^\[\]]*\.xl\w*\]|\[\d+\]")
OF_SHEETS = re.compile(r"('(?:[^']|'')+'|[^\W\d][\w.]*:[^\W\d][\w.]*)!(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)")
RANGE = re.compile(r"(?:'(?:[^']|'')+'|[\w.]+)!\$[A-Z]{1,3}\$\d+(?::\$[A-Z]{1,3}\$\d+)?|.*#REF!.*|")
NESTED = 3  # names in the meaning of names
MOST_FORMULAS, MOST_CHARACTERS = 20_000, 1_000_000  # of a workbook whose names are spelled out
LONGEST_NAME, LONGEST_SPELLED = 200, 2_000  # characters that a name stands for, and of a formula with them
LAMBDA = re.compile(r"_xlfn\.LAMBDA\(|LAMBDA\(")
UNION = re.compile(r"\b(SUM|AVERAGE|MIN|MAX|COUNT|COUNTA|PRODUCT)\(\(((?:[^()\"])+)\)\)")


def needs_copy(package: Package) -> bool:
    """Return whether IronCalc would not understand a workbook, or some of its formulas."""
    if not package.plain or any(_unusual(c) for _, c in formula_cells(package)):
        return True
    names = _spelled_out(package)
    return bool(names) and any(
        _meaning(names, s, t) for s, c in formula_cells(package) for t in tokens(c.formula or "")
    )


def _spelled_out(package: Package) -> dict[tuple[str, str], str]:
    """Return the names, by scope and name in small letters, that IronCalc does not know: of a number, of a formula, of a sheet."""
    names = {
        (scope.lower(), name.lower()): text
        for (scope, name), text in package.names.items()
        if len(text) <= LONGEST_NAME
        and not name.startswith("_xl")
        and not LAMBDA.match(text)
        and (scope or not RANGE.fullmatch(text))
    }
    lengths = [len(c.formula or "") for _, c in formula_cells(package)] if names else []
    return names if len(lengths) <= MOST_FORMULAS and sum(lengths) <= MOST_CHARACTERS else {}


def _meaning(names: Mapping[tuple[str, str], str], sheet: Sheet, token: Token) -> str | None:
    """Return what a name in a formula stands for, or None of one that IronCalc knows and of what is no name."""
    if token.kind != "name":
        return None
    name = token.text.rpartition("!")[2].lower()
    return names.get(((token.sheet or sheet.name).lower(), name)) or names.get(("", name))


def reads_elsewhere(cell: Cell) -> bool:
    """Return whether a formula reads another workbook."""
    return "[" in (cell.formula or "") and bool(EXTERNAL.search(_without_texts(cell.formula or "")))


def reads_spilled(cell: Cell) -> bool:
    """Return whether a formula reads what another one spills into the cells beside it, which IronCalc does not know."""
    return "ANCHORARRAY(" in (cell.formula or "")


def _unusual(cell: Cell) -> bool:
    text = cell.formula or ""
    if "[" in text or reads_spilled(cell) or text == "TABLE()":
        return True
    return ("((" in text and bool(UNION.search(text))) or (":" in text and "!" in text and _three_d(text))


def _without_texts(formula: str) -> str:
    return re.sub(r'"(?:[^"]|"")*"', '""', formula)


def _three_d(formula: str) -> bool:
    return any(m["first"] for m in THREE_D.finditer(formula)) or any(
        ":" in m[1] for m in OF_SHEETS.finditer(formula) if m[1].startswith("'")
    )


def write_copy(package: Package, path: Path) -> None:
    """Write the copy."""
    count, spelled = len(package.sheets), _spelled_out(package)
    numbers = range(1, count + 1)
    sheets = "".join(
        f'<sheet name="{_attribute(s.name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, s in zip(numbers, package.sheets, strict=True)
    )
    order = {s.name: i for i, s in enumerate(package.sheets)}
    names = "".join(
        f'<definedName name="{_attribute(name)}"{_scope(order, scope)}>{escape(text)}</definedName>'
        for (scope, name), text in package.names.items()
        if text and not name.startswith("_xl")
    )
    defined = f"<definedNames>{names}</definedNames>" if names else ""
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET}.worksheet+xml"/>' for n in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{KINDS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types {TYPES}><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SHEET}.styles+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships {RELATIONS}><Relationship Id="rId1" Type="{KINDS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{KINDS}"><sheets>{sheets}</sheets>{defined}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {RELATIONS}>{links}<Relationship Id="rId{count + 1}" '
        f'Type="{KINDS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f"<styleSheet {MAIN}><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>"
        '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf xfId="0"/></cellXfs>'
        '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    }
    for n, sheet in zip(numbers, package.sheets, strict=True):
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f"<worksheet {MAIN}><sheetData>{_rows(package, spelled, sheet)}</sheetData></worksheet>"
        )
    path.write_bytes(zipped([packed(name, text.encode()) for name, text in parts.items()]))


def _attribute(text: str) -> str:
    return xml_text(text).replace('"', "&quot;")


def _scope(order: dict[str, int], scope: str) -> str:
    return f' localSheetId="{order[scope]}"' if scope in order else ""


def _rows(package: Package, names: Mapping[tuple[str, str], str], sheet: Sheet) -> str:
    pieces, row = [], 0
    for at in sorted(sheet.cells):
        if at[0] != row:
            pieces.append(f'{"</row>" if row else ""}<row r="{at[0]}">')
            row = at[0]
        pieces.append(_cell(package, names, sheet, sheet.cells[at]))
    return "".join(pieces) + ("</row>" if row else "")


def _cell(package: Package, names: Mapping[tuple[str, str], str], sheet: Sheet, cell: Cell) -> str:
    at, value = address(cell.row, cell.column), cell.value
    formula = None if cell.formula is None else _plain(package, names, sheet, cell)
    if formula is not None:
        array = f' t="array" ref="{at}"' if cell.array else ""
        return f'<c r="{at}"><f{array}>{xml_text(formula)}</f></c>'
    if cell.kind == "e" and value is not None:
        return f'<c r="{at}" t="e"><v>{escape(str(value))}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if cell.formula is not None and value is None:
        return f'<c r="{at}" t="e"><v>#NAME?</v></c>'  # what reads it has no value either
    if isinstance(value, str):
        return f'<c r="{at}" t="str"><v>{xml_text(value)}</v></c>'
    return "" if value is None else f'<c r="{at}"><v>{value!r}</v></c>'


def _plain(package: Package, names: Mapping[tuple[str, str], str], sheet: Sheet, cell: Cell) -> str | None:
    """Return a formula with plain ranges, or None of one that is not calculated."""
    text = cell.formula or ""
    if text == "TABLE()" or reads_elsewhere(cell) or reads_spilled(cell):
        return None
    for _ in range(NESTED if names else 0):
        pieces = [(t, _meaning(names, sheet, t)) for t in tokens(text)]
        if not any(m for _, m in pieces) or sum(len(m or t.text) for t, m in pieces) > LONGEST_SPELLED:
            break
        text = "".join(f"({m})" if m else f"{t.text}{'(' * (t.kind == 'function')}" for t, m in pieces)
    if "[" in text:
        text = STRUCTURED.sub(lambda m: _range(package, sheet, cell, m), text)
    if ":" in text and "!" in text:
        text = OF_SHEETS.sub(lambda m: _each_sheet(package, m), text)
    return UNION.sub(r"\1(\2)", text) if "((" in text else text


def _range(package: Package, sheet: Sheet, cell: Cell, match: re.Match[str]) -> str:
    if match["table"] is None:
        return match[0]
    area = table_area(match["table"], package.tables, sheet.name, cell.row, cell.column)
    return match[0] if area is None else _written(area)


def _written(area: Area) -> str:
    sheet = area.sheet.replace("'", "''")
    first, last = address(area.top, area.left), address(area.bottom, area.right)
    return f"'{sheet}'!{first}" + ("" if area.single else f":{last}")


def _each_sheet(package: Package, match: re.Match[str]) -> str:
    first, mark, last = match[1].strip("'").replace("''", "'").partition(":")
    names = [s.name.lower() for s in package.sheets]
    if not mark or first.lower() not in names or last.lower() not in names:
        return match[0]
    ends = sorted((names.index(first.lower()), names.index(last.lower())))
    sheets = [s.name.replace("'", "''") for s in package.sheets[ends[0] : ends[1] + 1]]
    return ",".join(f"'{name}'!{match[2]}" for name in sheets)
