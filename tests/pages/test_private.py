"""What a reader entered stays out of the log when the page fails, and out of whatever is kept between two runs."""

import gc
import logging
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.pages import mix_link, portfolio, share
from observatory.workspace import Workspace

MIX = Mix({"helicopters": 37, "space": 63}, 1_234_567)


def page() -> None:
    """The script of the page alone."""
    from observatory import workspace
    from observatory.pages import portfolio
    from observatory.selection import Selection

    portfolio.show(workspace.opened().outlook(), Selection(), {})


@pytest.fixture
def app(seeded_address: str, monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    monkeypatch.setattr("observatory.workspace.opened", lambda: workspace)
    return AppTest.from_function(page, default_timeout=60)


def test_a_page_that_fails_says_where_and_not_what(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error whose message holds the reader's figures leaves a sentence, a reference and the places in the log."""

    def fail(_outlook: Outlook, _selection: Any, mix: Mix, *_rest: Any) -> None:
        raise ValueError(f"turnover {mix.turnover}")

    monkeypatch.setattr(portfolio, "portfolio", fail)
    app.session_state[mix_link.KEY] = MIX
    with caplog.at_level(logging.DEBUG):
        app.run()
    assert "ValueError" in caplog.text
    assert "in fail" in caplog.text
    assert "1234567" not in caplog.text
    assert any("repère" in text.value for text in app.text)


def test_nothing_keeps_a_mix_once_its_run_is_over(app: AppTest) -> None:
    """After a run and leaving the page, no object of the process holds the mix: it is in no cache."""
    marked = Mix({"helicopters": 37, "space": 63}, 7_654_321)
    app.session_state[mix_link.KEY] = marked
    app.run()
    assert not app.exception
    assert "7\u202f654\u202f321" in " ".join(html.proto.body for html in app.get("html"))
    del app.session_state[mix_link.KEY]
    del app
    gc.collect()
    holders = [kept for kept in gc.get_objects() if isinstance(kept, Mix) and kept is not marked]
    assert not [kept for kept in holders if kept.turnover == marked.turnover]
    assert share.code.cache_info().currsize == 0
