"""What a page shows, as a file: one row of EXPORTS and one file per format."""

from collections.abc import Callable
from dataclasses import dataclass

from observatory.export.series_csv import series_csv


@dataclass(frozen=True)
class Export:
    """A format: its name, media type, file ending, and the function that writes it."""

    id: str
    media_type: str
    ending: str
    write: Callable[..., bytes]


EXPORTS: tuple[Export, ...] = (Export("csv", "text/csv; charset=utf-8", "csv", series_csv),)
