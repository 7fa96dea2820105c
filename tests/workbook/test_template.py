"""A wrong key or value of a template is one line that names file, table, key and value, and says what is accepted."""

import pytest

from xl_aicost.errors import DataError
from xl_aicost.workbook.template import load_template, read_template, shipped_templates

TEXT = load_template("cluster").text
OWN = """[[scenarios]]
name = "Article low"
case = "article-low"

[[scenarios]]
name = "Article high"
case = "article-high"

[grid]
"""
TEXT = TEXT.replace("[grid]\n", OWN, 1)
WRONG = [
    ("years = 10", "", "own.toml: no key 'years'; the keys are title, question,"),
    ("years = 10", "years = 10\nyeers = 10", "own.toml: unknown key 'yeers'; the keys are title, question,"),
    ("years = 10", 'years = 10\nid = "x"', "own.toml: unknown key 'id'; the keys are title,"),
    ("years = 10", "years = 1.5", "own.toml, years: '1.5' is not a whole number"),
    ("years = 10", "years = true", "own.toml, years: 'True' is not a whole number"),
    ("years = 10", "years = [", "own.toml: Invalid value"),
    ("years = 10", f"years = {'9' * 5000}", "own.toml: Exceeds the limit"),
    ('period = "year"', 'period = "week"', "own.toml, period: unknown period 'week': use one of year, quarter, month"),
    ('scenario = "Base"', 'scenario = "Bas"', "own.toml, scenario: unknown scenario 'Bas': did you mean Base?"),
    ('lanes = ["Base"', 'lanes = ["Bas"', "own.toml, lanes: unknown scenario 'Bas': did you mean Base?"),
    (
        'lanes = ["Base"',
        'lanes = ["Low"',
        "own.toml, lanes: Low is no scenario: low sets every input to the low end of",
    ),
    ("lanes = [", "lanes = []\nold = [", "own.toml: unknown key 'old'"),
    ("limits = [", 'limits = "none"\nold = [', 'own.toml, limits: \'none\' is not a list, as ["first", "second"]'),
    ("headline = [", "headline = [3, ", "own.toml, headline: '3' is not a text"),
    ("headline = [", 'headline = ["cluster_capx", ', "own.toml, headline: unknown line 'cluster_capx': did you mean"),
    ("sensitivity = [", 'sensitivity = ["cluster_npv", ', "own.toml: cluster_npv depends on time"),
    ('dark = "0B4F8A"', 'dork = "1F3864"', "own.toml [brand]: no key 'dark'; the keys are name, font, dark,"),
    ('dark = "0B4F8A"', 'dark = "red"', "own.toml [brand], dark: 'red' is no colour; accepted: six hexadecimal digits"),
    (
        'dark = "0B4F8A"',
        'dark = "0B4F8A"\ncurrency = "eur"',
        "own.toml [brand], currency: 'eur' is no currency; accepted:",
    ),
    (
        'dark = "0B4F8A"',
        'dark = "0B4F8A"\ndisplay_unit = "t"',
        "own.toml [brand], display_unit: unknown unit 't': use one of",
    ),
    ('dark = "0B4F8A"', f'dark = "0B4F8A"\ncurrency_per_usd = {"9" * 400}', "own.toml [brand], currency_per_usd: "),
    ('output = "jobs_to_fund_cluster"', "output = {}", "own.toml [grid], output: '{}' is not a text"),
    ('down = "useful_life"', 'down = "useful_lif"', "own.toml [grid], down: unknown input 'useful_lif'"),
    ("down_values = [3", 'down_values = ["3"', "own.toml [grid], down_values: '3' is not a number"),
    ("down_values = [3", "down_values = [inf", "own.toml [grid], down_values: 'inf' is not a number"),
    ('case = "article-low"', "case = 1", "own.toml [[scenarios]], case: '1' is not a text"),
    ('case = "article-low"', 'case = "lowest"', "own.toml [[scenarios]], case: unknown scenario 'lowest'"),
    ('case = "article-low"', "settings = 4", "own.toml [[scenarios]], settings: '4' is not a table of keys and values"),
    ('case = "article-low"', "settings = { gpux = 1 }", "own.toml [[scenarios]], settings: unknown input 'gpux'"),
    ('case = "article-low"', 'settings = { gpus = "1" }', "own.toml [[scenarios]], settings: '1' is not a number"),
    ('name = "Article low"', 'name = "_"', "own.toml [[scenarios]], name: '_' is no name; accepted: a letter or digit"),
    ('name = "Article low"', 'name = "BASE"', "own.toml [[scenarios]], name: 'BASE' is there twice"),
    ('name = "Article high"', 'name = "ARTICLE LOW"', "own.toml [[scenarios]], name: 'ARTICLE LOW' is there"),
    (
        "\n[[scenarios]]\n",
        '\n[[scenarios]]\nname = "HIGH"\n[[scenarios]]\n',
        "own.toml [[scenarios]], name: 'HIGH' is the name of another column of Inputs; choose another",
    ),
    (
        "[brand]\n",
        '[brand]\ncurrency = "EUR"\n',
        "own.toml [brand], currency_per_usd: none is given; EUR needs what one",
    ),
    (
        "[brand]\n",
        '[brand]\ncurrency = "EUR"\ncurrency_per_usd = 0\n',
        "own.toml [brand], currency_per_usd: 0 is not above 0; EUR needs what one US dollar buys of it",
    ),
    (
        "[brand]\n",
        "[brand]\ncurrency_per_usd = 0.86\n",
        "own.toml [brand], currency_per_usd: 0.86 has no currency; add",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "message"), WRONG, ids=[w[:40] for _, w, _ in WRONG])
def test_a_wrong_template_is_explained_in_one_line(right, wrong, message):
    assert right in TEXT
    with pytest.raises(DataError) as caught:
        read_template(TEXT.replace(right, wrong, 1), "own")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_tables_that_are_none_are_explained():
    head, _, _ = TEXT.partition("\n[[scenarios]]\n")
    for tables, message in (
        ("brand = 3\ngrid = {}", "own.toml [grid]: no key 'output'; the keys are output, across,"),
        ('grid = 3\nbrand = "x"', "own.toml, grid: '3' is not a table of keys and values"),
        ("scenarios = 3\ngrid = 3\nbrand = 3", "own.toml, grid: '3' is not a table of keys and values"),
    ):
        with pytest.raises(DataError) as caught:
            read_template(f"{head}\n{tables}\n", "own")
        assert str(caught.value).startswith(message)


@pytest.mark.parametrize("name", shipped_templates())
def test_a_template_keeps_what_its_file_says(name):
    template = load_template(name)
    assert (template.id, template.folder) == (name, str(shipped_templates()[name].parent))
    assert read_template(template.text, name, shipped_templates()[name].parent) == template
    assert isinstance(template.headline, tuple)
    assert all(isinstance(v, int | float) for v in template.grid.down_values)
