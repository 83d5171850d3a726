"""What changed between two editions: counts first, then calls, revisions, new data, and the editions themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from observatory.briefs.common import call_text
from observatory.briefs.common.model import CallChangeRow, Chapter, LinkTable, LinkTableEntry, TextTable, WhatsNewBrief
from observatory.briefs.whats_new.figures import build_link_tables
from observatory.catalogue.periods import count_months_overdue, month_ordinal, ordinal_to_period
from observatory.language import Localizer
from observatory.outlook.analysis.diff import CallChange, OutlookDiff
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import STOPPED_AFTER_MONTHS
from observatory.store.records import Vintage
from observatory.timeseries import SeriesKey

_MAX_EDITIONS_SHOWN = 10
_LATE_FROM_MONTHS = 2  # months; a figure that is one month late is still expected now
_MIN_CLEAR_CHANGE = 0.01  # a median that moves by more is said to have moved
_DASH = "\u2013"


@dataclass(frozen=True)
class EditionCounts:
    """How many figures an edition brought; `knowhow` as in `Changes.knowhow_counts`."""

    added: int
    revised: int
    withdrawn: int
    knowhow_counts: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True)
class EditionPair:
    """Two editions to compare, in order; no `since` before the first one. `unknown` are names and numbers not found."""

    since: Vintage | None
    until: Vintage
    unknown_editions: tuple[tuple[str, int], ...]


def choose_editions(editions: Sequence[Vintage], selection: Selection, pinned: int) -> EditionPair:
    """The editions that a selection compares; by default the pinned one (0: the newest) against the one before it.

    Editions are oldest first, as published. Two that are given in the wrong order are put in order.
    """
    places = {row.id: place for place, row in enumerate(editions)}
    asked = (("since", selection.since), ("until", selection.until))
    unknown = tuple((name, number) for name, number in asked if number and number not in places)
    until = places.get(selection.until, places.get(pinned, len(editions) - 1))
    since = places.get(selection.since, until - 1)
    if since == until:
        since = until - 1
    since, until = min(since, until), max(since, until)
    return EditionPair(editions[since] if since >= 0 else None, editions[until], unknown)


def count_edition_changes(
    observations: Iterable[tuple[SeriesKey, str, float | None]], previous_values: Mapping[tuple[SeriesKey, str], float]
) -> EditionCounts:
    """What the rows of an edition did to the figures known before it; rows that say the same count for nothing."""
    added = revised = withdrawn = 0
    for key, when, value in observations:
        old = previous_values.get((key, when))
        added += old is None and value is not None
        revised += old is not None and value is not None and value != old
        withdrawn += old is not None and value is None
    return EditionCounts(added, revised, withdrawn)


def build_whats_new(
    pair: EditionPair,
    outlooks: tuple[Outlook | None, Outlook],
    diff: OutlookDiff,
    editions: Sequence[Vintage],
    tallies: Mapping[int, EditionCounts],
    selection: Selection,
    localizer: Localizer,
    today: date,
) -> WhatsNewBrief:
    """What a pair of editions says differently. `outlooks` and `found` are theirs; `editions` are all, oldest first."""
    before, after = outlooks
    newest = editions[-1].id == pair.until.id
    base = replace(selection, since=0, until=0, asof="" if newest else f"e{pair.until.id}")
    return WhatsNewBrief(
        kicker=localizer.text("news.kicker", date=localizer.day(pair.until.at.date())),
        lead=_lead_text(pair, after, diff, newest, localizer),
        under=_build_under(diff, after, newest, localizer, today),
        notices=tuple(_unknown_edition_text(name, number, pair, localizer) for name, number in pair.unknown_editions),
        since=pair.since.id if pair.since else 0,
        until=pair.until.id,
        edition_options=tuple((row.id, _edition_text(row, localizer)) for row in reversed(editions))
        if len(editions) > 1
        else (),
        calls=_build_calls_chapter(pair, diff, localizer),
        changed_calls=tuple(build_call_change(after, row, base, localizer) for row in diff.flipped_calls),
        moved_calls=build_moved_calls_table(after, diff.moved_calls, localizer) if diff.moved_calls else None,
        link_tables=build_link_tables(before, after, diff, base, localizer) if before is not None else (),
        editions=_build_edition_table(editions, tallies, selection, localizer),
    )


def changes_text(diff: OutlookDiff, localizer: Localizer) -> str:
    """The counts of what changed as one list; calls are always said, figures and know-how where there are any."""
    figures = [
        localizer.plural(f"news.{name}", n)
        for name, n in (
            ("added", diff.added_count),
            ("revised", diff.revised_count),
            ("withdrawn", diff.withdrawn_count),
        )
        if n
    ]
    figures += build_knowhow_texts(diff.knowhow_counts, localizer)
    flips = len(diff.flipped_calls)
    calls = localizer.plural("news.flipped", flips) if flips else localizer.text("news.flipped.none")
    return ", ".join([*(figures or [localizer.text("news.figures.none")]), calls])


def build_knowhow_texts(counts: tuple[int, int, int], localizer: Localizer) -> list[str]:
    """How much know-how is new, judged otherwise and withdrawn, in words; what there is none of is left out."""
    keys = ("news.knowhow.added", "news.knowhow", "news.knowhow.withdrawn")
    return [localizer.plural(key, n) for key, n in zip(keys, counts, strict=True) if n]


def changes_since_text(diff: OutlookDiff, localizer: Localizer) -> str:
    """What a reader of an older edition is told of what has changed since."""
    return (
        localizer.text("banner.since", changes=changes_text(diff, localizer))
        if diff
        else localizer.text("banner.since.none")
    )


def _lead_text(pair: EditionPair, after: Outlook, diff: OutlookDiff, newest: bool, localizer: Localizer) -> str:
    until = {"id": pair.until.id, "date": localizer.day(pair.until.at.date())}
    if pair.since is None:
        parts = (
            localizer.plural("news.indicators", len({key[0] for key in after.panel})),
            localizer.plural("news.series", len(after.panel)),
            localizer.plural("news.figures", sum(row.observed_count for row in after.panel.values())),
        )
        return localizer.text("news.lead.first", **until, held=", ".join(parts))
    since = {"since": pair.since.id, "since_date": localizer.day(pair.since.at.date())}
    if newest:
        return (
            localizer.text("news.lead", **since, changes=changes_text(diff, localizer))
            if diff
            else localizer.text("news.lead.none", **since)
        )
    if not diff:
        return localizer.text("news.lead.between.none", **since, **until)
    return localizer.text("news.lead.between", **since, **until, changes=changes_text(diff, localizer))


def _build_under(diff: OutlookDiff, after: Outlook, newest: bool, localizer: Localizer, today: date) -> tuple[str, ...]:
    said = []
    if diff.changed_forecasts:
        clearly = sum(
            1 for row in diff.changed_forecasts if row.change is not None and abs(row.change) > _MIN_CLEAR_CHANGE
        )
        said.append(localizer.plural("news.forecasts", len(diff.changed_forecasts)))
        said.append(
            localizer.plural("news.forecasts.clearly", clearly) if clearly else localizer.text("news.forecasts.none")
        )
    parts = [" ".join(said), _next_figures_text(after, localizer, today) if newest else ""]
    return tuple(part for part in parts if part)


def _next_figures_text(outlook: Outlook, localizer: Localizer, today: date) -> str:
    """When the next figures are expected, and of how many indicators; then how many others are late."""
    waits = []
    for row in outlook.catalogue.indicators.values():
        history = outlook.panel.get(outlook.headline_key(row))
        if history is not None:
            waits.append(-count_months_overdue(history.last, history.frequency, row.publication_lag_months, today))
    coming = [max(months, 0) for months in waits if months > -_LATE_FROM_MONTHS]
    late = sum(-STOPPED_AFTER_MONTHS <= months <= -_LATE_FROM_MONTHS for months in waits)
    said = []
    if coming:
        first = min(coming)
        when = localizer.period_phrase(ordinal_to_period(month_ordinal(today) + first, "M"))
        said.append(localizer.plural("news.next", coming.count(first), period_in=when))
    if late:
        said.append(localizer.plural("news.late", late))
    return " ".join(said)


def _unknown_edition_text(name: str, number: int, pair: EditionPair, localizer: Localizer) -> str:
    """That an edition which the address names does not exist, and which one stands in for it."""
    instead = pair.until if name == "until" else pair.since
    if instead is None:
        return localizer.text("news.unknown", id=number)
    return localizer.text("news.unknown.instead", id=number, now=instead.id)


def _edition_text(edition: Vintage, localizer: Localizer) -> str:
    return localizer.text("news.edition", id=edition.id, date=localizer.day(edition.at.date()))


# -- calls --------------------------------------------------------------------------------------------------------


def _build_calls_chapter(pair: EditionPair, diff: OutlookDiff, localizer: Localizer) -> Chapter | None:
    if pair.since is None:
        return None
    flips = len(diff.flipped_calls)
    parts = [
        localizer.plural("news.calls.flipped", flips) if flips else localizer.text("news.calls.none"),
        localizer.plural("news.calls.moved", len(diff.moved_calls))
        if diff.moved_calls
        else localizer.text("news.calls.still"),
    ]
    return Chapter(localizer.text("news.calls.title"), " ".join(parts), ())


def build_call_change(after: Outlook, change: CallChange, base: Selection, localizer: Localizer) -> CallChangeRow:
    """A call before and after, in words."""
    segment = after.catalogue.segments[change.segment]
    target = replace(base, segment=change.segment, indicator="", geo="", item="", horizon=change.horizon)
    return CallChangeRow(
        target,
        localizer.field_text(segment, "title"),
        _horizon_text(change, localizer),
        _build_call_cells(change.old, localizer),
        _build_call_cells(change.new, localizer),
    )


def _build_call_cells(call: Call | None, localizer: Localizer) -> tuple[str, str, str]:
    """A call as its code, its label, and the odds of clear growth in words."""
    if call is None:
        return "", localizer.text("news.calls.absent"), ""
    if call.probability_clear is None:
        return call.call, call_text.label_text(call, localizer), ""
    chance = call.probability_clear
    odds = localizer.text("news.odds", word=localizer.probability_word(chance), p=localizer.probability_percent(chance))
    return call.call, call_text.label_text(call, localizer), odds


def _horizon_text(change: CallChange, localizer: Localizer) -> str:
    """The horizon of a call and the year it reaches; both years where that of the newer edition is a later one."""
    years = sorted({row.target_year for row in (change.old, change.new) if row is not None})
    span = localizer.plural("control.horizon.years", change.horizon)
    return localizer.text("news.horizon", span=span, year=" \u2192 ".join(map(str, years)))


def build_moved_calls_table(after: Outlook, changes: Sequence[CallChange], localizer: Localizer) -> TextTable:
    """Calls with the same verdict and other odds, as a table."""
    rows = []
    for turn in changes:
        call = turn.new or turn.old
        before, now = (
            _DASH if odds is None else f"{odds}{localizer.percent_sign}" for odds in turn.probability_percents
        )
        title = localizer.field_text(after.catalogue.segments[turn.segment], "title")
        rows.append(
            (
                title,
                _horizon_text(turn, localizer),
                call_text.label_text(call, localizer) if call else _DASH,
                before,
                now,
            )
        )
    heads = tuple(localizer.text(f"news.head.{name}") for name in ("market", "horizon", "call", "old", "new"))
    return TextTable(localizer.plural("news.calls.moved.show", len(rows)), heads, tuple(rows))


# -- editions -----------------------------------------------------------------------------------------------------


def _build_edition_table(
    editions: Sequence[Vintage], tallies: Mapping[int, EditionCounts], selection: Selection, localizer: Localizer
) -> LinkTable:
    """All editions, newest first; each leads to what it changed."""
    entries = []
    for place in range(len(editions) - 1, -1, -1):
        row = editions[place]
        target = replace(selection, asof="", until=row.id, since=editions[place - 1].id if place else 0)
        tally = tallies.get(row.id)
        counts = (tally.added, tally.revised, tally.withdrawn) if tally else ()
        cells = tuple(localizer.number(n) for n in counts) or (_DASH,) * 3
        title = localizer.text("news.edition.short", id=row.id)
        # Below the date, not in a column: most editions bring none, and a phone would say so for each of them.
        below = " \u00b7 ".join(
            [localizer.day(row.at.date()), *(build_knowhow_texts(tally.knowhow_counts, localizer) if tally else ())]
        )
        entries.append(LinkTableEntry(target, title, below, (row.who, note_text(row, localizer), *cells)))
    heads = tuple(
        localizer.text(f"news.head.{name}") for name in ("edition", "who", "note", "added", "revised", "withdrawn")
    )
    rest = max(len(entries) - _MAX_EDITIONS_SHOWN, 0)
    return LinkTable(
        localizer.text("news.editions.title"),
        localizer.text("news.editions.subtitle"),
        heads,
        tuple(entries),
        _MAX_EDITIONS_SHOWN,
        localizer.plural("news.rest", rest) if rest else "",
    )


def note_text(edition: Vintage, localizer: Localizer) -> str:
    """Why an edition was made, in the other language if it was written in that one only; what it undoes comes first."""
    notes = {"fr": edition.note_fr, "en": edition.note_en}
    note = localizer.typeset(notes[localizer.language] or next((text for text in notes.values() if text), ""))
    if edition.reverts is None:
        return note
    undone = localizer.text("news.reverts", id=edition.reverts)
    return f"{undone} {note}".strip()
