"""Coherent figures on pages, files and the API: the market is the mean of its indicators to the last digit shown."""

import csv
import io
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from fastapi.testclient import TestClient

from observatory.briefs.common.context import Context
from observatory.briefs.compare.page import build_compare
from observatory.briefs.countries.page import build_countries
from observatory.briefs.method import build_method
from observatory.briefs.segment.bridge import bridge_text
from observatory.briefs.segment.page import build_segment
from observatory.briefs.track_record.growth import build_growth_record
from observatory.catalogue.series_codes import SERIES_SEPARATOR, format_series_code
from observatory.language import Language, Localizer
from observatory.outlook.analysis.yearly_series import build_yearly_series
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import HORIZONS
from observatory.workspace import Workspace
from tests.support.clients import application

_DAY = date(2026, 11, 30)
_SHOWN = 0.001  # growth is shown to a tenth of a per cent


def _context(outlook: Outlook, selection: Selection | None = None) -> Context:
    chosen = selection or Selection("en")
    return Context(outlook, chosen, Localizer("fr" if chosen.lang == "fr" else "en"), _DAY)


def _read_growth(text: str) -> float:
    return float(text.replace("\u2212", "-").replace("\u00a0", "").rstrip("%")) / 100


@pytest.mark.parametrize("horizon", HORIZONS)
def test_every_market_page_adds_up(outlook: Outlook, horizon: int) -> None:
    """In each scenario of each market's page the indicators, weighted, make the market, to the digit shown."""
    checked = 0
    for segment in outlook.catalogue.markets:
        call = outlook.calls[segment, horizon]
        brief = build_segment(_context(outlook, Selection("en", segment, horizon=horizon)))
        if brief.market_scenarios is None:
            continue
        market, *indicators = brief.market_scenarios.rows
        titles = {outlook.catalogue.indicators[row.indicator].title_en: row.share for row in call.reasons if row.share}
        names = {Localizer("en").typeset(title): share for title, share in titles.items()}
        assert {row[0] for row in indicators} == set(names)
        for column in (1, 2, 3):
            total = sum(names[row[0]] * np.log1p(_read_growth(row[column])) for row in indicators)
            assert abs(np.expm1(total) - _read_growth(market[column])) <= _SHOWN + 1e-9, (segment, column)
        assert _read_growth(market[2]) == pytest.approx(call.growth, abs=_SHOWN / 2 + 1e-9)
        checked += 1
    assert checked >= 7


def test_every_answer_of_the_api_adds_up(outlook: Outlook, workspace: Workspace) -> None:
    """Reasons of a call have the paces whose weighted mean is its growth; those of the first edition have none."""
    client = TestClient(application(workspace))
    rows = client.get("/api/v1/calls.json?limit=100").json()["data"]
    checked = 0
    for row in rows:
        paces = [(part["share"], part["pace"]) for part in row["reasons"] if part["share"]]
        if row["growth"] is None:
            continue
        total = sum(share * np.log1p(pace) for share, pace in paces)
        assert np.expm1(total) == pytest.approx(row["growth"], abs=1e-5)
        checked += 1
    assert checked > 25
    first = client.get("/api/v1/calls.json?limit=100&asof=e1").json()["data"]
    assert all("pace" not in part for row in first for part in row["reasons"])


def test_every_file_of_forecasts_adds_up(outlook: Outlook, workspace: Workspace) -> None:
    """The yearly levels in the CSV of forecasts grow at paces whose weighted mean is the growth of each call."""
    client, checked = TestClient(application(workspace)), 0
    for segment, horizons in outlook.study.market_draws.items():
        keys = {key[0]: key for key, market in outlook.drawn_series.items() if market == segment}
        if keys.keys() != horizons[1].indicators.keys():
            continue  # a series that is too short for a forecast has a pace and no path
        rows = list(csv.DictReader(io.StringIO(client.get(f"/api/v1/forecasts.csv?segment={segment}").text)))
        for horizon in HORIZONS:
            call, total = outlook.calls[segment, horizon], 0.0
            if call.growth is None:
                continue
            for name, key in keys.items():
                path = [float(row["median"]) for row in rows if (row["indicator"], row["geo"], row["item"]) == key]
                series = build_yearly_series(outlook, key, 0)
                per_year = {"A": 1, "Q": 4, "M": 12}[outlook.panel[key].frequency]
                year = np.array(path[(horizon - 1) * per_year : horizon * per_year])
                level = year.sum() if series.indicator.kind == "flow" else year.mean()
                weight = horizons[horizon].indicators[name].weight
                total += weight * np.log(level / series.latest_level) / horizon
            assert np.expm1(total) == pytest.approx(call.growth, abs=_SHOWN / 20), (segment, horizon)
            checked += 1
    assert checked >= 20


def test_the_bridge_names_both_halves(outlook: Outlook) -> None:
    """Past pace, indicators alone, half of each, then the pace shown; the first edition keeps its own sentence."""
    context = _context(outlook, Selection("en", "space", horizon=3))
    call, drawn = outlook.calls["space", 3], outlook.study.market_draws["space"][3]
    assert drawn.halves is not None
    assert call.growth is not None
    text = bridge_text(context, call)
    half = np.expm1(sum(np.log1p(part) for part in drawn.halves) / 2)
    for value in (*drawn.halves, half, call.growth):
        assert context.localizer.growth(value) in text
    assert text in build_segment(context).under
    bare = replace(outlook, study=type(outlook.study)())
    assert bridge_text(replace(context, outlook=bare), call) == ""


def test_a_country_beside_its_world_says_so(outlook: Outlook) -> None:
    """A series of one place says that it is forecast alone where its total follows a market; a comparison too."""
    world = next(
        key
        for key in outlook.drawn_series
        if any(row[0] == key[0] and row != key and len(forecast.median) for row, forecast in outlook.forecasts.items())
    )
    country = next(
        key for key, row in outlook.forecasts.items() if key[0] == world[0] and key != world and len(row.median)
    )
    indicator = outlook.catalogue.indicators[world[0]]
    localizer = Localizer("en")
    alone, total = (
        build_segment(_context(outlook, Selection("en", indicator.segment, *key, horizon=2))).main_figure
        for key in (country, world)
    )
    assert alone is not None
    assert total is not None
    assert localizer.text("note.part_of_drawn") in alone.notes
    assert localizer.text("note.part_of_drawn") not in total.notes
    assert localizer.text("honesty.drawn") in total.disclosures[0]
    codes = tuple(format_series_code(key) for key in (world, country))
    both = build_compare(_context(outlook, Selection("en", series=SERIES_SEPARATOR.join(codes))))
    one = build_compare(_context(outlook, Selection("en", series=codes[0])))
    assert localizer.text("note.mixed_forecasts") in both.under
    assert localizer.text("note.mixed_forecasts") not in one.under
    places = build_countries(_context(outlook, Selection("en", indicator="orbital_launches")))
    assert localizer.text("note.mixed_forecasts") in places.notes


def test_the_record_judges_both_halves(outlook: Outlook, workspace: Workspace) -> None:
    """Six rows, each with the whole, both halves and no change; the first edition has no such record."""
    chapter = build_growth_record(_context(outlook))
    assert chapter is not None
    (table,) = chapter.tables
    assert len(table.rows) == 6
    whole, past, alone, naive = (float(cell) for cell in table.rows[0][2:6])
    assert whole < min(past, alone) < naive
    assert chapter.terms
    first = workspace.get_outlook_by_number(1)
    assert build_growth_record(_context(first)) is None


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_method_says_the_rule_of_its_edition(outlook: Outlook, workspace: Workspace, language: Language) -> None:
    """Today's method has the rule in three sentences; that of the first edition keeps what it said."""
    localizer = Localizer(language)
    told = [build_method(_context(row, Selection(language))) for row in (outlook, workspace.get_outlook_by_number(1))]
    texts = [dict(row.calls.terms)[localizer.text("method.calls.pace")] for row in told]
    assert texts == [localizer.text("method.calls.pace.drawn"), localizer.text("method.calls.pace.text")]
    assert texts[0].count(". ") == 2
