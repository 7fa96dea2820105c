"""Inputs at their edges leave n/a in words on the pages, and never an error."""

import pytest
from openpyxl.utils import get_column_letter

from xl_aicost.engine import is_error
from xl_aicost.engine.calculate import calculate
from xl_aicost.workbook.build import assemble

EDGES = [
    {"gpus": 0},
    {"gpus": 0, "ai_spend": 0},
    {"ai_spend": 0},
    {"layoff_share": 0, "base_salary": 0},
    {"utilization": 0, "rental_price": 0, "discount_rate": 0},
]
BEHIND = ("Feed", "Checks", "Time", "Calc_")  # where an error is how n/a is written


@pytest.mark.parametrize("template", ["cluster", "company", "comparison", "board"])
@pytest.mark.parametrize("settings", EDGES, ids=lambda e: " ".join(e))
def test_no_page_shows_an_error(template, settings):
    book = assemble(template, settings=settings)
    shown = {
        (sheet, column)
        for sheet, cells in calculate(book.wb, book.known).items()
        for (_, column), value in cells.items()
        if is_error(value) and not sheet.startswith(BEHIND)
    }
    hidden = {n for n, c in book.wb["Inputs"].column_dimensions.items() if c.hidden}  # what the lines read
    assert {place for place in shown if not (place[0] == "Inputs" and get_column_letter(place[1]) in hidden)} == set()


def test_nothing_spent_on_ai_is_nothing_to_choose():
    book = assemble("company", company="META", year=2025, settings={"ai_spend": 0})
    answer = calculate(book.wb, book.known)["Options"][5, 2]
    assert answer == "Nothing is spent on AI, so there is nothing to choose."
