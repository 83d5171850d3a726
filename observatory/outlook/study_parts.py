"""The parts of a study, as pages read them: scores, shocks, leads, flags, scenarios, inputs of a firm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.outlook.calls.scores import ReliabilityBin


@dataclass(frozen=True)
class QuotedScores:
    """The scores of replayed calls that pages quote in a sentence; see `CallScores` for what each counts."""

    n: int = 0
    brier: float = 0.0
    called: int = 0
    right: int = 0
    base: float = 0.0
    covered: int = 0
    judged: int = 0
    brier_own: float = 0.0
    brier_pooled: float = 0.0
    brier_trend: float = 0.0
    brier_coin: float = 0.0

    @property
    def hit_rate(self) -> float:
        """The share of "growing" calls that came true; 0 if there was none."""
        return self.right / self.called if self.called else 0.0


@dataclass(frozen=True)
class MarketShock:
    """What a market did in a past shock: medians over its `count` series, None where too few series tell.

    `depth` is the share of the peak that was lost; months are counted from the peak to the trough and from there back
    to the level of the peak. `monthly_path` is a `ShockPath`.
    """

    count: int
    fell: int
    depth: float | None
    trough_months: float | None
    back_months: float | None
    monthly_path: list[float | None] | None


@dataclass(frozen=True)
class PastShock:
    """A named shock by its dates (ISO, `end` empty while it lasts), and each market that has series of that time."""

    start: str
    end: str
    markets: Mapping[str, MarketShock]
    has_paths: bool  # False in editions older than monthly paths


@dataclass(frozen=True)
class CalmPeriods:
    """What the same computation finds where no shock began: median depth over `starts` spans."""

    depth: float
    starts: int


@dataclass(frozen=True)
class Lead:
    """An indicator that announced a market: the lag, what it gained at `origins` years of past forecasts."""

    lead: str
    market: str
    lag_months: int
    gain: float
    origins: int


@dataclass(frozen=True)
class SegmentLeads:
    """The pairs of a market that passed each test in turn, and the leads that passed all."""

    pairs: int
    tested: int
    together: int
    ahead: int
    reliable: tuple[Lead, ...]


@dataclass(frozen=True)
class RaisedFlag:
    """A flag that stands, with how often it was raised, how often that was followed, and whether pages show it."""

    indicator: str
    kind: str
    raised: int
    followed: int
    base: float | None  # None where nothing is known yet; such a flag is not shown
    shown: bool


@dataclass(frozen=True)
class HorizonScenarios:
    """Growth a year by scenario ("low", "base", "high"): of the market, and of each indicator; None if unknown."""

    market: Mapping[str, float | None]
    indicators: Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True)
class MarketScenarios:
    """The scenarios of a market by horizon; `together` is the mean correlation of its series' past errors."""

    together: float
    horizons: Mapping[int, HorizonScenarios]


@dataclass(frozen=True)
class InputPaths:
    """Joint price paths: key and last month of each series, months ahead, ranks in base64 (series x paths x months)."""

    series: list[list[str]]
    origins: list[int]
    steps: int
    ranks: str


@dataclass(frozen=True)
class OddsScores:
    """Scores of past odds: number of cases, their Brier score, that of the reference, and the bins.

    `difference` is the 90 % interval of the first score less the second; empty in an edition that has none.
    """

    n: int
    brier: float
    reference: float
    bins: tuple[ReliabilityBin, ...]
    difference: tuple[float, ...] = ()


@dataclass(frozen=True)
class OddsRecord:
    """Past odds of a crossing in some month up to a date (`some`) and in that very month (`then`).

    `first` is the month (ordinal) of the first of `origins`.
    """

    origins: int
    first: int
    some: OddsScores
    then: OddsScores


@dataclass(frozen=True)
class BasketRecord:
    """How often past ranges of baskets held: by months ahead [outcomes, inside by level]."""

    baskets: int
    dates: int
    interval_hits: Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class TimingRule:
    """A rule on when to negotiate: raised, followed, the base rate, and whether its past makes it usable."""

    rule: str
    months: int
    raised: int
    followed: int
    base: float
    usable: bool


@dataclass(frozen=True)
class PurchasingStudy:
    """What a vintage stores of the inputs of a firm; None or empty where it has nothing.

    `asked` is the month (ordinal) from which its odds of crossing a threshold count, in the record too. It is None in
    an edition that counted from the month after the last one known, months long past included.
    """

    paths: InputPaths | None = None
    odds_record: OddsRecord | None = None
    basket_record: BasketRecord | None = None
    timing_rules: tuple[TimingRule, ...] = ()
    asked: int | None = None
