"""The bytes of a file and what they are, whatever the file is called: text, a workbook, or neither."""

import io
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Literal

from observatory import settings

Kind = Literal["text", "workbook", "old_workbook", "locked", "damaged", "other"]

# First bytes of files that are no tables; a zip and a compound file are looked into.
_OTHER = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf", b"PAR1")
_MARKUP = re.compile(rb"<[a-z!?]|[\[{]\s*[\[{\"]")  # HTML, XML, JSON
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel 97-2003, and the envelope of a workbook with a password
_BIFF = (b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")  # Excel before 97, or what others write for it
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_ENDINGS: dict[str, tuple[str, ...]] = {"text": ("", ".csv", ".tsv", ".txt", ".tab"), "workbook": (".xlsx", ".xlsm")}


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name, its bytes, its size (of which the bytes may be the beginning only)."""

    file: str
    content: bytes
    size: int

    @cached_property
    def kind(self) -> Kind:
        """What the bytes are."""
        start = self.content[:16]
        if start.startswith(_ZIP):
            return self._packed()
        if start.startswith(_BIFF):
            return "old_workbook"
        if start.startswith(_COMPOUND):
            return "locked" if _PASSWORD in self.content else "old_workbook"
        text = self.content[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
        if start.startswith(_OTHER) or text.startswith(_OTHER) or _MARKUP.match(text.lower()):
            return "other"
        return "text"

    def _packed(self) -> Kind:
        names = {row.filename for row in self.members}
        if not names or "xl/workbook.bin" in names or "content.xml" in names:
            return "old_workbook" if names else "damaged"
        return "workbook" if "xl/workbook.xml" in names else "other"

    @cached_property
    def members(self) -> tuple[zipfile.ZipInfo, ...]:
        """The directory of a zip, which nothing has been unpacked for; empty if it cannot be read."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as packed:
                return tuple(packed.infolist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
            return ()

    @property
    def unpacked(self) -> int:
        """Bytes that the members of a zip say they have; Python's zipfile never gives more than a member says."""
        return sum(row.file_size for row in self.members)

    @property
    def bomb(self) -> bool:
        """Whether unpacking would take more room than any honest workbook of this size."""
        packed = max(sum(row.compress_size for row in self.members), 1)
        dense = self.unpacked > settings.LARGEST_UPLOAD and self.unpacked > settings.LARGEST_RATIO * packed
        return dense or self.unpacked > settings.LARGEST_UNPACKED

    @property
    def ending(self) -> str:
        """What the name of the file ends in, in lower case."""
        return PurePath(self.file).suffix.lower()

    @property
    def misnamed(self) -> bool:
        """Whether the name of the file says another kind than its bytes."""
        return self.ending not in _ENDINGS.get(self.kind, (self.ending,))
