"""The nouns and words that the page on purchases is made of: months, odds, what is asked of an input."""

from dataclasses import dataclass

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, Figure, LinkTable, TextTable
from observatory.briefs.common.units import DisplayUnit, append_unit, choose_unit, format_number
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import month_ordinal, ordinal_to_period, period_to_ordinal
from observatory.language import Localizer, round_percent, round_significant
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import PATH_MONTHS, get_price_paths, list_inputs
from observatory.outlook.purchasing.threshold_odds import compute_odds
from observatory.timeseries import FloatArray, Forecast, TimeSeries

DEADLINE_MONTHS = (6, 12, 18, 24)  # months ahead on offer
DEFAULT_DEADLINE_MONTHS = 12
_DEFAULT_THRESHOLD_CHANGE = 0.1  # the page's own threshold, from the last value
_TYPICAL_MOVE_YEARS = 10
_MOVE_SIZES = ((0.05, "small"), (0.15, "medium"), (0.30, "large"), (9.9, "huge"))
_MIN_ODDS_PERCENT, _MAX_ODDS_PERCENT = (
    5,
    95,
)  # per cent: what past chances support; beyond, they came true less often than they said


@dataclass(frozen=True)
class BasketShare:
    """One input of a basket: its short name in the address, its title, its share as typed."""

    code: str
    title: str
    share: int


@dataclass(frozen=True)
class PurchasingBrief:
    """The page on purchases: one input against a threshold, a basket, all inputs, the moment, what it was worth."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    notices: tuple[str, ...]
    input_options: tuple[tuple[str, str], ...]
    indicator: str
    threshold: str  # as an address writes it
    side: str
    deadline: str
    deadline_options: tuple[tuple[str, str], ...]
    threshold_figure: Figure | None
    threshold_ladder: TextTable | None
    basket_figure: Figure | None
    basket_texts: tuple[str, ...]
    basket_shares: tuple[BasketShare, ...]
    basket_options: tuple[tuple[str, str], ...]
    price_table: LinkTable
    timing: Chapter | None
    odds_record: Chapter | None


@dataclass(frozen=True)
class ThresholdQuery:
    """What a reader asks of one input: a threshold, on which side, by which month (a step after the last one)."""

    indicator: Indicator
    history: TimeSeries
    forecast: Forecast
    unit: DisplayUnit
    paths: FloatArray | None
    threshold: float
    is_above: bool
    months_ahead: int

    @property
    def last_value(self) -> float:
        """The last value known."""
        return float(self.history.values[-1])

    @property
    def is_passed(self) -> bool:
        """Whether the last value is past the threshold already."""
        return self.last_value >= self.threshold if self.is_above else self.last_value <= self.threshold

    @property
    def deadline(self) -> str:
        """The month asked for."""
        return ordinal_to_period(self.history.last + self.months_ahead, "M")

    def compute_odds(self) -> tuple[float, float] | None:
        """The chance in some month by then, and in that very month; None where no paths were stored."""
        return (
            None
            if self.paths is None
            else compute_odds(self.paths, self.threshold, self.months_ahead, above=self.is_above)
        )


def format_plain_number(value: float) -> str:
    """A number as an address writes it."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def list_forecast_inputs(outlook: Outlook) -> list[Indicator]:
    """The inputs that are forecast, in their order."""
    found = []
    for row in list_inputs(outlook.catalogue):
        forecast = outlook.forecasts.get(outlook.headline_key(row))
        if forecast is not None and len(forecast.median) >= PATH_MONTHS:
            found.append(row)
    return found


def _default_side(indicator: str) -> str:
    """What a buyer fears: dearer goods, or a euro that buys less of a currency."""
    return "below" if indicator.startswith("eur_") else "above"


def build_threshold_query(context: Context, indicator: Indicator) -> ThresholdQuery:
    """What a selection asks of an input, the page's own choices filled in."""
    outlook, selection = context.outlook, context.selection
    key = outlook.headline_key(indicator)
    history = outlook.panel[key]
    above = (selection.side or _default_side(indicator.id)) == "above"
    own = round_significant(
        float(history.values[-1]) * (1 + _DEFAULT_THRESHOLD_CHANGE if above else 1 - _DEFAULT_THRESHOLD_CHANGE), 3
    )
    step, _moved = count_months_ahead(outlook, history, selection.by)
    unit = choose_unit(indicator, history.values, context.localizer)
    threshold = float(selection.threshold) if selection.threshold else own
    return ThresholdQuery(
        indicator, history, outlook.forecasts[key], unit, get_price_paths(outlook, indicator.id), threshold, above, step
    )


def count_months_ahead(outlook: Outlook, history: TimeSeries, deadline: str) -> tuple[int, bool]:
    """Months from the last one known to the one asked for, and whether it had to be moved within reach."""
    wanted = (
        period_to_ordinal(deadline)
        if "-" in deadline
        else month_ordinal(outlook.day) + (int(deadline) if deadline else DEFAULT_DEADLINE_MONTHS)
    )
    step = wanted - history.last
    return max(1, min(step, PATH_MONTHS)), not 1 <= step <= PATH_MONTHS


def odds_text(probability: float, localizer: Localizer) -> str:
    """A chance in words and number, no surer than past ones were right to be."""
    percent = round_percent(probability)
    word = localizer.probability_word(probability)
    if percent < _MIN_ODDS_PERCENT:
        return localizer.text("purchasing.odds.least", word=word, p=_MIN_ODDS_PERCENT)
    if percent > _MAX_ODDS_PERCENT:
        return localizer.text("purchasing.odds.most", word=word, p=_MAX_ODDS_PERCENT)
    return localizer.text("purchasing.odds", word=word, p=percent)


def short_odds_text(probability: float, localizer: Localizer) -> str:
    """A chance as a number alone, for a cell."""
    percent = round_percent(probability)
    if not _MIN_ODDS_PERCENT <= percent <= _MAX_ODDS_PERCENT:
        return localizer.text(
            "purchasing.odds.under" if percent < _MIN_ODDS_PERCENT else "purchasing.odds.over",
            p=min(max(percent, _MIN_ODDS_PERCENT), _MAX_ODDS_PERCENT),
        )
    return localizer.percent_text(probability)


def compute_typical_move(history: TimeSeries) -> float | None:
    """The move over 12 months that half of the last ten years' moves exceed, as a share; None if too few are known."""
    values = history.values[-12 * (_TYPICAL_MOVE_YEARS + 1) :]
    if len(values) < 36:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = np.abs(np.log(values[12:] / values[:-12]))
    moves = moves[np.isfinite(moves)]
    return float(np.expm1(np.median(moves))) if moves.size else None


def classify_move(move: float) -> str:
    """The key of the word for a typical move."""
    return next(name for most, name in _MOVE_SIZES if move < most)


def count_digits(unit: DisplayUnit) -> int:
    """How many significant digits an expected price has here, one more for rates near one."""
    return 4 if unit.is_bracketed else 3


def price_text(value: float, unit: DisplayUnit, localizer: Localizer) -> str:
    """A price or rate with its unit."""
    return append_unit(format_number(unit.convert(value), localizer, count_digits(unit)), unit.noun, unit)
