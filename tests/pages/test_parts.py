"""A page that is kept in parts says what it says when it is built in one."""

import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.purchasing import page as purchases
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.selection import Selection
from observatory.workspace import Workspace


@pytest.mark.slow
@pytest.mark.parametrize("basket", ["", "brent:45,copper:60", "nothing:1"])
@pytest.mark.parametrize("threshold", ["", "70"])
def test_purchases_in_parts(
    outlook: Outlook, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, basket: str, threshold: str
) -> None:
    """Threshold, basket and list are kept apart, and none of them shows what was chosen for another page."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    today = workspace.today()
    brief_cache.clear()
    for indicator in ("", "copper_price", "eur_usd"):
        chosen = Selection("fr", indicator=indicator, threshold=threshold, side="below", basket=basket)
        assert brief_cache.get_brief("purchasing", outlook, chosen) == purchases.build_purchasing(
            Context(outlook, chosen, Localizer("fr"), today)
        )
    assert brief_cache.count_cached("purchasing.threshold") == 3
