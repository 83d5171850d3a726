"""Documents that cannot lie: commands, settings, files and dependencies are those that there are."""

import re
import tomllib

from observatory import settings
from observatory.catalogue.models import Catalogue
from observatory.cli.parser import _build_parser
from observatory.ingest.rules.registry import RULES
from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_command_and_setting() -> None:
    """Each command of the parser and each variable that is read stand in the README, and none that does not exist."""
    commands = set(_build_parser()._subparsers._group_actions[0].choices)  # type: ignore[union-attr,arg-type]
    assert set(re.findall(r"^    observatory ([a-z]+)", README, re.MULTILINE)) == commands
    source = (ROOT / "observatory" / "settings.py").read_text(encoding="utf-8")
    variables = set(re.findall(r'env\.get\("([A-Z_]+)"', source))
    assert variables == set(re.findall(r"`([A-Z_]+)`", README)) & (variables | {"PORT", "HOST"})
    assert settings.load_settings({}).port == 8501


def test_every_link_of_the_documents_leads_somewhere() -> None:
    """Files that README and docs point to exist."""
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "data" / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_rule_is_documented() -> None:
    """docs/publishing.md has a row for each rule on uploads, with its level and what it asks."""
    text = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
    for rule in RULES:
        said = (rule.check.__doc__ or "").strip().splitlines()[0]
        assert f"| `{rule.code}` | {rule.level} | {said} |" in text


def test_every_dependency_has_its_reason() -> None:
    """Each run-time dependency stands in docs/decisions/dependencies.md."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs" / "decisions" / "dependencies.md").read_text(encoding="utf-8").lower()
    for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        assert re.split(r"[><=]", line)[0] in reasons, line


def test_the_locks_have_hashes_and_no_address() -> None:
    """Every pinned line has a hash, and no file names where packages come from."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "index-url" not in text
        pins = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE | re.IGNORECASE)
        assert len(pins) > 20
        assert text.count("--hash=sha256:") >= len(pins)


def test_every_licence_is_listed(catalogue: Catalogue) -> None:
    """Each publisher stands with its licence in data/README.md."""
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for row in catalogue.sources.values():
        assert f"| {row.publisher_en} | {row.licence_en} | {row.licence_certainty} |" in text
