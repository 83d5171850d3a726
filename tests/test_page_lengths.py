"""The script that measures the length of pages: what it takes, which limits it holds, what it prints."""

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from observatory.briefs.registry import PAGES
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def page_lengths() -> Iterator[ModuleType]:
    """The script, which finds the modules beside it as it does when it is run."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import page_lengths

        yield page_lengths
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


@pytest.mark.parametrize(
    ("page", "screens", "words", "is_within"),
    [
        ("overview", 2.5, 320, True),
        ("overview", 2.51, 320, False),
        ("overview", 2.5, 321, False),
        ("segment", 4.5, 600, True),
        ("segment", 4.6, 600, False),
        ("radar", 5.0, 900, True),
        ("radar", 5.0, 901, False),
    ],
)
def test_each_page_has_its_limit(
    page_lengths: ModuleType, page: str, screens: float, words: int, is_within: bool
) -> None:
    """The limit itself is kept, anything above is broken, in screens as in words; a desktop has none."""
    row = page_lengths.Length(page, page, screens, words, 9.0, 9999)
    assert row.is_within_limit == is_within
    assert ("too long" in page_lengths.build_table([row])) != is_within


def test_the_first_and_the_longest_market_are_shown(page_lengths: ModuleType) -> None:
    """And any that is too long; other pages are all shown."""
    rows = [
        page_lengths.Length(f"segment: {name}", "segment", screens, 500, 1.0, 500)
        for name, screens in (("first", 3.0), ("short", 2.0), ("longest", 4.4), ("middle", 3.5))
    ]
    other = page_lengths.Length("radar", "radar", 2.0, 300, 1.0, 300)
    assert [row.name for row in page_lengths.keep_longest_market([*rows, other])] == [
        "segment: first",
        "segment: longest",
        "radar",
    ]


def test_every_page_and_market_is_measured(page_lengths: ModuleType) -> None:
    """No page of the registry is left out."""
    addresses = page_lengths.list_addresses()
    assert {row.page for row in addresses} == {row.id for row in PAGES}
    assert "/segment?segment=drones" in [row.path for row in addresses]


@pytest.mark.parametrize(
    "url", ["http://example.org", "https://127.0.0.1:1", "http://127.0.0.1:1/x", "http://127.0.0.1.x"]
)
def test_only_this_machine_is_measured(page_lengths: ModuleType, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Any other address ends the script with 2 and says what it takes."""
    assert page_lengths.main(["--base-url", url]) == 2
    assert "http://127.0.0.1:PORT" in capsys.readouterr().err
