"""What a comparison says: how series move together, which one leads, what each grew by and should grow by."""

from collections.abc import Sequence
from dataclasses import replace

from observatory.briefs.common.comparison_model import CompareBrief, ComparedSeries
from observatory.briefs.common.context import Context
from observatory.briefs.common.levels import GDP_INDICATOR, LevelDisplay, find_common_unit
from observatory.briefs.common.methodology import build_methodology
from observatory.briefs.common.model import Chapter, Figure, Terms, TextTable
from observatory.briefs.common.series_figure import build_series_figure
from observatory.briefs.common.series_search import (
    format_peer_codes,
    format_series_name,
    inputs_text,
    shorten_series_names,
)
from observatory.briefs.common.series_view import DEFAULT_YEARS_SHOWN
from observatory.briefs.common.units import choose_unit, format_amount
from observatory.briefs.compare import comovement
from observatory.briefs.compare.chart import build_comparison_figure
from observatory.briefs.countries.standings import NO_VALUE, expected_growth_text, growth_text
from observatory.catalogue.series_codes import format_series_code, parse_series_code
from observatory.charts.comparison import get_line_dash, get_line_token
from observatory.language import Localizer
from observatory.outlook.analysis.comovement import Comovement, find_comovements
from observatory.outlook.analysis.yearly_series import (
    YearlySeries,
    build_yearly_series,
    compute_past_growth,
    divide_series,
    find_common_year,
)
from observatory.selection import UNITS, Selection
from observatory.settings import MAX_COMPARED_SERIES
from observatory.timeseries import SeriesKey

_LETTERS = "ABCDEFGH"
# The page's own choice: traffic, the aircraft it needs, the parts that these need.
DEFAULT_SERIES = (
    "world_passenger_kilometres.WORLD",
    "airliner_deliveries_airbus_boeing.WORLD",
    "us_aerospace_production.USA",
)
_GROWTH_YEARS = (1, 3, 5, 10)  # years
_SMALL_MULTIPLE_HEIGHT_PX = 250
_FORMULAS = ("levels", "index", "pace", "ahead", "ties", "worth")


def build_compare(context: Context, comovements: Sequence[Comovement] | None = None) -> CompareBrief:
    """The comparison of `selection.series`, or of the page's own choice where it names none that is known.

    `found` is what `tied_part` says of the same series; it is computed where it is not given.
    """
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    keys, notices = choose_series(context)
    base_year = next(iter(outlook.calls.values())).base_year if outlook.calls else outlook.day.year
    until = base_year + selection.horizon
    lines = [build_yearly_series(outlook, key, until, selection.level) for key in keys]
    lines, told = _apply_divisor(context, lines)
    notices += told
    last = max(line.last_month for line in lines) // 12
    since, end = selection.first or last - DEFAULT_YEARS_SHOWN + 1, selection.last or last
    unit = find_common_unit(lines, outlook.catalogue, localizer)
    shown, displays = _choose_display(lines, selection, unit is None, since, end)
    shown = replace(shown, unit=unit if shown.display in ("level", "log") else None)
    letters = _LETTERS[: len(lines)]
    titles = shorten_series_names(context, [line.key for line in lines])
    comovements = find_comovements(lines) if comovements is None else comovements
    growth, members = _build_series(context, lines, letters, titles, until)
    return CompareBrief(
        kicker=_kicker_text(context, keys),
        lead=comovement.lead_text(comovements, titles, localizer),
        under=_under_texts(lines, titles, comovements, localizer),
        notices=tuple(notices),
        codes=tuple(format_series_code(line.key) for line in lines),
        display=shown.display,
        display_options=displays,
        base_year=shown.base_year if shown.unit is None and not shown.is_growth else 0,
        base_year_options=_list_base_years(lines, since, end),
        divisor=selection.per,
        divisor_options=_list_divisors(context, lines, letters),
        chart=replace(
            build_comparison_figure(context, lines, letters, shown, (since, end, until)),
            methodology=_build_methodology(context, lines, ("levels", "pace" if shown.is_growth else "index", "ahead")),
        ),
        growth_table=growth,
        series=members,
        comovement=replace(
            comovement.build_comovement_chapter(comovements, letters, titles, localizer),
            methodology=_build_methodology(context, lines, ("levels", "ties", "worth")),
        ),
        small_multiples=_build_small_multiples(context, keys, shown, base_year),
        methodology=Chapter(localizer.text("compare.how"), "", _build_methodology(context, lines, _FORMULAS)),
        growth_methodology=_build_methodology(context, lines, ("levels", "pace", "ahead")),
    )


def find_selected_comovements(context: Context) -> tuple[Comovement, ...]:
    """How the series move together: half the work of a comparison of eight, and the same in every display of them."""
    keys, _told = choose_series(context)
    lines, _told = _apply_divisor(context, [build_yearly_series(context.outlook, key, 0) for key in keys])
    return find_comovements(lines)


def _kicker_text(context: Context, keys: Sequence[SeriesKey]) -> str:
    """Where we are; the indicator too, where the series are one indicator in several places."""
    localizer = context.localizer
    day = localizer.day(context.outlook.day)
    if len(keys) > 1 and len({key[0] for key in keys}) == 1:
        title = localizer.field_text(context.outlook.catalogue.indicators[keys[0][0]], "title")
        return localizer.text("compare.kicker.places", title=title, date=day)
    return localizer.text("compare.kicker", date=day)


def choose_series(context: Context) -> tuple[list[SeriesKey], list[str]]:
    """The series to compare, and a sentence for each that has no figure in this edition."""
    outlook = context.outlook
    keys = [key for key in context.selection.series_keys if key in outlook.panel]
    told = [
        context.localizer.text("compare.absent", series=format_series_name(context, key))
        for key in context.selection.series_keys
        if key not in outlook.panel and key[0] in outlook.catalogue.indicators
    ]
    if keys:
        return keys, told
    own = [key for key in map(parse_series_code, DEFAULT_SERIES) if key in outlook.panel]
    rows = [row for row in outlook.catalogue.indicators.values() if outlook.headline_key(row) in outlook.panel]
    return own or [outlook.headline_key(row) for row in rows[: len(DEFAULT_SERIES)]], told


def _apply_divisor(context: Context, lines: Sequence[YearlySeries]) -> tuple[list[YearlySeries], list[str]]:
    """The lines per unit of the series that the reader chose, at the place of each if it is an indicator alone."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    if not selection.per or (selection.per not in outlook.catalogue.indicators and "." not in selection.per):
        return list(lines), []
    indicator, geo, item = parse_series_code(selection.per)
    found, absent = [], []
    for line in lines:
        key = (indicator, geo or line.key[1], item)
        parted = (
            divide_series(line, build_yearly_series(outlook, key, 0))
            if key in outlook.panel and key != line.key
            else line
        )
        if parted.denominator is not None and parted.last_month >= 0:
            found.append(parted)
        else:
            absent.append(format_series_name(context, line.key))
    title = localizer.field_text(outlook.catalogue.indicators[indicator], "title")
    told = [localizer.text("compare.per.absent", title=title, list=localizer.list_text(absent))] if absent else []
    return (found, told) if found else (list(lines), told)


def _choose_display(
    lines: Sequence[YearlySeries], selection: Selection, has_several_units: bool, since: int, end: int
) -> tuple[LevelDisplay, tuple[str, ...]]:
    """The display, and those on offer: of several units there is no level to draw on one axis, only an index."""
    base = selection.base if any(line.level_of_year(selection.base) > 0 for line in lines) else 0
    base = base or find_common_year(lines, since, end)
    displays = tuple(name for name in UNITS if not (has_several_units and name == "level"))
    if not all(line.is_positive for line in lines):
        displays = tuple(name for name in displays if name != "log")
    wanted = "index" if has_several_units and selection.unit == "level" else selection.unit
    if wanted not in displays:
        wanted = displays[0]
    return LevelDisplay(wanted, base, None), displays


def _list_base_years(lines: Sequence[YearlySeries], since: int, end: int) -> tuple[int, ...]:
    """The years in which at least one series could be 100."""
    return tuple(year for year in range(since, end + 1) if any(line.level_of_year(year) > 0 for line in lines))


def _list_divisors(context: Context, lines: Sequence[YearlySeries], letters: str) -> tuple[tuple[str, str], ...]:
    """What the series can be divided by: nothing, the output of each country, one of them, or what a link names."""
    outlook, selection, localizer = context.outlook, context.selection, context.localizer
    rows = [("", localizer.text("compare.per.none"))]
    same = outlook.catalogue.indicators.get(GDP_INDICATOR)
    if same is not None and any((GDP_INDICATOR, line.key[1], "") in outlook.panel for line in lines):
        title = localizer.field_text(same, "title")
        rows.append((GDP_INDICATOR, localizer.text("compare.per.same_place", title=title)))
    rows += [
        (format_series_code(line.key), f"{letter} {format_series_name(context, line.key)}")
        for letter, line in zip(letters, lines, strict=True)
    ]
    if selection.per not in dict(rows):
        indicator, geo, item = parse_series_code(selection.per)
        row = outlook.catalogue.indicators.get(indicator)
        if row is not None:
            named = format_series_name(context, (indicator, geo, item)) if geo else localizer.field_text(row, "title")
            rows.append((selection.per, named))
    return tuple(rows)


def _build_series(
    context: Context, lines: Sequence[YearlySeries], letters: str, titles: Sequence[str], until_year: int
) -> tuple[TextTable, tuple[ComparedSeries, ...]]:
    """What each series grew by over 1, 3, 5 and 10 years, and should grow by: as a table, and as rows that lead on."""
    selection, localizer = context.selection, context.localizer
    heads = (
        localizer.text("compare.head.series"),
        localizer.text("compare.head.latest"),
        *(localizer.plural("compare.head.pace", years) for years in _GROWTH_YEARS),
        localizer.text("compare.head.ahead", year=until_year, chances=localizer.text(f"chances.{selection.level}")),
    )
    members = []
    for place, line in enumerate(lines):
        segment = context.outlook.catalogue.segments[line.indicator.segment]
        name = format_series_name(context, line.key)
        cells = (
            _latest_level_text(context, line),
            *(growth_text(compute_past_growth(line, years), localizer) for years in _GROWTH_YEARS),
        )
        members.append(
            ComparedSeries(
                code=format_series_code(line.key),
                letter=letters[place],
                colour_token=get_line_token(place),
                dash=get_line_dash(place),
                title=name,
                short_title=titles[place],
                segment_title=localizer.field_text(segment, "title"),
                target=Selection(
                    localizer.language,
                    line.indicator.segment,
                    *line.key,
                    horizon=selection.horizon,
                    asof=selection.asof,
                ),
                cells=(*cells, expected_growth_text(line, localizer)),
                peer_codes=format_peer_codes(context.outlook, line.key),
            )
        )
    rows = tuple((f"{row.letter} {row.title}", *row.cells) for row in members)
    return TextTable(localizer.text("compare.growth.title"), heads, rows), tuple(members)


def _latest_level_text(context: Context, series: YearlySeries) -> str:
    """The latest yearly level and what it covers."""
    localizer = context.localizer
    if series.last_month < 0:
        return NO_VALUE
    year = str(series.last_month // 12)
    when = year if series.last_month % 12 == 11 else localizer.period_short(f"{year}-{series.last_month % 12 + 1:02d}")
    if series.denominator is not None:
        unit = find_common_unit([series], context.outlook.catalogue, localizer)
        assert unit is not None
    else:
        unit = choose_unit(series.indicator, series.levels, localizer)
    return f"{format_amount(series.latest_level, unit, localizer)} ({when})"


def _under_texts(
    lines: Sequence[YearlySeries], titles: Sequence[str], comovements: Sequence[Comovement], localizer: Localizer
) -> tuple[str, ...]:
    """Which one grew most, and a word of caution where something is ahead or together."""
    said = []
    rates = [
        (rate, title)
        for line, title in zip(lines, titles, strict=True)
        if (rate := compute_past_growth(line, 5)) is not None
    ]
    if len(rates) > 1:
        (best, first), (least, last) = max(rates), min(rates)
        said.append(
            localizer.text(
                "compare.under.pace", a=first, best=localizer.growth(best), b=last, least=localizer.growth(least)
            )
        )
    judged = sum(tie.state not in ("same", "short") for tie in comovements)
    if any(tie.state in ("useful", "ahead") for tie in comovements):
        said.append(localizer.plural("compare.under.ahead", judged))
    elif any(tie.state == "together" for tie in comovements):
        said.append(localizer.text("compare.under.caution"))
    return tuple(said)


def _build_small_multiples(
    context: Context, keys: Sequence[SeriesKey], shown: LevelDisplay, base_year: int
) -> tuple[Figure, ...]:
    """Each series alone in its own unit, with its forecast; growth and logarithms as on the large chart."""
    unit = shown.display if shown.display in ("growth", "log") else "level"
    alone = replace(context.selection, unit=unit)
    return tuple(
        build_series_figure(replace(context, selection=alone), key, _SMALL_MULTIPLE_HEIGHT_PX, base_year)
        for key in keys[:MAX_COMPARED_SERIES]
    )


def _build_methodology(context: Context, lines: Sequence[YearlySeries], formula_keys: Sequence[str]) -> Terms:
    """How it is computed: inputs, edition, formulas."""
    keys = [key for line in lines for key in (line.key, line.denominator) if key is not None]
    told = (*formula_keys, *(("per",) if lines[0].denominator else ()))
    formulas = (
        (context.localizer.text(f"compare.how.{name}"), context.localizer.text(f"compare.how.{name}.text"))
        for name in told
    )
    return build_methodology(context, inputs_text(context, keys), formulas)
