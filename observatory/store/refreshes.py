"""Refreshes: the stored report of each run that collected from the publishers, by source and by indicator."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Engine, insert, inspect, select

from observatory.errors import MessageValue
from observatory.store import schema
from observatory.store.engine import translate_errors, write_transaction
from observatory.store.records import format_timestamp

RefreshState = Literal["fresh", "unchanged", "held", "failed", "skipped", "manual"]
STATES: tuple[RefreshState, ...] = ("failed", "held", "fresh", "unchanged", "skipped", "manual")  # the gravest first
FAULTY_STATES: tuple[RefreshState, ...] = ("failed", "held")


@dataclass(frozen=True)
class Reason:
    """A sentence as data: the key of a message and its values."""

    key: str
    values: Mapping[str, MessageValue] = field(default_factory=dict)


@dataclass(frozen=True)
class IndicatorResult:
    """What a run did with an indicator.

    fresh: new or revised figures are published; unchanged: there are none; held: they wait for an analyst, as the
    draft `draft` if there is something to publish; failed: nothing could be read; skipped: not due before `due`;
    manual: an analyst uploads it, and `due` is when its next figure should be there (empty: none is expected).

    `new`, `revised` and `held` count figures. `last_period` is that of the newest figure published after the run, of
    all series of the indicator. `reason` says why it is held, failed or skipped; `action` what to do about it: the key
    of a message without plural forms, which takes the values of the reason; empty if there is nothing to do.
    """

    indicator: str
    source: str  # the host of its recipe, a table of data/refresh.toml; empty if nothing is fetched for it
    state: RefreshState
    new: int = 0
    revised: int = 0
    held: int = 0
    last_period: str = ""
    due: str = ""  # a day, ISO 8601
    draft: int | None = None
    reason: Reason | None = None
    action: str = ""


@dataclass(frozen=True)
class SourceResult:
    """What a run got from a source. Its state is the gravest of its indicators; `seconds` were spent on asking it.

    `reason` and `action` are those of the first indicator in that state; `states` counts the indicators by state.
    """

    source: str
    state: RefreshState
    seconds: float = 0.0
    states: Mapping[RefreshState, int] = field(default_factory=dict)
    new: int = 0
    revised: int = 0
    held: int = 0
    reason: Reason | None = None
    action: str = ""


@dataclass(frozen=True)
class RefreshReport:
    """A run: the edition that it published (None: nothing new), and its results by source and by indicator.

    A run of some sources or indicators has rows for these alone. Two runs of one store never overlap.
    """

    run: str  # its name: when it started, 20261130T061700Z
    started: datetime
    finished: datetime
    edition: int | None = None
    sources: Sequence[SourceResult] = ()
    indicators: Sequence[IndicatorResult] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing failed and nothing is held."""
        return not any(row.state in FAULTY_STATES for row in self.indicators)

    def count(self, state: RefreshState) -> int:
        """The number of indicators in a state."""
        return sum(row.state == state for row in self.indicators)


def summarize_source(source: str, seconds: float, rows: Sequence[IndicatorResult]) -> SourceResult:
    """The result of a source from those of its indicators."""
    state = min((row.state for row in rows), key=STATES.index)
    first = next(row for row in rows if row.state == state)
    return SourceResult(
        source,
        state,
        round(seconds, 3),
        {name: count for name in STATES if (count := sum(row.state == name for row in rows))},
        sum(row.new for row in rows),
        sum(row.revised for row in rows),
        sum(row.held for row in rows),
        first.reason,
        first.action,
    )


def encode_report(report: RefreshReport) -> dict[str, Any]:
    """A report as JSON values."""
    values = asdict(report)
    return values | {name: format_timestamp(values[name]) for name in ("started", "finished")}


def decode_report(values: Mapping[str, Any]) -> RefreshReport:
    """A report from JSON values."""
    return RefreshReport(
        values["run"],
        datetime.fromisoformat(values["started"]),
        datetime.fromisoformat(values["finished"]),
        values["edition"],
        tuple(SourceResult(**_decode_reason(row)) for row in values["sources"]),
        tuple(IndicatorResult(**_decode_reason(row)) for row in values["indicators"]),
    )


def _decode_reason(row: Mapping[str, Any]) -> dict[str, Any]:
    reason = cast(Mapping[str, Any] | None, row["reason"])
    return {**row, "reason": None if reason is None else Reason(reason["key"], reason["values"])}


class Refreshes:
    """The reports of a store, oldest first in it; never changed."""

    def __init__(self, engine: Engine, address: str) -> None:
        self._engine, self._address = engine, address

    def save(self, report: RefreshReport) -> None:
        """Stores the report of a run; a report of the same name is there for good, and is not replaced."""
        row = {
            "run": report.run,
            "finished": format_timestamp(report.finished),
            "edition": report.edition,
            "details": json.dumps(encode_report(report), ensure_ascii=False),
        }
        table = schema.refreshes
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            if connection.execute(select(table.c.run).where(table.c.run == report.run)).first() is None:
                connection.execute(insert(table), [row])

    def list_last(self, count: int = 1) -> tuple[RefreshReport, ...]:
        """The reports of the last runs, the newest first; none in a store that has no such table (read-only, old)."""
        table = schema.refreshes
        with translate_errors(self._address), self._engine.connect() as connection:
            if not inspect(connection).has_table(table.name):
                return ()
            rows = connection.execute(select(table.c.details).order_by(table.c.id.desc()).limit(count)).scalars()
            return tuple(decode_report(json.loads(text)) for text in rows)
