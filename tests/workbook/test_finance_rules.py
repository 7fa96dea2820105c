"""The rules of the modelling standards on every template; what is not kept to is argued in `EXCEPTIONS`, here alone.

Rules that any workbook can be held to are those of `audit`; the others know how ours are laid out and stand below.
"""

import re
import subprocess
from collections import Counter

import numpy as np
import openpyxl
import pytest

from tests.conftest import require
from xl_aicost.case import model
from xl_aicost.model.line import UNITS
from xl_aicost.review.audit import audit
from xl_aicost.workbook.build import assemble, build
from xl_aicost.workbook.layout import OPENING
from xl_aicost.workbook.style import CLASS_COLOURS, calculation_unit
from xl_aicost.xlsx.package import open_package
from xl_aicost.xlsx.references import area, normal, tokens
from xl_aicost.xlsx.render import render

TEMPLATES = ["cluster", "company", "comparison", "board"]
EXCEPTIONS = {
    "short-range": "totals of a year add its periods, and the axis goes on; a window of years is part of the line",
    "odd-formula": "rows of a results table link to different lines; the first period of a roll-forward has no period before",
    "error": "#N/A stands for what does not exist or is not on file, and is shown to readers as n/a",
    "empty-cell": "the opening column is blank for all but lines at dates; a typed value may be left blank",
}
PAGES_WIDE = {"As_built": 3, "Calc_Sensitivity": 6}


@pytest.fixture(scope="module", params=TEMPLATES)
def made(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("rules") / f"{request.param}.xlsx"
    build(request.param, path)
    return path


@pytest.fixture(scope="module")
def wb(made):
    return openpyxl.load_workbook(made)


@pytest.fixture(scope="module")
def book(made):
    return assemble(made.stem)


def column(ws, letter):
    return {row: ws[f"{letter}{row}"].value for row in range(1, ws.max_row + 1)}


def row_of(ws, text, letter="A"):
    return next(row for row, value in column(ws, letter).items() if value == text)


def classes(wb):
    ws = wb["About"]
    linked = [c for row in ws.iter_rows(min_row=7) for c in row if c.hyperlink]
    return {c.hyperlink.location.split("'")[1]: ws[f"E{c.row}"].value for c in linked}


def lanes(wb):
    return [wb[n] for n in wb.sheetnames if n.startswith("Calc_") and n not in ("Calc_Sensitivity", "Calc_Options")]


def formulas(ws):
    return [c for row in ws.iter_rows() for c in row if c.data_type == "f"]


def test_audit_finds_nothing_that_is_not_argued(made):
    found = audit(made)
    assert {f.rule for f in found.findings} <= set(EXCEPTIONS)
    assert {f.severity for f in found.findings} <= {"low", "note"}


def test_str_01_sheets_have_a_class_and_stand_in_the_order_of_the_contents(wb):
    found = classes(wb)
    assert list(found) == wb.sheetnames
    for name, kind in found.items():
        assert wb[name].sheet_properties.tabColor.rgb[2:] == CLASS_COLOURS[kind]


def test_str_02_about_states_what_it_must(wb):
    ws = wb["About"]
    wanted = ("Purpose", "Owner", "Version", "Data as of", "Currency and units", "Sign convention")
    for text in wanted:
        assert ws[f"D{row_of(ws, text, 'B')}"].value
    assert ws["I2"].value == "=status"
    assert row_of(ws, "What the looks of a cell mean", "B")


def test_str_03_known_limits_are_printed(wb):
    ws = wb["Answer"]
    row = row_of(ws, "What this page does not say", "B") + 2
    assert ws[f"B{row}"].value
    assert int(re.search(r"(\d+)$", ws.print_area)[1]) >= row


def test_str_04_contents_link_there_and_back(wb):
    there = {c.hyperlink.location for row in wb["About"].iter_rows() for c in row if c.hyperlink}
    for name in wb.sheetnames:
        assert f"'{name}'!A1" in there
        back = {c.hyperlink.location for row in wb[name].iter_rows(max_row=3) for c in row if c.hyperlink}
        assert back == ({"'Answer'!A1"} if name != "Answer" else set())


def test_str_09_calculations_read_no_output_check_or_record(wb):
    kinds = classes(wb)
    for name in (n for n, k in kinds.items() if k == "calculation" and n != "Feed"):  # which serves the pages alone
        for c in formulas(wb[name]):
            read = {t.sheet for t in tokens(c.value[1:]) if t.kind == "ref" and t.sheet}
            assert not {kinds[s] for s in read} & {"output", "check", "record"}, (name, c.coordinate)


def test_tim_01_there_is_one_time_axis(wb, book):
    time = wb["Time"]
    texts = {c.value.replace("$", "") for c in time[6] if c.data_type == "f"}
    assert all("first_year" in t for t in texts)
    for ws in lanes(wb):
        for letter in book.layout.periods():
            for row in (4, 5):
                assert ws[f"{letter}{row}"].value == f"=Time!{letter}${row}"


def test_tim_02_periods_are_counted_and_flagged(wb):
    assert {"Period", "Year end"} <= set(column(wb["Time"], "B").values())


def test_col_01_a_column_means_the_same_on_every_lane(wb):
    heads = {tuple(ws.cell(4, c).value for c in range(1, 7)) for ws in lanes(wb)}
    assert len(heads) == 1
    assert len({ws.freeze_panes for ws in lanes(wb)}) == 1


def test_for_11_calculations_do_not_round(wb):
    for ws in lanes(wb):
        assert not [c.coordinate for c in formulas(ws) if "ROUND" in c.value]


def test_for_12_nothing_is_calculated_twice(wb):
    for ws in lanes(wb):
        of_periods = [
            c for c in formulas(ws) if ws.cell(c.row, OPENING).data_type != "f"
        ]  # rows at dates begin earlier
        texts = Counter(normal(c.value[1:]) for c in of_periods if re.search(r"[-+*/]", c.value.replace("-1", "")))
        assert {t: n for t, n in texts.items() if n > 1} == {}


def test_for_13_no_link_leads_to_a_link(wb):
    pure = re.compile(r"=(?:'?([\w ]+)'?!)?\$?([A-Z]+)\$?(\d+)")
    for ws in (
        ws for ws in wb.worksheets if ws.title not in ("Checks", "Feed")
    ):  # which read the lanes, whatever stands there
        for c in formulas(ws):
            found = pure.fullmatch(c.value)
            if found and found[1]:
                target = pure.fullmatch(str(wb[found[1]][f"{found[2]}{found[3]}"].value))
                assert not (target and target[1]), (ws.title, c.coordinate)


def test_ref_03_calculations_flow_downwards(wb):
    for ws in lanes(wb):
        for c in formulas(ws):
            for t in tokens(c.value[1:]):
                if t.kind == "ref" and not t.sheet:
                    assert area(t, ws.title).bottom <= c.row, (ws.title, c.coordinate, c.value)


def test_inp_05_low_base_high_are_ordered_or_say_so(book):
    for a in book.assumptions.values():
        assert a.low <= a.base <= a.high or "unordered" in a.note, a.id


def test_inp_06_and_07_every_input_has_kind_source_date_and_owner(wb, book):
    columns = book.layout.input_columns
    for row in book.layout.input_rows.values():
        for what in ("kind", "source", "date", "owner"):
            assert wb["Inputs"][f"{columns[what]}{row}"].value, (row, what)
        assert wb["Inputs"][f"{columns['kind']}{row}"].value in (
            *("published", "contract", "estimate", "assumed"),
            *("filed", "quoted", "derived", "guidance", "n/a"),  # of a company's figure
        )


def test_lab_01_lines_have_labels_of_their_own_and_known_units(wb, book):
    known = {calculation_unit(u) for u in UNITS}
    ids = book.layout.id_column
    for ws in lanes(wb):
        rows = {c.row for c in formulas(ws) if c.row > 6}
        labels = [ws[f"B{row}"].value for row in rows]
        assert all(labels)
        assert len(set(labels)) == len(labels)
        assert {ws[f"C{row}"].value for row in rows} <= known
        assert len({ws.cell(row, ids).value for row in rows}) == len(rows)


def test_uni_01_units_balance_money():
    """Twice the price of everything is twice the money and nothing else."""
    graph = model()
    inputs = {
        i: np.array([a.base, a.base * (2 if "USD" in a.unit else 1)])
        for i, a in assemble("cluster").assumptions.items()
    }
    found = graph.evaluate(list(graph.lines), inputs, 10)
    for name, line in graph.lines.items():
        value = np.asarray(found[name])
        one, two = (value[0], value[1]) if value.ndim and len(value) == 2 else (value, value)
        expected = 2 * one if line.unit.startswith("USD") else one
        assert np.allclose(two, expected, rtol=1e-9, atol=1e-6, equal_nan=True), name


def test_cal_01_files_calculate_when_opened(wb):
    assert wb.calculation.fullCalcOnLoad
    assert wb.calculation.calcMode in (None, "auto")


def test_chk_02_checks_are_relative_and_all_are_counted(wb):
    ws = wb["Checks"]
    rows = [r for r, v in column(ws, "G").items() if r > 7 and v]
    for r in rows:
        apart = f"(ABS(D{r}-E{r})>F{r}*MAX(1,ABS(D{r}),ABS(E{r})))*1"
        unknown = f"2*(missing_inputs*ISNA(D{r}+E{r})>0)"
        assert ws[f"G{r}"].value == f'=CHOOSE(1+(COUNT(D{r}:E{r})=2)+{unknown},1,{apart},"n/a")'
        assert 0 < ws[f"F{r}"].value <= 1e-6
        assert ws[f"F{r}"].protection.locked
    assert ws["L9"].value == f'=SUMIFS(G{rows[0]}:G{rows[-1]},C{rows[0]}:C{rows[-1]},"fails")'


def test_chk_03_errors_alerts_and_sensitivities_are_kept_apart(wb):
    kinds = Counter(v for r, v in column(wb["Checks"], "C").items() if r > 7 and v)
    assert set(kinds) == {"fails", "to note", "a setting"}
    assert sum(kinds.values()) >= 25


def test_prn_01_pages_are_set_up(wb):
    for ws in wb.worksheets:
        assert ws.page_setup.orientation == "landscape"
        assert ws.page_setup.paperSize in (9, "9")
        assert ws.page_setup.fitToWidth == PAGES_WIDE.get(ws.title, 1)
        assert ws.print_title_rows or ws.page_setup.fitToHeight == 1
        assert (ws.oddFooter.left.text, ws.oddFooter.right.text) == ("&F  |  &A", "Page &P of &N")


def test_prn_01_no_number_is_too_wide_for_its_column(made, tmp_path):
    require("soffice"), require("pdftotext")
    (pdf,) = render(made, tmp_path / "printed.pdf")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert "Provenance: what made this workbook" in text
    assert [line.strip() for line in text.splitlines() if "##" in line] == []


def luminance(rgb):
    parts = [int(rgb[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_acc_01_text_stands_out_and_the_document_is_named(wb, made):
    pairs = set()
    for ws in wb.worksheets:
        for row in ws.iter_rows():
            for c in row:
                if c.value is not None:
                    ground = c.fill.fgColor.rgb[2:] if c.fill.fill_type == "solid" else "FFFFFF"
                    ink = c.font.color.rgb[2:] if c.font.color and isinstance(c.font.color.rgb, str) else "000000"
                    pairs.add((ink, ground))
    for ink, ground in pairs:
        light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)
    assert wb.properties.title
    assert wb.properties.language == "en-US"
    assert all(text for sheet in open_package(made).sheets for _, text in sheet.drawings)


def test_gen_02_the_same_request_gives_the_same_bytes(made, tmp_path):
    build(made.stem, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == made.read_bytes()


def test_units_of_charts_and_captions_are_there(wb):
    """An axis has a unit in its numbers; where there is none, each category says its amount. The caption stands below."""
    count = 0
    for ws in wb.worksheets:
        for chart in ws._charts:
            count += 1
            assert chart.title.tx.strRef.f
            assert chart.y_axis.delete or chart.y_axis.number_format != "General"
            corner = chart.anchor
            assert ws.cell(corner.to.row + 1, corner._from.col + 1).value, (ws.title, chart.title.tx.strRef.f)
    assert count >= 2
