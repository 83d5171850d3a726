"""Builds the brief of a comparison: how series move together, which one leads, past and expected growth of each."""

from collections.abc import Sequence
from dataclasses import replace

from observatory.briefs.common.comparison_model import CompareBrief
from observatory.briefs.common.context import Context
from observatory.briefs.common.data_end import series_end_text
from observatory.briefs.common.levels import LevelDisplay, find_common_unit
from observatory.briefs.common.model import Chapter, Figure, Terms
from observatory.briefs.common.series_names import inputs_text, shorten_series_names
from observatory.briefs.compare import comovement
from observatory.briefs.compare.chart import build_comparison_figure
from observatory.briefs.compare.growth import build_growth
from observatory.briefs.compare.series import apply_divisor, build_compared_series, choose_series, list_divisors
from observatory.briefs.figures.disclosure import list_forecast_basis_notes
from observatory.briefs.figures.methodology import build_methodology
from observatory.briefs.figures.series import build_series_figure
from observatory.briefs.figures.series_view import DEFAULT_YEARS_SHOWN
from observatory.catalogue.series_codes import format_series_code
from observatory.language import Localizer
from observatory.outlook.analysis.comovement import Comovement, find_comovements
from observatory.outlook.analysis.yearly_series import (
    YearlySeries,
    build_yearly_series,
    compute_past_growth,
    find_common_year,
)
from observatory.selection import UNITS, Selection
from observatory.settings import MAX_COMPARED_SERIES
from observatory.timeseries import SeriesKey

_LETTERS = "ABCDEFGH"
_SMALL_MULTIPLE_HEIGHT_PX = 250
_FORMULAS = ("levels", "index", "pace", "ahead", "ties", "worth")


def build_compare(context: Context, comovements: Sequence[Comovement] | None = None) -> CompareBrief:
    """The comparison of `selection.series`, or of DEFAULT_SERIES where none of them is known.

    `comovements` is the result of `find_selected_comovements` for the same context; computed where not given.
    """
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    chosen = build_compared_series(context)
    lines, until = chosen.lines, chosen.until_year
    last = max(line.last_month for line in lines) // 12
    since, end = selection.first or last - DEFAULT_YEARS_SHOWN + 1, selection.last or last
    unit = find_common_unit(lines, outlook.catalogue, localizer)
    shown, displays = _choose_display(lines, selection, since, end, has_several_units=unit is None)
    shown = replace(shown, unit=unit if shown.display in ("level", "log") else None)
    letters = _LETTERS[: len(lines)]
    titles = shorten_series_names(context, [line.key for line in lines])
    comovements = find_comovements(lines) if comovements is None else comovements
    growth_table, compared = build_growth(context, lines, letters, titles, until)
    return CompareBrief(
        kicker=_kicker_text(context, chosen.keys),
        lead=comovement.lead_text(comovements, titles, localizer),
        under=(
            *_under_texts(lines, titles, comovements, localizer),
            *list_forecast_basis_notes(context, [line.key for line in lines if line.denominator is None]),
        ),
        notices=tuple(chosen.notices),
        codes=tuple(format_series_code(line.key) for line in lines),
        display=shown.display,
        display_options=displays,
        base_year=shown.base_year if shown.unit is None and not shown.is_growth else 0,
        base_year_options=_list_base_years(lines, since, end),
        divisor=selection.per,
        divisor_options=list_divisors(context, lines, letters),
        chart=replace(
            build_comparison_figure(context, lines, letters, shown, (since, end, until)),
            methodology=_build_methodology(context, lines, ("levels", "pace" if shown.is_growth else "index", "ahead")),
        ),
        growth_table=growth_table,
        series=compared,
        comovement=replace(
            comovement.build_comovement_chapter(comovements, letters, titles, localizer),
            methodology=_build_methodology(context, lines, ("levels", "ties", "worth")),
        ),
        small_multiples=_build_small_multiples(context, chosen.keys, shown, outlook.base_year),
        methodology=Chapter(localizer.text("compare.how"), "", _build_methodology(context, lines, _FORMULAS)),
        growth_methodology=_build_methodology(context, lines, ("levels", "pace", "ahead")),
    )


def find_selected_comovements(context: Context) -> tuple[Comovement, ...]:
    """Comovements of the selected series. The costly part of a comparison; it does not depend on the display."""
    keys, _notices = choose_series(context)
    lines, _notices = apply_divisor(context, [build_yearly_series(context.outlook, key, 0) for key in keys])
    return find_comovements(lines)


def _kicker_text(context: Context, keys: Sequence[SeriesKey]) -> str:
    """Page and end of the data; also the indicator, where all series are the same one in several places."""
    localizer = context.localizer
    data = series_end_text(context, keys)
    if len(keys) > 1 and len({key[0] for key in keys}) == 1:
        title = localizer.field_text(context.outlook.catalogue.indicators[keys[0][0]], "title")
        return localizer.text("compare.kicker.places", title=title, data=data)
    return localizer.text("compare.kicker", data=data)


def _choose_display(
    lines: Sequence[YearlySeries], selection: Selection, since: int, end: int, *, has_several_units: bool
) -> tuple[LevelDisplay, tuple[str, ...]]:
    """The display, and those on offer. Series in several units share no axis of levels: they are shown as an index."""
    base = selection.base if any(line.level_of_year(selection.base) > 0 for line in lines) else 0
    base = base or find_common_year(lines, since, end)
    displays = tuple(name for name in UNITS if not (has_several_units and name == "level"))
    if not all(line.is_positive for line in lines):
        displays = tuple(name for name in displays if name != "log")
    display = "index" if has_several_units and selection.unit == "level" else selection.unit
    if display not in displays:
        display = displays[0]
    return LevelDisplay(display, base, None), displays


def _list_base_years(lines: Sequence[YearlySeries], since: int, end: int) -> tuple[int, ...]:
    """The years in which at least one series has a positive level, so that it can be 100 there."""
    return tuple(year for year in range(since, end + 1) if any(line.level_of_year(year) > 0 for line in lines))


def _under_texts(
    lines: Sequence[YearlySeries], titles: Sequence[str], comovements: Sequence[Comovement], localizer: Localizer
) -> tuple[str, ...]:
    """The series with the highest and lowest growth, and a caution where a series leads or some move together."""
    sentences = []
    rates = [
        (rate, title)
        for line, title in zip(lines, titles, strict=True)
        if (rate := compute_past_growth(line, 5)) is not None
    ]
    if len(rates) > 1:
        (best, first), (least, last) = max(rates), min(rates)
        sentences.append(
            localizer.text(
                "compare.under.pace", a=first, best=localizer.growth(best), b=last, least=localizer.growth(least)
            )
        )
    tested_count = sum(pair.state not in ("same", "short") for pair in comovements)
    if any(pair.state in ("useful", "ahead") for pair in comovements):
        sentences.append(localizer.plural("compare.under.ahead", tested_count))
    elif any(pair.state == "together" for pair in comovements):
        sentences.append(localizer.text("compare.under.caution"))
    return tuple(sentences)


def _build_small_multiples(
    context: Context, keys: Sequence[SeriesKey], shown: LevelDisplay, base_year: int
) -> tuple[Figure, ...]:
    """One small chart per series in its own unit, with its forecast; growth and logarithms as on the main chart."""
    unit = shown.display if shown.display in ("growth", "log") else "level"
    single_series = replace(context.selection, unit=unit)
    return tuple(
        build_series_figure(replace(context, selection=single_series), key, _SMALL_MULTIPLE_HEIGHT_PX, base_year)
        for key in keys[:MAX_COMPARED_SERIES]
    )


def _build_methodology(context: Context, lines: Sequence[YearlySeries], formula_keys: Sequence[str]) -> Terms:
    """Methodology of a part of the comparison: inputs, edition, formulas."""
    keys = [key for line in lines for key in (line.key, line.denominator) if key is not None]
    names = (*formula_keys, *(("per",) if lines[0].denominator else ()))
    formulas = (
        (context.localizer.text(f"compare.how.{name}"), context.localizer.text(f"compare.how.{name}.text"))
        for name in names
    )
    return build_methodology(context, inputs_text(context, keys), formulas)
