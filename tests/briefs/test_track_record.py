"""What the track record says: the figures of the record, worst misses first, honest about what is not beaten."""

from dataclasses import replace
from datetime import date

import altair as alt
import pytest

from observatory.briefs import meeting
from observatory.briefs.common.model import Figure, Track
from observatory.briefs.track_record import baselines
from observatory.briefs.track_record.page import alone, track_record
from observatory.language import Speaker, whole_percent
from observatory.outlook.analysis.misses import between, misses
from observatory.outlook.calls.scores import BASELINES, bins, by_horizon, counted, scores, worst
from observatory.outlook.outlook import Outlook
from observatory.outlook.time_machine import before
from observatory.selection import Selection
from observatory.settings import LEVELS


@pytest.fixture(scope="module")
def briefs(outlook: Outlook) -> dict[str, Track]:
    return {language: track_record(outlook, Speaker(language)) for language in ("fr", "en")}


@pytest.fixture
def brief(briefs: dict[str, Track], speaker: Speaker) -> Track:
    return briefs[speaker.language]


def figures(brief: Track) -> list[Figure]:
    return [*brief.wrong, *(row for row in (brief.said, brief.against, brief.held) if row is not None)]


def test_every_figure_stands_alone(brief: Track) -> None:
    """Each chart is valid and has title, unit line, takeaway, alternative, source and a table; nothing is unfilled."""
    assert len(figures(brief)) == 8
    for made in figures(brief):
        alt.Chart.from_dict(dict(made.spec or {}))
        for text in (made.subtitle, made.takeaway, made.alt, made.source_line, *made.honesty, *made.notes):
            assert text.endswith("."), text
            assert "{" not in text
            assert "nan" not in text.split()
        assert made.title
        assert made.table.rows
        assert {len(row) for row in made.table.rows} == {len(made.table.heads)}


def test_the_lead_has_the_counts_and_always_growing(outlook: Outlook, brief: Track, speaker: Speaker) -> None:
    """Right, called, their share and what "growing" everywhere would have scored are those of the replay."""
    quoted = outlook.replay["all"]
    for value in (quoted["right"], quoted["called"]):
        assert speaker.number(value) in brief.lead
    assert str(whole_percent(quoted["right"] / quoted["called"])) in brief.lead
    assert str(whole_percent(quoted["base"])) in brief.lead


def test_the_hit_rate_never_stands_alone(outlook: Outlook, brief: Track, speaker: Speaker) -> None:
    """Every row of the hit rate has "always growing" beside it, a range and counts."""
    assert brief.hits is not None
    rows = brief.hits.tables[0].rows
    studies = [*outlook.replay["horizons"].values(), outlook.replay["all"]]
    assert len(rows) == len(studies)
    for row, quoted in zip(rows, studies, strict=True):
        assert row[1].startswith(str(whole_percent(quoted["right"] / quoted["called"])))
        assert row[2].startswith(str(whole_percent(quoted["base"])))
        assert speaker.number(quoted["called"]) in row[4]


def test_the_count_of_the_lead_and_that_of_the_chart_are_told_apart(outlook: Outlook, speaker: Speaker) -> None:
    """The sentence counts all calls judged, as the chart below it does, then those that said "growing".

    So does the screen of a meeting, which shows the chart with nothing else beside it.
    """
    row = scores(counted(outlook.past))
    assert row is not None
    made = meeting.screen(outlook, Selection(lang=speaker.language, mode="meeting", screens="t"), speaker)
    assert made.figure is not None
    assert sum(int("".join(filter(str.isdigit, cells[1]))) for cells in made.figure.table.rows) == row.n
    judged, called = speaker.number(row.n), speaker.number(row.called)
    for text in (made.card.sentence, track_record(outlook, speaker).lead):
        assert text.index(judged) < text.index(called) < text.index(speaker.number(row.right))
    assert judged in made.figure.source_line


def test_it_says_where_always_growing_is_better(outlook: Outlook, speaker: Speaker) -> None:
    """A horizon at which "growing" everywhere would have been right more often is named, and only such a one."""
    row = outlook.replay["horizons"]["2"]
    for base in (0.01, 0.99):
        horizons = {"2": row | {"base": base}}
        made = track_record(
            replace(outlook, replay={**outlook.replay, "horizons": outlook.replay["horizons"] | horizons}), speaker
        )
        assert made.hits is not None
        assert (speaker.count("control.horizon.years", 2) in made.hits.subtitle) == (base > 0.5)


def test_the_misses_are_those_of_the_record(outlook: Outlook, brief: Track, speaker: Speaker) -> None:
    """Five, the worst first; each names its market, what came, and the events of its span, or says that none fell."""
    rows = worst(counted(outlook.past))
    assert len(brief.wrong) == len(rows) == 5
    for made, past in zip(brief.wrong, rows, strict=True):
        assert made.title.startswith(speaker.of(outlook.catalogue.segments[past.segment], "title"))
        assert speaker.growth(past.grew or 0) in made.takeaway
        events = between(outlook.catalogue.events, past, outlook.day)
        assert all(speaker.of(event, "title") in made.honesty[0] for event in events)
        assert (made.honesty[0] == speaker.say("track.miss.no_event")) == (not events)
        assert made.honesty[0] in made.alt


def test_a_picture_of_a_miss_ends_at_what_was_judged(outlook: Outlook) -> None:
    """Ink ends with 100 at the origin; the point judged is the growth of the replay over its horizon."""
    for row in misses(outlook):
        assert row.before[-1].years == 0
        assert row.before[-1].level == pytest.approx(100)
        assert len(row.before) > 3
        judged = next(point for point in row.came if point.years == row.past.horizon)
        assert judged.level == pytest.approx(100 * (1 + (row.past.grew or 0)) ** row.past.horizon)
        band = next(one for one in row.expected if one.years == row.past.horizon)
        assert band.low < band.median < band.high


def test_only_events_of_the_span_are_told(outlook: Outlook) -> None:
    """Every event that is named overlaps the span of the call; where none does, none is invented."""
    past = worst(counted(outlook.past))[0]
    for event in between(outlook.catalogue.events, past, outlook.day):
        assert event.start <= date(past.origin // 12 + past.horizon, 12, 31)
        assert (event.end or outlook.day) >= date(past.origin // 12, past.origin % 12 + 1, 1)
    assert between(outlook.catalogue.events, replace(past, origin=1700 * 12), outlook.day) == ()


def test_scores_are_those_of_the_record(outlook: Outlook, brief: Track, speaker: Speaker) -> None:
    """The tables of Brier scores have one row a horizon and one for all, since 1990 and since 2005, with counts."""
    for table, since in zip(brief.scores, (1990, baselines.LATE), strict=True):
        rows = [row for row in counted(outlook.past) if row.origin >= since * 12]
        expected = [*by_horizon(rows).values(), scores(rows)]
        assert str(since) in table.caption
        assert len(table.rows) == len(expected)
        for cells, row in zip(table.rows, expected, strict=True):
            assert row is not None
            assert cells[1:3] == (speaker.number(row.n), speaker.number(row.brier, 3))
            for cell, name in zip(cells[4:], BASELINES, strict=True):
                assert cell.startswith(speaker.number(row.baselines[name], 3))
                assert cell.endswith(speaker.say(f"track.standing.{baselines.standing(row, name)}"))


def test_the_sentence_follows_the_ranges(outlook: Outlook, speaker: Speaker) -> None:
    """A baseline is beaten only if the range of the difference excludes zero; else the sentence says the contrary."""
    row = scores(counted(outlook.past))
    assert row is not None
    name = speaker.say("track.quoted", name=speaker.say("track.baseline.pooled"))
    cases = {"ahead": (-0.03, -0.01), "even": (-0.03, 0.01), "behind": (0.01, 0.03)}
    for standing, ends in cases.items():
        ranges = dict.fromkeys(BASELINES, (-0.2, -0.1)) | {"pooled": ends, "brier": (0.1, 0.2)}
        changed = replace(row, ranges=row.ranges | ranges)
        assert baselines.standing(changed, "pooled") == standing
        found = {1990: (changed, {1: changed})}
        text = baselines.sentence(found, speaker)
        begins = speaker.say(f"track.sentence.{standing}", names="|").split("|")[0]
        assert name in text.split(begins)[1].split(".")[0]
        assert (name in baselines.unbeaten(found, speaker)) == (standing != "ahead")
        horizon = speaker.count("control.horizon.years", 1)
        behind = speaker.say("track.behind.at", years=horizon, since=1990, names=name)
        assert (behind in text) == (standing == "behind")


def test_what_is_shown_as_zero_does_not_decide(outlook: Outlook) -> None:
    """A range that ends at 0.000 as shown does not tell two scores apart."""
    row = scores(counted(outlook.past))
    assert row is not None
    assert baselines.standing(replace(row, ranges={"own": (-0.05, -0.0004)}), "own") == "even"


def test_the_reliability_diagram_is_that_of_the_record(outlook: Outlook, brief: Track, speaker: Speaker) -> None:
    """One row a bin with its count, what was said and what came; the counts label the dots."""
    assert brief.said is not None
    found = bins(counted(outlook.past))
    assert [row[1] for row in brief.said.table.rows] == [speaker.number(row.n) for row in found]
    drawn = {row.get("text") for layer in (brief.said.spec or {})["layer"] for row in layer["data"]["values"]}
    assert {speaker.number(row.n) for row in found} <= drawn
    assert str(whole_percent(found[-1].came)) in brief.said.takeaway


def test_a_thin_market_says_so(outlook: Outlook, brief: Track, speaker: Speaker) -> None:
    """All markets have a row with counts; one with too few outcomes shows no score."""
    assert brief.markets is not None
    rows = brief.markets.tables[0].rows
    assert len(rows) == len(outlook.catalogue.markets)
    for name, cells in zip(outlook.catalogue.markets, rows, strict=True):
        own = [row for row in counted(outlook.past) if row.segment == name]
        few = speaker.say("track.markets.few", market=speaker.of(outlook.catalogue.segments[name], "title"))
        assert cells[1] == speaker.number(len(own))
        assert (cells[0] == few) == (alone(own) < 10) == (cells[3] == "\u2013")
    assert any(cells[3] == "\u2013" for cells in rows)


def test_ranges_by_horizon_are_those_of_the_replay(outlook: Outlook, brief: Track, speaker: Speaker) -> None:
    """Coverage by years ahead and level is hits / outcomes of all frequencies."""
    assert brief.held is not None
    stored = outlook.replay["ranges"].values()
    total = [sum(rows["1"][place] for rows in stored) for place in range(1 + len(LEVELS))]
    first = brief.held.table.rows[0]
    assert first[2] == speaker.number(total[0])
    assert [cell.removesuffix(speaker.percent_sign) for cell in first[3:]] == [
        str(whole_percent(hits / total[0])) for hits in total[1:]
    ]


def test_published_calls_are_apart_and_dated(outlook: Outlook, brief: Track, speaker: Speaker) -> None:
    """The calls really published are counted, with the day on which the first can be judged."""
    text = dict(brief.published.terms)[speaker.say("track.published.calls")]
    first = min(call.due for call in outlook.calls.values() if not call.why)
    assert speaker.number(len(outlook.calls)) in text
    assert speaker.day(date.fromisoformat(first)) in text
    independent = [float(row[3].replace("\u202f", "")) for row in brief.published.tables[0].rows]
    assert independent == sorted(independent, reverse=True)


def test_an_edition_without_replay_claims_nothing(outlook: Outlook, speaker: Speaker) -> None:
    """A first edition where nothing was judged: no score, no picture, and the page stands."""
    made = track_record(replace(outlook, replay={}, forecasts={}, calls={}), speaker)
    assert made.lead == speaker.say("track.lead.none")
    assert figures(made) == []
    assert (made.hits, made.markets, made.skill) == (None, None, None)


def test_a_rebuilt_month_published_nothing(outlook: Outlook, speaker: Speaker) -> None:
    """The record of a past month names no edition and no date of a first judgement: nothing was published then."""
    rebuilt = before(outlook, 2010 * 12 + 9)
    brief = track_record(rebuilt, speaker)
    said = " ".join([*brief.under, *(text for _term, text in brief.published.terms)])
    assert str(-rebuilt.number) not in said.replace("\u202f", "").replace(",", "")
    assert speaker.day(rebuilt.day) in said
    assert speaker.say("overview.first_due", date="").split("{")[0][:20] not in said
