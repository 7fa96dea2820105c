"""The page of scenarios: what each sets and why, its results line by line, and a picture.

`python -m xl_aicost.catalogue.scenarios` prints the page, with `picture` the picture as SVG.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from html import escape

from xl_aicost.assumptions import load_assumptions, load_scenarios, load_sources
from xl_aicost.case import Case, model
from xl_aicost.simulate.bounds import bounds, ranged_inputs
from xl_aicost.support.numbers import number
from xl_aicost.support.text import markdown_table

HEAD = """# Scenarios

Written by `make reference`; a test keeps it fresh. A scenario is a story: what it sets goes together, everything else
stays as in Base. `--scenario`, the `scenario` of functions and the Inputs sheet of a workbook take its name.

The low and the high of an input are the ends of its range, for the tornado, the simulation and the limits. They are no
scenarios: cheap hardware with a low rent and a short life is nobody's story. `low` and `high` still work where they
were arguments, and say so. The last two columns of the results are the lowest and the highest value that was found when
every input moves within its range. A company's figures have no range: the cut of 10% in 'AI works' may lie outside, as
may the article's own figures.
"""
QUESTIONS = {
    "What does AI infrastructure cost, and does it earn that?": (
        "cluster_capex",
        "annual_cost",
        "gpu_hour_cost",
        "cluster_npv",
        "payback_years",
        "breakeven_revenue",
    ),
    "Does a cut in jobs pay for it?": (
        "layoffs",
        "layoff_coverage",
        "layoff_coverage_depreciation",
        "layoffs_to_fund",
        "efficiency_share_of_cut",
        "change_in_cash_computed",
    ),
    "Does a dollar do more in AI or in people?": (
        "ai_return_ratio",
        "people_return_ratio",
        "breakeven_output_per_job",
        "option_b_value_advantage",
    ),
}
LONG = ("sets", "to", "Base", "why", "source")
NAVY, ORANGE, GREY = "#1f3864", "#c55a11", "#7f7f7f"


IN_SHORT = {
    "A GPU-hour costs, USD": "gpu_hour_cost",
    "It fetches, USD": "rental_price",
    "The cut pays for, of the year's AI spending": "layoff_coverage",
    "of its yearly depreciation": "layoff_coverage_depreciation",
    "A kept job has to produce, USD a year": "breakeven_output_per_job",
    "AI's efficiency explains, of the cut": "efficiency_share_of_cut",
}


def summary() -> str:
    """Return the results of the three questions in each scenario but the article's, as a table in Markdown."""
    stories = [s for s in load_scenarios().values() if not s.id.startswith("article")]
    rows = []
    for label, line in IN_SHORT.items():
        unit = model().lines[line].unit if line in model().lines else load_assumptions()[line].unit
        rows.append((label, *(_shown(float(Case.of(scenario=s.id).evaluate(line)), unit) for s in stories)))
    return markdown_table(("", *(s.title for s in stories)), rows)


def page() -> str:
    """Return the page as Markdown."""
    parts = [
        HEAD,
        "![Two charts by scenario: what a GPU-hour costs against its market price, and what a kept job has to",
    ]
    parts[-1] += " produce against what it costs](images/scenarios.svg)\n"
    parts.append(
        markdown_table(("scenario", "what is different"), [(s.title, s.difference) for s in load_scenarios().values()])
    )
    for question, lines in QUESTIONS.items():
        parts += [f"\n## {question}\n", _results(lines)]
    parts.append("\n## What each sets\n")
    inputs = load_assumptions()
    for story in load_scenarios().values():
        rows = []
        for s in story.settings:
            item = inputs[s.id]
            values = (_shown(v, item.unit) for v in (s.value, item.base))
            rows.append((item.label, *values, s.note, load_sources()[s.source].title))
        if rows:
            parts += [f"\n### {story.title}\n", markdown_table(LONG, rows)]
    return "\n".join(parts) + "\n"


def _results(lines: Sequence[str]) -> str:
    stories = load_scenarios()
    heads = ("result", "unit", *(s.title for s in stories.values()), "lowest found", "highest found")
    rows = []
    for line in lines:
        meaning = model().lines[line]
        values = [float(Case.of(scenario=s).evaluate(line)) for s in stories]
        ends = ["no range", "no range"]
        if ranged_inputs(line, load_assumptions()):
            both = bounds(line)
            ends = [_shown(end.value, meaning.unit) for end in (both.lowest, both.highest)]
        rows.append((meaning.label, meaning.unit, *(_shown(v, meaning.unit) for v in values), *ends))
    return markdown_table(heads, rows)


def _shown(value: float, unit: str) -> str:
    """Return a number as the page shows it: millions and billions of dollars, shares in percent, n/a."""
    if value != value:
        return "n/a"
    if unit in ("USD", "USD/year") and abs(value) >= 1e6:
        return f"{value / 1e9:,.1f} bn" if abs(value) >= 1e9 else f"{value / 1e6:,.0f} m"
    if unit == "USD/GPU-hour":
        return f"{value:.2f}"
    if unit == "share":
        return f"{value:.1%}"
    return f"{value:,.0f}" if abs(value) >= 1_000 else number(round(value, 2))


def picture() -> str:
    """Return a picture by scenario: what a GPU-hour costs and fetches, and what a kept job must produce and costs."""
    cases = {s.title: Case.of(scenario=s.id) for s in load_scenarios().values()}
    panels = (
        ("A GPU-hour: cost of owning, and market price (USD)", "gpu_hour_cost", "rental_price", 1.0),
        ("What a kept job has to produce, and costs (USD thousand)", "breakeven_output_per_job", "loaded_cost", 1e3),
    )
    height, width, left = 70 + 34 * len(cases), 980, 130
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="Helvetica, Arial, sans-serif" '
        f'font-size="12"><rect width="{width}" height="{height}" fill="#ffffff"/>'
    ]
    for k, (title, bar, mark, scale) in enumerate(panels):
        points = {t: (float(c.evaluate(bar)) / scale, float(c.evaluate(mark)) / scale) for t, c in cases.items()}
        most = max(max(pair) for pair in points.values())
        x, room = left + k * 440, 330
        parts.append(f'<text x="{x}" y="22" font-weight="bold" fill="{NAVY}">{escape(title)}</text>')
        for row, (name, (value, against)) in enumerate(points.items()):
            y = 44 + 34 * row
            end, at = x + room * value / most, x + room * against / most
            if not k:
                parts.append(f'<text x="{left - 10}" y="{y + 14}" text-anchor="end">{escape(name)}</text>')
            parts.append(
                f'<rect x="{x}" y="{y}" width="{end - x:.1f}" height="18" fill="{NAVY if name == "Base" else "#8ea9db"}"/>'
            )
            parts.append(
                f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{y - 5}" y2="{y + 23}" stroke="{ORANGE}" stroke-width="3"/>'
            )
            text = f"{value:,.2f}" if scale == 1 else f"{value:,.0f}"
            ink = "#ffffff" if name == "Base" else "#000000"
            parts.append(f'<text x="{x + 6}" y="{y + 13}" fill="{ink}">{text}</text>')
        parts.append(
            f'<text x="{x}" y="{height - 8}" fill="{GREY}">bar: {"cost" if not k else "must produce"}; '
            f"orange line: {'market price' if not k else 'costs'}</text>"
        )
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    print(picture() if "picture" in sys.argv[1:] else page(), end="")
