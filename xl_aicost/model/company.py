"""A company's AI spending against its revenue, cash and people."""


def ai_investment_ratio(ai_spend, company_revenue):
    """AI spending as a share of revenue. [share]

    Source: definition; no standard one was found.
    """
    return ai_spend / company_revenue


def ai_spend_to_cash_flow(ai_spend, operating_cash_flow):
    """AI spending as a share of operating cash flow; above 1 needs outside money. [share]

    Source: definition.
    """
    return ai_spend / operating_cash_flow


def capex_per_employee(ai_spend, headcount):
    """AI spending for each employee. [USD/job/year]

    Source: definition.
    """
    return ai_spend / headcount


def spend_to_payroll(ai_spend, headcount, loaded_cost):
    """AI spending as a multiple of the whole payroll. [ratio]

    Source: definition.
    """
    return ai_spend / (headcount * loaded_cost)


def ai_spend_growth(ai_spend, prior_ai_spend):
    """Growth of AI spending on a year earlier. [share]

    Source: definition; both years in one definition of capex.
    """
    return ai_spend / prior_ai_spend - 1


def headcount_growth(headcount, prior_headcount):
    """Growth of headcount on a year earlier. [share]

    Source: definition.
    """
    return headcount / prior_headcount - 1


def danger_zone(ai_spend_growth, headcount_growth):
    """1 where AI spending grows while headcount shrinks, else 0. [flag]

    Source: the article's definition.
    """
    return (ai_spend_growth > 0) * (headcount_growth < 0) * 1


def frontier_capital(frontier_gpus, capex_per_gpu):
    """Capital that a frontier cluster needs, building included. [USD]

    Source: definition.
    """
    return frontier_gpus * capex_per_gpu


def frontier_share_of_cash_flow(frontier_capital, operating_cash_flow):
    """Share of one year's operating cash flow that a frontier cluster takes. [share]

    Source: definition.
    """
    return frontier_capital / operating_cash_flow
