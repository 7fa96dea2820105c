"""A line over time as a row of cells: what cumulative, lag, trailing_sum and the rest become.

The periods run across columns behind an opening column that holds date 0, the start; each column is also the date at the
end of its period. The opening column is blank but in rows at dates. A row has one formula, the same in every column in
R1C1 terms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xl_aicost.formula.expression import Formula, name


@dataclass(frozen=True)
class Axis:
    """Where the periods stand: the header row and the columns of opening, first and last period."""

    header: int
    opening: str
    first: str
    last: str


class RowCell(Formula):
    """The cell of a line in one period, which also knows the rest of its row.

    `own_row` is the row being written, for a line that looks back at itself. A row `at_dates` fills the opening column
    too. The header itself, whose row is written as "$5", is the row of `period`. A row of another sheet gives its name
    with the mark, as "Calc_Live!".
    """

    def __init__(
        self,
        axis: Axis,
        row: int | str,
        column: str,
        before: str,
        own_row: int,
        at_dates: bool = False,
        sheet: str = "",
    ) -> None:
        super().__init__("name", f"{sheet}{column}{row}")
        head, start = axis.header, axis.opening if at_dates else axis.first
        self.now = name(f"{column}${head}")
        self.to_date = name(f"{sheet}${start}{row}:{column}{row}")
        self.earlier = name(f"{sheet}${axis.opening}{row}:{before}{row}")
        self.earlier_of_own = name(f"${axis.opening}{own_row}:{before}{own_row}")
        self.earlier_periods = name(f"${axis.opening}${head}:{before}${head}")
        self.whole = name(f"{sheet}${start}{row}:${axis.last}{row}")
        self.periods = name(f"${axis.first}${head}:${axis.last}${head}")

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Formula:
        over_time = OVER_TIME.get(func.__name__)
        return over_time(*args) if over_time else super().__array_function__(func, types, args, kwargs)


OVER_TIME: dict[str, Callable[..., Formula]] = {
    "cumulative": lambda x: Formula("cumulative", x.to_date),
    "lag": lambda x, n: Formula("lag", x.earlier, x.earlier_periods, x.now, n),
    "trailing_sum": lambda x, n: Formula("trailing_sum", x.whole, x.periods, x.now, n),
    "renewals": lambda x, *life: Formula("renewals", x.earlier, x.earlier_of_own, x.earlier_periods, x.now, *life),
    "total": lambda x: Formula("total", x.whole),
    "peak": lambda x: Formula("peak", x.whole),
    "dated": lambda start, during, end: Formula(
        "dated", start.whole, during.whole, end.whole, start.periods, start.now
    ),
    "present_value": lambda x, factor: Formula("present_value", x.whole, factor.whole),
    "rate_of_return": lambda x, guess, floor: Formula("rate_of_return", x.whole, guess, floor),
}
