"""Documents match the code: commands, settings, files, modules, rules and dependencies are those that exist."""

import re
import tomllib
from pathlib import Path

import pytest

from observatory import settings
from observatory.catalogue.models import Catalogue
from observatory.ingest.rules import RULES
from tests.support.commands import list_commands
from tests.support.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
DOCUMENTS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").glob("*.md")),
    *sorted((ROOT / ".github").rglob("*.md")),
    ROOT / "data" / "README.md",
]


def _text(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text(encoding="utf-8")


def test_the_readme_names_every_command_and_setting() -> None:
    """Each command of the parser and each variable that is read stand in the README, and none that does not exist."""
    assert set(re.findall(r"^    observatory ([a-z]+)", README, re.MULTILINE)) == set(list_commands())
    source = _text("observatory", "settings.py")
    variables = set(re.findall(r'env\.get\("([A-Z_]+)"', source))
    assert variables == set(re.findall(r"`([A-Z_]+)`", README)) & (variables | {"PORT", "HOST"})
    assert settings.load_settings({}).port == 8501


def test_every_variable_is_documented() -> None:
    """README and CONTRIBUTING.md list the OBSERVATORY_ variables that code, tests and hosts name, and no others."""
    sources = [
        *(ROOT / "observatory").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
        ROOT / "app.py",
        ROOT / "data" / "refresh.toml",
    ]
    pattern = re.compile(r"OBSERVATORY_[A-Z_]+[A-Z]")
    read = {name for path in sources for name in pattern.findall(path.read_text(encoding="utf-8"))}
    named = {name for path in DOCUMENTS for name in pattern.findall(path.read_text(encoding="utf-8"))}
    tables = set(re.findall(r"^\| `(OBSERVATORY_[A-Z_]+)`", README + _text("CONTRIBUTING.md"), re.MULTILINE))
    assert tables == read
    assert named <= read


def test_every_link_of_the_documents_leads_somewhere() -> None:
    """Files and headings that the documents point to exist."""
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for target, heading in re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", text):
            goal = path.parent / target if target else path
            assert goal.exists(), f"{path.name}: {target}"
            if heading:
                titles = re.findall(r"^#+ (.+)$", goal.read_text(encoding="utf-8"), re.MULTILINE)
                anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
                assert heading in anchors, f"{path.name}: {target}#{heading}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_of_the_documents_exists(path: Path) -> None:
    """What stands in backticks and begins with a package or a top folder is a file or a folder."""
    packages = {child.name for child in (ROOT / "observatory").iterdir() if child.is_dir()}
    tops = {"observatory", "tests", "benchmarks", "tools", "examples", "docs"}
    for name in re.findall(r"`([\w./-]+)`", path.read_text(encoding="utf-8")):
        first = name.split("/")[0]
        if "/" not in name or first not in packages | tops or "NAME" in name or ".ID" in name:
            continue
        goal = name if first in tops else f"observatory/{name}"
        candidates = [ROOT / goal, ROOT / f"{goal}.py", ROOT / f"{goal.rpartition('.')[0]}.py"]
        assert any(one.exists() for one in candidates), name


def test_the_tree_of_the_architecture_is_that_of_the_package() -> None:
    """Each package and top module of observatory/ stands in docs/architecture.md, and each of its subpackages."""
    text = _text("docs", "architecture.md")
    for path in (ROOT / "observatory").iterdir():
        if path.name.startswith("_") or path.name == "messages":
            continue
        assert re.search(rf"\b{path.stem}(/|\.py)", text), path.name
    tree = text.split("## Packages")[1].split("\n## ")[0]
    for name in re.findall(r"([a-z]+)/(?= )", tree):
        assert any(ROOT.rglob(name)), name


def test_the_architecture_names_the_pages_and_what_exists() -> None:
    """docs/architecture.md names each package of a page, and no path of the program that does not exist."""
    text = _text("docs", "architecture.md")
    tree = text.split("## Packages")[1].split("\n## ")[0]
    packages = [
        row.parent for layer in ("briefs", "pages") for row in (ROOT / "observatory" / layer).glob("*/__init__.py")
    ]
    assert len(packages) > 10
    assert [row.name for row in packages if not re.search(rf"\b{row.name}\b", tree)] == []
    paths = re.findall(r"`((?:[a-z_]+/)+[a-z_]+(?:\.(?:py|js))?)`", text)
    assert len(paths) > 10
    assert [path for path in paths if not any((root / path).exists() for root in (ROOT / "observatory", ROOT))] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_have_one_sentence_a_line(path: Path) -> None:
    """Outside tables and code no line goes on after the end of a sentence, so that a change shows what it changes."""
    prose = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in prose.splitlines() if not line.startswith(("|", "    "))]
    assert [line for line in lines if re.search(r"(?<=[a-z)`%])\. +[A-Z][a-z]+ ", line)] == []


def test_every_rule_is_documented() -> None:
    """docs/publishing.md has a row for each rule on uploads, with its level and what it asks."""
    text = _text("docs", "publishing.md")
    for rule in RULES:
        asked = (rule.check.__doc__ or "").strip().splitlines()[0]
        assert f"| `{rule.code}` | {rule.level} | {asked} |" in text


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_record_has_its_fields(path: Path) -> None:
    """A number that follows its file, date, status, context, alternatives, consequences; and a line in the index."""
    text = path.read_text(encoding="utf-8")
    number = int(path.stem[:4])
    title = re.match(rf"# {number}\. (.+)\n\n- Date: \d{{4}}-\d\d-\d\d\n- Status: (accepted|superseded by \d+)\n", text)
    assert title
    for field in ("Context", "Alternatives", "Consequences"):
        assert re.search(rf"^\*\*{field}\.\*\* \S", text, re.MULTILINE), field
    assert len(text.splitlines()) <= 20
    assert f"[{number}. {title[1]}]({path.name})" in _text("docs", "decisions", "README.md")


def test_decisions_are_numbered_without_a_gap() -> None:
    """The first is 1, and each has the next number."""
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_every_dependency_has_its_decision() -> None:
    """Each dependency, at run time and for development, stands with its licence on a line of packages of a record."""
    project = tomllib.loads(_text("pyproject.toml"))["project"]
    lines = [re.search(r"^- Packages: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE) for path in DECISIONS]
    packages = ", ".join(line[1].lower() for line in lines if line)
    for line in [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]:
        assert f"{re.split(r'[><=]', line)[0].strip()} (" in packages, line


def test_the_changelog_has_the_version() -> None:
    """CHANGELOG.md has a section for the version of the package."""
    version = re.search(r'__version__ = "(.+)"', _text("observatory", "__init__.py"))
    assert version
    assert f"\n## {version[1]} (" in _text("CHANGELOG.md")


def test_make_help_lists_every_target() -> None:
    """Each target of the Makefile that is not a file has a comment that `make help` prints."""
    text = _text("Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert phony
    for target in phony[1].split():
        assert re.search(rf"^{target}:.*## \S", text, re.MULTILINE), target


def test_the_message_catalogues_have_one_order() -> None:
    """Both languages have the same keys and sections in the same order, and no key twice."""
    french, english = (
        re.findall(r'^(?:msgid "(.+)"|# (.+))$', _text("observatory", "messages", f"{language}.po"), re.MULTILINE)
        for language in ("fr", "en")
    )
    assert french[1:] == english[1:]
    keys = [key for key, _section in french if key]
    assert len(set(keys)) == len(keys)


def test_the_locks_have_hashes_and_no_address() -> None:
    """Every pinned line has a hash, and no file names where packages come from."""
    for name in ("requirements.txt", "requirements-postgresql.txt", "requirements-dev.txt"):
        text = _text(name)
        assert "://" not in text
        assert "index-url" not in text
        pins = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE | re.IGNORECASE)
        assert len(pins) > 20
        assert text.count("--hash=sha256:") >= len(pins)


def test_every_licence_is_listed(catalogue: Catalogue) -> None:
    """Each publisher stands with its licence in data/README.md."""
    text = _text("data", "README.md")
    for row in catalogue.sources.values():
        assert f"| {row.publisher_en} | {row.licence_en} | {row.licence_certainty} |" in text
