"""Rules on the bytes of a file, before decoding: each takes an InputFile."""

from collections.abc import Iterable

from observatory import settings
from observatory.errors import MessageValue
from observatory.ingest.decode.file_kind import InputFile
from observatory.ingest.figures.context import Violation


def _file_violation(value: str = "", **values: MessageValue) -> tuple[Violation, ...]:
    """A violation by the file as a whole."""
    return (Violation(None, "", value[: settings.MAX_CELL_CHARS], values),)


def too_large(file: InputFile) -> Iterable[Violation]:
    """A file must not be larger than can be examined while a user waits."""
    if file.size_bytes <= settings.MAX_UPLOAD_BYTES:
        return ()
    return _file_violation(str(file.size_bytes), size=file.size_bytes, limit=settings.MAX_UPLOAD_BYTES)


def empty_file(file: InputFile) -> Iterable[Violation]:
    """A file must hold something."""
    cut = file.size_bytes > len(file.content)  # a beginning says nothing of the rest
    return () if cut or file.content.strip(b"\xef\xbb\xbf\xfe\xff \t\r\n\x00") else _file_violation()


def not_a_table(file: InputFile) -> Iterable[Violation]:
    """A file must be text or a workbook, not a picture, a PDF, a web page or an archive."""
    return _file_violation(file.extension) if file.kind == "other" else ()


def old_workbook(file: InputFile) -> Iterable[Violation]:
    """A workbook must be in the format that Excel has written since 2007."""
    return _file_violation(file.extension) if file.kind == "old_workbook" else ()


def locked_workbook(file: InputFile) -> Iterable[Violation]:
    """A workbook must not ask for a password."""
    return _file_violation(file.extension) if file.kind == "locked" else ()


def zip_bomb(file: InputFile) -> Iterable[Violation]:
    """A workbook must not unpack to more than an honest one of its size."""
    if file.kind != "workbook" or not file.is_zip_bomb:
        return ()
    return _file_violation(str(file.unpacked_bytes), size=file.unpacked_bytes)


def wrong_extension(file: InputFile) -> Iterable[Violation]:
    """The name of a file should say what it is; its bytes decide."""
    if file.kind not in ("text", "workbook") or not file.is_misnamed:
        return ()
    return _file_violation(file.extension, kind=file.kind)
