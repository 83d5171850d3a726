"""Memory of pure computations: the result of a function by the content of its arguments.

A preview computes the whole outlook again although one figure changed. Whatever reads the same content as last time
gets the same result, to the bit, without computing it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, wraps
from hashlib import blake2b
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import numpy as np
from cachetools import LRUCache

P = ParamSpec("P")
R = TypeVar("R")


def remember(size: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorates a pure function: the last `size` results are kept, by a digest of the arguments.

    Arguments are plain values, arrays, and dataclasses, sequences and mappings of such; TypeError for any other. Arrays
    of a result become read-only, as several callers share them.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        results: LRUCache[bytes, R] = LRUCache(size)
        lock = Lock()

        @wraps(function)
        def recall(*args: P.args, **kwargs: P.kwargs) -> R:
            digest = _digest((args, kwargs))
            with lock:
                if digest in results:
                    return results[digest]
            result = function(*args, **kwargs)
            _freeze(result)
            with lock:
                results[digest] = result
            return result

        return recall

    return decorate


def _digest(values: Sequence[Any]) -> bytes:
    """The digest of some values: of dataclasses by their fields alone, as cached properties are no content."""
    digest = blake2b(digest_size=20)
    _feed(digest.update, values)
    return digest.digest()


def _feed(update: Callable[[bytes], None], value: Any) -> None:
    if isinstance(value, np.ndarray):
        update(f"array {value.dtype.str} {value.shape} ".encode())
        update(value.tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        update(f"{type(value).__qualname__} ".encode())
        for name in _list_fields(type(value)):
            _feed(update, getattr(value, name))
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


@cache
def _list_fields(kind: type) -> tuple[str, ...]:
    return tuple(row.name for row in fields(kind))


def _freeze(value: Any) -> None:
    """Makes the arrays within a result read-only."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif is_dataclass(value) and not isinstance(value, type):
        _freeze_all(getattr(value, name) for name in _list_fields(type(value)))
    elif isinstance(value, dict):
        _freeze_all(value.values())
    elif isinstance(value, list | tuple):
        _freeze_all(value)


def _freeze_all(values: Iterable[Any]) -> None:
    for value in values:
        _freeze(value)
