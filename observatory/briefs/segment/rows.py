"""Rows of indicators: their last and expected values as text, their weight, how old they are; grouped by role."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import IndicatorRow
from observatory.briefs.common.series_names import format_series_title
from observatory.briefs.common.units import DisplayUnit, choose_unit, format_amount, format_number
from observatory.briefs.figures.series import build_sparkline
from observatory.briefs.figures.series_view import count_steps_to_year
from observatory.briefs.segment import signals
from observatory.briefs.segment.model import IndicatorGroup
from observatory.catalogue.models import ROLES, Indicator
from observatory.catalogue.periods import last_month_ordinal, month_ordinal, ordinal_to_period
from observatory.outlook.calls.calls import Call
from observatory.settings import INTERVAL_LEVELS
from observatory.timeseries import Forecast, SeriesKey, TimeSeries

_MAX_FIRST_ROWS = 8
_OLD_PRICE_MONTHS, _OLD_MONTHS = 3, 18  # from these ages on figures are marked as old


def build_rows(
    context: Context, indicators: Iterable[Indicator], base_year: int, call: Call | None = None
) -> tuple[IndicatorRow, ...]:
    """The rows of some indicators, with the flags raised on them and their weights in a call."""
    flags = signals.build_flag_texts(context)
    weights = {row.indicator: row.share for row in call.reasons if row.share} if call else {}
    return tuple(
        replace(
            _build_row(context, row, base_year),
            flag=flags.get(row.id, ""),
            weight=context.localizer.percent_text(weights[row.id]) if row.id in weights else "",
        )
        for row in indicators
    )


def group_rows(context: Context, rows: Iterable[IndicatorRow], call: Call | None) -> tuple[IndicatorGroup, ...]:
    """The rows by role, demand first; what weighs most in a call comes first, and a long first group is cut in two."""
    localizer = context.localizer
    weights: Mapping[str, float] = {row.indicator: row.share for row in call.reasons} if call else {}
    ordered = sorted(rows, key=lambda row: -weights.get(row.indicator, 0.0))
    groups: list[IndicatorGroup] = []
    for role in ROLES:
        members = tuple(row for row in ordered if row.role == role)
        title = localizer.text(f"indicators.{role}")
        if not groups and len(members) > _MAX_FIRST_ROWS:
            groups.append(IndicatorGroup(role, title, members[:_MAX_FIRST_ROWS]))
            members, title = members[_MAX_FIRST_ROWS:], localizer.text("indicators.more", title=title)
        if members:
            groups.append(IndicatorGroup(role, title, members))
    return tuple(groups)


def _build_row(context: Context, indicator: Indicator, base_year: int) -> IndicatorRow:
    """The headline series of an indicator: its last value, and its forecast or why it has none."""
    outlook, localizer = context.outlook, context.localizer
    key = outlook.headline_key(indicator)
    history, forecast = outlook.panel[key], outlook.forecasts.get(key)
    unit = choose_unit(indicator, history.values, localizer)
    amount = format_amount(float(history.values[-1]), unit, localizer)
    period = localizer.period_short(ordinal_to_period(history.last, history.frequency))
    title = _format_title(context, indicator, key)
    row = IndicatorRow(
        indicator.id,
        title,
        indicator.role,
        localizer.text(f"role.{indicator.role}"),
        localizer.text("list.last", amount=amount, period=period),
        expected="",
        sparkline=build_sparkline(history, forecast, localizer.text("list.spark", title=title)),
        note="",
        amount=amount,
        period=period,
        is_old=_is_old(context, indicator, history),
    )
    steps = count_steps_to_year(
        history, forecast, base_year + context.selection.horizon, seasonal=indicator.is_seasonal
    )
    if forecast is not None and steps:
        return _with_forecast(row, context, (history, forecast, steps), unit)
    if forecast is not None and forecast.status in ("stopped", "too_short"):
        return replace(row, note=localizer.text(f"list.{forecast.status}"))
    return row


def _format_title(context: Context, indicator: Indicator, key: SeriesKey) -> str:
    """The title of a series, with its place where its indicator has several."""
    title = format_series_title(context.outlook, key, context.localizer)
    if len({geo for _indicator, geo, _item in context.outlook.list_series(indicator.id)}) > 1:
        place = context.localizer.field_text(context.outlook.catalogue.geographies[key[1]], "short")
        return f"{title} ({place})"
    return title


def _with_forecast(
    row: IndicatorRow, context: Context, series: tuple[TimeSeries, Forecast, int], unit: DisplayUnit
) -> IndicatorRow:
    """A row with the value expected at a step of a forecast, and its 80 % interval."""
    localizer, (history, forecast, steps) = context.localizer, series
    level_index, step = INTERVAL_LEVELS.index(80), steps - 1
    values = (forecast.median[step], forecast.low[step, level_index], forecast.high[step, level_index])
    value, low, high = (format_number(unit.convert(float(part)), localizer, whole=unit.whole) for part in values)
    when = localizer.period_short(ordinal_to_period(forecast.origin + steps, history.frequency))
    return replace(
        row,
        expected=localizer.text("list.expected", value=value, low=low, high=high, period=when),
        expected_value=value,
        expected_period=when,
        expected_range=localizer.text("list.range", low=low, high=high),
    )


def _is_old(context: Context, indicator: Indicator, history: TimeSeries) -> bool:
    """Whether the last value is older than its readers would think."""
    age = month_ordinal(context.today) - last_month_ordinal(history.last, history.frequency)
    return age >= (_OLD_PRICE_MONTHS if indicator.kind == "price" else _OLD_MONTHS)
