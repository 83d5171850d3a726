"""The note for a bank about a firm: its figures are those of the page, one sheet holds it, nobody else sees the mix."""

import io
import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pptx import Presentation

from observatory.briefs.common.context import Context
from observatory.briefs.firm_note import FirmNote, build_firm_note
from observatory.briefs.portfolio.growth import forecast_portfolio
from observatory.briefs.portfolio.page import build_portfolio
from observatory.export.documents.firm_note import FIRM_NOTE_FORMATS, write_firm_note
from observatory.export.firm_note.layout import PAGE_HEIGHT, PAGE_WIDTH, lay_out_note
from observatory.export.firm_note.shapes import BoxShape, CodeShape, TextShape
from observatory.language import Language, Localizer
from observatory.mix import Mix, format_fragment
from observatory.outlook.outlook import Outlook
from observatory.outlook.shocks.mix_shock import find_deepest_shock
from observatory.outlook.study_parts import MarketShock, PastShock
from observatory.selection import Selection
from observatory.store.notes import NoteContent, NoteScope, PublishedNote
from observatory.workspace.notes import MAX_TEXT_CHARS
from tests.support.documents import plain, text_of

MIX = Mix({"commercial_aircraft": 70, "space": 20, "helicopters": 10}, 6_000_000)
LINK = "https://observatory.example/portfolio?asof=e1#" + format_fragment(MIX)


def make_note(
    outlook: Outlook, mix: Mix, lang: Language = "fr", publisher: str = "", notes: Sequence[PublishedNote] = ()
) -> FirmNote:
    localizer = Localizer(lang)
    return build_firm_note(Context(outlook, Selection(lang=lang), localizer, outlook.day), mix, publisher, notes)


def texts_of(note: FirmNote) -> list[str]:
    return [shape.text for shape in lay_out_note(note, LINK) if isinstance(shape, TextShape)]


def say(number: int, scope: NoteScope, code: str, text: str) -> PublishedNote:
    content = NoteContent(scope, code, text, "", "P. N.", "experte", date(2026, 11, 20))
    return PublishedNote(
        number, content, datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC), 2, "a"
    )


def test_the_range_in_euros_is_that_of_the_page(outlook: Outlook) -> None:
    """Six million euros at the two ends of the range, over two years, in millions with three significant digits."""
    forecast = forecast_portfolio(outlook, MIX.normalized_shares, {}, 2)
    assert forecast is not None
    key = make_note(outlook, MIX, "en").keys[0]
    low, high = (float(text) for text in key.value.split(" to "))
    assert key.unit == "€m"
    assert low == pytest.approx(6 * (1 + forecast.low) ** 2, abs=0.005)
    assert high == pytest.approx(6 * (1 + forecast.high) ** 2, abs=0.005)
    under = " ".join(build_portfolio(Context(outlook, Selection(lang="en"), Localizer("en"), outlook.day), MIX).under)
    assert f"{round(low * 1_000_000):,}" in under


@pytest.mark.parametrize(
    ("turnover", "unit", "size"),
    [(850_000, "€k", 1e3), (4_000, "€", 1), (6_000_000, "€m", 1e6), (3_200_000_000, "€bn", 1e9)],
)
def test_an_amount_has_a_unit_of_its_size(outlook: Outlook, turnover: int, unit: str, size: float) -> None:
    """The turnover of today, times its unit, is what was entered."""
    key = make_note(outlook, replace(MIX, turnover=turnover), "en").keys[0]
    assert key.unit == unit
    today = re.search(r"from ([\d.,]+)", key.text)
    assert today is not None
    assert float(today[1].replace(",", "")) * size == pytest.approx(turnover)


def test_without_a_turnover_figures_are_per_cents(outlook: Outlook) -> None:
    """No euro stands in the note of a firm that gave no turnover."""
    note = make_note(outlook, replace(MIX, turnover=0))
    assert len(note.keys) == 3
    assert "€" not in "".join(texts_of(note))
    assert note.keys[0].value == Localizer("fr").growth(
        forecast_portfolio(outlook, MIX.normalized_shares, {}, 2).median  # type: ignore[union-attr]
    )


def test_the_worst_shock_is_the_deepest_that_most_of_the_mix_lived_through() -> None:
    """Half of the level is lost and found again a year later; a deeper shock of one market alone does not count."""
    halved = [1.0] * 13 + [0.5] * 12 + [1.0] * 48
    lost = [1.0] * 13 + [0.1] * 60
    shocks = [
        PastShock("2020-03-01", "", {"a": _shock(halved), "b": _shock(halved)}, has_paths=True),
        PastShock("2001-09-01", "", {"a": _shock(lost)}, has_paths=True),
    ]
    shock = find_deepest_shock(shocks, {"a": 0.5, "b": 0.5})
    assert shock is not None
    assert (shock.start, shock.months_down, shock.months_back) == ("2020-03-01", 1, 12)
    assert shock.depth == pytest.approx(0.5)
    assert shock.covered_share == pytest.approx(1.0)
    alone = find_deepest_shock(shocks, {"a": 1.0})
    assert alone is not None
    assert alone.start == "2001-09-01"
    assert alone.months_back is None
    assert find_deepest_shock(shocks, {"c": 1.0}) is None


def _shock(path: list[float]) -> MarketShock:
    return MarketShock(2, 2, 0.5, 1, 12, list(path))


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", ["three", "all", "none", "own", "noted"])
def test_everything_stands_on_one_sheet(outlook: Outlook, lang: Language, name: str) -> None:
    """No text reaches into the next, from one market to nine, with and without calls, with the longest note."""
    mixes = {
        "three": MIX,
        "all": Mix(dict.fromkeys(outlook.catalogue.markets, 11), 1_234_567, {"space": 3.0}),
        "none": Mix({"drones": 100}),
        "own": Mix({"space": 60, "electronics": 40}, 900, {"space": -4.5}),
        "noted": Mix(dict.fromkeys(outlook.catalogue.markets, 11), 1_234_567, {"space": 3.0}),
    }
    notes = (say(1, "whole", "", ("Les cadences tardent. " * 41)[:MAX_TEXT_CHARS]),) if name == "noted" else ()
    note = make_note(outlook, mixes[name], lang, "Aerospace Valley", notes)
    shapes = lay_out_note(note, LINK)
    for shape in shapes:
        if isinstance(shape, TextShape):
            assert shape.left >= 0
            assert shape.left + shape.text_width * (len(shape.lines) == 1) <= PAGE_WIDTH
            assert shape.top + len(shape.lines) * shape.leading < PAGE_HEIGHT
    blocks = [shape for shape in shapes if isinstance(shape, TextShape) and not shape.is_label]
    for one, other in itertools.pairwise(blocks):
        if one.left + one.width > other.left and other.left + other.width > one.left and other.top > one.top:
            assert one.top + len(one.lines) * one.leading <= other.top + 0.5
    code = next(shape for shape in shapes if isinstance(shape, CodeShape))
    boxes = [shape for shape in shapes if isinstance(shape, BoxShape) and shape.dashed]
    assert all(box.top + box.height < code.top for box in boxes)
    assert boxes[-1].height >= 31  # room to write in
    assert len(boxes) == 3  # name, logo, word
    assert "Aerospace Valley" in note.foot


@pytest.mark.readers
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_reader_opens_the_pdf(outlook: Outlook, tmp_path: Path, lang: Language) -> None:
    """Read by poppler: one page with the title, each market with its range, the record and the edition."""
    content = write_firm_note(outlook, Selection(lang=lang), MIX, LINK, "pdf")
    assert content == write_firm_note(outlook, Selection(lang=lang), MIX, LINK, "pdf")
    assert content.count(b"/Type /Page\n") == 1
    assert b"Newsreader" in content
    path = tmp_path / "note.pdf"
    path.write_bytes(content)
    text = text_of(path)
    note = make_note(outlook, MIX, lang)
    for row in note.markets:
        for part in (row.title, row.share_text, row.odds, row.low, row.middle, row.high):
            assert plain(part) in text
    for part in (note.title, note.lead, *(key.value for key in note.keys), *(key.text for key in note.keys), note.foot):
        assert plain(part) in text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_texts_of_the_slide_can_be_edited(outlook: Outlook, lang: Language) -> None:
    """One A4 slide: every text of the layout in a text box, in fonts that each computer has; the code is a link."""
    deck = Presentation(io.BytesIO(write_firm_note(outlook, Selection(lang=lang), MIX, LINK, "pptx")))
    assert len(deck.slides) == 1
    shapes = deck.slides[0].shapes
    shown = {shape.text_frame.paragraphs[0].runs[0].text for shape in shapes if shape.has_text_frame and shape.text}
    assert set(texts_of(make_note(outlook, MIX, lang))) <= shown
    fonts = {run.font.name for shape in shapes if shape.has_text_frame for run in shape.text_frame.paragraphs[0].runs}
    assert fonts == {"Georgia", "Arial"}
    code = next(shape for shape in shapes if shape.shape_type == 13)
    assert code.click_action.hyperlink.address == LINK


def test_the_cluster_is_heard_on_the_largest_market_that_it_writes_about(outlook: Outlook) -> None:
    """Its newest note on space stands there, signed, as aircraft have none; on the whole only if no market has one."""
    whole, old, new = (
        say(3, "whole", "", "Tout."),
        say(1, "segment", "space", "Ancienne."),
        say(2, "segment", "space", "L\u2019espace.\nTient."),
    )
    note = make_note(outlook, MIX, notes=(whole, new, old)).cluster_note
    assert note is not None
    assert note.paragraphs == ("L\u2019espace.", "Tient.")
    assert note.title.endswith("Spatial")
    note = make_note(outlook, Mix({"drones": 100}), notes=(whole, new, old)).cluster_note
    assert note is not None
    assert note.paragraphs == ("Tout.",)
    assert make_note(outlook, MIX).cluster_note is None
    written = write_firm_note(outlook, Selection(lang="fr"), MIX, LINK, "pptx", (whole, new, old))
    shapes = Presentation(io.BytesIO(written)).slides[0].shapes
    shown = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    assert any("Tient. \u2014 P. N., experte" in text for text in shown)


def test_the_note_has_no_address(outlook: Outlook) -> None:
    """A note says nothing of the mix when it is printed, as a log would, and there are two formats of it."""
    note = make_note(outlook, MIX)
    assert FIRM_NOTE_FORMATS == ("pdf", "pptx")
    for thing in (note, note.markets[0], note.keys[0], find_deepest_shock(outlook.study.shocks, MIX.normalized_shares)):
        assert not re.search(r"\b(?:70|20)\b", repr(thing))
