"""What a page shows, as a file: one row of EXPORTS and one file per format; which pages, in documents/."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from observatory.export.document import Document

Write = Callable[[Document], bytes]


@dataclass(frozen=True)
class Export:
    """A format: its name, media type, file ending, what writes a document in it, and whether it is a chart alone."""

    id: str
    media_type: str
    ending: str
    write: Write
    chart: bool = False


def _at_the_click(module: str, name: str) -> Write:
    """A writer whose module, and the library that it needs, are imported at its first use, not when a server starts."""

    def write(document: Document) -> bytes:
        chosen = cast(Write, getattr(import_module(f"observatory.export.{module}"), name))
        return chosen(document)

    return write


_OFFICE = "application/vnd.openxmlformats-officedocument."
EXPORTS: tuple[Export, ...] = (
    Export("pptx", f"{_OFFICE}presentationml.presentation", "pptx", _at_the_click("pptx.writer", "pptx")),
    Export("pdf", "application/pdf", "pdf", _at_the_click("pdf.writer", "pdf")),
    Export("xlsx", f"{_OFFICE}spreadsheetml.sheet", "xlsx", _at_the_click("xlsx.writer", "xlsx")),
    Export("png", "image/png", "png", _at_the_click("image", "png"), chart=True),
    Export("svg", "image/svg+xml", "svg", _at_the_click("image", "svg"), chart=True),
    Export("csv", "text/csv; charset=utf-8", "csv", _at_the_click("csv.document", "csv_of")),
    Export("json", "application/json", "json", _at_the_click("json", "json_of")),
)
