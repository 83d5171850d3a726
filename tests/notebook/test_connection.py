"""Notebooks: the tables of `observatory.connect()` are the figures of the store, with their units."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import uvicorn

import observatory
from observatory.api.application import create_app
from observatory.api.models import ApiState
from observatory.notebook import Connection, QueryError
from observatory.outlook.outlook import Outlook
from observatory.workspace import Workspace


@pytest.fixture(scope="module")
def obs(seeded_address: str) -> Iterator[Connection]:
    with observatory.connect(seeded_address, language="en") as opened:
        yield opened


def test_observations_are_those_of_the_edition(obs: Connection, outlook: Outlook) -> None:
    """Every value of a series, at the first day of its period; unit, source, licence and edition are attributes."""
    table = obs.observations("atr_backlog")
    history = outlook.panel[("atr_backlog", "WORLD", "")]
    assert table["value"].tolist() == [value for value in history.values.tolist() if value == value]
    assert table["date"].dt.year.astype(str).tolist() == table["period"].tolist()
    assert table.attrs["units"] == {"atr_backlog": "aircraft"}
    assert set(table.attrs) == {"edition", "units", "sources", "licences"}
    assert table.attrs["edition"].startswith(f"{outlook.edition} ")


def test_types_of_columns(obs: Connection) -> None:
    """Codes are categories, values are floats, days are dates; an empty item and the code NA stay texts."""
    table = obs.observations(["airbus_deliveries", "semiconductor_sales_quarterly", "brent_price"])
    assert str(table["value"].dtype) == "float64"
    assert str(table["indicator"].dtype) == "category"
    assert table["item"].notna().all()
    assert not table["date"].isna().any()
    quarters = table[table["indicator"] == "semiconductor_sales_quarterly"]
    assert set(quarters["date"].dt.month) == {1, 4, 7, 10}
    assert set(table.attrs["units"]) == {"airbus_deliveries", "semiconductor_sales_quarterly", "brent_price"}
    calls = obs.calls()
    assert str(calls["due"].dtype).startswith("datetime64")
    assert str(calls["growth"].dtype) == "float64"
    assert len(obs.calls("space", horizon=3)) == 1


def test_a_series_without_forecast_has_a_row_that_says_why(obs: Connection) -> None:
    """Forecasts have their ranges in order; a stopped series has no date and no figure."""
    table = obs.forecasts()
    ahead = table.dropna(subset=["median"])
    assert (ahead["low_95"] <= ahead["low_80"]).all()
    assert (ahead["median"] <= ahead["high_80"]).all()
    rest = table[table["median"].isna()]
    assert set(rest["status"]) <= {"stopped", "too_short"}
    assert rest["date"].isna().all()


def test_an_edition_stays_what_it_was(obs: Connection) -> None:
    """`as_of` gives the figures of that edition, and says which it is; the connection itself stays the newest."""
    before = obs.as_of("e1")
    assert before.observations("brent_price").attrs["edition"].startswith("1 ")
    assert len(before.observations()) < len(obs.observations())
    assert list(obs.editions()["id"]) == sorted(obs.editions()["id"], reverse=True)


def test_lists_of_segments_and_indicators(obs: Connection, outlook: Outlook) -> None:
    """All of them, with titles in the language of the connection."""
    assert set(obs.segments()["id"]) == set(outlook.catalogue.segments)
    space = obs.indicators("space")
    assert set(space["segment"]) == {"space"}
    assert space.set_index("id")["title"]["esa_budget"] == "European Space Agency budget"


def test_a_chart_holds_the_series_and_its_ranges(obs: Connection) -> None:
    """An Altair chart with unit, title and source; a gap of the series is a gap of the line."""
    spec = obs.chart("airbus_deliveries").to_dict()
    assert spec["title"]["text"] == obs.indicators().set_index("id")["title"]["airbus_deliveries"]
    assert len(spec["layer"]) == 4
    rows = [row for data in spec["datasets"].values() for row in data if "run" in row]
    assert {row["item"] for row in rows} == {""} or len({row["item"] for row in rows}) == 1
    assert max(row["run"] for row in rows) == 1
    gaps = obs.chart("atr_backlog").to_dict()
    runs = {row["period"]: row["run"] for data in gaps["datasets"].values() for row in data if "run" in row}
    assert runs["2014"] < runs["2018"]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda obs: obs.observations("atr_baklog"), "atr_backlog"),
        (lambda obs: obs.as_of("yesterday").calls(), "2026-11-22"),
        (lambda obs: obs.calls(horizon=4), "5"),
        (lambda obs: obs.chart("atr_backlog", geo="FRA"), "WORLD"),
    ],
)
def test_an_error_names_the_cure(obs: Connection, ask: object, says: str) -> None:
    """A code, date or horizon that does not exist: the sentence of the API, with what is possible."""
    with pytest.raises(QueryError, match=says):
        ask(obs)  # type: ignore[operator]


@pytest.mark.parametrize("address", ["/nowhere/at/all", "."])
def test_what_is_no_observatory_is_refused(address: str) -> None:
    """Neither server nor store nor folder of curated data: what would be one."""
    with pytest.raises(ValueError, match=r"segments\.toml"):
        observatory.connect(address)


def test_a_server_says_the_same(obs: Connection, workspace: Workspace) -> None:
    """Tables over HTTP equal those of the store; errors are the same sentences."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(ApiState(lambda: workspace)), host="127.0.0.1", port=0, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        remote = observatory.connect(f"http://127.0.0.1:{port}/", language="en")
        for name in ("observations", "forecasts"):
            pd.testing.assert_frame_equal(getattr(remote, name)("brent_price"), getattr(obs, name)("brent_price"))
        assert remote.observations("brent_price").attrs == obs.observations("brent_price").attrs
        with pytest.raises(QueryError, match="atr_backlog"):
            remote.observations("atr_baklog")
    finally:
        server.should_exit = True
        thread.join(30)
    with pytest.raises(QueryError):
        remote.calls()


@pytest.mark.slow
def test_a_folder_of_curated_data(few: Path) -> None:
    """A folder is published in a store of its own, which is gone when the connection closes."""
    with observatory.connect(few) as opened:
        assert set(opened.observations()["indicator"]) == {"airbus_deliveries", "atr_backlog", "esa_budget"}


def test_an_empty_store_says_what_to_run(tmp_path: Path) -> None:
    """A store without an edition: the command that publishes one."""
    with pytest.raises(QueryError, match="publish --curated"):
        observatory.connect(f"sqlite:///{tmp_path / 'empty.db'}")
