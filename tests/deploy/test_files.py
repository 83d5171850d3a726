"""The files of deploy/ name what exists: settings, commands, paths, metrics; proxies close what is to be closed."""

import re
import shlex
import shutil
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from observatory import settings
from observatory.api.routes import ROUTES
from observatory.cli.parser import build_parser
from observatory.diagnosis.model import Installation, run_checks
from observatory.diagnosis.registry import INSTALLATION_CHECKS
from observatory.workspace import Workspace
from tests.support.clients import application
from tests.support.paths import ROOT

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
PYTHON = "/opt/observatory/.venv/bin/python"


def _read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def _compose() -> dict[str, Any]:
    content = yaml.safe_load(_read("compose.yaml"))
    assert isinstance(content, dict)
    return content


def _find_settings(environment: dict[str, str]) -> list[str]:
    """What `observatory doctor` finds wrong with the settings of a file."""
    checks = [row for row in INSTALLATION_CHECKS if row.id in ("variables", "settings", "proxy")]
    results = run_checks(checks, Installation(environment))
    return [problem.key for row in results for problem in row.problems]


def _list_variables(text: str) -> set[str]:
    return set(re.findall(r"OBSERVATORY_[A-Z_]+", text))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_exists(path: Path) -> None:
    """No file names a variable that the program does not read, a registry, or a folder of this machine."""
    text = path.read_text(encoding="utf-8")
    assert _list_variables(text) <= set(settings.VARIABLES)
    assert not re.search(r"docker[.]io|quay[.]io|ghcr[.]io|pypi[.]|/work[/]", text)


def test_the_image() -> None:
    """The files that it copies exist, its settings can be read, its user is not root, its health check is a route."""
    text = _read("Containerfile").replace("\\\n", " ")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE):
        *sources, _target = line.split()
        assert all(list(ROOT.glob(source)) for source in sources), line
    (block,) = re.findall(r"^ENV (.+)$", text, re.MULTILINE)
    environment = dict(part.split("=", 1) for part in shlex.split(block))
    assert _find_settings(environment) == ["doctor.open"]  # a note: the address is that of whoever runs it
    assert settings.load_settings(environment).port == int(re.findall(r"^EXPOSE (\d+)$", text, re.MULTILINE)[0])
    assert re.findall(r"^USER (\d+)$", text, re.MULTILINE) == ["10001"]
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["python:3.13-slim"] * 2
    (path,) = re.findall(r"%s(/\w+)'", text)
    assert path in {row.path for row in ROUTES}
    assert "--require-hashes" in text
    (command,) = re.findall(r'^CMD \["python", "-m", "observatory", "(\w+)"\]', text, re.MULTILINE)
    assert build_parser().parse_args([command])


def test_the_composition() -> None:
    """Two servers with the same settings, which exist and agree: store, address, and the proxy by its own address."""
    content = _compose()
    services = content["services"]
    servers = [row for name, row in services.items() if name.startswith("server")]
    assert len(servers) == 2
    assert servers[0] == servers[1]
    environment = {
        name: re.sub(r"\$\{SITE:[^}]*\}", "a.example", str(text)) for name, text in servers[0]["environment"].items()
    }
    assert environment["OBSERVATORY_ADDRESS"] == "https://a.example"
    assert _find_settings(environment) == []
    assert environment["OBSERVATORY_STORE"].startswith("postgresql://")
    proxy = services["proxy"]["networks"]["inside"]["ipv4_address"]
    assert environment["OBSERVATORY_PROXIES"] == proxy
    assert ip_address(proxy) in ip_network(content["networks"]["inside"]["ipam"]["config"][0]["subnet"])
    assert services["proxy"]["environment"]["SERVERS"].split() == ["server-1:8501", "server-2:8501"]
    database = services["database"]["environment"]
    assert (
        environment["OBSERVATORY_STORE"]
        == f"postgresql://{database['POSTGRES_USER']}@database/{database['POSTGRES_DB']}"
    )
    assert environment["PGPASSWORD"] == database["POSTGRES_PASSWORD"]
    volumes = {row.split(":")[0] for one in services.values() for row in one.get("volumes", []) if row[0] != "."}
    assert volumes == set(content["volumes"])
    assert all("/" not in row["image"] for row in services.values())
    assert (
        (DEPLOY / "compose.yaml")
        .parent.joinpath(servers[0]["build"]["context"], servers[0]["build"]["dockerfile"])
        .is_file()
    )


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_the_proxies(name: str) -> None:
    """Both close the figures, know the same cookie, ask for TLS for a year, and let allowed uploads pass."""
    text = _read(name)
    for path in ("/metrics", "/_stcore/metrics"):
        assert path in text
    assert "observatory_server" in text
    assert "max-age=31536000" in text
    (limit,) = re.findall(r"(?:max_size|client_max_body_size) (\d+)", text)
    assert int(limit) * 2**20 > settings.MAX_UPLOAD_BYTES + 2**20 / 2
    assert text.count("{") == text.count("}")


def _list_commands(path: Path) -> list[list[str]]:
    """The commands of ours that a unit starts, as arguments."""
    lines = re.findall(rf"^Exec\w+=.*?{PYTHON} -m observatory (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [shlex.split(re.sub(r"\$\$\([^)]*\)", "1", line).rstrip("'").replace('"', "")) for line in lines]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_the_units(path: Path) -> None:
    """Each command that a unit starts exists, with its options, and its store is one that can be opened."""
    for arguments in _list_commands(path):
        assert build_parser().parse_args(arguments)
    text = path.read_text(encoding="utf-8")
    environment = dict(line.split("=", 1) for line in re.findall(r"^Environment=(.+)$", text, re.MULTILINE))
    assert _find_settings(environment) == []
    if path.suffix == ".service":
        assert len(_list_commands(path)) >= 1
        for line in ("NoNewPrivileges=true", "ProtectSystem=strict", "User=observatory", "PrivateTmp=true"):
            assert line in text


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say, once the interpreter that they name is there."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed: apt-get install systemd")
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace(PYTHON, sys.executable))
    command = [program, "verify", *(str(tmp_path / path.name) for path in UNITS)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    said = [line for line in ended.stderr.splitlines() if str(tmp_path) in line or "observatory" in line]
    assert said == []


_FUNCTIONS = {"sum", "by", "rate", "histogram_quantile", "max", "min", "count", "time", "without", "up"}


def test_the_alarms(small: Workspace) -> None:
    """Each alarm asks for metrics that /metrics has, with their labels, and says what is wrong and what to do."""
    client = TestClient(application(small))
    client.get("/healthz")
    text = client.get("/metrics").text
    kinds = dict(re.findall(r"^# TYPE (\S+) (\w+)$", text, re.MULTILINE))
    names = set(kinds) | {f"{name}_bucket" for name, kind in kinds.items() if kind == "histogram"}
    rules = [rule for group in yaml.safe_load(_read("prometheus-rules.yaml"))["groups"] for rule in group["rules"]]
    assert len(rules) > 8
    for rule in rules:
        expression = re.sub(r'"[^"]*"', '""', rule["expr"])
        labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"\"", expression))
        grouped = {name for row in re.findall(r"by \(([^)]*)\)", expression) for name in re.split(r",\s*", row)}
        assert labels | grouped <= {"job", "status", "route", "source", "state", "indicator", "le"}, rule["alert"]
        asked = set(re.findall(r"[a-z_]{2,}", expression)) - labels - grouped - _FUNCTIONS
        assert asked <= names, rule["alert"]
        assert expression.count("(") == expression.count(")")
        assert rule["annotations"].keys() == {"summary", "action"}
        assert rule["labels"]["severity"] in ("page", "ticket")
    observed = {name for name in names if any(re.search(rf"\b{name}\b", rule["expr"]) for rule in rules)}
    assert {"observatory_ready", "process_resident_memory_bytes", "observatory_requests_total"} <= observed
