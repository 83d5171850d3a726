"""What the page of changes says: the counts of the changes themselves, in both languages, whatever two editions are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import LinkTable
from observatory.briefs.common.units import choose_unit
from observatory.briefs.whats_new.editions import CountedEditions, EditionCounts, choose_editions, count_edition_changes
from observatory.briefs.whats_new.figures import MAX_LISTED_ROWS, VISIBLE_ROWS, format_distinct
from observatory.briefs.whats_new.model import WhatsNewBrief
from observatory.briefs.whats_new.page import build_whats_new, changes_since_text, changes_text
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.outlook.analysis.diff import OutlookDiff, diff_outlooks
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.store.records import Vintage
from observatory.timeseries import SeriesKey, TimeSeries
from observatory.typography import MINUS, NBSP

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
TODAY = date(2026, 11, 23)
REVISED: SeriesKey = ("atr_backlog", "WORLD", "")
LONGER: SeriesKey = ("turbine_helicopter_deliveries", "WORLD", "")
SHARE: SeriesKey = ("rnd_expenditure_share_gdp", "FRA", "")


def edition(number: int, note: str = "note", reverts: int | None = None) -> Vintage:
    at = START + timedelta(hours=number)
    parent = number - 1 if number > 1 else None
    return Vintage(number, parent, at, at, "Anne", f"{note} fr", "", f"{number:064d}", reverts=reverts)


def altered(
    panel: Mapping[SeriesKey, TimeSeries], key: SeriesKey, values: Sequence[float]
) -> dict[SeriesKey, TimeSeries]:
    return {**panel, key: replace(panel[key], values=np.array(values))}


@pytest.fixture
def after(outlook: Outlook) -> Outlook:
    """A second edition: one figure 10 % up, one share a half point up, one more year, one series gone, one call."""
    figures = outlook.panel[REVISED].values.copy()
    figures[-1] *= 1.1
    panel = altered(outlook.panel, REVISED, figures)
    shares = panel[SHARE].values.copy()
    shares[-1] += 0.5
    panel = altered(panel, SHARE, shares)
    panel = altered(panel, LONGER, [*panel[LONGER].values, 812.0])
    del panel["fr_airport_passengers_total", "FRA", "metropolitan"]
    verdict = "unclear" if outlook.calls["space", 2].call != "unclear" else "growing"
    calls = {**outlook.calls, ("space", 2): replace(outlook.calls["space", 2], call=verdict)}
    return replace(outlook, edition=2, published_at=START + timedelta(hours=2), panel=panel, calls=calls)


def build(
    outlook: Outlook, after: Outlook, localizer: Localizer, selection: Selection | None = None, many: int = 2
) -> WhatsNewBrief:
    editions = [edition(number) for number in range(1, many + 1)]
    chosen = replace(selection or Selection(), lang=localizer.language)
    pair = choose_editions(editions, chosen, 0)
    tallies = {row.id: EditionCounts(row.id, 2, 0) for row in editions}
    found = diff_outlooks(outlook, after)
    context = Context(after, chosen, localizer, TODAY)
    return build_whats_new(context, pair, outlook, found, CountedEditions(editions, tallies))


def listing(brief: WhatsNewBrief, name: str) -> LinkTable:
    return dict(brief.link_tables)[name]


def test_the_lead_counts_what_changed(outlook: Outlook, after: Outlook, localizer: Localizer) -> None:
    """The first sentence has the counts of the changes; nothing on the page is unfilled or empty."""
    brief, found = build(outlook, after, localizer), diff_outlooks(outlook, after)
    assert (found.added_count, found.revised_count, len(found.flipped_calls)) == (1, 2, 1)
    gone = localizer.number(found.withdrawn_count)
    french = f"1{NBSP}valeur nouvelle, 2{NBSP}valeurs révisées, {gone}{NBSP}valeurs retirées, 1{NBSP}avis changé."
    english = f"1 new figure, 2 figures revised, {gone} figures withdrawn, 1 call changed."
    assert brief.lead.endswith(french if localizer.language == "fr" else english)
    texts = [brief.kicker, brief.lead, *brief.under, *brief.notices]
    for _name, rows in brief.link_tables:
        texts += [rows.title, rows.subtitle, *rows.headers, *(text for row in rows.entries for text in row.cells)]
        assert all(len(row.cells) == len(rows.headers) - 1 for row in rows.entries)
    assert all(text and "{" not in text and "nan" not in text.split() for text in texts)


def test_revisions_go_from_the_largest_and_lead_to_their_series(outlook: Outlook, after: Outlook) -> None:
    """A share that moves is said in points, an amount in per cent; each row opens its own series."""
    rows = listing(build(outlook, after, Localizer("fr")), "revised").entries
    assert [row.target.indicator for row in rows] == [SHARE[0], REVISED[0]]
    assert rows[0].cells[-1] == "+0,50 pt"
    assert rows[1].cells[-1] == f"+10,0{NBSP}%"
    assert rows[1].target == Selection(segment="commercial_aircraft", indicator=REVISED[0], geo="WORLD")
    assert "monde" in rows[1].subtitle


def test_new_and_withdrawn_figures_have_their_lists(outlook: Outlook, after: Outlook, localizer: Localizer) -> None:
    """The indicator with one more year shows it; the series that is gone opens as of the edition that has it."""
    brief = build(outlook, after, localizer)
    (new,) = listing(brief, "data").entries
    assert new.target.indicator == LONGER[0]
    assert "812" in new.cells[-1]
    (gone,) = listing(brief, "withdrawn").entries
    assert gone.target.asof == f"e{outlook.edition}"
    (turned,) = brief.changed_calls
    assert (turned.target.segment, turned.target.horizon) == ("space", 2)
    assert turned.old[0] != turned.new[0]


def test_nothing_changed_is_said_in_words(outlook: Outlook, localizer: Localizer) -> None:
    """Two editions that say the same: a sentence that says so, no call, no list but that of the editions."""
    brief = build(outlook, outlook, localizer)
    assert localizer.text("news.lead.none", since=1, since_date=localizer.day(START.date())) == brief.lead
    assert brief.calls is not None
    assert localizer.text("news.calls.none") in brief.calls.subtitle
    assert (brief.changed_calls, brief.moved_calls, brief.link_tables) == ((), None, ())
    assert changes_since_text(OutlookDiff(), localizer) == localizer.text("banner.since.none")
    assert changes_text(OutlookDiff(changed_facts=(("a", ("unit_fr",)),)), localizer).count(",") == 1


def test_the_first_edition_says_what_it_holds(outlook: Outlook, localizer: Localizer) -> None:
    """With nothing to compare: indicators, series, figures, and when the next ones are expected."""
    only = [edition(1)]
    pair = choose_editions(only, Selection(), 0)
    context = Context(outlook, Selection(), localizer, TODAY)
    brief = build_whats_new(context, pair, None, OutlookDiff(), CountedEditions(only, {}))
    figures = sum(row.observed_count for row in outlook.panel.values())
    for n in (len({key[0] for key in outlook.panel}), len(outlook.panel), figures):
        assert localizer.number(n) in brief.lead
    assert localizer.period_phrase("2026-11") in brief.under[-1]
    assert brief.edition_options == ()
    assert brief.calls is None
    assert len(brief.editions.entries) == 1


def test_an_older_comparison_stays_in_its_time(outlook: Outlook, after: Outlook, localizer: Localizer) -> None:
    """Compared up to an edition that is not the newest: its links are as of it, and it foretells nothing."""
    brief = build(outlook, after, localizer, Selection(until=2), many=3)
    assert (brief.since, brief.until) == (1, 2)
    assert listing(brief, "revised").entries[0].target.asof == "e2"
    assert len(brief.under) <= 1
    assert [number for number, _name in brief.edition_options] == [3, 2, 1]


@pytest.mark.parametrize(
    ("query", "pinned", "pair", "unknown"),
    [
        ({}, 0, (4, 6), []),
        ({}, 4, (2, 4), []),
        ({}, 1, (0, 1), []),
        ({"since": 1}, 0, (1, 6), []),
        ({"since": 6, "until": 2}, 0, (2, 6), []),
        ({"until": 2}, 0, (1, 2), []),
        ({"since": 4, "until": 4}, 0, (2, 4), []),
        ({"since": 6}, 4, (4, 6), []),
        ({"since": 3, "until": 99}, 0, (4, 6), [("since", 3), ("until", 99)]),
    ],
)
def test_which_editions_are_compared(
    query: dict[str, int], pinned: int, pair: tuple[int, int], unknown: list[tuple[str, int]]
) -> None:
    """Any two numbers give a pair in order, by default the newest (or pinned) against the one before; 3, 5 are none."""
    found = choose_editions([edition(number) for number in (1, 2, 4, 6)], Selection(**query), pinned)  # type: ignore[arg-type]
    assert (found.since.id if found.since else 0, found.until.id) == pair
    assert list(found.unknown_editions) == unknown


def test_editions_say_what_they_brought_and_undid(outlook: Outlook, localizer: Localizer) -> None:
    """Newest first, each leads to what it changed; a note in one language serves both; what is undone is named."""
    editions = [edition(1), edition(2), edition(3, "again", reverts=2)]
    pair = choose_editions(editions, Selection(), 0)
    tallies = {2: EditionCounts(5, 1000, 0), 3: EditionCounts(0, 1, 5)}
    context = Context(outlook, Selection(), localizer, TODAY)
    brief = build_whats_new(context, pair, outlook, OutlookDiff(), CountedEditions(editions, tallies))
    rows = brief.editions.entries
    assert [(row.target.since, row.target.until) for row in rows] == [(2, 3), (1, 2), (0, 1)]
    assert rows[0].cells[1] == f"{localizer.text('news.reverts', id=2)} again fr"
    assert rows[1].cells == ("Anne", "note fr", "5", localizer.number(1000), "0")
    assert rows[2].cells[2:] == ("\u2013",) * 3


def test_many_editions_are_listed_sixty_at_a_time(outlook: Outlook, after: Outlook, localizer: Localizer) -> None:
    """Of 200, the newest sixty can be chosen and are listed; a link goes on with the 140 before them, and one back."""
    newest = build(outlook, after, localizer, many=200)
    assert [row.target.until for row in newest.editions.entries] == [*range(200, 140, -1)]
    assert [number for number, _text in newest.edition_options] == [*range(200, 140, -1)]
    ((older, text),) = newest.edition_links
    assert (older.since, older.until, "140" in text) == (0, 140, True)
    then = build(outlook, after, localizer, older, many=200)
    assert [row.target.until for row in then.editions.entries] == [*range(140, 80, -1)]
    assert [(target.since, target.until) for target, _text in then.edition_links] == [(0, 0), (0, 80)]
    apart = build(outlook, after, localizer, Selection(since=3, until=199), many=200)
    assert (apart.since, apart.until, apart.edition_options[-1][0]) == (3, 199, 3)
    oldest = build(outlook, after, localizer, Selection(until=2), many=200)
    assert [row.target.until for row in oldest.editions.entries] == [2, 1]
    assert [target.until for target, _text in oldest.edition_links] == [0]
    assert build(outlook, after, localizer, many=60).edition_links == ()


def test_editions_name_the_know_how_that_they_brought(outlook: Outlook, localizer: Localizer) -> None:
    """Below its date, how much know-how an edition added, judged otherwise, withdrew; of none nothing is said."""
    editions = [edition(1), edition(2)]
    tallies = {1: EditionCounts(5, 0, 0), 2: EditionCounts(0, 0, 0, (0, 2, 1))}
    pair = choose_editions(editions, Selection(), 0)
    context = Context(outlook, Selection(), localizer, TODAY)
    brief = build_whats_new(context, pair, outlook, OutlookDiff(), CountedEditions(editions, tallies))
    day = localizer.day(START.date())
    french = f"2{NBSP}savoir-faire jugés autrement \u00b7 1{NBSP}savoir-faire retiré"
    english = "2 know-how judged otherwise \u00b7 1 know-how withdrawn"
    words = french if localizer.language == "fr" else english
    assert [row.subtitle for row in brief.editions.entries] == [f"{day} \u00b7 {words}", day]


def test_a_tally_counts_only_what_differs() -> None:
    """A figure that is new, other, taken away, or said again, or taken away where there was none."""
    key: SeriesKey = ("a", "FRA", "")
    known = {(key, "2023"): 1.0, (key, "2024"): 2.0, (key, "2025"): 3.0}
    brought = [(key, "2022", 0.0), (key, "2023", 1.0), (key, "2024", 2.5), (key, "2025", None), (key, "2021", None)]
    assert count_edition_changes(brought, known) == EditionCounts(1, 1, 1)


def test_a_revision_of_everything_is_cut(outlook: Outlook, localizer: Localizer) -> None:
    """Thousands of revisions: a few in sight, some hundreds one click away, and a sentence on the rest."""
    panel = {key: replace(row, values=row.values * 1.01) for key, row in outlook.panel.items()}
    rows = listing(build(outlook, replace(outlook, panel=panel), localizer), "revised")
    assert len(rows.entries) == MAX_LISTED_ROWS
    assert rows.visible_count == VISIBLE_ROWS
    assert localizer.number(MAX_LISTED_ROWS) in rows.rest_label


def test_two_figures_can_be_told_apart(catalogue: Catalogue) -> None:
    """Figures that differ in the ninth digit are written so; both have the same decimals, counts have none."""
    localizer, row = Localizer("en"), catalogue.indicators["esa_budget"]
    unit = choose_unit(row, np.array([5.0, 5.5]), localizer)
    assert format_distinct(1.0, 1.5, unit, localizer) == ("1.00", "1.50")
    assert format_distinct(-1.0, 1.00000001, unit, localizer) == (f"{MINUS}1.00", "1.00")
    old, new = format_distinct(1.0, 1.00000001, unit, localizer)
    assert old != new
    assert format_distinct(21, 19, replace(unit, whole=True), localizer) == ("21", "19")


def test_know_how_is_named_cell_by_cell(outlook: Outlook, localizer: Localizer) -> None:
    """A changed cell, a new row, one that went and a reason said anew: each before and after.

    The head counts what is new, judged otherwise and withdrawn apart. Nothing of it is a figure, so the calls are said
    to be the same.
    """
    known = dict(outlook.catalogue.knowhow)
    machining = known["machining"]
    known["machining"] = replace(machining, some=("drones",), core=(*machining.core, "electronics"))
    known["welding"] = replace(
        machining, id="welding", title_fr="Soudage", title_en="Welding", core=("space",), some=()
    )
    known["testing"] = replace(known["testing"], reason_fr="Autre raison.", reason_en="Another reason.")
    del known["tooling"]
    after = replace(outlook, edition=2, catalogue=replace(outlook.catalogue, knowhow=known))
    brief = build(outlook, after, localizer)
    french = localizer.language == "fr"
    words = (
        f"1{NBSP}savoir-faire nouveau, 2{NBSP}savoir-faire jug\u00e9s autrement, 1{NBSP}savoir-faire retir\u00e9"
        if french
        else "1 new know-how, 2 know-how judged otherwise, 1 know-how withdrawn"
    )
    assert words in brief.lead
    rows = {(row.title, row.subtitle, *row.cells) for row in listing(brief, "knowhow").entries}
    some, core = localizer.text("neighbours.level.some"), localizer.text("neighbours.level.core")
    titles = {
        name: localizer.field_text(outlook.catalogue.segments[name], "title") for name in ("electronics", "space")
    }
    assert (localizer.field_text(machining, "title"), "", titles["electronics"], some, core) in rows
    new, gone = localizer.text("news.knowhow.new"), localizer.text("news.knowhow.gone")
    assert ("Soudage" if french else "Welding", new, titles["space"], "\u2013", core) in rows
    assert {row[4] for row in rows if row[1] == gone} == {"\u2013"}
    assert "Autre raison." in {row[4] for row in rows} if french else "Another reason." in {row[4] for row in rows}
    assert not brief.changed_calls
    assert brief.moved_calls is None
    assert changes_since_text(diff_outlooks(outlook, after), localizer).count(words) == 1
