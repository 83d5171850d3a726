"""Forecasts of others that analysts publish: a row of a file, judged when its figure comes, undone like any edition."""

import csv
import io
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from observatory.briefs.publish.page import draft_state_texts, published_text
from observatory.errors import StoreError
from observatory.language import Localizer
from observatory.outlook.external.judging import JudgedForecast
from observatory.store.records import Vintage
from observatory.workspace import AnalystSession, DraftPreview, Workspace
from observatory.workspace.records import recompute_external_record
from tests.support.clients import application
from tests.workspace.test_publishing import lines
from tests.workspace.test_publishing import publish as publish_figures

ROW = {
    "publisher": "Toy Consulting",
    "published": "2026-06-15",
    "quantity": "Airbus deliveries",
    "kind": "level",
    "target": "2027",
    "value": "840",
    "unit": "aircraft",
    "series": "airbus_deliveries",
    "page": "https://example.org/outlook",
    "quote": "deliveries of 840 aircraft in 2027",
    "licence_en": "No licence stated",
}


@pytest.fixture
def by(small: Workspace) -> AnalystSession:
    return small.access.open_operator_session("Claire")


def build_file(*rows: dict[str, str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A file of forecasts with the columns of its rows."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def preview(workspace: Workspace, by: AnalystSession, *rows: dict[str, str]) -> DraftPreview:
    return workspace.build_preview(workspace.receive("forecasts.csv", build_file(*rows), by))


def publish(workspace: Workspace, by: AnalystSession, *rows: dict[str, str]) -> Vintage:
    found = preview(workspace, by, *rows)
    assert found.prepared is not None, found.report.findings
    return workspace.commit(found.prepared, by, "note")


def find_added(workspace: Workspace, edition: int) -> list[JudgedForecast]:
    """The forecasts of the made publisher as an edition stores them."""
    rows = workspace.get_outlook_by_number(edition).study.external_record.rows
    return [row for row in rows if row.forecast.publisher == "toy_consulting"]


def test_a_published_forecast_is_judged_by_the_edition_that_brings_its_figure(
    small: Workspace, by: AnalystSession
) -> None:
    """One row is one edition by its analyst; no outcome until the figure of 2027 comes, then an error of 5 per cent."""
    small.clock = lambda: datetime(2026, 12, 1, 12, tzinfo=UTC)
    first = small.get_vintage()
    added = publish(small, by, ROW)
    assert (added.parent, added.who) == (first.id, "Claire")
    assert small.store.changed_observations(added) == []
    (live,) = find_added(small, added.id)
    assert (live.forecast.value, live.outcome, live.is_scored) == (840.0, None, False)
    assert live.own is not None
    assert find_added(small, first.id) == []
    small.clock = lambda: datetime(2028, 2, 3, 12, tzinfo=UTC)
    draft = small.receive("figures.csv", lines(y2025=793, y2026=800, y2027=800), by)
    figures = small.build_preview(draft)
    assert figures.prepared is not None, figures.report.findings
    judged_in = small.commit(figures.prepared, by, "", is_date_right=True)
    (judged,) = find_added(small, judged_in.id)
    assert (judged.outcome, judged.outcome_origin, judged.is_scored) == (800.0, "series", True)
    groups = small.get_outlook().study.external_groups
    (group,) = [one for one in groups if one.publisher == "toy_consulting"]
    assert group.scores.mean_error == pytest.approx(5.0)
    assert find_added(small, added.id)[0].outcome is None


def test_the_feed_and_the_list_of_editions_count_forecasts_of_others(small: Workspace, by: AnalystSession) -> None:
    """Two forecasts are counted where they came and where they went; their publisher is no forecast."""
    second = ROW | {"target": "2028", "value": "880"}
    added = publish(small, by, ROW, second)
    small.revert(added.id, "", by)
    client = TestClient(application(small))
    rows = client.get("/api/v1/vintages").json()["data"]
    assert [row["outlooks"] for row in rows[:3]] == [2, 2, 0]
    assert rows[0]["values"] == 0
    french = client.get("/feed.atom?lang=fr").text
    assert french.count("2\u00a0prévisions d’autres.") + french.count("2 prévisions d’autres.") == 2


def test_the_record_computed_anew_has_what_was_published(small: Workspace, by: AnalystSession) -> None:
    """`backtest --outlooks` judges published forecasts too, as the edition stored them."""
    added = publish(small, by, ROW)
    rows = recompute_external_record(small).rows
    anew = [row for row in rows if row.forecast.publisher == "toy_consulting"]
    (stored,) = find_added(small, added.id)
    assert [row.forecast for row in anew] == [stored.forecast]
    assert anew[0].own == pytest.approx(stored.own)
    assert small.publish_curated() is None


def test_figures_keep_it_and_an_undoing_takes_back_only_what_is_not_used(small: Workspace, by: AnalystSession) -> None:
    """A forecast stays with later figures; undone, it goes, but its publisher stays while another forecast has it."""
    first = publish(small, by, ROW)
    later = {name: text for name, text in ROW.items() if name != "licence_en"} | {"target": "2028", "value": "860"}
    second = publish(small, by, later)
    figures = publish_figures(small, lines(y2025=794), by)
    assert [row.forecast.target for row in find_added(small, figures.id)] == ["2027", "2028"]
    undone = small.revert(first.id, "", by)
    assert [row.forecast.target for row in find_added(small, undone.id)] == ["2028"]
    record = small.get_outlook().study.external_record
    assert record.publishers["toy_consulting"].title == "Toy Consulting"
    small.revert(second.id, "", by)
    assert find_added(small, small.get_vintage().id) == []
    assert "toy_consulting" not in small.get_outlook().study.external_record.publishers
    assert [row.forecast.target for row in find_added(small, second.id)] == ["2027", "2028"]
    with pytest.raises(StoreError):
        small.revert(first.id, "", by)


def test_a_repeated_row_is_not_added_twice_and_a_contradiction_names_both(small: Workspace, by: AnalystSession) -> None:
    """The same figure again is nothing to publish, under its month too; another one is an error with both figures."""
    publish(small, by, ROW)
    again = preview(small, by, ROW, ROW | {"published": "2026-06", "publisher": "toy consulting"})
    assert [(row.level, row.code) for row in again.report.findings] == [("warning", "repeated_forecast")] * 2
    assert (again.prepared, again.changed_count, again.unchanged_count) == (None, 0, 1)
    (finding,) = preview(small, by, ROW | {"value": "850"}).report.findings
    assert (finding.level, finding.code, finding.line) == ("error", "contradictory_forecast", 2)
    assert (finding.values["own"], finding.values["other"]) == ("value 850", "value 840")
    assert "https://example.org/outlook" in str(finding.values["place"])


def test_a_growth_and_a_level_of_one_announcement_are_one_forecast(small: Workspace, by: AnalystSession) -> None:
    """A growth that joins a published level, in another file, takes its statement, so that it is scored once."""
    publish(small, by, ROW)
    growth = ROW | {"kind": "growth", "value": "5", "unit": "%", "quantity": "Airbus deliveries, growth"}
    added = publish(small, by, growth)
    rows = find_added(small, added.id)
    assert len({row.forecast.statement for row in rows}) == 1
    assert sorted((row.forecast.measure, row.is_first) for row in rows) == [("growth", True), ("level", False)]


def test_sentences_count_forecasts(small: Workspace, by: AnalystSession) -> None:
    """Preview and confirmation speak of forecasts, not of values."""
    found = preview(small, by, ROW, ROW | {"target": "2028"})
    localizer = Localizer("en")
    assert draft_state_texts(found.report, found.changed_count, 1, localizer)[0].startswith("2 forecasts of others")
    assert published_text(2, found.changes, localizer) == "Edition 2 published: 2 new forecasts of others."
