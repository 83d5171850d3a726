"""Slide of expected growth with its range, for series and countries in place of markets."""

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.deck.model import BarRow
from observatory.briefs.figures.ranking import limit_texts, list_bar_ticks
from observatory.language import Localizer
from observatory.outlook.analysis.yearly_series import YearlySeries, compute_expected_growth

_MAX_TICKS = 8
_TICK_STEPS = (10, 20, 50, 100, 200, 500)
_MAX_PERCENT = 1000.0  # a scale that goes further shows nothing
_END = 5  # multiples of it, in per cent, are the ends of a scale


@dataclass(frozen=True)
class BarScale:
    """The ends of a scale in per cent, and its ticks with their texts."""

    ends: tuple[int, int]
    ticks: tuple[tuple[int, str], ...]


def build_range_row(title: str, figure: str, series: YearlySeries, localizer: Localizer, missing: str) -> BarRow:
    """A series with a figure and the range of its expected growth; `missing` where there is none."""
    growth = compute_expected_growth(series)
    if growth is None or max(growth) * 100 > _MAX_PERCENT:
        return BarRow(title, odds=figure, missing=missing)
    median, low, high = (value * 100 for value in growth)
    bar = IntervalBar(low, median, high)
    low_text, middle_text, high_text = limit_texts(bar, localizer)
    return BarRow(title, odds=figure, bar=bar, low=low_text, middle=middle_text, high=high_text)


def build_bar_scale(rows: Sequence[BarRow], localizer: Localizer) -> BarScale:
    """A scale on which all bars have room, with zero and few ticks."""
    bars = [row.bar for row in rows if row.bar is not None]
    low = int(min([-10.0, *(bar.low for bar in bars)]) // _END * _END)
    high = int(-(-max([10.0, *(bar.high for bar in bars)]) // _END) * _END)
    step = next((step for step in _TICK_STEPS if (high - low) / step <= _MAX_TICKS), _TICK_STEPS[-1])
    ticks = tuple(tick for tick in list_bar_ticks((low, high), localizer) if tick[0] % step == 0)
    return BarScale((low, high), ticks)
