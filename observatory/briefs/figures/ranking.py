"""Texts of a ranking of markets: groups by call, limits of bars, what to beware of, why a row has no figure."""

from collections.abc import Iterable, Sequence

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.ranking_model import IntervalBar, RankingGroup, RankingRow
from observatory.catalogue.periods import month_ordinal, period_to_ordinal
from observatory.language import Localizer
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.verdict import VERDICTS
from observatory.settings import CALL_THRESHOLDS
from observatory.typography import MINUS

OLD_AFTER_MONTHS = 18  # the age from which the data of a market are called old


def group_rows(rows: Sequence[RankingRow], localizer: Localizer) -> tuple[RankingGroup, ...]:
    """The rows by call, growing first, each in its order; calls that no market has are left out."""
    groups = (
        RankingGroup(call, localizer.text(f"ranking.group.{call}"), tuple(row for row in rows if row.call == call))
        for call in VERDICTS
    )
    return tuple(group for group in groups if group.rows)


def compute_bar_scale(bars: Iterable[IntervalBar | None]) -> tuple[int, int]:
    """The ends of the scale of all interval bars in per cent, multiples of five; at least -10 to +20."""
    drawn = [bar for bar in bars if bar is not None]
    low = min([-10.0, *(bar.low for bar in drawn)])
    high = max([20.0, *(bar.high for bar in drawn)])
    return int(low // 5 * 5), int(-(-high // 5) * 5)


def list_bar_ticks(scale: tuple[int, int], localizer: Localizer) -> tuple[tuple[int, str], ...]:
    """The tens within a scale, each with its text: +10, 0, -10 with a true minus."""
    low, high = scale
    signs = {tick: "+" if tick > 0 else MINUS if tick < 0 else "" for tick in range(-(-low // 10) * 10, high + 1, 10)}
    return tuple((tick, f"{sign}{localizer.number(abs(tick))}") for tick, sign in signs.items())


def limit_texts(bar: IntervalBar, localizer: Localizer) -> tuple[str, str, str]:
    """Low, median and high with one decimal; only the median has the sign of per cent."""
    low, median, high = (_signed_text(value, localizer) for value in (bar.low, bar.median, bar.high))
    return low, median + localizer.percent_sign, high


def _signed_text(value: float, localizer: Localizer) -> str:
    """A value with its sign; at the end of a bar, what rounds to zero is zero."""
    shown = round(value, 1)
    sign = "+" if shown > 0 else MINUS if shown < 0 else ""
    return f"{sign}{localizer.number(abs(shown), 1)}"


def caution_texts(context: Context, call: Call) -> tuple[str, ...]:
    """What to beware of in a call, in a few words each."""
    localizer = context.localizer
    return tuple(
        localizer.text("data.until", until=localizer.period_until(call.latest))
        if kind == "old"
        else localizer.text(f"ranking.caution.{kind}")
        for kind in _list_caution_kinds(context, call)
    )


def caution_legend_text(context: Context, calls: Sequence[Call]) -> str:
    """What the mark of caution stands for in a ranking; empty where no row has it."""
    kinds = dict.fromkeys(kind for call in calls for kind in _list_caution_kinds(context, call))
    return ", ".join(context.localizer.text(f"ranking.caution.{kind}") for kind in kinds)


def _list_caution_kinds(context: Context, call: Call) -> list[str]:
    """The kinds of caution of a call with figures, or of one whose little data are of another place."""
    kinds = []
    if call_text.is_mostly_proxy(context.outlook, call):
        kinds.append("proxy")
    if call.latest and month_ordinal(context.outlook.day) - period_to_ordinal(call.latest) >= OLD_AFTER_MONTHS:
        kinds.append("old")
    if call.growth is None:
        return kinds
    if call.why == "contradiction":
        kinds.append("contradiction")
    elif call.momentum < CALL_THRESHOLDS.warning_momentum:
        kinds.append("falling")
    elif call.families == 1:
        kinds.append("one_family")
    return kinds


def reason_text(context: Context, call: Call) -> str:
    """Why a market has no figure, in one short sentence."""
    localizer = context.localizer
    if call.why == "too_little":
        years = int(call.outcomes * call.horizon)
        return localizer.plural("ranking.reason.too_little", years, min=CALL_THRESHOLDS.minimum_outcomes * call.horizon)
    if call.why == "too_old" and call.latest:
        return localizer.text("ranking.reason.too_old", period=localizer.period(call.latest))
    return call_text.unclear_text(context, call)
