"""Results that need a look: held figures, each with its draft, and failures that the next run will not mend."""

from collections.abc import Iterable, Sequence

from observatory.briefs.collection.attempts import SourceAttempt
from observatory.briefs.collection.reasons import action_text, reason_text
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import LinkTable, LinkTableEntry
from observatory.selection import Selection
from observatory.store.refreshes import FAULTY_STATES, IndicatorResult
from observatory.typography import NBSP

_VISIBLE_ROWS = 8
_MAX_TITLES = 3
_PASSING_ACTION = "refresh.action.again"  # of a fault that the next run may find gone: the sources name it


def build_attention_table(context: Context, attempts: Iterable[SourceAttempt]) -> LinkTable | None:
    """Held figures first, then failures, one row for all of a source that failed alike; None if there are none."""
    rows = [
        row
        for attempt in attempts
        for row in attempt.report.indicators
        if row.source == attempt.result.source and row.state in FAULTY_STATES and row.action != _PASSING_ACTION
    ]
    catalogue = context.outlook.catalogue
    groups: dict[tuple[str, ...], list[IndicatorResult]] = {}
    for row in sorted(rows, key=lambda row: (row.state != "held", row.source, row.indicator)):
        if row.indicator in catalogue.indicators or row.indicator in catalogue.candidates:
            same = (row.source, reason_text(context, row.reason), row.action) if row.state == "failed" else ()
            groups.setdefault((row.state, *(same or (row.indicator,))), []).append(row)
    if not groups:
        return None
    localizer = context.localizer
    return LinkTable(
        localizer.text("collection.attention.title"),
        localizer.text("collection.attention.subtitle"),
        tuple(localizer.text(f"collection.attention.head.{name}") for name in ("indicator", "state", "why", "next")),
        tuple(_build_entry(context, group) for group in groups.values()),
        _VISIBLE_ROWS,
        localizer.plural("collection.attention.more", max(len(groups) - _VISIBLE_ROWS, 0)),
    )


def _build_entry(context: Context, group: Sequence[IndicatorResult]) -> LinkTableEntry:
    """A row: the indicator with its publisher below it; of several the publisher, with their titles below it."""
    localizer, catalogue = context.localizer, context.outlook.catalogue
    facts = [catalogue.indicators.get(row.indicator) or catalogue.candidates[row.indicator] for row in group]
    titles = [localizer.field_text(row, "title") for row in facts]
    publisher = localizer.field_text(catalogue.sources[facts[0].source], "publisher")
    rest = len(titles) - _MAX_TITLES
    if rest > 1:
        titles = [*titles[:_MAX_TITLES], localizer.plural("collection.manual.others", rest)]
    first = group[0]
    return LinkTableEntry(
        Selection(lang=localizer.language, draft=first.draft or 0),
        publisher if len(group) > 1 else titles[0],
        f"{NBSP}· ".join(titles) if len(group) > 1 else publisher,
        (
            localizer.text(f"refresh.state.{first.state}"),
            reason_text(context, first.reason),
            action_text(context, first.action, first.reason),
        ),
    )
