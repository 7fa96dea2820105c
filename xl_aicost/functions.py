"""The catalogue of Excel functions: each is a line of the model with some inputs as arguments."""

from __future__ import annotations

from dataclasses import dataclass

from xl_aicost.assumptions import load_assumptions
from xl_aicost.cases import case, model
from xl_aicost.formula.printer import optional, show_lambda


@dataclass(frozen=True)
class Function:
    """An Excel function. Every argument may be left out and then takes its base value."""

    name: str
    line: str
    arguments: tuple[str, ...]

    @property
    def unit(self) -> str:
        """The unit of the result."""
        return model().line(self.line).unit

    @property
    def help(self) -> str:
        """One sentence for the function wizard."""
        return f"{model().line(self.line).summary} [{self.unit}]"

    @property
    def signature(self) -> str:
        """The call as one would type it, optional arguments in brackets."""
        return f"{self.name}({', '.join(f'[{a}]' for a in self.arguments)})"

    def lambda_text(self) -> str:
        """Return the function as the text of a LAMBDA name, as a file stores it."""
        symbols: dict[str, object] = dict(case())
        symbols |= {a: optional(a, load_assumptions()[a].base) for a in self.arguments}
        return show_lambda(list(self.arguments), model().trace(self.line, symbols))


def _function(name: str, line: str, arguments: str) -> Function:
    return Function(name, line, tuple(arguments.split()))


CATALOGUE: dict[str, Function] = {
    f.name: f
    for f in (
        _function("AI_GPU_CAPEX", "gpu_capex", "gpus gpu_unit_price"),
        _function("AI_SWITCH_COUNT", "switches", "gpus gpus_per_server switch_radix rail_optimised"),
        _function("AI_NETWORK_CAPEX", "network_capex", "gpus switch_unit_price gpus_per_server switch_radix"),
        _function("AI_CLUSTER_MW", "facility_mw", "gpus kw_per_gpu pue"),
        _function("AI_FACILITY_CAPEX", "facility_capex", "gpus kw_per_gpu build_cost_per_mw ai_ready_premium"),
        _function(
            "AI_CLUSTER_CAPEX",
            "cluster_capex",
            "gpus gpu_unit_price server_unit_cost switch_unit_price kw_per_gpu build_cost_per_mw",
        ),
        _function("AI_ELECTRICITY_COST", "electricity_cost", "gpus electricity_price pue utilization kw_per_gpu"),
        _function("AI_MAINTENANCE_COST", "maintenance_cost", "gpus gpu_unit_price maintenance_rate"),
        _function("AI_CLUSTER_OPEX", "cluster_opex", "gpus electricity_price pue utilization cost_basis"),
        _function("AI_ANNUAL_COST", "annual_cost", "gpus gpu_unit_price useful_life electricity_price cost_basis"),
        _function("LAYOFFS_TO_FUND", "layoffs_to_fund", "ai_spend loaded_cost"),
        _function("LAYOFF_COVERAGE", "layoff_coverage", "layoff_share headcount loaded_cost ai_spend"),
    )
}
