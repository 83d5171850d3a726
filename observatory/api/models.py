"""The nouns of the interface: an Address of ROUTES with its parameters, what was Asked, an Answer, a Problem."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal

from observatory.api.metrics import Counts
from observatory.api.response_cache import Kept
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.workspace import Workspace

Schema = dict[str, Any]  # JSON Schema 2020-12, as OpenAPI 3.1 takes it
Kind = Literal["string", "integer", "number", "boolean"]


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query: `schema` gives its values as of a catalogue, `says` explains it in English."""

    name: str
    schema: Callable[[Catalogue], Schema]
    says: str


@dataclass(frozen=True)
class Field:
    """A column of a table: its name and type in CSV and JSON, what it means, and whether it can be empty."""

    name: str
    kind: Kind
    says: str
    null: bool = False

    @property
    def schema(self) -> Schema:
        """Its JSON Schema."""
        return {"type": [self.kind, "null"] if self.null else self.kind, "description": self.says}


@dataclass(frozen=True)
class Asked:
    """A request, read and checked: `given` holds the parameters as they were written, without repetition.

    `outlook` is what `asof` names, `pinned` whether it names an edition by its number, so that no later publication
    can change the answer. `site` is the public address of the server.
    """

    path: str
    workspace: Workspace
    outlook: Outlook
    pinned: bool
    selection: Selection
    given: Mapping[str, str]
    site: str
    french: bool = False  # `;` and decimal comma
    limit: int | None = None
    offset: int = 0
    nowhere: bool = False  # the filters contradict one another

    @property
    def localizer(self) -> Localizer:
        """Who says titles and units in the language asked for."""
        return Localizer("en" if self.selection.lang == "en" else "fr")


@dataclass(frozen=True)
class Answer:
    """The bytes of an answer; `following` is the address of the next page, `file` a name for whoever saves it."""

    body: bytes
    media_type: str
    following: str = ""
    file: str = ""


@dataclass(frozen=True)
class Address:
    """A row of ROUTES: the route, the OpenAPI document and the check of its parameters are all made from it.

    `kept` answers are those of an edition: made from what was Asked, remembered, with an ETag; a `sited` one holds the
    address of the server. Health and metrics are not kept: they are made from the Desk, and let unknown parameters
    pass, which probes like to add.
    """

    path: str
    summary: str
    answer: Callable[[Asked], Answer] | Callable[["Desk"], Answer]
    media_type: str
    schema: Schema
    parameters: tuple[Parameter, ...] = ()
    kept: bool = True
    sited: bool = False


@dataclass(frozen=True)
class Desk:
    """What the routes of a server share: workspace, answers that are kept, counts; months are rebuilt one by one."""

    opened: Callable[[], Workspace]
    counts: Counts = field(default_factory=Counts)
    kept: Kept = field(default_factory=Kept)
    rebuilding: Lock = field(default_factory=Lock)


class Problem(Exception):  # noqa: N818 - it is an answer, not a fault of ours
    """Why a request is refused: a status, and the key and values of a sentence (`api.KEY`, `api.KEY.hint`)."""

    def __init__(self, status: int, key: str, hint: str = "", **values: str | int) -> None:
        super().__init__(status, key)
        self.status, self.key, self.hint = status, key, hint
        self.values = values
