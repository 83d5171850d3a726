"""Past and expected growth of the series of a comparison, as a table and as rows with links."""

from collections.abc import Sequence

from observatory.briefs.common.comparison_model import ComparedSeries
from observatory.briefs.common.context import Context
from observatory.briefs.common.levels import find_common_unit
from observatory.briefs.common.model import TextTable
from observatory.briefs.common.series_names import format_series_name
from observatory.briefs.common.series_search import format_peer_codes
from observatory.briefs.common.units import choose_unit, format_amount
from observatory.briefs.countries.standings import expected_growth_text, growth_text
from observatory.catalogue.series_codes import format_series_code
from observatory.charts.comparison import get_line_dash, get_line_token
from observatory.language import NO_VALUE
from observatory.outlook.analysis.yearly_series import YearlySeries, compute_past_growth
from observatory.selection import Selection

_GROWTH_YEARS = (1, 3, 5, 10)


def build_growth(
    context: Context, lines: Sequence[YearlySeries], letters: str, titles: Sequence[str], until_year: int
) -> tuple[TextTable, tuple[ComparedSeries, ...]]:
    """Past growth over 1, 3, 5 and 10 years and expected growth of each series: as a table, and as rows with links."""
    selection, localizer = context.selection, context.localizer
    headers = (
        localizer.text("compare.head.series"),
        localizer.text("compare.head.latest"),
        *(localizer.plural("compare.head.pace", years) for years in _GROWTH_YEARS),
        localizer.text("compare.head.ahead", year=until_year, chances=localizer.chances(selection.level)),
    )
    compared = []
    for index, line in enumerate(lines):
        segment = context.outlook.catalogue.segments[line.indicator.segment]
        name = format_series_name(context, line.key)
        cells = (
            _latest_level_text(context, line),
            *(growth_text(compute_past_growth(line, years), localizer) for years in _GROWTH_YEARS),
        )
        compared.append(
            ComparedSeries(
                code=format_series_code(line.key),
                letter=letters[index],
                colour_token=get_line_token(index),
                dash=get_line_dash(index),
                title=name,
                short_title=titles[index],
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
    rows = tuple((f"{row.letter} {row.title}", *row.cells) for row in compared)
    return TextTable(localizer.text("compare.growth.title"), headers, rows), tuple(compared)


def _latest_level_text(context: Context, series: YearlySeries) -> str:
    """The latest yearly level and the period it covers."""
    localizer = context.localizer
    if series.last_month < 0:
        return NO_VALUE
    year = str(series.last_month // 12)
    period = (
        year if series.last_month % 12 == 11 else localizer.period_short(f"{year}-{series.last_month % 12 + 1:02d}")
    )
    if series.denominator is not None:
        unit = find_common_unit([series], context.outlook.catalogue, localizer)
        assert unit is not None
    else:
        unit = choose_unit(series.indicator, series.levels, localizer)
    return f"{format_amount(series.latest_level, unit, localizer)} ({period})"
