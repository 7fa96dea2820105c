"""The SEC's company facts are read by the tags, spans and dates of filing that make them what is on file."""

import json
from dataclasses import replace

import pytest

from tests.conftest import DATA
from xl_aicost.assumptions import Facts, load_facts
from xl_aicost.assumptions.sec import compared, read_sec, write_overlay
from xl_aicost.errors import DataError

FILES = {"META": "CIK0001326801.json", "GOOGL": "CIK0001652044.json", "MSFT": "CIK0000789019.json"}

# revenue, operating income, operating cash flow, purchases, lease principal, depreciation in billions, as another
# reading of the same filings gives them
KNOWN = {
    ("GOOGL", "FY2023"): (307.39, 84.29, 101.75, 32.25, 0.70, 11.95),
    ("GOOGL", "FY2024"): (350.02, 112.39, 125.30, 52.53, 0.41, 15.31),
    ("GOOGL", "FY2025"): (402.84, 129.04, 164.71, 91.45, 1.99, 21.14),
    ("META", "FY2023"): (134.90, 46.75, 71.11, 27.05, 1.06, 11.02),
    ("META", "FY2024"): (164.50, 69.38, 91.33, 37.26, 1.97, 15.29),
    ("META", "FY2025"): (200.97, 83.28, 115.80, 69.69, 2.52, 18.00),
    ("MSFT", "FY2023"): (211.91, 88.52, 87.58, 28.11, 1.06, 11.0),
    ("MSFT", "FY2024"): (245.12, 109.43, 118.55, 44.48, 1.29, 15.2),
    ("MSFT", "FY2025"): (281.72, 128.53, 136.16, 64.55, 2.28, 22.0),
    ("MSFT", "FY2026"): (331.84, 155.24, 182.94, 115.95, 3.10, 34.3),
}
MEASURES = [
    "revenue",
    "operating_income",
    "operating_cash_flow",
    "capex_purchases",
    "finance_lease_principal",
    "depreciation",
]


@pytest.fixture(scope="module")
def read():
    return {company: read_sec(DATA / "sec" / name) for company, name in FILES.items()}


@pytest.mark.parametrize(("company", "period"), KNOWN)
def test_the_years_are_what_another_reading_of_the_filings_gives(read, company, period):
    found = {f.measure: f.value for f in read[company] if f.period == period}
    for measure, value in zip(MEASURES, KNOWN[company, period], strict=True):
        assert found[measure] / 1e9 == pytest.approx(value, abs=0.0051), measure


@pytest.mark.parametrize(
    ("company", "period", "measure", "value"),
    [
        ("MSFT", "Q3-2025", "revenue", 77_673),  # printed in the 10-Q
        ("MSFT", "Q1-2026", "operating_cash_flow", 46_679),
        ("MSFT", "Q2-2026", "operating_cash_flow", 55_441),  # the year less nine months, of two filings
        ("MSFT", "Q2-2026", "capex_purchases", 35_802),
        ("META", "Q4-2025", "capex_purchases", 21_383),  # with 754 of leases the 22.14 billion of the release
        ("META", "Q4-2025", "finance_lease_principal", 754),
        ("GOOGL", "Q2-2026", "capex_purchases", 44_924),
        ("GOOGL", "Q2-2026", "operating_cash_flow", 39_069),
    ],
)
def test_quarters_come_from_spans_of_the_year_to_date(read, company, period, measure, value):
    found = [f for f in read[company] if (f.period, f.measure) == (period, measure)]
    assert [f.value for f in found] == [value * 1e6]


@pytest.mark.parametrize("company", FILES)
def test_every_figure_of_the_file_is_on_file_as_it_is(read, company):
    changes = compared(read[company], load_facts())
    assert len(changes) > 100
    assert {c.status for c in changes} == {"same"}


@pytest.mark.parametrize("company", FILES)
def test_against_a_table_of_years_a_file_adds_its_quarters(read, company, tmp_path):
    years = Facts(f for f in load_facts() if f.period.startswith("FY"))
    changes = compared(read[company], years)
    assert {c.status for c in changes if c.fact.period.startswith("FY")} == {"same"}
    new = [c for c in changes if c.status == "new"]
    assert len(new) > 80
    assert {c.fact.period[0] for c in new} == {"Q"}
    path = tmp_path / "overlay.csv"
    assert write_overlay(changes, path) == len(new)
    assert (
        load_facts(path).one(company, "Q1-2026", "revenue").value
        == load_facts().one(company, "Q1-2026", "revenue").value
    )


def test_a_changed_figure_is_shown_and_goes_into_the_overlay(read, tmp_path):
    table = Facts(replace(f, value=1.0) if f.key[1:3] == ("FY2025", "revenue") else f for f in load_facts())
    changed = [c for c in compared(read["META"], table) if c.status == "changed"]
    assert [(c.fact.period, c.before.value, c.fact.value) for c in changed] == [("FY2025", 1.0, 200_966e6)]
    assert write_overlay(changed, tmp_path / "o.csv") == 1
    assert "200966000000" in (tmp_path / "o.csv").read_text(encoding="utf-8")


def test_the_definition_is_the_one_that_the_table_uses_for_the_company(read):
    found = {c.fact.definition for c in compared(read["META"], load_facts()) if c.fact.measure == "capex_purchases"}
    assert found == {"purchases of property and equipment, net of sale proceeds"}


def entry(start, end, value, form="10-K", filed="2026-02-01", accession="0000000000-26-000001"):
    return {"start": start, "end": end, "val": value, "form": form, "filed": filed, "accn": accession}


def made(tmp_path, tags, **top):
    facts = {"us-gaap": {t: {"units": {"USD": rows}} for t, rows in tags.items()}}
    path = tmp_path / "made.json"
    path.write_text(json.dumps({"cik": 1018724, "facts": facts} | top), encoding="utf-8")
    return path


CASH = "NetCashProvidedByUsedInOperatingActivities"


def values(found, measure="operating_cash_flow"):
    return {f.period: f.value for f in found if f.measure == measure}


def test_what_was_filed_last_counts(tmp_path):
    rows = [
        entry("2025-01-01", "2025-12-31", 100),
        entry("2025-01-01", "2025-12-31", 90, "10-K/A", "2026-05-01"),
        entry("2025-01-01", "2025-12-31", 80, "S-1", "2026-06-01"),
    ]
    assert values(read_sec(made(tmp_path, {CASH: rows}))) == {"FY2025": 90}


def test_trailing_years_in_quarterly_reports_are_no_fiscal_years(tmp_path):
    rows = [
        entry("2024-01-01", "2024-12-31", 50),
        entry("2025-01-01", "2025-12-31", 100),
        entry("2025-07-01", "2026-06-30", 160, "10-Q"),
    ]
    assert values(read_sec(made(tmp_path, {CASH: rows}))) == {"FY2024": 50, "FY2025": 100}


def test_quarters_are_differences_and_a_printed_quarter_goes_first(tmp_path):
    rows = [
        entry("2025-01-01", "2025-03-31", 10, "10-Q"),
        entry("2025-01-01", "2025-06-30", 30, "10-Q"),
        entry("2025-04-01", "2025-06-30", 21, "10-Q"),
        entry("2025-01-01", "2025-09-30", 60, "10-Q"),
        entry("2025-01-01", "2025-12-31", 100),
    ]
    found = read_sec(made(tmp_path, {CASH: rows}))
    assert values(found) == {"FY2025": 100, "Q1-2025": 10, "Q2-2025": 21, "Q3-2025": 30, "Q4-2025": 40}
    assert {f.period: f.kind for f in found}["Q4-2025"] == "derived"


def test_a_gap_in_the_quarters_stays_a_gap(tmp_path):
    rows = [entry("2025-01-01", "2025-03-31", 10, "10-Q"), entry("2025-01-01", "2025-12-31", 100)]
    assert values(read_sec(made(tmp_path, {CASH: rows}))) == {"FY2025": 100, "Q1-2025": 10}


def test_a_year_of_53_weeks_and_one_that_ends_a_day_earlier_are_fiscal_years(tmp_path):
    rows = [entry("2022-09-25", "2023-09-30", 7), entry("2023-10-01", "2024-09-28", 8)]
    assert values(read_sec(made(tmp_path, {CASH: rows}))) == {"FY2023": 7, "FY2024": 8}


def test_a_tag_that_was_given_up_serves_the_years_that_the_new_one_lacks(tmp_path):
    new, old = "Revenues", "RevenueFromContractWithCustomerExcludingAssessedTax"
    tags = {
        old: [entry("2023-01-01", "2023-12-31", 1), entry("2024-01-01", "2024-12-31", 2)],
        new: [entry("2024-01-01", "2024-12-31", 3)],
    }
    assert values(read_sec(made(tmp_path, tags)), "revenue") == {"FY2023": 1, "FY2024": 3}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read as JSON"),
        ("[]", "not a company-facts file"),
        ("{}", "no 'cik'"),
        ('{"cik": 1018724}', "not a company-facts file"),
        ('{"cik": 1018724, "facts": {"us-gaap": {}}}', "none of the expected figures"),
        ('{"cik": 5, "facts": {"us-gaap": {}}}', "name it with --company"),
        ("[" * 100_000, "cannot be read as JSON"),
    ],
)
def test_what_is_no_such_file_is_refused_in_one_line(tmp_path, text, words):
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words) as error:
        read_sec(path)
    assert "\n" not in str(error.value)


def test_an_entry_that_is_no_number_is_refused(tmp_path):
    rows = [entry("2025-01-01", "2025-12-31", "much")]
    with pytest.raises(DataError, match="without start, end or val"):
        read_sec(made(tmp_path, {CASH: rows}))


def test_another_company_needs_its_ticker(tmp_path):
    path = made(tmp_path, {CASH: [entry("2025-01-01", "2025-12-31", 4)]}, cik=99)
    assert {f.company for f in read_sec(path, "HOUSE")} == {"HOUSE"}
