"""The contract: what the OpenAPI document says is served, and the data package can be loaded from the server."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from frictionless import Package, system
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from observatory.api.routes import ROUTES
from tests.support.curated import count_indicators, count_outlooks

EXAMPLES = "12"
PATIENCE = 300  # seconds; a busy machine is slow, not wrong
LONG = 12  # names in a list: markets, horizons and languages are fewer


def _shorten_enum(schema: dict[str, Any]) -> None:
    """Leaves every nth value of a long enumeration: what is in it is read from the catalogue, not typed."""
    values = schema.get("enum", [])
    if len(values) > LONG:
        schema["enum"] = values[:: len(values) // LONG + 1]


@pytest.mark.slow
def test_schemathesis_finds_nothing(server: str, tmp_path: Path) -> None:
    """Thousands of right and wrong queries, methods and headers: no answer that the document does not announce.

    The document is the one that is served, with fewer names in lists of indicators, places and items: Schemathesis
    asks for each one that is listed, on each address, by GET and by HEAD; the next test asks for all of them once.
    """
    document = httpx2.get(f"{server}/api/openapi.json", timeout=PATIENCE).json()
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                _shorten_enum(parameter["schema"].get("items", parameter["schema"]))
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(path), "--url", server, "--checks", "all"]
    command += ["--max-examples", EXAMPLES, "--continue-on-failure", "--seed", "1"]
    command += ["--request-timeout", str(PATIENCE), "--max-response-time", str(PATIENCE)]
    command += ["--suppress-health-check", "too_slow"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    tested = 2 * len(ROUTES)  # GET and HEAD of each
    assert f"{tested} selected / {tested} total" in done.stdout
    assert "No issues found" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("path", [row.path for row in ROUTES if row.query and "indicator" in row.query.model_fields])
def test_every_name_of_the_document_is_known(client: TestClient, path: str) -> None:
    """Each indicator, place and item that the document lists is answered, in JSON by its schema."""
    operation = client.get("/api/openapi.json").json()["paths"][path]["get"]
    ((media_type, content),) = operation["responses"]["200"]["content"].items()
    validator = Draft202012Validator(content["schema"])
    listed = {row["name"]: row["schema"].get("items", row["schema"]).get("enum", []) for row in operation["parameters"]}
    assert max(map(len, listed.values())) > LONG
    for name, values in listed.items():
        for value in values:
            answer = client.get(path, params={name: value, **({"limit": "3"} if "limit" in listed else {})})
            assert answer.status_code == 200, (name, value)
            validator.validate(answer.json() if media_type == "application/json" else answer.text)


@pytest.mark.slow
def test_the_document_is_made_of_the_routes(client: TestClient) -> None:
    """Every row has its path, its parameters with a schema each, and an operation of its own name."""
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert list(document["paths"]) == [row.path for row in ROUTES]
    names = []
    for row in ROUTES:
        sentence = document["paths"][row.path]["get"]
        names.append(sentence["operationId"])
        fields = row.query.model_fields if row.query else {}
        parameters = sentence.get("parameters", [])
        assert [part["name"] for part in parameters] == [field.alias or name for name, field in fields.items()]
        for part in parameters:
            Draft202012Validator.check_schema(part["schema"])
            assert part["description"]
            schema = part["schema"].get("items", {}) | part["schema"]
            assert schema.keys() <= {*("type", "enum", "pattern", "minimum", "maximum", "default"), "items", "maxItems"}
        assert set(sentence["responses"]) >= {"200", "405", "413", "500", "503"}
    assert len(set(names)) == len(names)


@pytest.mark.slow
def test_frictionless_loads_and_validates_the_package_from_the_server(server: str) -> None:
    """The package is fetched from the running server; each indicator is a resource of its size, hash and schema."""
    httpx2.get(f"{server}/api/v1/datapackage.json", timeout=PATIENCE)  # frictionless waits ten seconds for the first
    with system.use_context(trusted=False):
        package = Package(f"{server}/api/v1/datapackage.json")
        assert [row.name for row in package.resources[count_indicators() :]] == ["outlooks", "outlook-publishers"]
        report = package.validate()
        assert report.valid, report.flatten(["name", "type", "note"])[:5]
        rows = package.get_resource("atr_backlog").read_rows()
        publishers = {row["title"] for row in package.get_resource("outlook-publishers").read_rows()}
        forecasts = package.get_resource("outlooks").read_rows()
    assert {row["publisher"] for row in forecasts} == publishers
    assert len(forecasts) == count_outlooks()
    assert rows[0]["indicator"] == "atr_backlog"
    assert float(rows[0]["value"]) == 124
    assert rows[0]["vintage"].startswith("2 (")
