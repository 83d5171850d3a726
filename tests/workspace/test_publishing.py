"""From a file to an edition and back: what is previewed is what is published, and all of it can be undone."""

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as options
from hypothesis import strategies as st

from observatory.catalogue.indicator_input import build_indicator_facts
from observatory.errors import ConflictError, StoreError
from observatory.ingest.report import Choices
from observatory.store.records import Vintage, VintageBatch
from observatory.timeseries import SeriesKey, build_panel, find_value
from observatory.workspace import AnalystSession, DraftPreview, Workspace, edition_writer
from observatory.workspace.drafts import infer_facts
from observatory.workspace.editions import build_revert_batch, is_same_forecast

AIRBUS: SeriesKey = ("airbus_deliveries", "WORLD", "")
HEAD = "indicateur;zone;poste;période;valeur\n"


def lines(**values: float | str) -> bytes:
    return (HEAD + "".join(f"airbus_deliveries;WORLD;;{when[1:]};{value}\n" for when, value in values.items())).encode()


def preview(workspace: Workspace, content: bytes, by: AnalystSession, name: str = "valeurs.csv") -> DraftPreview:
    return workspace.build_preview(workspace.receive(name, content, by))


def publish(workspace: Workspace, content: bytes, by: AnalystSession, note: str = "") -> Vintage:
    found = preview(workspace, content, by)
    assert found.prepared is not None
    return workspace.commit(found.prepared, by, note)


@pytest.fixture
def small(small_on_both: Workspace) -> Workspace:
    """All of it is true of a file and of a database."""
    return small_on_both


@pytest.fixture
def by(small: Workspace) -> AnalystSession:
    return small.access.open_operator_session("analyste")


@pytest.mark.slow
def test_what_is_previewed_is_what_is_published(small: Workspace, by: AnalystSession) -> None:
    """The outlook of the new edition, read back from the store, is the one that the preview showed."""
    found = preview(small, lines(y2025=812, y2026="", y2024=766), by)
    assert found.prepared is not None
    assert small.get_vintage().id == 1
    vintage = small.commit(found.prepared, by, "révision")
    assert (vintage.who, vintage.note_fr, vintage.sha256) == ("analyste", "révision", found.draft.file)
    read, shown = small.get_outlook_by_number(vintage.id), found.prepared.outlook
    assert read.panel.keys() == shown.panel.keys()
    assert all(np.array_equal(row.values, shown.panel[key].values, equal_nan=True) for key, row in read.panel.items())
    assert all(is_same_forecast(row, shown.forecasts[key]) for key, row in read.forecasts.items())
    assert read.calls == shown.calls
    assert [(row.old, row.new) for row in found.changes.revised] == [(793.0, 812.0)]
    assert found.unchanged_count == 1


def test_only_what_differs_is_written(small: Workspace, by: AnalystSession) -> None:
    """An edition holds the figures that a file changes, and the forecasts that come out differently; no others."""
    vintage = publish(small, lines(y2025=812, y2024=766, y2023=735), by)
    assert small.store.changed_observations(vintage) == [(AIRBUS, "2025", 812.0)]
    assert small.store.changed_facts(vintage) == {}


def test_a_file_that_changes_nothing_has_nothing_to_publish(small: Workspace, by: AnalystSession) -> None:
    """Figures that are published already make no edition; the same file twice is recognised."""
    first = publish(small, lines(y2025=812), by)
    again = preview(small, lines(y2025=812), by, "encore.csv")
    assert again.prepared is None
    assert again.duplicate == first
    assert again.draft.file == hashlib.sha256(lines(y2025=812)).hexdigest()


@pytest.mark.slow
def test_whoever_comes_second_sees_the_new_difference(small: Workspace, by: AnalystSession) -> None:
    """A preview on an edition that is no longer the newest is refused; made anew, it builds on what came meanwhile."""
    mine, theirs = preview(small, lines(y2025=812), by), preview(small, lines(y2025=820, y2024=770), by)
    assert mine.prepared is not None
    assert theirs.prepared is not None
    second = small.commit(theirs.prepared, by, "")
    with pytest.raises(ConflictError):
        small.commit(mine.prepared, by, "")
    assert small.get_vintage() == second
    anew = small.build_preview(small.redraft(mine.draft, by))
    assert [(row.old, row.new) for row in anew.changes.revised] == [(820.0, 812.0)]
    assert anew.prepared is not None
    small.commit(anew.prepared, by, "")
    assert find_value(small.get_outlook().panel, AIRBUS, "2024") == 770.0


@pytest.mark.slow
def test_undoing_publishes_the_inverse(small: Workspace, by: AnalystSession) -> None:
    """After an undoing the figures are those before; both editions stay, and the second names the first."""
    before = small.get_outlook()
    undone = publish(small, lines(y2025=812, y2024=700, y1999=300), by)
    vintage = small.revert(undone.id, "erreur d'unité", by)
    after = small.get_outlook()
    assert vintage.reverts == undone.id
    assert all(np.array_equal(row.values, after.panel[key].values, equal_nan=True) for key, row in before.panel.items())
    assert after.panel.keys() == before.panel.keys()
    assert [row.id for row in small.store.vintages()] == [1, undone.id, vintage.id]
    assert find_value(small.get_outlook_by_number(undone.id).panel, AIRBUS, "2025") == 812.0


@pytest.mark.slow
def test_undoing_leaves_what_came_later(small: Workspace, by: AnalystSession) -> None:
    """A figure that a later edition has changed again is not touched by undoing the earlier one."""
    undone = publish(small, lines(y2025=812, y2024=700), by)
    publish(small, lines(y2024=701), by)
    small.revert(undone.id, "", by)
    panel = small.get_outlook().panel
    assert (find_value(panel, AIRBUS, "2025"), find_value(panel, AIRBUS, "2024")) == (793.0, 701.0)
    with pytest.raises(StoreError) as caught:
        small.revert(undone.id, "", by)
    assert caught.value.key == "error.revert.nothing"


@pytest.mark.slow
def test_undoing_never_overwrites_what_comes_meanwhile(
    small: Workspace, by: AnalystSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody publishes just after the inverse is computed: it is refused, and what they published stands."""
    undone = publish(small, lines(y2025=812), by)

    def overtaken(*known: Any) -> VintageBatch:
        found = build_revert_batch(*known)
        publish(small, lines(y2025=900), by)
        return found

    monkeypatch.setattr(edition_writer, "build_revert_batch", overtaken)
    with pytest.raises(ConflictError):
        small.revert(undone.id, "", by)
    assert find_value(small.get_outlook().panel, AIRBUS, "2025") == 900.0


@pytest.mark.slow
def test_an_undoing_can_be_undone(small: Workspace, by: AnalystSession) -> None:
    """The inverse of the inverse is the edition again."""
    first = publish(small, lines(y2025=812), by)
    second = small.revert(first.id, "", by)
    small.revert(second.id, "", by)
    assert find_value(small.get_outlook().panel, AIRBUS, "2025") == 812.0


def test_the_first_edition_stays(small: Workspace, by: AnalystSession) -> None:
    """Nothing stands before the first edition, so it cannot be undone; an edition that is not there has a sentence."""
    for number, key in ((1, "error.revert.first"), (77, "error.vintage.unknown")):
        with pytest.raises(StoreError) as caught:
            small.revert(number, "", by)
        assert caught.value.key == key


@pytest.mark.slow
def test_lines_without_faults_can_go_without_the_others(small: Workspace, by: AnalystSession) -> None:
    """With the choice made, what was accepted is published without the faulty lines; without it, nothing is."""
    content = lines(y2025=812) + b"airbus_deliveries;WORLD;;2024;7O6\n"
    found = preview(small, content, by)
    assert found.prepared is None
    chosen = small.build_preview(small.redraft(found.draft, by, {"without_faults": "yes"}))
    assert chosen.prepared is not None
    assert chosen.prepared.batch.observations == [(AIRBUS, "2025", 812.0)]


@pytest.mark.slow
def test_a_curated_edition_after_an_upload_brings_its_own_figures_back(small: Workspace, by: AnalystSession) -> None:
    """The same curated edition is never published twice, whatever analysts did since."""
    publish(small, lines(y2025=812), by)
    assert small.publish_curated() is None
    assert find_value(small.get_outlook().panel, AIRBUS, "2025") == 812.0


ODD = st.sampled_from(["0", "-0.0", "1e-310", "1e17", "-1e17", "0.1"])
CELLS = st.dictionaries(
    st.integers(1950, 2025).map(lambda year: f"y{year}"), ODD | st.floats(-1e9, 1e9).map(repr), min_size=1, max_size=6
)


@pytest.mark.slow
@options(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(CELLS)
def test_any_upload_undone_is_no_upload(small: Workspace, cells: dict[str, str]) -> None:
    """Whatever numbers are published, the undoing brings every figure back, and forecasts never fail on them."""
    by = small.access.open_operator_session("analyste")
    before = small.store.observations(small.get_vintage())
    found = preview(small, lines(**cells), by)
    if found.prepared is None:
        return
    vintage = small.commit(found.prepared, by, "")
    stored = {row.period: row.value for row in small.store.observations(vintage) if row[:3] == AIRBUS}
    assert all(stored[name[1:]] == float(value) for name, value in cells.items())
    small.revert(vintage.id, "", by)
    assert small.store.observations(small.get_vintage()) == before
    assert build_panel(before).keys() == small.get_outlook().panel.keys()


@pytest.mark.slow
def test_a_new_indicator_is_an_indicator_like_any_other(small: Workspace, by: AnalystSession) -> None:
    """Described by its facts, it stands in its segment with a forecast, its own source and its place in the catalogue.

    Undone, it is gone; older editions never had it.
    """
    content = (HEAD + "".join(f"cabin_orders;WORLD;;{year};{100 + year % 7}\n" for year in range(1990, 2026))).encode()
    draft = small.receive("cabines.csv", content, by)
    report = small.build_report(draft)
    assert report.unknown_indicators == ("cabin_orders",)
    outlook = small.get_outlook()
    known = infer_facts(draft.name, content, outlook, Choices(), "cabin_orders", small.today())
    assert known == {"frequency": "A", "headline_geo": "WORLD", "headline_item": ""}
    given = {
        "title_fr": "Commandes de cabines",
        "unit_fr": "cabines",
        "segment": "business_aviation",
        "role": "market",
        "publisher": "Éditeur d'essai",
        "licence": "essai",
    }
    facts, faults = build_indicator_facts("cabin_orders", given, outlook.catalogue, known, small.today(), "formulaire")
    assert faults == ()
    found = small.build_preview(small.redraft(draft, by, about={"cabin_orders": facts}))
    assert found.prepared is not None
    assert found.changes.new_indicators == ("cabin_orders",)
    vintage = small.commit(found.prepared, by, "")
    after = small.get_outlook()
    row = after.catalogue.indicators["cabin_orders"]
    assert row in after.catalogue.indicators_of_segment("business_aviation")
    assert after.catalogue.sources[row.source].publisher_en == "Éditeur d'essai"
    assert len(after.forecasts["cabin_orders", "WORLD", ""].median)
    assert "cabin_orders" not in small.get_outlook_by_number(1).catalogue.indicators
    small.revert(vintage.id, "", by)
    assert "cabin_orders" not in small.get_outlook().catalogue.indicators
    assert "cabin_orders" in small.get_full_catalogue().indicators
