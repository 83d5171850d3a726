"""What the method page says: figures of this edition and of the settings, limits first, in both languages."""

from collections import Counter
from dataclasses import asdict, fields, replace

import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.method import FORECAST_STATUSES, build_method
from observatory.briefs.track_record.reliability import build_forecast_coverage_figure, count_covered
from observatory.language import PROBABILITY_WORDS, Localizer, round_percent
from observatory.outlook.outlook import Outlook
from observatory.outlook.study import Study
from observatory.selection import DEFAULT_SELECTION, Selection
from observatory.settings import CALL_THRESHOLDS, HORIZONS, INTERVAL_LEVELS, CallThresholds
from tests.support.charts import assert_chart_is_valid


def chosen(localizer: Localizer) -> Selection:
    return Selection(lang=localizer.language)


def test_everything_is_said(outlook: Outlook, localizer: Localizer) -> None:
    """A lead with the share that held, chapters with titles and terms, nothing left unfilled, sentences that end."""
    brief = build_method(Context(outlook, chosen(localizer), localizer, outlook.day))
    everything, at = count_covered(list(outlook.forecasts.values())), INTERVAL_LEVELS.index(80)
    assert localizer.percent_digits(everything.covered_share(at)) in brief.lead
    for chapter in (brief.limitations, brief.calls, brief.forecasts, brief.glossary):
        assert chapter.title
        assert chapter.subtitle.endswith(".")
        assert len(chapter.terms) >= 5
        for term, text in chapter.terms:
            assert not term.endswith(".")
            assert text.endswith(".")
            assert "{" not in text
            assert "nan" not in text.split()
    assert [len(chapter.tables) for chapter in (brief.limitations, brief.calls, brief.forecasts)] == [1, 2, 0]


def test_every_series_is_counted_once(outlook: Outlook, localizer: Localizer) -> None:
    """The table of what becomes of the series has one row a status, and its counts add up to all series."""
    table = build_method(Context(outlook, chosen(localizer), localizer, outlook.day)).limitations.tables[0]
    counts = Counter(row.status for row in outlook.forecasts.values())
    assert set(counts) <= set(FORECAST_STATUSES)
    assert [row[1] for row in table.rows] == [localizer.number(counts[name]) for name in FORECAST_STATUSES]
    assert localizer.number(sum(counts.values())) in table.caption


def test_the_limits_have_the_figures_of_the_replay(outlook: Outlook, localizer: Localizer) -> None:
    """The far horizon is told by its own replay beside saying "growing" everywhere."""
    limits = dict(build_method(Context(outlook, chosen(localizer), localizer, outlook.day)).limitations.terms)
    scores = outlook.study.horizon_scores[max(HORIZONS)]
    far = limits[localizer.text("method.limits.far")]
    assert str(round_percent(scores.hit_rate)) in far
    assert str(round_percent(scores.base)) in far
    proxies = sum(row.proxy for row in outlook.catalogue.indicators.values())
    assert str(proxies) in limits[localizer.text("method.limits.proxy")]


def test_every_threshold_is_explained(outlook: Outlook, localizer: Localizer) -> None:
    """Each field of Calling has a row with its value: a new threshold without its words fails here."""
    table = build_method(Context(outlook, chosen(localizer), localizer, outlook.day)).calls.tables[0]
    assert len(table.rows) == len(fields(CallThresholds))
    shown = {row[0]: row[1] for row in table.rows}
    assert shown[localizer.text("threshold.growing_from")].startswith(str(round_percent(CALL_THRESHOLDS.growing_from)))
    assert shown[localizer.text("threshold.half_life_years")] == localizer.number(
        asdict(CALL_THRESHOLDS)["half_life_years"]
    )


def test_the_words_of_probabilities_are_those_of_every_page(outlook: Outlook, localizer: Localizer) -> None:
    """The table covers 0 to 100 % without a hole, and each word is the one that a probability gets elsewhere."""
    table = build_method(Context(outlook, chosen(localizer), localizer, outlook.day)).calls.tables[1]
    ends = [end for end, _key in PROBABILITY_WORDS]
    assert ends[-1] == 100
    for (span, word), start, end in zip(table.rows, [0, *(end + 1 for end in ends)], ends, strict=False):
        assert span.startswith(str(start))
        assert str(end) in span
        assert {localizer.probability_word(start / 100), localizer.probability_word(end / 100)} == {word}


@pytest.mark.slow
def test_the_example_is_the_criterion_of_a_call(outlook: Outlook, localizer: Localizer) -> None:
    """The example names the surest market of the horizon that was chosen, and the year of its judgement."""
    for horizon in HORIZONS:
        brief = build_method(Context(outlook, replace(chosen(localizer), horizon=horizon), localizer, outlook.day))
        calls = [row for row in outlook.calls.values() if row.horizon == horizon and not row.why]
        surest = max(calls, key=lambda row: row.probability_clear or 0)
        text = dict(brief.calls.terms)[localizer.text("method.calls.judged")]
        assert localizer.field_text(outlook.catalogue.segments[surest.segment], "title") in text
        assert surest.due[:4] in text


def test_picture_table_and_sentence_have_the_same_figures(outlook: Outlook, localizer: Localizer) -> None:
    """The shares of the picture are hits / judged of the outlook, in its table, its takeaway and its alternative."""
    made = build_forecast_coverage_figure(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day))
    assert made is not None
    assert_chart_is_valid(made.spec or {})
    everything = count_covered(list(outlook.forecasts.values()))
    shares = [localizer.percent_digits(everything.covered_share(place)) for place in range(len(INTERVAL_LEVELS))]
    assert [cell.removesuffix(localizer.percent_sign) for cell in made.table.rows[-1][3:]] == shares
    assert localizer.list_text(shares) in made.takeaway
    assert made.alt.startswith(made.takeaway)
    drawn = {row["text"] for layer in (made.spec or {})["layer"] for row in layer["data"]["values"] if "text" in row}
    assert {cell for row in made.table.rows[:-1] for cell in row[3:]} <= drawn


def test_an_edition_without_forecasts_or_replay_still_explains_itself(outlook: Outlook, localizer: Localizer) -> None:
    """A first edition where nothing was judged: no picture, no invented share, and the page stands."""
    bare = replace(outlook, forecasts={}, study=Study(), calls={})
    brief = build_method(Context(bare, chosen(localizer), localizer, bare.day))
    assert brief.coverage_figure is None
    assert brief.lead == localizer.text("method.lead.none")
    assert localizer.text("method.calls.record") not in dict(brief.calls.terms)
