"""The inputs of a workbook that came back: as a table of pandas, and as rows of the file that `build --assumptions` takes."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from xl_aicost.assumptions import Assumption
from xl_aicost.assumptions.loader import ASSUMPTION_COLUMNS, NOT_AVAILABLE, table_from_text
from xl_aicost.assumptions.table import guarded
from xl_aicost.case import Arguments, Origin
from xl_aicost.support.numbers import same
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.scenarios import select
from xl_aicost.workbook.template import BASE, COMPANY, RANGE, TYPED

if TYPE_CHECKING:
    import pandas as pd

    from xl_aicost.review.read import ReturnedWorkbook

COLUMNS = ("input", "label", "value", "unit", "origin", "source", "low", "high")


def input_table(workbook: ReturnedWorkbook) -> pd.DataFrame:
    """Return one row an input: what it is in the scenario shown, its unit, origin and source, and the ends of its range.

    What was typed since the workbook was made has no source, and its origin says so. A figure that is n/a is NaN.
    """
    import pandas as pd

    table = pd.DataFrame(_rows(workbook), columns=list(COLUMNS))
    return table.astype({"value": float, "low": float, "high": float})


def _rows(workbook: ReturnedWorkbook) -> Iterator[tuple[object, ...]]:
    book, shown = workbook.built, str(workbook.choices["scenario"])
    live, changed = workbook.live_inputs(shown), {(c.id, c.scenario) for c in workbook.changes}
    case, request = book.edition.case, {n: workbook.request[n] for n in ("scenario", "chip", "company", "year")}
    column = select(book.template, shown, **request, assumptions=case.assumptions, facts=case.facts).case
    for i, row in workbook.input_values.items():
        item, at = book.assumptions[i], next(c for c in (TYPED, shown, BASE) if row.get(c) is not None)
        origin = (case if at == TYPED else column).origins[i]
        if (i, at) in changed:
            origin = Origin("setting", "", "typed in the workbook")
        yield i, item.label, live[i], item.unit, origin.note, origin.source, *(row[end] for end in RANGE)


def overlay_text(workbook: ReturnedWorkbook) -> str:
    """Return the inputs of a workbook that differ from what its template alone gives, as a table of assumptions."""
    arguments: Arguments = {name: workbook.request[name] for name in ("scenario", "chip", "company", "year")}  # type: ignore[assignment]
    shipped, scenarios = assemble(workbook.built.template, **arguments), workbook.built.template.overlay_scenarios
    before = {n: workbook.built_column(n, shipped) for n in workbook.input_columns}
    titles = {COMPANY: workbook.built.edition.company}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*ASSUMPTION_COLUMNS, *scenarios])
    for i, values in workbook.input_values.items():
        if (
            any(not same(before[n].get(i), values[n]) for n in values)
            or workbook.built.assumptions[i] != shipped.assumptions[i]
        ):
            row = {n: values.get(titles.get(n, n)) for n in (BASE, *RANGE, *scenarios)}
            writer.writerow(_overlay_row(workbook.built.assumptions[i], row, scenarios))
    table_from_text(f"{workbook.package.path}", out.getvalue(), scenarios)
    return out.getvalue()


def _overlay_row(item: Assumption, values: Mapping[str, float | None], scenarios: tuple[str, ...]) -> list[str]:
    """Return an input with its values in the workbook as a row of a table of assumptions."""
    low, base, high = (item.base if v is None else v for v in map(values.get, (RANGE[0], BASE, RANGE[1])))
    note = item.note
    if (low, base, high) != (item.low, item.base, item.high):
        was = f"edited in the workbook; it was {item.low:.15g}, {item.base:.15g}, {item.high:.15g}"
        note = f"{note}; {was}" if note else was
    if not low <= base <= high and "unordered" not in note:
        note += "; unordered"
    numbers = [f"{v:.17g}" for v in (low, base, high, item.min, item.max)]
    extra = ["" if v is None else NOT_AVAILABLE if math.isnan(v) else f"{v:.17g}" for v in map(values.get, scenarios)]
    texts = (item.id, item.label, item.unit, item.kind, item.source, note)
    name, meaning, unit, kind, source, said = map(guarded, texts)
    return [name, meaning, unit, *numbers, kind, source, said, *extra]
