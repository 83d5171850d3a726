"""What changed between two editions, as a document."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import LinkTable, LinkTableEntry, TextTable, WhatsNewBrief
from observatory.briefs.links import pin_whats_new
from observatory.briefs.whats_new import page as news
from observatory.catalogue.codec import KNOWHOW_PREFIX
from observatory.export.document import Section
from observatory.export.documents.draft import DocumentDraft
from observatory.export.documents.sections import build_chapter_section, build_table_section, drop_missing
from observatory.language import Localizer
from observatory.outlook.analysis.diff import OutlookDiff, count_by_kind, diff_outlooks
from observatory.selection import Selection
from observatory.workspace import Workspace

_MAX_TALLIED_EDITIONS = 60  # editions whose figures are counted; each takes some milliseconds, once
_MAX_CACHED_PAIRS = 16  # a pair of editions that differ in everything is some 10 MB


def draft_whats_new(context: Context, workspace: Workspace) -> DocumentDraft:
    """What the page says of two editions: calls, revisions, new data, and the list of editions."""
    localizer = context.localizer
    brief = build_whats_new_between(
        workspace, context.outlook.edition, context.selection, localizer, context.outlook.day
    )
    turned = TextTable(
        localizer.text("news.calls.title"),
        tuple(localizer.text(f"news.head.{name}") for name in ("market", "horizon", "old", "new")),
        tuple((row.title, row.horizon, _call_text(row.old), _call_text(row.new)) for row in brief.changed_calls),
    )
    sections = [
        build_chapter_section("calls", brief.calls) if brief.calls is not None else None,
        build_table_section("turned", turned.caption, turned) if brief.changed_calls else None,
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
        method=(brief.editions.subtitle,),
        sources=(),
        selection=pin_whats_new(brief, context.selection),
    )


def build_whats_new_between(
    workspace: Workspace, number: int, selection: Selection, localizer: Localizer, today: date
) -> WhatsNewBrief:
    """The brief of the two editions that a selection compares; `number` is that of the outlook it is read in."""
    editions = workspace.store.vintages()
    pair = news.choose_editions(editions, selection, number if number > 0 else editions[0].id)
    found = find_changes(workspace, pair.since.id, pair.until.id) if pair.since else OutlookDiff()
    outlooks = (
        workspace.get_outlook_by_number(pair.since.id) if pair.since else None,
        workspace.get_outlook_by_number(pair.until.id),
    )
    tallies = {row.id: _count_edition(workspace, row.id) for row in editions[-_MAX_TALLIED_EDITIONS:]}
    return news.build_whats_new(pair, outlooks, found, editions, tallies, selection, localizer, today)


@lru_cache(maxsize=_MAX_CACHED_PAIRS)
def find_changes(workspace: Workspace, before: int, after: int) -> OutlookDiff:
    """What changed from one edition to another, by their numbers."""
    return (
        diff_outlooks(workspace.get_outlook_by_number(before), workspace.get_outlook_by_number(after))
        if before != after
        else OutlookDiff()
    )


@lru_cache(maxsize=1024)
def _count_edition(workspace: Workspace, number: int) -> news.EditionCounts:
    """How many figures, and how much know-how, an edition brought."""
    store = workspace.store
    published = {row.id: row for row in store.vintages()}
    edition = published[number]
    brought = store.changed_observations(edition)
    names = {key[0] for key, _period, _value in brought}
    older = store.observations(published[edition.parent], names) if edition.parent in published and names else []
    tally = news.count_edition_changes(
        brought, {((row.indicator, row.geo, row.item), row.period): row.value for row in older}
    )
    facts = {name: row for name, row in store.changed_facts(edition).items() if name.startswith(KNOWHOW_PREFIX)}
    if not facts:
        return tally
    known = store.facts(published[edition.parent]) if edition.parent in published else {}
    changed = [(known.get(name), row) for name, row in facts.items() if known.get(name) != row]
    return replace(tally, knowhow_counts=count_by_kind((old is not None, new is not None) for old, new in changed))


def _build_listing_section(name: str, listing: LinkTable) -> Section:
    rows = tuple(_entry_cells(entry) for entry in listing.entries)
    return build_table_section(name, listing.title, TextTable(listing.title, listing.headers, rows), listing.subtitle)


def _entry_cells(entry: LinkTableEntry) -> tuple[str, ...]:
    title = f"{entry.title} ({entry.subtitle})" if entry.subtitle else entry.title
    return (title, *entry.cells)


def _call_text(call: tuple[str, str, str]) -> str:
    _code, label, odds = call
    return f"{label} ({odds})" if odds else label
