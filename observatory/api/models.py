"""Models of the API: a Field of a table, an Endpoint of ROUTES, the ApiRequest it answers, its Payload, an ApiError."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from observatory.api.http.metrics import Metrics
from observatory.api.http.response_cache import ResponseCache
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.workspace import Workspace

Schema = dict[str, Any]  # JSON Schema 2020-12, as OpenAPI 3.1 takes it
FieldType = Literal["string", "integer", "number", "boolean"]


@dataclass(frozen=True)
class Field:
    """A column of a table: its name and type in CSV and JSON, its meaning, and whether it can be empty."""

    name: str
    type: FieldType
    description: str
    nullable: bool = False

    @property
    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {"type": [self.type, "null"] if self.nullable else self.type, "description": self.description}


@dataclass(frozen=True)
class ApiRequest:
    """A validated request; `query_params` are as the client wrote them.

    `outlook` is what `asof` names; `pinned` says whether that is an edition by its number, so that no later
    publication can change the answer. `site` is the public address of the server, `openapi` gives the document of its
    routes. `is_contradictory` says that no row can pass all filters; `query` is the query as its model holds it.
    """

    path: str
    workspace: Workspace
    outlook: Outlook
    pinned: bool
    selection: Selection
    query_params: Mapping[str, str]
    site: str
    openapi: Callable[[], dict[str, Any]]
    dialect: str = "international"
    limit: int | None = None
    offset: int = 0
    is_contradictory: bool = False
    query: BaseModel | None = None

    @property
    def localizer(self) -> Localizer:
        """The localizer of the requested language."""
        return Localizer("en" if self.selection.lang == "en" else "fr")


@dataclass(frozen=True)
class Payload:
    """The content of an answer; `next_url` is the address of the next page, `filename` is for those who save it."""

    content: bytes
    media_type: str
    next_url: str = ""
    filename: str = ""


@dataclass(frozen=True)
class StreamedPayload:
    """The content of a long answer: `parts` makes it piece by piece; `version` is what it depends on, in a few words.

    Two payloads of the same edition, address and `version` have the same content.
    """

    parts: Callable[[], Iterator[bytes]]
    version: str
    media_type: str
    next_url: str = ""
    filename: str = ""


@dataclass(frozen=True)
class ApiState:
    """State shared by all requests: workspace, cached responses, metrics."""

    open_workspace: Callable[[], Workspace]
    metrics: Metrics = field(default_factory=Metrics)
    cache: ResponseCache = field(default_factory=ResponseCache)


@dataclass(frozen=True)
class Endpoint:
    """A row of ROUTES: FastAPI makes the route, the check of its query and its part of the OpenAPI document from it.

    `query` is the model of its parameters. An endpoint with one answers from an edition: `build` takes an ApiRequest,
    and the answer is cached and has an ETag; a `site_bound` one holds the address of the server, and one
    that `has_notes` the notes of the cluster, which come between editions. An endpoint without
    (health, metrics) is built from the ApiState for each request, and accepts any parameter, as probes add some. An
    instant one is answered in the event loop: it needs no thread, of which slow requests may hold all. `stream` gives
    an answer that is too long to be built before it is sent, None for any other.
    """

    path: str
    summary: str
    build: Callable[[Any], Payload]
    media_type: str
    schema: Schema
    query: type[BaseModel] | None = None
    site_bound: bool = False
    has_notes: bool = False
    is_instant: bool = False
    stream: Callable[[Any], StreamedPayload | None] | None = None


class ApiError(Exception):
    """A request that is refused: a status, and the key and values of a message (`api.KEY`, `api.KEY.hint`)."""

    def __init__(self, status: int, key: str, **values: str | int) -> None:
        super().__init__(status, key)
        self.status, self.key, self.values = status, key, values
