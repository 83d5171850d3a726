"""Data model of the portfolio page: tables with bars, change of mix, past shock, neighbouring markets, the brief.

The classes have no `repr`: their figures come from what a firm entered, and must not appear in logs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, Terms, TextTable
from observatory.briefs.common.ranking_model import IntervalBar
from observatory.briefs.figures.methodology import build_formula, build_methodology
from observatory.briefs.track_record.model import KeyFigure
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
class BestChange:
    """A change of mix that loses on neither side: the move, the growth then expected, the odds of a decline then."""

    move: str
    middle: str
    odds: str


@dataclass(frozen=True, repr=False)
class MixChange:
    """Effect of one change of mix: a sentence, the chart of all changes, the choices on offer ("" is the default).

    `best` are the changes that are named first; `today` is the mix as it is, beside them, or why there are none.
    """

    sentence: str
    figure: Figure
    source_options: Mapping[str, str]
    target_options: Mapping[str, str]
    chosen: tuple[str, str]
    methodology: Terms
    best: tuple[BestChange, ...] = ()
    today: str = ""


@dataclass(frozen=True, repr=False)
class ShockText:
    """What a shock would do: its condition, its effect in per cent and euros, what sort of statement that is."""

    condition: str
    effect: str
    caveat: str

    @property
    def sentence(self) -> str:
        """The whole of it."""
        return " ".join(part for part in (self.condition, self.effect, self.caveat) if part)


@dataclass(frozen=True, repr=False)
class MixShock:
    """Past shocks on the mix: text on the chosen one ("" is the deepest), the others in a line, the chart of all."""

    text: ShockText
    others: str
    figure: Figure | None
    shock_options: Mapping[str, str]
    chosen: str
    methodology: Terms

    @property
    def sentence(self) -> str:
        """The text on the chosen shock as one paragraph."""
        return self.text.sentence


@dataclass(frozen=True, repr=False)
class NeighbourRow:
    """A neighbouring market: call, closeness and track record in words, and why it has its rank.

    `odds` are the chances of growth out of 100, empty without a call; `summary` says in one line what the firm's own
    know-how does there and what our calls there were worth.
    """

    target: Selection
    title: str
    call: str
    call_label: str
    odds_text: str
    closeness: str
    track_record: str
    explanation: str
    odds: str = ""
    summary: str = ""


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
    foot: str = ""  # what the odds in sight are of, and whose judgement the closeness is
    is_by_choice: bool = False  # ranked by what the firm says that it can do, not by what its markets use


@dataclass(frozen=True, repr=False)
class HorizonRow:
    """The growth of the mix over one horizon: range and middle as texts and as a bar, odds of a decline out of 100."""

    label: str
    note: str
    interval: IntervalBar
    low: str
    middle: str
    high: str
    odds: str
    spoken: str
    is_chosen: bool


@dataclass(frozen=True, repr=False)
class MixSummary:
    """What the page shows in sight: sentences under the answer, key figures, horizons, the answer in one line."""

    texts: tuple[str, ...]
    keys: tuple[KeyFigure, ...]
    horizons: tuple[HorizonRow, ...]
    scale: tuple[int, int]
    held: str
    pinned: tuple[str, str, str]


@dataclass(frozen=True, repr=False)
class PortfolioBrief:
    """Brief of the portfolio page: expected growth and risk of the markets of a firm together.

    `under` has all sentences, as documents write them; `summary` is the same answer as the page shows it. `knowhow` are
    the titles of what a firm can say that it does, by id.
    """

    kicker: str
    lead: str
    under: tuple[str, ...]
    growth: BarTable | None = None
    contributions: BarTable | None = None
    change: MixChange | None = None
    shock: MixShock | None = None
    neighbours: NeighbourTable | None = None
    summary: MixSummary | None = None
    knowhow: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def build_part_methodology(context: Context, part: str, markets: Iterable[str], **values: object) -> Terms:
    """Methodology of a part of the page: inputs, edition, formula."""
    localizer = context.localizer
    names = localizer.list_text(
        localizer.field_text(context.outlook.catalogue.segments[market], "title") for market in markets
    )
    inputs = localizer.text(f"portfolio.{part}.inputs", list=names, **values)
    return build_methodology(context, inputs, (build_formula(f"portfolio.{part}.formula", localizer, **values),))
