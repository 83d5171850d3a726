"""What the method page says: figures of this edition and of the settings, limits first, in both languages."""

from collections import Counter
from dataclasses import asdict, fields, replace

import altair as alt

from observatory.briefs.method import STATUSES, method
from observatory.briefs.track_record.reliability import held, reliability
from observatory.language import WORDS, Speaker, whole_percent
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.settings import CALLING, HORIZONS, LEVELS, Calling


def chosen(speaker: Speaker) -> Selection:
    return Selection(lang=speaker.language)


def test_everything_is_said(outlook: Outlook, speaker: Speaker) -> None:
    """A lead with the share that held, chapters with titles and terms, nothing left unfilled, sentences that end."""
    brief = method(outlook, chosen(speaker), speaker)
    everything, at = held(list(outlook.forecasts.values())), LEVELS.index(80)
    assert speaker.percent(everything.share(at)) in brief.lead
    for chapter in (brief.limits, brief.calls, brief.forecasts, brief.glossary):
        assert chapter.title
        assert chapter.subtitle.endswith(".")
        assert len(chapter.terms) >= 5
        for term, text in chapter.terms:
            assert not term.endswith(".")
            assert text.endswith(".")
            assert "{" not in text
            assert "nan" not in text.split()
    assert [len(chapter.tables) for chapter in (brief.limits, brief.calls, brief.forecasts)] == [1, 2, 0]


def test_every_series_is_counted_once(outlook: Outlook, speaker: Speaker) -> None:
    """The table of what becomes of the series has one row a status, and its counts add up to all series."""
    table = method(outlook, chosen(speaker), speaker).limits.tables[0]
    counts = Counter(row.status for row in outlook.forecasts.values())
    assert set(counts) <= set(STATUSES)
    assert [row[1] for row in table.rows] == [speaker.number(counts[name]) for name in STATUSES]
    assert speaker.number(sum(counts.values())) in table.caption


def test_the_limits_have_the_figures_of_the_replay(outlook: Outlook, speaker: Speaker) -> None:
    """The far horizon is told by its own replay beside saying "growing" everywhere."""
    limits = dict(method(outlook, chosen(speaker), speaker).limits.terms)
    scores = outlook.replay["horizons"][str(max(HORIZONS))]
    far = limits[speaker.say("method.limits.far")]
    assert str(whole_percent(scores["right"] / scores["called"])) in far
    assert str(whole_percent(scores["base"])) in far
    proxies = sum(row.proxy for row in outlook.catalogue.indicators.values())
    assert str(proxies) in limits[speaker.say("method.limits.proxy")]


def test_every_threshold_is_explained(outlook: Outlook, speaker: Speaker) -> None:
    """Each field of Calling has a row with its value: a new threshold without its words fails here."""
    table = method(outlook, chosen(speaker), speaker).calls.tables[0]
    assert len(table.rows) == len(fields(Calling))
    shown = {row[0]: row[1] for row in table.rows}
    assert shown[speaker.say("threshold.growing_from")].startswith(str(whole_percent(CALLING.growing_from)))
    assert shown[speaker.say("threshold.half_life_years")] == speaker.number(asdict(CALLING)["half_life_years"])


def test_the_words_of_probabilities_are_those_of_every_page(outlook: Outlook, speaker: Speaker) -> None:
    """The table covers 0 to 100 % without a hole, and each word is the one that a probability gets elsewhere."""
    table = method(outlook, chosen(speaker), speaker).calls.tables[1]
    ends = [end for end, _key in WORDS]
    assert ends[-1] == 100
    for (span, word), start, end in zip(table.rows, [0, *(end + 1 for end in ends)], ends, strict=False):
        assert span.startswith(str(start))
        assert str(end) in span
        assert {speaker.chance(start / 100), speaker.chance(end / 100)} == {word}


def test_the_example_is_the_criterion_of_a_call(outlook: Outlook, speaker: Speaker) -> None:
    """The example names the surest market of the horizon that was chosen, and the year of its judgement."""
    for horizon in HORIZONS:
        brief = method(outlook, replace(chosen(speaker), horizon=horizon), speaker)
        calls = [row for row in outlook.calls.values() if row.horizon == horizon and not row.why]
        surest = max(calls, key=lambda row: row.probability_clear or 0)
        text = dict(brief.calls.terms)[speaker.say("method.calls.judged")]
        assert speaker.of(outlook.catalogue.segments[surest.segment], "title") in text
        assert surest.due[:4] in text


def test_picture_table_and_sentence_have_the_same_figures(outlook: Outlook, speaker: Speaker) -> None:
    """The shares of the picture are hits / judged of the outlook, in its table, its takeaway and its alternative."""
    made = reliability(outlook, speaker)
    assert made is not None
    alt.Chart.from_dict(dict(made.spec or {}))
    everything = held(list(outlook.forecasts.values()))
    shares = [speaker.percent(everything.share(place)) for place in range(len(LEVELS))]
    assert [cell.removesuffix(speaker.percent_sign) for cell in made.table.rows[-1][3:]] == shares
    assert speaker.list_of(shares) in made.takeaway
    assert made.alt.startswith(made.takeaway)
    drawn = {row["text"] for layer in (made.spec or {})["layer"] for row in layer["data"]["values"] if "text" in row}
    assert {cell for row in made.table.rows[:-1] for cell in row[3:]} <= drawn


def test_an_edition_without_forecasts_or_replay_still_explains_itself(outlook: Outlook, speaker: Speaker) -> None:
    """A first edition where nothing was judged: no picture, no invented share, and the page stands."""
    bare = replace(outlook, forecasts={}, replay={}, calls={})
    brief = method(bare, chosen(speaker), speaker)
    assert brief.ranges is None
    assert brief.lead == speaker.say("method.lead.none")
    assert speaker.say("method.calls.record") not in dict(brief.calls.terms)
