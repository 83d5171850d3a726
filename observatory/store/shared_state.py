"""Shared state of several servers on one store: passes, attempts to sign in, rate counts and leases."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Engine, delete, insert, inspect, select, update

from observatory.clock import Clock
from observatory.store import schema
from observatory.store.engine import translate_errors, write_transaction
from observatory.store.records import format_timestamp

ATTEMPT_WINDOW_SECONDS = 300.0  # in which wrong keys are counted
MAX_KEPT_ATTEMPTS = 50_000  # beyond that the oldest are dropped; 10,000 addresses with five each
RATE_COUNT_SECONDS = 10.0  # after which a bucket that was emptied is full again
_FINISHED_SECONDS = 2 * 86_400.0  # that a lease shows that its work is done
_KEY_BYTES = 32
_TABLES = frozenset({schema.passes.name, schema.attempts.name, schema.leases.name, schema.rate_counts.name})

LeaseState = Literal["taken", "held", "finished"]


@dataclass(frozen=True)
class StoredPass:
    """A sign-in by the sha256 of its secret; `key` is the number of the key with which it was made."""

    digest: str
    who: str
    kind: str
    key: int | None
    expires: datetime


@dataclass(frozen=True)
class RateCount:
    """Tokens that another server granted to a client."""

    client: str
    tokens: float


class SharedState:
    """What the servers of a store know of one another. Passes are append-only; other rows go once they are over."""

    def __init__(self, engine: Engine, address: str, clock: Clock) -> None:
        self._engine, self._address, self._clock = engine, address, clock
        self._digest_key = b""

    def is_available(self) -> bool:
        """Whether the tables are there: a store of an earlier version that cannot be written has none."""
        with translate_errors(self._address), self._engine.connect() as connection:
            return set(inspect(connection).get_table_names()) >= _TABLES

    # -- passes -----------------------------------------------------------------------------------------------

    def save_pass(self, row: StoredPass) -> None:
        """Stores a new pass."""
        values = {
            "digest": row.digest,
            "who": row.who,
            "kind": row.kind,
            "key": row.key,
            "issued": format_timestamp(self._clock()),
            "expires": format_timestamp(row.expires),
        }
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            connection.execute(insert(schema.passes), [values])

    def find_pass(self, digest: str) -> StoredPass | None:
        """The pass of a digest; None if there is none, or it was ended or has expired."""
        table, ends = schema.passes, schema.pass_ends
        joined = table.outerjoin(ends, ends.c.digest == table.c.digest)
        query = select(table).select_from(joined).where(table.c.digest == digest, ends.c.digest.is_(None))
        with translate_errors(self._address), self._engine.connect() as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            found = StoredPass(row.digest, row.who, row.kind, row.key, datetime.fromisoformat(row.expires))
        return found if found.expires > self._clock() else None

    def end_pass(self, digest: str) -> None:
        """Ends a pass, for all servers; one that is unknown or was ended already stays as it is."""
        table, ends = schema.passes, schema.pass_ends
        known = select(table.c.digest).where(table.c.digest == digest)
        ended = select(ends.c.digest).where(ends.c.digest == digest)
        row = {"digest": digest, "recorded": format_timestamp(self._clock())}
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            if connection.execute(known).first() is not None and connection.execute(ended).first() is None:
                connection.execute(insert(ends), [row])

    def save_ticket(self, ticket: str, secret: str, seconds: float) -> None:
        """Stores what a ticket opens, so that nobody reads it without the ticket. `secret` is hexadecimal."""
        table, now = schema.tickets, self._now()
        row = {"digest": hash_secret(ticket), "sealed": _seal(bytes.fromhex(secret), ticket), "until": now + seconds}
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            connection.execute(delete(table).where(table.c.until < now))
            connection.execute(insert(table), [row])

    def take_ticket(self, ticket: str) -> str:
        """The secret of a ticket, which is then spent; empty if it is none, or no longer."""
        table, digest = schema.tickets, hash_secret(ticket)
        query = select(table.c.sealed, table.c.until).where(table.c.digest == digest)
        with translate_errors(self._address):
            with self._engine.connect() as connection:
                if connection.execute(query).first() is None:
                    return ""  # nobody makes the store write by guessing
            with write_transaction(self._engine) as connection:
                row = connection.execute(query).first()
                connection.execute(delete(table).where(table.c.digest == digest))
        return _seal(bytes(row.sealed), ticket).hex() if row is not None and row.until >= self._now() else ""

    # -- attempts ---------------------------------------------------------------------------------------------

    def begin_attempt(self, address: str, most: int) -> tuple[int, float]:
        """Counts an attempt of an address to sign in; its number, and 0 or the seconds to wait if it is one too many.

        It stays counted unless it is forgotten: however many servers check keys at once, `most` of them are wrong.
        """
        client = self.digest_address(address)
        with translate_errors(self._address):
            with self._engine.connect() as connection:
                if wait := self._find_wait(connection, client, most):
                    return 0, wait  # a locked address makes the store write nothing
            with write_transaction(self._engine) as connection:
                if wait := self._find_wait(connection, client, most):
                    return 0, wait
                return self._add_attempt(connection, client), 0.0

    def forget_attempt(self, number: int) -> None:
        """No longer counts an attempt: the key was right."""
        table = schema.attempts
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            connection.execute(delete(table).where(table.c.id == number))

    def _find_wait(self, connection: Connection, client: str, most: int) -> float:
        """The seconds after which an address may try again; 0 if it may now."""
        table, now = schema.attempts, self._now()
        recent = table.c.at.between(now - ATTEMPT_WINDOW_SECONDS, now + ATTEMPT_WINDOW_SECONDS)
        query = select(table.c.at).where(table.c.client == client, recent).order_by(table.c.at.desc()).limit(most)
        moments = list(connection.execute(query).scalars())
        return max(1.0, moments[-1] + ATTEMPT_WINDOW_SECONDS - now) if len(moments) >= most else 0.0

    def _add_attempt(self, connection: Connection, client: str) -> int:
        table, now = schema.attempts, self._now()
        is_over = ~table.c.at.between(now - ATTEMPT_WINDOW_SECONDS, now + ATTEMPT_WINDOW_SECONDS)
        connection.execute(delete(table).where(is_over))
        key = connection.execute(insert(table).values(client=client, at=now)).inserted_primary_key
        number = int(key[0]) if key is not None else 0
        connection.execute(delete(table).where(table.c.id <= number - MAX_KEPT_ATTEMPTS))
        return number

    # -- rate counts ------------------------------------------------------------------------------------------

    def exchange_rate_counts(self, server: str, spent: Mapping[str, float], after: int) -> tuple[list[RateCount], int]:
        """Stores the tokens that a server granted, by digest of the client; those of other servers after a row.

        Second value: the last row read, to ask from next time. With nothing to store nothing is written.
        """
        table, now = schema.rate_counts, self._now()
        query = (
            select(table.c.id, table.c.server, table.c.client, table.c.tokens)
            .where(table.c.id > after, table.c.at > now - RATE_COUNT_SECONDS)
            .order_by(table.c.id)
        )
        rows = [{"server": server, "client": name, "tokens": tokens, "at": now} for name, tokens in spent.items()]
        with translate_errors(self._address):
            if rows:
                with write_transaction(self._engine) as connection:
                    connection.execute(delete(table).where(table.c.at < now - RATE_COUNT_SECONDS))
                    connection.execute(insert(table), rows)
            with self._engine.connect() as connection:
                found = connection.execute(query).all()
        others = [RateCount(row.client, row.tokens) for row in found if row.server != server]
        return others, found[-1].id if found else after

    # -- leases -----------------------------------------------------------------------------------------------

    def take_lease(self, name: str, holder: str, seconds: float) -> LeaseState:
        """Takes or renews a lease: "taken", "held" by another whose time is not over, or "finished" by anybody."""
        table, now = schema.leases, self._now()
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            connection.execute(delete(table).where(table.c.until < now))
            row = connection.execute(select(table).where(table.c.name == name)).first()
            if row is not None and (row.is_finished or row.holder != holder):
                return "finished" if row.is_finished else "held"
            connection.execute(delete(table).where(table.c.name == name))
            values = {"name": name, "holder": holder, "until": now + seconds, "is_finished": False}
            connection.execute(insert(table), [values])
            return "taken"

    def finish_lease(self, name: str, holder: str) -> None:
        """Says for two days that the work of a lease is done; nothing if somebody else holds it meanwhile."""
        table = schema.leases
        mine = (table.c.name == name) & (table.c.holder == holder)
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            until = self._now() + _FINISHED_SECONDS
            connection.execute(update(table).where(mine).values(until=until, is_finished=True))

    def release_lease(self, name: str, holder: str) -> None:
        """Gives a lease back, so that anybody may take it; nothing if somebody else holds it meanwhile."""
        table = schema.leases
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            connection.execute(delete(table).where(table.c.name == name, table.c.holder == holder))

    # -- addresses --------------------------------------------------------------------------------------------

    def digest_address(self, address: str) -> str:
        """The keyed digest under which the store knows an address: the same on all servers of the store."""
        if not self._digest_key:
            self._digest_key = self._load_digest_key()
        return digest_text(self._digest_key, address)

    def load_digest_key(self) -> bytes:
        """The key of these digests, for whoever makes many."""
        self.digest_address("")
        return self._digest_key

    def _load_digest_key(self) -> bytes:
        table = schema.digest_keys
        query = select(table.c.secret).where(table.c.name == "address")
        with translate_errors(self._address):
            with self._engine.connect() as connection:
                secret = connection.execute(query).scalar()
            if secret is None:
                with write_transaction(self._engine) as connection:
                    secret = connection.execute(query).scalar()
                    if secret is None:
                        secret = secrets.token_bytes(_KEY_BYTES)
                        connection.execute(insert(table), [{"name": "address", "secret": secret}])
        return bytes(secret)

    def _now(self) -> float:
        return self._clock().timestamp()


def hash_secret(secret: str) -> str:
    """The sha256 under which a pass or a ticket is stored; a random secret needs no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def digest_text(key: bytes, text: str) -> str:
    """The HMAC-SHA256 of a text."""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _seal(value: bytes, ticket: str) -> bytes:
    """32 bytes encrypted with a ticket that is random and used once, or decrypted: a one-time pad."""
    pad = hmac.new(ticket.encode("utf-8", "surrogatepass"), b"pass", hashlib.sha256).digest()
    return bytes(one ^ other for one, other in zip(value, pad, strict=True))
