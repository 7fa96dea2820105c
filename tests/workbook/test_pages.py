"""The pages that readers see: words, titles, contrast, names, and sentences that are right in every branch."""

import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from openpyxl.cell.cell import Cell
from typer.testing import CliRunner

from tests.conftest import require
from xl_aicost.assumptions import load_assumptions, load_facts
from xl_aicost.case import model
from xl_aicost.cli.main import app
from xl_aicost.workbook.build import build
from xl_aicost.workbook.layout import FIRST_SOURCE
from xl_aicost.workbook.sheets.history import History, history
from xl_aicost.workbook.style import MUTED, colours
from xl_aicost.workbook.template import load_template, shipped_templates

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")  # of LibreOffice, to openpyxl
PAGES = ["Answer", "Compare", "Cluster", "Options", "Afford", "Returns", "Sensitivity"]
REFERENCE = ["Inputs", "Claims", "Sources", "Checks", "About", "Companies"]
TEMPLATES = {"cluster": {}, "company": {"company": "META", "year": 2026}, "comparison": {}}
TEMPLATES |= {"oracle": {"company": "ORCL", "year": 2026}, "house": {"settings": {"headcount": 5_000, "ai_spend": 2e9}}}
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
UNSAID = ("live", "lane", "lanes", "stamped", "flag", "does-not-tie", "sentinel", "custom scenario")


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, arguments in TEMPLATES.items():
        path = folder / f"{name}.xlsx"
        assert build(name if name in shipped_templates() else "company", path, **arguments).checks == "OK"
        found[name] = path
    return found


def pages_of(path):
    book = openpyxl.load_workbook(path, data_only=True)
    return [book[n] for n in PAGES if n in book.sheetnames]


def texts_of(ws):
    """Return the texts of a page that are shown, with their cells."""
    hidden = {c for c, d in ws.column_dimensions.items() if d.hidden}
    rows = (row for n, row in enumerate(ws.iter_rows(), 1) if not ws.row_dimensions[n].hidden)
    cells = (c for row in rows for c in row if isinstance(c, Cell) and c.column_letter not in hidden)
    return [(c.coordinate, c.value) for c in cells if isinstance(c.value, str)]


def charts_of(path):
    """Return the sheet and the XML of each chart."""
    with zipfile.ZipFile(path) as archive:
        names = openpyxl.load_workbook(path, read_only=True).sheetnames
        for number, sheet in enumerate(names, 1):
            rels = f"xl/worksheets/_rels/sheet{number}.xml.rels"
            drawing = (
                re.search(r"drawings/(drawing\d+)\.xml", archive.read(rels).decode())
                if rels in archive.namelist()
                else None
            )
            if drawing is None:
                continue
            charts = archive.read(f"xl/drawings/_rels/{drawing[1]}.xml.rels").decode()
            frames = archive.read(f"xl/drawings/{drawing[1]}.xml").decode()
            for chart in re.findall(r"charts/(chart\d+)\.xml", charts):
                yield sheet, ElementTree.fromstring(archive.read(f"xl/charts/{chart}.xml")), frames


def test_no_label_is_longer_than_60_characters():
    labels = [x.label for x in (*model().lines.values(), *load_assumptions().values())]
    assert [text for text in labels if len(text) > 60] == []


def test_every_page_has_one_head_one_printed_page_and_names_whom_it_is_about(books):
    for name, path in books.items():
        for ws in pages_of(path):
            title, status = ws["B2"].value, next(c.value for c in ws[2][2:] if c.value)
            named = ("Meta", "Oracle", "A company of 5,000 people", "A company of 7", "A cluster of", "five companies")
            assert any(n in title for n in named), (name, ws.title, title)
            assert status.startswith("Scenario: "), (name, ws.title)
            assert "Checks: OK" in status
            assert ws["B3"].value.endswith((".", "?"))
            assert len(ws["B5"].value) > 20
            assert (ws.page_setup.fitToWidth, ws.page_setup.fitToHeight) == (1, 1)
            assert not ws.sheet_view.showGridLines
            across = sum(d.width * 7 for d in ws.column_dimensions.values() if not d.hidden)
            assert 60 <= ws.sheet_view.zoomScale <= 80
            assert across * ws.sheet_view.zoomScale / 100 <= 1360  # all of its width on a screen of 1400 pixels


def test_no_id_and_no_word_of_the_workshop_is_shown(books):
    ids = {n for n in (*model().lines, *load_assumptions()) if "_" in n}
    for name, path in books.items():
        book = openpyxl.load_workbook(path, data_only=True)
        for ws in (book[n] for n in (*PAGES, *REFERENCE) if n in book.sheetnames):
            for at, text in texts_of(ws):
                assert not ids & set(re.findall(r"\w+", text)), (name, ws.title, at, text)
                words = re.findall(r"[\w-]+", text.lower())
                assert text == "Mobile World Live" or not set(UNSAID) & set(words), (name, ws.title, at, text)
                assert ws.title not in PAGES or "#" not in text.replace("#1", ""), (name, ws.title, at, text)


def test_every_chart_has_a_title_from_a_cell_with_a_number_in_it(books):
    count = 0
    for name, path in books.items():
        book = openpyxl.load_workbook(path, data_only=True)
        for sheet, chart, frames in charts_of(path):
            if sheet not in PAGES:
                continue
            count += 1
            cell, shown = (chart.find(f"{CHART}chart/{CHART}title//{CHART}{tag}") for tag in ("f", "v"))
            where, at = cell.text.replace("'", "").replace("$", "").split("!")
            assert book[where][at].value == shown.text
            missing = "not on file" in shown.text  # then there is no number to say
            assert missing or re.search(r"\d", shown.text), (name, sheet, shown.text)
            assert len(shown.text) <= 80, (name, sheet, shown.text)
            assert chart.find(f"{CHART}roundedCorners").get("val") == "0"
            assert len(re.findall(r'descr="[^"]{20,}"', frames)) == frames.count("<xdr:graphicFrame")
            for kind in chart.iter(f"{CHART}barChart"):
                stacked = kind.find(f"{CHART}grouping").get("val") == "stacked"
                assert not (stacked and kind.findall(f".//{CHART}dLblPos[@val='outEnd']"))
                assert all(s.find(f"{CHART}invertIfNegative").get("val") == "0" for s in kind.iter(f"{CHART}ser"))
    assert count >= 2 * len(books)


def test_a_gap_is_an_empty_cell(books):
    """Oracle's headcount before fiscal year 2024 is not on file: no value in the cell, no point in the chart."""
    feed = openpyxl.load_workbook(books["oracle"], data_only=True)["Feed"]
    head = next(r for r in range(1, 300) if feed.cell(r, 1).value == "Year" and feed.cell(r, 3).value == "Headcount")
    filed = [feed.cell(head + k, 3).value for k in range(1, 8)]
    assert filed[:2] == [None, None]
    assert all(isinstance(v, float) for v in filed[-2:])


def test_the_history_begins_and_ends_with_a_year_that_is_on_file():
    for company in (None, *load_facts().companies()):
        told = history(company, load_facts())
        years = [told.row(k) for k in range(len(told.years))]
        assert all(any(v is not None for v in years[k][1]) for k in (0, -1)), company
        _, guided, people, _ = told.shape
        assert [name for name, _ in years if name.endswith("e")] == [f"{told.last + 1}e"] * guided
        assert years[people][1][1] is not None or not any(values[1] for _, values in years)
        assert ("newest headcount" in told.note) == (guided and years[-1][1][3] is not None)


def test_the_names_of_two_lines_that_end_at_one_height_stand_apart():
    sides = {company: history(company, load_facts()).shape[-1] for company in ("META", "ORCL", "CRWV")}
    assert sides == {"META": "t", "ORCL": "t", "CRWV": "b"}


def test_the_title_of_the_history_says_how_far_both_moved_or_how_many_years_are_on_file():
    gap = float("nan")
    moved = {(150.0, 90.0): "up 50%, headcount down 10%", (99.8, 100.4): "flat, headcount flat", (120.0, gap): "up 20%"}
    for (spent, people), words in moved.items():
        told = History("House", 2025, 2024, False, (100.0, spent), (100.0, people))
        assert told.title == f"House, 2024 to 2025: AI spending {words}"
    for base in (None, 2025):
        told = History("House", 2025, base, False, (80.0, gap, 100.0), (gap, gap, gap))
        assert told.title == "House: AI spending of 2 years is on file"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The workbook of a company with a fortieth of the example's amounts: a revenue of 360 million."""
    folder, facts = tmp_path_factory.mktemp("small"), pd.read_csv("workbooks/my_company.csv")
    facts["value"] = (facts["value"] / 40).round()
    path = folder / "small.xlsx"
    assert build("company", path, company="HOUSE", facts=facts).checks == "OK"
    return path


def test_amounts_of_a_small_company_are_in_millions(small):
    axes = [f.get("formatCode") for _, chart, _ in charts_of(small) for f in chart.iter(f"{CHART}numFmt")]
    assert any('"m"' in code for code in axes)
    assert not any('"bn"' in code for code in axes)
    book = openpyxl.load_workbook(small, data_only=True)
    assert not [(ws.title, at, t) for ws in pages_of(small) for at, t in texts_of(ws) if re.search(r"\b0\.\dbn", t)]
    [rules] = [
        rules for cells, rules in book["Afford"].conditional_formatting._cf_rules.items() if "F28" in cells.sqref
    ]
    shown = {rule.dxf.numFmt.formatCode.split(";")[0]: rule.formula[0].partition(">")[2] for rule in rules}
    assert list(shown.items()) == [  # up to which size, where the largest is beyond the unit and where it is not
        ('"$"#,##0,"k"', "999500,49950,999500)"),
        ('"$"#,##0.0,,"m"', "999500000,9950000,9950000)"),
        ('"$"#,##0,,"m"', "999500000,49950000,999500000)"),
    ]


def printed(path, pdf):
    """Return the text of the pages that `render` prints."""
    require("soffice"), require("pdftotext")
    assert CliRunner().invoke(app, ["render", str(path), "--out", str(pdf)]).exit_code == 0
    return subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def test_amounts_of_a_small_company_read_as_in_sentences(small, tmp_path):
    text = printed(small, tmp_path / "small.pdf")
    assert re.search(r"Shown: HOUSE 2025 +-\$2\.6m ", text)
    assert "Option A is better by $2.6m over 8 years" in " ".join(text.split())
    assert "$0.0bn" not in text
    assert re.search(r"Funding gap +\$0 ", text)
    assert re.search(r"HOUSE +2025 +\$363m +\$53m ", text)  # in a list where others have billions


def test_amounts_of_a_table_are_in_the_unit_of_the_largest_but_for_what_would_read_as_0(tmp_path):
    path = tmp_path / "meta.xlsx"
    build("company", path, company="META", year=2025)
    text = printed(path, tmp_path / "meta.pdf")
    assert re.search(r"Shown: Meta 2025 +-\$0\.2bn ", text)
    assert re.search(r"Half of the cut by attrition +\$35m ", text)
    assert re.search(r"Cash that the cut saves, a full year +\$1\.2bn ", text)


def test_a_euro_workbook_says_where_an_amount_is_in_dollars(said):
    """The article and the cases of Options speak of dollars: their numbers are not those of the workbook's currency."""
    for book in said["euros"]:
        claims = {row[0].value: row[1].value for row in book["Claims"].iter_rows(min_col=3, max_col=4)}
        assert claims["Electricity costs 50 to 100 million a year"] == "US$50m to US$100m"
        assert "Market price of US$1.70 per GPU-hour" in [row[0].value for row in book["Options"].iter_rows(min_col=2)]
        units = [row[0].value for row in book["Inputs"].iter_rows(min_col=3, max_col=3) if "$" in str(row[0].value)]
        assert len(units) > 20
        assert all(u.startswith("US$") for u in units)
        assert book["Answer"]["B8"].value == "\u20ac52.0bn"


@pytest.mark.parametrize("name", sorted(shipped_templates()))
def test_colours_differ_from_their_ground_by_4_5_to_1(name):
    brand = load_template(name).brand
    for text, ground in [
        *((c, "FFFFFF") for c in (*colours(brand).values(), brand.dark, "595F69")),
        (brand.dark, brand.light),
        ("1B2430", brand.light),
        ("0A3FBF", "FFF7DB"),
        ("1B2430", "BFD3E6"),
        ("1B2430", "F2C4AD"),
        (colours(brand)["cut"], "FEF3EC"),
    ]:
        assert contrast(text, ground) >= 4.5, (text, ground)


def contrast(one, other):
    """Return the ratio of the luminances of two colours, as WCAG 2.1 defines it."""
    light = sorted((luminance(one), luminance(other)))
    return (light[1] + 0.05) / (light[0] + 0.05)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_contrast_is_that_of_the_standard():
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("777777", "FFFFFF") == pytest.approx(4.48, abs=0.005)  # the well-known grey just below the limit


EUROS = load_template("cluster")
EUROS = replace(EUROS, brand=replace(EUROS.brand, currency="EUR", currency_per_usd=0.8))
CASES = {
    "gain": ("company", {"settings": {"layoff_share": 1, "ai_spend": 1e9, "loaded_cost": 600_000}}),
    "no cut": ("company", {"settings": {"layoff_share": 0}}),
    "no cut on file": ("company", {"company": "GOOGL"}),
    "no pay": ("company", {"company": "ORCL", "year": 2026}),
    "no pay, chosen": ("company", {"company": "ORCL", "choices": {"sensitivity_output": "layoff_coverage"}}),
    "gap": (
        "company",
        {
            "company": "ORCL",
            "year": 2026,
            "settings": {"loaded_cost": 200_000},
            "choices": {"sensitivity_output": "layoff_coverage_depreciation"},
        },
    ),
    "few years": ("company", {"company": "HOUSE", "facts": load_facts(Path("workbooks/my_company.csv"))}),
    "not on file": ("company", {"company": "ORCL", "year": 2022}),
    "no work lost": ("company", {"settings": {"work_lost_share": 0}}),
    "cut frees nothing": ("company", {"settings": {"base_salary": 9_000_000}, "years": 1}),
    "loss": ("cluster", {"years": 5}),
    "profit": ("cluster", {"settings": {"rental_price": 4.5}, "years": 5}),
    "euros": (EUROS, {"scenario": "scarcity", "years": 5}),
}
SAID = [
    ("gain", "Answer", r"^Yes\. AI spending of \$1\.0bn .* pays for [\d,.]+% of it\.$"),
    ("no cut", "Answer", r"^No jobs are cut\. AI spending of .* takes [\d,]+ jobs, \d+% of the workforce\.$"),
    ("no cut", "Options", r"^No jobs are cut, so there is nothing to choose\.$"),
    (
        "no cut on file",
        "Answer",
        r"^No cut is on file\. AI spending of \$93\.4bn is [\d.]+ times Alphabet's whole payroll",
    ),
    ("no cut on file", "Options", r"^It cannot be said: no cut of Alphabet is on file\.$"),
    ("no cut on file", "Afford", r"^Yes\. In a year Alphabet has \$[\d.]+bn left"),
    (
        "no pay",
        "Answer",
        r"^It cannot be said: what a job costs at Oracle is not on file\. AI spending is \$55\.7bn, headcount 162,000\. Type",
    ),
    ("no pay", "Options", r"^It cannot be said: what a job costs at Oracle is not on file\.$"),
    ("no pay", "Afford", r"bring in after pay\. What a cut saves in cash is not on file\.$"),
    ("no pay", "Sensitivity", r"^Jobs that AI's time savings release: [\d,]+ jobs\. Moved most by "),
    ("no pay, chosen", "Sensitivity", r": n/a\. A figure that it needs is not on file\.$"),
    (
        "gap",
        "Answer",
        r"^No\. AI spending of \$55\.7bn is 1\.7 times Oracle's whole payroll\. The cut of 21,000 jobs .* 7\.5% of it",
    ),
    ("gap", "Sensitivity", r': 58[.\d]*%\. Moved most by ".*": from [\d.]+% to [\d.]+%\.$'),
    (
        "gap",
        "Afford",
        r"^No\. In a year Oracle spends \$23\.7bn more on AI than operations bring in after pay\.",
    ),
    (
        "not on file",
        "Answer",
        r"^It cannot be said: AI spending \(\$4\.5bn\) or headcount \(n/a\) of Oracle is not on file\.$",
    ),
    ("no work lost", "Options", r"^Fund AI: no work is lost"),
    ("cut frees nothing", "Options", r"^Keep the people: severance takes all the cash"),
    ("loss", "Cluster", r"Over 5 years it loses \$[\d.]+[mbn]+ in present value\.$"),
    ("profit", "Cluster", r"Over 5 years it earns \$[\d.]+[mbn]+ in present value\.$"),
    ("profit", "Returns", r"^The cluster returns [\d.]+% a year where capital costs 10%\. Over 5 years it earns"),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory, libreoffice):
    """What the pages say in each case: as built, and recalculated in LibreOffice."""
    folder = tmp_path_factory.mktemp("said")
    paths = {}
    for case, (template, arguments) in CASES.items():
        paths[case] = folder / f"{case.replace(' ', '-')}.xlsx"
        assert "error" not in build(template, paths[case], **arguments).checks, case
    other = dict(zip(paths, libreoffice(list(paths.values())), strict=True))
    return {case: [openpyxl.load_workbook(p, data_only=True) for p in (paths[case], other[case])] for case in paths}


def test_sentences_are_right_for_gain_loss_and_what_is_not_on_file(said):
    for case, sheet, pattern in SAID:
        for book in said[case]:
            assert re.search(pattern, book[sheet]["B5"].value), (case, sheet, book[sheet]["B5"].value)


def test_the_title_of_a_picture_claims_nothing_that_is_not_on_file(said):
    title, missing = (
        "Title: depreciation against payroll",
        "Depreciation and payroll over 8 years: a figure is not on file",
    )
    for case, expected in {
        "no pay": missing,
        "few years": missing,
        "gap": "Depreciation of AI passes the payroll in",
    }.items():
        for book in said[case]:
            texts = {row[0].value: row[1].value for row in book["Feed"].iter_rows(max_col=2)}
            assert texts[title].startswith(expected), (case, texts[title])


def test_afford_says_what_answer_counts_where_the_two_differ(said):
    for book in said["profit"]:
        assert "; on Answer $65.0bn, the input." in book["Afford"]["B25"].value
    for book in said["gap"]:
        assert "on Answer" not in book["Afford"]["B25"].value


def test_the_sources_of_one_s_own_figures_are_listed_and_counted(said):
    for book in said["few years"]:
        page = book["Sources"]
        listed = [row[0] for row in page.iter_rows(FIRST_SOURCE, None, 2, 2, values_only=True) if row[0]]
        assert {"example.org/annual-report-2025", "example.org/news-2025-09-15"} <= set(listed)
        assert page["B5"].value.startswith(f"{len(listed) - 1} publications ")  # what we assume ourselves is none


def test_a_figure_without_a_value_says_why_in_a_colour_that_is_no_verdict(said):
    built = said["no pay"][0]
    for name, missing in {"Answer": "DFHJ", "Options": "BFHJ", "Afford": "FHJ"}.items():
        assert all(
            built[name][f"{c}8"].value == "n/a" and " not on file" in built[name][f"{c}9"].value for c in missing
        )
        rules = [r for x in built[name].conditional_formatting if "B8:K8" in x.sqref for r in x.rules]
        assert [(r.formula, r.dxf.font.color.rgb[2:]) for r in rules] == [(['B8="n/a"'], MUTED)], name
    assert said["no cut"][0]["Answer"]["F9"].value == "no jobs are cut"


def test_the_pages_read_alike_when_libreoffice_recalculates_them(said):
    for case, (built, recalculated) in said.items():
        for ws in (built[n] for n in PAGES if n in built.sheetnames):
            other = recalculated[ws.title]
            for at, text in texts_of(ws):
                assert other[at].value == text, (case, ws.title, at)


def test_a_title_says_that_values_are_yours_where_they_stand_over_a_companys(books):
    titles = {n: openpyxl.load_workbook(books[n], data_only=True)["Answer"]["B2"].value for n in ("company", "house")}
    assert titles == {"company": "Meta, 2026 as guided", "house": "Meta, fiscal year 2025, with your values"}


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize(("template", "most"), [("cluster", 16), ("company", 14), ("comparison", 10), ("board", 4)])
def test_the_book_of_a_template_has_few_pages(tmp_path, template, most, paper):
    require("soffice"), require("pdfinfo")
    run = CliRunner().invoke
    path, pdf = str(tmp_path / "book.xlsx"), str(tmp_path / "book.pdf")
    assert run(app, ["build", template, "--out", path]).exit_code == 0
    assert run(app, ["render", path, "--out", pdf, "--paper", paper]).exit_code == 0
    told = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    assert int(re.search(r"Pages: +(\d+)", told)[1]) <= most
    assert ("A4" if paper == "A4" else "letter") in re.search(r"Page size: .*", told)[0]
