"""The cluster's notes as a JSON list: texts, signature, and what each is about."""

from typing import Any

from observatory.api.data.serializers import build_envelope, describe_row
from observatory.api.models import ApiRequest, Field, Payload
from observatory.api.parameters import DEFAULT_LIMIT
from observatory.store.notes import PublishedNote
from observatory.workspace import notes

NOTE_FIELDS = (
    Field("id", "integer", "Number of the note."),
    Field("asof", "string", "What `asof` takes to show all notes as they stood once this one was published."),
    Field("scope", "string", "whole, segment or country."),
    Field("segment", "string", "Code of the market; empty for another scope."),
    Field("geo", "string", "Code of the country; empty for another scope."),
    Field("text_fr", "string", "The French text; lines are paragraphs."),
    Field("text_en", "string", "The English text; empty if the note is in French alone."),
    Field("name", "string", "Who signed it."),
    Field("role", "string", "As what."),
    Field("date", "string", "The day that it bears."),
    Field("link", "string", "An https address; empty without one."),
    Field("published", "string", "The moment at which it was published."),
    Field("edition", "integer", "The newest edition at that moment."),
    Field("who", "string", "Who signed in to publish it."),
)
NOTE_SCHEMA = describe_row(NOTE_FIELDS)


def list_notes(request: ApiRequest) -> Payload:
    """The notes that stand as of an edition or a day; a withdrawn one is left out."""
    query = request.query_params
    rows = [
        _encode_note(row)
        for row in notes.list_notes(request.workspace, request.selection, request.outlook)
        if _is_wanted(row, query.get("segment"), query.get("geo"))
    ]
    end = request.offset + (request.limit or DEFAULT_LIMIT)
    asof = notes.pin_notes(request.workspace, request.selection, request.outlook)
    return build_envelope(request, rows[request.offset : end], len(rows), {}, asof)


def _is_wanted(row: PublishedNote, segment: str | None, geo: str | None) -> bool:
    content = row.content
    return (segment is None or (content.scope, content.code) == ("segment", segment)) and (
        geo is None or (content.scope, content.code) == ("country", geo)
    )


def _encode_note(row: PublishedNote) -> dict[str, Any]:
    content = row.content
    return {
        "id": row.id,
        "asof": f"e{row.edition}.n{row.id}",
        "scope": content.scope,
        "segment": content.code if content.scope == "segment" else "",
        "geo": content.code if content.scope == "country" else "",
        **{name: getattr(content, name) for name in ("text_fr", "text_en", "name", "role")},
        "date": content.day.isoformat(),
        "link": content.link,
        "published": row.at.isoformat(),
        "edition": row.edition,
        "who": row.who,
    }
