"""What an assistant may ask: the library as functions of plain values, with files confined to one folder.

Each answers with a tree of plain values. What a user can put right is an AicostError of one line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from xl_aicost.case import Arguments, Case, model
from xl_aicost.errors import InputError
from xl_aicost.support.numbers import jsonable, number

if TYPE_CHECKING:
    from xl_aicost.review.gate import NotAllowed

Answer = dict[str, object]
MOST = 200  # items of a list; more are counted and left out


class CaseOf(TypedDict, total=False):
    """The case to evaluate; what is left out takes the base case."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]

    scenario: Annotated[str, Field(description="A scenario, as base, glut, scarcity or article-low")]
    chip: Annotated[str, Field(description="Hardware: h100 (the base case), h200, b200, gb200 or gb300")]
    company: Annotated[str, Field(description="Ticker or name of a company on file, as META")]
    year: Annotated[int, Field(description="Fiscal year of the company's figures; the last on file by default")]
    settings: Annotated[dict[str, float], Field(description='Inputs to set, as {"gpus": 12000, "pue": 1.2}')]
    years: Annotated[int, Field(description="Horizon in years, 10 by default")]


What = Annotated[
    Literal["lines", "assumptions", "functions", "companies", "scenarios", "chips", "sources"],
    Field(description="What to list"),
]
Search = Annotated[str, Field(description="Only rows that contain all of these words")]
Lines = Annotated[list[str], Field(description="Ids of lines or inputs, as cluster_capex; list_items shows them")]
Line = Annotated[str, Field(description="Id of a line, as cluster_capex")]
Depth = Annotated[int, Field(ge=0, le=20, description="How many levels of precedents to show")]
File = Annotated[str, Field(description="Name of an xlsx file in the folder")]
NewFile = Annotated[str, Field(description="Name of the xlsx file to write in the folder")]
Template = Annotated[Literal["cluster", "company", "comparison", "board"], Field(description="What kind of workbook")]
Replace = Annotated[bool, Field(description="Whether a file of that name may be replaced")]
Periods = Annotated[str | None, Field(description="A period, or how it begins: FY2025, FY, Q2-2026, GUIDE")]
Bridge = Annotated[str | None, Field(description="Share the change of this line among what changed")]
Allow = Annotated[
    list[str] | None,
    Field(description="What may differ: inputs, choices, the name of a sheet, a range as Inputs!F8:F20"),
]
Typed = Annotated[
    dict[str, float | None], Field(description='Values by input, as {"gpus": 12000}; null makes it blank')
]
NO_CASE: CaseOf = {}
NO_INPUTS: dict[str, float | None] = {}
REFUSED = "refused"  # the key of an answer that is a refusal


class Told(Protocol):
    """Takes a message about progress."""

    def __call__(self, message: str) -> None:
        """Pass a message on."""


def _silent(message: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Assistant:
    """The tools; every file that they read or write is inside `folder`."""

    folder: Path

    def list_items(self, what: What, search: Search = "") -> Answer:
        """List lines, assumptions (the inputs), Excel functions, companies' published figures, scenarios, chips or sources."""
        from xl_aicost.catalogue.listing import listing

        words = search.lower().split()
        rows = [r for r in listing(what) if all(w in " ".join(map(str, r.values())).lower() for w in words)]
        return {"what": what, "count": len(rows), "items": rows}

    def evaluate(self, lines: Lines, case: CaseOf = NO_CASE) -> Answer:
        """Give the values of lines, with unit and label, in a case: base, a scenario, a company, inputs of your own."""
        resolved = _case(case)
        rows = resolved.assumptions.rows
        values = []
        for line in lines:
            value = resolved.evaluate(line)
            item = model().lines.get(line) or rows[line]
            values.append({"line": line, "label": item.label, "value": value, "unit": item.unit})
        return {**resolved.summary, "values": values}

    def explain(self, line: Line, case: CaseOf = NO_CASE, depth: Depth = 1) -> Answer:
        """Explain a line: formula, value, unit and source of it and of what it is made from."""
        from xl_aicost.catalogue.explain import explain

        resolved = _case(case)
        return {**resolved.summary, **_cut(explain(line, resolved).as_dict(), depth)}

    def claims(self) -> Answer:
        """Judge the article's claims: does its arithmetic add up, and what do independent figures say, as of when."""
        from xl_aicost.catalogue.claims import verdicts

        return {"claims": [v.as_dict() for v in verdicts()]}

    def facts(self, company: str | None = None, period: Periods = None, measure: str | None = None) -> Answer:
        """Give published figures of companies: period, unit, definition, kind and source. Give a company or a measure."""
        from xl_aicost.assumptions import load_facts, load_sources
        from xl_aicost.assumptions.figures import company_id
        from xl_aicost.catalogue.listing import facts_of

        chosen = facts_of(load_facts(), company_id(company) if company else None, period, measure)
        cited = {f.source for f in chosen}
        titles = {i: f"{s.title}, {s.publisher}, {s.date}" for i, s in load_sources().items() if i in cited}
        return {"facts": [asdict(f) | {"period_end": str(f.period_end)} for f in chosen], "sources": titles}

    def build(
        self,
        file: NewFile,
        template: Template = "cluster",
        case: CaseOf = NO_CASE,
        replace: Replace = False,
        tell: Told = _silent,
    ) -> Answer:
        """Build a finance workbook of live formulas in the folder; says whether its checks hold."""
        from xl_aicost.workbook.build import build

        path = self._path(file)
        if path.exists() and not replace:
            raise InputError(f"{file} exists: give another name, or allow to replace it")
        built = build(template, path, progress=tell, **_arguments(case))
        return built.as_dict() | {"path": file}

    def edit(
        self,
        file: File,
        inputs: Typed = NO_INPUTS,
        scenario: Annotated[str | None, Field(description="The scenario to show")] = None,
        save_as: Annotated[str | None, Field(description="Name of a new file; the file itself by default")] = None,
        tell: Told = _silent,
    ) -> Answer:
        """Type inputs into a workbook that build made, each into its own cell, and recalculate; formulas stay as they are."""
        from xl_aicost.hosts.attach import attach

        path = self._path(save_as) if save_as else None
        if path is not None and path.exists():
            raise InputError(f"{save_as} exists: give another name")
        model = attach(self._file(file))
        for name, value in inputs.items():
            model[name] = value
        if scenario is not None:
            model.scenario = scenario
        tell("calculating")
        results = [{"line": n, "value": v, "unit": model.unit(n)} for n, v in model.results.items()]
        tell("saving")
        model.save(path)
        typed = [{"input": n, "value": v, "unit": model.unit(n)} for n, v in model.typed.items()]
        return {"path": save_as or file, "scenario": model.scenario, "typed": typed, "results": results}

    def read(self, file: File, tell: Told = _silent) -> Answer:
        """Read a workbook that build made: which inputs were edited, results, and how it was built."""
        from xl_aicost.review.read import read

        tell(f"reading {file}")
        workbook = read(self._file(file))
        told = workbook.as_dict()
        answer = {k: told[k] for k in ("changes", "choices", "outputs", "provenance")}
        if all(output.value is None for output in workbook.outputs.values()):
            answer["notes"] = [f"{file} holds no values of its formulas: edit without inputs calculates them"]
        return answer

    def audit(self, file: File, tell: Told = _silent) -> Answer:
        """Audit any xlsx: errors, overwritten formulas, breaches of modelling rules, and what was not checked."""
        from xl_aicost.review.audit import audit

        tell(f"auditing {file}")
        return audit(self._file(file)).as_dict()

    def diff(self, old: File, new: File, bridge: Bridge = None, allow: Allow = None, tell: Told = _silent) -> Answer:
        """Show what differs between two workbooks; refused if more differs than `allow` names. `bridge` explains a change."""
        from xl_aicost.review import bridge as bridge_of
        from xl_aicost.review import diff, not_allowed

        tell(f"comparing {old} with {new}")
        comparison = diff(self._file(old), self._file(new))
        answer: Answer = comparison.as_dict()
        if allow is not None:
            moved = not_allowed(comparison, allow)
            answer = (
                {REFUSED: _refusal(moved), "not_allowed": [m.as_dict() for m in moved], **answer} if moved else answer
            )
        if bridge is None:
            return answer
        if comparison.workbooks is None:
            raise InputError(f"a bridge needs two workbooks of xl-aicost; {comparison.notes[-1]}")
        tell(f"sharing the change of {bridge}")
        return answer | {"bridge": bridge_of(*comparison.workbooks, bridge).as_dict()}

    def _path(self, name: str) -> Path:
        """Return the path of a file of the folder; links that lead out of it are refused as well."""
        folder = self.folder.resolve()
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or path == folder:
            raise InputError(f"{name!r} is not a file of the folder {self.folder}")
        return path

    def _file(self, name: str) -> Path:
        path = self._path(name)
        if not path.is_file():
            there = sorted(p.name for p in self.folder.glob("*.xlsx"))[:10]
            raise InputError(f"there is no file {name!r}; there are {', '.join(there) or 'no xlsx files'}")
        return path


def _refusal(moved: Sequence[NotAllowed]) -> str:
    """Return in one line what moved that was not allowed to."""
    places = [
        f"{'!'.join(p for p in (m.difference.sheet, m.difference.cell) if p)} ({m.difference.kind})" for m in moved
    ]
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    return f"{', '.join(places[:3])}{more} changed, which was not allowed; put back what stood there"


def _arguments(case: CaseOf) -> Arguments:
    return {
        "scenario": case.get("scenario"),
        "chip": case.get("chip"),
        "company": case.get("company"),
        "year": case.get("year"),
        "settings": case.get("settings"),
        "years": case.get("years"),
    }


def _case(case: CaseOf) -> Case:
    return Case.of(**_arguments(case))


def _cut(node: Mapping[str, object], depth: int) -> Answer:
    """Return a node of an explanation with so many levels of precedents."""
    precedents = node["precedents"]
    assert isinstance(precedents, tuple | list)
    kept = [_cut(p, depth - 1) for p in precedents] if depth else []
    return {**node, "precedents": kept} if kept else {k: v for k, v in node.items() if k != "precedents"}


def shortened(value: object) -> object:
    """Return a tree fit for JSON with long lists cut; the number of items left out replaces them.

    >>> len(shortened({"cells": list(range(500))})["cells"])
    201
    """
    value = jsonable(value)
    if isinstance(value, dict):
        return {k: shortened(v) for k, v in value.items()}
    if isinstance(value, list):
        kept = [shortened(v) for v in value[:MOST]]
        return [*kept, f"{len(value) - MOST} more are left out"] if len(value) > MOST else kept
    return value


def as_text(value: object, indent: str = "") -> str:
    """Return a tree of plain values as lines that a person reads.

    >>> print(as_text({"scenario": "base", "values": [{"line": "pue", "value": 1.15}]}))
    scenario: base
    values:
      - line: pue; value: 1.15
    >>> print(as_text([{"line": "payback_years", "value": None, "unit": "years"}]))
    - line: payback_years; value: n/a; unit: years
    """
    if isinstance(value, dict):
        return "\n".join(_entry(k, v, indent) for k, v in value.items() if _is_said(k, v, value))
    if isinstance(value, list):
        return "\n".join(f"{indent}- {_item(v, indent)}" for v in value)
    return f"{indent}{number(value)}"


def _is_said(key: str, value: object, beside: Mapping[str, object]) -> bool:
    """Return whether an entry is shown: what is empty is not, but a value that has a unit is n/a where there is none."""
    return value not in (None, "", [], {}) or (key == "value" and "unit" in beside)


def _entry(key: str, value: object, indent: str) -> str:
    is_branch = isinstance(value, dict) or (isinstance(value, list) and any(isinstance(v, dict | list) for v in value))
    if is_branch:
        return f"{indent}{key}:\n{as_text(value, indent + '  ')}"
    return f"{indent}{key}: {', '.join(map(_spelled, value)) if isinstance(value, list) else _spelled(value, key)}"


def _item(value: object, indent: str) -> str:
    if not isinstance(value, dict):
        return _spelled(value)
    leaves = {k: v for k, v in value.items() if not isinstance(v, dict | list)}
    branches = {k: v for k, v in value.items() if k not in leaves}
    line = "; ".join(_entry(k, v, "") for k, v in leaves.items() if _is_said(k, v, leaves))
    below = as_text(branches, indent + "    ")
    return f"{line}\n{below}" if below else line


def _spelled(value: object, key: str = "") -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "n/a"
    return str(value) if key == "year" else number(value)
