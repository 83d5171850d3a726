"""What connectors work with: requests, answers and figures."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from observatory.catalogue.recipes import RefreshRecipe


@dataclass(frozen=True)
class Window:
    """The years that yearly files are asked for: from the first whose figures may have changed to today."""

    first_year: int
    today: date


@dataclass(frozen=True)
class Request:
    """A GET request. `path` follows the base address of the host, or is a whole address that an answer named.

    `serves` are the indicators that need the answer. An optional file may be missing. No key of a user is in it.
    """

    host: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    accept: str = "*/*"
    is_optional: bool = False
    serves: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Answer:
    """The body of an answer, decompressed. `is_framed`: the protocol proved that nothing of it is missing."""

    request: Request
    content: bytes
    status: int = 200
    etag: str = ""
    last_modified: str = ""
    is_framed: bool = True

    @property
    def digest(self) -> str:
        """SHA-256 of the body."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class DataPoint:
    """A data point of a series of ours."""

    geo: str
    item: str
    period: str
    value: Decimal


RequestBuilder = Callable[[Sequence[RefreshRecipe], Window], list[Request]]
AnswerReader = Callable[[RefreshRecipe, Sequence[Answer]], list[DataPoint]]


def no_more_requests(_recipe: RefreshRecipe, _answers: Sequence[Answer]) -> list[Request]:
    """The follow-up of a connector that knows all its addresses."""
    return []


@dataclass(frozen=True)
class Connector:
    """How one protocol is spoken. Both functions are pure; `follow` names requests that only an answer can name."""

    requests: RequestBuilder
    read: AnswerReader
    follow: Callable[[RefreshRecipe, Sequence[Answer]], list[Request]] = no_more_requests


def merge_requests(requests: Iterable[Request]) -> list[Request]:
    """Equal requests as one, which serves the indicators of all."""
    merged: dict[Request, Request] = {}
    for request in requests:
        first = merged.get(request)
        serves = dict.fromkeys((*first.serves, *request.serves) if first else request.serves)
        merged[request] = replace(request, serves=tuple(serves))
    return list(merged.values())
