"""The documentation page of the API: the OpenAPI document as HTML, without a script and from no other host."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from observatory.api.documentation.openapi import complete_document
from observatory.api.models import ApiRequest, Payload

PATH = "/api/docs"
HTML_MEDIA_TYPE = "text/html; charset=utf-8"
_FOLDER = Path(__file__).parent / "templates"
_STYLE = (_FOLDER / "docs.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_MAX_LISTED_VALUES = 20  # values of a parameter that are listed without a click


@cache
def _load_template() -> Template:
    # An environment of its own: unlike the components of pages, this template keeps its line breaks, and an API that
    # imported that of pages would depend on the layer above it.
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["format_code"] = format_code
    return environment.get_template("docs.html")


def build_docs_page(request: ApiRequest) -> Payload:
    """Each address with its parameters, their values, and its answers."""
    document = complete_document(request)
    html = _load_template().render(
        document=document,
        style=_STYLE,
        operations=[(path, methods["get"]) for path, methods in document["paths"].items()],
        describe_values=_describe_values,
        read_columns=_read_columns,
        max_listed_values=_MAX_LISTED_VALUES,
    )
    return Payload(html.encode(), HTML_MEDIA_TYPE)


def format_code(text: str) -> Markup:
    """A description as HTML; text between backticks becomes code."""
    parts = enumerate(text.split("`"))
    return Markup().join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in parts
    )


def _describe_values(schema: dict[str, Any]) -> str:
    """The values of a parameter that is no enumeration, in a few words."""
    if "minimum" in schema:
        return f"{schema['minimum']} to {schema['maximum']}"
    return "e1, 2026-11-22, 2026-11 or 2026"


def _read_columns(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields of a row of the answer; empty where the answer is no list of rows."""
    (content,) = operation["responses"]["200"]["content"].values()
    rows = content["schema"].get("properties", {}).get("data", {})
    columns: dict[str, dict[str, Any]] = rows.get("items", {}).get("properties", {})
    return columns
