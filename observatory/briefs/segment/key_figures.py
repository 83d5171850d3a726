"""Key figures of a market: its odds, its pace with the range, and how often its calls came true."""

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.standing import compare_shares
from observatory.briefs.track_record.model import KeyFigure
from observatory.language import round_percent
from observatory.outlook.calls.calls import Call
from observatory.outlook.calls.scores import compute_scores, select_scored

_MIN_INDEPENDENT_OUTCOMES = 10  # outcomes of such calls that do not overlap; fewer prove nothing


def build_key_figures(context: Context, call: Call) -> tuple[KeyFigure, ...]:
    """Three figures; none for a call without a pace, which words describe."""
    if call.growth is None or call.low is None or call.high is None:
        return ()
    return (
        *_build_odds(context, call),
        _build_pace(context, call.growth, call.low, call.high),
        _build_record(context, call.segment),
    )


def _build_odds(context: Context, call: Call) -> tuple[KeyFigure, ...]:
    """The chances of what the call says, out of a hundred; those of clear growth where it is unclear."""
    localizer = context.localizer
    name, chance = {
        "shrinking": ("shrinking", call.probability_shrinks),
        "flat": ("flat", call.probability),
    }.get(call.call, ("growing", call.probability_clear))
    if chance is None:
        return ()
    text = localizer.text(f"key.odds.{name}", band=call_text.flat_band_text(localizer))
    if call.why:
        text = f"{text} {localizer.text('key.odds.unclear')}"
    return (KeyFigure(localizer.probability_percent(chance), localizer.text("key.odds"), text, round_percent(chance)),)


def _build_pace(context: Context, growth: float, low: float, high: float) -> KeyFigure:
    localizer = context.localizer
    text = localizer.text(
        "key.pace.range",
        chances=localizer.chances(80),
        low=localizer.growth_digits(low),
        high=localizer.growth(high),
    )
    if low < 0 < high:
        text = f"{text} {localizer.text('key.pace.decline')}"
    return KeyFigure(localizer.growth(growth), localizer.text("key.pace"), text)


def _build_record(context: Context, segment: str) -> KeyFigure:
    """How often "growing" came true here in the test on the past, against calling it always; words if too seldom."""
    localizer = context.localizer
    rows = select_scored(context.outlook.replayed_calls, segment=segment)
    scores = compute_scores(rows, with_intervals=False)
    independent = sum(1 / (2 * row.horizon) for row in rows if row.call == "growing")
    if scores is None or not scores.called:
        return KeyFigure("", "", localizer.text("key.record.none"))
    if independent < _MIN_INDEPENDENT_OUTCOMES:
        counts = {"right": localizer.number(scores.right), "called": localizer.number(scores.called)}
        return KeyFigure("", "", localizer.text("key.record.few", **counts))
    hit_rate = scores.right / scores.called
    text = localizer.text(
        "key.record.text",
        right=localizer.number(scores.right),
        called=localizer.number(scores.called),
        base=localizer.percent_digits(scores.base),
        standing=localizer.text(f"key.record.{compare_shares(hit_rate, scores.base)}"),
    )
    percent = round_percent(hit_rate)
    return KeyFigure(localizer.percent_digits(hit_rate), localizer.text("key.record"), text, percent, is_expected=False)
