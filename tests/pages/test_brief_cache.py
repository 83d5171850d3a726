"""Briefs are cached for the newest edition; of the editions before it a few."""

from dataclasses import replace

import pytest

from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.selection import Selection
from observatory.workspace import Workspace


def test_a_new_edition_empties_the_cache_of_the_one_before(
    outlook: Outlook, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is published, memory holds the newest edition and 16 briefs a page of all others together."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    monkeypatch.setattr(brief_cache, "_MAX_PAST_BRIEFS", 2)
    brief_cache.clear()
    for edition in (5, 6, 7):
        for horizon in (1, 2, 3):
            brief_cache.get_brief("overview", replace(outlook, edition=edition), Selection(horizon=horizon))
        assert brief_cache.count_cached("overview") == 3
    first = [
        brief_cache.get_brief("overview", replace(outlook, edition=5), Selection(horizon=horizon))
        for horizon in (1, 2, 3)
    ]
    assert brief_cache.count_cached("overview") == 3 + 2
    again = brief_cache.get_brief("overview", replace(outlook, edition=5), Selection(horizon=3))
    assert again is first[2]
    brief_cache.clear()


def test_a_past_month_may_be_the_first_to_be_shown(
    october: Outlook, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A month that was rebuilt counts as past, also before any edition was shown, and is kept."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    brief_cache.clear()
    chosen = Selection(asof="2010-10")
    brief = brief_cache.get_brief("overview", october, chosen)
    assert brief_cache.get_brief("overview", october, chosen) is brief
    brief_cache.clear()
