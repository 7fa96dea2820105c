"""Inputs at their edges leave n/a in words on the pages, and never an error."""

from dataclasses import replace

import pytest
from openpyxl.utils import get_column_letter

from xl_aicost.engine import is_error
from xl_aicost.engine.calculate import calculate
from xl_aicost.workbook.build import assemble
from xl_aicost.workbook.template import load_template

EDGES = [
    {"gpus": 0},
    {"gpus": 0, "ai_spend": 0},
    {"ai_spend": 0},
    {"layoff_share": 0, "base_salary": 0},
    {"utilization": 0, "rental_price": 0, "discount_rate": 0},
]
TEMPLATES = ("cluster", "company", "comparison", "board")
BEHIND = ("Feed", "Checks", "Time", "Calc_")  # where an error is how n/a is written


def errors_of(book):
    """Return where a reader sees an error; hidden columns of Inputs are what the lines read."""
    shown = {
        (sheet, get_column_letter(column))
        for sheet, cells in calculate(book.wb, book.precomputed).items()
        for (_, column), value in cells.items()
        if is_error(value) and not sheet.startswith(BEHIND)
    }
    hidden = {("Inputs", n) for n, c in book.wb["Inputs"].column_dimensions.items() if c.hidden}
    return shown - hidden


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("settings", EDGES, ids=lambda e: " ".join(e))
def test_no_page_shows_an_error(template, settings):
    assert errors_of(assemble(template, settings=settings)) == set()


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_horizon_of_one_year_shows_no_error(template):
    assert errors_of(assemble(template, years=1)) == set()


def test_nothing_spent_on_ai_is_nothing_to_choose():
    book = assemble("company", company="META", year=2025, settings={"ai_spend": 0})
    answer = calculate(book.wb, book.precomputed)["Options"][5, 2]
    assert answer == "Nothing is spent on AI, so there is nothing to choose."


def test_the_answer_that_a_template_brings_stands_in_place_of_ours():
    template = replace(load_template("company"), answer="Spends {ai_spend:$} a year.")
    book = assemble(template, settings={"ai_spend": 2e9})
    assert calculate(book.wb, book.precomputed)["Answer"][5, 2] == "Spends $2.0bn a year."
