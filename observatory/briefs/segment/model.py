"""View model of the page of a market or section: what it shows at once, and what it folds."""

from dataclasses import dataclass

from observatory.briefs.common.model import Chapter, Figure, IndicatorRow, TextTable
from observatory.briefs.track_record.model import KeyFigure
from observatory.catalogue.models import IndicatorRole


@dataclass(frozen=True)
class BridgePoint:
    """A pace on the line of a bridge, `place` per cent from its left end."""

    label: str
    growth: str
    place: float
    is_ours: bool = False


@dataclass(frozen=True)
class Bridge:
    """How the pace of a market follows from its two halves: a sentence, and three points on a line."""

    sentence: str
    points: tuple[BridgePoint, ...]


@dataclass(frozen=True)
class Cause:
    """A reason of a call: the cause in a few words, then its figure."""

    title: str
    text: str


@dataclass(frozen=True)
class Risk:
    """What the worst past shock would do to a market, and what to keep in mind."""

    text: str
    caveat: str


@dataclass(frozen=True)
class IndicatorGroup:
    """The indicators of one role, in the order of the page."""

    role: IndicatorRole
    title: str
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True)
class SeriesDetail:
    """One series in full: its chart with sources and table, its low, central and high forecast."""

    figure: Figure
    scenarios: TextTable | None


@dataclass(frozen=True, kw_only=True)
class MarketBrief:
    """The page of a market or section. `opened` is the indicator that its reader opened; no other is computed.

    `first_series` stands in the place of the index where there is none, unless an indicator is opened.
    """

    segment: str
    is_market: bool
    title: str
    kicker: str
    headline: str
    lead: str
    call: str  # its class, empty for a section without calls
    call_label: str
    key_figures: tuple[KeyFigure, ...]
    cautions: tuple[str, ...]
    bridge: Bridge | None
    index_figure: Figure | None
    index_sources: str
    first_series: SeriesDetail | None
    opened: SeriesDetail | None
    missing_notice: str
    causes: tuple[Cause, ...]
    risk: Risk | None
    groups: tuple[IndicatorGroup, ...]
    compared: tuple[str, ...]  # codes of the series that weigh most
    about: tuple[str, ...]
    reasons: TextTable | None
    scenarios: TextTable | None
    past_shocks: Chapter | None
    leading_signals: Chapter | None
    has_others: bool  # others publish forecasts of it

    @property
    def has_chart(self) -> bool:
        """Whether the page draws a chart; only a market without data has none."""
        series = (detail.figure for detail in (self.first_series, self.opened) if detail is not None)
        return any(figure is not None and figure.spec is not None for figure in (self.index_figure, *series))
