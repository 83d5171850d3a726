"""A candidate shows up nowhere but in lists until its first figures are published, and then like any indicator."""

from datetime import date, timedelta

import pytest

from observatory.catalogue.codec import encode_indicator
from observatory.workspace import AnalystSession, Workspace

ORDERS = "fr_transport_equipment_order_books"
EUROPE = "eu_aerospace_production"


@pytest.fixture
def by(small: Workspace) -> AnalystSession:
    return small.access.open_operator_session("analyste")


def _months(indicator: str, geo: str, today: date) -> bytes:
    """Monthly figures up to a December that is two to fourteen months ago, whenever the test runs."""
    rows = (
        f"{indicator},{geo},,{year}-{month:02},{100 + (year * 12 + month) % 17}\n"
        for year in range(2012, (today - timedelta(days=60)).year)
        for month in range(1, 13)
    )
    return ("indicator,geo,item,period,value\n" + "".join(rows)).encode()


def test_the_first_figures_of_a_candidate_make_it_an_indicator(small: Workspace, by: AnalystSession) -> None:
    """A file that names it needs no description: published with the facts of data/ and a forecast; undone, it waits."""
    before = small.get_outlook()
    assert ORDERS in before.catalogue.candidates
    assert not any(key[0] == ORDERS for key in (*before.panel, *before.forecasts))
    preview = small.build_preview(small.receive("carnets.csv", _months(ORDERS, "FRA", small.today()), by))
    assert preview.report.unknown_indicators == ()
    assert preview.changes.new_indicators == (ORDERS,)
    assert preview.prepared is not None
    vintage = small.commit(preview.prepared, by, "")
    after = small.get_outlook()
    declared, row = small.catalogue.candidates[ORDERS], after.catalogue.indicators[ORDERS]
    assert row.accessed == small.today()
    assert encode_indicator(row) == {**encode_indicator(declared), "accessed": small.today().isoformat()}
    assert ORDERS not in after.catalogue.candidates
    assert row in after.catalogue.indicators_of_segment("commercial_aircraft")
    assert len(after.forecasts[ORDERS, "FRA", ""].median)
    assert {name: call.families for name, call in after.calls.items()} == {
        name: call.families for name, call in before.calls.items()
    }
    assert ORDERS in small.get_outlook_by_number(vintage.parent or 0).catalogue.candidates
    small.revert(vintage.id, "", by)
    assert ORDERS in small.get_outlook().catalogue.candidates


def test_the_headline_is_a_series_that_has_figures(small: Workspace, by: AnalystSession) -> None:
    """Where the declared place brings no figures, the indicator is shown by the place that does."""
    assert small.catalogue.candidates[EUROPE].headline_geo == "EUU"
    preview = small.build_preview(small.receive("europe.csv", _months(EUROPE, "DEU", small.today()), by))
    assert preview.prepared is not None
    small.commit(preview.prepared, by, "")
    assert small.get_outlook().catalogue.indicators[EUROPE].headline_geo == "DEU"
