"""The one door of the export room: a page and a query, or a whole link, and a format; a file comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from observatory.errors import ObservatoryError
from observatory.export.documents.registry import DOCUMENTS, Row, document_of
from observatory.export.formats import EXPORTS, Export
from observatory.selection import Notice
from observatory.settings import SHOWN
from observatory.workspace import Workspace, asked

SHEET = ("pdf", "pptx")  # what a document on one page is written as: elsewhere there are no pages
BRIEF = "brief"


@dataclass(frozen=True)
class File:
    """A file: its name (ASCII, with its ending), media type and content; and what of the query could not be used."""

    name: str
    media_type: str
    content: bytes
    notices: tuple[Notice, ...]


def offered(page: str, chart: bool = True) -> tuple[Export, ...]:
    """The formats that a document has, in the order in which they are offered; pictures only where there is a chart."""
    row = next((row for row in DOCUMENTS if row.id == page), None)
    if row is None:
        return ()
    chart = chart and row.charts
    return tuple(made for made in EXPORTS if (chart or not made.chart) and (row.form == "page" or made.id in SHEET))


def of_link(workspace: Workspace, link: str, export: str, brief: bool, base: str) -> File:
    """What a link shows, as a file. `link` is a full address (then `base` is its own) or its path and query.

    Raises ObservatoryError for a page or a format that there is not.
    """
    parts = urlsplit(link)
    path = parts.path.strip("/")
    row = next((row for row in DOCUMENTS if row.path == path and row.form == "page"), None)
    if row is None or (brief and row.id != "segment"):
        key = "error.export.page" if row is None else "error.export.brief"
        known = ", ".join(f"/{row.path}" for row in DOCUMENTS if row.form == "page")
        raise ObservatoryError(key, value=f"/{path}"[:SHOWN], known=known)
    own = f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else base
    query = parse_qs(parts.query, keep_blank_values=True)
    return of_page(workspace, BRIEF if brief else row.id, export, query, own)


def of_page(workspace: Workspace, page: str, export: str, query: Mapping[str, Sequence[str] | str], base: str) -> File:
    """A page by its id, as a file. Raises ObservatoryError where there is no such page, format or chart."""
    row = next((row for row in DOCUMENTS if row.id == page), None)
    if row is None:
        known = ", ".join(row.id for row in DOCUMENTS)
        raise ObservatoryError("error.export.page", value=page[:SHOWN], known=known)
    made = next((made for made in offered(page) if made.id == export), None)
    if made is None:
        known = ", ".join(made.id for made in offered(page))
        raise ObservatoryError("error.export.format", value=export[:SHOWN], known=known)
    return _written(workspace, row, made, query, base)


def _written(workspace: Workspace, row: Row, made: Export, query: Mapping[str, Sequence[str] | str], base: str) -> File:
    chosen, notices, outlook = asked(workspace, query)
    document = document_of(row, outlook, chosen, base, workspace)
    if made.chart and document.chosen is None:
        raise ObservatoryError("error.export.chart", title=document.title)
    return File(f"{document.name}.{made.ending}", made.media_type, made.write(document), notices)
