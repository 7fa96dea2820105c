"""Can a company pay for AI and for its people? Sources and uses of cash of a year, and what a cut would change.

A figure that is not on file is n/a, and so is all that needs it.
"""

import numpy as np

from xl_aicost.model.line import line
from xl_aicost.model.missing import missing, ratio, when


@line("Capex with finance leases", unit="USD/year", kind="level")
def capex_total(capex_purchases, finance_lease_principal):
    return capex_purchases + finance_lease_principal


@line("Free cash flow", unit="USD/year", kind="level")
def free_cash_flow(operating_cash_flow, capex_total):
    """Operating cash flow, which is after pay, less capex with finance leases."""
    return operating_cash_flow - capex_total


@line("Free cash flow after stock pay", unit="USD/year", kind="level")
def free_cash_flow_after_share_pay(free_cash_flow, share_based_compensation):
    """Stock pay costs no cash but costs the owners."""
    return free_cash_flow - share_based_compensation


@line("Paid out to shareholders", unit="USD/year", kind="level")
def distributions(buybacks, dividends):
    return buybacks + dividends


@line("Funding gap", unit="USD/year", kind="level")
def funding_gap(free_cash_flow):
    return np.maximum(0, 0 - free_cash_flow)


@line("Funding gap after payouts", unit="USD/year", kind="level")
def funding_gap_after_distributions(distributions, free_cash_flow):
    return np.maximum(0, distributions - free_cash_flow)


@line("Stock pay, % of pay", unit="share", kind="ratio")
def noncash_pay_share(share_based_compensation, headcount, loaded_cost):
    """n/a where it comes to all of the pay or more: the cost of a job is then too low."""
    share = share_based_compensation / (headcount * loaded_cost)
    return when(share, ">=", 1, missing, share)


@line("Cash cost of a job", unit="USD/job/year", kind="ratio")
def cash_cost_per_job(loaded_cost, noncash_pay_share):
    return loaded_cost * (1 - noncash_pay_share)


@line("Cash that the cut saves, a full year", unit="USD/year", kind="level")
def cut_cash_saving(layoffs, cash_cost_per_job):
    return layoffs * cash_cost_per_job


@line("Cash that the cut saves, first year, after severance", unit="USD", kind="level")
def cut_cash_first_year(cut_cash_saving, cut_year_share, severance_due):
    return cut_cash_saving * cut_year_share - severance_due


@line("Jobs that close the funding gap", unit="jobs", kind="count")
def jobs_to_close_gap(funding_gap, cash_cost_per_job):
    """Above headcount, cuts cannot close it."""
    return funding_gap / cash_cost_per_job


@line("Jobs that close the funding gap after payouts", unit="jobs", kind="count")
def jobs_to_close_gap_after_distributions(funding_gap_after_distributions, cash_cost_per_job):
    """Above headcount, cuts cannot close it."""
    return funding_gap_after_distributions / cash_cost_per_job


@line("Cash that the cut saves / payouts", unit="share", kind="ratio")
def cut_to_distributions(cut_cash_saving, distributions):
    """n/a where nothing is distributed."""
    return ratio(cut_cash_saving, distributions)


@line("Cash that the cut saves / funding gap", unit="share", kind="ratio")
def cut_to_gap(funding_gap, cut_cash_saving):
    """n/a where there is no gap."""
    return ratio(cut_cash_saving, funding_gap)


@line("Change in cash, computed", unit="USD/year", kind="level")
def change_in_cash_computed(free_cash_flow, distributions, acquisitions, securities_net, debt_net):
    """To be held against the filing."""
    return free_cash_flow - distributions - acquisitions - securities_net + debt_net


@line("Can pay for AI and people", unit="flag", kind="flag")
def affords_ai_and_people(free_cash_flow):
    """Free cash flow is not negative."""
    return when(free_cash_flow, ">=", 0, 1, 0)


@line("Can pay for payouts too", unit="flag", kind="flag")
def affords_distributions_too(free_cash_flow, distributions):
    return when(free_cash_flow, ">=", distributions, 1, 0)


@line("The cut closes the funding gap", unit="flag", kind="flag")
def cut_closes_gap(cut_to_gap):
    """n/a where there is no gap."""
    return when(cut_to_gap, ">=", 1, 1, 0)


@line("Payouts / funding gap", unit="share", kind="ratio")
def distributions_to_gap(funding_gap, distributions):
    """n/a where there is no gap."""
    return ratio(distributions, funding_gap)


@line("Stopping payouts closes the funding gap", unit="flag", kind="flag")
def stopping_distributions_closes_gap(distributions_to_gap):
    """n/a where there is no gap."""
    return when(distributions_to_gap, ">=", 1, 1, 0)
