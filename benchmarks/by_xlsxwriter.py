"""A workbook of ours read into plain data, and written from that by XlsxWriter: cells, values, styles, charts, the rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries


@dataclass(frozen=True)
class Record:
    """What XlsxWriter is given."""

    sheets: list[dict[str, Any]]
    names: dict[str, str]
    cells: int
    charts: int


def recorded(path: Path) -> Record:
    """Read a workbook once; this is not measured."""
    book, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    sheets = []
    for ws in book.worksheets:
        cells = []
        for row in ws.iter_rows():
            for c in row:
                if c.value is not None or c.has_style:
                    value = values[ws.title].cell(c.row, c.column).value
                    cells.append((c.row - 1, c.column - 1, c.value, value, c.data_type, _look(c), c.hyperlink))
        sheets.append(
            {
                "title": ws.title,
                "cells": cells,
                "widths": {k: d.width for k, d in ws.column_dimensions.items()},
                "heights": {k: d.height for k, d in ws.row_dimensions.items() if d.height},
                "merged": [r.bounds for r in ws.merged_cells.ranges],
                "rules": [(str(v.sqref), v) for v in ws.data_validations.dataValidation],
                "charts": [(coordinate_to_tuple(_at(c)), c) for c in ws._charts],
                "breaks": [b.id for b in ws.row_breaks.brk],
                "freeze": ws.freeze_panes,
            }
        )
    names = {n: d.attr_text for n, d in book.defined_names.items()}
    return Record(sheets, names, sum(len(s["cells"]) for s in sheets), sum(len(s["charts"]) for s in sheets))


def _at(chart: Any) -> str:
    start = chart.anchor._from
    return f"{openpyxl.utils.get_column_letter(start.col + 1)}{start.row + 1}"


def _look(cell: Any) -> tuple[Any, ...]:
    colour = cell.font.color.rgb[-6:] if cell.font.color and isinstance(cell.font.color.rgb, str) else None
    fill = cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type else None
    a, b = cell.alignment, cell.border
    return (
        *(cell.font.name, cell.font.sz, cell.font.b, cell.font.i, cell.font.u, colour, fill, cell.number_format),
        *(a.horizontal, a.vertical, a.wrap_text, a.indent),
        *(edge.style if edge else None for edge in (b.top, b.bottom, b.left, b.right)),
        cell.protection.locked,
    )


def _format(book: Any, look: tuple[Any, ...]) -> Any:
    name, size, bold, italic, underline, colour, fill, number, across, down, wrap, indent, *edges, locked = look
    found = {"font_name": name, "font_size": size, "bold": bool(bold), "italic": bool(italic), "num_format": number}
    found |= {"font_color": f"#{colour}"} if colour else {}
    found |= {"bg_color": f"#{fill}"} if fill else {}
    found |= {"underline": 1} if underline else {}
    found |= {"align": across} if across else {}
    found |= {"valign": {"center": "vcenter"}.get(down, down)} if down else {}
    found |= {"text_wrap": True} if wrap else {}
    found |= {"indent": int(indent)} if indent else {}
    found |= {k: 1 for k, e in zip(("top", "bottom", "left", "right"), edges, strict=True) if e}
    return book.add_format(found | {"locked": bool(locked)})


def written(record: Record, path: Path) -> None:
    """Write the record; this is what is measured."""
    book = xlsxwriter.Workbook(str(path))
    formats: dict[Any, Any] = {}
    for name in record.sheets:
        book.add_worksheet(name["title"])
    for sheet in record.sheets:
        ws = book.get_worksheet_by_name(sheet["title"])
        for row, column, content, value, kind, look, link in sheet["cells"]:
            form = formats.get(look)
            if form is None:
                form = formats[look] = _format(book, look)
            if link is not None and content is not None:
                url = f"internal:{link.location}" if link.location else str(link.target)
                ws.write_url(row, column, url, form, str(content))
            elif content is None:
                ws.write_blank(row, column, None, form)
            elif kind == "f":
                ws.write_formula(row, column, content, form, value)
            elif kind == "s":
                ws.write_string(row, column, content, form)
            else:
                ws.write_number(row, column, content, form)
        for letters, width in sheet["widths"].items():
            ws.set_column(f"{letters}:{letters}", width)
        for row, height in sheet["heights"].items():
            ws.set_row(row - 1, height)
        for left, top, right, bottom in sheet["merged"]:
            first = next((c for c in sheet["cells"] if c[:2] == (top - 1, left - 1)), None)
            ws.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", formats.get(first[5]) if first else None)
            if first and first[4] == "f":
                ws.write_formula(top - 1, left - 1, first[2], formats[first[5]], first[3])
            elif first:
                ws.write_string(top - 1, left - 1, str(first[2] or ""), formats[first[5]])
        _add_rules(ws, sheet["rules"])
        for (row, column), chart in sheet["charts"]:
            ws.insert_chart(row - 1, column - 1, _chart(book, chart))
        ws.set_h_pagebreaks(sheet["breaks"])
        ws.set_landscape()
        ws.set_paper(9)
        ws.fit_to_pages(1, 0)
        ws.set_footer("&L&F&C&A&R&P of &N")
        ws.hide_gridlines(2)
        ws.protect()
        if sheet["freeze"]:
            ws.freeze_panes(sheet["freeze"])
    for name, at in record.names.items():
        book.define_name(name, f"={at}")
    book.close()


def _add_rules(ws: Any, rules: list[tuple[str, Any]]) -> None:
    kinds = {"whole": "integer", "textLength": "length"}
    for cells, rule in rules:
        left, top, right, bottom = range_boundaries(cells.split()[0])
        options = {"validate": kinds.get(rule.type, rule.type), "input_title": (rule.promptTitle or "")[:32]}
        options |= {"input_message": (rule.prompt or "")[:255], "error_message": (rule.error or "")[:255]}
        if rule.type == "list":
            text = rule.formula1
            options["source"] = text.strip('"').split(",") if text.startswith('"') else f"={text}"
        else:
            options |= {"criteria": "between", "minimum": _number(rule.formula1), "maximum": _number(rule.formula2)}
            if rule.type == "date":
                options["validate"] = "decimal"
        ws.data_validation(top - 1, left - 1, bottom - 1, right - 1, options)


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return f"={text}"


def _chart(book: Any, source: Any) -> Any:
    lines = type(source).__name__ == "LineChart"
    kind = "line" if lines else {"bar": "bar", "col": "column"}[source.type]
    stacked = {"subtype": "stacked"} if not lines and source.grouping == "stacked" else {}
    chart = book.add_chart({"type": kind} | stacked)
    for series in source.series:
        tx, cat = series.tx, series.cat
        name = {"name": f"={tx.strRef.f}"} if tx is not None and tx.strRef else {"name": tx.v} if tx is not None else {}
        reference = (cat.strRef or cat.numRef).f if cat is not None else None
        chart.add_series(
            name | {"values": f"={series.val.numRef.f}"} | ({"categories": f"={reference}"} if reference else {})
        )
    chart.set_title({"name": "A title"})
    chart.set_y_axis({"name": "A unit", "num_format": "#,##0"})
    chart.set_legend({"position": "bottom"})
    return chart
