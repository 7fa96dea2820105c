"""Option A keeps the people and scales AI back; Option B funds all of AI and cuts. Both spend the same present cash.

A dollar of AI earns the same in both. The work of the people who stay counts: at what they cost, unless
`output_multiple` says otherwise. AI's efficiency is that of the rival explanation; hours that it frees absorb lost work.
"""

import numpy as np

from xl_aicost.model.line import line
from xl_aicost.model.missing import missing, ratio, when


@line("AI programme: cost, present value", unit="USD", kind="level")
def programme_cost_value(programme_clusters, cluster_cost_value):
    return programme_clusters * cluster_cost_value


@line("AI programme: net present value", unit="USD", kind="level")
def programme_value(programme_clusters, cluster_npv):
    return programme_clusters * cluster_npv


@line("AI programme kept in Option A", unit="share", kind="ratio")
def option_a_ai_share(cut_value, programme_cost_value):
    """What is left of AI once the cash that the cut would free is spent on people; below 0 they cost more than all of AI.

    n/a where AI costs nothing.
    """
    return 1 - when(programme_cost_value, ">", 0, cut_value / programme_cost_value, missing)


@line("Work lost by the cut", unit="jobs", kind="count")
def jobs_work_lost(work_lost_share, layoffs, ai_productivity_gain, headcount):
    """Jobs whose work nobody does: what the cut loses less what AI's gain of those who stay absorbs."""
    return np.maximum(0, work_lost_share * layoffs - ai_productivity_gain * (headcount - layoffs))


@line("Option A (keep people): present value", unit="USD", kind="level")
def option_a_value(option_a_ai_share, programme_value, output_multiple, payroll_value):
    return option_a_ai_share * programme_value + (output_multiple - 1) * payroll_value


@line("Option B (fund AI): present value", unit="USD", kind="level")
def option_b_value(programme_value, severance_due, output_multiple, payroll_value, jobs_work_lost, pay_value_per_job):
    """Against the work that the people did before."""
    return programme_value - severance_due + output_multiple * (payroll_value - jobs_work_lost * pay_value_per_job)


@line("B less A: present value", unit="USD", kind="level")
def option_b_value_advantage(option_a_value, option_b_value):
    """Hangs on what a job is worth: see the break-even output of a kept job first."""
    return option_b_value - option_a_value


@line("Worth of a dollar spent on AI", unit="ratio", kind="ratio")
def ai_return_ratio(cluster_revenue_value, cluster_cost_value):
    """Present value of the revenue over that of the cost; n/a where the cluster costs nothing, as what is left may outweigh it."""
    return when(cluster_cost_value, ">", 0, cluster_revenue_value / cluster_cost_value, missing)


@line("Work lost by the cut: pay, present value", unit="USD", kind="level")
def lost_work_value(jobs_work_lost, pay_value_per_job):
    return jobs_work_lost * pay_value_per_job


@line("Worth of a dollar spent on people", unit="ratio", kind="ratio")
def people_return_ratio(cash_freed, output_multiple, lost_work_value):
    """Output that the cut would lose over the cash that it would free; n/a where it frees none."""
    return output_multiple * lost_work_value / cash_freed


@line("Break-even output of a kept job, multiple of pay", unit="ratio", kind="ratio")
def breakeven_output_multiple(cash_freed, ai_return_ratio, lost_work_value):
    """n/a where no work is lost (B at any output) or the cut frees no cash (A at any output)."""
    return ratio(cash_freed * ai_return_ratio, lost_work_value)


@line("Break-even output of a kept job", unit="USD/job/year", kind="ratio")
def breakeven_output_per_job(breakeven_output_multiple, loaded_cost):
    """What a kept job must produce a year, in today's pay, for A and B to be worth the same; above it A is better."""
    return breakeven_output_multiple * loaded_cost


@line("AI productivity gain that absorbs the cut", unit="share", kind="ratio")
def gain_that_absorbs_cut(work_lost_share, layoffs, headcount):
    """Gain of those who stay at which no work is lost."""
    return ratio(work_lost_share * layoffs, headcount - layoffs)


@line("Option A (keep people): spending", unit="USD", kind="flow")
def option_a_spend_path(option_a_ai_share, programme_clusters, capex_path, opex_path, layoffs, pay_path):
    return option_a_ai_share * programme_clusters * (capex_path + opex_path) + layoffs * pay_path


@line("Option B (fund AI): spending", unit="USD", kind="flow")
def option_b_spend_path(programme_clusters, capex_path, opex_path, severance_due, period):
    return programme_clusters * (capex_path + opex_path) + when(period, "=", 1, severance_due, 0)
