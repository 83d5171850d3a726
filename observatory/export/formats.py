"""Registry of export formats: one row of EXPORTS and one writer for each; the pages are in documents/."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from observatory.export.document import Document

DocumentWriter = Callable[[Document], bytes]


@dataclass(frozen=True)
class ExportFormat:
    """An export format: its id, media type, file extension and writer, and whether it holds a chart alone."""

    id: str
    media_type: str
    extension: str
    write: DocumentWriter
    chart_only: bool = False


def _lazy_writer(module: str, function: str) -> DocumentWriter:
    """A writer whose module and library are imported at the first use, not when a server starts."""

    def write(document: Document) -> bytes:
        writer = cast(DocumentWriter, getattr(import_module(f"observatory.export.{module}"), function))
        return writer(document)

    return write


_OFFICE_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument."
EXPORTS: tuple[ExportFormat, ...] = (
    ExportFormat(
        "pptx", f"{_OFFICE_MEDIA_TYPE}presentationml.presentation", "pptx", _lazy_writer("pptx.writer", "write_pptx")
    ),
    ExportFormat("pdf", "application/pdf", "pdf", _lazy_writer("pdf.writer", "write_pdf")),
    ExportFormat("xlsx", f"{_OFFICE_MEDIA_TYPE}spreadsheetml.sheet", "xlsx", _lazy_writer("xlsx.writer", "write_xlsx")),
    ExportFormat("png", "image/png", "png", _lazy_writer("image", "write_png"), chart_only=True),
    ExportFormat("svg", "image/svg+xml", "svg", _lazy_writer("image", "write_svg"), chart_only=True),
    ExportFormat("csv", "text/csv; charset=utf-8", "csv", _lazy_writer("csv.document", "write_csv")),
    ExportFormat("json", "application/json", "json", _lazy_writer("json", "write_json")),
)
