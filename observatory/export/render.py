"""Rendering of pages to files: from a page and a query, or from a whole link, and a format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from observatory.errors import ObservatoryError
from observatory.export.documents.registry import DOCUMENTS, DocumentEntry, build_document
from observatory.export.formats import EXPORTS, ExportFormat
from observatory.links import UnreadableWrapperError, read_pasted_link, repair_path
from observatory.settings import MAX_ECHOED_CHARS
from observatory.typography import escape_unprintable
from observatory.workspace import LinkError, Workspace, list_unknown_editions, resolve_query

_ONE_PAGE_FORMATS = ("pdf", "pptx")  # formats of a document on one page: the others have no pages
ONE_PAGER = "brief"


@dataclass(frozen=True)
class RenderedFile:
    """A file: its name (ASCII, with extension), media type and content."""

    name: str
    media_type: str
    content: bytes


def list_formats(page: str, *, has_chart: bool = True) -> tuple[ExportFormat, ...]:
    """The formats of a page in the order of the offer; images only with a chart. Empty for an unknown page."""
    entry = next((entry for entry in DOCUMENTS if entry.id == page), None)
    if entry is None:
        return ()
    has_chart = has_chart and entry.has_charts
    return tuple(
        export_format
        for export_format in EXPORTS
        if (has_chart or not export_format.chart_only)
        and (entry.layout == "page" or export_format.id in _ONE_PAGE_FORMATS)
    )


def render_link(workspace: Workspace, link: str, format_id: str, *, one_pager: bool, base_url: str) -> RenderedFile:
    """The page of a link as a file. `link` is a full address (which then replaces `base_url`) or a path and query.

    Raises ObservatoryError for an unknown page or format, LinkError for a link that is not understood.
    """
    paths = [entry.path for entry in DOCUMENTS if entry.layout == "page"]
    try:
        parts = urlsplit(read_pasted_link(link))
        repaired = repair_path(f"/{parts.path.lstrip('/')}", parts.query, paths)
    except UnreadableWrapperError as error:
        raise ObservatoryError("error.export.wrapped", host=error.host[:MAX_ECHOED_CHARS]) from error
    except ValueError as error:
        shown = escape_unprintable(link, MAX_ECHOED_CHARS)
        raise ObservatoryError("error.export.page", value=shown, known=_list_paths(paths)) from error
    if repaired is not None:
        parts = parts._replace(path=urlsplit(repaired).path, query=urlsplit(repaired).query)
    path = parts.path.strip("/")
    entry = next((entry for entry in DOCUMENTS if entry.path == path and entry.layout == "page"), None)
    if entry is None or (one_pager and entry.id != "segment"):
        key = "error.export.page" if entry is None else "error.export.brief"
        raise ObservatoryError(key, value=escape_unprintable(f"/{path}", MAX_ECHOED_CHARS), known=_list_paths(paths))
    origin = f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else base_url
    query = parse_qs(parts.query, keep_blank_values=True)
    return render_page(workspace, ONE_PAGER if one_pager else entry.id, format_id, query, origin)


def _list_paths(paths: Sequence[str]) -> str:
    return ", ".join(f"/{path}" for path in paths)


def render_page(
    workspace: Workspace, page: str, format_id: str, query: Mapping[str, Sequence[str] | str], base_url: str
) -> RenderedFile:
    """A page by its id, as a file.

    Raises ObservatoryError for an unknown page or format, or a missing chart, LinkError for a query that is not
    understood: the file would hold something else.
    """
    entry = next((entry for entry in DOCUMENTS if entry.id == page), None)
    if entry is None:
        choices = ", ".join(entry.id for entry in DOCUMENTS)
        raise ObservatoryError("error.export.page", value=page[:MAX_ECHOED_CHARS], known=choices)
    formats = list_formats(page)
    export_format = next((row for row in formats if row.id == format_id), None)
    if export_format is None:
        choices = ", ".join(row.id for row in formats)
        raise ObservatoryError("error.export.format", value=format_id[:MAX_ECHOED_CHARS], known=choices)
    return _render_document(workspace, entry, export_format, query, base_url)


def _render_document(
    workspace: Workspace,
    entry: DocumentEntry,
    export_format: ExportFormat,
    query: Mapping[str, Sequence[str] | str],
    base_url: str,
) -> RenderedFile:
    selection, notices, outlook = resolve_query(workspace, query)
    notices += list_unknown_editions(workspace, selection)
    if notices:
        raise LinkError(notices)
    document = build_document(entry, outlook, selection, base_url, workspace)
    if export_format.chart_only and document.cover_section is None:
        raise ObservatoryError("error.export.chart", title=document.title)
    return RenderedFile(
        f"{document.file_stem}.{export_format.extension}",
        export_format.media_type,
        export_format.write(document),
    )
