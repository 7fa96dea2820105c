"""Text of formulas: Excel's precedence, refusals, LET and LAMBDA."""

import numpy as np
import pytest

from xl_aicost.formula import Axis, Formula, RowCell, name, show, show_lambda, show_steps
from xl_aicost.formula.dialects import ARRAY, FILE
from xl_aicost.formula.printer import optional
from xl_aicost.model.missing import missing, power, when
from xl_aicost.model.timeline import (
    cumulative,
    dated,
    lag,
    peak,
    present_value,
    rate_of_return,
    renewals,
    total,
    trailing_sum,
)

a, b = name("A1"), name("B1")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (a + b * 2, "A1+B1*2"),
        ((a + b) * 2, "(A1+B1)*2"),
        (a - (b - 2), "A1-(B1-2)"),
        (a - (b + 2), "A1-(B1+2)"),
        (a + (b + 2), "A1+(B1+2)"),
        (a / b / 2, "A1/B1/2"),
        (a / (b * 2), "A1/(B1*2)"),
        (a ** (b**2), "A1^(B1^2)"),  # Python groups powers to the right, Excel to the left
        ((a**b) ** 2, "A1^B1^2"),
        (-(a**2), "-(A1^2)"),  # in Excel -A1^2 is (-A1)^2
        ((-a) ** 2, "(-A1)^2"),
        (a - (-b), "A1-(-B1)"),
        (a * -b, "A1*(-B1)"),
        (2 ** (-a), "2^(-A1)"),
        (np.where(a > 0, np.sqrt(a), 0), "IF(A1>0,SQRT(A1),0)"),
        ((a > 0) * (b < 0), "(A1>0)*(B1<0)"),
        (1 + (a > b), "1+(A1>B1)"),
        ((a > b) + 1, "(A1>B1)+1"),
        ((a >= b) + 1, "(A1>=B1)+1"),
        ((a < b) + 1, "(A1<B1)+1"),
        ((a <= b) + 1, "(A1<=B1)+1"),
        ((a == b) + 1, "(A1=B1)+1"),
        ((a != b) + 1, "(A1<>B1)+1"),
        (np.ceil(a / 2), "-INT(-(A1/2))"),
        (3 * np.ceil(a), "3*(-INT(-A1))"),
        (np.floor(a), "INT(A1)"),
        (np.maximum(a, b), "MAX(A1,B1)"),
        (np.minimum(np.abs(a), 1), "MIN(ABS(A1),1)"),
        (np.log(np.exp(a)), "LN(EXP(A1))"),
        (1e-7 * a, "1E-07*A1"),
        (a == b, "A1=B1"),
        (a != 2, "A1<>2"),
    ],
)
def test_excel_reads_it_as_python_meant_it(expression, text):
    assert show(expression) == text


def test_elementwise_minimum_does_not_collapse_over_a_range():
    assert show(np.minimum(a, b), ARRAY) == "IF(A1<B1,A1,B1)"
    assert show(np.maximum(a, b), ARRAY) == "IF(A1>B1,A1,B1)"


@pytest.mark.parametrize(
    "use",
    [bool, np.cumsum, np.round, np.sin, lambda x: np.sum(x, axis=0), np.add.reduce, lambda x: np.add(x, 1, dtype=int)],
)
def test_what_cannot_be_written_in_excel_is_refused(use):
    with pytest.raises(TypeError):
        use(a)


def test_the_refusal_names_the_function():
    with pytest.raises(TypeError, match=r"np\.arctan has no Excel spelling"):
        np.arctan(a)


def test_a_constant_of_more_than_fifteen_digits_is_refused():
    with pytest.raises(ValueError, match="15 digits"):
        show(a * (2 / 3))


AXIS = Axis(header=5, opening="F", first="G", last="K")


def cell(own_row=9):
    return RowCell(AXIS, 8, "I", "H", own_row)


def at_dates():
    return RowCell(AXIS, 8, "I", "H", 9, at_dates=True)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (cumulative(cell()), "SUM($G8:I8)"),
        (lag(cell(), 2), "SUMIFS($F8:H8,$F$5:H$5,I$5-2)"),
        (lag(cell(), a + 1), "SUMIFS($F8:H8,$F$5:H$5,I$5-(A1+1))"),
        (trailing_sum(cell(), a), 'SUMIFS($G8:$K8,$G$5:$K$5,">"&I$5-A1,$G$5:$K$5,"<="&I$5)'),
        (
            renewals(cell(), a, b),
            "(1-B1)*(SUMIFS($F8:H8,$F$5:H$5,I$5-A1)+SUMIFS($F9:H9,$F$5:H$5,I$5-A1))"
            "+B1*(SUMIFS($F8:H8,$F$5:H$5,I$5-A1-1)+SUMIFS($F9:H9,$F$5:H$5,I$5-A1-1))",
        ),
        (peak(cell()), "MAX($G8:$K8)"),
        (
            dated(cell(), RowCell(AXIS, 7, "I", "H", 9), RowCell(AXIS, 6, "I", "H", 9)),
            "SUMIFS($G8:$K8,$G$5:$K$5,I$5+1)+(SUMIFS($G7:$K7,$G$5:$K$5,I$5)+SUMIFS($G7:$K7,$G$5:$K$5,I$5+1))/2"
            "+SUMIFS($G6:$K6,$G$5:$K$5,I$5)",
        ),
        (total(cell()), "SUM($G8:$K8)"),
        (present_value(cell(), RowCell(AXIS, 7, "I", "H", 9)), "SUMPRODUCT($G8:$K8,$G7:$K7)"),
        (rate_of_return(at_dates(), 0.1, a), "IF(ISNUMBER(IRR($F8:$K8,0.1)),MAX(IRR($F8:$K8,0.1),A1),A1)"),
        (cumulative(at_dates()), "SUM($F8:I8)"),
        (when(cell(), ">", peak(cell()), a, missing), "IF(I8>MAX($G8:$K8),A1,NA())"),
        (power(1 + a, -cell()), "(1+A1)^(-I8)"),
        (cell() * 2, "I8*2"),
    ],
)
def test_a_look_over_time_is_a_formula_over_the_row(expression, text):
    assert show(expression) == text


@pytest.mark.parametrize("helper", [cumulative, total, peak, lambda x: lag(x, 1), lambda x: trailing_sum(x, 2)])
def test_a_look_over_time_needs_a_row_of_its_own(helper):
    with pytest.raises(TypeError, match="row of its own"):
        helper(a)
    with pytest.raises(TypeError, match="row of its own"):
        helper(cell() + 1)


def test_a_step_used_twice_has_a_let_name_and_one_used_once_has_not():
    step = a + b
    assert show_steps(step * step, ARRAY) == "LET(step_1,A1+B1,step_1*step_1)"
    assert show_steps(a * b + 1, ARRAY) == "A1*B1+1"


def test_a_lambda_is_spelled_as_a_file_stores_it():
    body = optional("gpus", 10.0) * 2
    assert show_lambda(["gpus"], body, FILE) == (
        '_xlfn.LAMBDA(_xlop.gpus,IF(_xlfn.ISOMITTED(_xlpm.gpus),10,IF(_xlpm.gpus="",10,_xlpm.gpus))*2)'
    )


def test_a_formula_shows_itself():
    assert repr(Formula("add", 1, 2)) == "Formula('add', 1, 2)"
