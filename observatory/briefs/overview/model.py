"""View models of the overview."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from observatory.briefs.common.model import Figure, TextTable
from observatory.briefs.common.ranking_model import RankingGroup, RankingRow


@dataclass(frozen=True)
class RecordSummary:
    """The record of past calls beside a headline: how often of 100 they came true, and a reference did.

    `sentence` says both in one line; `texts` say what either number counts, `details` on which cases they rest.
    """

    share: int
    base: int
    sentence: str
    texts: tuple[str, str]
    details: tuple[str, ...]


@dataclass(frozen=True)
class OverviewBrief:
    """The overview: ranked markets with their calls, the scatter of past and expected growth, the surest market.

    The page says `headline`, `edition`, `record` and `groups`; documents say `lead`, `kicker`, `under` and `rows`.
    """

    kicker: str
    lead: str
    under: tuple[str, ...]
    title: str
    subtitle: str
    rows: tuple[RankingRow, ...]
    scale: tuple[int, int]
    footnotes: tuple[str, ...]
    scatter: Mapping[str, Any] | None
    scatter_alt: str
    scatter_title: str
    scatter_subtitle: str
    scatter_note: str
    scatter_terms: tuple[tuple[str, str], ...]
    top_market_figure: Figure | None
    table: TextTable
    non_market_segments: tuple[tuple[str, str], ...]
    edition: str
    headline: str
    unclear: str
    limits: tuple[str, ...]
    odds_title: str
    odds_unit: str
    span: str
    past_head: str
    groups: tuple[RankingGroup, ...]
    caution_legend: str
    record: RecordSummary | None
    price: str
    first_due: str
