"""What changed between two editions, as a document."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from observatory.briefs.common.model import Entry, Listing, News, Table
from observatory.briefs.links import of_news
from observatory.briefs.whats_new import page as news
from observatory.catalogue.codec import KNOWHOW
from observatory.export.document import Section
from observatory.export.documents.draft import Draft
from observatory.export.documents.sections import kept, of_chapter, of_table
from observatory.language import Speaker
from observatory.outlook.analysis.diff import Changes, changes, kinds
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.workspace import Workspace

TALLIED = 60  # editions whose figures are counted; each takes some milliseconds, once
PAIRS_KEPT = 16  # a pair of editions that differ in everything is some 10 MB


def whats_new(workspace: Workspace, outlook: Outlook, selection: Selection, speaker: Speaker) -> Draft:
    """What the page says of two editions: calls, revisions, new data, and the list of editions."""
    brief = between(workspace, outlook.number, selection, speaker, outlook.day)
    turned = Table(
        speaker.say("news.calls.title"),
        tuple(speaker.say(f"news.head.{name}") for name in ("market", "horizon", "old", "new")),
        tuple((row.title, row.horizon, _said(row.old), _said(row.new)) for row in brief.turned),
    )
    sections = [
        of_chapter("calls", brief.calls) if brief.calls is not None else None,
        of_table("turned", turned.caption, turned) if brief.turned else None,
        of_table("moved", brief.moved.caption, brief.moved) if brief.moved is not None else None,
        *(_listed(name, listing) for name, listing in brief.listings),
        _listed("editions", brief.editions),
    ]
    return Draft(
        title=speaker.say("page.whats_new"),
        kicker=brief.kicker,
        lead=brief.lead,
        under=brief.under,
        sections=kept(sections),
        picture="",
        method=(brief.editions.subtitle,),
        sources=(),
        selection=of_news(brief, selection),
    )


def between(workspace: Workspace, number: int, selection: Selection, speaker: Speaker, today: date) -> News:
    """The brief of the two editions that a selection compares; `number` is that of the outlook it is read in."""
    editions = workspace.store.vintages()
    pair = news.compared(editions, selection, number if number > 0 else editions[0].id)
    found = changed(workspace, pair.since.id, pair.until.id) if pair.since else Changes()
    outlooks = workspace.numbered(pair.since.id) if pair.since else None, workspace.numbered(pair.until.id)
    tallies = {row.id: _tally(workspace, row.id) for row in editions[-TALLIED:]}
    return news.whats_new(pair, outlooks, found, editions, tallies, selection, speaker, today)


@lru_cache(maxsize=PAIRS_KEPT)
def changed(workspace: Workspace, before: int, after: int) -> Changes:
    """What changed from one edition to another, by their numbers."""
    return changes(workspace.numbered(before), workspace.numbered(after)) if before != after else Changes()


@lru_cache(maxsize=1024)
def _tally(workspace: Workspace, number: int) -> news.Tally:
    """How many figures, and how much know-how, an edition brought."""
    store = workspace.store
    published = {row.id: row for row in store.vintages()}
    edition = published[number]
    brought = store.brought(edition)
    names = {key[0] for key, _period, _value in brought}
    older = store.panel(published[edition.parent], names) if edition.parent in published and names else []
    tally = news.tally(brought, {((row.indicator, row.geo, row.item), row.period): row.value for row in older})
    facts = {name: row for name, row in store.facts_brought(edition).items() if name.startswith(KNOWHOW)}
    if not facts:
        return tally
    known = store.facts(published[edition.parent]) if edition.parent in published else {}
    changed = [(known.get(name), row) for name, row in facts.items() if known.get(name) != row]
    return replace(tally, knowhow=kinds((old is not None, new is not None) for old, new in changed))


def _listed(name: str, listing: Listing) -> Section:
    rows = tuple(_row(entry) for entry in listing.entries)
    return of_table(name, listing.title, Table(listing.title, listing.heads, rows), listing.subtitle)


def _row(entry: Entry) -> tuple[str, ...]:
    title = f"{entry.title} ({entry.below})" if entry.below else entry.title
    return (title, *entry.cells)


def _said(call: tuple[str, str, str]) -> str:
    _code, label, odds = call
    return f"{label} ({odds})" if odds else label
