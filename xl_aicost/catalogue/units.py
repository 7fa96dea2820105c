"""How a number of a unit is shown: number formats, for sheets and for the results of functions."""

from __future__ import annotations

# the number alone, for a cell whose unit stands beside it; other units are whole numbers
FORMATS = {
    "share": "0.0%",
    "ratio": "#,##0.00",
    "choice": "0",
    "flag": "0",
    "tiers": "0",
    "years": "#,##0.0",
    "months": "#,##0.0",
    "weeks": "#,##0.0",
    "MW": "#,##0.0",
    "USD/kWh": "0.0000",
    "USD/GPU-hour": "#,##0.00",
    "kW/GPU": "0.000",
    "periods": "#,##0.0",
    "periods/year": "0",
    "GPUs/job": "#,##0.0",
    "orders of magnitude/year": "0.00",
}
UNSAID = ("share", "ratio", "choice", "flag")  # units that a reader does not need beside the number


class Measured(float):
    """A number that knows its unit, for a table whose cells have different ones."""

    unit: str

    def __new__(cls, value: float, unit: str) -> Measured:
        """Return a number of a unit."""
        measured = super().__new__(cls, value)
        measured.unit = unit
        return measured


def format_with_unit(unit: str) -> str:
    """Return the number format of a cell that stands alone, its unit beside the number.

    >>> format_with_unit("USD/GPU-hour"), format_with_unit("MW"), format_with_unit("share")
    ('"USD" #,##0.00"/GPU-hour"', '#,##0.0" MW"', '0.0%')
    """
    number = FORMATS.get(unit, "#,##0")
    if unit in UNSAID:
        return number
    before, currency, after = unit.rpartition("USD")
    if currency and not before:
        return f'"USD" {number}' + (f'"{after}"' if after else "")
    return f'{number}" {unit}"'
