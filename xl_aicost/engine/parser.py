"""Parse formulas. References become placeholders, so that formulas of the same structure share one compiled function.

>>> structure, operands = split_operands("A1*(1+B2)")
>>> operands, compiled(structure)([100.0, 0.05])
(['A1', 'B2'], 105.0)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from xl_aicost.engine.functions import COMPARISONS, FUNCTIONS, OPERATORS, choose, negative, where_missing
from xl_aicost.engine.values import Argument, Criterion, UnknownFormulaError, missing, to_boolean, to_number
from xl_aicost.xlsx.references import Token, split, tokens

Function: TypeAlias = Callable[[Sequence[Argument]], Argument]
Structure: TypeAlias = tuple[str, ...]  # the text of a formula between its references and texts
RANKS = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
OPERAND = Token("operand", "")
SIGN = 6  # in Excel -a^b is (-a)^b


def split_operands(formula: str) -> tuple[Structure, list[str]]:
    """Return the structure of a formula, and its references, names and texts in their order."""
    pieces = split(formula)
    fixed, operands = pieces[::2], pieces[1::2]
    for i, operand in reversed([*enumerate(operands)]) if '"' in formula else ():
        if operand[1:-1] in COMPARISONS:  # the sign of a criterion belongs to the structure
            fixed[i : i + 2] = [fixed[i] + operand + fixed[i + 1]]
            del operands[i]
    return tuple(fixed), operands


@lru_cache(maxsize=4096)
def compiled(structure: Structure) -> Function:
    """Return a structure as a function of the values of its operands.

    Raises UnknownFormulaError for operators and functions that the engine does not know.
    """
    parser = _Parser(structure)
    function = parser.expression(0)
    if parser.left():
        raise UnknownFormulaError("".join(structure))
    return function


class _Parser:
    """A parser by operator precedence."""

    def __init__(self, structure: Structure) -> None:
        self.structure, self.at, self.operands = structure, 0, 0
        self.tokens = [*tokens(structure[0])]
        for piece in structure[1:]:
            self.tokens += (OPERAND, *tokens(piece))

    def left(self) -> bool:
        return self.at < len(self.tokens)

    def _peek(self) -> str:
        return self.tokens[self.at].text if self.left() and self.tokens[self.at].kind == "operator" else ""

    def _next(self) -> Token:
        if not self.left():
            raise UnknownFormulaError("".join(self.structure))
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
        raise UnknownFormulaError("".join(self.structure))

    def _expect(self, sign: str) -> None:
        token = self._next()
        if (token.kind, token.text) != ("operator", sign):
            raise UnknownFormulaError("".join(self.structure))

    def _call(self, name: str) -> Function:
        args: list[Function] = []
        while not args or self._peek() == ",":
            if self._peek() == ")":
                break
            if args:
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


def _joined(operation: Callable[[Argument, Argument], Argument], left: Function, right: Function) -> Function:
    return lambda args: operation(left(args), right(args))


def _if(condition: Function, yes: Function, no: Function) -> Function:
    def apply(args: Sequence[Argument]) -> Argument:
        test = condition(args)
        holds, is_missing = to_boolean(test), missing(test)
        if isinstance(holds, np.ndarray):
            return where_missing(is_missing, choose(holds, yes(args), no(args)))
        return np.nan if is_missing else yes(args) if holds else no(args)

    return apply


def _choose(place: Function, options: list[Function]) -> Function:
    def apply(args: Sequence[Argument]) -> Argument:
        at = to_number(place(args))
        if not isinstance(at, np.ndarray):
            return at if missing(at) else options[int(at) - 1](args)
        chosen = options[-1](args)
        for i, option in enumerate(options[:-1], 1):
            chosen = choose(at == i, option(args), chosen)
        return where_missing(missing(at), chosen)

    return apply
