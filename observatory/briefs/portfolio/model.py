"""The nouns of the portfolio page: tables whose rows have a bar, how a figure is computed, the page itself.

None of them prints its figures: they come from what a firm entered, and belong in no log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from observatory.briefs.common.methodology import formula
from observatory.briefs.common.methodology import how as terms_of
from observatory.briefs.common.model import Bar, Figure, Table, Terms
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


@dataclass(frozen=True, repr=False)
class Line:
    """A row of a Barred table. Its mark is a range in per cent, or one value from zero in a tone of the palette."""

    label: str
    below: str
    cells: tuple[str, ...]
    range: Bar | None = None
    value: float | None = None
    tone: str = "muted"


@dataclass(frozen=True, repr=False)
class Barred:
    """A table with a column of bars after the first cell: every figure beside its bar; `how` says how it is made."""

    title: str
    subtitle: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    scale: tuple[int, int]
    notes: tuple[str, ...]
    how: Terms


@dataclass(frozen=True, repr=False)
class Change:
    """What one change of mix would do: a sentence, the chart of them all, the choices on offer ("": the page's own)."""

    sentence: str
    figure: Figure
    sources: Mapping[str, str]
    targets: Mapping[str, str]
    chosen: tuple[str, str]
    how: Terms


@dataclass(frozen=True, repr=False)
class Replayed:
    """A past shock on the mix: the sentence of the one chosen ("": the deepest), the chart and table of all."""

    sentence: str
    figure: Figure | None
    choices: Mapping[str, str]
    chosen: str
    how: Terms


@dataclass(frozen=True, repr=False)
class Near:
    """A neighbouring market: its three parts, each in words, and the sentence that explains its rank."""

    target: Selection
    title: str
    call: str
    label: str
    odds: str
    near: str
    record: str
    sentence: str


@dataclass(frozen=True, repr=False)
class Neighbours:
    """The neighbouring markets in their rank, and the judgement behind them, one click away."""

    title: str
    subtitle: str
    heads: tuple[str, ...]
    rows: tuple[Near, ...]
    rest: str
    judgement: str
    matrix: Table
    reasons: Terms
    how: Terms


@dataclass(frozen=True, repr=False)
class Portfolio:
    """What the markets of a firm should do together."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    ahead: Barred | None = None
    brings: Barred | None = None
    change: Change | None = None
    shock: Replayed | None = None
    neighbours: Neighbours | None = None
    notices: tuple[str, ...] = ()


def how(name: str, outlook: Outlook, markets: Iterable[str], speaker: Speaker, **values: object) -> Terms:
    """How a block is computed: what goes in, from which edition, by which formula."""
    names = speaker.list_of(speaker.of(outlook.catalogue.segments[market], "title") for market in markets)
    inputs = speaker.say(f"portfolio.{name}.inputs", list=names, **values)
    return terms_of(inputs, (formula(f"portfolio.{name}.formula", speaker, **values),), outlook, speaker)
