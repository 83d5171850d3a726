"""Builds the tables of calls that differ between two editions."""

from collections.abc import Sequence
from dataclasses import replace

from observatory.briefs.common import call_text
from observatory.briefs.common.model import Chapter, TextTable
from observatory.briefs.whats_new.editions import (
    EditionPair,
)
from observatory.briefs.whats_new.model import CallChangeRow
from observatory.language import NO_VALUE, Localizer
from observatory.outlook.analysis.diff import CallChange, OutlookDiff
from observatory.outlook.calls.calls import Call
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def build_calls_chapter(pair: EditionPair, diff: OutlookDiff, localizer: Localizer) -> Chapter | None:
    """How many verdicts changed and how many probabilities moved; None for the first edition."""
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
