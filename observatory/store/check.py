"""Check of a store: what its database finds, the triggers that make it append-only, its editions, its notes."""

from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

from sqlalchemy import Connection, text

from observatory.errors import StoreError
from observatory.store.digests import find_changed_editions, find_changed_notes, list_editions, load_digests
from observatory.store.engine import find_damage, find_missing_triggers
from observatory.store.parts import PartReader

_READY_SECONDS = 1.0  # that a readiness check may spend on editions after the store has changed
_TURN_SECONDS = 60.0  # after which a readiness check looks at one more edition


@dataclass(frozen=True)
class StoreFault:
    """One thing wrong with a store: the key of a message `store.fault.KEY`, and what it names."""

    key: str
    value: str = ""


def find_faults(connection: Connection, now: datetime, path: str) -> list[StoreFault]:
    """All that is wrong with a store; empty for a sound one."""
    faults = [StoreFault(key, value) for key, value in find_damage(connection)]
    if any(row.key == "integrity" for row in faults):
        return faults  # what is read from a damaged file says nothing
    faults += [StoreFault("trigger", name) for name in find_missing_triggers(connection)]
    reader = PartReader(path)
    faults += [StoreFault("digest", str(number)) for number in find_changed_editions(connection, reader)]
    faults += [StoreFault("part", str(number)) for number in sorted(reader.faulty)]
    faults += [StoreFault("note", str(number)) for number in find_changed_notes(connection)]
    known = load_digests(connection)
    faults += [StoreFault("unsealed", str(number)) for number in list_editions(connection) if number not in known]
    query = "SELECT id, at FROM vintages JOIN publications ON vintage = id ORDER BY id"
    for number, at in connection.execute(text(query)):
        if datetime.fromisoformat(at) > now:
            faults.append(StoreFault("future", f"{number} ({at[:10]})"))
    return faults


class ReadinessCheck:
    """The cheap form: triggers each time; editions for a second after a change of the store, then one a minute."""

    def __init__(self) -> None:
        self._change: Any = None
        self._queue: list[int] = []
        self._at = 0.0
        self._fault: StoreFault | None = None
        self._lock = Lock()

    def require_sound(self, connection: Connection, change: Any, path: str) -> None:
        """Raises StoreError if something is wrong, until the store is another one."""
        missing = find_missing_triggers(connection)
        if missing:
            raise StoreError("error.store.damaged", path=path, why=missing[0])
        with self._lock:
            self._review(connection, change)
            if self._fault is not None:
                raise StoreError("error.store.damaged", path=path, why=self._fault.value)

    def _review(self, connection: Connection, change: Any) -> None:
        now = monotonic()
        if change != self._change:
            self._change, self._fault, self._queue = change, None, []
            self._look(connection, now + _READY_SECONDS)
        elif now - self._at >= _TURN_SECONDS:
            self._look(connection, now)

    def _look(self, connection: Connection, until: float) -> None:
        """Looks at one edition at least, the newest first, until a moment or until all have been looked at."""
        self._at, reader = monotonic(), PartReader("")
        self._queue = self._queue or list_editions(connection)
        while self._queue and self._fault is None:
            number = self._queue.pop()
            if find_changed_editions(connection, reader, frozenset((number,))):
                self._fault = StoreFault("digest", str(number))
            if monotonic() >= until:
                break
