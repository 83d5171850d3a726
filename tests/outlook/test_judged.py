"""Published calls are judged once, by the edition that first knows what came."""

from dataclasses import replace
from datetime import UTC, datetime

from observatory.outlook.analysis.judged import find_judged_calls
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.store.records import StoredCall

# One market whose index grows by 10 % in 2027 and falls by 20 % in 2028.
INDEX = (100.0, 100.0, 110.0, 88.0)


def _call(verdict: str, base: int, due: str, index_last: int = 2026) -> Call:
    return Call(
        segment="space",
        horizon=1,
        call=verdict,  # type: ignore[arg-type]
        why="",
        probability=0.7,
        probability_clear=0.7,
        probability_shrinks=0.1,
        growth=0.03,
        low=0.0,
        high=0.06,
        past=0.02,
        outcomes=9,
        families=2,
        momentum=0.0,
        base_year=base,
        due=due,
        latest="2026-10",
        index_last=index_last,
        index=INDEX[: index_last - 2024],
        reasons=(),
    )


def _stored(call: Call) -> StoredCall:
    return StoredCall(call.segment, call.horizon, call.call, call.to_details())


def _outlook(outlook: Outlook, day: tuple[int, int, int], index_last: int) -> Outlook:
    newest = {("space", 1): _call("flat", index_last, "2099-04-30", index_last)}
    return replace(outlook, calls=newest, published_at=datetime(*day, tzinfo=UTC))


PUBLISHED = [
    (1, _stored(_call("growing", 2026, "2028-04-30"))),
    (2, _stored(_call("shrinking", 2026, "2028-04-30"))),
    (2, _stored(_call("growing", 2027, "2029-04-30"))),
    (3, _stored(_call("unclear", 2027, "2029-04-30"))),
]


def test_a_call_is_judged_when_it_is_due_and_its_year_is_known(outlook: Outlook) -> None:
    """By the growth between its two years, rightly or wrongly; of two editions with the call the first one counts."""
    early, late = _outlook(outlook, (2028, 4, 1), 2027), _outlook(outlook, (2028, 5, 2), 2027)
    (judged,) = find_judged_calls(PUBLISHED, early, late)
    assert (judged.edition, judged.call.base_year, judged.is_right) == (1, 2026, True)
    assert round(judged.growth, 6) == 0.1
    (next_one,) = find_judged_calls(PUBLISHED, late, _outlook(outlook, (2029, 5, 1), 2028))
    assert (next_one.edition, next_one.is_right, round(next_one.growth, 6)) == (2, False, -0.2)


def test_a_call_is_judged_once(outlook: Outlook) -> None:
    """Not by the edition after, nor before it is due, nor as long as its last year is missing."""
    late, later = _outlook(outlook, (2028, 5, 2), 2027), _outlook(outlook, (2028, 6, 2), 2027)
    assert find_judged_calls(PUBLISHED, late, later) == ()
    assert (
        find_judged_calls(PUBLISHED, _outlook(outlook, (2028, 1, 1), 2027), _outlook(outlook, (2028, 4, 1), 2027)) == ()
    )
    unknown = _outlook(outlook, (2028, 5, 2), 2026)
    assert find_judged_calls(PUBLISHED, _outlook(outlook, (2028, 4, 1), 2026), unknown) == ()
    (judged,) = find_judged_calls(PUBLISHED, unknown, later)
    assert judged.edition == 1
