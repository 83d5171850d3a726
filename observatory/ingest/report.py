"""What a file holds and what is wrong with it: the nouns of ingest."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from observatory.errors import Finding


@dataclass(frozen=True)
class Cell:
    """One data row of a file as text: its line (from 1, header included) and its values by column."""

    line: int
    text: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A decoded file: its columns and its rows, still text."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Cell, ...]


@dataclass(frozen=True)
class Observation:
    """The value of a series for a period, ready for the store."""

    indicator: str
    geo: str
    item: str
    period: str
    value: float


@dataclass(frozen=True)
class Report:
    """All that was found in a file, and what was accepted of it."""

    file: str
    sha256: str
    observations: tuple[Observation, ...] = ()
    findings: tuple[Finding, ...] = ()
    inferred: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it may be published: no error, and at least one observation."""
        return bool(self.observations) and not any(row.level == "error" for row in self.findings)
