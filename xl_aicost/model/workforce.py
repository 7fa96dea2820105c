"""What jobs cost, what cutting them saves, and how much of an AI budget that pays for."""

import numpy as np

from xl_aicost.model.timeline import present_value


def fully_loaded_cost(annual_compensation, benefits_load):
    """Fully loaded cost of a job from compensation and load; beside the input loaded_cost. [USD/job/year]

    Source: BLS and SBA loads.
    """
    return annual_compensation * (1 + benefits_load)


def severance_weeks_paid(severance_weeks, severance_weeks_per_year, years_of_service, severance_notice_weeks):
    """Weeks of base pay that a person receives: start, service and notice. [weeks]

    Source: terms of Meta and Google.
    """
    return severance_weeks + severance_weeks_per_year * years_of_service + severance_notice_weeks


def severance_per_job(severance_weeks_paid, base_salary, severance_health_cost):
    """One-off cost of cutting a job; a year has 52 weeks. [USD/job]

    Source: terms of Meta and Google; company charges came to 80 to 175 thousand a job.
    """
    return severance_weeks_paid * base_salary / 52 + severance_health_cost


def layoffs(headcount, layoff_share):
    """Jobs cut. [jobs]

    Source: definition.
    """
    return headcount * layoff_share


def layoff_savings(layoffs, loaded_cost):
    """Payroll saved in a full year. [USD/year]

    Source: definition.
    """
    return layoffs * loaded_cost


def layoff_severance(layoffs, severance_per_job):
    """One-off cost of the cut. [USD]

    Source: definition.
    """
    return layoffs * severance_per_job


def layoff_gross_savings(layoff_savings, savings_years):
    """Payroll saved over the horizon. [USD]

    Source: definition.
    """
    return layoff_savings * savings_years


def layoff_net_savings(layoff_gross_savings, layoff_severance):
    """Payroll saved over the horizon after severance. [USD]

    Source: definition.
    """
    return layoff_gross_savings - layoff_severance


def layoff_payback_months(severance_per_job, loaded_cost):
    """Months of saved payroll that pay for the severance. [months]

    Source: definition.
    """
    return severance_per_job / loaded_cost * 12


def layoffs_to_fund(ai_spend, loaded_cost):
    """Jobs whose yearly cost equals the AI spending of a year. [jobs]

    Source: definition.
    """
    return ai_spend / loaded_cost


def layoff_share_to_fund(layoffs_to_fund, headcount):
    """Share of the workforce whose yearly cost equals the AI spending; above 1 there are too few. [share]

    Source: definition.
    """
    return layoffs_to_fund / headcount


def ai_depreciation(ai_spend, useful_life):
    """Yearly depreciation that one year's AI spending leaves. [USD/year]

    Source: straight-line; all of it at the life of the hardware.
    """
    return ai_spend / useful_life


def layoffs_to_fund_depreciation(ai_depreciation, loaded_cost):
    """Jobs whose yearly cost equals the depreciation of one year's AI spending. [jobs]

    Source: definition.
    """
    return ai_depreciation / loaded_cost


def jobs_to_fund_cluster(annual_cost, loaded_cost):
    """Jobs whose yearly cost pays for owning and running the cluster for a year. [jobs]

    Source: definition.
    """
    return annual_cost / loaded_cost


def layoff_coverage(layoff_savings, ai_spend):
    """Share of the year's AI spending that the cut pays for, in cash. [share]

    Source: definition.
    """
    return layoff_savings / ai_spend


def layoff_coverage_depreciation(layoff_savings, ai_depreciation):
    """Share of the yearly depreciation of that spending that the cut pays for. [share]

    Source: definition.
    """
    return layoff_savings / ai_depreciation


def gpus_per_engineer(loaded_cost, gpu_unit_price):
    """GPUs that the yearly cost of one job buys. [GPUs/job]

    Source: definition.
    """
    return loaded_cost / gpu_unit_price


def gpus_run_per_engineer(loaded_cost, annual_cost, gpus):
    """GPUs that the yearly cost of one job owns and runs for that year. [GPUs/job]

    Source: definition.
    """
    return loaded_cost * gpus / annual_cost


def option_payroll(option_engineers, loaded_cost):
    """Yearly cost of the engineers of the article's Option A. [USD/year]

    Source: the article's 10,000 engineers.
    """
    return option_engineers * loaded_cost


def option_payroll_clusters(option_payroll, annual_cost):
    """Clusters that the same money owns and runs: the article's two options are no like-for-like swap. [ratio]

    Source: definition.
    """
    return option_payroll / annual_cost


def programme_cash_flow(programme_clusters, cluster_cash_flow):
    """Cash flow of the AI programme: revenue at the market price of a GPU hour less opex and capex. [USD]

    Source: definition.
    """
    return programme_clusters * cluster_cash_flow


def payroll_at_stake(layoff_savings, wage_growth, period, periods_per_year):
    """Payroll of the jobs that Option A keeps and Option B cuts. [USD]

    Source: definition.
    """
    return layoff_savings / periods_per_year * (1 + wage_growth) ** ((period - 1) / periods_per_year)


def severance_paid(layoff_severance, period):
    """Severance, paid in the first period of Option B. [USD]

    Source: definition.
    """
    return np.where(period == 1, layoff_severance, 0)


def option_a_cash_flow(programme_cash_flow, option_a_ai_share, payroll_at_stake):
    """Option A: keep the people, scale the AI programme back. [USD]

    Source: the article's Option A.
    """
    return programme_cash_flow * option_a_ai_share - payroll_at_stake


def option_b_cash_flow(programme_cash_flow, severance_paid):
    """Option B: fund the whole AI programme, cut the jobs. [USD]

    Source: the article's Option B.
    """
    return programme_cash_flow - severance_paid


def option_b_advantage(option_a_cash_flow, option_b_cash_flow):
    """What Option B has over Option A in the period. [USD]

    Source: definition.
    """
    return option_b_cash_flow - option_a_cash_flow


def option_a_value(option_a_cash_flow, discount_factor):
    """Present value of Option A. [USD]

    Source: definition.
    """
    return present_value(option_a_cash_flow, discount_factor)


def option_b_value(option_b_cash_flow, discount_factor):
    """Present value of Option B. [USD]

    Source: definition.
    """
    return present_value(option_b_cash_flow, discount_factor)


def option_b_value_advantage(option_a_value, option_b_value):
    """Present value that Option B has over Option A. [USD]

    Source: definition.
    """
    return option_b_value - option_a_value


def programme_value(programme_cash_flow, discount_factor):
    """Present value of the whole AI programme. [USD]

    Source: definition.
    """
    return present_value(programme_cash_flow, discount_factor)


def payroll_value(payroll_at_stake, discount_factor):
    """Present value of the payroll that the cut saves. [USD]

    Source: definition.
    """
    return present_value(payroll_at_stake, discount_factor)


def severance_value(severance_paid, discount_factor):
    """Present value of the severance. [USD]

    Source: definition.
    """
    return present_value(severance_paid, discount_factor)


def breakeven_layoff_share(layoff_share, option_a_ai_share, programme_value, payroll_value, severance_value):
    """Share of the workforce at whose cut both options are worth the same; below 0 none is needed. [share]

    Source: Option B's value is linear in the cut.
    """
    saved = payroll_value - severance_value
    return -layoff_share * (1 - option_a_ai_share) * programme_value / saved
