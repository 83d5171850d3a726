"""What is worth a message: calls that flipped, published calls that came due, sources that keep failing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from observatory.outlook.analysis.diff import CallChange, diff_calls
from observatory.outlook.analysis.judged import JudgedCall, find_judged_calls
from observatory.outlook.outlook import Outlook
from observatory.store.records import Vintage
from observatory.store.refreshes import RefreshReport, SourceResult
from observatory.store.store import Store

FAILURES_IN_A_ROW = 3  # of a source, before it is worth a message
_MAX_REPORTS_READ = 60  # runs in which those failures are looked for: a run may ask a few sources only
_ASKED_STATES = ("fresh", "unchanged", "held", "failed")  # in the others a source was not asked


@dataclass(frozen=True)
class Events:
    """What happened with an edition (None: a refresh that published nothing); falsy where it is worth no message."""

    edition: Vintage | None = None
    outlook: Outlook | None = None
    flips: Sequence[CallChange] = ()
    judged: Sequence[JudgedCall] = ()
    failing: Sequence[SourceResult] = ()

    def __bool__(self) -> bool:
        return bool(self.flips or self.judged or self.failing)


def find_events(
    store: Store, load_outlook: Callable[[int], Outlook], edition: Vintage | None, *, is_refresh: bool
) -> Events:
    """What is worth a message of an edition and, after a refresh, of its sources; the first edition changes nothing."""
    failing = find_failing_sources(store.refreshes.list_last(_MAX_REPORTS_READ)) if is_refresh else ()
    if edition is None or edition.parent is None:
        return Events(failing=failing)
    events = _find_edition_events(store, edition, load_outlook(edition.parent), load_outlook(edition.id))
    return replace(events, failing=failing)


def _find_edition_events(store: Store, edition: Vintage, before: Outlook, after: Outlook) -> Events:
    """What an edition brings: the calls with another verdict than before it, and those that it lets be judged."""
    flips = tuple(row for row in diff_calls(before.calls, after.calls) if row.is_flipped)
    published = ((row.id, call) for row in store.vintages() if row.id < edition.id for call in store.calls(row))
    return Events(edition, after, flips, find_judged_calls(published, before, after))


def find_failing_sources(reports: Sequence[RefreshReport]) -> tuple[SourceResult, ...]:
    """The sources that failed in the newest run, in the two before it, and not in the one before these.

    `reports` are the newest first. Runs that did not ask a source count for nothing. A source is named once, when it
    has failed for the third time; again only after it has answered.
    """
    newest = reports[0].sources if reports else ()
    return tuple(
        row for row in newest if row.state == "failed" and _count_failures(row.source, reports) == FAILURES_IN_A_ROW
    )


def _count_failures(source: str, reports: Sequence[RefreshReport]) -> int:
    """How often a source has failed since it last answered."""
    count = 0
    for report in reports:
        states = [row.state for row in report.sources if row.source == source and row.state in _ASKED_STATES]
        if states and states[0] != "failed":
            break
        count += len(states)
    return count
