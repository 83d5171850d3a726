"""Errors as data: a message key and its values, so that every interface can show them in the reader's language.

ObservatoryError
├── SettingsError      an environment variable that cannot be read as meant
├── CatalogueError     the files under data/ cannot be used
├── TableError         a file of series cannot be read at all
├── SourceError        the answer of a publisher cannot be used
├── BusyError          too many ask for something slow: they are to come back
├── AccessError        somebody may not do what they ask for
└── StoreError         the store cannot be opened, read or written
    └── ConflictError  somebody published meanwhile
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal

MessageValue = str | int | float


class ObservatoryError(Exception):
    """An error with a sentence: `key` names a message `error.*`, `values` fill it."""

    def __init__(self, key: str, **values: MessageValue) -> None:
        super().__init__(key, values)
        self.key = key
        self.values: dict[str, MessageValue] = values

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.key} ({details})" if details else self.key


def redact_error_values(values: Mapping[str, MessageValue]) -> dict[str, MessageValue]:
    """The values of an error as a reader may see them: the names of files, not where the server keeps them."""
    database = "PostgreSQL" if str(values.get("path")).startswith("postgresql:") else "SQLite"
    return {
        name: PurePath(value).name if name in ("path", "folder") and isinstance(value, str) else value
        for name, value in values.items()
        if name != "why"
    } | ({"why": database} if "why" in values else {})


class SettingsError(ObservatoryError):
    """A setting has a value that cannot be used."""


class CatalogueError(ObservatoryError):
    """The catalogue cannot be used; `findings` has all that is wrong with it."""

    def __init__(self, key: str, findings: "tuple[Finding, ...]" = (), **values: MessageValue) -> None:
        super().__init__(key, **values)
        self.findings = findings


class SeriesFileError(ObservatoryError):
    """A long file of series cannot be read at all."""


class SourceError(ObservatoryError):
    """The answer of a publisher cannot be used; nothing is read from it."""


class AccessError(ObservatoryError):
    """Who asks may not publish."""


class BusyError(ObservatoryError):
    """What is asked for takes long, and too many ask for it; `seconds` says when to come back."""


class StoreError(ObservatoryError):
    """The store cannot be opened, read or written."""

    @property
    def is_read_only(self) -> bool:
        """Whether the store can be read but not written: a file on a read-only disk, a role that may only read."""
        return self.key in ("error.store.read_only", "error.store.reader")


class ConflictError(StoreError):
    """The parent of a draft is no longer the newest vintage."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong (or odd) in a file.

    `code` names two messages, `finding.CODE` (what is wrong) and `finding.CODE.hint` (the cure);
    `line` counts the file's own lines from 1, header included; `column` is a CSV column or a TOML key.
    """

    level: Literal["error", "warning"]
    code: str
    file: str
    line: int | None = None
    column: str = ""
    value: str = ""
    values: Mapping[str, MessageValue] = field(default_factory=dict)
