"""Atom feed of publications (RFC 4287): an entry for each edition, or for each thing that a reader follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from observatory.api.models import ApiRequest, Payload
from observatory.api.parameters import FeedQuery
from observatory.api.refusals import refuse_code, refuse_threshold, refuse_thresholds
from observatory.briefs.common.context import Context
from observatory.briefs.feed.entries import EditionHistory, build_entries
from observatory.briefs.feed.model import MAX_THRESHOLDS, FeedFilter, ThresholdError, format_feed_url, parse_threshold
from observatory.briefs.feed.offers import describe_filter
from observatory.briefs.notes import build_note, list_note_paragraphs, select_notes
from observatory.briefs.whats_new.editions import note_text
from observatory.catalogue.codec import FORECAST_PREFIX, KNOWHOW_PREFIX
from observatory.export.document import clean_text
from observatory.outlook.calls.calls import Call
from observatory.selection import build_share_url
from observatory.store.notes import PublishedNote, list_standing
from observatory.store.records import Vintage
from observatory.store.store import Store

ATOM_MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_MAX_ENTRIES = 50


@dataclass(frozen=True)
class _AtomEntry:
    """An entry as Atom has it; `urn` identifies it among all, `url` is within the site.

    `at` orders what was published, `recorded` is the moment that readers see, `who` its author.
    """

    urn: str
    at: datetime
    recorded: datetime
    who: str
    title: str
    url: str
    summary: str


def build_feed(request: ApiRequest) -> Payload:
    """The feed in the requested language; ids do not depend on the address of the server, which may change."""
    feed_filter = _parse_filter(request)
    published = request.workspace.store.vintages()
    if feed_filter:
        return _build_filtered_feed(request, feed_filter, published)
    localize, language = request.localizer.text, request.localizer.language
    notes = _build_note_entries(request, published, list_standing(request.workspace.store.notes.list_records()))
    top = _start_feed(
        request,
        _build_urn(published[0], f"feed/{language}"),
        localize("api.feed.title"),
        localize("api.feed.subtitle"),
        max([*(row.recorded for row in published[-_MAX_ENTRIES:]), *(row.recorded for row in notes)]),
        f"{request.site}{request.path}?lang={language}",
    )
    return _finish_feed(request, top, _merge(notes, _build_edition_entries(request, published)))


def _merge(notes: Sequence[_AtomEntry], others: Sequence[_AtomEntry]) -> list[_AtomEntry]:
    """The newest entries of both; those of editions keep their order."""
    return sorted([*notes, *others], key=lambda row: row.at, reverse=True)[:_MAX_ENTRIES]


def _build_note_entries(
    request: ApiRequest, published: tuple[Vintage, ...], notes: Iterable[PublishedNote]
) -> list[_AtomEntry]:
    """An entry for each note of the cluster, with its words; a withdrawn note has none."""
    catalogue, localizer, entries = request.outlook.catalogue, request.localizer, []
    for row in list(notes)[:_MAX_ENTRIES]:
        view = build_note(row.content, row.id, catalogue, localizer)
        urn = _build_urn(published[0], f"note/{row.id}/{localizer.language}")
        title = localizer.text("api.feed.note", about=view.subject, day=view.day)
        path, target = view.target
        url = build_share_url(path, target, catalogue)
        text = " ".join(list_note_paragraphs(view))
        entries.append(_AtomEntry(urn, row.at, row.recorded, row.content.name, title, url, text))
    return entries


def _build_edition_entries(request: ApiRequest, published: tuple[Vintage, ...]) -> list[_AtomEntry]:
    """An entry for each edition: its note, and how much it changed."""
    store, localizer = request.workspace.store, request.localizer
    shown, entries = published[-_MAX_ENTRIES:], []
    numbers = [row.id for row in shown]
    counts = store.count_changes(numbers)
    knowhow, outlooks = (store.count_fact_changes(prefix, numbers) for prefix in (KNOWHOW_PREFIX, FORECAST_PREFIX))
    for row in reversed(shown):
        values, withdrawn, series = counts.get(row.id, (0, 0, 0))
        note, count = note_text(row, localizer), localizer.plural
        changes = [note if note.endswith((".", "!", "?")) else f"{note}."] if note else []
        if values:
            changes.append(count("api.feed.values", values, series=count("api.feed.series", series)))
        if withdrawn:
            changes.append(count("api.feed.withdrawn", withdrawn))
        if row.id in knowhow and row.parent is not None:
            changes.append(count("api.feed.knowhow", knowhow[row.id]))
        if row.id in outlooks:
            changes.append(count("api.feed.outlooks", outlooks[row.id]))
        title = localizer.text("api.feed.entry", id=row.id, day=localizer.datetime_day(row.at))
        url = f"/whats-new?lang={localizer.language}&until={row.id}"
        entries.append(_build_entry(request, row, f"edition/{row.id}", (title, url, " ".join(changes))))
    return entries


def _build_entry(request: ApiRequest, edition: Vintage, name: str, texts: tuple[str, str, str]) -> _AtomEntry:
    """An entry of an edition; `name` identifies it within that edition, `texts` are title, address, summary."""
    urn = _build_urn(edition, f"{name}/{request.localizer.language}")
    return _AtomEntry(urn, edition.at, edition.recorded, edition.who, *texts)


def _build_filtered_feed(request: ApiRequest, feed_filter: FeedFilter, published: tuple[Vintage, ...]) -> Payload:
    """The feed of what a reader follows; an entry has the same id in every feed that holds it."""
    catalogue, localizer = request.outlook.catalogue, request.localizer
    context = Context(request.outlook, request.selection, localizer, request.outlook.day)
    entries = build_entries(context, feed_filter, _load_history(request.workspace.store, published))[:_MAX_ENTRIES]
    path = format_feed_url(feed_filter, catalogue, localizer.language)
    standing = list_standing(request.workspace.store.notes.list_records()) if feed_filter.segment else ()
    notes = _build_note_entries(request, published, select_notes(standing, "segment", feed_filter.segment))
    recorded = [*(row.edition.recorded for row in entries), *(row.recorded for row in notes)]
    newest = max(recorded, default=published[0].recorded)
    top = _start_feed(
        request,
        _build_urn(published[0], path),
        describe_filter(context, feed_filter),
        localizer.text("api.feed.filtered"),
        newest,
        f"{request.site}{path}",
    )
    others = [_build_entry(request, row.edition, row.name, (row.title, row.url, row.summary)) for row in entries]
    return _finish_feed(request, top, _merge(notes, others) if notes else others)


def _load_history(store: Store, published: tuple[Vintage, ...]) -> EditionHistory:
    verdicts: dict[int, dict[tuple[str, int], str]] = {}
    for number, segment, horizon, call in store.verdicts():
        verdicts.setdefault(number, {})[segment, horizon] = call
    return EditionHistory(
        published,
        verdicts,
        lambda vintage: {
            (row.segment, row.horizon): Call.from_details(row.segment, row.horizon, row.call, row.details)
            for row in store.calls(vintage)
        },
        cache(lambda indicator: store.observation_changes([indicator])),  # several thresholds may be on one
    )


def _parse_filter(request: ApiRequest) -> FeedFilter:
    """What the query asks for. Raises ApiError for a code or a threshold that cannot be read."""
    query, catalogue = request.query, request.outlook.catalogue
    assert isinstance(query, FeedQuery)
    for name, codes in (("segment", catalogue.segments), ("indicator", catalogue.indicators)):
        if name in query.model_fields_set and getattr(query, name) not in codes:
            raise refuse_code(name, getattr(query, name), catalogue)
    if len(query.threshold) > MAX_THRESHOLDS:
        raise refuse_thresholds()
    try:
        thresholds = dict.fromkeys(
            parse_threshold(text, catalogue, request.outlook.panel, request.localizer.language)
            for text in query.threshold
        )
    except ThresholdError as error:
        raise refuse_threshold(error) from error
    return FeedFilter(query.segment, query.indicator, query.flips == "1", tuple(thresholds))


def _start_feed(request: ApiRequest, urn: str, title: str, subtitle: str, updated: datetime, self_url: str) -> Element:
    localize, language = request.localizer.text, request.localizer.language
    top = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language})
    _add_text(top, "id", urn)
    _add_text(top, "title", f"{localize('app.title')} - {title}")
    _add_text(top, "subtitle", subtitle)
    _add_text(top, "updated", _format_moment(updated))
    _add_text(SubElement(top, "author"), "name", localize("app.title"))
    SubElement(top, "link", rel="self", type="application/atom+xml", href=self_url)
    SubElement(top, "link", rel="alternate", type="text/html", href=f"{request.site}/?lang={language}")
    return top


def _finish_feed(request: ApiRequest, top: Element, entries: Iterable[_AtomEntry]) -> Payload:
    for row in entries:
        entry = SubElement(top, "entry")
        _add_text(entry, "id", row.urn)
        _add_text(entry, "title", row.title)
        _add_text(entry, "published", _format_moment(row.recorded))
        _add_text(entry, "updated", _format_moment(row.recorded))
        _add_text(SubElement(entry, "author"), "name", row.who or request.localizer.text("app.title"))
        SubElement(entry, "link", rel="alternate", type="text/html", href=f"{request.site}{row.url}")
        _add_text(entry, "summary", row.summary)
    return Payload(b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(top, encoding="utf-8"), ATOM_MEDIA_TYPE)


def _build_urn(vintage: Vintage, name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'observatory/{vintage.sha256}/{vintage.recorded.isoformat()}/{name}')}"


def _format_moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _add_text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean_text(text)
