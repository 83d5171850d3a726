"""Each recipe of CONTRIBUTING.md, followed in a copy of the checkout, is enough, and nothing else fails."""

import json
from pathlib import Path

import pytest

from tests.support.checkout import Checkout
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

ROUTES = ROOT / "observatory" / "api" / "routes.py"
PAGE_ROWS = ROOT / "observatory" / "briefs" / "registry.py"


@pytest.fixture
def copy(tmp_path: Path, seeded_address: str) -> Checkout:
    return Checkout(tmp_path / "copy", seeded_address)


def test_an_indicator_is_two_files(tmp_path: Path) -> None:
    """Facts and figures; the data package is written by its command, and no test pins how many there are."""
    copy = Checkout(tmp_path / "copy")
    facts = (ROOT / "data" / "indicators" / "esa_budget.toml").read_text(encoding="utf-8").split("[[gaps]]")[0]
    copy.write("data/indicators/toy_orders.toml", facts.replace('family = "esa_budget"', 'family = "toy_orders"'))
    lines = [f"ESA,,{year},{100 + 3 * (year - 2000) + year % 3}\n" for year in range(2000, 2026)]
    copy.write("data/observations/toy_orders.csv", "geo,item,period,value\n" + "".join(lines))
    copy.run("-m", "observatory", "check")
    copy.run("-m", "observatory", "datapackage")
    copy.run_tests(
        "tests/catalogue",
        "tests/test_docs.py",
        "tests/test_cli.py::test_check_of_the_catalogue",
        "tests/store/test_store.py::test_every_observation_can_be_read_back",
        "tests/forecast/test_panel.py::test_every_curated_series_has_an_answer",
        "tests/api/test_feed.py::test_the_feed_is_valid_atom",
        "tests/api/test_routes.py::test_all_observations_in_one_file",
        "tests/api/test_routes.py::test_the_catalogue",
        "tests/api/test_routes.py::test_vintages",
    )


def test_a_rule_for_uploads_is_a_function_and_a_row(copy: Checkout) -> None:
    """A function, a row, two messages in two languages, a file that breaks it, a line in the documents."""
    rule = '''

def toy_value(row: FigureRow) -> Iterable[Violation]:
    """A value must not be 4242."""
    return (row.build_violation("value"),) if row.number.value == 4242 else ()
'''
    copy.append("observatory/ingest/rules/row.py", rule)
    row = '\n    UploadRule("toy_value", "warning", "row", row.toy_value),'
    copy.insert("observatory/ingest/rules/__init__.py", "    # Of a Row.", row)
    copy.add_messages(finding__toy_value="{value}.", finding__toy_value__hint="{value}?")
    content = "indicator,geo,item,period,value\nesa_budget,ESA,,2026,4242\n"
    copy.insert(
        "tests/ingest/make_corpus.py",
        "WRITTEN: dict[str, bytes] = {",
        '\n    "toy_value.csv": text(ENGLISH, "esa_budget,ESA,,2026,4242"),',
    )
    copy.write("tests/ingest/corpus/files/toy_value.csv", content)
    findings = [["warning", "toy_value", 2, "value"], ["warning", "running_period", 2, "period"]]
    findings += [["warning", "factor_1000", 2, "value"], ["warning", "revision", 2, "value"]]
    expected = {"file": "toy_value.csv", "ok": True, "accepted": 1, "findings": findings, "inferred": {}}
    copy.write("tests/ingest/corpus/expected/toy_value.csv.json", json.dumps(expected))
    if (copy.folder / "tools" / "list_rules.py").exists():
        copy.run("tools/list_rules.py")
    else:
        line = "\n| `toy_value` | warning | A value must not be 4242. |"
        copy.insert("docs/publishing.md", "| rule | level | what it asks |\n|---|---|---|", line)
    copy.run_tests("tests/contracts/test_registries.py", "-k", "rule")
    copy.run_tests("tests/ingest/test_corpus.py", "-k", "toy_value or complete")
    copy.run_tests("tests/test_docs.py")
    copy.run_tests("tests/test_language.py", "-k", "message or places or families")


def test_an_export_format_is_a_function_and_a_row(copy: Checkout) -> None:
    """A function in a module of its own, a row, and a message in two languages."""
    writer = '''"""A document as its title and its lead."""

from observatory.export.document import Document


def toy(document: Document) -> bytes:
    """The two lines, as UTF-8."""
    return f"{document.title}\\n{document.lead}\\n".encode()
'''
    copy.write("observatory/export/toy.py", writer)
    row = '\n    ExportFormat("toy", "text/x-toy; charset=utf-8", "toy", _lazy_writer("toy", "toy")),'
    copy.insert("observatory/export/formats.py", "EXPORTS: tuple[ExportFormat, ...] = (", row)
    refusal = copy.failing_tests("tests/contracts/test_registries.py")
    assert "export.offer.toy" in refusal
    copy.add_messages(export__offer__toy="Toy")
    copy.run_tests("tests/contracts", "--deselect", "tests/contracts/test_adding.py")
    copy.run_tests("tests/test_language.py", "-k", "message or places or families")
    copy.run_tests("tests/export/test_documents.py", "-k", "hostile or door or formats")


@pytest.mark.skipif("Endpoint" not in ROUTES.read_text(encoding="utf-8"), reason="waits for the routes of FastAPI")
def test_an_api_route_is_a_function_and_a_row(copy: Checkout) -> None:
    """A function that answers, a row of ROUTES, a line of docs/api.md; the OpenAPI document follows."""
    function = '''

def list_toys(request: ApiRequest) -> list[dict[str, str]]:
    """The toys."""
    return [{"id": "toy"}]
'''
    copy.append("observatory/api/resources.py", function)
    row = """
    Endpoint(
        "/api/v1/toys",
        "The toys.",
        resources.list_toys,
        JSON_MEDIA_TYPE,
        {"type": "array", "items": {"type": "object"}},
        ListQuery,
    ),"""
    copy.insert("observatory/api/routes.py", "ROUTES: tuple[Endpoint, ...] = (", row)
    copy.insert("docs/api.md", "|---|---|", "\n| `/api/v1/toys` | the toys |")
    copy.run_tests("tests/api", "--deselect", "tests/api/test_contract.py::test_schemathesis_finds_nothing")


@pytest.mark.skipif(not PAGE_ROWS.exists(), reason="waits for the registry of pages in briefs")
def test_a_page_is_a_brief_a_function_and_a_row(copy: Checkout) -> None:
    """A view model, a function `show`, a row, and the messages that the failing tests name."""
    brief = '''"""A toy page: one sentence."""

from dataclasses import dataclass

from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


@dataclass(frozen=True)
class ToyBrief:
    """What the page says."""

    lead: str


def build_toy(outlook: Outlook, selection: Selection, localizer: Localizer) -> ToyBrief:
    """One sentence."""
    return ToyBrief(localizer.text("page.toy"))
'''
    page = '''"""The toy page."""

import streamlit as st

from observatory.briefs.toy import build_toy
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


def show(outlook: Outlook, selection: Selection, localizer: Localizer) -> None:
    """Shows the sentence."""
    st.text(build_toy(outlook, selection, localizer).lead)
'''
    copy.write("observatory/briefs/toy.py", brief)
    copy.write("observatory/pages/toy.py", page)
    copy.insert("observatory/briefs/registry.py", "PAGES: tuple[PageEntry, ...] = (", '\n    PageEntry("toy"),')
    refusal = copy.failing_tests("tests/contracts/test_registries.py")
    assert "page.toy" in refusal
    copy.add_messages(page__toy="Toy")
    copy.run_tests("tests/contracts", "--deselect", "tests/contracts/test_adding.py")


@pytest.mark.skipif(
    "--quick" not in (ROOT / "observatory" / "forecast" / "train.py").read_text(encoding="utf-8"),
    reason="waits for a quick training",
)
def test_a_forecasting_model_is_a_function_and_a_row(copy: Checkout) -> None:
    """A function and a row of MODELS keep every test green; a quick training gives it a weight."""
    model = '''

def toy(history: AdjustedHistories, steps: int) -> FloatArray:
    """Halfway between the last value and the mean of the last four."""
    recent = np.nanmean(history.deseasonalized[:, -4:], axis=1)
    return np.repeat(((history.last_values + recent) / 2)[:, None], steps, axis=1)


'''
    path = copy.folder / "observatory" / "forecast" / "models.py"
    before, marker, after = path.read_text(encoding="utf-8").partition("@dataclass(frozen=True)\nclass ForecastModel")
    assert marker
    path.write_text(before.rstrip() + "\n" + model + marker + after, encoding="utf-8")
    copy.insert(
        "observatory/forecast/models.py",
        '    ForecastModel("ses", ses, "log"),',
        '\n    ForecastModel("toy", toy, "log"),',
    )
    copy.run_tests("tests/contracts/test_models.py", "tests/forecast/test_engine.py")
    copy.run("-m", "observatory.forecast.train", "--quick", "--output", "quick.json")
    assert "toy" in (copy.folder / "quick.json").read_text(encoding="utf-8")
