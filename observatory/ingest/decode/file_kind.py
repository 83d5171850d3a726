"""The bytes of a file and what they are, whatever the file is called: text, a workbook, or neither."""

import io
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Literal

from observatory import settings

FileKind = Literal["text", "workbook", "old_workbook", "locked", "damaged", "other"]

# First bytes of files that are no tables; a zip and a compound file are looked into.
_OTHER_SIGNATURES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"{\\rtf",
    b"PAR1",
)
_MARKUP_START = re.compile(rb"<[a-z!?]|[\[{]\s*[\[{\"]")  # HTML, XML, JSON
_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND_SIGNATURE = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel 97-2003, and the envelope of a workbook with a password
)
_BIFF_SIGNATURES = (
    b"\x09\x08",
    b"\x09\x04\x06\x00",
    b"\x09\x02\x06\x00",
)  # Excel before 97, or what others write for it
_ENCRYPTED_STREAM_NAME = "EncryptedPackage".encode("utf-16-le")
_EXTENSIONS: dict[str, tuple[str, ...]] = {"text": ("", ".csv", ".tsv", ".txt", ".tab"), "workbook": (".xlsx", ".xlsm")}


@dataclass(frozen=True)
class InputFile:
    """A file as it came: its name, its bytes, its size (of which the bytes may be the beginning only)."""

    name: str
    content: bytes
    size_bytes: int

    @cached_property
    def kind(self) -> FileKind:
        """What the bytes are."""
        start = self.content[:16]
        if start.startswith(_ZIP_SIGNATURES):
            return self._detect_zip_kind()
        if start.startswith(_BIFF_SIGNATURES):
            return "old_workbook"
        if start.startswith(_COMPOUND_SIGNATURE):
            return "locked" if _ENCRYPTED_STREAM_NAME in self.content else "old_workbook"
        text = self.content[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
        if (
            start.startswith(_OTHER_SIGNATURES)
            or text.startswith(_OTHER_SIGNATURES)
            or _MARKUP_START.match(text.lower())
        ):
            return "other"
        return "text"

    def _detect_zip_kind(self) -> FileKind:
        names = {row.filename for row in self.zip_members}
        if not names or "xl/workbook.bin" in names or "content.xml" in names:
            return "old_workbook" if names else "damaged"
        return "workbook" if "xl/workbook.xml" in names else "other"

    @cached_property
    def zip_members(self) -> tuple[zipfile.ZipInfo, ...]:
        """The directory of a zip, which nothing has been unpacked for; empty if it cannot be read."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as packed:
                return tuple(packed.infolist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
            return ()

    @property
    def unpacked_bytes(self) -> int:
        """Bytes that the members of a zip say they have; Python's zipfile never gives more than a member says."""
        return sum(row.file_size for row in self.zip_members)

    @property
    def is_zip_bomb(self) -> bool:
        """Whether unpacking would take more room than any honest workbook of this size."""
        packed = max(sum(row.compress_size for row in self.zip_members), 1)
        dense = (
            self.unpacked_bytes > settings.MAX_UPLOAD_BYTES
            and self.unpacked_bytes > settings.MAX_COMPRESSION_RATIO * packed
        )
        return dense or self.unpacked_bytes > settings.MAX_UNPACKED_BYTES

    @property
    def extension(self) -> str:
        """What the name of the file ends in, in lower case."""
        return PurePath(self.name).suffix.lower()

    @property
    def is_misnamed(self) -> bool:
        """Whether the name of the file says another kind than its bytes."""
        return self.extension not in _EXTENSIONS.get(self.kind, (self.extension,))
