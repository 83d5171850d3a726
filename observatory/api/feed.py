"""What is new, as an Atom feed (RFC 4287): an entry for each edition, the newest first."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from observatory.api.models import Answer, Asked
from observatory.briefs.whats_new.page import note_of
from observatory.export.document import cleaned
from observatory.store.records import Vintage

ATOM = "application/atom+xml; charset=utf-8"
ENTRIES = 50


def feed(asked: Asked) -> Answer:
    """The feed in the language asked for; ids are made from what was published: the server may move."""
    say, language, site = asked.speaker.say, asked.speaker.language, asked.site
    published, counts = asked.workspace.store.vintages(), asked.workspace.store.counts()
    judged = asked.workspace.store.judged()
    top = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language})
    _text(top, "id", _id(published[0], f"feed/{language}"))
    _text(top, "title", f"{say('app.title')} - {say('api.feed.title')}")
    _text(top, "subtitle", say("api.feed.subtitle"))
    _text(top, "updated", _moment(max(row.recorded for row in published)))
    _text(SubElement(top, "author"), "name", say("app.title"))
    SubElement(top, "link", rel="self", type="application/atom+xml", href=f"{site}{asked.path}?lang={language}")
    SubElement(top, "link", rel="alternate", type="text/html", href=f"{site}/?lang={language}")
    for row in reversed(published[-ENTRIES:]):
        entry = SubElement(top, "entry")
        values, withdrawn, series = counts.get(row.id, (0, 0, 0))
        _text(entry, "id", _id(row, f"edition/{row.id}/{language}"))
        _text(entry, "title", say("api.feed.entry", id=row.id, day=asked.speaker.moment(row.at)))
        _text(entry, "published", _moment(row.recorded))
        _text(entry, "updated", _moment(row.recorded))
        _text(SubElement(entry, "author"), "name", row.who or say("app.title"))
        SubElement(
            entry, "link", rel="alternate", type="text/html", href=f"{site}/whats-new?lang={language}&until={row.id}"
        )
        note, count = note_of(row, asked.speaker), asked.speaker.count
        brought = [note if note.endswith((".", "!", "?")) else f"{note}."] if note else []
        if values:
            brought.append(count("api.feed.values", values, series=count("api.feed.series", series)))
        if withdrawn:
            brought.append(count("api.feed.withdrawn", withdrawn))
        if row.id in judged and row.parent is not None:
            brought.append(count("api.feed.knowhow", judged[row.id]))
        _text(entry, "summary", " ".join(brought))
    return Answer(b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(top, encoding="utf-8"), ATOM)


def _id(vintage: Vintage, name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'observatory/{vintage.sha256}/{vintage.recorded.isoformat()}/{name}')}"


def _moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = cleaned(text)
