"""Data model of the portfolio page: tables with bars, change of mix, past shock, neighbouring markets, the brief.

The classes have no `repr`: their figures come from what a firm entered, and must not appear in logs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, IntervalBar, Terms, TextTable
from observatory.briefs.figures.methodology import build_formula, build_methodology
from observatory.selection import Selection


@dataclass(frozen=True, repr=False)
class BarTableRow:
    """A row of a BarTable; its bar shows `interval` in per cent, or runs from zero to `value` in `colour_token`."""

    label: str
    note: str
    cells: tuple[str, ...]
    interval: IntervalBar | None = None
    value: float | None = None
    colour_token: str = "muted"  # noqa: S105 - a name of the palette


@dataclass(frozen=True, repr=False)
class BarTable:
    """A table with a column of bars after the first cell; `scale` is the range of the bars in per cent."""

    title: str
    subtitle: str
    heads: tuple[str, ...]
    rows: tuple[BarTableRow, ...]
    scale: tuple[int, int]
    notes: tuple[str, ...]
    methodology: Terms


@dataclass(frozen=True, repr=False)
class MixChange:
    """Effect of one change of mix: a sentence, the chart of all changes, the choices on offer ("" is the default)."""

    sentence: str
    figure: Figure
    source_options: Mapping[str, str]
    target_options: Mapping[str, str]
    chosen: tuple[str, str]
    methodology: Terms


@dataclass(frozen=True, repr=False)
class MixShock:
    """Past shocks on the mix: a sentence on the one chosen ("" is the deepest), the chart and table of all."""

    sentence: str
    figure: Figure | None
    shock_options: Mapping[str, str]
    chosen: str
    methodology: Terms


@dataclass(frozen=True, repr=False)
class NeighbourRow:
    """A neighbouring market: call, closeness and track record in words, and why it has its rank."""

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
    """The neighbouring markets by rank, and the assessment of know-how that the rank rests on."""

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
    """Brief of the portfolio page: expected growth and risk of the markets of a firm together."""

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
    """Methodology of a part of the page: inputs, edition, formula."""
    localizer = context.localizer
    names = localizer.list_text(
        localizer.field_text(context.outlook.catalogue.segments[market], "title") for market in markets
    )
    inputs = localizer.text(f"portfolio.{part}.inputs", list=names, **values)
    return build_methodology(context, inputs, (build_formula(f"portfolio.{part}.formula", localizer, **values),))
