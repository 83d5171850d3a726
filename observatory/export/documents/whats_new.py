"""Drafts the document of the changes between two editions."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import LinkTable, LinkTableEntry, TextTable
from observatory.briefs.links import pin_whats_new
from observatory.briefs.whats_new.editions import (
    CountedEditions,
    EditionCounts,
    choose_editions,
    count_edition_changes,
    list_shown_positions,
)
from observatory.briefs.whats_new.model import WhatsNewBrief
from observatory.briefs.whats_new.page import build_whats_new
from observatory.catalogue.codec import KNOWHOW_PREFIX
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import build_chapter_section, build_table_section, drop_missing
from observatory.language import Localizer
from observatory.outlook.analysis.diff import OutlookDiff, count_by_kind, diff_outlooks
from observatory.selection import Selection
from observatory.workspace import Workspace

_MAX_CACHED_PAIRS = 16  # two editions that differ in all values take some 10 MB


def draft_whats_new(context: Context, workspace: Workspace) -> DocumentDraft:
    """Calls, revisions and new data between two editions, and the list of editions."""
    localizer = context.localizer
    brief = build_whats_new_between(
        workspace, context.outlook.edition, context.selection, localizer, context.outlook.day
    )
    changed_calls = TextTable(
        localizer.text("news.calls.title"),
        tuple(localizer.text(f"news.head.{name}") for name in ("market", "horizon", "old", "new")),
        tuple((row.title, row.horizon, _call_text(row.old), _call_text(row.new)) for row in brief.changed_calls),
    )
    sections = [
        build_chapter_section("calls", brief.calls) if brief.calls is not None else None,
        build_table_section("turned", changed_calls.caption, changed_calls) if brief.changed_calls else None,
        build_table_section("moved", brief.moved_calls.caption, brief.moved_calls)
        if brief.moved_calls is not None
        else None,
        *(_build_listing_section(name, listing) for name, listing in brief.link_tables),
        _build_listing_section("editions", brief.editions),
    ]
    return DocumentDraft(
        title=localizer.text("page.whats_new"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=drop_missing(sections),
        cover_id="",
        method=(brief.editions.subtitle, *(text for target, text in brief.edition_links if target.until)),
        sources=(),
        selection=pin_whats_new(brief, context.selection),
    )


def build_whats_new_between(
    workspace: Workspace, number: int, selection: Selection, localizer: Localizer, today: date
) -> WhatsNewBrief:
    """The brief of the two editions that a selection compares; `number` is the edition shown, 0 for a past month."""
    editions = workspace.store.vintages()
    pair = choose_editions(editions, selection, number if number > 0 else editions[0].id)
    diff = find_changes(workspace, pair.since.id, pair.until.id) if pair.since else OutlookDiff()
    before = workspace.get_outlook_by_number(pair.since.id) if pair.since else None
    context = Context(workspace.get_outlook_by_number(pair.until.id), selection, localizer, today)
    shown = [editions[position] for position in list_shown_positions(editions, pair.until)]
    counts = {row.id: _count_edition(workspace, row.id) for row in shown}  # each takes some milliseconds, once
    return build_whats_new(context, pair, before, diff, CountedEditions(editions, counts))


@lru_cache(maxsize=_MAX_CACHED_PAIRS)
def find_changes(workspace: Workspace, before: int, after: int) -> OutlookDiff:
    """The changes from one edition to another, by their numbers; empty for the same one."""
    return (
        diff_outlooks(workspace.get_outlook_by_number(before), workspace.get_outlook_by_number(after))
        if before != after
        else OutlookDiff()
    )


@lru_cache(maxsize=1024)
def _count_edition(workspace: Workspace, number: int) -> EditionCounts:
    """Counts of the figures and the know-how that an edition changed."""
    store = workspace.store
    published = store.editions().by_number
    edition = published[number]
    parent = published.get(edition.parent or 0)
    observations = store.changed_observations(edition)
    names = {key[0] for key, _period, _value in observations}
    previous = store.observations(parent, names) if parent is not None and names else []
    counts = count_edition_changes(
        observations, {((row.indicator, row.geo, row.item), row.period): row.value for row in previous}
    )
    facts = {name: row for name, row in store.changed_facts(edition).items() if name.startswith(KNOWHOW_PREFIX)}
    if not facts:
        return counts
    previous_facts = store.facts(parent) if parent is not None else {}
    changed = [(previous_facts.get(name), row) for name, row in facts.items() if previous_facts.get(name) != row]
    return replace(counts, knowhow_counts=count_by_kind((old is not None, new is not None) for old, new in changed))


def _build_listing_section(name: str, listing: LinkTable) -> Section:
    rows = tuple(_entry_cells(entry) for entry in listing.entries)
    return build_table_section(name, listing.title, TextTable(listing.title, listing.headers, rows), listing.subtitle)


def _entry_cells(entry: LinkTableEntry) -> tuple[str, ...]:
    title = f"{entry.title} ({entry.subtitle})" if entry.subtitle else entry.title
    return (title, *entry.cells)


def _call_text(call: tuple[str, str, str]) -> str:
    _code, label, odds = call
    return f"{label}, {odds}" if odds else label
