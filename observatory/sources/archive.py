"""Members of ZIP archives, and sheets of workbooks, which are such archives: checked before they are opened."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import openpyxl

from observatory.errors import SourceError
from observatory.settings import MAX_ECHOED_CHARS

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 256 * 1024 * 1024  # of all members together; the largest archive known unpacks to 40 MB
MAX_UNPACKED_BYTES_OF_WORKBOOK = 48 * 1024 * 1024  # its cells are read one by one
MAX_RATIO = 200  # unpacked bytes to packed ones; figures in CSV pack about tenfold

# What zipfile and openpyxl raise for broken files, each in its own way.
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    SyntaxError,
    NotImplementedError,
    RuntimeError,
)


def read_members(content: bytes, ending: str) -> dict[str, bytes]:
    """The members whose name has an ending, by name. Refuses what is no archive, a bomb, a cut or encrypted one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _refuse_bomb(members)
            return {row.filename: archive.read(row) for row in members if row.filename.lower().endswith(ending.lower())}
    except SourceError:
        raise
    except _FAULTS as error:
        raise SourceError("error.source.archive", why=_name_fault(error)) from error


def read_member(content: bytes, ending: str) -> bytes:
    """The only member whose name has an ending."""
    members = read_members(content, ending)
    if len(members) != 1:
        raise SourceError("error.source.member", wanted=ending, count=len(members))
    return next(iter(members.values()))


def _refuse_bomb(members: list[zipfile.ZipInfo], max_bytes: int = MAX_UNPACKED_BYTES) -> None:
    """Raises SourceError for too many members, too many unpacked bytes, or a ratio that figures never reach."""
    unpacked = sum(row.file_size for row in members)
    packed = sum(row.compress_size for row in members)
    if len(members) > MAX_MEMBERS or unpacked > max_bytes or unpacked > MAX_RATIO * max(packed, 1_000):
        raise SourceError("error.source.bomb", megabytes=unpacked // 1_000_000, members=len(members))


def read_sheet(content: bytes, name: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet of an .xlsx workbook, as values."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive.infolist(), MAX_UNPACKED_BYTES_OF_WORKBOOK)
            broken = archive.testzip()
            if broken is not None:
                raise SourceError("error.source.archive", why=broken[:MAX_ECHOED_CHARS])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that hold no figures
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            if name not in book.sheetnames:
                seen = ", ".join(book.sheetnames)[: 3 * MAX_ECHOED_CHARS]
                raise SourceError("error.source.sheet", wanted=name, seen=seen)
            return iter(list(book[name].iter_rows(values_only=True)))
    except SourceError:
        raise
    except _FAULTS as error:
        raise SourceError("error.source.archive", why=_name_fault(error)) from error


def _name_fault(error: Exception) -> str:
    return str(error)[:MAX_ECHOED_CHARS] or type(error).__name__
