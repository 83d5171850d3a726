"""Builds the brief of the changes between two editions: counts, calls, revisions, new data, list of editions."""

from dataclasses import replace

from observatory.briefs.common.context import Context
from observatory.briefs.whats_new.calls import build_call_change, build_calls_chapter, build_moved_calls_table
from observatory.briefs.whats_new.editions import (
    CountedEditions,
    EditionPair,
    build_edition_links,
    build_edition_options,
    build_edition_table,
    build_knowhow_texts,
    unknown_edition_text,
)
from observatory.briefs.whats_new.figures import build_link_tables
from observatory.briefs.whats_new.model import WhatsNewBrief
from observatory.briefs.whats_new.outlooks import build_outlook_texts
from observatory.catalogue.periods import count_months_overdue, month_ordinal, ordinal_to_period
from observatory.catalogue.schedule import classify_overdue
from observatory.language import Localizer
from observatory.outlook.analysis.diff import OutlookDiff
from observatory.outlook.outlook import Outlook

_MIN_CLEAR_CHANGE = 0.01  # change of a forecast median, as a share, from which it counts as clear


def build_whats_new(
    context: Context, pair: EditionPair, before: Outlook | None, diff: OutlookDiff, history: CountedEditions
) -> WhatsNewBrief:
    """The changes between a pair of editions. `context.outlook` is that of the newer one, `before` of the older one."""
    after, selection, localizer = context.outlook, context.selection, context.localizer
    is_newest = history.editions[-1].id == pair.until.id
    base = replace(selection, since=0, until=0, asof="" if is_newest else f"e{pair.until.id}")
    return WhatsNewBrief(
        kicker=localizer.text("news.kicker", date=localizer.day(pair.until.at.date())),
        lead=_lead_text(pair, after, diff, localizer, is_newest=is_newest),
        under=_under_texts(context, diff, is_newest=is_newest),
        notices=tuple(unknown_edition_text(name, number, pair, localizer) for name, number in pair.unknown_editions),
        since=pair.since.id if pair.since else 0,
        until=pair.until.id,
        edition_options=build_edition_options(history.editions, pair, localizer),
        calls=build_calls_chapter(pair, diff, localizer),
        changed_calls=tuple(build_call_change(after, row, base, localizer) for row in diff.flipped_calls),
        moved_calls=build_moved_calls_table(after, diff.moved_calls, localizer) if diff.moved_calls else None,
        link_tables=build_link_tables(before, after, diff, base, localizer) if before is not None else (),
        editions=build_edition_table(history, pair, selection, localizer),
        edition_links=build_edition_links(history.editions, pair, selection, localizer),
    )


def changes_text(diff: OutlookDiff, localizer: Localizer) -> str:
    """The counts of changes as one list; calls are always named, the rest only if there is any."""
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
    figures += build_outlook_texts(diff, localizer)
    flips = len(diff.flipped_calls)
    calls = localizer.plural("news.flipped", flips) if flips else localizer.text("news.flipped.none")
    return ", ".join([*(figures or [localizer.text("news.figures.none")]), calls])


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
    months_overdue = []
    for row in outlook.catalogue.indicators.values():
        history = outlook.panel.get(outlook.headline_key(row))
        if history is not None:
            months_overdue.append(
                count_months_overdue(history.last, history.frequency, row.publication_lag_months, today)
            )
    states = [classify_overdue(months) for months in months_overdue]
    upcoming = [-months for months, state in zip(months_overdue, states, strict=True) if state == "fresh"]
    late = states.count("late")
    sentences = []
    if upcoming:
        first = min(upcoming)
        period = localizer.period_phrase(ordinal_to_period(month_ordinal(today) + first, "M"))
        sentences.append(localizer.plural("news.next", upcoming.count(first), period_in=period))
    if late:
        sentences.append(localizer.plural("news.late", late))
    return " ".join(sentences)


# -- calls --------------------------------------------------------------------------------------------------------


# -- editions -----------------------------------------------------------------------------------------------------
