"""Builds the brief of the changes between two editions: counts, calls, revisions, new data, list of editions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from observatory.briefs.common import call_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import CallChangeRow, Chapter, LinkTable, LinkTableEntry, TextTable, WhatsNewBrief
from observatory.briefs.whats_new.figures import build_link_tables
from observatory.catalogue.periods import count_months_overdue, month_ordinal, ordinal_to_period
from observatory.language import NO_VALUE, Localizer
from observatory.outlook.analysis.diff import CallChange, OutlookDiff
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import STOPPED_AFTER_MONTHS
from observatory.store.records import Vintage
from observatory.timeseries import SeriesKey

_MAX_EDITIONS_SHOWN = 10
_LATE_FROM_MONTHS = 2  # a figure that is one month late counts as expected now
_MIN_CLEAR_CHANGE = 0.01  # change of a forecast median, as a share, from which it counts as clear


@dataclass(frozen=True)
class EditionCounts:
    """How many figures an edition changed; `knowhow_counts` as in `OutlookDiff.knowhow_counts`."""

    added: int
    revised: int
    withdrawn: int
    knowhow_counts: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True)
class EditionPair:
    """Two editions to compare, in order; `since` is None before the first edition.

    `unknown_editions` are the parameters, with their numbers, that name no edition.
    """

    since: Vintage | None
    until: Vintage
    unknown_editions: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class EditionHistory:
    """All editions, oldest first, and by number the counts of those that were counted."""

    editions: Sequence[Vintage]
    counts: Mapping[int, EditionCounts]


def choose_editions(editions: Sequence[Vintage], selection: Selection, pinned: int) -> EditionPair:
    """The editions that a selection compares; by default the pinned one (0: the newest) with the one before it.

    `editions` are oldest first. A selection that names them in the wrong order is put in order.
    """
    positions = {row.id: position for position, row in enumerate(editions)}
    requested = (("since", selection.since), ("until", selection.until))
    unknown = tuple((name, number) for name, number in requested if number and number not in positions)
    until = positions.get(selection.until, positions.get(pinned, len(editions) - 1))
    since = positions.get(selection.since, until - 1)
    if since == until:
        since = until - 1
    since, until = min(since, until), max(since, until)
    return EditionPair(editions[since] if since >= 0 else None, editions[until], unknown)


def count_edition_changes(
    observations: Iterable[tuple[SeriesKey, str, float | None]], previous_values: Mapping[tuple[SeriesKey, str], float]
) -> EditionCounts:
    """Figures that the observations of an edition add, revise or withdraw; unchanged ones are not counted."""
    added = revised = withdrawn = 0
    for key, when, value in observations:
        old = previous_values.get((key, when))
        added += old is None and value is not None
        revised += old is not None and value is not None and value != old
        withdrawn += old is not None and value is None
    return EditionCounts(added, revised, withdrawn)


def build_whats_new(
    context: Context, pair: EditionPair, before: Outlook | None, diff: OutlookDiff, history: EditionHistory
) -> WhatsNewBrief:
    """The changes between a pair of editions. `context.outlook` is that of the newer one, `before` of the older one."""
    after, selection, localizer = context.outlook, context.selection, context.localizer
    is_newest = history.editions[-1].id == pair.until.id
    base = replace(selection, since=0, until=0, asof="" if is_newest else f"e{pair.until.id}")
    return WhatsNewBrief(
        kicker=localizer.text("news.kicker", date=localizer.day(pair.until.at.date())),
        lead=_lead_text(pair, after, diff, localizer, is_newest=is_newest),
        under=_under_texts(context, diff, is_newest=is_newest),
        notices=tuple(_unknown_edition_text(name, number, pair, localizer) for name, number in pair.unknown_editions),
        since=pair.since.id if pair.since else 0,
        until=pair.until.id,
        edition_options=tuple((row.id, _edition_text(row, localizer)) for row in reversed(history.editions))
        if len(history.editions) > 1
        else (),
        calls=_build_calls_chapter(pair, diff, localizer),
        changed_calls=tuple(build_call_change(after, row, base, localizer) for row in diff.flipped_calls),
        moved_calls=build_moved_calls_table(after, diff.moved_calls, localizer) if diff.moved_calls else None,
        link_tables=build_link_tables(before, after, diff, base, localizer) if before is not None else (),
        editions=_build_edition_table(history, selection, localizer),
    )


def changes_text(diff: OutlookDiff, localizer: Localizer) -> str:
    """The counts of changes as one list; calls are always named, figures and know-how only if there are any."""
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
    """Counts of know-how added, assessed anew and withdrawn, in words; counts of zero are left out."""
    keys = ("news.knowhow.added", "news.knowhow", "news.knowhow.withdrawn")
    return [localizer.plural(key, n) for key, n in zip(keys, counts, strict=True) if n]


def changes_since_text(diff: OutlookDiff, localizer: Localizer) -> str:
    """Sentence of the banner on an older edition: what has changed since."""
    return (
        localizer.text("banner.since", changes=changes_text(diff, localizer))
        if diff
        else localizer.text("banner.since.none")
    )


def _lead_text(pair: EditionPair, after: Outlook, diff: OutlookDiff, localizer: Localizer, *, is_newest: bool) -> str:
    until = {"id": pair.until.id, "date": localizer.day(pair.until.at.date())}
    if pair.since is None:
        parts = (
            localizer.plural("news.indicators", len({key[0] for key in after.panel})),
            localizer.plural("news.series", len(after.panel)),
            localizer.plural("news.figures", sum(row.observed_count for row in after.panel.values())),
        )
        return localizer.text("news.lead.first", **until, held=", ".join(parts))
    since = {"since": pair.since.id, "since_date": localizer.day(pair.since.at.date())}
    if is_newest:
        return (
            localizer.text("news.lead", **since, changes=changes_text(diff, localizer))
            if diff
            else localizer.text("news.lead.none", **since)
        )
    if not diff:
        return localizer.text("news.lead.between.none", **since, **until)
    return localizer.text("news.lead.between", **since, **until, changes=changes_text(diff, localizer))


def _under_texts(context: Context, diff: OutlookDiff, *, is_newest: bool) -> tuple[str, ...]:
    """How many forecasts changed, and when the next figures are due."""
    localizer = context.localizer
    sentences = []
    if diff.changed_forecasts:
        clear_count = sum(
            1 for row in diff.changed_forecasts if row.change is not None and abs(row.change) > _MIN_CLEAR_CHANGE
        )
        sentences.append(localizer.plural("news.forecasts", len(diff.changed_forecasts)))
        sentences.append(
            localizer.plural("news.forecasts.clearly", clear_count)
            if clear_count
            else localizer.text("news.forecasts.none")
        )
    parts = [" ".join(sentences), _next_figures_text(context) if is_newest else ""]
    return tuple(part for part in parts if part)


def _next_figures_text(context: Context) -> str:
    """When the next figures are due and for how many indicators; then how many others are late."""
    outlook, localizer, today = context.outlook, context.localizer, context.today
    months_until_due = []
    for row in outlook.catalogue.indicators.values():
        history = outlook.panel.get(outlook.headline_key(row))
        if history is not None:
            months_until_due.append(
                -count_months_overdue(history.last, history.frequency, row.publication_lag_months, today)
            )
    upcoming = [max(months, 0) for months in months_until_due if months > -_LATE_FROM_MONTHS]
    late = sum(-STOPPED_AFTER_MONTHS <= months <= -_LATE_FROM_MONTHS for months in months_until_due)
    sentences = []
    if upcoming:
        first = min(upcoming)
        period = localizer.period_phrase(ordinal_to_period(month_ordinal(today) + first, "M"))
        sentences.append(localizer.plural("news.next", upcoming.count(first), period_in=period))
    if late:
        sentences.append(localizer.plural("news.late", late))
    return " ".join(sentences)


def _unknown_edition_text(name: str, number: int, pair: EditionPair, localizer: Localizer) -> str:
    """Notice that an edition of the link does not exist, and which one replaces it."""
    replacement = pair.until if name == "until" else pair.since
    if replacement is None:
        return localizer.text("news.unknown", id=number)
    return localizer.text("news.unknown.instead", id=number, now=replacement.id)


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
    """Table of the calls with the same verdict and other odds."""
    rows = []
    for change in changes:
        call = change.new or change.old
        old_odds, new_odds = (
            NO_VALUE if odds is None else f"{odds}{localizer.percent_sign}" for odds in change.probability_percents
        )
        title = localizer.field_text(after.catalogue.segments[change.segment], "title")
        rows.append(
            (
                title,
                _horizon_text(change, localizer),
                call_text.label_text(call, localizer) if call else NO_VALUE,
                old_odds,
                new_odds,
            )
        )
    heads = tuple(localizer.text(f"news.head.{name}") for name in ("market", "horizon", "call", "old", "new"))
    return TextTable(localizer.plural("news.calls.moved.show", len(rows)), heads, tuple(rows))


# -- editions -----------------------------------------------------------------------------------------------------


def _build_edition_table(history: EditionHistory, selection: Selection, localizer: Localizer) -> LinkTable:
    """All editions, newest first, each with a link to its changes."""
    entries = []
    for index in range(len(history.editions) - 1, -1, -1):
        row = history.editions[index]
        previous = history.editions[index - 1].id if index else 0
        target = replace(selection, asof="", until=row.id, since=previous)
        counts = history.counts.get(row.id)
        figures = (counts.added, counts.revised, counts.withdrawn) if counts else ()
        cells = tuple(localizer.number(n) for n in figures) or (NO_VALUE,) * 3
        title = localizer.text("news.edition.short", id=row.id)
        # Know-how goes below the date, not in a column: most editions change none, and columns are scarce on a phone.
        subtitle = " \u00b7 ".join(
            [localizer.day(row.at.date()), *(build_knowhow_texts(counts.knowhow_counts, localizer) if counts else ())]
        )
        entries.append(LinkTableEntry(target, title, subtitle, (row.who, note_text(row, localizer), *cells)))
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
    """The note of an edition, in the other language if it has no other; first the edition that it reverts."""
    notes = {"fr": edition.note_fr, "en": edition.note_en}
    note = localizer.typeset(notes[localizer.language] or next((text for text in notes.values() if text), ""))
    if edition.reverts is None:
        return note
    revert_sentence = localizer.text("news.reverts", id=edition.reverts)
    return f"{revert_sentence} {note}".strip()
