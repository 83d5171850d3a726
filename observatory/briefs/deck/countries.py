"""The first slides of the deck of an indicator by country."""

from collections.abc import Sequence
from dataclasses import replace

from observatory.briefs.common.comparison_model import CountriesBrief, CountryRow
from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure, PlotData, PlotSeries
from observatory.briefs.common.units import append_unit
from observatory.briefs.countries.lead import low_texts, rank_changes
from observatory.briefs.countries.standings import (
    GROWTH_MEASURES,
    CountryStanding,
    latest_level_text,
    latest_number_text,
    latest_period_text,
    rank_countries,
)
from observatory.briefs.countries.view import (
    CountriesView,
    build_view,
    find_map_unit,
    find_until_year,
    short_value_text,
)
from observatory.briefs.deck.model import AnswerSlide, ChartSlide, DeckSlide, RankingSlide
from observatory.briefs.deck.parts import build_record_slide
from observatory.briefs.deck.ranges import build_bar_scale, build_range_row
from observatory.briefs.track_record.model import KeyFigure
from observatory.language import Localizer, round_decimals
from observatory.outlook.analysis.yearly_series import compute_expected_growth
from observatory.typography import capitalize_first

_MAX_FIRST = 3  # countries that the title of the ranking names
_MAX_PROFILE = 5  # other indicators of a country
_MIN_ROWS = 2


def build_countries_deck(context: Context, brief: CountriesBrief) -> tuple[DeckSlide, ...]:
    """The answer, the countries in bars, one country, how sure; nothing where no country can be ranked."""
    indicator = context.outlook.catalogue.indicators[brief.indicator]
    view, _measures = build_view(context, indicator, find_until_year(context))
    ranked = _rank(view)
    if not ranked:
        return ()
    slides = (
        _build_answer(context, brief, view, ranked),
        _build_bars(context, brief, view, ranked),
        _build_profile(context, brief, view),
        _build_ranges(context, view, brief.geo) or build_record_slide(context),
    )
    return tuple(slide for slide in slides if slide is not None)


def build_country_plot(brief: CountriesBrief, localizer: Localizer) -> PlotData:
    """The values of the map as bars, the highest first."""
    rows = sorted((row for row in brief.ranking_rows if row.value is not None), key=lambda row: -(row.value or 0.0))
    is_growth = brief.measure in GROWTH_MEASURES
    values = tuple(round_decimals((row.value or 0.0) * (100 if is_growth else 1), 1) for row in rows)
    nature = "expected" if brief.measure == "ahead" else "observed"
    series = PlotSeries(nature, brief.map_title, values)
    unit = "%" if is_growth else brief.unit
    subtitle = localizer.text("countries.unit.growth") if is_growth else capitalize_first(brief.unit)
    titles = tuple(row.title for row in rows)
    return PlotData("bar", titles, (series,), unit, 1, signed=is_growth, subtitle=subtitle)


def _rank(view: CountriesView) -> list[CountryStanding]:
    """The countries from the highest value; those whose rate starts too low are last."""
    rows = [row for row in view.standings if not row.is_outdated and row.get_value(view.measure) is not None]
    low = rank_changes(view).low_geos
    return sorted(rows, key=lambda row: (row.geo in low, -(row.get_value(view.measure) or 0.0)))


def _place_name(context: Context, geo: str) -> str:
    return context.localizer.field_text(context.outlook.catalogue.geographies[geo], "short")


def _build_answer(
    context: Context, brief: CountriesBrief, view: CountriesView, ranked: Sequence[CountryStanding]
) -> AnswerSlide:
    keys = (
        _build_first_key(context, view, ranked),
        _build_place_key(context, brief, view),
        _build_ahead_key(context, view, ranked[0]),
    )
    present = tuple(key for key in keys if key is not None)
    return AnswerSlide(brief.lead.removesuffix("."), " ".join(brief.under[:1]), present, facts=brief.under[1:])


def _among_text(context: Context, view: CountriesView, ranked: Sequence[CountryStanding]) -> str:
    """The countries among which the first one is named: of growth those with a level high enough for a rate."""
    ranking = rank_changes(view)
    if ranking.rated and ranking.low:
        return context.localizer.text("export.deck.countries.among.rated", n=len(ranking.rated))
    return context.localizer.text("export.deck.countries.among", n=len(ranked))


def _build_first_key(context: Context, view: CountriesView, ranked: Sequence[CountryStanding]) -> KeyFigure:
    """The value of the first country, and of which unit and year it is."""
    localizer, first = context.localizer, ranked[0]
    place, period = _place_name(context, first.geo), latest_period_text(first.series, localizer)
    unit = find_map_unit(view)
    fields = {"place": place, "period": period, "year": view.until_year}
    fields["among"] = _among_text(context, view, ranked)
    if view.measure == "ahead":
        text = localizer.text("export.deck.countries.first.ahead", **fields)
    else:
        noun = unit.noun if unit is not None else localizer.text(f"export.deck.countries.{view.measure}")
        text = localizer.text("export.deck.countries.first", unit=noun, **fields)
    return KeyFigure(short_value_text(view, first, localizer), "", text, is_expected=view.measure == "ahead")


def _build_place_key(context: Context, brief: CountriesBrief, view: CountriesView) -> KeyFigure | None:
    """The rank of the country of the profile."""
    ranks, localizer = rank_countries(view.standings, view.measure), context.localizer
    standing = next((row for row in view.standings if row.geo == brief.geo), None)
    if standing is None or brief.geo not in ranks:
        return None
    text = localizer.text(
        "export.deck.countries.rank",
        place=_place_name(context, brief.geo),
        value=_value_text(view, standing, localizer),
    )
    of = localizer.text("export.deck.countries.of", total=len(ranks))
    return KeyFigure(localizer.number(ranks[brief.geo]), of, text, is_expected=False)


def _value_text(view: CountriesView, standing: CountryStanding, localizer: Localizer) -> str:
    """The value of the measure with its unit."""
    unit, text = find_map_unit(view), short_value_text(view, standing, localizer)
    value = standing.get_value(view.measure)
    return text if unit is None or value is None else append_unit(text, unit.noun_for(value), unit)


def _build_ahead_key(context: Context, view: CountriesView, first: CountryStanding) -> KeyFigure | None:
    """What is expected of the first country; of a ranking by it, where a fall remains possible."""
    localizer = context.localizer
    if view.measure == "ahead":
        return _build_fall_key(context, view)
    growth = compute_expected_growth(first.series)
    if growth is None:
        return None
    text = localizer.text(
        "export.deck.countries.ahead",
        place=_place_name(context, first.geo),
        year=view.until_year,
        low=localizer.growth_digits(growth[1]),
        high=localizer.growth(growth[2]),
    )
    return KeyFigure(localizer.growth(growth[0]), localizer.text("export.firm.a_year"), text)


def _build_fall_key(context: Context, view: CountriesView) -> KeyFigure:
    falls, total = _count_falls(view)
    text = context.localizer.text("export.deck.countries.fall.key", year=view.until_year)
    of = context.localizer.text("export.deck.countries.of", total=total)
    return KeyFigure(context.localizer.number(falls), of, text, is_expected=False)


def _count_falls(view: CountriesView) -> tuple[int, int]:
    """The countries whose range has a fall in it, of those that have a range."""
    rated = rank_changes(view).rated
    growths = [compute_expected_growth(row.standing.series) for row in rated]
    lows = [growth[1] for growth in growths if growth is not None]
    return sum(low < 0 for low in lows), len(lows)


def _build_bars(
    context: Context, brief: CountriesBrief, view: CountriesView, ranked: Sequence[CountryStanding]
) -> ChartSlide:
    """The countries in bars, with the values where the cluster is present."""
    localizer = context.localizer
    named = ranked[: min(_MAX_FIRST, len(rank_changes(view).rated) or _MAX_FIRST)]
    first = [f"{_place_name(context, row.geo)} {short_value_text(view, row, localizer)}" for row in named]
    among = _among_text(context, view, ranked)
    title = localizer.text("export.deck.countries.bars", among=among, list=localizer.list_text(first))
    plot = build_country_plot(brief, localizer)
    figure = Figure(
        indicator=brief.indicator,
        title=brief.map_title,
        subtitle=plot.subtitle,
        spec=brief.map_spec,
        takeaway=brief.lead,
        alt=f"{brief.map_title}. {', '.join(f'{row.title} {row.value_text}' for row in brief.ranking_rows)}",
        source_line=brief.source_line,
        table=brief.ranking_table,
        plot_data=plot,
    )
    reasons = tuple((row.title, _row_text(row)) for row in brief.ranking_rows if row.is_pinned)
    shared = f"{capitalize_first(brief.shared_warning)}." if brief.shared_warning else ""
    caution = " ".join((*low_texts(context, view, rank_changes(view)), shared)).strip()
    return ChartSlide(
        title=title,
        lead=brief.map_title,
        figure=figure,
        reasons_title=localizer.text("export.deck.countries.pinned"),
        reasons=reasons,
        caution_title=localizer.text("export.deck.beware") if caution else "",
        caution=caution,
    )


def _row_text(row: CountryRow) -> str:
    """The value and the rank of a country, or why there is none."""
    if not row.value_text:
        return row.note or row.cells[0]
    return f"{row.value_text} \u00b7 {row.rank}"


def _build_profile(context: Context, brief: CountriesBrief, view: CountriesView) -> ChartSlide | None:
    """The indicator in one country over time, with the other indicators of this country."""
    localizer, figure = context.localizer, brief.profile_figure
    standing = next((row for row in view.standings if row.geo == brief.geo), None)
    if figure is None or figure.spec is None or standing is None:
        return None
    ranks = rank_countries(view.standings, "level")
    amount = latest_level_text(standing.series, view.unit, localizer)
    fields = {"title": localizer.field_text(view.indicator, "title"), "amount": amount}
    fields["geo_in"] = localizer.field_text(context.outlook.catalogue.geographies[brief.geo], "in")
    key = "export.deck.countries.place" if brief.geo in ranks else "export.deck.countries.place.unranked"
    others = [row for row in brief.profile.entries if row.target.indicator != brief.indicator][:_MAX_PROFILE]
    caution = " ".join(figure.disclosures[:1])
    return ChartSlide(
        title=localizer.text(key, rank=ranks.get(brief.geo, 0), total=len(ranks), **fields),
        lead=figure.takeaway,
        figure=figure,
        reasons_title=brief.profile.title,
        reasons=tuple((row.title, f"{row.cells[0]} \u00b7 {row.cells[1]}") for row in others),
        caution_title=localizer.text("export.deck.beware") if caution else "",
        caution=caution,
    )


def _build_ranges(context: Context, view: CountriesView, marked: str) -> RankingSlide | None:
    """What is expected of each country with its range; None with fewer than two of them."""
    localizer = context.localizer
    ahead = replace(view, measure="ahead")
    ranking = rank_changes(ahead)
    rows = []
    for standing in _rank(ahead):
        figure = latest_number_text(standing.series, view.unit, localizer)
        is_low = standing.geo in ranking.low_geos
        series = replace(standing.series, forecasts=()) if is_low else standing.series
        amount = latest_level_text(standing.series, view.unit, localizer)
        missing = localizer.text("export.deck.countries.low", amount=amount) if is_low else ""
        row = build_range_row(_place_name(context, standing.geo), figure, series, localizer, missing)
        rows.append(replace(row, is_marked=standing.geo == marked))
    if sum(row.bar is not None for row in rows) < _MIN_ROWS:
        return None
    scale = build_bar_scale(rows, localizer)
    falls, total = _count_falls(ahead)
    doubt = localizer.text("countries.close") if ranking.is_close else ""
    return RankingSlide(
        title=localizer.text("export.deck.countries.fall", n=falls, total=total, year=view.until_year),
        lead=f"{localizer.text('export.deck.ranges.lead', year=view.until_year)} {doubt}".rstrip(),
        odds_head=capitalize_first(view.unit.noun),
        out_of="",
        rows=tuple(rows),
        scale=scale.ends,
        ticks=scale.ticks,
    )
