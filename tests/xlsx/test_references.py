"""Formulas taken apart: one tokenizer for the engine and the audit."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xl_aicost.engine.parser import split_operands
from xl_aicost.xlsx.references import area, normal, relative, shifted, split, tokens
from xl_aicost.xlsx.text import LONGEST_FORMULA

KINDS = [
    ("SUM(A1:B2)*1.19", "function ref operator operator number"),
    ("A1:INDEX(B:B,3)", "ref operator function ref operator number operator"),
    (
        "INDEX(A:A,1):INDEX(B:B,2)",
        "function ref operator number operator operator function ref operator number operator",
    ),
    ("'it''s'!$A$1:'it''s'!B2", "ref"),
    ("[1]Plan!A1+'[2]a b'!B2", "ref operator ref"),
    ("rate+Plan!rate+[1]!rate", "name operator name operator name"),
    ("größe*2", "name operator number"),
    ("1E5+.5e-3", "number operator number"),
    ("$1:5+A1#", "ref operator ref"),
    ("LOG10(A1)+A1.B", "function ref operator operator name"),
    ("#REF!+Plan!#REF!+#N/A", "error operator ref operator error"),
    ('IF(A1="a""b",1,"x)")', "function ref operator text operator number operator text operator"),
    ("Book.xls!Total(1)", "name operator number operator"),
    ("A1+'unclosed", "ref operator unclosed"),
    ('A1+"unclosed', "ref operator unclosed"),
    ("{1,2}", "operator number operator number operator"),
]


@pytest.mark.parametrize(("formula", "kinds"), KINDS)
def test_every_piece_of_a_formula_has_its_kind(formula, kinds):
    assert " ".join(t.kind for t in tokens(formula)) == kinds


@given(st.text(st.sampled_from("A1$:!'\"#[](),+-*.e5Bé\\%{;_"), max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_character_is_lost(formula):
    assert "".join(split(formula)) == formula
    text = "".join(t.text + "(" * (t.kind == "function") for t in tokens(formula))
    assert text == formula


@given(st.text(st.sampled_from("A1$:!'\"#[](),+-*.e5B"), max_size=30))
@settings(max_examples=300, deadline=None)
def test_a_copy_in_place_is_the_formula_itself(formula):
    same = shifted(formula, 0, 0)
    assert relative(same, 5, 5) == relative(formula, 5, 5)


def test_references_are_areas_and_r1c1():
    assert relative("SUM($G8:$K8)*A!B3", 9, 3) == "SUM(R[-1]C7:R[-1]C11)*A!R[-6]C[-1]"
    assert relative('s!A1:s!b2&"a1"&name', 2, 2) == 'S!R[-1]C[-1]:S!R[0]C[0]&"a1"&NAME'
    result = [area(t, "Here") for t in tokens("'a b'!$A$1:B3+C5+LOG10(x)") if t.kind == "ref"]
    assert [(a.sheet, a.top, a.left, a.bottom, a.right) for a in result] == [
        ("a b", 1, 1, 3, 2),
        ("Here", 5, 3, 5, 3),
    ]


def test_a_copied_formula_moves_with_its_cell():
    assert shifted("$A$1+A$2+S!B3:S!C4", 2, 1) == "$A$1+B$2+S!C5:S!D6"
    assert shifted("A1+XFD1", 0, 1) == "B1+#REF!"
    assert shifted("A1", -1, 0) == "#REF!"


def test_programs_agree_on_a_formula():
    assert normal("sum( 'Plan'!a1 , 1.50 )") == normal("SUM(Plan!A1,1.5)")
    assert normal("'a b'!A1") != normal("ab!A1")


def test_a_shape_is_shared_by_formulas_that_differ_in_what_they_refer_to():
    shape, operands = split_operands('SUMIFS(B:B,A:A,">"&A1)+x')
    assert split_operands('SUMIFS(D:D,C:C,">"&Z9)+y')[0] == shape
    assert operands == ["B:B", "A:A", "A1", "x"]


@pytest.mark.parametrize(
    "piece", ["[", ".", "]", "'", '"', "+", "A1", "A:", "a!", "[1]", "x[y]", "1:", "a(", "$", "#", "''"]
)
def test_the_time_for_a_formula_grows_with_its_length_alone(piece):
    def cost(length):
        formula, best = piece * (length // len(piece)), 1.0
        for _ in range(5):
            begin = time.process_time()
            tokens(formula)
            best = min(best, time.process_time() - begin)
        return best

    assert cost(LONGEST_FORMULA) < 30 * cost(LONGEST_FORMULA // 8) + 0.02  # with the square it would be 64 times
