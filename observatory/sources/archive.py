"""Members of ZIP archives, and sheets of workbooks, which are such archives: checked before they are opened."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl

from observatory.errors import SourceError
from observatory.settings import MAX_ECHOED_CHARS

MAX_MEMBERS = 2_000
MAX_UNPACKED_BYTES = 256 * 1024 * 1024  # of all members together; the largest archive known unpacks to 40 MB
MAX_RATIO = 200  # unpacked bytes to packed ones; figures in CSV pack about tenfold


def read_members(content: bytes, ending: str) -> dict[str, bytes]:
    """The members whose name has an ending, by name. Refuses what is no archive, a bomb, a cut or encrypted one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            refuse_bomb(members)
            return {row.filename: archive.read(row) for row in members if row.filename.lower().endswith(ending.lower())}
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise SourceError("error.source.archive", why=_name_fault(error)) from error


def read_member(content: bytes, ending: str) -> bytes:
    """The only member whose name has an ending."""
    members = read_members(content, ending)
    if len(members) != 1:
        raise SourceError("error.source.member", wanted=ending, count=len(members))
    return next(iter(members.values()))


def refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    """Raises SourceError for too many members, too many unpacked bytes, or a ratio that figures never reach."""
    unpacked = sum(row.file_size for row in members)
    packed = sum(row.compress_size for row in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * max(packed, 1_000):
        raise SourceError("error.source.bomb", megabytes=unpacked // 1_000_000, members=len(members))


def read_sheet(content: bytes, name: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet of an .xlsx workbook, as values."""
    read_members(content, ".xml")  # whole, and no bomb
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that hold no figures
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            if name not in book.sheetnames:
                seen = ", ".join(book.sheetnames)[: 3 * MAX_ECHOED_CHARS]
                raise SourceError("error.source.sheet", wanted=name, seen=seen)
            return iter(list(book[name].iter_rows(values_only=True)))
    except SourceError:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, OSError, SyntaxError) as error:
        raise SourceError("error.source.archive", why=_name_fault(error)) from error


def _name_fault(error: Exception) -> str:
    return str(error)[:MAX_ECHOED_CHARS] or type(error).__name__
