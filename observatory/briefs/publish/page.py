"""What the page for analysts says of a draft: where it stands, what publishing it would change."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import CallChangeRow, Figure, LinkTable, TextTable
from observatory.briefs.common.series_figure import build_series_figure
from observatory.briefs.whats_new.figures import build_link_tables
from observatory.briefs.whats_new.knowhow import reordered_neighbours_text
from observatory.briefs.whats_new.page import (
    build_call_change,
    build_knowhow_texts,
    build_moved_calls_table,
    changes_text,
)
from observatory.ingest.report import Report
from observatory.language import Localizer
from observatory.outlook.analysis.diff import OutlookDiff
from observatory.outlook.outlook import Outlook
from observatory.selection import DEFAULT_SELECTION

_MAX_CHARTED_SERIES = 3  # series shown before and after
_HEIGHT_PX = 250


@dataclass(frozen=True)
class SeriesFigurePair:
    """A series before and after; no `before` where nobody watched it."""

    title: str
    before: Figure | None
    after: Figure


@dataclass(frozen=True)
class PublishBrief:
    """What publishing would change, in words, figures and charts."""

    lead: str
    counts_table: TextTable
    link_tables: tuple[tuple[str, LinkTable], ...]
    figure_pairs: tuple[SeriesFigurePair, ...]
    calls_text: str
    changed_calls: tuple[CallChangeRow, ...]
    moved_calls: TextTable | None
    forecasts_text: str
    neighbours_text: str


def draft_state_texts(report: Report, changed_count: int, edition: int, localizer: Localizer) -> tuple[str, str]:
    """The lead of a draft and the line below it: what stands between this file and its publication.

    `ready` counts the figures, or the know-how, that publishing would change.
    """
    if report.unknown_indicators:
        return localizer.plural("publish.lead.unknown", len(report.unknown_indicators)), localizer.text(
            "publish.under.nothing"
        )
    errors = sum(row.level == "error" for row in report.findings)
    if report.questions:
        return localizer.plural("publish.lead.question", len(report.questions)), localizer.text("publish.under.nothing")
    if errors:
        return localizer.plural("publish.lead.errors", errors), localizer.text("publish.under.nothing")
    kind = _message_key_suffix(bool(report.knowhow))
    if not changed_count:
        return localizer.text(f"publish.lead.same{kind}", id=edition), localizer.text("publish.under.same")
    return localizer.plural(f"publish.lead.ready{kind}", changed_count), localizer.text("publish.under.nothing")


def accepted_text(report: Report, localizer: Localizer) -> str:
    """How much of a file was accepted: values, or know-how."""
    return localizer.plural(f"publish.accepted{_message_key_suffix(bool(report.knowhow))}", report.accepted_count)


def unchanged_text(report: Report, unchanged: int, localizer: Localizer) -> str:
    """How much of a file is published already: values, or know-how."""
    return localizer.plural(f"publish.unchanged{_message_key_suffix(bool(report.knowhow))}", unchanged)


def published_text(edition: int, diff: OutlookDiff, localizer: Localizer) -> str:
    """That an edition was published, and how many values or know-how it brought."""
    figures = diff.added_count + diff.revised_count
    if diff.changed_knowhow and not figures:
        brought = ", ".join(build_knowhow_texts(diff.knowhow_counts, localizer))
        return localizer.text("publish.published.knowhow", id=edition, knowhow=brought)
    return localizer.plural("publish.published", figures, id=edition)


def _message_key_suffix(is_knowhow: bool) -> str:
    """The ending of the keys of sentences that count know-how, not values."""
    return ".knowhow" if is_knowhow else ""


def build_publish(
    title: str, before: Outlook, after: Outlook, diff: OutlookDiff, unchanged: int, localizer: Localizer, today: date
) -> PublishBrief:
    """What the changes of a draft (or of an undoing) are, with the series that they touch before and after."""
    base = replace(DEFAULT_SELECTION, lang=localizer.language)
    figures = [
        ("added", diff.added_count),
        ("revised", diff.revised_count),
        ("withdrawn", diff.withdrawn_count),
    ]
    kinds = list(zip(("knowhow.added", "knowhow", "knowhow.gone"), diff.knowhow_counts, strict=True))
    told = any(count for _name, count in figures)
    rows = [
        *(figures if told or not diff.changed_knowhow else []),
        *(kinds if diff.changed_knowhow else []),
        ("unchanged" if told or not diff.changed_knowhow else "knowhow.unchanged", unchanged),
        ("forecasts", len(diff.changed_forecasts)),
        ("calls", len(diff.flipped_calls)),
    ]
    flips = len(diff.flipped_calls)
    return PublishBrief(
        changes_text(diff, localizer),
        TextTable(
            title,
            (localizer.text("publish.head.what"), localizer.text("publish.head.count")),
            tuple((localizer.text(f"publish.row.{name}"), localizer.number(count)) for name, count in rows),
        ),
        build_link_tables(before, after, diff, base, localizer),
        _build_figure_pairs(before, after, diff, localizer, today),
        localizer.plural("publish.calls.flipped", flips) if flips else localizer.text("publish.calls.none"),
        tuple(build_call_change(after, row, base, localizer) for row in diff.flipped_calls),
        build_moved_calls_table(after, diff.moved_calls, localizer) if diff.moved_calls else None,
        localizer.plural("publish.forecasts", len(diff.changed_forecasts)),
        reordered_neighbours_text(before, after, localizer) if diff.changed_knowhow else "",
    )


def _build_figure_pairs(
    before: Outlook, after: Outlook, diff: OutlookDiff, localizer: Localizer, today: date
) -> tuple[SeriesFigurePair, ...]:
    weights = Counter({row.key: len(row.periods) for row in (*diff.added, *diff.withdrawn)})
    weights.update(row.key for row in diff.revised)
    chosen = sorted((key for key in weights if key in after.panel), key=lambda key: (-weights[key], key))[
        :_MAX_CHARTED_SERIES
    ]
    base = replace(DEFAULT_SELECTION, lang=localizer.language)
    year = next((call.base_year for call in after.calls.values()), today.year)
    made = []
    for key in chosen:
        shown = [
            build_series_figure(Context(outlook, base, localizer, today), key, _HEIGHT_PX, year)
            if key in outlook.panel
            else None
            for outlook in (before, after)
        ]
        assert shown[1] is not None
        made.append(SeriesFigurePair(shown[1].title, shown[0], shown[1]))
    return tuple(made)


def build_answer_labels(names: Mapping[str, str], options: Sequence[str], localizer: Localizer) -> dict[str, str]:
    """The answers to a question about a file, in words."""
    return {
        option: names.get(option) or localizer.text(f"publish.choice.{_separator_key(option)}") for option in options
    }


def _separator_key(option: str) -> str:
    return {",": "comma", ".": "point"}.get(option, "other")
