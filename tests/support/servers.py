"""Several servers of one store, in one process."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from observatory.store.store import Store


@contextmanager
def open_stores(address: str, count: int = 2) -> Iterator[list[Store]]:
    """One store opened by each of some servers, closed at the end."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(Store(address))) for _ in range(count)]
