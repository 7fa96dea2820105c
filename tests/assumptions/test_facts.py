"""Company facts: every figure says what it is, sums add up, and one's own file goes over the shipped one."""

import csv
import io
from datetime import date

import pytest

from xl_aicost.assumptions import load_facts, load_sources
from xl_aicost.assumptions.facts import COLUMNS, FLOWS, TOLERANCE, quarters_of, trailing
from xl_aicost.errors import DataError

HEAD = ",".join(COLUMNS) + "\n"
GOOD = "HOUSE,FY2025,2025-12-31,revenue,5000000000,USD,total revenue,filed,https://example.org/report,\n"


def own(tmp_path, text):
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def close(a, b):
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b))


def test_the_companies_that_are_asked_about_are_on_file_with_at_least_ten_figures():
    facts = load_facts()
    assert facts.companies()[:5] == ["META", "GOOGL", "MSFT", "AMZN", "ORCL"]
    for company in facts.companies():
        assert sum(f.company == company for f in facts) >= 10, company


@pytest.mark.parametrize(
    ("company", "period", "measure", "millions"),
    [  # as others read them in the filings, independently of this table, in October 2026
        ("NVDA", "FY2026", "revenue", 215_938),
        ("NVDA", "FY2025", "revenue", 130_497),
        ("NVDA", "Q2-2026", "revenue", 81_615),
        ("NVDA", "Q3-2026", "revenue", 96_221),
        ("ORCL", "FY2026", "revenue", 67_357),
        ("ORCL", "Q3-2026", "revenue", 19_345),
        ("ORCL", "TTM-2026-08", "revenue", 71_776),
        ("ORCL", "Q3-2026", "backlog", 664_000),
        ("CSCO", "FY2026", "revenue", 63_325),
        ("CSCO", "FY2025", "revenue", 56_654),
        ("CSCO", "FY2026", "net_income", 13_267),
        ("META", "Q2-2026", "revenue", 60_801),
        ("GOOGL", "Q2-2026", "buybacks", 0),
        ("GOOGL", "Q2-2026", "cloud_revenue", 24_768),
        ("GOOGL", "Q2-2025", "cloud_revenue", 13_624),
        ("AMZN", "Q2-2026", "cloud_revenue", 42_232),
        ("AMZN", "Q2-2025", "cloud_revenue", 30_873),
        ("GOOGL", "GUIDE-2026", "capex_guidance_high", 205_000),
        ("META", "GUIDE-2026", "capex_guidance_low", 130_000),
        ("AMZN", "GUIDE-2026", "capex_guidance_mid", 220_000),
        ("MSFT", "GUIDE-2026", "capex_guidance_mid", 175_000),
    ],
)
def test_figures_that_others_read_in_the_filings_are_on_file_the_same(company, period, measure, millions):
    rows = [f for f in load_facts().of(company, measure) if f.period == period]
    newest = max(rows, key=lambda f: f.guidance_date)  # of guidance, the last; of the rest there is one
    assert newest.value == pytest.approx(millions * 1e6, abs=1e6)  # quarters are rounded to a million


@pytest.mark.parametrize(
    ("company", "measures"),
    [
        ("META", "revenue operating_cash_flow capex_purchases"),
        ("GOOGL", "revenue operating_cash_flow capex_purchases share_based_compensation"),
        ("MSFT", "revenue operating_cash_flow capex_purchases share_based_compensation"),
        ("AMZN", "revenue operating_cash_flow capex_purchases headcount"),
    ],
)
def test_the_large_four_reach_from_2019_to_their_last_year_without_a_gap(company, measures):
    for measure in measures.split():
        years = load_facts().years(company, measure)
        assert years == list(range(2019, years[-1] + 1)), (company, measure)
        assert years[-1] >= 2025


def test_four_quarters_add_up_to_their_year():
    checked = 0
    for year in (f for f in load_facts() if f.period.startswith("FY") and f.measure in FLOWS):
        quarters = quarters_of(year, load_facts())
        if len(quarters) == 4:
            assert close(sum(q.value for q in quarters), year.value), year.key
            checked += 1
    assert checked >= 80


def test_trailing_twelve_months_are_the_last_four_quarters():
    checked = 0
    for fact in (f for f in load_facts() if f.period.startswith("TTM-") and f.measure in FLOWS):
        total = trailing(fact, load_facts())
        if total is not None:
            assert close(total, fact.value), fact.key
            checked += 1
    assert checked >= 20


def test_free_cash_flow_is_operating_cash_flow_less_what_its_definition_names():
    facts, checked = load_facts(), 0
    for fact in (f for f in facts if f.measure == "free_cash_flow"):
        parts = {m: facts.one(fact.company, fact.period, m) for m in ("operating_cash_flow", "capex_purchases")}
        if not all(parts.values()):
            continue
        left = parts["operating_cash_flow"].value - parts["capex_purchases"].value
        extra = {"finance_lease_principal": -1} if "lease" in fact.definition else {}
        extra |= {"proceeds_ppe_sales": 1} if "net of sales" in fact.definition else {}
        found = {m: facts.one(fact.company, fact.period, m) for m in extra}
        if not all(found.values()):
            continue
        left += sum(sign * found[m].value for m, sign in extra.items())
        assert fact.value == pytest.approx(left, rel=0.001), fact.key
        checked += 1
    assert checked >= 20


def test_capital_spending_as_guided_is_the_sum_of_its_parts_where_it_is_said_to_be():
    facts = load_facts()
    for fact in facts.of("META", "capex_as_guided"):
        parts = [facts.one("META", fact.period, m) for m in ("capex_purchases", "finance_lease_principal")]
        if all(parts):
            assert fact.value == sum(p.value for p in parts), fact.period
    for fact in facts.of("AMZN", "capex_as_guided"):
        bought, sold = (facts.one("AMZN", fact.period, m) for m in ("capex_purchases", "proceeds_ppe_sales"))
        if bought and sold:
            assert fact.value == bought.value - sold.value, fact.period


def test_every_figure_has_a_source_that_a_reader_can_open():
    sources = load_sources()
    for fact in load_facts():
        source = sources[fact.source]
        assert source.url.startswith("https://"), fact.key
        assert source.title


def test_a_headline_does_not_rest_on_a_bare_domain():
    headline = {"revenue", "operating_cash_flow", "capex_purchases", "finance_lease_principal", "buybacks", "dividends"}
    headline |= {"share_based_compensation", "capex_guidance_low", "capex_guidance_mid", "capex_guidance_high"}
    for fact in (f for f in load_facts() if f.measure in headline):
        path = load_sources()[fact.source].url.removeprefix("https://").rstrip("/")
        assert "/" in path, (fact.key, path)


def test_guidance_says_when_it_was_given_and_what_it_counts():
    guided = [f for f in load_facts() if f.kind == "guidance"]
    assert {f.company for f in guided} >= {"META", "GOOGL", "MSFT", "AMZN", "ORCL"}
    for fact in guided:
        assert date.fromisoformat(fact.guidance_date) < fact.period_end
        assert fact.period.startswith("GUIDE-")


def test_definitions_stand_apart_under_one_measure():
    meta = {f.definition for f in load_facts().of("META", "capex_purchases")}
    assert meta == {
        "purchases of property and equipment, net of sale proceeds",
        "purchases of property and equipment, gross",
    }
    assert load_facts().one("META", "FY2021", "capex_purchases").value == 18_567e6
    assert (
        load_facts().one("META", "FY2021", "capex_purchases", "purchases of property and equipment, gross").value
        == 18_690e6
    )
    assert "gross" in load_facts().one("AMZN", "FY2025", "capex_purchases").definition


def test_the_file_reads_the_same_when_a_spreadsheet_saves_it():
    from xl_aicost.assumptions.facts import as_row
    from xl_aicost.assumptions.loader import HERE

    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(as_row(f) for f in load_facts())
    assert out.getvalue() == (HERE / "facts.csv").read_text(encoding="utf-8")


def test_an_own_company_stands_beside_the_shipped_ones(tmp_path):
    facts = load_facts(own(tmp_path, GOOD))
    assert facts.one("HOUSE", "FY2025", "revenue").value == 5e9
    assert facts.one("META", "FY2025", "revenue") == load_facts().one("META", "FY2025", "revenue")


def test_an_own_figure_replaces_the_one_of_the_same_definition(tmp_path):
    row = "META,FY2025,2025-12-31,revenue,1,USD,total revenue,filed,https://example.org/a,\n"
    facts = load_facts(own(tmp_path, row))
    assert facts.one("META", "FY2025", "revenue").value == 1
    assert len(facts) == len(load_facts())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("HOUSE", "my house"), ["row 2", "column company", "my house"]),
        (("FY2025", "2025"), ["column period", "'2025'", "2025-12-31"]),
        (("FY2025", "FY2024"), ["column period", "'FY2024'", "2025-12-31"]),
        (("FY2025", "Q3-2025"), ["column period", "'Q3-2025'", "2025-12-31"]),
        (("FY2025", "GUIDE-2025"), []),
        (("2025-12-31", "31.12.2025"), ["column period_end", "31.12.2025"]),
        (("revenue", "turnover"), ["column measure", "turnover"]),
        ((",USD,", ",EUR,"), ["column unit", "EUR", "USD"]),
        (("5000000000", "5,000"), ["more cells than columns"]),
        (("filed", "guess"), ["column kind", "guess", "quoted"]),
        (("filed", "guidance"), ["column kind", "given YYYY-MM-DD"]),
        (("https://example.org/report", "somewhere"), ["column source", "somewhere"]),
        (("total revenue", ""), ["column definition", "empty"]),
    ],
)
def test_each_error_says_where_it_stands_and_what_would_do(tmp_path, change, words):
    path = own(tmp_path, GOOD.replace(*change, 1))
    if not words:
        assert load_facts(path)
        return
    with pytest.raises(DataError) as error:
        load_facts(path)
    for word in ["mine.csv", *words]:
        assert word in str(error.value)


def test_a_figure_cannot_stand_twice_in_one_definition(tmp_path):
    with pytest.raises(DataError, match="appears twice in the file"):
        load_facts(own(tmp_path, GOOD + GOOD))
