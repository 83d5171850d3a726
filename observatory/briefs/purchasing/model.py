"""Data model of the page on purchases: threshold query, basket share, the brief."""

from dataclasses import dataclass, field, replace

import numpy as np

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Chapter, Figure, LinkTable, Sparkline, TextTable
from observatory.briefs.common.units import DisplayUnit, choose_unit
from observatory.briefs.purchasing.price_units import euro_indicator
from observatory.briefs.track_record.model import KeyFigure
from observatory.catalogue.models import Indicator
from observatory.catalogue.periods import month_ordinal, ordinal_to_period, period_to_ordinal
from observatory.language import count_decimals, round_significant
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.euro_prices import build_euro_price, build_published_price
from observatory.outlook.purchasing.price_paths import PATH_MONTHS, list_inputs
from observatory.outlook.purchasing.quotes import Quote, read_quote
from observatory.outlook.purchasing.threshold_odds import compute_odds, count_months_waited
from observatory.selection import Selection
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import FloatArray, Forecast, TimeSeries

DEADLINE_MONTHS = (6, 12, 18, 24)  # months ahead that the page offers
DEFAULT_DEADLINE_MONTHS = 12
_DEFAULT_THRESHOLD_CHANGE = 0.1  # change from the last value to the default threshold
_TYPICAL_MOVE_YEARS = 10
_MOVE_SIZES = ((0.05, "small"), (0.15, "medium"), (0.30, "large"), (float("inf"), "huge"))


@dataclass(frozen=True)
class BasketShare:
    """One input of a basket: its short code in a link, its title, its share as entered."""

    code: str
    title: str
    share: int


@dataclass(frozen=True)
class PriceRow:
    """One input of the list: its last price and the range expected at the deadline, in the currency shown.

    `note` says that it is converted by us, or why it is in no other currency.
    """

    target: Selection
    title: str
    value: str
    unit: str
    period: str
    range: str
    until: str
    sparkline: Sparkline
    note: str


@dataclass(frozen=True)
class PriceAnswer:
    """The first screen: what the input costs and will cost, how old the price is, how it is put in euros."""

    lead: str
    warning: tuple[str, str]  # a phrase and a sentence; empty for a price that is fresh
    key_figures: tuple[KeyFigure, ...]
    window: str
    conversion: str
    sources: str


@dataclass(frozen=True)
class PurchasingBrief:
    """Brief of the page on purchases: one input and its threshold, a basket, all inputs, timing, past odds.

    `threshold_text` is the answer on the threshold, `under` what goes with it; `threshold_odds` are those at the
    deadline, as a natural frequency. `other_threshold` and `other_side` are the threshold in the other one of
    `currency_options`: the inverse of a rate has the other side.
    """

    kicker: str
    lead: str
    under: tuple[str, ...]
    notices: tuple[str, ...]
    input_options: tuple[tuple[str, str], ...]
    indicator: str
    threshold: str  # as a link writes it
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
    answer: PriceAnswer | None = None
    threshold_text: str = ""
    threshold_odds: str = ""
    threshold_number: str = ""  # out of a hundred, at the deadline
    threshold_label: str = ""
    is_converted: bool = False
    currency: str = "eur"
    currency_options: tuple[tuple[str, str], ...] = ()
    other_threshold: str = ""
    other_side: str = "above"
    rows: tuple[PriceRow, ...] = ()
    timing_lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class ThresholdQuery:
    """A threshold on the price of one input: its level, the side, the window in months after the last value.

    The window runs from `first_step`, the month in which the question is asked, to `months_ahead`, the deadline.
    """

    indicator: Indicator
    history: TimeSeries
    forecast: Forecast
    unit: DisplayUnit
    paths: FloatArray | None
    threshold: float
    is_above: bool
    months_ahead: int
    first_step: int = 1
    quote: Quote = field(default_factory=lambda: Quote("other"))
    is_converted: bool = False

    @property
    def last_value(self) -> float:
        """The last observed value."""
        return float(self.history.values[-1])

    @property
    def is_passed(self) -> bool:
        """Whether the last value is past the threshold already."""
        return self.last_value >= self.threshold if self.is_above else self.last_value <= self.threshold

    @property
    def deadline(self) -> str:
        """The month by which the threshold may be crossed."""
        return self.find_month(self.months_ahead)

    def find_month(self, step: int) -> str:
        """The month that is so many after that of the last value."""
        return ordinal_to_period(self.history.last + step, "M")

    def compute_odds(self) -> tuple[float, float] | None:
        """Odds of crossing in any month of the window, and in its last month; None without price paths."""
        if self.paths is None:
            return None
        return compute_odds(
            self.paths, self.threshold, self.months_ahead, above=self.is_above, first_step=self.first_step
        )

    def compute_waiting_odds(self) -> float | None:
        """Odds that it was crossed after the last value and before the window; None if no month lies in between."""
        if self.paths is None or self.first_step == 1:
            return None
        return compute_odds(self.paths, self.threshold, self.first_step - 1, above=self.is_above)[0]


def format_plain_number(value: float) -> str:
    """A number as a link writes it: at most six decimals, more for a small one, no trailing zeros."""
    return f"{value:.{max(6, count_decimals(value, 3))}f}".rstrip("0").rstrip(".")


def list_forecast_inputs(outlook: Outlook) -> list[Indicator]:
    """Inputs with a forecast over all months of the price paths, in the order of the catalogue."""
    rows = []
    for row in list_inputs(outlook.catalogue):
        forecast = outlook.forecasts.get(outlook.headline_key(row))
        if forecast is not None and len(forecast.median) >= PATH_MONTHS:
            rows.append(row)
    return rows


def _default_side(quote: Quote, *, is_converted: bool) -> str:
    """The side that costs a buyer more: above for a price, below for what a euro is worth in a currency."""
    return "below" if quote.kind == "rate" and not is_converted else "above"


def build_threshold_query(context: Context, indicator: Indicator) -> ThresholdQuery:
    """The threshold query of a selection on an input, with the defaults of the page where it is silent.

    It is in euros if the selection wants them and the price can be converted.
    """
    outlook, selection, quote = context.outlook, context.selection, read_quote(indicator)
    converted = build_euro_price(outlook, indicator) if selection.shown_currency == "eur" else None
    price = converted or build_published_price(outlook, indicator)
    is_converted = converted is not None
    is_above = (selection.side or _default_side(quote, is_converted=is_converted)) == "above"
    default = round_significant(
        float(price.history.values[-1])
        * (1 + _DEFAULT_THRESHOLD_CHANGE if is_above else 1 - _DEFAULT_THRESHOLD_CHANGE),
        3,
    )
    window = find_window(context, price.history)
    noun = euro_indicator(indicator, quote) if is_converted else indicator
    return ThresholdQuery(
        indicator=indicator,
        history=price.history,
        forecast=price.forecast,
        unit=choose_unit(noun, price.history.values, context.localizer, is_rescaled=False),
        paths=price.paths,
        threshold=float(selection.threshold) if selection.threshold else default,
        is_above=is_above,
        months_ahead=window.last_step,
        first_step=window.first_step,
        quote=quote,
        is_converted=is_converted,
    )


def default_query(context: Context, indicator: Indicator, currency: str) -> ThresholdQuery:
    """The query of an input at its default threshold, in a currency, to the deadline of the selection."""
    selection = replace(context.selection, threshold="", side="", currency=currency)
    return build_threshold_query(replace(context, selection=selection), indicator)


def with_shown_currency(context: Context) -> Context:
    """The context with its currency named: parts of the page drop the threshold, which may imply one."""
    return replace(context, selection=replace(context.selection, currency=context.selection.shown_currency))


@dataclass(frozen=True)
class OddsWindow:
    """The months in which a crossing counts, as steps after the last value; `is_moved` if not those asked for."""

    first_step: int
    last_step: int
    is_moved: bool


def find_window(context: Context, history: TimeSeries) -> OddsWindow:
    """From the month of today to the deadline of the selection, moved into the range of the price paths.

    An edition that published its odds from the month after the last value keeps them so.
    """
    outlook, deadline = context.outlook, context.selection.by
    is_from_today = outlook.study.purchasing.asked is not None
    waited = count_months_waited(history.last, month_ordinal(context.today)) if is_from_today else 0
    first_step = max(1, min(waited, PATH_MONTHS))
    wanted = (
        period_to_ordinal(deadline)
        if "-" in deadline
        else month_ordinal(outlook.day) + (int(deadline) if deadline else DEFAULT_DEADLINE_MONTHS)
    )
    step = wanted - history.last
    last_step = max(first_step, min(step, PATH_MONTHS))
    return OddsWindow(first_step, last_step, step != last_step)


def find_inner_level(level: int) -> int:
    """The next narrower interval level, or the level itself where it is the narrowest."""
    return INTERVAL_LEVELS[max(INTERVAL_LEVELS.index(level) - 1, 0)]


def compute_typical_move(history: TimeSeries) -> float | None:
    """Median absolute change over 12 months in the last ten years, as a share; None with too few values."""
    values = history.values[-12 * (_TYPICAL_MOVE_YEARS + 1) :]
    if len(values) < 36:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = np.abs(np.log(values[12:] / values[:-12]))
    moves = moves[np.isfinite(moves)]
    return float(np.expm1(np.median(moves))) if moves.size else None


def classify_move(move: float) -> str:
    """Message key suffix of a typical move, from "small" to "huge"."""
    return next(name for most, name in _MOVE_SIZES if move < most)
