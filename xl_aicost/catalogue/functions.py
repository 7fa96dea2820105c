"""The catalogue of Excel functions: each is a line of the model, or a table of evidence, with its arguments.

What answers a function needs numpy alone, so that it also runs inside LibreOffice's Python and in Pyodide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import numpy as np

from xl_aicost.assumptions import find_chip, load_assumptions, load_chips
from xl_aicost.case import DEFAULT_YEARS, Case, model
from xl_aicost.catalogue import answers
from xl_aicost.formula.expression import Node
from xl_aicost.formula.printer import optional, show_lambda

EXAMPLES: dict[str, str] = {
    "gpus": "10000",
    "ai_spend": "65000000000",
    "layoffs": "3600",
    "loaded_cost": "450000",
    "company": '"META"',
    "measure": '"capex"',
    "id": '"pue"',
    "line": '"cluster_capex"',
    "scenario": '"base"',
}
YEARS_LIMIT = 30
BASE_CHIP = "h100"
CHIP_INPUTS = {i for chip in load_chips().values() for i in chip.values}


@cache
def base_case(chip: str | None = None) -> Case:
    """Return the case that arguments left out are taken from: the base case, or that of a chip by its name."""
    return Case.of(chip=chip)


@dataclass(frozen=True)
class Argument:
    """One argument: its name, what it means, its unit, its default, and the least and the most that it takes.

    `text` arguments take words; all others take numbers, columns, rows and blocks of numbers.
    """

    name: str
    meaning: str
    unit: str
    default: float | str
    least: float = -np.inf
    most: float = np.inf
    text: bool = False

    @property
    def help(self) -> str:
        """One sentence for the function wizard."""
        shown = self.default if isinstance(self.default, str) else f"{self.default:,.15g}"
        start = f"{self.meaning} [{self.unit}]." if self.unit else f"{self.meaning}."
        return f"{start} Default {shown}." if shown else start

    @property
    def example(self) -> str:
        """A value as one would type it."""
        return EXAMPLES.get(self.name) or (f'"{self.default}"' if self.text else f"{self.default:.15g}")


@dataclass(frozen=True)
class Function:
    """An Excel function. Every argument may be left out or blank and then takes its default.

    A function with a `line` evaluates it, elementwise over arrays; one of `table` answers with a table. One that takes a
    chip has it as its last argument; `on` gives the function with that chip's values in place of the base case's.
    """

    name: str
    chapter: str
    help: str
    unit: str
    arguments: tuple[Argument, ...]
    line: str | None = None
    table: Callable[..., list[list[Any]]] | None = None
    chip: str | None = None

    @property
    def numbers(self) -> tuple[Argument, ...]:
        """The arguments that take numbers."""
        return tuple(a for a in self.arguments if not a.text)

    @property
    def takes_chip(self) -> bool:
        """Whether the last argument is a chip."""
        return self.line is not None and self.numbers != self.arguments

    def on(self, chip: str) -> Function:
        """Return the function of numbers alone, with the values of a chip. Raises UnknownNameError for one not on file."""
        name = find_chip(chip).id  # one name, however it is typed, or every spelling would be kept
        values = base_case(name).values
        numbers = tuple(replace(a, default=values.get(a.name, a.default)) for a in self.numbers)
        return replace(self, arguments=numbers, chip=name)

    @property
    def wizard(self) -> str:
        """What the function wizard shows: the help, the unit and an example."""
        unit = f" [{self.unit}]" if self.unit else ""
        return f"{self.help}{unit} Example: {self.example}"

    @property
    def signature(self) -> str:
        """The call as one would type it, optional arguments in brackets."""
        return f"{self.name}({', '.join(f'[{a.name}]' for a in self.arguments)})"

    @property
    def example(self) -> str:
        """A formula with the first argument given."""
        return f"={self.name}({self.arguments[0].example if self.arguments else ''})"

    @cached_property
    def spills(self) -> bool:
        """Whether one call fills several cells even when all arguments are single values."""
        return self.table is not None or self.line in model().series

    @property
    def closed_form(self) -> bool:
        """Whether the line can be written as one expression, so that it can be a LAMBDA name."""
        return self.line is not None and not model().uses_time(self.line)

    def evaluate(self, values: list[Any]) -> Any:
        """Return the line's values for one value or array an argument of numbers; an array a scenario."""
        named = dict(zip((a.name for a in self.numbers), values, strict=True))
        years = int(named.pop("years", DEFAULT_YEARS))
        assert self.line is not None
        return base_case(self.chip).over(years).evaluate(self.line, named)

    def lambda_text(self) -> str:
        """Return the function, without a chip, as the text of a LAMBDA name, as a file stores it."""
        assert self.line is not None
        symbols: dict[str, Node] = dict(base_case().values)
        # a parameter with the name of a cell of the workbook is taken for the cell by IronCalc
        parameters = {a.name: f"{a.name}_" for a in self.numbers}
        symbols |= {a.name: optional(parameters[a.name], float(a.default)) for a in self.numbers}
        return show_lambda(list(parameters.values()), model().trace(self.line, symbols))


def _argument(name: str) -> Argument:
    if name == "years":
        return Argument("years", "Length of the time axis", "years", float(DEFAULT_YEARS), 1, YEARS_LIMIT)
    table = load_assumptions()
    if name in table:
        a = table[name]
        return Argument(name, a.label, a.unit, a.base, a.min, a.max)
    line = model().line(name)
    return Argument(name, line.label, line.unit, float(f"{base_case().evaluate(name):.15g}"), 0, 1e15)


def _line(name: str, line: str, arguments: str) -> Function:
    item = model().line(line)
    parsed = tuple(_argument(a) for a in arguments.split())
    if CHIP_INPUTS & model().upstream(line) and {"gpus", "gpu_unit_price", "rental_price"} & set(arguments.split()):
        parsed += (_word("chip", "Hardware whose values stand for the arguments left out, as gb300", BASE_CHIP),)
    sentences = dict.fromkeys(f"{text.rstrip('.')}." for text in (item.label, item.help))
    return Function(name, item.chapter, " ".join(sentences), item.unit, parsed, line=line)


def _word(name: str, meaning: str, default: str = "") -> Argument:
    return Argument(name, meaning, "", default, text=True)


def _table(
    name: str, chapter: str, table: Callable[..., list[list[Any]]], sentence: str, *arguments: Argument
) -> Function:
    return Function(name, chapter, sentence, "", arguments, table=table)


def _options() -> tuple[Argument, ...]:
    before, after = (
        map(_argument, x.split()) for x in ("ai_spend layoff_share headcount loaded_cost", "discount_rate years")
    )
    ignored = Argument("option_a_ai_share", "Ignored: both options spend the same cash", "share", 0.5, 0, 1)
    return (*before, ignored, *after)


def _listing() -> answers.Rows:
    """Return the functions: name, signature, unit and meaning."""
    rows: answers.Rows = [["Function", "Signature", "Unit", "Meaning"]]
    return rows + [[f.name, f.signature, f.unit, f.help] for f in CATALOGUE.values()]


def _catalogue() -> tuple[Function, ...]:
    company = _word("company", "Ticker or name of a company", "META")
    cash = "operating_cash_flow capex_purchases finance_lease_principal"
    year = Argument("year", "Fiscal year; 0 takes the last on file", "", 0.0, 0, 2100)
    scenario = _word("scenario", "A scenario or a chip, as glut or gb300, or both: glut, gb300", "base")
    of_case = (_word("company", "Ticker or name of a company; blank for none"), year, scenario)
    return (
        _line("AI_GPU_CAPEX", "gpu_capex", "gpus gpu_unit_price"),
        _line("AI_SWITCH_COUNT", "switches", "gpus gpus_per_server switch_radix rail_optimised"),
        _line("AI_NETWORK_CAPEX", "network_capex", "gpus switch_unit_price gpus_per_server switch_radix"),
        _line("AI_CLUSTER_MW", "facility_mw", "gpus kw_per_gpu pue"),
        _line("AI_FACILITY_CAPEX", "facility_capex", "gpus kw_per_gpu build_cost_per_mw ai_ready_premium"),
        _line(
            "AI_CLUSTER_CAPEX",
            "cluster_capex",
            "gpus gpu_unit_price server_unit_cost switch_unit_price kw_per_gpu build_cost_per_mw",
        ),
        _line("AI_ELECTRICITY_COST", "electricity_cost", "gpus electricity_price pue power_draw_share kw_per_gpu"),
        _line("AI_MAINTENANCE_COST", "maintenance_cost", "gpus gpu_unit_price maintenance_rate"),
        _line("AI_CLUSTER_OPEX", "cluster_opex", "gpus electricity_price pue power_draw_share cost_basis"),
        _line("AI_ANNUAL_COST", "annual_cost", "gpus gpu_unit_price useful_life electricity_price cost_basis"),
        _line("AI_CLUSTER_TCO", "cluster_tco", "gpus gpu_unit_price useful_life electricity_price cost_basis"),
        _line("AI_GPU_HOUR_COST", "gpu_hour_cost", "gpu_unit_price useful_life utilization electricity_price pue"),
        _line("AI_TRAINING_RUN_COST", "epoch_training_cost", "gpus run_days gpu_unit_price electricity_price pue"),
        _line("AI_WASTED_COMPUTE", "wasted_compute", "failed_runs training_run_cost"),
        _line("AI_MODEL_RELEASE_COST", "model_release_cost", "gpus run_days experiment_factor rd_staff_share"),
        _line("AI_DEPRECIATION", "depreciation_path", "gpus gpu_unit_price useful_life facility_life years"),
        _line("AI_REFRESH_SCHEDULE", "gpus_renewed", "gpus useful_life build_years years"),
        _line("AI_BOOK_VALUE", "book_value", "gpus gpu_unit_price useful_life facility_life years"),
        _line("LOADED_COST", "fully_loaded_cost", "annual_compensation benefits_load"),
        _line("LAYOFFS_TO_FUND", "layoffs_to_fund", "ai_spend loaded_cost"),
        _line("LAYOFF_SAVINGS", "layoff_savings", "layoffs loaded_cost"),
        _line(
            "LAYOFF_SEVERANCE",
            "severance_due",
            "layoffs base_salary severance_weeks severance_weeks_per_year years_of_service",
        ),
        _line("LAYOFF_NET_SAVINGS", "layoff_net_savings", "layoffs loaded_cost savings_years base_salary"),
        _line("LAYOFF_COVERAGE", "layoff_coverage", "layoff_share headcount loaded_cost ai_spend"),
        _line("LAYOFF_PAYBACK_MONTHS", "layoff_payback_months", "loaded_cost base_salary severance_weeks"),
        _line("GPUS_PER_ENGINEER", "gpus_per_engineer", "loaded_cost gpu_unit_price"),
        _table(
            "OPTION_A_VS_B",
            "workforce",
            answers.option_a_vs_b,
            "What Option A (keep the people) and Option B (fund AI, cut) spend by year, and their present value, work included.",
            *_options(),
        ),
        _line("WORKER_SEVERANCE", "worker_severance", "base_salary years_of_service severance_weeks"),
        _line(
            "WORKER_RUNWAY_MONTHS",
            "worker_runway_months",
            "monthly_spending base_salary years_of_service severance_weeks severance_weeks_per_year",
        ),
        _line(
            "AI_EFFICIENCY_JOBS",
            "efficiency_jobs",
            "headcount ai_adoption time_saved_share review_share realised_share tool_cost_per_user loaded_cost",
        ),
        _line(
            "AI_BREAKEVEN_OUTPUT",
            "breakeven_output_per_job",
            "layoff_share headcount loaded_cost rental_price useful_life discount_rate years",
        ),
        _line(
            "AI_RETURN_RATIO",
            "ai_return_ratio",
            "rental_price utilization gpu_unit_price useful_life discount_rate years",
        ),
        _line(
            "PEOPLE_RETURN_RATIO",
            "people_return_ratio",
            "output_multiple layoff_share headcount loaded_cost discount_rate years",
        ),
        _line("AI_REVENUE_GAP", "revenue_gap", "ai_spend ai_revenue"),
        _line("AI_BREAKEVEN_REVENUE", "breakeven_revenue", "ai_spend gpu_unit_price useful_life electricity_price"),
        _line("AI_BREAKEVEN_YEAR", "ai_revenue_breakeven_year", "ai_spend ai_revenue ai_revenue_growth years"),
        _line("AI_NPV", "cluster_npv", "gpus rental_price utilization useful_life discount_rate years"),
        _line("AI_IRR", "cluster_irr", "gpus rental_price utilization useful_life years"),
        _line("AI_PAYBACK_YEARS", "payback_years", "gpus rental_price utilization gpu_unit_price years"),
        _line("AI_RESIDUAL_VALUE", "residual_value", "gpus gpu_unit_price useful_life residual_basis years"),
        _line(
            "AI_COHORT_DEPRECIATION",
            "ai_depreciation_path",
            "ai_spend ai_spend_growth_rate useful_life facility_life years",
        ),
        _line(
            "AI_DEPRECIATION_YEAR",
            "depreciation_passes_payroll_year",
            "ai_spend ai_spend_growth_rate headcount loaded_cost years",
        ),
        _line("AI_FREE_CASH_FLOW", "free_cash_flow", cash),
        _line("AI_FUNDING_GAP", "funding_gap", cash),
        _line("AI_AFFORDS_BOTH", "affords_ai_and_people", cash),
        _line(
            "LAYOFFS_TO_CLOSE_GAP",
            "jobs_to_close_gap",
            f"{cash} headcount loaded_cost share_based_compensation",
        ),
        _table(
            "AI_COMPANY",
            "company",
            answers.company_figure,
            "A published figure of a company in a fiscal year, by default the last on file.",
            company,
            _word(
                "measure", "A measure on file, as revenue, capex, operating_cash_flow, headcount or layoffs", "capex"
            ),
            year,
        ),
        _line("AI_INVESTMENT_RATIO", "ai_investment_ratio", "ai_spend company_revenue"),
        _line("AI_CAPEX_PER_EMPLOYEE", "capex_per_employee", "ai_spend closing_headcount"),
        _line("AI_DANGER_ZONE", "danger_zone", "ai_spend prior_ai_spend closing_headcount prior_headcount"),
        _line("FRONTIER_CAPITAL", "frontier_capital", "frontier_gpus gpu_unit_price"),
        _table(
            "AI_SIMULATE",
            "uncertainty",
            answers.simulation,
            "What a line is when its inputs vary over their ranges: mean, percentiles with standard errors, drivers.",
            _word("line", "Id of a line of one value", "layoffs_to_fund"),
            Argument("draws", "Number of draws", "", 10_000.0, 2, 100_000),
            Argument("seed", "Seed; the same seed gives the same draws", "", 1.0, 0, 1e9),
        ),
        _table(
            "AI_TORNADO",
            "uncertainty",
            answers.tornado,
            "The twelve inputs that move a line most between their low and high, one at a time, the rest in the base case.",
            _word("line", "Id of a line of one value", "cluster_capex"),
        ),
        _table(
            "AI_BOUNDS",
            "uncertainty",
            answers.bounds,
            "The highest and the lowest value found of a line over its inputs' ranges, and the inputs that make them.",
            _word("line", "Id of a line of one value", "cluster_npv"),
        ),
        _table(
            "AI_ASSUMPTION",
            "evidence",
            answers.assumption_value,
            "The value of an assumption in a scenario.",
            _word("id", "Id of an assumption", "gpu_unit_price"),
            scenario,
        ),
        _table(
            "AI_SOURCE",
            "evidence",
            answers.source_of,
            "Where an assumption is from: title, publisher, date and address.",
            _word("id", "Id of an assumption", "gpu_unit_price"),
        ),
        _table(
            "AI_EXPLAIN",
            "evidence",
            answers.explanation,
            "A line's formula, and the value, unit, source and origin of it and of each part.",
            _word("line", "Id of a line", "cluster_capex"),
            *of_case,
        ),
        _table(
            "AI_GET",
            "evidence",
            answers.value_of,
            "Any line or input of the model, for a company, a fiscal year and a scenario; a line over time fills a column.",
            _word("line", "Id of a line or an input", "cluster_capex"),
            *of_case,
        ),
        _table(
            "AI_CLAIMS",
            "evidence",
            answers.claims,
            "The article's claims: whether each adds up, and what independent figures say.",
        ),
        _table("AI_FUNCTIONS", "evidence", _listing, "The functions: name, signature, unit and meaning."),
        _table(
            "AI_COST_VERSION", "evidence", answers.version, "The version of xl-aicost that answers, and of its model."
        ),
    )


CATALOGUE: dict[str, Function] = {f.name: f for f in _catalogue()}
