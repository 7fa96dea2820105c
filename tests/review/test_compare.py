"""Two workbooks compared, and the change of a result shared among what changed."""

import json
import shutil
import subprocess
import zipfile
from functools import cache
from itertools import permutations

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import require, type_into
from xl_aicost.assumptions import load_assumptions
from xl_aicost.cli.main import app
from xl_aicost.errors import InputError, UnknownNameError
from xl_aicost.review.attribution import shares
from xl_aicost.review.audit import audit
from xl_aicost.review.bridge import Bridge, BridgeStep, bridge
from xl_aicost.review.compare import diff
from xl_aicost.review.read import ReturnedWorkbook
from xl_aicost.review.verify import verify
from xl_aicost.review.waterfall import add_waterfall
from xl_aicost.workbook.build import assemble, build, write
from xl_aicost.workbook.template import load_template
from xl_aicost.xlsx.package import open_package

MOVED = {"pue": 1.3, "gpu_unit_price": 35_000, "utilization": 0.7, "useful_life": 4, "electricity_price": 0.1}


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    build("company", folder / "old.xlsx")
    build("company", folder / "new.xlsx", settings=MOVED)
    return folder / "old.xlsx", folder / "new.xlsx"


@cache
def ours(path):
    return ReturnedWorkbook(open_package(path))


def run(*words):
    from typer.testing import CliRunner

    return CliRunner().invoke(app, [str(w) for w in words])


def test_a_bridge_worked_by_hand():
    # 2 x 3 x 4 = 24 becomes 3 x 5 x 4 = 60; over both orders the first adds 12 or 20, the second 16 or 24
    def value(made):
        return np.where(made[:, 0], 3, 2) * np.where(made[:, 1], 5, 3) * 4.0

    first, second = shares(["count", "price"], value)
    assert (first.share, first.alone, first.low, first.high) == (16.0, 12.0, 12.0, 20.0)
    assert (second.share, second.alone, second.low, second.high) == (20.0, 16.0, 16.0, 24.0)
    assert first.error == second.error == 0


def test_exact_shares_are_the_mean_over_all_orders():
    rng = np.random.default_rng(5)
    table = rng.normal(size=16)

    def value(made):
        return table[(made * [1, 2, 4, 8]).sum(axis=1)]

    expected = np.zeros(4)
    orders = list(permutations(range(4)))
    for order in orders:
        made = np.zeros((1, 4), bool)
        for i in order:
            before = value(made)
            made = made.copy()
            made[0, i] = True
            expected[i] += (value(made) - before)[0] / len(orders)
    found = [s.share for s in shares(list("abcd"), value)]
    assert found == pytest.approx(expected, abs=1e-12)


def test_sampled_shares_are_within_their_error_of_the_exact_ones():
    weights = np.linspace(1, 3, 12)

    def value(made):  # the shares of a square of a sum are known: w_i times the sum of all
        return ((made * weights).sum(axis=1)) ** 2

    found = shares([str(i) for i in range(12)], value)
    assert sum(s.share for s in found) == pytest.approx(weights.sum() ** 2)
    for s, w in zip(found, weights, strict=True):
        assert abs(s.share - w * weights.sum()) <= 4 * s.error + 1e-9
        assert s.low <= s.share <= s.high


CHANGEABLE = [i for i, a in load_assumptions().items() if a.unit != "choice"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(sorted(CHANGEABLE)), min_size=1, max_size=14, unique=True),
    st.lists(st.floats(0, 1), min_size=14, max_size=14),
    st.sampled_from(["cluster_npv", "annual_cost", "layoffs_to_fund", "cluster_cash_flow", "option_b_value_advantage"]),
)
def test_the_bridge_adds_up_on_random_pairs(pair, names, places, output):
    from xl_aicost.review.bridge import _input_bars, _Model, _State

    old = ours(pair[0])
    made = _Model(old, output)
    before = _State.of(old)
    items = old.built.assumptions
    moved = {i: items[i].low + p * (items[i].high - items[i].low) for i, p in zip(names, places, strict=False)}
    after = _State(before.scenario, before.horizon, dict(before.inputs) | moved)
    bars = _input_bars(made, before, after)
    total = made.value(after) - made.value(before)
    assert sum(b.effect for b in bars) == pytest.approx(total, rel=1e-9, abs=1e-9 * abs(made.value(before)))
    assert all(b.low <= b.effect + 1e-6 * abs(b.effect) for b in bars)


def test_the_bridge_of_two_files_ends_where_the_files_do(pair):
    found = bridge(ours(pair[0]), ours(pair[1]), "option_b_value_advantage")
    values = [openpyxl.load_workbook(p, data_only=True)["Calc_Live"] for p in pair]
    row = assemble("company").layout.rows["option_b_value_advantage"]
    assert [found.old, found.new] == pytest.approx([v[f"D{row}"].value for v in values])
    assert found.residual == pytest.approx(0, abs=1e-9 * abs(found.total))
    assert {b.name for b in found.bars} == set(MOVED)
    assert {b.block for b in found.bars} == {"inputs"}


def test_scenario_and_horizon_are_bars_of_their_own(pair, tmp_path):
    build("company", tmp_path / "long.xlsx", scenario="glut", years=12)
    found = bridge(ours(pair[0]), ours(tmp_path / "long.xlsx"), "cluster_npv")
    assert [b.block for b in found.bars] == ["scenario", "horizon"]
    assert found.residual == pytest.approx(0, abs=1e-9 * abs(found.total))
    assert found.bars[0].low <= found.bars[0].effect <= found.bars[0].high
    assert not found.sampled


def test_an_edited_formula_is_a_bar_of_logic(pair, tmp_path):
    book = assemble("company", settings=MOVED)
    row = book.layout.rows["annual_cost"]
    cell = book.wb["Calc_Live"][f"D{row}"]
    cell.value = f"=({cell.value[1:]})*2"
    write(book, tmp_path / "edited.xlsx", edited=True)
    found = bridge(ours(pair[0]), ours(tmp_path / "edited.xlsx"), "annual_cost")
    logic = found.bars[-1]
    assert logic.block == "logic"
    assert logic.effect == pytest.approx(found.new / 2)
    assert logic.alone == pytest.approx(found.old)
    assert found.residual == pytest.approx(0, abs=1e-9 * abs(found.total))
    compared = diff(pair[0], tmp_path / "edited.xlsx")
    assert any(d.kind == "formulas" and "annual_cost" in d.name and d.new == "by hand" for d in compared.differences)


def test_a_sheet_that_was_hidden_by_hand_is_a_difference(pair, tmp_path):
    book = assemble("company")
    book.wb["Checks"].sheet_state = "hidden"
    write(book, tmp_path / "hidden.xlsx", edited=True)
    [hidden] = diff(pair[0], tmp_path / "hidden.xlsx").differences
    assert (hidden.kind, hidden.sheet, hidden.old, hidden.new) == ("structure", "Checks", "as built", "by hand")


def test_a_level_or_a_stranger_is_refused_by_name(pair):
    with pytest.raises(InputError, match="book_value is a balance over time"):
        bridge(ours(pair[0]), ours(pair[1]), "book_value")
    with pytest.raises(UnknownNameError, match="cluster_npv"):
        bridge(ours(pair[0]), ours(pair[1]), "cluster_np")


def test_diff_names_inputs_choices_results_and_turns(pair):
    result = run("diff", *pair, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert {d["name"] for d in found["inputs"]} == {f"{i}, Your value" for i in MOVED}
    assert found["formulas"] == found["values"] == found["structure"] == found["format"] == []
    same = run("diff", pair[0], pair[0])
    assert (same.exit_code, same.stdout) == (0, "note      the files are identical, byte for byte\nnothing differs\n")


def test_diff_says_what_changed_sign(pair, tmp_path):
    build("company", tmp_path / "small.xlsx", settings={"output_multiple": 0})
    changed = diff(pair[0], tmp_path / "small.xlsx").changed_signs
    [option_b] = [c for c in changed if c["line"] == "option_b_value_advantage"]
    assert option_b["old"] < 0 < option_b["new"]


def test_diff_sees_a_changed_check_and_a_lapsed_signature(pair, tmp_path):
    book = assemble("company")
    answer = book.wb["Answer"]
    row = next(r for r in range(1, 60) if answer[f"B{r}"].value == "Prepared by")
    answer[f"H{row}"] = openpyxl.load_workbook(pair[0], data_only=True)["Answer"][f"J{row}"].value
    write(book, tmp_path / "signed.xlsx", edited=True)
    type_into(book, "pue", 9.0)
    write(book, tmp_path / "moved.xlsx", edited=True)
    found = diff(tmp_path / "signed.xlsx", tmp_path / "moved.xlsx")
    assert found.sign_offs == [{"who": "Prepared by", "old": "signed, unchanged", "new": "changed since sign-off"}]
    assert {"check": "limits", "old": "ok", "new": "ERROR"} in found.checks


def foreign(path, insert=False):
    wb = openpyxl.Workbook()
    ws = wb.active
    ws.title = "Plan"
    lines = ["Revenue", "Cost", "Margin"]
    if insert:
        lines.insert(1, "Grants")
    for row, text in enumerate(lines, 2):
        ws[f"A{row}"] = text
        ws[f"B{row}"] = 10 * row
    last = len(lines) + 1
    ws[f"B{last}"] = f"=B2-B{last - 1}"
    ws[f"C{last}"] = f"=B{last}*2"
    wb.save(path)
    return wb


def test_an_inserted_row_is_one_difference(tmp_path):
    foreign(tmp_path / "a.xlsx")
    foreign(tmp_path / "b.xlsx", insert=True)
    found = diff(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert [(d.kind, d.name) for d in found.differences] == [("structure", "row Grants"), ("values", "Cost")]
    assert any("not made by xl-aicost" in n for n in found.notes)
    assert run("diff", tmp_path / "a.xlsx", tmp_path / "b.xlsx", "--bridge", "x").exception is not None


def test_the_waterfall_is_added_and_nothing_else_is_touched(pair, tmp_path, libreoffice):
    into = tmp_path / "into.xlsx"
    result = run("diff", *pair, "--bridge", "cluster_npv", "--into", into)
    assert result.exit_code == 1, result.stdout
    with zipfile.ZipFile(pair[1]) as before, zipfile.ZipFile(into) as after:
        touched = {n for n in before.namelist() if before.read(n) != after.read(n)}
        added = set(after.namelist()) - set(before.namelist())
    lists = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert touched == lists | {"xl/sharedStrings.xml"}
    assert {n.rpartition("/")[0] for n in added} == {
        "xl/worksheets",
        "xl/worksheets/_rels",
        "xl/drawings",
        "xl/drawings/_rels",
        "xl/charts",
    }
    stored = openpyxl.load_workbook(into, data_only=True)["Bridge"]
    again = openpyxl.load_workbook(libreoffice([into])[0], data_only=True)["Bridge"]
    for row in stored.iter_rows():
        for cell in row:
            other = again[cell.coordinate].value
            if isinstance(cell.value, float):
                assert other == pytest.approx(cell.value, rel=1e-9, abs=1e-6)
    assert "yes" in {c.value for row in again.iter_rows() for c in row}
    assert audit(into).verdict == "PASS"
    second = run("diff", *pair, "--bridge", "annual_cost", "--into", into)
    assert second.exit_code == 1
    assert openpyxl.load_workbook(into).sheetnames[-2:] == ["Bridge", "Bridge 2"]


def waterfall(folder, new, **effects):
    """Write the waterfall from 100 to a value, in steps, and return the numbers beside each text of its table."""
    steps = [BridgeStep("inputs", n, 1, 2, e, e, e, e) for n, e in effects.items()]
    made = Bridge("cost", "Cost", "USD", 100.0, new, steps)
    foreign(folder / "plan.xlsx")
    title = add_waterfall(
        made, load_template("cluster").brand, ("old", "new"), folder / "plan.xlsx", folder / "bridge.xlsx"
    )
    rows = openpyxl.load_workbook(folder / "bridge.xlsx", data_only=True)[title]
    return {row[0]: row[4:6] for row in rows.iter_rows(min_row=8, max_row=12 + len(steps), values_only=True)}


def test_the_steps_of_a_waterfall_lead_to_the_new_value_or_it_says_no(tmp_path):
    for new, leads in ((150.0, "yes"), (160.0, "NO")):
        shown = waterfall(tmp_path, new, price=80.0, hours=-30.0)
        effects = [shown[n][0] for n in ("Old: old", "Price", "Hours", "New: new", "Change")]
        assert effects == [100, 80, -30, 150, 50]
        assert shown["New value, recalculated from the file"][0] == new
        assert shown["The steps lead to it"][0] == leads


def test_each_step_of_a_waterfall_has_its_share_of_the_change(tmp_path):
    """Of what came to nothing too; where nothing changed there is nothing to share."""
    for new, effects, shares_ in (
        (150.0, (80.0, -30.0), (1.6, -0.6)),
        (0.0, (-75.0, -25.0), (0.75, 0.25)),
        (100.0, (9.0, -9.0), (0, 0)),
    ):
        shown = waterfall(tmp_path, new, price=effects[0], hours=effects[1])
        assert (shown["Price"][1], shown["Hours"][1]) == shares_


def test_verify_tells_identical_same_edited_and_different(pair, tmp_path, libreoffice):
    assert verify(pair[0]).verdict == "identical"
    assert verify(libreoffice([pair[0]])[0]).verdict == "same"
    for name, change in (("edited", ("Inputs", "D17", 1.3)), ("different", ("Calc_Base", "D95", 5.0))):
        wb = openpyxl.load_workbook(pair[0])
        wb[change[0]][change[1]] = change[2]
        wb.save(tmp_path / f"{name}.xlsx")
        assert verify(tmp_path / f"{name}.xlsx").verdict == name
    assert run("verify", pair[0]).exit_code == 0
    assert run("verify", tmp_path / "edited.xlsx", "--json").exit_code == 1
    foreign(tmp_path / "foreign.xlsx")
    with pytest.raises(InputError, match="not made by xl-aicost"):
        verify(tmp_path / "foreign.xlsx")


def test_render_prints_the_readers_sheets_and_the_workings_on_demand(pair, tmp_path, libreoffice):
    assert libreoffice
    require("pdftoppm"), require("pdftotext")
    shutil.copyfile(pair[0], tmp_path / "plan.xlsx")
    assert run("render", tmp_path / "plan.xlsx", "--paper", "Letter").exit_code == 0
    pdf = tmp_path / "plan.pdf"
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert "Inputs" in text
    assert "Calc_Live" not in [line.split()[1] for line in text.splitlines() if line.startswith("plan.xlsx")]
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    assert "letter" in info


def test_render_makes_a_folder_of_pictures_of_any_workbook(tmp_path, libreoffice):
    foreign(tmp_path / "plan.xlsx")
    assert libreoffice
    require("pdftoppm")
    (tmp_path / "plan-pages").mkdir()
    (tmp_path / "plan-pages" / "page-09.png").touch()
    written = json.loads(run("render", tmp_path / "plan.xlsx", "--png", "--json").stdout)["written"]
    assert [str(p) for p in (tmp_path / "plan-pages").iterdir()] == written
    (tmp_path / "plan-pages" / "mine.txt").touch()
    for words, message in ((("--png",), "contains 'mine.txt'"), (("--paper", "A5"), "is not one of A4, Letter")):
        assert message in str(run("render", tmp_path / "plan.xlsx", *words).exception)
