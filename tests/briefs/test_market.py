"""The page of a market: three figures, the bridge, reasons, rows that open; what it computes and what it leaves."""

from dataclasses import replace
from datetime import date

import pytest

from observatory.briefs import links
from observatory.briefs.common.context import Context
from observatory.briefs.figures.series import build_series_figure
from observatory.briefs.segment import market as market_module
from observatory.briefs.segment.market import build_market
from observatory.briefs.segment.model import MarketBrief
from observatory.catalogue.series_codes import parse_series_code
from observatory.language import Language, Localizer, round_percent
from observatory.outlook.calls.scores import select_scored
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import HORIZONS
from tests.support.curated import SEGMENTS

_DAY = date(2026, 11, 30)
THIN = ("embedded_systems", "drones")


def _build(outlook: Outlook, lang: Language = "en", day: date = _DAY, **chosen: object) -> MarketBrief:
    selection = replace(Selection(lang), **chosen)  # type: ignore[arg-type]
    return build_market(Context(outlook, selection, Localizer(lang), day))


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_three_figures_are_those_of_the_call(outlook: Outlook, lang: Language, horizon: int) -> None:
    """Odds out of a hundred with as many dots, the pace with both ends, then the record; thin markets have words."""
    localizer, checked = Localizer(lang), 0
    for segment in outlook.catalogue.markets:
        call, brief = outlook.calls[segment, horizon], _build(outlook, lang, segment=segment, horizon=horizon)
        assert str(call.target_year) in brief.headline
        if call.growth is None:
            assert brief.key_figures == ()
            assert len(brief.lead) > 40
            continue
        odds, pace, record = brief.key_figures
        assert call.call in ("growing", "unclear"), "a call of another class needs its own check"
        assert call.probability_clear is not None
        assert odds.dots == round_percent(call.probability_clear)
        assert odds.value == str(odds.dots)
        assert pace.value == localizer.growth(call.growth)
        for end in (call.low, call.high):
            assert end is not None
            assert localizer.growth(end).removesuffix(localizer.percent_sign) in pace.text
        assert (localizer.text("key.pace.decline") in pace.text) == (call.low < 0 < call.high)  # type: ignore[operator]
        assert record.text
        checked += 1
    assert checked >= 6


def test_the_record_counts_the_calls_of_the_market(outlook: Outlook) -> None:
    """So many "growing" came true of so many, in the test on the past; too few calls get words instead of a share."""
    shown = 0
    for segment in outlook.catalogue.markets:
        if segment in THIN:
            continue
        record = _build(outlook, segment=segment).key_figures[2]
        rows = [row for row in select_scored(outlook.replayed_calls, segment=segment) if row.call == "growing"]
        right = sum((row.grew or 0) > 0.01 for row in rows)
        assert f"{right} " in record.text
        assert f" {len(rows)}" in record.text
        if sum(1 / (2 * row.horizon) for row in rows) < 10:
            assert (record.value, record.dots) == ("", None)
            continue
        assert record.value == str(round_percent(right / len(rows)))
        assert not record.is_expected
        shown += 1
    assert 0 < shown < 7


def test_the_bridge_is_drawn_where_its_halves_differ(outlook: Outlook) -> None:
    """Three points in the order of their paces, within the line; a gap under a point is a sentence in the sheet."""
    drawn = 0
    for segment in outlook.catalogue.markets:
        call = outlook.calls[segment, 2]
        brief, stored = _build(outlook, segment=segment), outlook.study.market_draws.get(segment, {}).get(2)
        if call.growth is None or stored is None or stored.halves is None:
            assert brief.bridge is None
            continue
        past, alone = stored.halves
        sentence = Localizer("en").growth(alone)
        if abs(past - alone) < 0.0095:
            assert brief.bridge is None
            assert any(sentence in text for text in brief.about)
            continue
        assert brief.bridge is not None
        rates = {"alone": alone, "past": past, "ours": call.growth}
        names = {Localizer("en").text(f"bridge.{name}"): rate for name, rate in rates.items()}
        places = [point.place for point in sorted(brief.bridge.points, key=lambda point: names[point.label])]
        assert places == sorted(places)
        assert 0 < places[0] < places[-1] < 100
        assert [point.label for point in brief.bridge.points if point.is_ours] == ["our call"]
        assert sentence in brief.bridge.sentence
        assert not any(sentence in text for text in brief.about), "once on a page"
        drawn += 1
    assert drawn >= 4


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("segment", SEGMENTS)
def test_at_most_three_reasons_each_with_its_figure(outlook: Outlook, segment: str, lang: Language) -> None:
    """What weighs most, the recent months and the leading signals; a shock by its depth and months."""
    brief, localizer = _build(outlook, lang, segment=segment), Localizer(lang)
    assert len(brief.causes) <= 3
    call = outlook.calls.get((segment, 2))
    if call is None or not call.reasons:
        assert brief.causes == ()
        return
    heaviest = max(call.reasons, key=lambda row: row.share)
    assert localizer.field_text(outlook.catalogue.indicators[heaviest.indicator], "title") in brief.causes[0].title
    assert localizer.percent_text(heaviest.share) in brief.causes[0].text
    leads = outlook.study.leads[segment]
    if leads.tested:
        assert str(leads.tested) in brief.causes[-1].text
    depths = [row.markets[segment].depth or 0.0 for row in outlook.study.shocks if segment in row.markets]
    if brief.risk is not None:
        assert localizer.percent_text(max(depths)) in brief.risk.text
        assert localizer.text("wrong.caveat") in brief.risk.caveat


@pytest.mark.parametrize("segment", SEGMENTS)
def test_every_indicator_has_one_row(outlook: Outlook, segment: str) -> None:
    """Demand first, what weighs most at its top, eight at most in view; weights add up to a hundred."""
    brief = _build(outlook, segment=segment)
    names = [row.indicator for group in brief.groups for row in group.rows]
    assert sorted(names) == sorted(row.id for row in outlook.catalogue.indicators_of_segment(segment))
    assert len(brief.groups[0].rows) <= 8
    if brief.is_market:
        assert brief.groups[0].role == "market"
    weights = [int(row.weight.rstrip("%")) for group in brief.groups for row in group.rows if row.weight]
    assert weights == sorted(weights, reverse=True)
    if weights:
        assert abs(sum(weights) - 100) <= len(weights) / 2
    assert [parse_series_code(code)[0] for code in brief.compared] == names[: len(brief.compared)]


def test_old_figures_are_marked(outlook: Outlook) -> None:
    """A price from three months on, other figures from eighteen: the same row a few days apart."""

    def is_old(name: str, day: date) -> bool:
        brief = _build(outlook, segment=outlook.catalogue.indicators[name].segment, day=day)
        return next(row.is_old for group in brief.groups for row in group.rows if row.indicator == name)

    assert [is_old("aluminium_price", date(2026, month, 28)) for month in (7, 8)] == [False, True]  # known to May
    assert [is_old("airbus_deliveries", date(2027, month, 28)) for month in (5, 6)] == [False, True]  # known to 2025


def test_only_the_open_indicator_is_computed(outlook: Outlook, monkeypatch: pytest.MonkeyPatch) -> None:
    """No chart of a series by default; with `indicator=` that one alone, in its market or with its place."""
    built = []
    original = build_series_figure

    def build(context: Context, key: tuple[str, str, str], height: int, base_year: int) -> object:
        built.append(key)
        return original(context, key, height, base_year)

    monkeypatch.setattr(market_module, "build_series_figure", build)
    closed = _build(outlook, segment="space")
    assert (closed.opened, built) == (None, [])
    assert closed.has_chart
    opened = _build(outlook, segment="space", indicator="objects_launched", geo="CHN")
    assert built == [("objects_launched", "CHN", "")]
    assert opened.opened is not None
    assert opened.opened.scenarios is not None
    assert opened.headline == closed.headline


@pytest.mark.parametrize("segment", ["purchasing", "horizon", "drones"])
def test_a_page_without_an_index_shows_its_first_series(outlook: Outlook, segment: str) -> None:
    """Its chart stands where the index would, until any row is opened: one series is shown in full at a time."""
    closed = _build(outlook, segment=segment)
    assert closed.first_series is not None
    assert closed.index_figure is None
    figure = closed.first_series.figure
    assert bool(figure.takeaway) == closed.is_market
    opened = _build(outlook, segment=segment, indicator=figure.indicator)
    assert opened.first_series is None
    assert opened.opened is not None
    assert opened.opened.figure.takeaway
    assert opened.has_chart
    other = closed.groups[0].rows[-1].indicator
    if other != figure.indicator:
        both = _build(outlook, segment=segment, indicator=other)
        assert both.first_series is None
        assert both.opened is not None


def test_a_shared_link_names_what_is_open(outlook: Outlook) -> None:
    """The market alone while nothing is open; the series with its place once one is."""
    asked = Selection("en", "helicopters")
    assert links.pin_market(_build(outlook, segment="helicopters"), outlook, asked) == asked
    opened = _build(outlook, indicator="turbine_helicopter_deliveries", segment="helicopters")
    pinned = links.pin_market(opened, outlook, Selection("en", indicator="turbine_helicopter_deliveries"))
    assert (pinned.segment, pinned.indicator, pinned.geo) == ("helicopters", "turbine_helicopter_deliveries", "WORLD")


def test_an_indicator_that_was_not_there_yet_opens_nothing(outlook: Outlook) -> None:
    """A dated link to an indicator that its edition does not know shows the market; a place without data a notice."""
    assert _build(outlook, segment="space", indicator="nothing_such").opened is None
    elsewhere = _build(outlook, segment="helicopters", indicator="turbine_helicopter_deliveries", geo="FRA")
    assert elsewhere.missing_notice
    assert elsewhere.opened is not None
    assert elsewhere.opened.figure.geo == "WORLD"
