"""View models of the track record."""

from dataclasses import dataclass

from observatory.briefs.common.model import Chapter, Figure, TextTable
from observatory.selection import Selection


@dataclass(frozen=True, repr=False)
class KeyFigure:
    """A figure in large type with its unit and what it means; without a `value` words stand in its place.

    `dots` of a hundred are drawn beside a share, as expected or as observed ones. It may be of a reader's own mix, so
    that no log may show it.
    """

    value: str
    unit: str
    text: str
    dots: int | None = None
    is_expected: bool = True


@dataclass(frozen=True)
class HitBar:
    """The hit rate of "growing" at a horizon, and that of calling it everywhere, in whole per cents."""

    label: str
    right: int
    always: int
    text: str


@dataclass(frozen=True)
class TrackRecordBrief:
    """The track record: how often calls were right, the worst misses, scores compared with baselines.

    `headline`, `key_figures` and `caveats` say on the page what `lead` and `under` say in files.
    """

    kicker: str
    lead: str
    under: tuple[str, ...]
    misses_chapter: Chapter
    miss_figures: tuple[Figure, ...]
    miss_targets: tuple[Selection, ...]  # the rebuilt page of each miss; empty in an edition without such links
    miss_summaries: tuple[str, ...]
    reliability_figure: Figure | None
    hit_rates: Chapter | None
    baseline_figure: Figure | None
    score_tables: tuple[TextTable, ...]
    market_scores: Chapter | None
    coverage_figure: Figure | None
    growth: Chapter | None
    skill: Chapter | None
    skill_table: TextTable | None
    real_time: Chapter | None
    real_time_table: TextTable | None
    published_calls: Chapter
    others_figure: Figure | None = None
    others: Chapter | None = None
    headline: str = ""
    key_figures: tuple[KeyFigure, ...] = ()
    caveats: tuple[str, ...] = ()
    hit_bars: tuple[HitBar, ...] = ()
