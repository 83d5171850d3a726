"""Reproducible Office files: all dates in the ZIP archive become the day of the edition."""

import io
import re
import zipfile
from datetime import date

_TIMESTAMP_PATTERN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_COMPRESSION_LEVEL = 6


def fix_zip_dates(content: bytes, day: date) -> bytes:
    """The same archive with one date everywhere, so that the same document gives the same bytes."""
    out = io.BytesIO()
    timestamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL) as target,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _TIMESTAMP_PATTERN.sub(rb"\g<1>" + f"{day}T00:00:00Z".encode() + rb"\g<2>", part)
            elif name.endswith(".xlsx"):
                part = fix_zip_dates(part, day)
            entry = zipfile.ZipInfo(name, timestamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, part)
    return out.getvalue()
