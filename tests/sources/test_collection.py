"""Collection against a server of scripted answers: sources fail alone, requests are shared, equal answers unread."""

from datetime import date
from typing import Any

import pytest

from observatory.sources.collection import collect
from observatory.sources.connectors import CONNECTORS
from observatory.sources.model import Answer, Request, Window
from tests.support.answers import build_answers
from tests.support.recipes import build_recipe
from tests.support.replay import Replay, Step, build_client

_CSV = b"observation_date,TOY\n2026-01-01,1.5\n"
_PAGE = b"<!DOCTYPE html><html><title>Missing key</title></html>"
_WINDOW = Window(2026, date(2026, 11, 30))


def _fred(host: str, *keys: str, indicator: str = "") -> Any:
    return build_recipe("fred_csv", host=host, indicator=indicator or f"{host}_{keys[0]}", series=list(keys))


def test_sources_fail_alone_and_requests_are_shared(replay: Replay) -> None:
    """A source that refuses leaves the others, a series that is missing its neighbours; equal requests are merged."""
    fred = "/graph/fredgraph.csv"
    replay.add(fred, Step(b"", 404), _CSV)
    recipes = [_fred("toys", "GONE"), _fred("toys", "TOY"), _fred("toys", "TOY", indicator="twin")]
    recipes.append(build_recipe("socrata_csv", host="dolls", indicator="dolls"))
    replay.add("/resource/toys-1234.csv", Step(_PAGE, 403))
    with build_client(replay) as client:
        rows = {row.recipe.indicator: row for group in collect(recipes, client, _WINDOW) for row in group}
    assert [str(row.value) for row in rows["toys_TOY"].figures] == ["1.5"]
    assert rows["twin"].answers == rows["toys_TOY"].answers
    faults = {name: row.fault.key for name, row in rows.items() if row.fault is not None}
    assert faults == {"toys_GONE": "error.source.status", "dolls": "error.source.forbidden"}
    assert replay.paths().count(fred) == 2


def test_a_server_that_is_down_is_not_asked_for_every_series(replay: Replay) -> None:
    """After four attempts the other requests of the source get the same fault, unsent."""
    replay.add("/graph/fredgraph.csv", Step(b"", 503))
    with build_client(replay) as client:
        (group,) = collect([_fred("toys", "A"), _fred("toys", "B"), _fred("toys", "C")], client, _WINDOW)
    assert [row.fault.values for row in group if row.fault] == [{"status": 503}] * 3
    assert len(replay.seen) == 4


def test_four_sources_at_once_one_request_each(replay: Replay) -> None:
    """Five sources of two requests: never more than four are answered at a time, and each source waits for itself."""
    replay.add("/graph/fredgraph.csv", Step(_CSV, drip=0.02))
    recipes = [_fred(host, "TOY") for host in ("toys", "dolls", "bricks", "kites", "tops")]
    recipes += [_fred("toys", "B"), _fred("toys", "C")]
    with build_client(replay) as client:
        groups = list(collect(recipes, client, _WINDOW))
    assert len(groups) == 5
    assert 2 <= replay.at_once <= 4
    replay.seen.clear()
    replay.at_once = 0
    with build_client(replay) as client:
        list(collect([_fred("toys", key) for key in "ABCD"], client, _WINDOW))
    assert (replay.at_once, len(replay.seen)) == (1, 4)


def test_unchanged_answers_are_not_read(replay: Replay) -> None:
    """304, or the same bytes again, is unchanged; a changed answer beside it is read with the previous one."""
    replay.add("/graph/fredgraph.csv", Step(_CSV, headers=(("ETag", '"v1"'),)), Step(status=304), _CSV)
    recipe = _fred("toys", "TOY")

    def run(previous: dict[Request, Answer]) -> Any:
        with build_client(replay) as client:
            ((row,),) = collect([recipe], client, _WINDOW, previous)
        return row

    first = run({})
    before = {answer.request: answer for answer in first.answers}
    assert (first.is_unchanged, len(first.figures)) == (False, 1)
    assert [run(before).is_unchanged, run(before).is_unchanged] == [True, True]


def test_an_answer_is_unchanged_only_for_those_that_it_served(replay: Replay) -> None:
    """Bytes that another indicator was read from before are read for the one that is new, and for it alone."""
    replay.add("/graph/fredgraph.csv", _CSV)
    recipes = [_fred("toys", "TOY", indicator="old"), _fred("toys", "TOY", indicator="new")]
    with build_client(replay) as client:
        ((first,),) = collect(recipes[:1], client, _WINDOW)
        before = {answer.request: answer for answer in first.answers}
        (rows,) = collect(recipes, client, _WINDOW, before)
    assert {row.recipe.indicator: (row.is_unchanged, len(row.figures)) for row in rows} == {
        "old": (True, 0),
        "new": (False, 1),
    }


def test_follow_up_requests_are_sent_and_read(replay: Replay) -> None:
    """Further pages that a first one announces are fetched; the figures of all are read."""
    row = '{"indicator":{"id":"TOY.IND"},"country":{"id":"FR"},"countryiso3code":"FRA","date":"%s","value":%s}'
    pages = [f'[{{"page":{page},"pages":2}},[{row % (year, page)}]]' for page, year in ((1, "2024"), (2, "2025"))]
    replay.add("/v2/country/FRA/indicator/TOY.IND", *pages)
    recipe = build_recipe("worldbank_json", series=["FRA"])
    with build_client(replay) as client:
        ((result,),) = collect([recipe], client, _WINDOW)
    assert {figure.period: str(figure.value) for figure in result.figures} == {"2024": "1", "2025": "2"}
    assert replay.seen[1].params["page"] == "2"


@pytest.mark.parametrize("connector", CONNECTORS)
def test_every_connector_through_the_client(replay: Replay, connector: str) -> None:
    """Requests and follow-ups of each connector, answered one after another, end in figures."""
    recipe = build_recipe(connector)
    bodies = [row.content.replace(b"https://static.toys", replay.base.encode()) for row in build_answers(connector)]
    follow = {
        "datagouv_zip": ["/a.zip"],
        "airbus_workbook": ["/orders-and-deliveries-may-2026.xlsx"],
        "ember_csv": ["/prices_monthly.csv"],
    }
    first = [request.path for request in CONNECTORS[connector].requests([recipe], _WINDOW)]
    for path, body in zip([*first, *follow.get(connector, [])], bodies, strict=True):
        replay.add(path, body)
    with build_client(replay, endpoint={"max_bytes": 10**7}) as client:
        ((result,),) = collect([recipe], client, _WINDOW)
    assert result.fault is None
    assert result.figures
