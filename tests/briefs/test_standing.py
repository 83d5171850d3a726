"""Better, barely better, level or worse: one decision on the figures as shown, wherever a page compares two."""

from dataclasses import replace

import pytest

from observatory.briefs.common import standing
from observatory.briefs.common.context import Context
from observatory.briefs.figures.disclosure import build_disclosures
from observatory.briefs.method import build_method
from observatory.briefs.overview.page import build_overview
from observatory.briefs.portfolio.page import build_portfolio
from observatory.briefs.purchasing.page import build_purchasing
from observatory.briefs.segment.page import build_segment
from observatory.briefs.segment.signals import _flag_record_text
from observatory.briefs.track_record.page import build_track_record, record_lead_text
from observatory.export.documents.one_pager import draft_one_pager
from observatory.language import Localizer
from observatory.mix import Mix
from observatory.outlook.calls.backtest import as_columns
from observatory.outlook.outlook import Outlook
from observatory.outlook.study import Study
from observatory.outlook.study_parts import RaisedFlag
from observatory.selection import Selection

WORDS = {
    "fr": {
        "better": "Nos avis ont fait mieux.",
        "barely": "Nos avis ont fait à peine mieux.",
        "even": "Nos avis n’ont pas fait mieux\u00a0: les deux se valent.",
        "worse": "Nos avis ont fait moins bien.",
    },
    "en": {
        "better": "Our calls did better.",
        "barely": "Our calls did barely better.",
        "even": "Our calls did no better: the two are level.",
        "worse": "Our calls did worse.",
    },
}
BESIDE = {  # in one sentence with both figures
    "fr": {"better": ", mieux que", "barely": "à peine mieux que", "even": "pas mieux que", "worse": "moins bien que"},
    "en": {
        "better": ", better than",
        "barely": "barely better than",
        "even": "no better than",
        "worse": "worse than",
    },
}
CHANCE = {"fr": "L’écart peut tenir à la chance.", "en": "The gap may be luck."}
# Our hit rate of 241 calls and that of calling "growing" everywhere, and how the first stands as both are shown.
EDGES = [
    (169, 0.7130, "worse"),  # 70 % against 71 %
    (169, 0.7060, "worse"),  # 70.1 against 70.6: one point below, as shown
    (170, 0.7149, "even"),  # 70.5 against 71.5: both are shown as 71 %
    (172, 0.7130, "even"),  # 71.4 against 71.3
    (173, 0.7130, "barely"),  # 71.8 against 71.3: one point above, as shown
    (183, 0.7130, "barely"),  # 76 % against 71 %: five points
    (186, 0.7130, "better"),  # 77 % against 71 %: six points
]


def scored(outlook: Outlook, right: int, base: float, *, with_rows: bool = False) -> Outlook:
    """An outlook whose calls came true so often of 241, at all horizons, and growth anyway with a frequency."""
    document = outlook.study.as_json()
    row = document["all"] | {"called": 241, "right": right, "base": base}
    given = document | {"all": row, "horizons": dict.fromkeys(document["horizons"], row)}
    if not with_rows:
        given["rows"] = as_columns([])
    return replace(outlook, study=Study.from_json(given))


@pytest.mark.parametrize(
    ("gain", "expected"), [(-1, "worse"), (0, "even"), (1, "barely"), (5, "barely"), (6, "better")]
)
def test_what_is_shown_decides(gain: int, expected: str) -> None:
    """One point below is worse, equal is level, up to five above is barely better, more is better."""
    assert standing.compare(gain, barely_up_to=5) == expected
    assert standing.compare_shares(0.5 + gain / 100, 0.5) == expected
    assert standing.compare_percent(gain / 100) == expected


def test_digits_that_are_not_shown_do_not_decide() -> None:
    """Two shares that round alike are level, either way round; two that round apart are not, however close."""
    assert standing.compare_shares(0.7049, 0.6951) == standing.compare_shares(0.6951, 0.7049) == "even"
    assert standing.compare_shares(0.7051, 0.7049) == "barely"
    assert standing.compare_shares(0.7049, 0.7051) == "worse"
    assert standing.compare_errors(0.1868, 0.1872, 3) == "even"
    assert standing.compare_errors(0.1864, 0.1866, 3) == "barely"
    assert standing.compare_errors(0.1866, 0.1864, 3) == "worse"
    assert standing.compare_errors(0.170, 0.187, 3) == "better"


def test_an_interval_decides_only_where_all_of_it_is_on_one_side() -> None:
    """An interval that touches zero as shown tells nothing apart."""
    cases = {(0.001, 0.02): "better", (0.0, 0.02): "even", (-0.02, 0.02): "even", (-0.02, 0.0): "even"}
    for ends, expected in (cases | {(-0.02, -0.001): "worse"}).items():
        assert standing.compare_interval(*ends) == expected
    assert standing.may_be_chance(0.71, (0.62, 0.79))
    assert standing.may_be_chance(0.71, (0.7149, 0.79))  # 71 to 79 %: as shown, 71 % is inside
    assert not standing.may_be_chance(0.71, (0.7151, 0.79))
    assert not standing.may_be_chance(0.71, (0.5, 0.7049))


@pytest.mark.slow
@pytest.mark.parametrize(("right", "base", "expected"), EDGES)
def test_every_page_says_which_it_is(
    outlook: Outlook, localizer: Localizer, right: int, base: float, expected: str
) -> None:
    """Overview, track record, its card, method and the note for the bank have the one true sentence, at each edge."""
    made = scored(outlook, right, base)
    context = Context(made, Selection(lang=localizer.language, horizon=5), localizer, made.day)
    method = build_method(context)
    texts = {
        "overview": " ".join(build_overview(context).under),
        "method": " ".join(text for chapter in (method.limitations, method.calls) for _t, text in chapter.terms),
        "bank": next(
            row.paragraphs[0]
            for row in draft_one_pager(replace(context, selection=replace(context.selection, segment="space"))).sections
            if row.id == "record"
        ),
    }
    for name, text in texts.items():
        for kind, sentence in WORDS[localizer.language].items():
            assert (sentence in text) == (kind == expected), (name, kind, text)
        assert CHANCE[localizer.language] not in text  # no replayed call, hence no interval
    assert [kind for kind, word in BESIDE[localizer.language].items() if word in record_lead_text(context)] == [
        expected
    ]
    order, usual = (localizer.text(f"overview.record.{key}", base=71) for key in ("order", "usual"))
    assert (order in texts["overview"]) == (expected == "barely")
    assert (usual in texts["overview"]) == (expected in ("even", "worse"))
    hits = build_track_record(replace(context, outlook=scored(outlook, right, base, with_rows=True))).hit_rates
    assert hits is not None
    assert (" mieux que nous" in hits.subtitle or " better than we did" in hits.subtitle) == (expected == "worse")
    assert (" aussi bien que nous" in hits.subtitle or " as well as we did" in hits.subtitle) == (expected == "even")


def test_a_gap_within_the_luck_of_the_years_is_said_to_be_so(outlook: Outlook, localizer: Localizer) -> None:
    """Where the interval of our share contains the other's, the gap may be chance; where it does not, nothing is said.

    Two that are level have no gap.
    """
    made = {"inside": (169, 0.71), "outside": (240, 0.40), "level": (171, 0.71)}
    for name, (right, base) in made.items():
        given = scored(outlook, right, base, with_rows=True)
        context = Context(given, Selection(lang=localizer.language, horizon=5), localizer, given.day)
        text = " ".join(build_overview(context).under)
        assert (CHANCE[localizer.language] in text) == (name == "inside"), name


def test_a_neighbour_is_not_ranked_without_a_word(outlook: Outlook, localizer: Localizer) -> None:
    """A market where "growing" was right less often than growth came says so, in its record and beside its rank."""
    edges = {(6, 10, 0.63): "worse", (60, 100, 0.604): "even", (61, 100, 0.604): "barely", (70, 100, 0.604): "better"}
    words = BESIDE[localizer.language]
    mix = Mix({"helicopters": 60, "space": 40})
    for record, expected in edges.items():
        made = replace(outlook)
        made.__dict__["growing_record"] = dict.fromkeys(outlook.catalogue.markets, record)
        context = Context(made, Selection(lang=localizer.language, horizon=1), localizer, made.day)
        table = build_portfolio(context, mix).neighbours
        assert table is not None
        first = table.rows[0]
        assert [kind for kind, word in words.items() if word in first.track_record] == [expected]
        assert (localizer.percent_text(record[2]) in first.explanation) == (expected in ("worse", "even"))
        if expected in ("worse", "even"):
            assert words[expected].split()[0] in first.explanation


def test_a_rank_says_nothing_where_too_few_were_judged(outlook: Outlook, localizer: Localizer) -> None:
    """Nine calls make no record, and no caution."""
    made = replace(outlook)
    made.__dict__["growing_record"] = dict.fromkeys(outlook.catalogue.markets, (2, 9, 0.9))
    context = Context(made, Selection(lang=localizer.language, horizon=1), localizer, made.day)
    table = build_portfolio(context, Mix({"helicopters": 60, "space": 40})).neighbours
    assert table is not None
    assert {row.track_record for row in table.rows} == {localizer.text("neighbours.record.none")}
    assert not any(localizer.percent_text(0.9) in row.explanation for row in table.rows)


@pytest.mark.parametrize(
    ("followed", "base", "kind"),
    [(14, 0.60, "better"), (13, 0.60, "barely"), (12, 0.604, "even"), (12, 0.606, "worse")],
)
def test_a_flag_says_how_it_stands(localizer: Localizer, followed: int, base: float, kind: str) -> None:
    """Of twenty times a flag was right as often as it says, and the sentence follows the figures shown."""
    text = _flag_record_text(RaisedFlag("boeing_deliveries", "turning_up", 20, followed, base, shown=True), localizer)
    assert text.endswith(localizer.text(f"flag.standing.{kind}", share=followed * 5))


@pytest.mark.parametrize(
    ("gain", "kind"),
    [(-0.001, "not_better"), (0.0, "not_better"), (0.004, "even"), (0.006, "barely"), (0.056, "better")],
)
def test_a_gain_on_the_reference_is_never_rounded_up(
    outlook: Outlook, localizer: Localizer, gain: float, kind: str
) -> None:
    """A gain shown as nothing is no gain of one per cent; one that is none shows the reference."""
    forecast = next(row for row in outlook.forecasts.values() if row.gain is not None and row.reference)
    found = build_disclosures(replace(forecast, gain=gain), Selection(lang=localizer.language), localizer)[0]
    place = {"not_better": 0, "even": 0, "barely": 1, "better": 6}[kind]
    begins = localizer.text(f"honesty.{kind}", reference="|", gain=place).split("|")[0]
    assert found.startswith(begins)


@pytest.mark.parametrize(
    ("brier", "interval", "kind"),
    [
        (0.180, [-0.02, -0.001], "barely"),
        (0.160, [-0.04, -0.010], "better"),
        (0.180, [-0.02, 0.0004], "even"),
        (0.200, [-0.01, 0.030], "even"),
        (0.200, [0.005, 0.030], "worse"),
        (0.1874, None, "even"),
        (0.190, None, "worse"),
    ],
)
def test_odds_are_better_than_the_past_frequency_only_if_told_apart(
    outlook: Outlook, localizer: Localizer, brier: float, interval: list[float] | None, kind: str
) -> None:
    """What past odds were worth is one of four sentences; an interval that contains zero leaves the two level."""
    document = outlook.study.as_json()
    some = document["inputs"]["crossings"]["some"] | {"brier": brier, "reference": 0.187, "difference": interval or []}
    inputs = document["inputs"] | {"crossings": document["inputs"]["crossings"] | {"some": some}}
    made = replace(outlook, study=Study.from_json(document | {"inputs": inputs}))
    context = Context(made, Selection(lang=localizer.language, segment="purchasing"), localizer, made.day)
    record = build_purchasing(context).odds_record
    assert record is not None
    assert localizer.text(f"purchasing.limits.{kind}") in record.terms[-1][1]


def test_the_note_for_the_bank_compares_on_its_market(outlook: Outlook, localizer: Localizer) -> None:
    """Military aviation: 108 of 201 calls came true, less often than growth came there."""
    context = Context(outlook, Selection(lang=localizer.language, segment="military_aviation"), localizer, outlook.day)
    section = next(row for row in draft_one_pager(context).sections if row.id == "record")
    assert any("201" in text and text.endswith(WORDS[localizer.language]["worse"]) for text in section.paragraphs)
    assert build_segment(context).past_shocks is not None
