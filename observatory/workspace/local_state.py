"""State of this process alone: passes of the command line, and all others where the store cannot be written."""

from collections import OrderedDict, deque
from threading import Lock
from time import monotonic

from observatory.store.shared_state import ATTEMPT_WINDOW_SECONDS, StoredPass, hash_secret

SESSION_SECONDS = 12 * 3600.0  # a working day
MAX_TRACKED_CLIENTS = 10_000  # addresses with counted attempts; beyond that the oldest are dropped
_MAX_ADDRESS_CHARS = 80


class LocalState:
    """What SharedState does for passes, tickets and attempts, in memory; safe for threads."""

    def __init__(self) -> None:
        self._passes: dict[str, tuple[StoredPass, float]] = {}
        self._tickets: dict[str, tuple[str, float]] = {}
        self.failures: OrderedDict[str, deque[tuple[float, int]]] = OrderedDict()  # moments and numbers, by address
        self._ended: set[str] = set()
        self._attempt_count = 0
        self._lock = Lock()

    def save_pass(self, row: StoredPass) -> None:
        """Remembers a new pass for a working day of the machine's own timer."""
        with self._lock:
            now = monotonic()
            self._passes = {name: kept for name, kept in self._passes.items() if kept[1] >= now}
            self._passes[row.digest] = (row, now + SESSION_SECONDS)

    def find_pass(self, digest: str) -> StoredPass | None:
        """The pass of a digest; None if this process has none, or it has expired."""
        with self._lock:
            row, until = self._passes.get(digest, (None, 0.0))
        return row if until >= monotonic() else None

    def end_pass(self, digest: str) -> None:
        """Forgets a pass."""
        with self._lock:
            self._passes.pop(digest, None)

    def refuse(self, digest: str) -> None:
        """Refuses a pass of the store whose end could not be stored."""
        with self._lock:
            self._ended.add(digest)

    def is_refused(self, digest: str) -> bool:
        """Whether a pass of the store was ended here."""
        return digest in self._ended

    def save_ticket(self, ticket: str, secret: str, seconds: float) -> None:
        """Remembers what a ticket opens."""
        with self._lock:
            now = monotonic()
            self._tickets = {name: kept for name, kept in self._tickets.items() if kept[1] >= now}
            self._tickets[hash_secret(ticket)] = (secret, now + seconds)

    def take_ticket(self, ticket: str) -> str:
        """The secret of a ticket, which is then spent; empty if it is none, or no longer."""
        with self._lock:
            secret, until = self._tickets.pop(hash_secret(ticket), ("", 0.0))
        return secret if until >= monotonic() else ""

    def begin_attempt(self, address: str, most: int) -> tuple[int, float]:
        """Counts an attempt of an address to sign in; its number, and 0 or the seconds to wait."""
        client = address[:_MAX_ADDRESS_CHARS]
        with self._lock:
            now = monotonic()
            recent = [at for at, _number in self.failures.get(client, ()) if at > now - ATTEMPT_WINDOW_SECONDS]
            if len(recent) >= most:
                return 0, recent[0] + ATTEMPT_WINDOW_SECONDS - now
            self._attempt_count += 1
            self.failures.setdefault(client, deque(maxlen=most)).append((now, self._attempt_count))
            self.failures.move_to_end(client)
            while len(self.failures) > MAX_TRACKED_CLIENTS:
                self.failures.popitem(last=False)
            return self._attempt_count, 0.0

    def forget_attempt(self, number: int) -> None:
        """No longer counts an attempt: the key was right."""
        with self._lock:
            client = next(reversed(self.failures), "")  # attempts are made one at a time
            rows = [row for row in self.failures.get(client, ()) if row[1] != number]
            if rows:
                self.failures[client] = deque(rows, maxlen=self.failures[client].maxlen)
            else:
                self.failures.pop(client, None)
