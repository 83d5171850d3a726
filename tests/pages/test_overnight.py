"""A preview that was left open overnight: nothing is published from it, and the analyst is told why."""

import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from observatory.language import Localizer
from observatory.selection import Selection
from observatory.workspace import Workspace

FILE = b"indicateur;zone;poste;p\xc3\xa9riode;valeur\nairbus_deliveries;WORLD;;2025;812\n"


def click(preview: object, selection: object, by: object) -> None:
    """The script of a page that has just been clicked."""
    import streamlit as st

    from observatory.pages.publish import preview_step

    st.session_state[f"w_note_{preview.draft.id}"] = "chiffres définitifs"  # type: ignore[attr-defined]
    preview_step.publish_draft(preview, selection, by)  # type: ignore[arg-type]
    st.text(st.session_state.get("message", ""))


@pytest.mark.slow
def test_a_preview_of_yesterday_publishes_nothing(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, localizer: Localizer
) -> None:
    """The day is part of what was read before the click: the same click on a preview of today publishes."""
    by = small.access.open_operator_session("analyste")
    preview = small.build_preview(small.receive("valeurs.csv", FILE, by))
    assert preview.prepared is not None
    after = preview.prepared.outlook
    prepared = replace(preview.prepared, outlook=replace(after, published_at=after.published_at - timedelta(days=1)))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])  # processes that others start run it again
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: small)
    chosen = Selection(lang=localizer.language)
    for shown, edition in ((replace(preview, prepared=prepared), 1), (preview, 2)):
        app = AppTest.from_function(click, default_timeout=600, args=(shown, chosen, by)).run()
        assert not app.exception
        assert small.get_vintage().id == edition
        assert (localizer.text("publish.overnight") == app.text[0].value) == (edition == 1)
