"""What is examined, and what is found: an installation, a check of it, a problem."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Generic, Literal, TypeVar

from observatory import settings
from observatory.clock import Clock, system_clock
from observatory.errors import MessageValue, ObservatoryError, StoreError
from observatory.settings import Settings
from observatory.store.inspection import StoreInspection, inspect_file, inspect_server

Level = Literal["fault", "note"]
Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Problem:
    """A sentence as data: the key of a message, which names the cure, and its values. A note is no fault."""

    key: str
    values: Mapping[str, MessageValue] = field(default_factory=dict)
    level: Level = "fault"

    @classmethod
    def from_error(cls, error: ObservatoryError) -> "Problem":
        """The problem that an error describes."""
        return cls(error.key, error.values)


@dataclass(frozen=True)
class Check(Generic[Subject]):
    """A row of a registry: its name, of which `doctor.check.ID` is the title, and the function that examines."""

    id: str
    find_problems: Callable[[Subject], Iterable[Problem]]


@dataclass(frozen=True)
class Result:
    """A check that was made, and what it found."""

    check: str
    problems: tuple[Problem, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it found no fault."""
        return not any(row.level == "fault" for row in self.problems)


@dataclass(frozen=True)
class Installation:
    """The process, its environment and the files of the program."""

    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    clock: Clock = system_clock
    root: Path = field(default_factory=settings.project_root)
    package: Path = settings.PACKAGE_DIR
    mounts: Path = Path("/proc/self/mounts")

    @cached_property
    def settings(self) -> Settings | None:
        """The settings; None if they cannot be read, of which the check of settings speaks."""
        try:
            return settings.load_settings(self.environment)
        except ObservatoryError:
            return None

    @property
    def store_path(self) -> Path | None:
        """The file of the store; None for a store that is no file."""
        return self.settings.store_path if self.settings else None

    @cached_property
    def store(self) -> StoreInspection | StoreError | None:
        """What the store holds, or why it cannot be read; None where there is none yet."""
        if self.settings is None:
            return None
        path = self.settings.store_path
        try:
            if path is None:
                return inspect_server(self.settings.store_url, self.clock)
            return inspect_file(path) if path.exists() else None
        except StoreError as error:
            return error


def run_checks(checks: Iterable[Check[Subject]], subject: Subject) -> list[Result]:
    """Makes each check, one after the other; a check that cannot be made says so."""
    return [Result(row.id, _run_check(row, subject)) for row in checks]


def _run_check(check: Check[Subject], subject: Subject) -> tuple[Problem, ...]:
    try:
        return tuple(check.find_problems(subject))
    except ObservatoryError as error:
        return (Problem.from_error(error),)
    except OSError as error:
        return (Problem("doctor.unexamined", {"why": str(error)}),)
