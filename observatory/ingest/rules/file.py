"""Rules on the bytes of a file, before anything is read: each is given an Upload."""

from collections.abc import Iterable

from observatory import settings
from observatory.errors import Value
from observatory.ingest.decode.file_kind import Upload
from observatory.ingest.figures.rows import Fault


def _whole(value: str = "", **values: Value) -> tuple[Fault, ...]:
    """A fault of the file as a whole."""
    return (Fault(None, "", value[: settings.CELL_SHOWN], values),)


def too_large(upload: Upload) -> Iterable[Fault]:
    """A file must not be larger than what is examined while somebody waits."""
    if upload.size <= settings.LARGEST_UPLOAD:
        return ()
    return _whole(str(upload.size), size=upload.size, limit=settings.LARGEST_UPLOAD)


def empty_file(upload: Upload) -> Iterable[Fault]:
    """A file must hold something."""
    cut = upload.size > len(upload.content)  # a beginning says nothing of the rest
    return () if cut or upload.content.strip(b"\xef\xbb\xbf\xfe\xff \t\r\n\x00") else _whole()


def not_a_table(upload: Upload) -> Iterable[Fault]:
    """A file must be text or a workbook, not a picture, a PDF, a web page or an archive."""
    return _whole(upload.ending) if upload.kind == "other" else ()


def old_workbook(upload: Upload) -> Iterable[Fault]:
    """A workbook must be in the format that Excel has written since 2007."""
    return _whole(upload.ending) if upload.kind == "old_workbook" else ()


def locked_workbook(upload: Upload) -> Iterable[Fault]:
    """A workbook must not ask for a password."""
    return _whole(upload.ending) if upload.kind == "locked" else ()


def zip_bomb(upload: Upload) -> Iterable[Fault]:
    """A workbook must not unpack to more than an honest one of its size."""
    if upload.kind != "workbook" or not upload.bomb:
        return ()
    return _whole(str(upload.unpacked), size=upload.unpacked)


def wrong_extension(upload: Upload) -> Iterable[Fault]:
    """The name of a file should say what it is; its bytes decide."""
    if upload.kind not in ("text", "workbook") or not upload.misnamed:
        return ()
    return _whole(upload.ending, kind=upload.kind)
