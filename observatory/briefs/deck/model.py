"""Data model of the first slides of a deck; the classes have no `repr`, as those of a firm's mix are private."""

from dataclasses import dataclass

from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.track_record.model import KeyFigure


@dataclass(frozen=True, repr=False)
class CallGroup:
    """The markets of one call: its code, its title, and their names."""

    call: str
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class AnswerSlide:
    """The answer in a sentence, what to know with it, at most three key figures, and the markets by call.

    `facts` are sentences that stand below the figures where there are no groups.
    """

    title: str
    lead: str
    keys: tuple[KeyFigure, ...]
    groups: tuple[CallGroup, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class BarRow:
    """A market with its odds and the range of its growth in per cent, or why there is none; or a heading (`call`)."""

    title: str
    odds: str = ""
    note: str = ""
    bar: IntervalBar | None = None
    low: str = ""
    middle: str = ""
    high: str = ""
    missing: str = ""
    call: str = ""
    is_marked: bool = False  # the market of the page


@dataclass(frozen=True, repr=False)
class RankingSlide:
    """Markets, countries or series with bars on one scale (per cent).

    `odds_head` heads the figure of each row, which `out_of` follows.
    """

    title: str
    lead: str
    odds_head: str
    out_of: str
    rows: tuple[BarRow, ...]
    scale: tuple[int, int]
    ticks: tuple[tuple[int, str], ...]


@dataclass(frozen=True, repr=False)
class ChartSlide:
    """A chart with the reasons next to it (each in bold, then in words) and what happens if it goes wrong."""

    title: str
    lead: str
    figure: Figure
    reasons_title: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    caution_title: str = ""
    caution: str = ""


@dataclass(frozen=True, repr=False)
class ReliabilityPoint:
    """A bin of past calls: what was said and what came, in per cent, and how many calls, as a number and as text."""

    said: float
    came: float
    count: int
    label: str


@dataclass(frozen=True, repr=False)
class HorizonHits:
    """Per cent of "growing" calls at a horizon that came true, and of all cases in which growth came."""

    label: str
    hits: int
    base: int


@dataclass(frozen=True, repr=False)
class RecordSlide:
    """What was said against what came, the record by horizon, and the limits."""

    title: str
    lead: str
    points_title: str
    points: tuple[ReliabilityPoint, ...]
    said_axis: str
    came_axis: str
    hits_title: str
    hits_name: str
    base_name: str
    hits: tuple[HorizonHits, ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class TableSlide:
    """A table with what to beware of below it."""

    title: str
    lead: str
    table: TextTable
    cautions_title: str = ""
    cautions: tuple[str, ...] = ()


DeckSlide = AnswerSlide | RankingSlide | ChartSlide | RecordSlide | TableSlide
