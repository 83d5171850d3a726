"""The first slides of the deck of a comparison of series."""

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.briefs.common.comparison_model import CompareBrief
from observatory.briefs.common.context import Context
from observatory.briefs.compare.series import build_compared_series
from observatory.briefs.countries.standings import growth_text
from observatory.briefs.deck.model import AnswerSlide, BarRow, ChartSlide, DeckSlide, RankingSlide, TableSlide
from observatory.briefs.deck.parts import build_record_slide
from observatory.briefs.deck.ranges import build_bar_scale, build_range_row
from observatory.briefs.track_record.model import KeyFigure
from observatory.outlook.analysis.comovement import Comovement
from observatory.outlook.analysis.yearly_series import YearlySeries, compute_expected_growth, compute_past_growth

_YEARS = 5  # of past growth
_MIN_COMPARED = 2
_MAX_NAME = 30  # letters of a title in the title of a slide


@dataclass(frozen=True)
class _Pace:
    """A series of the comparison, its letter and title, its past growth and the median of what is expected."""

    series: YearlySeries
    letter: str
    title: str
    past: float | None
    expected: float | None

    @property
    def short_name(self) -> str:
        """Its title, or its letter where the title is too long to stand in a sentence with another."""
        return self.title if len(self.title) <= _MAX_NAME else self.letter


def build_compare_deck(
    context: Context, brief: CompareBrief, comovements: Sequence[Comovement]
) -> tuple[DeckSlide, ...]:
    """The answer, what is expected in bars, the chart, how sure; nothing for a series alone."""
    chosen = build_compared_series(context)
    lines, year = chosen.lines, chosen.until_year
    if len(lines) < _MIN_COMPARED:
        return ()
    paces = []
    for line, row in zip(lines, brief.series, strict=True):
        growth = compute_expected_growth(line)
        paces.append(
            _Pace(line, row.letter, row.short_title, compute_past_growth(line, _YEARS), growth[0] if growth else None)
        )
    slides = (
        _build_answer(context, brief, paces, year),
        _build_ranges(context, paces, year),
        _build_chart(context, brief, paces),
        _build_table(context, brief, comovements) or build_record_slide(context),
    )
    return tuple(slide for slide in slides if slide is not None)


def _sort_past(paces: Sequence[_Pace]) -> list[_Pace]:
    """The series with past growth, the fastest first."""
    return sorted((row for row in paces if row.past is not None), key=lambda row: -(row.past or 0.0))


def _sort_expected(paces: Sequence[_Pace]) -> list[_Pace]:
    """The series with a forecast, the fastest first."""
    return sorted((row for row in paces if row.expected is not None), key=lambda row: -(row.expected or 0.0))


def _build_answer(context: Context, brief: CompareBrief, paces: Sequence[_Pace], year: int) -> AnswerSlide:
    localizer, keys = context.localizer, []
    past, ahead = _sort_past(paces), _sort_expected(paces)
    if past:
        text = localizer.text("export.deck.compare.fast", title=past[0].title, n=len(past))
        keys.append(KeyFigure(growth_text(past[0].past, localizer), "", text, is_expected=False))
    if len(past) > 1:
        text = localizer.text("export.deck.compare.slow", title=past[-1].title)
        keys.append(KeyFigure(growth_text(past[-1].past, localizer), "", text, is_expected=False))
    growth = compute_expected_growth(ahead[0].series) if ahead else None
    if growth is not None:
        text = localizer.text(
            "export.deck.compare.ahead",
            title=ahead[0].title,
            year=year,
            low=localizer.growth_digits(growth[1]),
            high=localizer.growth(growth[2]),
        )
        keys.append(KeyFigure(localizer.growth(growth[0]), localizer.text("export.firm.a_year"), text))
    return AnswerSlide(brief.lead.removesuffix("."), "", tuple(keys), facts=brief.under)


def _build_ranges(context: Context, paces: Sequence[_Pace], year: int) -> RankingSlide | None:
    """What is expected of each series with its range, next to its past growth; None without any forecast."""
    localizer, ahead = context.localizer, _sort_expected(paces)
    if not ahead:
        return None
    unknown = localizer.text("export.deck.compare.unknown")
    rows: list[BarRow] = []
    for pace in (*ahead, *(row for row in paces if row.expected is None)):
        title = f"{pace.letter} {pace.title}"
        rows.append(build_range_row(title, growth_text(pace.past, localizer), pace.series, localizer, unknown))
    scale = build_bar_scale(rows, localizer)
    return RankingSlide(
        title=_ranges_title(context, ahead, year),
        lead=localizer.text("export.deck.ranges.lead", year=year),
        odds_head=localizer.text("export.deck.compare.pace"),
        out_of="",
        rows=tuple(rows),
        scale=scale.ends,
        ticks=scale.ticks,
    )


def _ranges_title(context: Context, ahead: Sequence[_Pace], year: int) -> str:
    localizer = context.localizer
    best, least = (growth_text(row.expected, localizer) for row in (ahead[0], ahead[-1]))
    if best == least:
        names = localizer.list_text(row.short_name for row in ahead)
        return localizer.text("export.deck.compare.one", year=year, best=best, list=names)
    names_of = {"a": ahead[0].short_name, "b": ahead[-1].short_name}
    return localizer.text("export.deck.compare.span", year=year, best=best, least=least, **names_of)


def _build_chart(context: Context, brief: CompareBrief, paces: Sequence[_Pace]) -> ChartSlide | None:
    """The chart of the page, with the latest level of each series."""
    localizer, past = context.localizer, _sort_past(paces)
    if brief.chart.spec is None:
        return None
    title = brief.chart.title
    if len(past) > 1:
        title = localizer.text(
            "export.deck.compare.chart",
            a=past[0].short_name,
            b=past[-1].short_name,
            best=growth_text(past[0].past, localizer),
            least=growth_text(past[-1].past, localizer),
        )
    caution = " ".join(brief.chart.notes)
    return ChartSlide(
        title=title,
        lead=f"{brief.chart.title}. {brief.chart.takeaway}",
        figure=brief.chart,
        reasons_title=localizer.text("export.deck.compare.levels"),
        reasons=tuple((f"{row.letter} {row.short_title}", row.cells[0]) for row in brief.series),
        caution_title=localizer.text("export.deck.beware") if caution else "",
        caution=caution,
    )


def _build_table(context: Context, brief: CompareBrief, comovements: Sequence[Comovement]) -> TableSlide | None:
    """Each pair with what chance explains of its likeness; None where none could be tested."""
    localizer = context.localizer
    shares = [pair.q_value for pair in comovements if pair.q_value is not None]
    if not shares or not brief.comovement.tables:
        return None
    title = localizer.plural(
        "export.deck.compare.sure",
        len(shares),
        most=localizer.percent_text(max(shares)),
    )
    return TableSlide(
        title=title,
        lead=brief.comovement.subtitle,
        table=brief.comovement.tables[0],
        cautions_title=localizer.text("export.deck.beware"),
        cautions=(localizer.text("compare.under.caution"), localizer.text("method.limits.shock.text")),
    )
