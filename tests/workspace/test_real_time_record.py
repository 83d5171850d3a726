"""The record in real time comes with the curated edition, and later editions keep it."""

from pathlib import Path

from observatory import settings
from observatory.outlook.real_time_scores import RealTimeRecord
from observatory.store.records import VintageBatch
from observatory.workspace import Workspace
from tests.support.clock import one_day_clock
from tests.support.stores import StoreMaker
from tests.support.vintages import copy_with_vintage


def test_later_editions_keep_the_record_of_the_curated_one(few: Path, stores: StoreMaker, tmp_path: Path) -> None:
    """Published with the data that bring the copy; a figure changed by an analyst and its undoing leave it as it is."""
    folder = copy_with_vintage(few, tmp_path / "data")
    place = {"OBSERVATORY_STORE": stores.create(tmp_path), "OBSERVATORY_DATA": str(folder)}
    opened = Workspace(settings.load_settings(place), one_day_clock)
    opened.publish_curated()
    record = opened.get_outlook().study.real_time
    assert record.day == opened.get_outlook().day.isoformat()
    assert [(row.indicator, row.day, row.outcomes) for row in record.vintages] == [
        ("airbus_deliveries", "2020-02-10", 1)
    ]
    analyst = opened.access.open_operator_session("Anne")
    rows = [(("airbus_deliveries", "WORLD", ""), "2020", 400.0)]
    opened.commit(opened.prepare(VintageBatch(opened.now(), "Anne", "", "", "0" * 64, rows, {})), analyst)
    assert opened.get_vintage().id == 2
    assert opened.get_outlook().study.real_time == record
    opened.revert(2, "", analyst)
    assert opened.get_outlook().study.real_time == record
    opened.close()


def test_data_without_copies_bring_no_record(small: Workspace) -> None:
    """The study of such an edition has no part in real time, and pages leave it out."""
    study = small.get_outlook().study
    assert "real_time" not in study.as_json()
    assert study.real_time == RealTimeRecord()
