"""Index of the published editions: by number and by moment, kept until another one is published."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from observatory.store.records import Vintage


class EditionIndex:
    """The published vintages, oldest first; nothing that a request asks for takes longer where there are more."""

    def __init__(self, rows: Sequence[Vintage]) -> None:
        self.rows = tuple(rows)

    @property
    def first(self) -> Vintage | None:
        """The oldest vintage."""
        return self.rows[0] if self.rows else None

    @property
    def newest(self) -> Vintage | None:
        """The newest vintage."""
        return self.rows[-1] if self.rows else None

    @cached_property
    def by_number(self) -> Mapping[int, Vintage]:
        """The vintages by number."""
        return {row.id: row for row in self.rows}

    @cached_property
    def last_stored(self) -> Vintage | None:
        """The vintage of the highest number, which is stored last whatever its date."""
        return self.by_number[max(self.by_number)] if self.rows else None

    @cached_property
    def positions(self) -> Mapping[int, int]:
        """The places of the vintages in `rows`, by number."""
        return {row.id: position for position, row in enumerate(self.rows)}

    @cached_property
    def _moments(self) -> Sequence[datetime]:
        return [row.at for row in self.rows]

    def find(self, moment: datetime) -> Vintage | None:
        """The newest vintage published at a moment; None if there was none yet."""
        position = bisect_right(self._moments, moment)
        return self.rows[position - 1] if position else None
