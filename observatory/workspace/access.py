"""Access control: sessions of analysts, issued for a key or an identity and required again for every write."""

import secrets
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Literal

from observatory.errors import AccessError
from observatory.language import sanitize_text
from observatory.settings import Settings
from observatory.store.store import Store

_SESSION_HOURS = 12  # a working day
ATTEMPT_WINDOW_SECONDS = 300.0  # seconds in which wrong keys are counted
MAX_ATTEMPTS_PER_ADDRESS = 5  # wrong keys; those for one key are not counted: anybody could lock its owner out
MAX_TRACKED_CLIENTS = 10_000  # addresses with counted attempts; beyond that the oldest are dropped
SESSION_SECONDS = _SESSION_HOURS * 3600.0
_TICKET_SECONDS = 60.0
MAX_NAME_CHARS = 200  # characters of who writes
_START_KEY_PREFIX = "start"

SessionKind = Literal["key", "start", "identity", "operator"]


@dataclass(frozen=True)
class Identity:
    """A user as described by an identity provider; `is_verified` if it has verified the address."""

    email: str
    is_verified: bool
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class AnalystSession:
    """Proof of the right to publish. Only the process that issued it knows its secret."""

    who: str
    kind: SessionKind
    key: int | None
    secret: str = field(repr=False)


class AccessControl:
    """The sessions that this process issued, its counts of failed attempts, and its tickets."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._issued: dict[str, tuple[AnalystSession, float]] = {}
        self.failures: OrderedDict[str, deque[float]] = OrderedDict()  # moments of failed attempts, by client address
        self._tickets: dict[str, tuple[AnalystSession, float]] = {}
        self._start_key = ""
        self._lock, self._key_lock = Lock(), Lock()

    def issue_start_key(self) -> str:
        """A temporary key, valid until this process ends, for a first start on one's own machine, as in Jupyter."""
        with self._lock:
            self._start_key = self._start_key or f"{_START_KEY_PREFIX}-{secrets.token_urlsafe(18)}"
            return self._start_key

    def adopt_start_key(self, other: "AccessControl") -> None:
        """Takes over the temporary key of this process, and no session: key numbers of another store mean others."""
        self._start_key = other._start_key  # noqa: SLF001 - of the same class

    def sign_in_with_key(self, text: str, address: str) -> AnalystSession:
        """A session for an analyst's key. Raises AccessError if it is not one, or after too many wrong ones."""
        text = text.strip()[:200]
        client = address[:80]
        with self._key_lock:  # one slow hash at a time; check and count of attempts are atomic
            self._check_attempts(client)
            if self._start_key and secrets.compare_digest(text.encode(), self._start_key.encode()):
                return self._issue_session("local", "start", None)
            active_key = self._store.keys.verify(text)
            if active_key is None:
                self._count_failure(client)
                raise AccessError("error.access.key")
        return self._issue_session(active_key.name, "key", active_key.id)

    def sign_in_with_identity(self, identity: Identity) -> AnalystSession:
        """A session for a verified identity that the settings allow. Raises AccessError otherwise."""
        who = sanitize_text(_format_identity(identity), MAX_NAME_CHARS)
        if not who or not self._is_allowed(identity):
            raise AccessError("error.access.not_listed", who=who[:100])
        return self._issue_session(who, "identity", None)

    def open_operator_session(self, who: str) -> AnalystSession:
        """A session for a user of the command line, who can write to the file of the store anyway."""
        return self._issue_session(sanitize_text(who, MAX_NAME_CHARS), "operator", None)

    def issue_ticket(self, session: AnalystSession) -> str:
        """A text to redeem for the session, once and within a minute: the browser needs it to set its cookie."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            now = monotonic()
            self._tickets = {name: row for name, row in self._tickets.items() if row[1] >= now}
            self._tickets[ticket] = (session, now + _TICKET_SECONDS)
        return ticket

    def redeem_ticket(self, ticket: str) -> AnalystSession:
        """The session of a ticket, which is then spent. Raises AccessError if it never was one, or no longer is."""
        with self._lock:
            by, until = self._tickets.pop(ticket, (None, 0.0))
        return self.require_session(by if until >= monotonic() else None)

    def resume_session(self, secret: str) -> AnalystSession:
        """The session of a secret from a browser's cookie. Raises AccessError if it is no longer good."""
        return self.require_session(AnalystSession("", "key", None, secret))

    def require_session(self, session: AnalystSession | None) -> AnalystSession:
        """The session if this process issued it, it has not expired and its key is in force. Raises AccessError."""
        with self._lock:
            issued = self._issued.get(session.secret) if session is not None else None
        if issued is None or issued[1] < monotonic():
            raise AccessError("error.access.none")
        if issued[0].key is not None and not self._store.keys.is_active(issued[0].key):
            raise AccessError("error.access.revoked")
        return issued[0]

    def end_session(self, session: AnalystSession) -> None:
        """Ends a session."""
        with self._lock:
            self._issued.pop(session.secret, None)

    def _is_allowed(self, identity: Identity) -> bool:
        address = identity.email.strip().lower()
        named = identity.is_verified and address in self._settings.analysts
        name, _, expected = self._settings.analyst_claim.partition("=")
        actual = identity.claims.get(name) if name else None
        return named or bool(expected and (actual == expected or (isinstance(actual, list) and expected in actual)))

    def _issue_session(self, who: str, kind: SessionKind, key: int | None) -> AnalystSession:
        session = AnalystSession(who, kind, key, secrets.token_hex(32))
        with self._lock:
            now = monotonic()
            self._issued = {name: row for name, row in self._issued.items() if row[1] >= now}
            self._issued[session.secret] = (session, now + SESSION_SECONDS)
        return session

    def _check_attempts(self, client: str) -> None:
        with self._lock:
            now = monotonic()
            recent = [at for at in self.failures.get(client, ()) if at > now - ATTEMPT_WINDOW_SECONDS]
            if len(recent) >= MAX_ATTEMPTS_PER_ADDRESS:
                minutes = int((recent[0] + ATTEMPT_WINDOW_SECONDS - now) // 60) + 1
                raise AccessError("error.access.too_many", count=minutes)

    def _count_failure(self, client: str) -> None:
        with self._lock:
            self.failures.setdefault(client, deque(maxlen=MAX_ATTEMPTS_PER_ADDRESS)).append(monotonic())
            self.failures.move_to_end(client)
            while len(self.failures) > MAX_TRACKED_CLIENTS:
                self.failures.popitem(last=False)


def _format_identity(identity: Identity) -> str:
    """The name under which a user publishes: the verified address, else the provider's own identifier.

    An unverified address may belong to somebody else.
    """
    if identity.is_verified and identity.email:
        return identity.email
    name = identity.email or str(identity.claims.get("name", ""))
    subject = str(identity.claims.get("sub", ""))
    return f"{name} ({subject})".strip() if subject else ""
