"""Amounts in euros as a firm reads them: in one unit of their size, with the digits that a forecast is worth."""

from observatory.language import Localizer, count_decimals, round_significant

# From which amount on a unit is used, its size, and the end of its message.
_UNITS = ((1e9, 1e9, "billion"), (1e6, 1e6, "million"), (1e4, 1e3, "thousand"), (0.0, 1.0, "one"))
RANGE_DIGITS, LOSS_DIGITS = 3, 2  # significant digits of a range or a turnover, and of a loss


def format_amounts(amounts: tuple[float, ...], digits: int, localizer: Localizer) -> tuple[tuple[str, ...], str]:
    """Amounts in the unit of the smallest, with the same decimals (euros have none); and its name."""
    rounded = [round_significant(amount, digits) for amount in amounts]
    _least, size, name = next(row for row in _UNITS if min(rounded) >= row[0])
    parts = [amount / size for amount in rounded]
    decimals = max(_count_needed(part, digits) for part in parts) if size > 1 else 0
    return tuple(localizer.number(part, decimals) for part in parts), name


def _count_needed(value: float, digits: int) -> int:
    """The decimals of a value in some significant digits, without zeros at the end."""
    decimals = count_decimals(value, digits)
    while decimals and round(value, decimals - 1) == round(value, decimals):
        decimals -= 1
    return decimals
