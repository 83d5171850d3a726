"""The contracts of the other registries: pages, checks, rules, exports, in both languages."""

import inspect

from observatory.catalogue.reading import CHECKS
from observatory.export import EXPORTS
from observatory.ingest.rules import RULES
from observatory.language import Speaker
from observatory.outlook.outlook import Outlook
from observatory.pages import PAGES


def test_every_page_has_a_title_and_a_path(speaker: Speaker) -> None:
    """Each page has its own id and path, a title in the language, and the signature of a page."""
    assert len({row.path for row in PAGES}) == len(PAGES)
    assert PAGES[0].path == ""
    for row in PAGES:
        assert speaker.say(f"page.{row.id}")
        assert len(inspect.signature(row.show).parameters) == 3


def test_every_rule_has_its_sentences(speaker: Speaker) -> None:
    """Each rule on uploads has the code of its own name, a message and a cure in the language, and a docstring."""
    for rule in RULES:
        name = rule.__name__
        values = {"value": "x", "near": "y", "found": "A", "expected": "M"}
        assert speaker.say(f"finding.{name}", **values)
        assert speaker.say(f"finding.{name}.hint", **values)
        assert rule.__doc__


def test_every_check_is_a_function_of_its_own() -> None:
    """No check stands twice in the table."""
    assert len(set(CHECKS)) == len(CHECKS)


def test_every_export_writes_a_series(outlook: Outlook, speaker: Speaker) -> None:
    """Each format answers bytes for a series, in the language."""
    key = outlook.headline(outlook.catalogue.indicators["atr_backlog"])
    for row in EXPORTS:
        assert row.write(outlook, key, speaker.language)
