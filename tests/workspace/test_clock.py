"""The clock of a workspace: whatever it dates, it dates by the clock that it was given."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from observatory import settings
from observatory.workspace import Workspace
from tests.support.stores import StoreMaker

FILE = b"indicator,geo,item,period,value\nairbus_deliveries,WORLD,,2026,812\n"
BEFORE, AFTER = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.slow
def test_editions_uploads_keys_and_rules_go_by_the_clock_that_was_given(
    few: Path, stores: StoreMaker, tmp_path: Path
) -> None:
    """On the last second of a year its figure is provisional; a second later it is published, dated that moment."""
    moments = [BEFORE]
    place = {"OBSERVATORY_STORE": stores.create(tmp_path), "OBSERVATORY_DATA": str(few)}
    opened = Workspace(settings.load_settings(place), clock=lambda: moments[-1])
    opened.publish_curated()
    by = opened.access.open_operator_session("analyste")
    draft = opened.receive("a.csv", FILE, by)
    assert (opened.now(), opened.today(), draft.recorded) == (BEFORE, date(2026, 12, 31), BEFORE)
    assert {row.code for row in opened.build_report(draft).findings} == {"running_period"}
    moments.append(AFTER)
    preview = opened.build_preview(draft)
    assert preview.report.findings == ()
    assert preview.prepared is not None
    vintage = opened.commit(preview.prepared, by, "")
    assert (vintage.at, vintage.recorded) == (AFTER, AFTER)
    assert opened.get_outlook().day - BEFORE.date() == timedelta(days=1)
    key, _text = opened.store.keys.create("Anne")
    assert (key.created_at, opened.store.keys.revoke("Anne").name) == (AFTER, "Anne")
    assert opened.store.keys.list_keys()[0].revoked_at == AFTER
    opened.close()
