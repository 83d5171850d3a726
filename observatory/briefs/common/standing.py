"""Decides in one place how a figure of ours stands against another: better, barely better, level or worse."""

from typing import Literal

from observatory.language import Localizer, round_percent
from observatory.outlook.calls.scores import compute_scores, select_scored
from observatory.outlook.outlook import Outlook

Standing = Literal["better", "barely", "even", "worse"]
STANDINGS: tuple[Standing, ...] = ("better", "barely", "even", "worse")
_BARELY_BETTER_PERCENT = 5  # ahead by so many points or per cent at most is barely better


def compare(gain: float, *, barely_up_to: float = 0.0) -> Standing:
    """The standing of a gain, that is, by how much ours is better, rounded as it is shown.

    What is shown as equal is level, whatever its further digits; a gain of `barely_up_to` at most is barely better.
    """
    if gain <= 0:
        return "worse" if gain < 0 else "even"
    return "barely" if gain <= barely_up_to else "better"


def compare_interval(low: float, high: float) -> Standing:
    """The standing of a gain known by its interval, rounded as shown: level unless all of it is on one side of zero."""
    return compare(min(max(low, 0.0), high))


def compare_percent(gain: float) -> Standing:
    """The standing of a gain given as a share, in the whole per cents shown."""
    return compare(round_percent(gain), barely_up_to=_BARELY_BETTER_PERCENT)


def compare_shares(share: float, reference: float) -> Standing:
    """The standing of a share of right answers against that of a reference, in the whole per cents shown."""
    return compare(round_percent(share) - round_percent(reference), barely_up_to=_BARELY_BETTER_PERCENT)


def compare_errors(error: float, reference: float, decimals: int) -> Standing:
    """The standing of a score of which less is better against that of a reference, with the decimals shown."""
    shown = round(reference, decimals)
    gain = round(shown - round(error, decimals), decimals)
    return compare(gain, barely_up_to=shown * _BARELY_BETTER_PERCENT / 100)


def may_be_chance(reference: float, interval: tuple[float, float]) -> bool:
    """Whether the interval of our share contains that of the reference, in the whole per cents shown."""
    low, high = (round_percent(end) - round_percent(reference) for end in interval)
    return compare_interval(low, high) == "even"


def hit_rate_interval(outlook: Outlook, horizon: int | None = None) -> tuple[float, float] | None:
    """The 90 % bootstrap interval of the hit rate of "growing", over all horizons or at one; None without calls."""
    scores = compute_scores(select_scored(outlook.replayed_calls, horizon))
    return scores.bootstrap_intervals.get("hits") if scores is not None else None


def standing_text(
    share: float, reference: float, localizer: Localizer, interval: tuple[float, float] | None = None
) -> str:
    """How our hit rate stands against that of calling "growing" everywhere, and whether the gap may be chance."""
    standing = compare_shares(share, reference)
    sentence = localizer.text(f"standing.{standing}")
    if standing != "even" and interval is not None and may_be_chance(reference, interval):
        return f"{sentence} {localizer.text('standing.chance')}"
    return sentence
