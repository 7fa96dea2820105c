"""How each operation is written, one table for each dialect.

numpy name -> (template, rank of the result, rank each argument needs to go without brackets).
An argument without a rank is bracketed by commas already.
"""

from typing import Any

Rules = dict[str, tuple[Any, ...]]
ANY, COMPARE, ADD, MULTIPLY, POWER, ATOM = range(6)  # ranks: what binds more tightly has a higher one


def _infix(sign: str, rank: int) -> tuple[Any, ...]:
    return "{}" + sign + "{}", rank, rank, rank + 1  # Excel groups every operator to the left


# fmt: off
CELL: Rules = {
    "name": ("{}", ATOM),
    "equal": _infix("=", COMPARE), "less": _infix("<", COMPARE), "less_equal": _infix("<=", COMPARE),
    "not_equal": _infix("<>", COMPARE), "greater": _infix(">", COMPARE), "greater_equal": _infix(">=", COMPARE),
    "add": _infix("+", ADD), "subtract": _infix("-", ADD),
    "multiply": _infix("*", MULTIPLY), "divide": _infix("/", MULTIPLY), "power": _infix("^", POWER),
    "negative": ("-{}", ADD, ATOM),  # in Excel -a^b is (-a)^b, so the operand is always bracketed
    "where": ("IF({},{},{})", ATOM), "when": ("IF({},{},{})", ATOM),
    "minimum": ("MIN({},{})", ATOM), "maximum": ("MAX({},{})", ATOM),
    "exp": ("EXP({})", ATOM), "log": ("LN({})", ATOM), "sqrt": ("SQRT({})", ATOM),
    "absolute": ("ABS({})", ATOM), "floor": ("INT({})", ATOM), "ceil": ("-INT(-{})", ADD, ATOM),
    "cumulative": ("SUM({})", ATOM),
    "lag": ("SUMIFS({},{},{}-{})", ATOM, ANY, ANY, ADD, MULTIPLY),
    "trailing_sum": ('SUMIFS({0},{1},">"&{2}-{3},{1},"<="&{2})', ATOM, ANY, ANY, ADD, MULTIPLY),
    "renewals": (
        "(1-{5})*(SUMIFS({0},{2},{3}-{4})+SUMIFS({1},{2},{3}-{4}))"
        "+{5}*(SUMIFS({0},{2},{3}-{4}-1)+SUMIFS({1},{2},{3}-{4}-1))",
        ADD, ANY, ANY, ANY, ADD, MULTIPLY, MULTIPLY,
    ),
    "total": ("SUM({})", ATOM), "peak": ("MAX({})", ATOM),
    "dated": (
        "SUMIFS({0},{3},{4}+1)+(SUMIFS({1},{3},{4})+SUMIFS({1},{3},{4}+1))/2+SUMIFS({2},{3},{4})",
        ADD, ANY, ANY, ANY, ANY, ADD,
    ),
    "present_value": ("SUMPRODUCT({},{})", ATOM),
    "rate_of_return": ("IF(ISNUMBER(IRR({0},{1})),MAX(IRR({0},{1}),{2}),{2})", ATOM),
}
# over arrays MIN and MAX collapse to one number, so elementwise is spelled with IF
ARRAY: Rules = CELL | {
    "minimum": ("IF({0}<{1},{0},{1})", ATOM, ADD, ADD), "maximum": ("IF({0}>{1},{0},{1})", ATOM, ADD, ADD),
    "let": ("LET({},{})", ATOM), "lambda": ("LAMBDA({},{})", ATOM),
    "optional": ("{}", ATOM), "default": ('IF(ISOMITTED({0}),{1},IF({0}="",{1},{0}))', ATOM),
}
# the same as it is stored in a file: functions newer than 2007 and their parameters carry prefixes
FILE: Rules = ARRAY | {
    "name": ("_xlpm.{}", ATOM), "let": ("_xlfn.LET({},{})", ATOM), "lambda": ("_xlfn.LAMBDA({},{})", ATOM),
    "optional": ("_xlop.{}", ATOM), "default": ('IF(_xlfn.ISOMITTED({0}),{1},IF({0}="",{1},{0}))', ATOM),
}
# fmt: on
