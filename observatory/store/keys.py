"""Analysts' keys: shown once, stored as a salted slow hash, compared in constant time, revoked without being erased."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from observatory.clock import Clock
from observatory.errors import StoreError
from observatory.store import schema
from observatory.store.engine import translate_errors, write_transaction
from observatory.store.records import format_timestamp

_SECRET_BYTES = 20  # 160 bits: beyond any search, and still short enough to type
_KEY_PATTERN = re.compile(r"obs-(\d{1,9})-([a-z2-7]{32})", re.ASCII)
_SCRYPT_PARAMETERS = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}  # scrypt: 16 MB and some 50 ms an attempt
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True)
class AnalystKey:
    """A key without its secret."""

    id: int
    name: str
    created_at: datetime
    revoked_at: datetime | None


class AnalystKeys:
    """The keys of a store."""

    def __init__(self, engine: Engine, address: str, clock: Clock) -> None:
        self._engine, self._address, self._clock = engine, address, clock

    def create(self, name: str) -> tuple[AnalystKey, str]:
        """A new key and its text, which is not stored. Raises StoreError if a key in force has the name."""
        secret = "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET_BYTES * 8 // 5))
        salt = secrets.token_bytes(16)
        row = {
            "name": name,
            "salt": salt,
            "digest": _hash_secret(secret, salt),
            "recorded": format_timestamp(self._clock()),
        }
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            if any(key.name == name and key.revoked_at is None for key in _load_keys(connection)):
                raise StoreError("error.key.exists", name=name)
            result = connection.execute(insert(schema.keys).values(**row)).inserted_primary_key
            number = int(result[0]) if result is not None else 0
            return next(key for key in _load_keys(connection) if key.id == number), f"obs-{number}-{secret}"

    def list_keys(self) -> tuple[AnalystKey, ...]:
        """Every key, the oldest first, revoked ones included."""
        with translate_errors(self._address), self._engine.connect() as connection:
            return _load_keys(connection)

    def revoke(self, name: str) -> AnalystKey:
        """Ends the key of a name. Raises StoreError if none is in force."""
        with translate_errors(self._address), write_transaction(self._engine) as connection:
            active = next((key for key in _load_keys(connection) if key.name == name and key.revoked_at is None), None)
            if active is None:
                raise StoreError("error.key.unknown", name=name)
            connection.execute(
                insert(schema.revocations), [{"key": active.id, "recorded": format_timestamp(self._clock())}]
            )
            return active

    def verify(self, text: str) -> AnalystKey | None:
        """The active key with this text, or None; a wrong number takes as long as a wrong secret (no timing leak)."""
        match = _KEY_PATTERN.fullmatch(text.strip())
        number, secret = (int(match[1]), match[2]) if match else (0, "")
        table = schema.keys
        with translate_errors(self._address), self._engine.connect() as connection:
            row = connection.execute(select(table.c.salt, table.c.digest).where(table.c.id == number)).first()
            salt, digest = (bytes(row[0]), bytes(row[1])) if row else (bytes(16), bytes(32))
            same = hmac.compare_digest(_hash_secret(secret, salt), digest)
            key = next((key for key in _load_keys(connection) if key.id == number), None)
        return key if same and key is not None and key.revoked_at is None else None

    def is_active(self, number: int) -> bool:
        """Whether a key exists and has not been revoked."""
        with translate_errors(self._address), self._engine.connect() as connection:
            return _is_active(connection, number)


def require_active_key(connection: Connection, key_id: int) -> None:
    """Raises StoreError unless a key is in force, within the transaction of a write."""
    if not _is_active(connection, key_id):
        raise StoreError("error.access.revoked")


def _is_active(connection: Connection, key_id: int) -> bool:
    return any(row.id == key_id and row.revoked_at is None for row in _load_keys(connection))


def _load_keys(connection: Connection) -> tuple[AnalystKey, ...]:
    table, ended = schema.keys, schema.revocations
    query = (
        select(table.c.id, table.c.name, table.c.recorded, ended.c.recorded.label("revoked"))
        .select_from(table.outerjoin(ended, ended.c.key == table.c.id))
        .order_by(table.c.id)
    )
    return tuple(
        AnalystKey(
            row.id,
            row.name,
            datetime.fromisoformat(row.recorded),
            datetime.fromisoformat(row.revoked) if row.revoked else None,
        )
        for row in connection.execute(query)
    )


def _hash_secret(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, **_SCRYPT_PARAMETERS)
