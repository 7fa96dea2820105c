"""Our own calculation of workbooks: against IronCalc cell by cell, and a batch at once against its rows one by one."""

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.test_workbook_engines import random_inputs
from xl_aicost.engine import Calculation, UnknownFormulaError
from xl_aicost.engine.calculate import by_ironcalc, calculate
from xl_aicost.review.stake import _rounded_otherwise
from xl_aicost.workbook.build import assemble

VARIANTS = {
    "cluster": {},
    "company": {"company": "ORCL", "years": 7},
    "comparison": {"scenario": "Oracle"},
    "board": {"periods_per_year": 4, "years": 3},
    "by month": {"periods_per_year": 12, "years": 4},
    "one year": {"years": 1},
    "lambdas": {"lambdas": True},
    "simulated": {"simulate": {"line": "layoffs_to_fund", "draws": 500, "date": "2026-11-25"}},
}


def near(a, b):
    return a == b if isinstance(a, str) or isinstance(b, str) else abs(a - b) <= 1e-9 * max(1, abs(a), abs(b))


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_value_is_what_ironcalc_finds(variant):
    """What numpy knows, what our engine calculates from the formulas alone, and IronCalc: three times the same."""
    template = variant if variant in ("company", "comparison", "board") else "cluster"
    book = assemble(template, **VARIANTS[variant])
    known = Calculation(book.wb, precomputed=book.precomputed).by_sheet()
    iron = by_ironcalc(book.wb)
    plain = calculate(book.wb)
    for sheet, cells in iron.items():
        assert cells.keys() == known[sheet].keys()
        for key, value in cells.items():
            if variant == "lambdas" and isinstance(value, str) and value.startswith("#"):
                continue  # IronCalc knows no names of a sheet
            if "TEXT(" in str(book.wb[sheet].cell(*key).value) and _rounded_otherwise(known[sheet][key], value):
                continue  # see EXCUSED
            at = f"{sheet}!{key}: {known[sheet][key]!r} against {value!r}"
            loose = sheet == "Checks" and key[1] in (4, 5)  # sums of billions that cancel
            assert near(known[sheet][key], value) or (loose and abs(known[sheet][key] - value) < 1e-3), at
            assert near(plain[sheet][key], value) or (loose and abs(plain[sheet][key] - value) < 1e-3), at
    with pytest.raises(UnknownFormulaError) if variant == "lambdas" else nothing():
        Calculation(book.wb)


def nothing():
    from contextlib import nullcontext

    return nullcontext()


FORMULAS = {
    '=TEXT(1234567.5,"#,##0")': "1,234,568",
    '=TEXT(-2.5,"0")': "-3",
    '=TEXT(-0.4,"0")': "0",
    '=TEXT(-0.096,"0.0")': "-0.1",
    '=TEXT(-0.0099,"0.0%")': "-1.0%",
    '=TEXT(0.12345,"0.0%")': "12.3%",
    '=TEXT(5,"00")': "05",
    '=TEXT(18123456789,"#,##0,,")': "18,123",
    "=-2^2": 4.0,
    "=2^3^2": 64.0,
    "=10-3-2": 5.0,
    "=2*3+4/2-1": 7.0,
    '=IF(B9="",1,2)': 1.0,
    "=B9+1": 1.0,
    "=1+B9": 1.0,
    '="a"="A"': True,
    '=B1&" and "&B3': "1 and yes",
    "=COUNT(B1:B9)": 4.0,
    "=SUM(B1:B5)": 13.0,
    "=MAX(B1:B5)": 7.0,
    "=MIN(B1:B2,0.5)": 0.5,
    '=COUNTIF(B1:B9,"YES")': 1.0,
    '=SUMIFS(B1:B4,B1:B4,">"&1.5)': 5.0,
    "=SUMPRODUCT((B1:B2>1)*1)": 1.0,
    "=SUMPRODUCT(B1:B2,B1:B2)": 5.0,
    "=INDEX(B1:B4,MATCH(3,B1:B4,0))": 3.0,
    "=RANK(2,B1:B4)": 2.0,
    "=ROUND(-2.5,0)": -3.0,
    "=INT(-2.5)": -3.0,
    '=CHOOSE(1+(B2>1),"no","yes")': "yes",
    "=AND(B1=1,B2=2)": True,
    "=OR(B1=9,B2=9)": False,
    "=LN(EXP(2))": 2.0,
    "=ABS(-3)+SQRT(16)": 7.0,
    "=1E+2+1": 101.0,
    "=SUM(B3)": 0.0,
    "=NA()": "#N/A",
    "=NA()*0+1": "#N/A",
    "=IF(NA()>0,1,2)": "#N/A",
    "=IF(B1=1,2,NA())": 2.0,
    "=MAX(1,NA())": "#N/A",
    "=NA()^0": "#N/A",
    "=AND(TRUE,NA()=1)": "#N/A",
    '="is "&NA()': "#N/A",
    "=CHOOSE(NA(),1,2)": "#N/A",
    "=MATCH(9,B1:B4,0)": "#N/A",
    "=INDEX(B1:B4,MATCH(9,B1:B4,0))": "#N/A",
    "=ISNUMBER(NA())*1": 0.0,
    '=IFERROR(B3,"an error")': "yes",
    "=ISNA(NA())*1": 1.0,
    "=ISNA(B3)*1": 0.0,
    "=IFERROR(NA(),5)": 5.0,
    "=COUNT(NA(),1)": 1.0,
    "=SUMIFS(B5:B6,B1:B2,1)": 7.0,
    "=SUMIFS(B5:B6,B1:B2,2)": "#N/A",
    "=SUM(B5:B6)": "#N/A",
    "=SUMPRODUCT(B5:B6,B1:B2)": "#N/A",
    '=IF(ISNUMBER(B6),TEXT(B6,"0.0"),"n/a")': "n/a",
    '=LEN("AI cost")+LEN(B3)+LEN(1250)': 14.0,
    "=LEN(NA())": "#N/A",
    "=three*2": 6.0,
    "='Other sheet'!A1+1": 43.0,
}


def sheet_of(formulas):
    wb = openpyxl.Workbook()
    ws = wb.active
    for at, value in (("B1", 1), ("B2", 2), ("B3", "yes"), ("B4", 3.0), ("B5", 7), ("B6", "=NA()")):
        ws[at] = value
    wb.create_sheet("Other sheet")["A1"] = 42
    wb.defined_names["three"] = openpyxl.workbook.defined_name.DefinedName("three", attr_text=f"{ws.title}!$B$4")
    for row, formula in enumerate(formulas, 1):
        ws.cell(row, 1).value = formula
    return wb


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_come_to_what_excel_says(formula):
    wb = sheet_of([formula])
    found = Calculation(wb).by_sheet()["Sheet"][1, 1]
    assert found == pytest.approx(FORMULAS[formula]) if isinstance(found, float) else found == FORMULAS[formula]
    iron = by_ironcalc(wb)["Sheet"][1, 1]
    assert near(iron, found) or (formula.startswith("=TEXT") and _rounded_otherwise(found, iron)), iron


@pytest.mark.parametrize(
    "formula", ["=PMT(0.1,5,100)", "=1/0", "=B3+1", "=A1", "=LN(-1)", '=TEXT(1,"mmm")', "=(1", "=nobody"]
)
def test_what_it_does_not_know_it_leaves_to_ironcalc(formula):
    wb = sheet_of([formula, "=1+1"])
    with pytest.raises(UnknownFormulaError):
        Calculation(wb)
    found = calculate(wb)["Sheet"]
    assert found[2, 1] == 2
    assert (1, 1) in found


def test_texts_that_are_rounded_otherwise():
    for old, new in (("cut of -0.1%", "cut of 0.1%"), ("1.0%", "0.0%"), ("-1.0%", "-0.0%"), ("1,235", "1,234")):
        assert _rounded_otherwise(old, new)
    for old, new in (
        ("-15", "15"),
        ("-0.2%", "0.2%"),
        ("2.0%", "0.0%"),
        ("1,236", "1,234"),
        ("10", "9"),
        ("a 1", "b 1"),
    ):
        assert not _rounded_otherwise(old, new)


def test_beside_an_error_it_still_calculates_what_it_knows():
    """And takes from IronCalc what is or meets an error alone; so IronCalc's slips do not spread: see EXCUSED."""
    formulas = {
        "=1/0": "#DIV/0!",
        "=A1+1": "#DIV/0!",
        "=SUM(A1:B1)": "#DIV/0!",
        "=COUNT(A1:B2)": 2.0,
        '=COUNTIF(A1:B2,">0")': 2.0,
        "=IF(B1=1,2,A1)": 2.0,
        "=1.4E-17>0": True,
        "=2/-(2*2)": -0.5,
        "=TEXT(2.5,0)&A1": "#DIV/0!",
        '=TEXT(-2.5,"0")': "-3",
        "=A8*2": -1.0,
        "=PMT(0,5,100)": -20.0,
        "=A12*2": -40.0,
    }
    found = calculate(sheet_of(formulas))["Sheet"]
    assert [found[row, 1] for row in range(1, len(formulas) + 1)] == list(formulas.values())
    iron = by_ironcalc(sheet_of(formulas))["Sheet"]
    assert [row for row, v in enumerate(formulas.values(), 1) if iron[row, 1] != v] == [7, 8, 10, 11]


SOME = st.lists(st.sampled_from([None, 0.0, 1.0, 2.0, 3.5, -1.0, "yes", "no"]), min_size=3, max_size=3)
MIXED = [
    '=IF(B1="",0,B1)',
    "=COUNT(B1:B4)",
    "=SUM(B1:B4)",
    '=COUNTIF(B1:B4,"yes")',
    "=INDEX(B1:B4,2)",
    '=B1="yes"',
    "=B1<>B2",
    "=SUMIFS(B2:B4,B2:B4,2)",
    '=CHOOSE(1+(B4>2),"low","high")',
    '="is "&IF(B4>2,"high","low")',
    "=MAX(IF(B4>2,NA(),1),B4)",
    "=IF(IF(B4>2,NA(),1)>0,1,2)",
    "=AND(IF(B4>2,NA(),1)=1,B4>1)*1",
    "=ISNUMBER(IF(B4>2,NA(),1))*1",
    "=CHOOSE(1+ISNA(IF(B4>2,NA(),1)),1,2)",
    '="is "&IF(B4>2,NA(),"low")',
    "=COUNT(IF(B4>2,NA(),1),1)",
    "=IF(B4>2,NA(),1)/B4",
    "=IF(B4>2,NA(),1)^0",
    '=IF(B4>0,ISNUMBER(B1),"never")',
    '=IF(B4<0,"never",IF(B4>2,1,2))',
    '=IF(ISNUMBER(B1),B1,"n/a")',
    '=IFERROR(B1,"an error")',
    "=ABS(IF(B4>2,NA(),-1))",
]


@given(st.lists(SOME, min_size=1, max_size=6))
def test_a_batch_at_once_is_each_of_its_rows_alone(rows):
    """Whatever two cells hold in each row, blank, text or number."""
    wb = sheet_of(MIXED)
    given_ = {
        "Sheet": {(1, 2): [r[0] for r in rows], (2, 2): [r[1] for r in rows], (4, 2): [0.5 + len(str(r)) for r in rows]}
    }
    together = Calculation(wb, given_).by_sheet()["Sheet"]
    for i, row in enumerate(rows):
        alone = sheet_of(MIXED)
        for at, value in (("B1", row[0]), ("B2", row[1]), ("B4", 0.5 + len(str(row)))):
            alone.active[at].value = value
        for key, value in Calculation(alone).by_sheet()["Sheet"].items():
            several = together[key]
            one = several[i] if isinstance(several, np.ndarray) else several
            one = "#N/A" if one != one else one
            assert one == value, MIXED[key[0] - 1]


def test_the_rows_of_a_batch_can_be_replaced():
    wb = sheet_of(["=B1*2+B4", "=B4", "=SUM(B1:B4)", "=A5+B1", "=1+1"])
    ready = {"Sheet": {(5, 1): np.array([100.0, 200.0])}}
    calculation = Calculation(wb, {"Sheet": {(1, 2): [1.0, 2.0]}}, ready)
    values = calculation.by_sheet()["Sheet"]
    assert [values[r, 1].tolist() for r in (1, 3, 4)] == [[5, 7], [6, 7], [101, 202]]
    calculation.recalculate({"Sheet": {(1, 2): [10.0, 20.0, 30.0]}}, {"Sheet": {(5, 1): np.array([1.0, 2.0, 3.0])}})
    values = calculation.by_sheet()["Sheet"]
    assert [values[r, 1].tolist() for r in (1, 3, 4, 5)] == [[23, 43, 63], [15, 25, 35], [11, 22, 33], [1, 2, 3]]
    assert values[2, 1] == 3
    calculation.recalculate({"Sheet": {(1, 2): [np.inf]}}, {"Sheet": {(5, 1): np.array([1.0])}})
    assert calculation.has_error(1).tolist() == [True]


def test_stored_numbers_are_those_of_random_inputs():
    """Random inputs typed in: our values beside IronCalc's, on the lane that shows them."""
    rng = np.random.default_rng(7)
    for _ in range(3):
        book = assemble("company", settings=random_inputs(rng))
        iron = by_ironcalc(book.wb)
        for key, value in calculate(book.wb, book.precomputed)["Calc_Live"].items():
            assert near(value, iron["Calc_Live"][key]), key
