"""Column use: which columns of a table were read, and what is known of the others."""

import re
from dataclasses import dataclass
from typing import Literal

from observatory.ingest.decode.text import fold_text
from observatory.ingest.figures.context import TableContext
from observatory.ingest.figures.rows import FigureRow

# What a column is. The first group is harmless, whatever its cells say; the second may make a figure mean less.
UnreadKind = Literal[
    "empty",
    "attribute",
    "unit",
    "multiplier",
    "label",
    "grouping",
    "total",
    "numbers",
    "confirmed",
    "place",
    "partner",
    "item",
    "dimension",
    "series",
    "filter",
]


_NO_WORD = re.compile(r"[^\w+.=-]+")


@dataclass(frozen=True)
class UnreadColumn:
    """A column that is not read: its place, its head, what it is, and its distinct cells beside figures.

    `is_mixed` says whether rows differ in it, so that they are of different series.
    """

    column: int
    header: str
    kind: UnreadKind
    values: tuple[str, ...] = ()
    is_mixed: bool = False

    @property
    def filter_text(self) -> str:
        """The column as a filter, "SEX=F", by which a person confirms it."""
        return f"{self.header}={self.values[0] if self.values else ''}"

    @property
    def filter_option(self) -> str:
        """The filter as one word that a command line takes without quotation marks."""
        return _NO_WORD.sub("_", self.filter_text)


@dataclass(frozen=True)
class ColumnUse:
    """The columns of a table that are not read: the subject of rules on them.

    `misplaced` are the first rows of lines for which a cell that is not read names another place than the one that is
    assumed, each with the column of that cell.
    """

    context: TableContext
    columns: tuple[UnreadColumn, ...]
    misplaced: tuple[tuple[FigureRow, int], ...] = ()
    first_row: FigureRow | None = None

    def list_kind(self, *kinds: UnreadKind) -> tuple[UnreadColumn, ...]:
        """The columns of some kinds, in the order of the table."""
        return tuple(column for column in self.columns if column.kind in kinds)

    @property
    def unconfirmed(self) -> tuple[UnreadColumn, ...]:
        """The columns of which all rows are a part, unless a person says that it is the whole."""
        return tuple(column for column in self.list_kind("dimension") if not column.is_mixed)

    @property
    def mixed(self) -> tuple[UnreadColumn, ...]:
        """The columns by which the rows are of different series."""
        return tuple(column for column in self.list_kind("dimension", "series") if column.is_mixed)

    @property
    def changes_meaning(self) -> bool:
        """Whether figures would mean something else than their file says, so that none of them is accepted."""
        return bool(self.list_kind("partner") or self.unconfirmed or self.mixed)


def normalize_filter(text: str) -> str:
    """A filter as it is compared: case, accents and punctuation do not count."""
    return fold_text(_NO_WORD.sub(" ", text))
