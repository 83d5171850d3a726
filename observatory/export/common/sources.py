"""Sources of a document as a table or a paragraph, the same in every format."""

from collections.abc import Sequence

from observatory.briefs.common.model import TextTable
from observatory.export.document import Document, DocumentSource
from observatory.language import Localizer

_SHORT_COLUMNS = ("series", "publisher", "licence", "origin", "page")
ALL_SOURCE_COLUMNS = ("series", "publisher", "licence", "attribution", "origin", "taken", "page")


def build_sources_table(
    sources: Sequence[DocumentSource], localizer: Localizer, columns: Sequence[str] = _SHORT_COLUMNS
) -> TextTable:
    """The sources with a column per field of DocumentSource; ALL_SOURCE_COLUMNS has them all."""
    headers = tuple(localizer.text(f"export.source.{name}") for name in columns)
    rows = tuple(tuple(str(getattr(row, name)) for name in columns) for row in sources)
    return TextTable(localizer.text("export.sources"), headers, rows)


def list_source_lines(document: Document) -> list[str]:
    """A sentence for each publisher and licence, with its series and the last known period of each."""
    localizer = Localizer(document.language)
    by_publisher: dict[tuple[str, str], list[str]] = {}
    for row in document.sources:
        by_publisher.setdefault((row.publisher, row.licence), []).append(f"{row.series} ({row.origin})")
    return [
        localizer.text("export.source.line", publisher=publisher, licence=licence, series=", ".join(series))
        for (publisher, licence), series in by_publisher.items()
    ]


def group_by_licence(document: Document) -> list[tuple[str, str]]:
    """The licences, each with its publishers in a sentence: their series and the last known period of each."""
    groups: dict[str, dict[str, list[str]]] = {}
    for row in document.sources:
        groups.setdefault(row.licence, {}).setdefault(row.publisher, []).append(f"{row.series} ({row.origin})")
    colon = Localizer(document.language).text("export.colon")
    return [
        (
            licence,
            ("; " if document.language == "en" else " ; ").join(
                f"{name}{colon}{', '.join(series)}" for name, series in publishers.items()
            ),
        )
        for licence, publishers in groups.items()
    ]


def describe_publishers(document: Document) -> str:
    """The publishers in one paragraph, each licence once; their series are on the page that the link opens."""
    localizer = Localizer(document.language)
    groups: dict[str, dict[str, None]] = {}
    for row in document.sources:
        groups.setdefault(row.licence, {})[row.publisher] = None
    parts = [f"{', '.join(publishers)} ({licence})." for licence, publishers in groups.items()]
    return f"{localizer.text('export.sources')}{localizer.text('export.colon')}{' '.join(parts)}"
