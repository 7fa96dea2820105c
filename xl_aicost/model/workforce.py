"""What jobs cost, what cutting them saves, and how much of an AI budget that pays for."""

import numpy as np

from xl_aicost.model.line import line
from xl_aicost.model.timeline import present_value


@line("Cost of a job, pay plus benefits (cross-check)", unit="USD/job/year", kind="ratio", source="BLS and SBA loads")
def fully_loaded_cost(annual_compensation, benefits_load):
    """Fully loaded cost of a job from compensation and load; beside the input loaded_cost."""
    return annual_compensation * (1 + benefits_load)


@line("Severance paid, weeks", unit="weeks", kind="level", source="terms of Meta and Google")
def severance_weeks_paid(severance_weeks, severance_weeks_per_year, years_of_service, severance_notice_weeks):
    """Weeks of base pay that a person receives: start, service and notice."""
    return severance_weeks + severance_weeks_per_year * years_of_service + severance_notice_weeks


@line(
    "Severance per job",
    unit="USD/job",
    kind="ratio",
    source="terms of Meta and Google; company charges came to 80 to 175 thousand a job",
)
def severance_per_job(severance_weeks_paid, base_salary, severance_health_cost):
    """One-off cost of cutting a job; a year has 52 weeks."""
    return severance_weeks_paid * base_salary / 52 + severance_health_cost


@line("Jobs cut", unit="jobs", kind="count")
def layoffs(headcount, layoff_share):
    return headcount * layoff_share


@line("Payroll saved, a year", unit="USD/year", kind="level")
def layoff_savings(layoffs, loaded_cost):
    return layoffs * loaded_cost


@line("Severance, one-off", unit="USD", kind="level")
def layoff_severance(layoffs, severance_per_job):
    return layoffs * severance_per_job


@line("Payroll saved over the horizon", unit="USD", kind="level")
def layoff_gross_savings(layoff_savings, savings_years):
    return layoff_savings * savings_years


@line("Payroll saved, after severance", unit="USD", kind="level")
def layoff_net_savings(layoff_gross_savings, layoff_severance):
    return layoff_gross_savings - layoff_severance


@line("Months to earn back severance", unit="months", kind="level")
def layoff_payback_months(severance_per_job, loaded_cost):
    """Months of saved payroll that pay for the severance."""
    return severance_per_job / loaded_cost * 12


@line("Jobs to pay for the AI spending", unit="jobs", kind="count")
def layoffs_to_fund(ai_spend, loaded_cost):
    """Jobs whose yearly cost equals the AI spending of a year."""
    return ai_spend / loaded_cost


@line("Jobs to pay for the AI spending, % of workforce", unit="share", kind="ratio")
def layoff_share_to_fund(layoffs_to_fund, headcount):
    """Above 100% there are too few people."""
    return layoffs_to_fund / headcount


@line(
    "Depreciation of the year's AI spending",
    unit="USD/year",
    kind="level",
    source="straight-line; all of it at the life of the hardware",
)
def ai_depreciation(ai_spend, useful_life):
    """Yearly depreciation that one year's AI spending leaves."""
    return ai_spend / useful_life


@line("Jobs to pay for that depreciation", unit="jobs", kind="count")
def layoffs_to_fund_depreciation(ai_depreciation, loaded_cost):
    """Jobs whose yearly cost equals the depreciation of one year's AI spending."""
    return ai_depreciation / loaded_cost


@line("Jobs to own and run the cluster", unit="jobs", kind="count")
def jobs_to_fund_cluster(annual_cost, loaded_cost):
    """Jobs whose yearly cost pays for owning and running the cluster for a year."""
    return annual_cost / loaded_cost


@line("Share of AI spending the cut pays for", unit="share", kind="ratio")
def layoff_coverage(layoff_savings, ai_spend):
    """Share of the year's AI spending that the cut pays for, in cash."""
    return layoff_savings / ai_spend


@line("Share of its depreciation the cut pays for", unit="share", kind="ratio")
def layoff_coverage_depreciation(layoff_savings, ai_depreciation):
    """Share of the yearly depreciation of that spending that the cut pays for."""
    return layoff_savings / ai_depreciation


@line("GPUs bought for one job's yearly cost", unit="GPUs/job", kind="ratio")
def gpus_per_engineer(loaded_cost, gpu_unit_price):
    """GPUs that the yearly cost of one job buys."""
    return loaded_cost / gpu_unit_price


@line("GPUs owned and run for one job's yearly cost", unit="GPUs/job", kind="ratio")
def gpus_run_per_engineer(loaded_cost, annual_cost, gpus):
    """GPUs that the yearly cost of one job owns and runs for that year."""
    return loaded_cost * gpus / annual_cost


@line("Payroll of Option A's engineers", unit="USD/year", kind="level", source="the article's 10,000 engineers")
def option_payroll(option_engineers, loaded_cost):
    return option_engineers * loaded_cost


@line("Clusters owned and run for that payroll", unit="ratio", kind="ratio")
def option_payroll_clusters(option_payroll, annual_cost):
    """Clusters that Option A's payroll could own and run for a year."""
    return option_payroll / annual_cost


@line("AI programme: cash flow", unit="USD", kind="flow")
def programme_cash_flow(programme_clusters, cluster_cash_flow):
    """Cash flow of the AI programme: revenue at the market price of a GPU hour less opex and capex."""
    return programme_clusters * cluster_cash_flow


@line("Payroll at stake", unit="USD", kind="flow")
def payroll_at_stake(layoff_savings, wage_growth, period, periods_per_year):
    """Payroll of the jobs that Option A keeps and Option B cuts."""
    return layoff_savings / periods_per_year * (1 + wage_growth) ** ((period - 1) / periods_per_year)


@line("Severance paid", unit="USD", kind="flow")
def severance_paid(layoff_severance, period):
    """Severance, paid in the first period of Option B."""
    return np.where(period == 1, layoff_severance, 0)


@line("Option A (keep people): cash flow", unit="USD", kind="flow", source="the article's Option A")
def option_a_cash_flow(programme_cash_flow, option_a_ai_share, payroll_at_stake):
    """Option A: keep the people, scale the AI programme back."""
    return programme_cash_flow * option_a_ai_share - payroll_at_stake


@line("Option B (fund AI): cash flow", unit="USD", kind="flow", source="the article's Option B")
def option_b_cash_flow(programme_cash_flow, severance_paid):
    """Option B: fund the whole AI programme, cut the jobs."""
    return programme_cash_flow - severance_paid


@line("B less A: cash flow", unit="USD", kind="flow")
def option_b_advantage(option_a_cash_flow, option_b_cash_flow):
    """What Option B has over Option A in the period."""
    return option_b_cash_flow - option_a_cash_flow


@line("Option A (keep people): present value", unit="USD", kind="level")
def option_a_value(option_a_cash_flow, discount_factor):
    return present_value(option_a_cash_flow, discount_factor)


@line("Option B (fund AI): present value", unit="USD", kind="level")
def option_b_value(option_b_cash_flow, discount_factor):
    return present_value(option_b_cash_flow, discount_factor)


@line("B less A: present value", unit="USD", kind="level")
def option_b_value_advantage(option_a_value, option_b_value):
    return option_b_value - option_a_value


@line("AI programme: present value", unit="USD", kind="level")
def programme_value(programme_cash_flow, discount_factor):
    return present_value(programme_cash_flow, discount_factor)


@line("Payroll saved: present value", unit="USD", kind="level")
def payroll_value(payroll_at_stake, discount_factor):
    return present_value(payroll_at_stake, discount_factor)


@line("Severance: present value", unit="USD", kind="level")
def severance_value(severance_paid, discount_factor):
    return present_value(severance_paid, discount_factor)


@line("Break-even cut", unit="share", kind="ratio", source="Option B's value is linear in the cut")
def breakeven_layoff_share(layoff_share, option_a_ai_share, programme_value, payroll_value, severance_value):
    """Share of the workforce at which A and B have equal present value; negative: no cut is needed."""
    saved = payroll_value - severance_value
    return -layoff_share * (1 - option_a_ai_share) * programme_value / saved
