"""Memory of pure computations: the result of a function by the content of its arguments.

A preview computes the whole outlook again although one figure changed. Whatever reads the same content as last time
gets the same result, to the bit, without computing it.
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, wraps
from hashlib import blake2b
from threading import Event, Lock
from typing import Any, ParamSpec, TypeVar, get_args, get_type_hints
from weakref import WeakValueDictionary

import numpy as np
from cachetools import LRUCache

_KEPT_DIGEST = "_content_digest"

_ABSENT: Any = object()
_PLAIN = (str, int, float, type(None), date, np.generic)

_FORGETTING: list[Callable[[], None]] = []  # one for each remembered function

P = ParamSpec("P")
R = TypeVar("R")


def remember(size: int | None, pack: Callable[..., bytes] | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorates a pure function: the last `size` results are kept, by a digest of the arguments.

    Arguments are plain values, arrays, and dataclasses, sequences and mappings of such; TypeError for any other. `pack`
    gives their content as bytes, where many small calls are to cost less. Arrays of a result become read-only, as
    several callers share them. Threads that need the same result at the same time compute it once.

    Without a `size` a result is kept as long as another that is kept refers to it, so that what a larger result is made
    of is remembered with it, and no longer.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        results: MutableMapping[bytes, R] = WeakValueDictionary() if size is None else LRUCache(size)
        name = f"{function.__module__}.{function.__qualname__} ".encode()
        running: dict[bytes, Event] = {}
        lock = Lock()
        _FORGETTING.append(results.clear)

        @wraps(function)
        def recall(*args: P.args, **kwargs: P.kwargs) -> R:
            digest = _digest((args, kwargs)) if pack is None else _digest_bytes(pack(*args, **kwargs))
            while True:
                with lock:
                    kept: R = results.get(digest, _ABSENT)
                    if kept is not _ABSENT:
                        return kept
                    other = running.get(digest)
                    if other is None:
                        done = running[digest] = Event()
                        break
                other.wait()  # then its result is there, unless it failed or was dropped
            try:
                result = function(*args, **kwargs)
                _freeze(result)
                _sign(result, name + digest)
                with lock:
                    results[digest] = result
                return result
            finally:
                with lock:
                    del running[digest]
                done.set()

        return recall

    return decorate


def forget_all() -> None:
    """Drops every remembered result, so that the next call computes from nothing; for tests and measurements."""
    for forget in _FORGETTING:
        forget()


def digest_content(*values: Any) -> bytes:
    """The digest of some values, for the `pack` of a function that reads only part of an argument."""
    return _digest(values)


def _digest(values: Sequence[Any]) -> bytes:
    """The digest of some values: of dataclasses by their fields alone, as cached properties are no content."""
    digest = blake2b(digest_size=20)
    _feed(digest.update, values)
    return digest.digest()


def _digest_bytes(content: bytes) -> bytes:
    return blake2b(content, digest_size=20).digest()


def _feed(update: Callable[[bytes], None], value: Any) -> None:
    if isinstance(value, np.ndarray):
        update(f"array {value.dtype.str} {value.shape} ".encode())
        update(value.tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        _feed_dataclass(update, value)
    elif isinstance(value, Mapping):
        update(f"mapping {len(value)} ".encode())
        for pair in value.items():
            _feed(update, pair)
    elif isinstance(value, list | tuple):
        update(f"sequence {len(value)} ".encode())
        for part in value:
            _feed(update, part)
    elif value is None or isinstance(value, str | int | float | date | np.generic):
        update(f"{type(value).__name__} {value!r} ".encode())
    else:
        raise TypeError(f"no digest of {type(value).__name__}")


def _feed_dataclass(update: Callable[[bytes], None], value: Any) -> None:
    """Feeds a dataclass by its fields; the digest of a frozen one that holds nothing that can change is kept on it."""
    kind: Any = type(value)
    known = value.__dict__.get(_KEPT_DIGEST) if hasattr(value, "__dict__") else None
    if known is not None:
        update(known)
        return
    parts: list[bytes] = [f"{kind.__qualname__} ".encode()]
    for name in _list_fields(kind):
        _feed(parts.append, getattr(value, name))
    whole = _digest_bytes(b"".join(parts))
    if _is_unchangeable(value):
        object.__setattr__(value, _KEPT_DIGEST, whole)
    update(whole)


def _sign(result: Any, digest: bytes) -> None:
    """Keeps on a frozen dataclass, as its digest, what it was made from: nobody reads its arrays for it again."""
    params = getattr(type(result), "__dataclass_params__", None)
    if params is not None and params.frozen and hasattr(result, "__dict__"):
        result.__dict__.setdefault(_KEPT_DIGEST, digest)


def _is_unchangeable(value: Any) -> bool:
    """Whether a value is plain, a read-only array, or a tuple or frozen dataclass of such: its digest is for ever."""
    if value is None or isinstance(value, str | int | float | date):
        return True
    if isinstance(value, np.ndarray):
        return not value.flags.writeable and (value.base is None or _is_unchangeable(value.base))
    if isinstance(value, tuple):
        return all(map(_is_unchangeable, value))
    kind: Any = type(value)
    params = getattr(kind, "__dataclass_params__", None)
    if params is None or not params.frozen or not hasattr(value, "__dict__"):
        return False
    if _KEPT_DIGEST in value.__dict__:
        return True
    return all(_is_unchangeable(getattr(value, name)) for name in _list_fields(kind))


@cache
def _list_fields(kind: type) -> tuple[str, ...]:
    return tuple(row.name for row in fields(kind))


def _freeze(value: Any) -> None:
    """Makes the arrays within a result read-only."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif is_dataclass(value) and not isinstance(value, type):
        if _KEPT_DIGEST not in getattr(value, "__dict__", ()):  # else it is read-only already
            _freeze_all(getattr(value, name) for name in _list_fields(type(value)))
    elif isinstance(value, dict):
        _freeze_all(value.values())
    elif isinstance(value, list | tuple):
        _freeze_all(value)


def _freeze_all(values: Iterable[Any]) -> None:
    for value in values:
        kind: Any = type(value)
        if not isinstance(value, _PLAIN) and not _is_plain_class(kind):
            _freeze(value)


@cache
def _is_plain_class(kind: type) -> bool:
    """Whether a class of named fields has only such as hold texts and numbers."""
    if not (is_dataclass(kind) or hasattr(kind, "_fields")):
        return False
    parts = [part for hint in get_type_hints(kind).values() for part in (get_args(hint) or (hint,))]
    return all(isinstance(part, type) and issubclass(part, _PLAIN) for part in parts)
