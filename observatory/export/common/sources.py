"""The sources of a document as a table, the same in every format."""

from collections.abc import Sequence

from observatory.briefs.common.model import Table
from observatory.export.document import Document, Source
from observatory.language import Speaker

SHORT = ("series", "publisher", "licence", "origin", "page")
WHOLE = ("series", "publisher", "licence", "attribution", "origin", "taken", "page")


def sources_table(sources: Sequence[Source], speaker: Speaker, names: Sequence[str] = SHORT) -> Table:
    """What, who, under which licence, the last figure known, where; `WHOLE` has all that is known."""
    heads = tuple(speaker.say(f"export.source.{name}") for name in names)
    rows = tuple(tuple(str(getattr(row, name)) for name in names) for row in sources)
    return Table(speaker.say("export.sources"), heads, rows)


def in_words(document: Document) -> str:
    """Every source in one paragraph: publisher, licence, and the series with the last figure known of each."""
    speaker = Speaker(document.language)
    by_publisher: dict[tuple[str, str], list[str]] = {}
    for row in document.sources:
        by_publisher.setdefault((row.publisher, row.licence), []).append(f"{row.series} ({row.origin})")
    said = [
        speaker.say("export.source.line", publisher=publisher, licence=licence, series=", ".join(series))
        for (publisher, licence), series in by_publisher.items()
    ]
    return f"{speaker.say('export.sources')}{speaker.say('export.colon')}{' '.join(said)}"
