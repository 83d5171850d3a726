"""A clock that is a year ahead is asked about before it dates an edition, which could never be dated earlier again."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from observatory import settings
from observatory.cli.parser import main
from observatory.errors import StoreError
from observatory.language import Localizer
from observatory.pages.publish import preview_step
from observatory.selection import Selection
from observatory.workspace import Workspace
from observatory.workspace.edition_writer import MAX_EDITION_GAP
from tests.support.stores import StoreMaker

HEAD = "indicator,geo,item,period,value\n"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def place(few: Path, stores: StoreMaker, tmp_path: Path) -> dict[str, str]:
    return {"OBSERVATORY_STORE": stores.create(tmp_path), "OBSERVATORY_DATA": str(few)}


@pytest.fixture
def moments() -> list[datetime]:
    """The times that the clock says, the last one now."""
    return [NOW]


@pytest.fixture
def opened(place: dict[str, str], moments: list[datetime]) -> Iterator[Workspace]:
    workspace = Workspace(settings.load_settings(place), clock=lambda: moments[-1])
    workspace.publish_curated()
    yield workspace
    workspace.close()


def publish(workspace: Workspace, value: int, *, is_date_right: bool = False) -> datetime:
    by = workspace.access.open_operator_session("analyste")
    draft = workspace.receive("a.csv", f"{HEAD}airbus_deliveries,WORLD,,1971,{value}\n".encode(), by)
    prepared = workspace.build_preview(draft).prepared
    assert prepared is not None
    return workspace.commit(prepared, by, "", is_date_right=is_date_right).at


def test_a_clock_a_year_ahead_dates_nothing_unasked(opened: Workspace, moments: list[datetime]) -> None:
    """Within a year an edition is dated now; beyond it nothing is published until somebody says that it is right."""
    newest = opened.get_vintage()
    moments.append(newest.at + MAX_EDITION_GAP)
    assert publish(opened, 1) == moments[-1]
    moments.append(moments[-1] + MAX_EDITION_GAP + timedelta(seconds=1))
    doubt = opened.find_clock_doubt()
    assert doubt is not None
    with pytest.raises(StoreError, match=r"error\.clock\.ahead") as caught:
        publish(opened, 2)
    assert caught.value.values == {
        "id": doubt.id,
        "now": moments[-1].date().isoformat(),
        "day": doubt.at.date().isoformat(),
    }
    with pytest.raises(StoreError, match=r"error\.clock\.ahead"):
        opened.revert(doubt.id, "", opened.access.open_operator_session("analyste"))
    assert opened.get_vintage() == doubt
    assert publish(opened, 2, is_date_right=True) == moments[-1]
    assert opened.find_clock_doubt() is None


def test_the_commands_ask_too(
    opened: Workspace, moments: list[datetime], place: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`publish` and `revert` refuse with the cure, and following it works."""
    for name, value in place.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "f.csv"
    file.write_text(f"{HEAD}airbus_deliveries,WORLD,,1971,3\n")
    ahead = NOW + timedelta(days=800)
    assert main(["publish", str(file)], lambda: ahead) == 2
    assert len(opened.store.vintages()) == 1
    assert main(["publish", str(file), "--date-is-right"], lambda: ahead) == 0
    assert main(["revert", "2"], lambda: ahead + timedelta(days=400)) == 2
    assert main(["revert", "2", "--date-is-right"], lambda: ahead + timedelta(days=400)) == 0
    assert [row.at.year for row in opened.store.vintages()] == [2026, 2029, 2030]


def _ask() -> None:
    from observatory.language import Localizer
    from observatory.pages.publish.clock_question import show_clock_question

    show_clock_question("w_date", Localizer("en"))


def test_the_page_asks_only_in_doubt(
    opened: Workspace, moments: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The box that says that the date is right names both days, is not ticked, and is absent while all is well."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # Streamlit leaves its script there
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: opened)
    app = AppTest.from_function(_ask).run()
    assert not app.exception
    assert len(app.checkbox) == 0
    moments.append(datetime(2031, 5, 6, tzinfo=UTC))
    app.run()
    (box,) = app.checkbox
    assert not box.value
    assert "6 May 2031" in box.label.replace("\N{NO-BREAK SPACE}", " ")
    assert "2026" in box.label


def test_what_the_page_publishes_needs_the_tick(opened: Workspace, moments: list[datetime]) -> None:
    """The button alone leaves the sentence; after the tick the same preview is published."""
    moments.append(datetime(2031, 5, 6, tzinfo=UTC))
    by = opened.access.open_operator_session("analyste")
    draft = opened.receive("a.csv", f"{HEAD}airbus_deliveries,WORLD,,1971,7\n".encode(), by)
    preview = opened.build_preview(draft)
    state: dict[str, object] = {f"w_note_{draft.id}": "Correction d'une livraison."}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("observatory.workspace.get_workspace", lambda: opened)
        patched.setattr("streamlit.session_state", state)
        patched.setattr(preview_step, "open_draft", lambda *_given: None)
        patched.setattr(preview_step, "localizer_for", lambda _selection: Localizer("en"))
        preview_step.publish_draft(preview, Selection(lang="en"), by)
        assert "2031-05-06" in str(state["message"])
        assert len(opened.store.vintages()) == 1
        state[f"w_date_{draft.id}"] = True
        preview_step.publish_draft(preview, Selection(lang="en"), by)
    assert len(opened.store.vintages()) == 2
