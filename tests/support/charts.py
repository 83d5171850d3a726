"""The schema of Vega-Lite, which every chart must meet."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import altair as alt
import jsonschema_rs


def assert_chart_is_valid(spec: Mapping[str, Any]) -> None:
    """The specification is valid Vega-Lite; if not, Altair says what is wrong, a thousand times slower."""
    if not _load_schema().is_valid(dict(spec)):
        alt.Chart.from_dict(dict(spec))
        raise AssertionError("not valid by the schema of Vega-Lite")


@cache
def _load_schema() -> jsonschema_rs.Draft7Validator:
    """The schema that Altair brings, compiled. Its references hold characters that an address must write as %."""
    path = Path(alt.__file__).parent / "vegalite" / "v6" / "schema" / "vega-lite-schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"), object_hook=_quote_reference)
    return jsonschema_rs.Draft7Validator(schema)


def _quote_reference(part: dict[str, Any]) -> dict[str, Any]:
    reference = part.get("$ref")
    return {**part, "$ref": quote(reference, safe="#/")} if isinstance(reference, str) else part
