"""Formulas read: what they refer to taken out, and the shape that is left, which many share, made a function once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from xl_aicost.engine.functions import COMPARISONS, FUNCTIONS, OPERATORS, choose, negative
from xl_aicost.engine.values import Criterion, UnknownFormulaError, number, truth
from xl_aicost.xlsx.references import Token, split, tokens

Function = Callable[[list[Any]], Any]
Shape = tuple[str, ...]  # a formula without what it refers to and without its texts
RANKS = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
OPERAND = Token("operand", "")
SIGN = 6  # in Excel -a^b is (-a)^b


def taken_apart(formula: str) -> tuple[Shape, list[str]]:
    """Return the shape of a formula, which many share, and what stands between its pieces."""
    pieces = split(formula)
    fixed, operands = pieces[::2], pieces[1::2]
    for i, operand in reversed([*enumerate(operands)]) if '"' in formula else ():
        if operand[1:-1] in COMPARISONS:  # the sign of a criterion is of the shape
            fixed[i : i + 2] = [fixed[i] + operand + fixed[i + 1]]
            del operands[i]
    return tuple(fixed), operands


@lru_cache(maxsize=4096)
def function_of(shape: Shape) -> Function:
    """Return a shape as a function of what stands for its operands.

    Raises UnknownFormulaError for what the engine does not know.
    """
    reader = _Reader(shape)
    found = reader.expression(0)
    if reader.left():
        raise UnknownFormulaError("".join(shape))
    return found


class _Reader:
    """A parser by rank of operators."""

    def __init__(self, shape: Shape) -> None:
        self.shape, self.at, self.operands = shape, 0, 0
        self.tokens = [*tokens(shape[0])]
        for piece in shape[1:]:
            self.tokens += (OPERAND, *tokens(piece))

    def left(self) -> bool:
        return self.at < len(self.tokens)

    def _peek(self) -> str:
        return self.tokens[self.at].text if self.left() and self.tokens[self.at].kind == "operator" else ""

    def _next(self) -> Token:
        if not self.left():
            raise UnknownFormulaError("".join(self.shape))
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self, rank: int) -> Function:
        left = self._first()
        while RANKS.get(self._peek(), -1) > rank:
            sign = self._next().text
            left = _joined(OPERATORS[sign], left, self.expression(RANKS[sign]))
        return left

    def _first(self) -> Function:
        token = self._next()
        if token is OPERAND:
            place = self.operands
            self.operands += 1
            return lambda args: args[place]
        if token.kind == "number":
            value = float(token.text)
            return lambda _: value
        if token.kind == "text":
            self._expect("&")
            of, holds = self.expression(RANKS["&"]), COMPARISONS[token.text[1:-1]]
            return lambda args: Criterion(holds, of(args))
        if token.kind == "function":
            return self._call(token.text.upper())
        if token.text == "-":
            of = self.expression(SIGN)
            return lambda args: negative(of(args))
        if token.text == "(":
            inside = self.expression(0)
            self._expect(")")
            return inside
        raise UnknownFormulaError("".join(self.shape))

    def _expect(self, sign: str) -> None:
        token = self._next()
        if (token.kind, token.text) != ("operator", sign):
            raise UnknownFormulaError("".join(self.shape))

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
