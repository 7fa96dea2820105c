"""A company's AI spending against its revenue, cash and people."""

from xl_aicost.model.line import line
from xl_aicost.model.missing import when


@line("AI spending / revenue", unit="share", kind="ratio", source="definition; no standard one was found")
def ai_investment_ratio(ai_spend, company_revenue):
    return ai_spend / company_revenue


@line("AI spending / operating cash flow", unit="share", kind="ratio")
def ai_spend_to_cash_flow(ai_spend, operating_cash_flow):
    """AI spending as a share of operating cash flow; above 1 needs outside money."""
    return ai_spend / operating_cash_flow


@line("AI spending per employee", unit="USD/job/year", kind="ratio")
def capex_per_employee(ai_spend, closing_headcount):
    """All employees at the end of the year, whichever of them a cut is among."""
    return ai_spend / closing_headcount


@line("AI spending / payroll", unit="ratio", kind="ratio")
def spend_to_payroll(ai_spend, headcount, loaded_cost):
    """The payroll of the people before the cut: of Amazon the corporate ones, whose pay is not that of its warehouses."""
    return ai_spend / (headcount * loaded_cost)


@line(
    "AI spending, change on year",
    unit="share",
    kind="ratio",
    source="definition; both years in one definition of capex",
)
def ai_spend_growth(ai_spend, prior_ai_spend):
    return ai_spend / prior_ai_spend - 1


@line("Headcount, change on year", unit="share", kind="ratio")
def headcount_growth(closing_headcount, prior_headcount):
    """All employees, from the end of one year to the end of the next."""
    return closing_headcount / prior_headcount - 1


@line("Danger zone: AI spending up, headcount down", unit="flag", kind="flag", source="the article's definition")
def danger_zone(ai_spend_growth, headcount_growth):
    """1 where AI spending grows while headcount shrinks, else 0."""
    return when(ai_spend_growth, ">", 0, 1, 0) * when(headcount_growth, "<", 0, 1, 0)


@line("Frontier cluster: cost to build", unit="USD", kind="level")
def frontier_capital(frontier_gpus, capex_per_gpu):
    """Capital that a frontier cluster needs, building included."""
    return frontier_gpus * capex_per_gpu


@line("Frontier cluster / operating cash flow", unit="share", kind="ratio")
def frontier_share_of_cash_flow(frontier_capital, operating_cash_flow):
    """Share of one year's operating cash flow that a frontier cluster takes."""
    return frontier_capital / operating_cash_flow
