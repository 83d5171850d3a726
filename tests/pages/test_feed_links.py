"""Pages link to the feed that follows what they show."""

import re
import sys
from html import unescape

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from observatory.workspace import Workspace
from tests.pages.test_how import blocks
from tests.support.clients import application


def page(name: str, values: dict[str, str]) -> None:
    """The script of a page alone."""
    from observatory import workspace
    from observatory.pages.registry import find_show
    from observatory.selection import Selection

    pages = dict.fromkeys(("compare", "segment"), "https://example.org/")
    find_show(name)(workspace.get_workspace().get_outlook(), Selection(**values), pages)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "values", "query"),
    [
        ("segment", {"segment": "space", "lang": "fr"}, "lang=fr&segment=space"),
        ("whats_new", {"lang": "en"}, "lang=en&flips=1"),
        (
            "purchasing",
            {"indicator": "eur_usd", "threshold": "1.085", "side": "below", "lang": "fr"},
            "lang=fr&threshold=eur_usd%3C1.0850",
        ),
    ],
)
def test_a_page_links_to_its_feed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, name: str, values: dict[str, str], query: str
) -> None:
    """One link, in the language of the page, to what it shows; the API answers it."""
    monkeypatch.setattr("observatory.workspace.get_workspace", lambda: workspace)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    app = AppTest.from_function(page, default_timeout=600, kwargs={"name": name, "values": values})
    app.run()
    assert not app.exception
    html = "".join(body for _key, body in blocks(app.main))
    (url,) = re.findall(r'href="(/feed[.]atom[^"]*)"', html)
    assert unescape(url) == f"/feed.atom?{query}"
    assert TestClient(application(workspace)).get(unescape(url)).status_code == 200
