"""What is new, as an Atom feed (RFC 4287): an entry for each edition, the newest first."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from observatory.api.models import ApiRequest, Payload
from observatory.briefs.whats_new.page import note_text
from observatory.export.document import clean_text
from observatory.store.records import Vintage

ATOM_MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_MAX_ENTRIES = 50


def build_feed(request: ApiRequest) -> Payload:
    """The feed in the language asked for; ids are made from what was published: the server may move."""
    say, language, site = request.localizer.text, request.localizer.language, request.site
    published, counts = request.workspace.store.vintages(), request.workspace.store.count_changes()
    judged = request.workspace.store.count_knowhow_changes()
    top = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language})
    _add_text(top, "id", _build_urn(published[0], f"feed/{language}"))
    _add_text(top, "title", f"{say('app.title')} - {say('api.feed.title')}")
    _add_text(top, "subtitle", say("api.feed.subtitle"))
    _add_text(top, "updated", _format_moment(max(row.recorded for row in published)))
    _add_text(SubElement(top, "author"), "name", say("app.title"))
    SubElement(top, "link", rel="self", type="application/atom+xml", href=f"{site}{request.path}?lang={language}")
    SubElement(top, "link", rel="alternate", type="text/html", href=f"{site}/?lang={language}")
    for row in reversed(published[-_MAX_ENTRIES:]):
        entry = SubElement(top, "entry")
        values, withdrawn, series = counts.get(row.id, (0, 0, 0))
        _add_text(entry, "id", _build_urn(row, f"edition/{row.id}/{language}"))
        _add_text(entry, "title", say("api.feed.entry", id=row.id, day=request.localizer.datetime_day(row.at)))
        _add_text(entry, "published", _format_moment(row.recorded))
        _add_text(entry, "updated", _format_moment(row.recorded))
        _add_text(SubElement(entry, "author"), "name", row.who or say("app.title"))
        SubElement(
            entry, "link", rel="alternate", type="text/html", href=f"{site}/whats-new?lang={language}&until={row.id}"
        )
        note, count = note_text(row, request.localizer), request.localizer.plural
        brought = [note if note.endswith((".", "!", "?")) else f"{note}."] if note else []
        if values:
            brought.append(count("api.feed.values", values, series=count("api.feed.series", series)))
        if withdrawn:
            brought.append(count("api.feed.withdrawn", withdrawn))
        if row.id in judged and row.parent is not None:
            brought.append(count("api.feed.knowhow", judged[row.id]))
        _add_text(entry, "summary", " ".join(brought))
    return Payload(b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(top, encoding="utf-8"), ATOM_MEDIA_TYPE)


def _build_urn(vintage: Vintage, name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'observatory/{vintage.sha256}/{vintage.recorded.isoformat()}/{name}')}"


def _format_moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _add_text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean_text(text)
