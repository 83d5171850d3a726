"""Each recipe of CONTRIBUTING.md, followed in a copy of the checkout, is enough, and nothing else fails."""

import json
from pathlib import Path

import pytest

from tests.support.checkout import Checkout
from tests.support.paths import ROOT
from tests.support.stores import copy_first_edition

pytestmark = pytest.mark.slow

# What the messages of a recipe must pass: complete in both languages, used, and filled alike.
MESSAGES = "tests/test_language.py"
# What each document in each of its formats must pass.
WRITTEN = "tests/export/test_readers.py::test_every_document_is_written_twice_alike"


@pytest.fixture
def copy(tmp_path: Path, seeded_address: str) -> Checkout:
    return Checkout(tmp_path / "copy", seeded_address)


def test_an_indicator_is_two_files(tmp_path: Path, seeded_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts and figures; the data package is written by its command, and no test pins how many there are.

    The first edition is as it was: the one with the new indicator is published on top of it, and read by the tests.
    """
    store = copy_first_edition(seeded_file, tmp_path)
    copy = Checkout(tmp_path / "copy", store)
    facts = (ROOT / "data" / "indicators" / "esa_budget.toml").read_text(encoding="utf-8").split("[[gaps]]")[0]
    copy.write("data/indicators/toy_orders.toml", facts.replace('family = "esa_budget"', 'family = "toy_orders"'))
    lines = [f"ESA,,{year},{100 + 3 * (year - 2000) + year % 3}\n" for year in range(2000, 2026)]
    copy.write("data/observations/toy_orders.csv", "geo,item,period,value\n" + "".join(lines))
    copy.run("-m", "observatory", "datapackage")
    with monkeypatch.context() as patch:
        patch.setenv("OBSERVATORY_STORE", store)
        copy.run("-m", "observatory", "publish", "--curated")
    copy.run_tests(
        "tests/catalogue/test_reading.py",
        "tests/catalogue/test_datapackage.py",
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
    """A function, a row, two messages in two languages, a file that breaks it; a tool writes its line of the docs."""
    rule = '''

def toy_value(row: FigureRow) -> Iterable[Violation]:
    """A value must not be 4242."""
    return (row.build_violation("value"),) if row.number.value == 4242 else ()
'''
    copy.append("observatory/ingest/rules/row.py", rule)
    row = '\n    UploadRule("toy_value", "warning", "row", row.toy_value),'
    copy.insert("observatory/ingest/rules/__init__.py", "    # Stage row: takes a FigureRow.", row)
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
    copy.run("tools/list_rules.py")
    files = ("tests/contracts/test_registries.py", "tests/ingest/test_corpus.py", "tests/test_docs.py", MESSAGES)
    copy.run_tests(*files, "-k", "toy_value or complete or test_docs or message or places")


def test_an_export_format_is_a_function_and_a_row(copy: Checkout) -> None:
    """A function in a module of its own, a row, and a message in two languages that the failing test names."""
    writer = '''"""A document as its title and its lead."""

from observatory.export.document import Document


def write_toy(document: Document) -> bytes:
    """The two lines, as UTF-8."""
    return f"{document.title}\\n{document.lead}\\n".encode()
'''
    copy.write("observatory/export/toy.py", writer)
    row = '\n    ExportFormat("toy", "text/x-toy; charset=utf-8", "toy", _lazy_writer("toy", "write_toy")),'
    copy.insert("observatory/export/formats.py", "EXPORTS: tuple[ExportFormat, ...] = (", row)
    assert "export.offer.toy" in copy.failing_tests("tests/contracts/test_registries.py", "-k", "toy and message")
    copy.add_messages(export__offer__toy="Toy")
    files = ("tests/contracts/test_registries.py", "tests/export/test_documents.py", WRITTEN, MESSAGES)
    copy.run_tests(*files, "-k", "toy or formats or message or places")


def test_an_api_route_is_a_function_and_a_row(copy: Checkout) -> None:
    """A function that answers, a row of ROUTES, a line of docs/api.md; the OpenAPI document follows."""
    function = '''

def list_toys(request: ApiRequest) -> Payload:
    """The toys."""
    return build_envelope(request, [{"id": "toy"}], 1, {})
'''
    copy.append("observatory/api/data/resources.py", function)
    row = """
    Endpoint(
        "/api/v1/toys",
        "The toys.",
        resources.list_toys,
        JSON_MEDIA_TYPE,
        describe_envelope({"type": "object"}),
        ListQuery,
    ),"""
    copy.insert("observatory/api/routes.py", "ROUTES: tuple[Endpoint, ...] = (", row)
    named = "tests/api/test_examples.py::test_every_address_of_the_documents_answers"
    assert "/api/v1/toys" in copy.failing_tests(named)
    copy.insert("docs/api.md", "|---|---|", "\n| `/api/v1/toys` | the toys |")
    tests = ("tests/contracts/test_registries.py", "tests/api/test_routes.py", "tests/api/test_contract.py")
    copy.run_tests(named, *tests, "tests/test_docs.py", "-k", "toys or documents or made_of_the_routes")


def test_a_page_is_a_brief_a_function_and_a_row(copy: Checkout) -> None:
    """A view model, `show`, a row, a document, and the messages that the failing tests name."""
    brief = '''"""A toy page: one sentence."""

from dataclasses import dataclass

from observatory.briefs.common.context import Context


@dataclass(frozen=True)
class ToyBrief:
    """What the page says."""

    lead: str


def build_toy(context: Context) -> ToyBrief:
    """One sentence."""
    return ToyBrief(context.localizer.text("toy.lead"))
'''
    page = '''"""The toy page."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from observatory.outlook.outlook import Outlook
from observatory.pages import brief_cache
from observatory.selection import Selection


def show(outlook: Outlook, selection: Selection, _pages: Mapping[str, Any]) -> None:
    """Shows the sentence."""
    st.text(brief_cache.get_brief("toy", outlook, selection).lead)
'''
    document = '''"""The toy page as a document."""

from observatory.briefs.common.context import Context
from observatory.briefs.toy import build_toy
from observatory.export.documents.draft import DocumentDraft


def draft_toy(context: Context) -> DocumentDraft:
    """The sentence."""
    lead = build_toy(context).lead
    return DocumentDraft("Toy", "", lead, (), (), "", (), ())
'''
    copy.write("observatory/briefs/toy.py", brief)
    copy.write("observatory/pages/toy.py", page)
    copy.write("observatory/export/documents/toy.py", document)
    row = '\n    PageEntry("toy", "toy", "more", build_toy, brief_fields=(), is_document=True, has_charts=False),\n)'
    path = "observatory/briefs/registry.py"
    copy.insert(path, "import build_track_record", "\nfrom observatory.briefs.toy import build_toy")
    copy.insert(path, 'build_method, brief_fields=("horizon", "after"), is_document=True),', row, drop="\n)")
    failing = copy.failing_tests("tests/contracts/test_registries.py", MESSAGES, "-k", "toy or messages or message")
    assert all(key in failing for key in ("page.toy", "social.about.toy", "toy.lead"))
    copy.add_messages(page__toy="Toy", social__about__toy="Toy.", toy__lead="Toy.")
    files = ("tests/contracts/test_registries.py", "tests/briefs/test_shown.py", "tests/briefs/test_card.py")
    cases = "toy or documents_have or is_a_page or page_has or uses_more or codes or message or places"
    copy.run_tests(*files, "tests/test_docs.py", WRITTEN, MESSAGES, "-k", cases)


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
    copy.run_tests("tests/contracts/test_models.py")
    copy.run("-m", "observatory.forecast.train", "--quick", "--output", "quick.json")
    assert "toy" in (copy.folder / "quick.json").read_text(encoding="utf-8")
