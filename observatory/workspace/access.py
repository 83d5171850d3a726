"""Who may publish: a Pass is issued for a key or an identity, and asked for again beside every write."""

import secrets
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Literal

from observatory.errors import AccessError
from observatory.language import legible
from observatory.settings import Settings
from observatory.store.keys import claimed
from observatory.store.store import Store

HOURS = 12  # a pass lasts a working day
WINDOW = 300.0  # seconds in which wrong keys are counted
OF_ADDRESS, OF_KEY = 5, 20  # wrong keys from one address; for one key, from anywhere
REMEMBERED = 10_000  # addresses and keys whose attempts are counted; the oldest are forgotten
LASTING = HOURS * 3600.0
TICKET_SECONDS = 60.0
LONGEST_NAME = 200  # characters of who writes
START = "start"

Kind = Literal["key", "start", "identity", "operator"]


@dataclass(frozen=True)
class Identity:
    """Who an identity provider says a reader is; `verified` if it vouches for the address."""

    email: str
    verified: bool
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Pass:
    """The proof that somebody may publish. Its secret is known to the process that issued it, and to nobody else."""

    who: str
    kind: Kind
    key: int | None
    secret: str = field(repr=False)


class Access:
    """The passes that this process issued."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._issued: dict[str, tuple[Pass, float]] = {}
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()
        self._tickets: dict[str, tuple[Pass, float]] = {}
        self._start = ""
        self._lock, self._turn = Lock(), Lock()

    def start_key(self) -> str:
        """A key that opens this process until it ends, for a first start on one's own machine, as notebooks have."""
        with self._lock:
            self._start = self._start or f"{START}-{secrets.token_urlsafe(18)}"
            return self._start

    def by_key(self, text: str, address: str) -> Pass:
        """A pass for an analyst's key. Raises AccessError if it is not one, or after too many wrong ones."""
        text = text.strip()[:200]
        key = START if text.startswith(f"{START}-") else claimed(text)
        counted = {f"address {address[:80]}": OF_ADDRESS} | ({f"key {key}": OF_KEY} if key else {})
        with self._turn:  # one slow hash at a time, and nobody between the look at the count and the count
            self._refuse_too_many(counted)
            if self._start and secrets.compare_digest(text.encode(), self._start.encode()):
                return self._issue("local", "start", None)
            found = self._store.keys.matching(text)
            if found is None:
                self._count(counted)
                raise AccessError("error.access.key")
        return self._issue(found.name, "key", found.id)

    def by_identity(self, identity: Identity) -> Pass:
        """A pass for somebody whom the provider vouches for and who is on the list. Raises AccessError otherwise."""
        who = legible(_named(identity), LONGEST_NAME)
        if not who or not self._listed(identity):
            raise AccessError("error.access.not_listed", who=who[:100])
        return self._issue(who, "identity", None)

    def operator(self, who: str) -> Pass:
        """A pass for whoever runs a command on the machine of the store: the file itself is open to them."""
        return self._issue(legible(who, LONGEST_NAME), "operator", None)

    def ticket(self, by: Pass) -> str:
        """A text that gives a pass back, once and within a minute: the page hands it to the browser for its cookie."""
        made = secrets.token_urlsafe(32)
        with self._lock:
            now = monotonic()
            self._tickets = {name: row for name, row in self._tickets.items() if row[1] >= now}
            self._tickets[made] = (by, now + TICKET_SECONDS)
        return made

    def redeem(self, ticket: str) -> Pass:
        """The pass of a ticket, which is then spent. Raises AccessError if it never was one, or no longer is."""
        with self._lock:
            by, until = self._tickets.pop(ticket, (None, 0.0))
        return self.admit(by if until >= monotonic() else None)

    def by_secret(self, secret: str) -> Pass:
        """The pass of a secret that a browser kept. Raises AccessError if it is no longer good."""
        return self.admit(Pass("", "key", None, secret))

    def admit(self, shown: Pass | None) -> Pass:
        """The pass if this process issued it, its time is not over and its key is in force. Raises AccessError."""
        with self._lock:
            known = self._issued.get(shown.secret) if shown is not None else None
        if known is None or known[1] < monotonic():
            raise AccessError("error.access.none")
        if known[0].key is not None and not self._store.keys.in_force(known[0].key):
            raise AccessError("error.access.revoked")
        return known[0]

    def leave(self, shown: Pass) -> None:
        """Ends a pass."""
        with self._lock:
            self._issued.pop(shown.secret, None)

    def _listed(self, identity: Identity) -> bool:
        address = identity.email.strip().lower()
        named = identity.verified and address in self._settings.analysts
        name, _, wanted = self._settings.analyst_claim.partition("=")
        held = identity.claims.get(name) if name else None
        return named or bool(wanted and (held == wanted or (isinstance(held, list) and wanted in held)))

    def _issue(self, who: str, kind: Kind, key: int | None) -> Pass:
        made = Pass(who, kind, key, secrets.token_hex(32))
        with self._lock:
            now = monotonic()
            self._issued = {name: row for name, row in self._issued.items() if row[1] >= now}
            self._issued[made.secret] = (made, now + LASTING)
        return made

    def _refuse_too_many(self, counted: Mapping[str, int]) -> None:
        with self._lock:
            now = monotonic()
            for name, most in counted.items():
                recent = [at for at in self._wrong.get(name, ()) if at > now - WINDOW]
                if len(recent) >= most:
                    minutes = int((recent[0] + WINDOW - now) // 60) + 1
                    raise AccessError("error.access.too_many", count=minutes)

    def _count(self, counted: Mapping[str, int]) -> None:
        with self._lock:
            for name, most in counted.items():
                self._wrong.setdefault(name, deque(maxlen=most)).append(monotonic())
                self._wrong.move_to_end(name)
            while len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)


def _named(identity: Identity) -> str:
    """How a write names somebody: by the address that the provider vouches for, else with the provider's own number.

    An address that nobody has verified may be that of somebody else.
    """
    if identity.verified and identity.email:
        return identity.email
    said = identity.email or str(identity.claims.get("name", ""))
    subject = str(identity.claims.get("sub", ""))
    return f"{said} ({subject})".strip() if subject else ""
