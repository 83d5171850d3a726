"""The nouns of the portfolio page: tables whose rows have a bar, how a figure is computed, the page itself.

None of them prints its figures: they come from what a firm entered, and belong in no log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from observatory.briefs.common.context import Context
from observatory.briefs.common.methodology import build_formula, build_methodology
from observatory.briefs.common.model import Figure, IntervalBar, Terms, TextTable
from observatory.selection import Selection


@dataclass(frozen=True, repr=False)
class BarTableRow:
    """A row of a Barred table. Its mark is a range in per cent, or one value from zero in a tone of the palette."""

    label: str
    note: str
    cells: tuple[str, ...]
    interval: IntervalBar | None = None
    value: float | None = None
    colour_token: str = "muted"  # noqa: S105 - a name of the palette


@dataclass(frozen=True, repr=False)
class BarTable:
    """A table with a column of bars after the first cell: every figure beside its bar; `how` says how it is made."""

    title: str
    subtitle: str
    heads: tuple[str, ...]
    rows: tuple[BarTableRow, ...]
    scale: tuple[int, int]
    notes: tuple[str, ...]
    methodology: Terms


@dataclass(frozen=True, repr=False)
class MixChange:
    """What one change of mix would do: a sentence, the chart of them all, the choices on offer ("": the page's own)."""

    sentence: str
    figure: Figure
    source_options: Mapping[str, str]
    target_options: Mapping[str, str]
    chosen: tuple[str, str]
    methodology: Terms


@dataclass(frozen=True, repr=False)
class MixShock:
    """A past shock on the mix: the sentence of the one chosen ("": the deepest), the chart and table of all."""

    sentence: str
    figure: Figure | None
    shock_options: Mapping[str, str]
    chosen: str
    methodology: Terms


@dataclass(frozen=True, repr=False)
class NeighbourRow:
    """A neighbouring market: its three parts, each in words, and the sentence that explains its rank."""

    target: Selection
    title: str
    call: str
    call_label: str
    odds_text: str
    closeness: str
    track_record: str
    explanation: str


@dataclass(frozen=True, repr=False)
class NeighbourTable:
    """The neighbouring markets in their rank, and the judgement behind them, one click away."""

    title: str
    subtitle: str
    heads: tuple[str, ...]
    rows: tuple[NeighbourRow, ...]
    far_markets: str
    assessment_note: str
    knowhow_matrix: TextTable
    knowhow_reasons: Terms
    methodology: Terms


@dataclass(frozen=True, repr=False)
class PortfolioBrief:
    """What the markets of a firm should do together."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    growth: BarTable | None = None
    contributions: BarTable | None = None
    change: MixChange | None = None
    shock: MixShock | None = None
    neighbours: NeighbourTable | None = None
    notices: tuple[str, ...] = ()


def build_part_methodology(context: Context, part: str, markets: Iterable[str], **values: object) -> Terms:
    """How a block is computed: what goes in, from which edition, by which formula."""
    localizer = context.localizer
    names = localizer.list_text(
        localizer.field_text(context.outlook.catalogue.segments[market], "title") for market in markets
    )
    inputs = localizer.text(f"portfolio.{part}.inputs", list=names, **values)
    return build_methodology(context, inputs, (build_formula(f"portfolio.{part}.formula", localizer, **values),))
