"""Builds the brief of a draft for analysts: its state, and the changes that publishing it would make."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, LinkTable, TextTable
from observatory.briefs.figures.series import build_series_figure
from observatory.briefs.whats_new.calls import build_call_change, build_moved_calls_table
from observatory.briefs.whats_new.editions import build_knowhow_texts
from observatory.briefs.whats_new.figures import build_link_tables
from observatory.briefs.whats_new.knowhow import reordered_neighbours_text
from observatory.briefs.whats_new.model import CallChangeRow
from observatory.briefs.whats_new.outlooks import build_outlook_texts
from observatory.briefs.whats_new.page import changes_text
from observatory.ingest.report import Question, Report
from observatory.language import Localizer
from observatory.outlook.analysis.diff import OutlookDiff
from observatory.outlook.outlook import Outlook

_MAX_CHARTED_SERIES = 3  # series with charts before and after
_HEIGHT_PX = 250
# Suffixes of the keys of sentences that count what a file holds.
_KEY_SUFFIXES = {"figures": "", "knowhow": ".knowhow", "forecasts": ".outlooks"}


@dataclass(frozen=True)
class SeriesFigurePair:
    """Charts of a series before and after; `before` is None for a new series."""

    title: str
    before: Figure | None
    after: Figure


@dataclass(frozen=True)
class PublishBrief:
    """Brief of the changes that publishing would make: sentences, tables and charts."""

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
    """The lead of a draft and the line below it: errors or questions left, else that it is ready.

    `changed_count` is the number of figures, know-how or forecasts of others that publishing would change.
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
    suffix = _KEY_SUFFIXES[report.content]
    if not changed_count:
        return localizer.text(f"publish.lead.same{suffix}", id=edition), localizer.text("publish.under.same")
    return localizer.plural(f"publish.lead.ready{suffix}", changed_count), localizer.text("publish.under.nothing")


def accepted_text(report: Report, localizer: Localizer) -> str:
    """How many values, know-how or forecasts of others of a file were accepted."""
    return localizer.plural(f"publish.accepted{_KEY_SUFFIXES[report.content]}", report.accepted_count)


def unchanged_text(report: Report, unchanged: int, localizer: Localizer) -> str:
    """How many values, know-how or forecasts of others of a file are published already."""
    return localizer.plural(f"publish.unchanged{_KEY_SUFFIXES[report.content]}", unchanged)


def published_text(edition: int, diff: OutlookDiff, localizer: Localizer) -> str:
    """Confirmation of a publication: the edition, and how many values, know-how or forecasts of others it changed."""
    figures = diff.added_count + diff.revised_count
    if diff.changed_knowhow and not figures:
        knowhow = ", ".join(build_knowhow_texts(diff.knowhow_counts, localizer))
        return localizer.text("publish.published.knowhow", id=edition, knowhow=knowhow)
    if not figures and (outlooks := build_outlook_texts(diff, localizer)):
        return localizer.text("publish.published.knowhow", id=edition, knowhow=", ".join(outlooks))
    return localizer.plural("publish.published", figures, id=edition)


def build_publish(context: Context, title: str, before: Outlook, diff: OutlookDiff, unchanged: int) -> PublishBrief:
    """The changes that a draft or a revert makes, with charts of the series most affected.

    `context.outlook` is the outlook after publication, `unchanged` the number of values published already.
    """
    after, base, localizer = context.outlook, context.selection, context.localizer
    figures = [
        ("added", diff.added_count),
        ("revised", diff.revised_count),
        ("withdrawn", diff.withdrawn_count),
    ]
    knowhow = list(zip(("knowhow.added", "knowhow", "knowhow.gone"), diff.knowhow_counts, strict=True))
    outlooks = [("outlooks.added", len(diff.added_outlooks)), ("outlooks.gone", len(diff.removed_outlooks))]
    others = [*(knowhow if diff.changed_knowhow else []), *(row for row in outlooks if row[1])]
    counts_figures = not others or any(count for _name, count in figures)
    kind = "knowhow." if diff.changed_knowhow else "outlooks."
    rows = [
        *(figures if counts_figures else []),
        *others,
        (f"{'' if counts_figures else kind}unchanged", unchanged),
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
        _build_figure_pairs(context, before, diff),
        localizer.plural("publish.calls.flipped", flips) if flips else localizer.text("publish.calls.none"),
        tuple(build_call_change(after, row, base, localizer) for row in diff.flipped_calls),
        build_moved_calls_table(after, diff.moved_calls, localizer) if diff.moved_calls else None,
        localizer.plural("publish.forecasts", len(diff.changed_forecasts)),
        reordered_neighbours_text(before, after, localizer) if diff.changed_knowhow else "",
    )


def _build_figure_pairs(context: Context, before: Outlook, diff: OutlookDiff) -> tuple[SeriesFigurePair, ...]:
    """Charts of the series with the most changed values, before and after."""
    after = context.outlook
    weights = Counter({row.key: len(row.periods) for row in (*diff.added, *diff.withdrawn)})
    weights.update(row.key for row in diff.revised)
    chosen = sorted((key for key in weights if key in after.panel), key=lambda key: (-weights[key], key))[
        :_MAX_CHARTED_SERIES
    ]
    base_year = next((call.base_year for call in after.calls.values()), context.today.year)
    pairs = []
    for key in chosen:
        figures = [
            build_series_figure(replace(context, outlook=outlook), key, _HEIGHT_PX, base_year)
            if key in outlook.panel
            else None
            for outlook in (before, after)
        ]
        assert figures[1] is not None
        pairs.append(SeriesFigurePair(figures[1].title, figures[0], figures[1]))
    return tuple(pairs)


def build_answer_labels(names: Mapping[str, str], options: Sequence[str], localizer: Localizer) -> dict[str, str]:
    """Labels of the answers to a question about a file."""
    return {
        option: names.get(option) or localizer.text(f"publish.choice.{_separator_key(option)}") for option in options
    }


def question_text(question: Question, localizer: Localizer) -> str:
    """The sentence of a question with one option, to be ticked: a filter taken as the total, periods made of days."""
    option = question.options[0]
    if question.name == "aggregate":
        return localizer.text(f"publish.question.aggregate.{option}")
    return localizer.text("publish.question.total", filter=option.replace("=", " = ", 1))


def _separator_key(option: str) -> str:
    return {",": "comma", ".": "point"}.get(option, "other")
