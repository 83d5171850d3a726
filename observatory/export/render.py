"""The one door of the export room: a page and a query, or a whole link, and a format; a file comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from observatory.errors import ObservatoryError
from observatory.export.documents.registry import DOCUMENTS, DocumentEntry, build_document
from observatory.export.formats import EXPORTS, ExportFormat
from observatory.selection import Notice
from observatory.settings import MAX_ECHOED_CHARS
from observatory.workspace import Workspace, resolve_query

_ONE_PAGE_FORMATS = ("pdf", "pptx")  # what a document on one page is written as: elsewhere there are no pages
ONE_PAGER = "brief"


@dataclass(frozen=True)
class RenderedFile:
    """A file: its name (ASCII, with its ending), media type and content; and what of the query could not be used."""

    name: str
    media_type: str
    content: bytes
    notices: tuple[Notice, ...]


def list_formats(page: str, has_chart: bool = True) -> tuple[ExportFormat, ...]:
    """The formats that a document has, in the order in which they are offered; pictures only where there is a chart."""
    row = next((row for row in DOCUMENTS if row.id == page), None)
    if row is None:
        return ()
    has_chart = has_chart and row.has_charts
    return tuple(
        made
        for made in EXPORTS
        if (has_chart or not made.chart_only) and (row.layout == "page" or made.id in _ONE_PAGE_FORMATS)
    )


def render_link(workspace: Workspace, link: str, format_id: str, one_pager: bool, base_url: str) -> RenderedFile:
    """What a link shows, as a file. `link` is a full address (then `base` is its own) or its path and query.

    Raises ObservatoryError for a page or a format that there is not.
    """
    parts = urlsplit(link)
    path = parts.path.strip("/")
    row = next((row for row in DOCUMENTS if row.path == path and row.layout == "page"), None)
    if row is None or (one_pager and row.id != "segment"):
        key = "error.export.page" if row is None else "error.export.brief"
        known = ", ".join(f"/{row.path}" for row in DOCUMENTS if row.layout == "page")
        raise ObservatoryError(key, value=f"/{path}"[:MAX_ECHOED_CHARS], known=known)
    own = f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else base_url
    query = parse_qs(parts.query, keep_blank_values=True)
    return render_page(workspace, ONE_PAGER if one_pager else row.id, format_id, query, own)


def render_page(
    workspace: Workspace, page: str, format_id: str, query: Mapping[str, Sequence[str] | str], base_url: str
) -> RenderedFile:
    """A page by its id, as a file. Raises ObservatoryError where there is no such page, format or chart."""
    row = next((row for row in DOCUMENTS if row.id == page), None)
    if row is None:
        known = ", ".join(row.id for row in DOCUMENTS)
        raise ObservatoryError("error.export.page", value=page[:MAX_ECHOED_CHARS], known=known)
    made = next((made for made in list_formats(page) if made.id == format_id), None)
    if made is None:
        known = ", ".join(made.id for made in list_formats(page))
        raise ObservatoryError("error.export.format", value=format_id[:MAX_ECHOED_CHARS], known=known)
    return _render_document(workspace, row, made, query, base_url)


def _render_document(
    workspace: Workspace,
    entry: DocumentEntry,
    export_format: ExportFormat,
    query: Mapping[str, Sequence[str] | str],
    base_url: str,
) -> RenderedFile:
    chosen, notices, outlook = resolve_query(workspace, query)
    document = build_document(entry, outlook, chosen, base_url, workspace)
    if export_format.chart_only and document.cover_section is None:
        raise ObservatoryError("error.export.chart", title=document.title)
    return RenderedFile(
        f"{document.file_stem}.{export_format.extension}",
        export_format.media_type,
        export_format.write(document),
        notices,
    )
