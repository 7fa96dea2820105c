"""The rival explanation: AI makes workers redundant. What of the cut its efficiency explains, and what is left."""

import numpy as np

from xl_aicost.model.line import line
from xl_aicost.model.missing import ratio


@line("AI users", unit="jobs", kind="count")
def ai_users(headcount, ai_adoption):
    return headcount * ai_adoption


@line("Jobs that AI's time savings release", unit="jobs", kind="count")
def jobs_released(ai_users, time_saved_share, review_share, realised_share):
    """Hours that users save, less review and rework, as far as they become jobs."""
    return ai_users * time_saved_share * (1 - review_share) * realised_share


@line("AI tools: cost", unit="USD/year", kind="level")
def ai_tool_cost(ai_users, tool_cost_per_user):
    return ai_users * tool_cost_per_user


@line("Jobs that AI replaces, tools paid for", unit="jobs", kind="count")
def efficiency_jobs(jobs_released, ai_tool_cost, loaded_cost):
    """Jobs released less those whose pay the tools cost."""
    return np.maximum(0, jobs_released - ai_tool_cost / loaded_cost)


@line("AI productivity gain", unit="share", kind="ratio")
def ai_productivity_gain(efficiency_jobs, headcount):
    return efficiency_jobs / headcount


@line("Jobs cut that AI's efficiency explains", unit="jobs", kind="count")
def cut_by_efficiency(layoffs, efficiency_jobs):
    return np.minimum(layoffs, efficiency_jobs)


@line("Jobs cut that efficiency leaves to explain", unit="jobs", kind="count")
def cut_left_to_explain(layoffs, cut_by_efficiency):
    """The most that funding can explain, and no proof that it does."""
    return layoffs - cut_by_efficiency


@line("Share of the cut that efficiency explains", unit="share", kind="ratio")
def efficiency_share_of_cut(layoffs, cut_by_efficiency):
    """n/a where nobody is cut."""
    return ratio(cut_by_efficiency, layoffs)
