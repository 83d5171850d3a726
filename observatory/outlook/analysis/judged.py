"""Published calls that have come due: the growth that followed, as a later edition knows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.settings import CALL_THRESHOLDS
from observatory.store.records import StoredCall


@dataclass(frozen=True)
class JudgedCall:
    """A published call, the number of its edition, and the growth a year that followed (0.04 is 4 %)."""

    call: Call
    edition: int
    growth: float

    @property
    def is_right(self) -> bool:
        """Whether it came true."""
        band = CALL_THRESHOLDS.flat_band
        outcome = "growing" if self.growth > band else "shrinking" if self.growth < -band else "flat"
        return outcome == self.call.call


def find_judged_calls(
    published: Iterable[tuple[int, StoredCall]], before: Outlook, after: Outlook
) -> tuple[JudgedCall, ...]:
    """The published calls of which the outcome is known with an edition and was not before it.

    `published` are the calls of earlier editions, oldest first. Of those on the same market and years the first one
    counts; an unclear call promises nothing, hence is not judged.
    """
    judged: dict[tuple[str, int, int], JudgedCall] = {}
    for edition, row in published:
        if row.call == "unclear" or row.details["due"] > after.day.isoformat():
            continue
        call = Call.from_details(row.segment, row.horizon, row.call, row.details)
        growth = _find_outcome(call, after)
        if growth is not None and _find_outcome(call, before) is None:
            judged.setdefault((call.segment, call.horizon, call.base_year), JudgedCall(call, edition, growth))
    return tuple(judged[key] for key in sorted(judged))


def _find_outcome(call: Call, outlook: Outlook) -> float | None:
    """The growth a year between the two years of a call; None before it is due, or where a year is not known."""
    newest = outlook.calls.get((call.segment, call.horizon))
    if newest is None or call.due > outlook.day.isoformat():
        return None
    first = newest.index_last - len(newest.index) + 1
    if call.base_year < first or call.target_year > newest.index_last:
        return None
    start, end = newest.index[call.base_year - first], newest.index[call.target_year - first]
    return float((end / start) ** (1 / call.horizon) - 1) if start > 0 and end > 0 else None
