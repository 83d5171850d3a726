"""Builds what the page of a mix shows in sight: key figures, horizons on one scale, the answer in one line."""

from observatory.briefs.common.context import Context
from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.portfolio.amounts import RANGE_DIGITS, format_amounts
from observatory.briefs.portfolio.growth import forecast_portfolio
from observatory.briefs.portfolio.model import HorizonRow, MixSummary
from observatory.briefs.track_record.model import KeyFigure
from observatory.language import Localizer, round_percent
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio.portfolio import MarketContribution, MixForecast
from observatory.selection import Selection
from observatory.settings import HORIZONS

_NOTIONAL_TURNOVER = 100  # euros, where the firm has given none
_FULLY_COVERED = 1 - 1e-9
_NEARLY_ALL = 0.995  # of the uncertainty; beyond 1 where other markets move against it
_LOWEST_SCALE, _HIGHEST_SCALE = -10.0, 15.0  # per cent a year that the common scale has at least
_SCALE_STEP = 5


def build_summary(
    context: Context, mix: Mix, contributions: tuple[MarketContribution, ...], notes: tuple[str, ...]
) -> MixSummary | None:
    """The part in sight; `notes` are the record of past ranges, then what limits the answer."""
    shares, localizer = mix.normalized_shares, context.localizer
    assumptions = {name: rate / 100 for name, rate in mix.assumed_growth.items() if name in shares}
    rows = [row for horizon in HORIZONS if (row := forecast_portfolio(context.outlook, shares, assumptions, horizon))]
    current = next((row for row in rows if row.horizon == context.selection.horizon), None)
    if current is None:
        return None
    low = min([_LOWEST_SCALE, *(row.low * 100 for row in rows)])
    high = max([_HIGHEST_SCALE, *(row.high * 100 for row in rows)])
    held, *caveats = notes
    return MixSummary(
        texts=(localizer.text("portfolio.under.answer", middle=localizer.growth(current.median)), *caveats),
        keys=(
            _build_turnover_key(context, mix, current),
            _build_decline_key(context, current),
            _build_dependency_key(context, contributions),
        ),
        horizons=tuple(_build_horizon_row(context, row, largest_share=_largest(rows)) for row in rows),
        scale=(int(low // _SCALE_STEP) * _SCALE_STEP, int(-(-high // _SCALE_STEP)) * _SCALE_STEP),
        held=held,
        pinned=(
            localizer.text("portfolio.pin"),
            localizer.growth(current.median),
            _range_text(current, localizer),
        ),
    )


def find_target_year(outlook: Outlook, selection: Selection) -> int:
    """The last year of the horizon of a selection."""
    call = next((row for row in outlook.calls.values() if row.horizon == selection.horizon), None)
    return call.target_year if call else outlook.day.year + selection.horizon


def _range_text(forecast: MixForecast, localizer: Localizer) -> str:
    low, high = (localizer.growth_digits(rate) for rate in (forecast.low, forecast.high))
    return localizer.text("portfolio.pin.range", low=low, high=high)


def _largest(rows: list[MixForecast]) -> float:
    """The largest share of the mix that the forecast of a horizon covers."""
    return max(row.covered_share for row in rows)


def _build_turnover_key(context: Context, mix: Mix, forecast: MixForecast) -> KeyFigure:
    """The range of turnover at the end of the horizon; of a hundred euros where the firm has given none."""
    localizer, horizon = context.localizer, context.selection.horizon
    is_whole = forecast.covered_share > _FULLY_COVERED
    start = mix.turnover * (1.0 if is_whole else forecast.covered_share) or _NOTIONAL_TURNOVER
    low, high = (start * (1 + rate) ** horizon for rate in (forecast.low, forecast.high))
    (low_text, high_text), unit = format_amounts((low, high), RANGE_DIGITS, localizer)
    (now_text,), now_unit = format_amounts((start,), RANGE_DIGITS, localizer)
    now = localizer.text(f"portfolio.euros.{now_unit}", amount=now_text)
    key = "portfolio.key.turnover" if is_whole or not mix.turnover else "portfolio.key.turnover.part"
    return KeyFigure(
        localizer.text("portfolio.range", low=low_text, high=high_text),
        localizer.text(f"portfolio.key.unit.{unit}", year=find_target_year(context.outlook, context.selection)),
        localizer.text(key, now=now),
    )


def _build_decline_key(context: Context, forecast: MixForecast) -> KeyFigure:
    localizer = context.localizer
    return KeyFigure(
        localizer.probability_percent(forecast.decline_probability),
        localizer.text("portfolio.key.of_100"),
        localizer.text("portfolio.key.decline", year=find_target_year(context.outlook, context.selection)),
        dots=round_percent(forecast.decline_probability),
    )


def _build_dependency_key(context: Context, contributions: tuple[MarketContribution, ...]) -> KeyFigure:
    """On which market the mix depends: in parts of the uncertainty, or of turnover where that says nothing."""
    localizer, first = context.localizer, contributions[0]
    title = context.market_title(first.market)
    share, risk = localizer.percent_text(first.share), localizer.percent_digits(first.risk_share)
    sign = localizer.percent_sign.strip()
    level = [row for row in contributions if localizer.percent_digits(row.risk_share) == risk]
    if len(contributions) == 1:
        text = localizer.text("portfolio.key.single", market=title)
        return KeyFigure(localizer.percent_digits(first.share), sign, text, is_expected=False)
    if first.risk_share <= 0 or first.risk_share >= _NEARLY_ALL:
        name = "portfolio.key.largest" if first.risk_share <= 0 else "portfolio.key.nearly_all"
        if first.risk_share <= 0:
            first = max(contributions, key=lambda row: row.share)
        text = localizer.text(name, market=context.market_title(first.market))
        return KeyFigure(localizer.percent_digits(first.share), sign, text, is_expected=False)
    if len(level) > 1:
        names = localizer.list_text(context.market_title(row.market) for row in level)
        return KeyFigure(risk, sign, localizer.text("portfolio.key.level", list=names), is_expected=False)
    text = localizer.text("portfolio.key.dependency", market=title, share=share)
    return KeyFigure(risk, sign, text, is_expected=False)


def _build_horizon_row(context: Context, forecast: MixForecast, *, largest_share: float) -> HorizonRow:
    localizer = context.localizer
    label = localizer.plural("control.horizon.years", forecast.horizon)
    odds = localizer.probability_percent(forecast.decline_probability)
    middle = localizer.growth(forecast.median)
    note = ""
    if forecast.covered_share < largest_share - 1e-9:
        note = localizer.text("portfolio.ahead.part", share=localizer.percent_text(forecast.covered_share))
    return HorizonRow(
        label,
        note,
        IntervalBar(forecast.low * 100, forecast.median * 100, forecast.high * 100),
        localizer.growth_digits(forecast.low),
        middle,
        localizer.growth_digits(forecast.high),
        odds,
        localizer.text("portfolio.ahead.spoken", middle=middle, range=_range_text(forecast, localizer), p=odds),
        forecast.horizon == context.selection.horizon,
    )
