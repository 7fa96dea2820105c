"""Formulas read: what they refer to taken out, and the shape that is left, which many share, made a function once."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from xl_aicost.engine.functions import COMPARISONS, FUNCTIONS, OPERATORS, choose, negative
from xl_aicost.engine.values import Criterion, UnknownFormulaError, number, truth

Function = Callable[[list[Any]], Any]
OPERAND = re.compile(
    r"""("(?:[^"]|"")*\""""
    r"""|'(?:[^']|'')+'![$A-Z0-9:]++"""
    r"""|(?<![\w.$])[A-Za-z_$][\w.$]*+(?:![$A-Z0-9:]++|:[$A-Z0-9]++)?+(?!\())"""
)
TOKEN = re.compile(r'\s*(?:(@)|(\d+\.?\d*(?:E[-+]?\d+)?|\.\d+)|"([<>]=?)"|([A-Z]+)\(|(<=|>=|<>|[-+*/^&=<>,()%]))', re.I)
RANKS = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
SIGN = 6  # in Excel -a^b is (-a)^b


def taken_apart(formula: str) -> tuple[str, list[str]]:
    """Return a formula with @ for all that it refers to and for its texts, and these in their order."""
    parts = OPERAND.split(formula)
    fixed, operands = parts[::2], parts[1::2]
    for i, operand in reversed([*enumerate(operands)]):
        if operand[1:-1] in COMPARISONS:  # the sign of a criterion is of the shape
            fixed[i : i + 2] = [fixed[i] + operand + fixed[i + 1]]
            del operands[i]
    return "@".join(fixed), operands


@lru_cache(maxsize=4096)
def function_of(shape: str) -> Function:
    """Return a shape as a function of what stands for its operands.

    Raises UnknownFormulaError for what the engine does not know.
    """
    reader = _Reader(shape)
    found = reader.expression(0)
    if reader.left():
        raise UnknownFormulaError(shape)
    return found


class _Reader:
    """A parser by rank of operators."""

    def __init__(self, shape: str) -> None:
        self.shape, self.tokens, self.at, self.operands = shape, [], 0, 0
        place = 0
        while place < len(shape.rstrip()):
            match = TOKEN.match(shape, place)
            if not match:
                raise UnknownFormulaError(shape)
            self.tokens.append((match.lastindex, match[match.lastindex or 0]))
            place = match.end()

    def left(self) -> bool:
        return self.at < len(self.tokens)

    def _peek(self) -> str:
        kind, text = self.tokens[self.at] if self.left() else (0, "")
        return text if kind == 5 else ""

    def _next(self) -> tuple[int | None, str]:
        if not self.left():
            raise UnknownFormulaError(self.shape)
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self, rank: int) -> Function:
        left = self._first()
        while RANKS.get(self._peek(), -1) > rank:
            _, sign = self._next()
            left = _joined(OPERATORS[sign], left, self.expression(RANKS[sign]))
        return left

    def _first(self) -> Function:
        kind, text = self._next()
        if kind == 1:
            place = self.operands
            self.operands += 1
            return lambda args: args[place]
        if kind == 2:
            value = float(text)
            return lambda _: value
        if kind == 3:
            if self._next() != (5, "&"):
                raise UnknownFormulaError(self.shape)
            of, holds = self.expression(RANKS["&"]), COMPARISONS[text]
            return lambda args: Criterion(holds, of(args))
        if kind == 4:
            return self._call(text.upper())
        if text == "-":
            of = self.expression(SIGN)
            return lambda args: negative(of(args))
        if text == "(":
            inside = self.expression(0)
            self._expect(")")
            return inside
        raise UnknownFormulaError(self.shape)

    def _expect(self, sign: str) -> None:
        if self._next() != (5, sign):
            raise UnknownFormulaError(self.shape)

    def _call(self, name: str) -> Function:
        args = [self.expression(0)]
        while self._peek() == ",":
            self._next()
            args.append(self.expression(0))
        self._expect(")")
        if name == "IF" and len(args) == 3:
            return _if(*args)
        if name == "CHOOSE":
            return _choose(args[0], args[1:])
        if name not in FUNCTIONS:
            raise UnknownFormulaError(name)
        function = FUNCTIONS[name]
        return lambda operands: function(*[a(operands) for a in args])


def _joined(operation: Callable[[Any, Any], Any], left: Function, right: Function) -> Function:
    return lambda args: operation(left(args), right(args))


def _if(condition: Function, yes: Function, no: Function) -> Function:
    def apply(args: list[Any]) -> Any:
        holds = truth(condition(args))
        if isinstance(holds, np.ndarray):
            return choose(holds, yes(args), no(args))
        return yes(args) if holds else no(args)

    return apply


def _choose(place: Function, options: list[Function]) -> Function:
    def apply(args: list[Any]) -> Any:
        at = number(place(args))
        if not isinstance(at, np.ndarray):
            return options[int(at) - 1](args)
        found = options[-1](args)
        for i, option in enumerate(options[:-1], 1):
            found = choose(at == i, option(args), found)
        return found

    return apply
