"""What jobs cost, what cutting them saves, and how much of an AI budget that pays for."""

from xl_aicost.model.line import line
from xl_aicost.model.missing import missing, power, ratio, when
from xl_aicost.model.timeline import present_value


@line("Cost of a job, pay plus benefits (cross-check)", unit="USD/job/year", kind="ratio", source="BLS and SBA loads")
def fully_loaded_cost(annual_compensation, benefits_load):
    """Fully loaded cost of a job from compensation and load; beside the input loaded_cost."""
    return annual_compensation * (1 + benefits_load)


@line("Severance paid, weeks", unit="weeks", kind="level", source="terms of Meta and Google")
def severance_weeks_paid(severance_weeks, severance_weeks_per_year, years_of_service, severance_notice_weeks):
    """Weeks of base pay that a person receives: start, service and notice."""
    return severance_weeks + severance_weeks_per_year * years_of_service + severance_notice_weeks


@line("Severance of a person, notice included", unit="USD/job", kind="ratio", source="terms of Meta and Google")
def worker_severance(severance_weeks_paid, base_salary):
    """Before tax; a year has 52 weeks."""
    return severance_weeks_paid * base_salary / 52


@line("Months that severance lasts", unit="months", kind="level")
def worker_runway_months(worker_severance, monthly_spending):
    """Severance and notice before tax over what a household spends."""
    return worker_severance / monthly_spending


@line(
    "Severance per job",
    unit="USD/job",
    kind="ratio",
    source="terms of Meta and Google; company charges came to 80 to 175 thousand a job",
)
def severance_per_job(worker_severance, severance_health_cost):
    """One-off cost of cutting a job."""
    return worker_severance + severance_health_cost


@line("Jobs cut", unit="jobs", kind="count")
def layoffs(headcount, layoff_share):
    return headcount * layoff_share


@line("Severance, one-off", unit="USD", kind="level")
def severance_due(layoffs, attrition_share, severance_per_job):
    """Due at the start; who leaves by attrition receives none."""
    return layoffs * (1 - attrition_share) * severance_per_job


@line("Payroll saved, a year", unit="USD/year", kind="level")
def layoff_savings(layoffs, loaded_cost):
    return layoffs * loaded_cost


@line("Payroll saved over the horizon", unit="USD", kind="level")
def layoff_gross_savings(layoff_savings, savings_years):
    return layoff_savings * savings_years


@line("Payroll saved, after severance", unit="USD", kind="level")
def layoff_net_savings(layoff_gross_savings, severance_due):
    return layoff_gross_savings - severance_due


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
    source="straight-line method of the filings",
)
def ai_depreciation(programme_clusters, depreciation):
    """Of the clusters that it buys: IT equipment over its life, the building over its own."""
    return programme_clusters * depreciation


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
    return ratio(layoff_savings, ai_spend)


@line("Share of its depreciation the cut pays for", unit="share", kind="ratio")
def layoff_coverage_depreciation(layoff_savings, ai_depreciation):
    """Share of the yearly depreciation of that spending that the cut pays for."""
    return ratio(layoff_savings, ai_depreciation)


@line("GPUs bought for one job's yearly cost", unit="GPUs/job", kind="ratio")
def gpus_per_engineer(loaded_cost, gpu_unit_price):
    """GPUs that the yearly cost of one job buys."""
    return ratio(loaded_cost, gpu_unit_price)


@line("GPUs owned and run for one job's yearly cost", unit="GPUs/job", kind="ratio")
def gpus_run_per_engineer(loaded_cost, annual_cost, gpus):
    """GPUs that the yearly cost of one job owns and runs for that year."""
    return ratio(loaded_cost * gpus, annual_cost)


@line("Payroll of Option A's engineers", unit="USD/year", kind="level", source="the article's 10,000 engineers")
def option_payroll(option_engineers, loaded_cost):
    return option_engineers * loaded_cost


@line("Clusters owned and run for that payroll", unit="ratio", kind="ratio")
def option_payroll_clusters(option_payroll, annual_cost):
    """Clusters that Option A's payroll could own and run for a year."""
    return ratio(option_payroll, annual_cost)


@line("Cost of a job, over time", unit="USD/job", kind="flow")
def pay_path(loaded_cost, wage_growth, years_past, periods_per_year):
    """Pay steps once a year."""
    return loaded_cost / periods_per_year * power(1 + wage_growth, years_past)


@line("Cost of a job over the horizon: present value", unit="USD/job", kind="ratio")
def pay_value_per_job(pay_path, factor_during):
    return present_value(pay_path, factor_during)


@line("Payroll saved: present value", unit="USD", kind="level")
def payroll_value(layoffs, pay_value_per_job):
    return layoffs * pay_value_per_job


@line("Cash that the cut frees: present value", unit="USD", kind="level")
def cut_value(payroll_value, severance_due):
    """Payroll saved over the horizon less severance."""
    return payroll_value - severance_due


@line("Cash that the cut frees, where it does", unit="USD", kind="level")
def cash_freed(cut_value):
    """n/a where severance takes all that is saved."""
    return when(cut_value, "<=", 0, missing, cut_value)
