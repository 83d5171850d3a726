"""Access control: sessions of analysts, issued for a key or an identity and required again for every write."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Any, Literal, TypeVar, cast

from observatory.clock import Clock, system_clock
from observatory.errors import AccessError, StoreError
from observatory.settings import Settings
from observatory.store.shared_state import SharedState, StoredPass, hash_secret
from observatory.store.store import Store
from observatory.typography import sanitize_text
from observatory.workspace.local_state import SESSION_SECONDS, LocalState

MAX_ATTEMPTS_PER_ADDRESS = 5  # wrong keys; those for one key are not counted: anybody could lock its owner out
_TICKET_SECONDS = 60.0
MAX_NAME_CHARS = 200  # characters of who writes
_MAX_SECRET_CHARS = 200
_START_KEY_PREFIX = "start"

_Result = TypeVar("_Result")
SessionKind = Literal["key", "start", "identity", "operator"]


@dataclass(frozen=True)
class Identity:
    """A user as described by an identity provider; `is_verified` if it has verified the address."""

    email: str
    is_verified: bool
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class AnalystSession:
    """Proof of the right to publish. The secret is known to its holder alone; servers know its digest."""

    who: str
    kind: SessionKind
    key: int | None
    secret: str = field(repr=False)


class AccessControl:
    """The sessions of the servers of a store, their counts of failed attempts, and their tickets.

    All of it is in the store, so that each server knows what another did; sessions of the command line, and all where
    the store cannot be written, are in the memory of this process.
    """

    def __init__(self, settings: Settings, store: Store, clock: Clock = system_clock) -> None:
        self._settings, self._store, self._clock = settings, store, clock
        self._local = LocalState()
        self._state: SharedState | LocalState = store.shared if store.shared.is_available() else self._local
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
        text = text.strip()[:_MAX_SECRET_CHARS]
        with self._key_lock:  # one slow hash at a time
            attempt, wait = self._write(lambda state: state.begin_attempt(address, MAX_ATTEMPTS_PER_ADDRESS))
            if wait:
                raise AccessError("error.access.too_many", count=int(wait // 60) + 1)
            is_start = self._start_key and secrets.compare_digest(text.encode(), self._start_key.encode())
            active_key = None if is_start else self._store.keys.verify(text)
            if not is_start and active_key is None:
                raise AccessError("error.access.key")
            self._write(lambda state: state.forget_attempt(attempt))
        if active_key is None:
            return self._issue_session("local", "start", None)
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
        self._write(lambda state: state.save_ticket(ticket, session.secret, _TICKET_SECONDS))
        return ticket

    def redeem_ticket(self, ticket: str) -> AnalystSession:
        """The session of a ticket, which is then spent. Raises AccessError if it never was one, or no longer is."""
        return self.resume_session(self._state.take_ticket(ticket))

    def resume_session(self, secret: str) -> AnalystSession:
        """The session of a secret from a browser's cookie. Raises AccessError if it is no longer good."""
        return self.require_session(AnalystSession("", "key", None, secret))

    def require_session(self, session: AnalystSession | None) -> AnalystSession:
        """The session if a server issued it, it has neither ended nor expired and its key is in force.

        Raises AccessError otherwise.
        """
        if session is None or not session.secret:
            raise AccessError("error.access.none")
        digest = hash_secret(session.secret)
        row = self._local.find_pass(digest)
        if row is None and not self._local.is_refused(digest):
            row = self._state.find_pass(digest)
        if row is None:
            raise AccessError("error.access.none")
        if row.key is not None and not self._store.keys.is_active(row.key):
            raise AccessError("error.access.revoked")
        return AnalystSession(row.who, cast(SessionKind, row.kind), row.key, session.secret)

    def end_session(self, session: AnalystSession) -> None:
        """Ends a session on all servers. Raises StoreError if others cannot be notified; here it ends all the same."""
        digest = hash_secret(session.secret)
        self._local.end_pass(digest)
        try:
            self._write(lambda state: state.end_pass(digest))
        except StoreError:
            self._local.refuse(digest)
            raise

    def _is_allowed(self, identity: Identity) -> bool:
        address = identity.email.strip().lower()
        named = identity.is_verified and address in self._settings.analysts
        name, _, expected = self._settings.analyst_claim.partition("=")
        actual = identity.claims.get(name) if name else None
        return named or bool(expected and (actual == expected or (isinstance(actual, list) and expected in actual)))

    def _issue_session(self, who: str, kind: SessionKind, key: int | None) -> AnalystSession:
        session = AnalystSession(who, kind, key, secrets.token_hex(32))
        expires = self._clock() + timedelta(seconds=SESSION_SECONDS)
        row = StoredPass(hash_secret(session.secret), who, kind, key, expires)
        if kind == "operator":
            self._local.save_pass(row)
        else:
            self._write(lambda state: state.save_pass(row))
        return session

    def _write(self, operation: Callable[[SharedState | LocalState], _Result]) -> _Result:
        """What an operation gives on the state of all servers, or on that of this one if the store is read-only."""
        try:
            return operation(self._state)
        except StoreError as error:
            if not error.is_read_only:
                raise
            self._state = self._local
            return operation(self._local)


def _format_identity(identity: Identity) -> str:
    """The name under which a user publishes: the verified address, else the provider's own identifier.

    An unverified address may belong to somebody else.
    """
    if identity.is_verified and identity.email:
        return identity.email
    name = identity.email or str(identity.claims.get("name", ""))
    subject = str(identity.claims.get("sub", ""))
    return f"{name} ({subject})".strip() if subject else ""
