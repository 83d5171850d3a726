"""Atom feed of publications (RFC 4287): an entry for each edition, the newest first."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from observatory.api.models import ApiRequest, Payload
from observatory.briefs.whats_new.editions import note_text
from observatory.export.document import clean_text
from observatory.store.records import Vintage

ATOM_MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_MAX_ENTRIES = 50


def build_feed(request: ApiRequest) -> Payload:
    """The feed in the requested language; ids do not depend on the address of the server, which may change."""
    localize, language, site = request.localizer.text, request.localizer.language, request.site
    published, counts = request.workspace.store.vintages(), request.workspace.store.count_changes()
    knowhow_counts = request.workspace.store.count_knowhow_changes()
    top = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language})
    _add_text(top, "id", _build_urn(published[0], f"feed/{language}"))
    _add_text(top, "title", f"{localize('app.title')} - {localize('api.feed.title')}")
    _add_text(top, "subtitle", localize("api.feed.subtitle"))
    _add_text(top, "updated", _format_moment(max(row.recorded for row in published)))
    _add_text(SubElement(top, "author"), "name", localize("app.title"))
    SubElement(top, "link", rel="self", type="application/atom+xml", href=f"{site}{request.path}?lang={language}")
    SubElement(top, "link", rel="alternate", type="text/html", href=f"{site}/?lang={language}")
    for row in reversed(published[-_MAX_ENTRIES:]):
        entry = SubElement(top, "entry")
        values, withdrawn, series = counts.get(row.id, (0, 0, 0))
        _add_text(entry, "id", _build_urn(row, f"edition/{row.id}/{language}"))
        _add_text(entry, "title", localize("api.feed.entry", id=row.id, day=request.localizer.datetime_day(row.at)))
        _add_text(entry, "published", _format_moment(row.recorded))
        _add_text(entry, "updated", _format_moment(row.recorded))
        _add_text(SubElement(entry, "author"), "name", row.who or localize("app.title"))
        SubElement(
            entry, "link", rel="alternate", type="text/html", href=f"{site}/whats-new?lang={language}&until={row.id}"
        )
        note, count = note_text(row, request.localizer), request.localizer.plural
        changes = [note if note.endswith((".", "!", "?")) else f"{note}."] if note else []
        if values:
            changes.append(count("api.feed.values", values, series=count("api.feed.series", series)))
        if withdrawn:
            changes.append(count("api.feed.withdrawn", withdrawn))
        if row.id in knowhow_counts and row.parent is not None:
            changes.append(count("api.feed.knowhow", knowhow_counts[row.id]))
        _add_text(entry, "summary", " ".join(changes))
    return Payload(b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(top, encoding="utf-8"), ATOM_MEDIA_TYPE)


def _build_urn(vintage: Vintage, name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'observatory/{vintage.sha256}/{vintage.recorded.isoformat()}/{name}')}"


def _format_moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _add_text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean_text(text)
