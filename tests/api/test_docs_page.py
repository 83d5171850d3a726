"""The documentation page: it says what the OpenAPI document says, and loads nothing."""

import base64
import hashlib
import re

from starlette.testclient import TestClient

from observatory.api.documentation import docs_page
from observatory.api.routes import ROUTES


def test_the_page_documents_every_address_and_parameter(client: TestClient) -> None:
    """Each row of ROUTES has a section; each parameter, its description and each of its codes stand in it."""
    response = client.get("/api/docs")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    document = client.get("/api/openapi.json").json()
    sections = response.text.split("<section ")[1:]
    assert len(sections) == len(ROUTES)
    for section, (path, operations) in zip(sections, document["paths"].items(), strict=True):
        assert f'<a href="{path}">{path}</a>' in section
        for parameter in operations["get"].get("parameters", ()):
            assert f'<th scope="row"><code>{parameter["name"]}</code></th>' in section
            for value in parameter["schema"].get("enum", ()):
                assert f"<code>{value}</code>" in section


def test_the_page_loads_nothing_and_runs_nothing(client: TestClient) -> None:
    """No script, no image, no address of another host; its policy allows its own style alone, by its hash."""
    response = client.get("/api/docs")
    assert not re.search(r"<(script|img|link|iframe|object|embed|form)\b|\bsrc=|\bstyle=|@import|url\(", response.text)
    assert all(link.startswith(("/", "#")) for link in re.findall(r'href="([^"]*)"', response.text))
    (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response.headers["content-security-policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_text_of_the_document_stays_text() -> None:
    """What a description holds is escaped; between backticks it is code."""
    assert docs_page.format_code("a <b> `<i>` c") == "a &lt;b&gt; <code>&lt;i&gt;</code> c"
