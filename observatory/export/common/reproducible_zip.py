"""Office files are archives that note the minute they were written: here they note the day of their edition instead."""

import io
import re
import zipfile
from datetime import date

_TIMESTAMP_PATTERN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_COMPRESSION_LEVEL = 6


def fix_zip_dates(content: bytes, day: date) -> bytes:
    """The same archive with one date in all its places: the same document gives the same bytes."""
    out = io.BytesIO()
    when = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL) as made,
    ):
        for name in given.namelist():
            part = given.read(name)
            if name == "docProps/core.xml":
                part = _TIMESTAMP_PATTERN.sub(rb"\g<1>" + f"{day}T00:00:00Z".encode() + rb"\g<2>", part)
            elif name.endswith(".xlsx"):
                part = fix_zip_dates(part, day)
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            made.writestr(entry, part)
    return out.getvalue()
