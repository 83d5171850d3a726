"""A document on one page of a PDF."""

import io

from observatory.export.document import Document


def sheet(document: Document, out: io.BytesIO) -> None:
    raise NotImplementedError
