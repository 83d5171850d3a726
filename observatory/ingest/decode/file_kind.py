"""File kind by content, whatever the name of the file: text, a workbook, or neither."""

import io
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Literal

from observatory import settings

FileKind = Literal["text", "workbook", "old_workbook", "locked", "damaged", "other"]

# First bytes of files that are no tables; zip and compound files are inspected further.
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
    """An uploaded file: its name, its bytes (perhaps only the first of them) and its full size."""

    name: str
    content: bytes
    size_bytes: int

    @cached_property
    def kind(self) -> FileKind:
        """The kind, by signature and content."""
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
        """The directory of a zip, read without unpacking anything; empty if it cannot be read."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as packed:
                return tuple(packed.infolist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
            return ()

    @property
    def unpacked_bytes(self) -> int:
        """The declared size of all members of a zip; Python's zipfile never unpacks more than that."""
        return sum(row.file_size for row in self.zip_members)

    @property
    def is_zip_bomb(self) -> bool:
        """Whether unpacking would take more memory than any honest workbook of this size."""
        packed_bytes = max(sum(row.compress_size for row in self.zip_members), 1)
        is_dense = (
            self.unpacked_bytes > settings.MAX_UPLOAD_BYTES
            and self.unpacked_bytes > settings.MAX_COMPRESSION_RATIO * packed_bytes
        )
        return is_dense or self.unpacked_bytes > settings.MAX_UNPACKED_BYTES

    @property
    def extension(self) -> str:
        """The extension of the name, in lower case."""
        return PurePath(self.name).suffix.lower()

    @property
    def is_misnamed(self) -> bool:
        """Whether the extension belongs to another kind than the content."""
        return self.extension not in _EXTENSIONS.get(self.kind, (self.extension,))
