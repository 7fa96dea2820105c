"""Read edited inputs back from a workbook, and build the workbook that it was again."""

from __future__ import annotations

import math
import shlex
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from openpyxl.cell.cell import Cell as BuiltCell
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string
from openpyxl.utils.exceptions import CellCoordinatesException

from xl_aicost import __version__
from xl_aicost.assumptions.facts import facts_from_text
from xl_aicost.assumptions.loader import table_from_text
from xl_aicost.case import PERIODS
from xl_aicost.errors import AicostError, IncompleteError, InputError, UnknownNameError
from xl_aicost.review.input_table import input_table, overlay_text
from xl_aicost.review.moves import Moves
from xl_aicost.review.places import moves_of
from xl_aicost.review.provenance import own_file, provenance_of, request_of, template_of
from xl_aicost.review.wrong_inputs import ChoiceCell, WrongInput, is_missing, problem_of, wrong_choices
from xl_aicost.support.files import is_inside
from xl_aicost.support.numbers import same
from xl_aicost.support.values import CellValue
from xl_aicost.workbook.book import Book, from_typed
from xl_aicost.workbook.build import Options, assemble, assembled_beside, rebuilt_parts
from xl_aicost.workbook.layout import SCENARIO_ROW
from xl_aicost.workbook.sheets.control import chosen
from xl_aicost.workbook.template import BASE, RANGE, TYPED, shipped_templates
from xl_aicost.xlsx.package import Package, open_package
from xl_aicost.xlsx.references import address

if TYPE_CHECKING:
    import pandas as pd

OF_COMPANY = {"scenario", "chip", "company", "year", "settings"}
OF_CASE = {*OF_COMPANY, "years", "periods_per_year"}
Made = TypeVar("Made")
REQUEST = {*OF_CASE, *(f.name for f in fields(Options))}


@dataclass(frozen=True)
class InputChange:
    """An input or a choice that is not what it was when the file was made; scenario "" for a choice."""

    id: str
    scenario: str
    old: object
    new: object


class Output(NamedTuple):
    """A headline result as it is stored, and its unit."""

    value: CellValue
    unit: str


def read(path: Path) -> ReturnedWorkbook:
    """Return a workbook that xl-aicost built, with the inputs that people typed into it since.

    Raises DataError for a file that is no readable xlsx, InputError for one that xl-aicost did not make, and
    IncompleteError for one that is past the limits of what is read.

    >>> import tempfile
    >>> from xl_aicost.workbook.build import build
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "company.xlsx"
    ...     _ = build("company", path, settings={"pue": 1.25})
    ...     workbook = read(path)
    >>> workbook.inputs.query("origin == 'your setting'")[["input", "value", "unit"]].values.tolist(), workbook.changes
    ([['pue', 1.25, 'ratio']], [])
    """
    package = open_package(path)
    workbook = ReturnedWorkbook(package)
    if package.left_out:
        raise IncompleteError(f"{path}: not read in full: {package.left_out[0]}")
    return workbook


class ReturnedWorkbook:
    """A workbook that xl-aicost built, as it came back.

    Raises InputError for one that it did not make, and IncompleteError where reading stopped before that can be told.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self.facts = provenance_of(package)
        if "request" in self.facts:
            return
        sheet = package.sheet("Provenance")
        if sheet is not None and sheet.read_to is not None:
            raise IncompleteError(f"{package.path}: reading stopped before the Provenance sheet: {package.left_out[0]}")
        raise InputError(f"{package.path}: not made by xl-aicost (it has no Provenance sheet that says so)")

    @property
    def same_version(self) -> bool:
        """Whether the version that made it is the one that runs."""
        return self.facts["generator"] == f"xl-aicost {__version__}"

    @cached_property
    def request(self) -> dict[str, Any]:
        """The arguments of the build. Raises InputError where they cannot be read."""
        request = request_of(self.facts) or {}
        if request.keys() == REQUEST and all(isinstance(request[k], dict) for k in ("settings", "choices")):
            return request
        raise InputError(f"{self.package.path}: its Provenance sheet was not written by this version")

    @cached_property
    def built(self) -> Book:
        """The workbook as it was made, in memory. Raises AicostError where this version cannot make it."""
        return self._made(assemble)

    def build_beside(self, other: ReturnedWorkbook) -> None:
        """Build this workbook and another one, at once where they differ in what their cells hold alone."""
        if self.facts == other.facts:
            self.built = other.built
        elif self._plan == other._plan:
            other.built, self.built = self._made(partial(assembled_beside, other.built))

    @property
    def _plan(self) -> tuple[dict[str, str], dict[str, object]]:
        """What two workbooks share that are made of one: facts, horizon and options."""
        facts = {k: v for k, v in self.facts.items() if k not in ("request", "typed_inputs")}
        return facts, {k: v for k, v in self.request.items() if k not in OF_COMPANY}

    def _made(self, make: Callable[..., Made]) -> Made:
        """Return what a function makes of the arguments of the build. Raises AicostError where this version cannot."""
        try:
            request, name = self.request, self.facts["template"]
            if own_file(self.facts, "own_template") is None and name not in shipped_templates():
                raise UnknownNameError("template", name, shipped_templates())
            plan = template_of(self.facts, self.package.path)
            if plan.brand.logo and not is_inside(Path(plan.folder), plan.brand.logo):
                plan = replace(plan, brand=replace(plan.brand, logo=""))  # a picture stands in no cell
            text, own_facts = own_file(self.facts, "own_assumptions"), own_file(self.facts, "own_facts")
            table = None if text is None else table_from_text("own_assumptions", text, plan.overlay_scenarios)
            facts = None if own_facts is None else facts_from_text("own_facts", own_facts)
            return make(plan, **request, assumptions=table, facts=facts)
        except AicostError:
            raise
        except Exception as error:
            if isinstance(error.__context__, KeyboardInterrupt):  # openpyxl takes any exception for a wrong value
                raise KeyboardInterrupt from None
            raise InputError(
                f"{self.package.path}: it cannot be rebuilt from its Provenance sheet ({error})"
            ) from error

    @cached_property
    def rebuilt(self) -> dict[str, bytes]:
        """The parts of the file as this version builds it. Raises AicostError where this version cannot make it."""
        return rebuilt_parts(self.built)

    @cached_property
    def identical(self) -> bool:
        """Whether every part of the file is byte for byte what this version builds, however it is compressed."""
        with zipfile.ZipFile(self.package.path) as archive:
            same_names = archive.namelist() == list(self.rebuilt)
            return same_names and all(archive.read(name) == data for name, data in self.rebuilt.items())

    @cached_property
    def moves(self) -> Moves:
        """Where the sheets, rows and columns that were built are now."""
        return moves_of(self.built.wb, self.package)

    def place(self, sheet: str, row: int, column: int) -> tuple[str, int, int] | None:
        """Return where a cell that was built is now, or None of one that is gone."""
        moved = self.moves.of(sheet)
        at = moved.at(row, column) if moved else None
        return (moved.new.name, *at) if moved and at else None

    def cell_of(self, name: str) -> tuple[str, int, int] | None:
        """Return where a defined name points: sheet, row, column."""
        text = self.package.names.get(("", name), "")
        sheet, mark, at = text.rpartition("!")
        try:
            letters, row = coordinate_from_string(at.replace("$", ""))
        except (ValueError, CellCoordinatesException):
            return None
        return (sheet.strip("'"), row, column_index_from_string(letters)) if mark else None

    @cached_property
    def inputs_sheet(self) -> str:
        """What the sheet Inputs is called now."""
        moved = self.moves.of("Inputs")
        return moved.new.name if moved else "Inputs"

    def _now(self, row: int, column: int) -> tuple[int, int]:
        """Return where a cell of Inputs is now."""
        moved = self.moves.of("Inputs")
        return (moved.at(row, column) if moved else None) or (row, column)

    @cached_property
    def rows(self) -> dict[str, tuple[int, str]]:
        """The row of each input on Inputs and how it was identified: by name, by id, or by label."""
        ids, labels = self._column(self.built.layout.input_columns["id"]), self._column("B")
        rows = {}
        for i, item in self.built.assumptions.items():
            place = self.cell_of(i)
            if place and place[0] == self.inputs_sheet and ids.get(i, place[1]) == place[1]:
                rows[i] = (place[1], "name")
            elif i in ids:
                rows[i] = (ids[i], "id")
            elif item.label in labels:
                rows[i] = (labels[item.label], "label")
        return rows

    def _column(self, letter: str) -> dict[str, int]:
        sheet = self.package.sheet(self.inputs_sheet)
        head, column = self._now(SCENARIO_ROW, column_index_from_string(letter))
        cells = sheet.cells.values() if sheet else ()
        return {str(c.value): c.row for c in cells if c.column == column and c.row > head}

    @cached_property
    def scenario_columns(self) -> dict[str, int]:
        """The column of each scenario on Inputs, found by its head."""
        return {n: c for n, c in self.input_columns.items() if n not in (TYPED, *RANGE)}

    @cached_property
    def input_columns(self) -> dict[str, int]:
        """The columns of Inputs with numbers, found by their heads: typed values, scenarios, ends of the ranges."""
        sheet = self.package.sheet(self.inputs_sheet)
        row, _ = self._now(SCENARIO_ROW, 1)
        heads = {str(c.value): c.column for c in sheet.cells.values() if c.row == row} if sheet else {}
        return {n: heads[n] for n in (TYPED, *self.scenarios, *RANGE) if n in heads}

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios by their names for readers."""
        return tuple(self.built.scenario_title(n, self.built.edition) for n in self.built.layout.scenarios)

    @cached_property
    def _typed(self) -> tuple[dict[str, dict[str, float | None]], list[WrongInput]]:
        """The value of each input in each column of Inputs that holds one, and what is no value."""
        inputs: dict[str, dict[str, float | None]] = {}
        wrong = [WrongInput(i, "", "", "no row on Inputs") for i in self.built.assumptions if i not in self.rows]
        for i, (row, _) in self.rows.items():
            inputs[i], item = {}, self.built.assumptions[i]
            for scenario, column in self.input_columns.items():
                cell = self.package.cell(self.inputs_sheet, row, column)
                style, needed = (self.package.style(cell) if cell else None), scenario in (BASE, *RANGE)
                problem = problem_of(item, cell, style, needed=needed)
                if problem:
                    wrong.append(WrongInput(i, scenario, address(row, column), problem))
                value = cell.value if cell else None
                number = from_typed(item, value) if isinstance(value, int | float) and not problem else None
                inputs[i][scenario] = math.nan if is_missing(cell) else number
        return inputs, [*wrong_choices(self._choice_cells, self.scenarios), *wrong]

    @property
    def wrong_inputs(self) -> list[WrongInput]:
        """The cells of inputs that hold no value which the input can take."""
        return self._typed[1]

    @property
    def inputs(self) -> pd.DataFrame:
        """One row an input: input, label, value in the scenario shown, unit, origin, source, low and high end of its range."""
        return input_table(self)

    @property
    def input_values(self) -> dict[str, dict[str, float | None]]:
        """The value of each input in each scenario, and the ends of its range: None where it is blank, NaN for a company's figure that is n/a.

        Raises InputError that names every cell which holds no number that the input can take.
        """
        inputs, wrong = self._typed
        if wrong:
            more = f" and {len(wrong) - 8} more" if len(wrong) > 8 else ""
            raise InputError(f"{self.package.path}: {'; '.join(w.text for w in wrong[:8])}{more}")
        return inputs

    def live_inputs(self, scenario: str) -> dict[str, float]:
        """Return the value of each input in a scenario as the workbook takes it: typed, else the scenario's, else Base.

        Raises InputError for an input without a Base.
        """
        live = {}
        for i, row in self.input_values.items():
            values = [v for v in (row.get(TYPED), row.get(scenario), row.get(BASE)) if v is not None]
            if not values:
                raise InputError(f"{self.package.path}: {i} has no value in the column Base")
            live[i] = values[0]
        return live

    @cached_property
    def _built_choices(self) -> dict[str, BuiltCell]:
        """The cells of Inputs that hold a choice, by name, as they were built."""
        return {name: self.built.wb["Inputs"][at] for name, at in chosen(self.built).items()}

    @cached_property
    def _choice_cells(self) -> dict[str, ChoiceCell]:
        cells = {}
        for name, was in self._built_choices.items():
            at = self.cell_of(name) or (self.inputs_sheet, *self._now(was.row, was.column))
            cells[name] = ChoiceCell(was.value, address(*at[1:]), self.package.cell(*at))
        return cells

    @cached_property
    def choices(self) -> dict[str, CellValue]:
        """The cells of Inputs that hold a choice, by name. Raises InputError for one that holds a formula."""
        for name, (_, _, cell) in self._choice_cells.items():
            if cell is not None and cell.formula is not None:
                raise InputError(f"{self.package.path}: {name}: the cell of this choice holds a formula")
        return {name: cell.value if cell else None for name, (_, _, cell) in self._choice_cells.items()}

    @cached_property
    def outputs(self) -> dict[str, Output]:
        """The headline results of the scenario shown, as stored, with their units."""
        outputs = {}
        for line in self.headline:
            place = self.cell_of(line)
            value = self.package.value(*place) if place else None
            outputs[line] = Output(value, self.built.graph.lines[line].unit)
        return outputs

    @property
    def headline(self) -> list[str]:
        """The lines that the template calls its results."""
        return list(self.built.template.headline)

    @cached_property
    def changes(self) -> list[InputChange]:
        """The inputs and choices that differ from what they were when the file was made."""
        columns = {n: self.built_column(n, self.built) for n in self.input_columns}
        inputs = [
            InputChange(i, scenario, old, new)
            for i, row in self.input_values.items()
            for scenario, new in row.items()
            if not same(old := columns[scenario].get(i), new)
        ]
        choices = [
            InputChange(name, "", old, new)
            for name, new in self.choices.items()
            if not same(old := self._built_choices[name].value, new)
        ]
        return inputs + choices

    def built_column(self, title: str, book: Book) -> Mapping[str, float]:
        """Return a column of Inputs as a workbook was made; empty where it has no such scenario."""
        edition = book.edition
        titles = {book.scenario_title(n, edition): n for n in (*book.layout.scenarios, TYPED, *RANGE)}
        return book.column(titles[title], edition) if title in titles else {}

    def overlay(self) -> str:
        """Return the CSV that `build --assumptions` takes to make the workbook with these inputs.

        It holds the inputs that differ from what the template alone gives. Raises InputError for a value outside
        the limits of its input.
        """
        return overlay_text(self)

    def command(self, overlay: str = "inputs.csv") -> str:
        """Return the command that builds the workbook again with the inputs as they are now."""
        request = self.request
        ending = "" if own_file(self.facts, "own_template") is None else ".toml"
        words = ["xl-aicost", "build", f"{self.facts['template']}{ending}"]
        words += ["--assumptions", overlay, *self._scenario_words()]
        words += ["--years", str(request["years"]), "--start", f"{self._first_year():.0f}"]
        period = next(name for name, parts in PERIODS.items() if parts == request["periods_per_year"])
        words += ["--period", period, *(["--lambdas"] if request["lambdas"] else [])]
        if simulation := request.get("simulate"):
            words += ["--simulate", simulation["line"]]
            words += ["--draws", str(simulation["draws"]), "--seed", str(simulation["seed"])]
        for name, value in self.choices.items():
            moved = name in request["choices"] or value != self._built_choices[name].value
            if moved and name not in ("scenario", "first_year"):
                words += ["--choose", f"{name}={value:.15g}" if isinstance(value, float) else f"{name}={value}"]
        return shlex.join(words)

    def _scenario_words(self) -> list[str]:
        """Return the options that bring the company's scenario along, and show the scenario that is shown."""
        shown, company, request = str(self.choices["scenario"]), self.built.edition.company, self.request
        if not company:
            return ["--scenario", shown.lower()]
        words = [w for n in ("scenario", "chip", "company", "year") if request[n] for w in (f"--{n}", str(request[n]))]
        return words if shown == self._built_choices["scenario"].value else [*words, "--choose", f"scenario={shown}"]

    def _first_year(self) -> float:
        year = self.choices["first_year"]
        if isinstance(year, int | float):
            return year
        raise InputError(f"{self.package.path}: first_year: {year!r} is not a year")

    def as_dict(self) -> dict[str, object]:
        """Return inputs, outputs and provenance, with the choices, what changed and how inputs were identified."""
        return {
            "inputs": self.input_values,
            "choices": self.choices,
            "outputs": {line: output._asdict() for line, output in self.outputs.items()},
            "changes": [vars(c) for c in self.changes],
            "found_otherwise": {i: how for i, (_, how) in self.rows.items() if how != "name"},
            "provenance": {**self.facts, "command": self.command()},
        }
