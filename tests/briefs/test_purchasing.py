"""What the pages on purchases and on weak signals say, in both languages, whatever the address asks."""

import json
from dataclasses import replace
from datetime import date

import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.purchasing import page as purchases
from observatory.briefs.purchasing.model import PurchasingBrief
from observatory.briefs.purchasing.odds import odds_text, short_odds_text
from observatory.briefs.radar import page as radar
from observatory.briefs.segment.page import build_segment
from observatory.catalogue.periods import month_ordinal
from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing import price_paths
from observatory.outlook.study import Study
from observatory.outlook.time_machine import truncate_to_month
from observatory.selection import DEFAULT_SELECTION, Selection
from tests.support.charts import assert_chart_is_valid

DAY = date(2026, 11, 23)


def page(outlook: Outlook, localizer: Localizer, **chosen: str) -> PurchasingBrief:
    return purchases.build_purchasing(Context(outlook, Selection(lang=localizer.language, **chosen), localizer, DAY))  # type: ignore[arg-type]


def words(brief: PurchasingBrief) -> str:
    parts = [brief.kicker, brief.lead, brief.threshold_text, brief.threshold_odds, *brief.under, *brief.notices]
    parts += [*brief.basket_texts, *brief.timing_lines]
    if brief.answer is not None:
        parts += [*brief.answer.warning, brief.answer.window, brief.answer.conversion, brief.answer.sources]
        parts += [f"{row.value} {row.unit} {row.text}" for row in brief.answer.key_figures]
    for figure in (brief.threshold_figure, brief.basket_figure):
        if figure is not None:
            parts += [figure.title, figure.subtitle, figure.alt, figure.takeaway, *figure.disclosures, *figure.notes]
    for chapter in (brief.timing, brief.odds_record):
        if chapter is not None:
            parts += [chapter.title, chapter.subtitle, *(part for term in chapter.terms for part in term)]
    return " ".join(parts)


@pytest.mark.slow
@pytest.mark.parametrize("typed_by_reader", ["", "0.000001", "123456789", "1.05"])
def test_any_input_threshold_and_date_gives_a_whole_page(
    outlook: Outlook, localizer: Localizer, typed_by_reader: str
) -> None:
    """Every input, however absurd the threshold, on both sides and at any date, says something without a hole."""
    for place, row in enumerate(price_paths.list_inputs(outlook.catalogue)):
        side, by = ("above", "below")[place % 2], ("", "1", "99", "2001-01", "2027-06")[place % 5]
        brief = page(outlook, localizer, indicator=row.id, threshold=typed_by_reader, side=side, by=by)
        sentence = words(brief)
        assert brief.indicator == row.id
        assert "{" not in sentence
        assert "nan" not in sentence.split()
        assert brief.threshold_figure is not None
        assert brief.threshold_figure.table.rows
        assert bool(brief.notices) == (by in ("99", "2001-01"))


def test_the_last_value_is_written_once_and_for_all(outlook: Outlook) -> None:
    """The label of the chart, the sentence below it and the list write what was observed alike; so does the market.

    A price has all its digits before the point, a rate near one has four; the range is as on the chart.
    """
    localizer = Localizer("fr")
    for name, written in (("aluminium_price", "3\u202f666"), ("eur_usd", "1,120")):
        brief = page(outlook, localizer, indicator=name, currency="quoted")
        assert brief.threshold_figure is not None
        assert f'"{written} en ' in json.dumps(brief.threshold_figure.spec, ensure_ascii=False)
        assert f" {written} " in brief.threshold_figure.takeaway
        row = next(row for row in brief.price_table.entries if row.target.indicator == name)
        assert row.cells[0].startswith(f"{written} (")
        low, high = brief.threshold_figure.table.rows[0][3:]
        assert f"entre {low} et {high} " in brief.threshold_figure.takeaway
    market = build_segment(
        Context(outlook, Selection(segment="purchasing", indicator="aluminium_price"), localizer, DAY)
    )
    assert " 3\u202f666 " in market.lead


def test_both_chances_are_told_apart(outlook: Outlook) -> None:
    """The lead gives the chance at some point before, the next line that at the date, with how often such came true."""
    brief = page(outlook, Localizer("fr"), indicator="aluminium_price", threshold="4030")
    assert "à un moment d’ici à novembre\u00a02027" in brief.threshold_text
    assert brief.threshold_text.endswith("\u00a0chances sur 100.")
    assert "fois sur 100" in brief.under[0].replace("\u00a0", " ")
    assert "À cette date précise" in brief.under[1]


def test_a_threshold_that_is_passed_already_is_told(outlook: Outlook) -> None:
    """Under today's price "at some point above" means nothing: the page speaks of the date alone."""
    brief = page(outlook, Localizer("en"), indicator="aluminium_price", threshold="100", side="above")
    assert "was already at 100" in brief.threshold_text
    assert "at the last known price (May\u00a02026)" in brief.threshold_text
    assert "At that very date" not in " ".join(brief.under)


def test_chances_are_no_surer_than_the_past_supports(localizer: Localizer) -> None:
    """Below 5 and above 95 per cent no figure is given; word and number agree."""
    for share in (0.0, 0.01, 0.049, 0.96, 1.0):
        edge = "5" if share < 0.5 else "95"
        assert edge in odds_text(share, localizer)
        assert edge in short_odds_text(share, localizer)
    assert "72" in odds_text(0.72, localizer)


def test_an_edition_without_paths_says_so(outlook: Outlook, localizer: Localizer) -> None:
    """The forecasts are shown, no chance and no basket is invented."""
    parts = {name: part for name, part in outlook.study.as_json().items() if name != "inputs"}
    old = replace(outlook, study=Study.from_json(parts))
    brief = page(old, localizer, indicator="brent_price")
    assert brief.threshold_figure is not None
    assert brief.basket_figure is None
    assert brief.threshold_ladder is None
    assert brief.odds_record is None
    assert brief.timing is None
    assert "%" not in brief.threshold_text
    assert not brief.currency_options


def test_a_basket_of_the_link_is_shown_and_what_is_unknown_is_told(outlook: Outlook) -> None:
    """Known inputs keep their shares, an unknown name is told; no basket in the address shows an example."""
    brief = page(outlook, Localizer("en"), basket="aluminium:60,foo:3,usd:30")
    assert [(row.code, row.share) for row in brief.basket_shares] == [("aluminium", 60), ("usd", 30)]
    assert "foo" in brief.notices[0]
    assert brief.basket_figure is not None
    assert brief.basket_figure.table.rows
    assert "example" in page(outlook, Localizer("en")).basket_texts[0]


def test_the_charts_are_valid(outlook: Outlook, localizer: Localizer) -> None:
    """Fan with a threshold, basket and radar are valid Vega-Lite."""
    brief = page(outlook, localizer)
    drawn = radar.build_radar(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day))
    assert brief.threshold_figure is not None
    assert brief.basket_figure is not None
    for spec in (brief.threshold_figure.spec, brief.basket_figure.spec, drawn.spec):
        assert spec is not None
        assert_chart_is_valid(spec)


def test_every_topic_has_evidence_a_criterion_and_a_date(outlook: Outlook, localizer: Localizer) -> None:
    """Each topic says what is seen, since when, how it will be known and when; thin evidence has its reasons."""
    drawn = radar.build_radar(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day))
    assert len(drawn.signals) == len(outlook.catalogue.topics)
    assert len(drawn.table.rows) == len(drawn.signals)
    for signal in drawn.signals:
        for text in (signal.thesis, signal.seen, signal.since, signal.criterion, signal.judged, signal.source_line):
            assert text
            assert "{" not in text
        assert signal.is_thin == bool(signal.doubts)
    assert {row.id for row in drawn.signals if row.is_thin} == {"drones", "orbit_congestion", "research_shift"}
    assert len(drawn.excluded_topics.terms) == len(outlook.catalogue.excluded_topics) >= 5


def test_the_weak_signals_begin_with_the_nearest_and_strongest(outlook: Outlook, localizer: Localizer) -> None:
    """The first sentences name each topic of large effect within two years, and none whose evidence is thin."""
    drawn = radar.build_radar(Context(outlook, DEFAULT_SELECTION, localizer, outlook.day))
    first = [row for row in drawn.signals if row.title in drawn.lead]
    near, large = localizer.text("radar.effect.0-2"), localizer.text("radar.impact.high")
    assert first == [row for row in drawn.signals if (row.effect, row.impact, row.is_thin) == (near, large, False)]
    assert first


def test_a_level_that_only_has_to_hold_is_told_so(outlook: Outlook) -> None:
    """A criterion at its own base is no growth of nought per cent."""
    drawn = radar.build_radar(Context(outlook, DEFAULT_SELECTION, Localizer("fr"), outlook.day))
    held = next(row for row in drawn.signals if row.id == "combat_aircraft_backlog")
    assert held.criterion.startswith("Confirmé si le niveau se maintient\u00a0: au moins 220 avions en 2028")
    assert "0,0" not in held.criterion


def test_a_seller_in_dollars_reads_which_way_the_risk_lies(outlook: Outlook, localizer: Localizer) -> None:
    """A rate that falls makes purchases dearer; whoever invoices in that currency is told that a rise is the risk."""
    text = localizer.text("purchasing.currency")
    assert text in page(outlook, localizer, indicator="eur_usd", currency="quoted").under
    assert text not in page(outlook, localizer, indicator="aluminium_price").under
    assert {"fr": "facturez", "en": "invoice"}[localizer.language] in text


def test_a_threshold_far_off_does_not_flatten_the_chart(outlook: Outlook, localizer: Localizer) -> None:
    """A threshold of another order is said and not drawn; one within reach is drawn and named."""
    far = page(outlook, localizer, indicator="aluminium_price", threshold="999999").threshold_figure
    near = page(outlook, localizer, indicator="aluminium_price", threshold="5000").threshold_figure
    assert far is not None
    assert near is not None
    word = localizer.text("purchasing.threshold.label", threshold="").split("\u00a0")[0].split(":")[0]
    assert word not in json.dumps(far.spec, ensure_ascii=False)
    assert word in json.dumps(near.spec, ensure_ascii=False)
    assert len(far.notes) == len(near.notes) + 1


def test_topics_are_as_of_the_outlook(outlook: Outlook) -> None:
    """In June 2023 topics whose base is later are not there, and the page says that all were chosen afterwards."""
    catalogue, panel = truncate_to_month(outlook.catalogue, outlook.panel, month_ordinal(date(2023, 6, 30)))
    then = replace(
        outlook, catalogue=catalogue, panel=panel, published_at=outlook.published_at.replace(year=2023, month=6, day=30)
    )
    drawn = radar.build_radar(Context(then, DEFAULT_SELECTION, Localizer("fr"), then.day))
    assert {row.id for row in drawn.signals} == {"orbit_congestion"} | (
        {"research_shift"} & {row.id for row in drawn.signals}
    )
    assert "choisis après cette date" in " ".join(drawn.under)


def month(localizer: Localizer, period: str) -> str:
    return localizer.period(period)


def test_the_window_begins_today(outlook: Outlook, localizer: Localizer) -> None:
    """A price known to May and asked in November: June to October are told apart, and do not count in the chances.

    Lead, table of thresholds, list of inputs and text alternative have the same window.
    """
    paths = price_paths.get_price_paths(outlook, "aluminium_price")
    assert paths is not None
    brief = page(outlook, localizer, indicator="aluminium_price", threshold="4030")
    window, waited = paths[:, 5:18] >= 4030, paths[:, :5] >= 4030  # steps 6 to 18: November 2026 to November 2027
    assert odds_text(float(window.any(axis=1).mean()), localizer) in brief.threshold_text
    text = brief.under[2]
    assert odds_text(float(waited.any(axis=1).mean()), localizer) in text
    for period in ("2026-06", "2026-10", "2026-11"):
        assert month(localizer, period) in text
    assert odds_text(float((paths[:, 17] >= 4030).mean()), localizer) in brief.under[1]
    ladder = brief.threshold_ladder
    assert ladder is not None
    assert month(localizer, "2026-11") in ladder.headers[1]
    row = next(cells for cells in ladder.rows if "+10" in cells[0])
    assert row[1:] == tuple(
        short_odds_text(float(part), localizer) for part in (window.any(axis=1).mean(), (paths[:, 17] >= 4030).mean())
    )
    entry = next(row for row in brief.price_table.entries if row.target.indicator == "aluminium_price")
    assert entry.cells[4] == row[1]


def test_the_window_moves_with_the_day(outlook: Outlook) -> None:
    """In January the months to December are past: an open page counts from January, a dated link from its own day."""
    localizer = Localizer("en")
    selection = Selection(lang="en", indicator="aluminium_price", threshold="4030", by="2027-11")
    paths = price_paths.get_price_paths(outlook, "aluminium_price")
    assert paths is not None
    for today, first, n in ((date(2027, 1, 4), 8, 7), (outlook.day, 6, 5)):
        brief = purchases.build_purchasing(Context(outlook, selection, localizer, today))
        assert (
            odds_text(float((paths[:, first - 1 : 18] >= 4030).any(axis=1).mean()), localizer) in brief.threshold_text
        )
        assert f"The {n} months already past" in brief.under[2]


def known_until(outlook: Outlook, period: str) -> Outlook:
    """An outlook whose day is in a month, its aluminium price being known to May 2026."""
    year, in_year = (int(part) for part in period.split("-"))
    moment = outlook.published_at.replace(year=year, month=in_year, day=10)
    return replace(outlook, published_at=moment)


@pytest.mark.parametrize(("asked", "waited"), [("2026-05", 0), ("2026-06", 0), ("2026-07", 1), ("2026-08", 2)])
def test_nothing_is_told_apart_where_nothing_lies_between(
    outlook: Outlook, localizer: Localizer, asked: str, waited: int
) -> None:
    """Asked in the month of the last price, or in the next, no month is past; a month later one is, then two."""
    then = known_until(outlook, asked)
    selection = Selection(lang=localizer.language, indicator="aluminium_price", threshold="4030", by="2027-05")
    brief = purchases.build_purchasing(Context(then, selection, localizer, then.day))
    paths = price_paths.get_price_paths(outlook, "aluminium_price")
    assert paths is not None
    assert odds_text(float((paths[:, waited:12] >= 4030).any(axis=1).mean()), localizer) in brief.threshold_text
    begins = {
        "fr": "Ces chances comptent à partir du mois en cours",
        "en": "These chances count from the present month",
    }
    sentences = [text for text in brief.under if text.startswith(begins[localizer.language])]
    assert len(sentences) == bool(waited)
    if waited:
        singular = {"fr": "Le mois déjà passé", "en": "The month already past"}[localizer.language]
        assert (singular in sentences[0]) == (waited == 1)


def test_a_date_that_is_past_is_moved_to_the_present_month(outlook: Outlook) -> None:
    """September 2026, asked in November, is no deadline: the page takes November and says so."""
    localizer = Localizer("en")
    brief = page(outlook, localizer, indicator="aluminium_price", threshold="4030", by="2026-09")
    assert "by November\u00a02026" in brief.threshold_text
    assert "2026-09" in brief.notices[0]
    assert "November\u00a02026" in brief.notices[0]


def test_an_edition_that_counted_otherwise_keeps_its_chances(outlook: Outlook, localizer: Localizer) -> None:
    """An edition without a month of asking has the chances that it published, and says which months they count."""
    document = outlook.study.as_json()
    inputs = {name: part for name, part in document["inputs"].items() if name != "asked"}
    old = replace(outlook, study=Study.from_json(document | {"inputs": inputs}))
    paths = price_paths.get_price_paths(old, "aluminium_price")
    assert paths is not None
    brief = page(old, localizer, indicator="aluminium_price", threshold="4030")
    assert odds_text(float((paths[:, :18] >= 4030).any(axis=1).mean()), localizer) in brief.threshold_text
    assert localizer.text("purchasing.waited.counted", first=month(localizer, "2026-06")) in brief.under
    assert brief.odds_record is not None
    assert brief.odds_record.subtitle.endswith(localizer.text("purchasing.record.next"))
    new = page(outlook, localizer, indicator="aluminium_price", threshold="4030").odds_record
    assert new is not None
    assert new.subtitle.endswith(localizer.text("purchasing.record.waited"))
