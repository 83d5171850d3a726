"""A page that cannot be shown: a sentence in the reader's language, and nothing of Streamlit's own."""

import logging
import re
import sys
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from observatory.errors import BusyError, StoreError
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import meeting
from observatory.pages.layout import frame
from observatory.workspace import Workspace


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["", "meeting"])
@pytest.mark.parametrize("error", [StoreError("error.store.full"), RuntimeError("<b>boom</b>")])
def test_a_page_that_fails_ends_in_a_sentence(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    localizer: Localizer,
    error: Exception,
    mode: str,
) -> None:
    """A store that cannot be read is said as one; for anything else there is a reference, which the log has too."""

    def broken(*_given: Any) -> None:
        raise error

    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # processes that others start run it again
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    monkeypatch.setattr(frame, "find_show", lambda _page: broken)
    monkeypatch.setattr(meeting, "show", broken)
    app = AppTest.from_file(str(frame.__file__).replace("layout/frame.py", "main.py"), default_timeout=600)
    app.query_params["lang"] = localizer.language
    if mode:
        app.query_params["mode"] = mode
    with caplog.at_level(logging.WARNING, "observatory.pages"):
        app.run()
    assert not app.exception
    sentence = [row.value for row in app.text][-1]
    if isinstance(error, StoreError):
        assert sentence == localizer.text("page.store")
    else:
        found = re.search("[0-9a-f]{8}", sentence)
        assert found is not None
        assert sentence == localizer.text("page.failed", id=found[0])
        assert found[0] in caplog.text


@pytest.mark.slow
def test_share_and_downloads_that_fail_leave_the_page_whole(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """They stand above the page, whose brief they read: where it cannot be built, the page still has its sentence."""

    def broken(*_given: Any) -> None:
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    monkeypatch.setattr(frame, "show_downloads", broken)
    monkeypatch.setattr(frame, "find_show", lambda _page: broken)
    app = AppTest.from_file(str(frame.__file__).replace("layout/frame.py", "main.py"), default_timeout=600)
    with caplog.at_level(logging.WARNING, "observatory.pages"):
        app.run()
    assert not app.exception
    assert re.search("[0-9a-f]{8}", [row.value for row in app.text][-1])
    assert "no share or downloads" in caplog.text


def test_a_month_that_too_many_ask_for_says_come_back(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, localizer: Localizer
) -> None:
    """A past month behind a full queue is one calm sentence in the reader's language, and no error in the log."""
    busy = BusyError("error.month.busy", seconds=10)

    def refuse(_month: int, _edition: int) -> Outlook:
        raise busy

    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: small)
    monkeypatch.setattr(small._reconstructions, "get", refuse)
    app = AppTest.from_file(str(frame.__file__).replace("layout/frame.py", "main.py"), default_timeout=600)
    app.query_params["lang"] = localizer.language
    app.query_params["asof"] = "2010-06"
    with caplog.at_level(logging.WARNING, "observatory.pages"):
        app.run()
    assert not app.exception
    assert [row.value for row in app.text] == [localizer.error_text(busy.key, busy.values)]
    assert not [row for row in caplog.records if row.name.startswith("observatory")]
