"""What a page shows, as a file: one row of EXPORTS and one file per format; which pages, in documents/."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from observatory.export.document import Document

DocumentWriter = Callable[[Document], bytes]


@dataclass(frozen=True)
class ExportFormat:
    """A format: its name, media type, file ending, what writes a document in it, and whether it is a chart alone."""

    id: str
    media_type: str
    extension: str
    write: DocumentWriter
    chart_only: bool = False


def _lazy_writer(module: str, function: str) -> DocumentWriter:
    """A writer whose module, and the library that it needs, are imported at its first use, not when a server starts."""

    def write(document: Document) -> bytes:
        chosen = cast(DocumentWriter, getattr(import_module(f"observatory.export.{module}"), function))
        return chosen(document)

    return write


_OFFICE_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument."
EXPORTS: tuple[ExportFormat, ...] = (
    ExportFormat(
        "pptx", f"{_OFFICE_MEDIA_TYPE}presentationml.presentation", "pptx", _lazy_writer("pptx.writer", "pptx")
    ),
    ExportFormat("pdf", "application/pdf", "pdf", _lazy_writer("pdf.writer", "pdf")),
    ExportFormat("xlsx", f"{_OFFICE_MEDIA_TYPE}spreadsheetml.sheet", "xlsx", _lazy_writer("xlsx.writer", "xlsx")),
    ExportFormat("png", "image/png", "png", _lazy_writer("image", "png"), chart_only=True),
    ExportFormat("svg", "image/svg+xml", "svg", _lazy_writer("image", "svg"), chart_only=True),
    ExportFormat("csv", "text/csv; charset=utf-8", "csv", _lazy_writer("csv.document", "csv_of")),
    ExportFormat("json", "application/json", "json", _lazy_writer("json", "json_of")),
)
