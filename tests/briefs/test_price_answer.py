"""What the page on purchases answers first: price and range in euros, the age of the price, the currency of links."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from observatory.briefs.common.context import Context
from observatory.briefs.feed.offers import choose_page_filter
from observatory.briefs.links import lead_to_purchasing, pin_purchasing
from observatory.briefs.purchasing.model import PurchasingBrief
from observatory.briefs.purchasing.odds import frequency_text, natural_frequency
from observatory.briefs.purchasing.page import build_purchasing
from observatory.briefs.purchasing.price_units import short_titles
from observatory.catalogue.periods import month_ordinal
from observatory.export.documents.purchasing import draft_purchasing
from observatory.language import Localizer, round_percent
from observatory.outlook.outlook import Outlook
from observatory.outlook.purchasing.price_paths import get_price_paths, list_inputs
from observatory.selection import Selection, format_query

DAY = date(2026, 11, 23)
FR, EN = Localizer("fr"), Localizer("en")


def page(outlook: Outlook, localizer: Localizer = FR, today: date = DAY, **chosen: str) -> PurchasingBrief:
    selection = Selection(lang=localizer.language, **chosen)  # type: ignore[arg-type]
    return build_purchasing(Context(outlook, selection, localizer, today))


def plain(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


def number(value: float, localizer: Localizer = FR) -> str:
    """Three significant digits, as the range is written."""
    rounded = float(f"{value:.3g}")
    return plain(localizer.number(rounded, max(0, 2 - int(np.floor(np.log10(abs(value)))))))


def euro_paths(outlook: Outlook, indicator: str) -> tuple[float, np.ndarray]:
    """The last common price in euros, and the costs on the paths after it, of a price that ends before the dollar."""
    rows = [outlook.catalogue.indicators[name] for name in (indicator, "eur_usd")]
    price, dollar = (outlook.panel[outlook.headline_key(row)] for row in rows)
    assert price.last <= dollar.last
    known = dollar.values[price.last - dollar.first + 1 :]
    paths, rates = get_price_paths(outlook, indicator), get_price_paths(outlook, "eur_usd")
    assert paths is not None
    assert rates is not None
    joined = np.concatenate([np.tile(known, (len(rates), 1)), rates], axis=1)[:, :36]
    return float(price.values[-1] / dollar.values[price.last - dollar.first]), paths / joined


def test_the_headline_is_the_price_in_euros_and_its_range(outlook: Outlook) -> None:
    """Price in euros and dollars, month, range at the deadline: each computed here from panel and paths."""
    last, costs = euro_paths(outlook, "aluminium_price")
    low, middle, high = np.quantile(costs[:, 17], [0.1, 0.5, 0.9])
    brief = page(outlook)
    assert plain(brief.lead) == (
        f"Aluminium : {plain(FR.number(last))} €/t (3 666 $) en mai 2026, dernier cours connu ; "
        f"entre {number(low)} et {number(high)} € en novembre 2027 (8 chances sur 10)"
    )
    assert brief.answer is not None
    now, expected, odds = brief.answer.key_figures
    assert (plain(now.value), now.unit) == (plain(FR.number(last)), "€/t")
    assert plain(expected.value) == f"{number(low)} à {number(high)}"
    assert f"au centre, {number(middle)}" in plain(expected.text)
    assert odds.dots == round_percent(float((costs[:, 17] >= float(brief.threshold)).mean()))
    assert float(brief.threshold) == pytest.approx(last * 1.1, rel=5e-3)


def test_odds_in_euros_count_on_the_same_paths(outlook: Outlook) -> None:
    """A threshold in euros: odds from the present month on, and at the deadline, on the costs of the paths."""
    _last, costs = euro_paths(outlook, "copper_price")
    brief = page(outlook, EN, indicator="copper_price", threshold="12500", currency="eur")
    some, then = (costs[:, 5:18] >= 12500).any(axis=1).mean(), (costs[:, 17] >= 12500).mean()
    assert (
        f"12,500 euros per tonne or more, at some point by November\u00a02027: {round_percent(some)} chances in 100"
        in (brief.threshold_text)
    )
    assert brief.threshold_number == str(round_percent(then))
    part, whole = natural_frequency(float(then))
    assert f"{part} chance" in brief.threshold_odds
    assert f" in {whole}." in brief.threshold_odds


def test_every_row_is_in_the_currency_shown(outlook: Outlook) -> None:
    """In euros: metals converted by us and marked so, currencies by their price; as published: what publishers say."""
    last, costs = euro_paths(outlook, "nickel_price")
    low, high = np.quantile(costs[:, 17], [0.1, 0.9])
    rows = {row.target.indicator: row for row in page(outlook).rows}
    assert rows.keys() == {row.id for row in list_inputs(outlook.catalogue)}
    nickel = rows["nickel_price"]
    assert (plain(nickel.value), nickel.unit, nickel.note) == (plain(FR.number(last)), "€/t", "converti")
    assert plain(nickel.range) == f"{number(low)} à {number(high)}"
    assert rows["eur_usd"].unit == "€/$"
    assert all(row.unit.startswith("€/") for row in rows.values())
    published = {row.target.indicator: row for row in page(outlook, currency="quoted").rows}
    assert (plain(published["nickel_price"].value), published["nickel_price"].unit) == ("18 806", "$/t")
    assert published["eur_usd"].unit == "$/€"
    assert not published["nickel_price"].note


def restated(outlook: Outlook, indicator: str, unit_fr: str, unit_en: str) -> Outlook:
    row = replace(outlook.catalogue.indicators[indicator], unit_fr=unit_fr, unit_en=unit_en)
    catalogue = replace(outlook.catalogue, indicators={**outlook.catalogue.indicators, indicator: row})
    return replace(outlook, catalogue=catalogue)


@pytest.mark.parametrize(
    ("units", "words", "unit"),
    [
        (("euros par tonne", "euros per tonne"), "publié en euros", "€/t"),
        (("indice, 2021 = 100", "index, 2021 = 100"), "non converti", "indice, 2021 = 100"),
    ],
)
def test_what_is_no_price_in_dollars_says_so(outlook: Outlook, units: tuple[str, str], words: str, unit: str) -> None:
    """A price in euros, and an index, keep their figures; page and row say why there is one currency only."""
    changed = restated(outlook, "tin_price", *units)
    brief, value = page(changed, indicator="tin_price"), outlook.panel["tin_price", "WORLD", ""].values[-1]
    row = next(row for row in brief.rows if row.target.indicator == "tin_price")
    assert (plain(row.value), row.unit, row.note) == (plain(FR.number(float(value))), unit, words)
    assert brief.currency_options == ()
    assert brief.answer is not None
    assert {"publié en euros": "rien n’est converti", "non converti": "nous ne le convertissons pas"}[words] in plain(
        brief.answer.conversion
    )
    assert plain(FR.number(float(value))) in plain(brief.lead)
    assert "(" not in brief.lead.split(" en mai")[0].removesuffix(f"({unit})")


@pytest.mark.parametrize(("today", "age"), [(date(2026, 7, 31), 0), (date(2026, 8, 1), 3), (date(2027, 1, 2), 8)])
def test_a_price_of_three_months_has_a_warning(outlook: Outlook, today: date, age: int) -> None:
    """May's price: none in July; in August it is three months old, and its successor late from then on."""
    answer = page(outlook, today=today).answer
    assert answer is not None
    bold, sentence = answer.warning
    assert plain(bold) == (f"Ce cours a {age} mois." if age else "")
    assert ("demandez le prix du jour avant de signer" in sentence) == bool(age)


@pytest.mark.parametrize(
    ("today", "lived", "left"), [(date(2026, 6, 30), 0, 0), (DAY, 5, 13), (date(2027, 1, 2), 7, 11)]
)
def test_the_months_already_lived_are_said(outlook: Outlook, today: date, lived: int, left: int) -> None:
    """From June 2026 to November 2027 there are 18 months; asked in November, five of them are lived, 13 remain."""
    answer = page(outlook, today=today, by="2027-11").answer
    assert answer is not None
    if not lived:
        assert answer.window == ""
        return
    text = plain(answer.window)
    assert "18 mois (juin 2026 à novembre 2027)" in text
    assert f"dont {lived} déjà vécus" in text
    assert f"Il en reste {left} " in text


def test_a_link_from_before_euros_keeps_its_dollars(outlook: Outlook) -> None:
    """A threshold, or a date, without a currency is from before there was one: dollars. A live link shows euros."""
    old = page(outlook, indicator="aluminium_price", threshold="4030")
    assert "4 030 dollars par tonne" in plain(old.threshold_text)
    assert plain(old.lead).startswith("Aluminium : 3 666 $/t (")
    assert page(outlook, indicator="aluminium_price", asof="e1").currency == "quoted"
    assert page(outlook, indicator="aluminium_price", asof="e1", currency="eur").currency == "eur"
    assert page(outlook, indicator="aluminium_price").currency == "eur"
    assert old.threshold_figure is not None
    low, high = (part[17, 1] for part in forecast_ends(outlook))
    assert plain(old.threshold_figure.table.rows[0][3]) == number(float(low))
    assert plain(old.threshold_figure.table.rows[0][4]) == number(float(high))


def forecast_ends(outlook: Outlook) -> tuple[np.ndarray, np.ndarray]:
    forecast = outlook.forecasts[outlook.headline_key(outlook.catalogue.indicators["aluminium_price"])]
    return forecast.low, forecast.high


def test_a_link_of_today_names_its_currency(outlook: Outlook) -> None:
    """Threshold and date are pinned with the currency, so that the dated link shows what its page showed."""
    for currency in ("eur", "quoted"):
        selection = Selection(indicator="aluminium_price", currency=currency)
        brief = page(outlook, indicator="aluminium_price", currency=currency)
        pinned = pin_purchasing(brief, outlook, selection)
        assert format_query(pinned)["currency"] == currency
        again = build_purchasing(Context(outlook, replace(pinned, asof="e1"), FR, DAY))
        assert (again.lead, again.threshold_text) == (brief.lead, brief.threshold_text)


def test_a_threshold_changes_currency_at_the_last_rate(outlook: Outlook) -> None:
    """4,030 dollars are so many euros in May 2026; a rate is inverted."""
    last, _costs = euro_paths(outlook, "aluminium_price")
    rate = outlook.panel["aluminium_price", "WORLD", ""].values[-1] / last
    dollars = page(outlook, indicator="aluminium_price", threshold="4030", currency="quoted").other_threshold
    assert float(dollars) == pytest.approx(4030 / rate, rel=2e-3)
    euros = page(outlook, indicator="aluminium_price", threshold="3450", currency="eur").other_threshold
    assert float(euros) == pytest.approx(3450 * rate, rel=2e-3)
    inverse = page(outlook, indicator="eur_usd", threshold="0.9", currency="eur").other_threshold
    assert float(inverse) == pytest.approx(1 / 0.9, rel=1e-3)
    turned = page(outlook, indicator="eur_usd", threshold="0.9", side="above", currency="eur")
    assert (turned.other_side, old_side(outlook)) == ("below", "above")


def old_side(outlook: Outlook) -> str:
    """The side in euros of a threshold in dollars."""
    return page(outlook, indicator="aluminium_price", threshold="4030", side="above").other_side


def test_a_price_newer_than_the_dollar_is_put_in_euros_in_their_last_common_month(outlook: Outlook) -> None:
    """With the dollar known to June only, Brent of July is not yet in euros: the headline is June's, and says so."""
    key = outlook.headline_key(outlook.catalogue.indicators["eur_usd"])
    dollar, brent = outlook.panel[key], outlook.panel[outlook.headline_key(outlook.catalogue.indicators["brent_price"])]
    june = month_ordinal(date(2026, 6, 1))
    shorter = dollar.truncate(june)
    assert shorter is not None
    assert brent.last == june + 1
    forecast = replace(outlook.forecasts[key], origin=june)
    paths = outlook.study.purchasing.paths
    assert paths is not None
    place = [row[0] for row in paths.series].index("eur_usd")
    document = outlook.study.as_json()
    inputs = dict(document["inputs"])
    origins = list(inputs["paths"]["origins"])
    origins[place] = june
    inputs["paths"] = inputs["paths"] | {"origins": origins}
    then = replace(
        outlook,
        panel={**outlook.panel, key: shorter},
        forecasts={**outlook.forecasts, key: forecast},
        study=type(outlook.study).from_json(document | {"inputs": inputs}),
    )
    value = brent.values[june - brent.first] / shorter.values[-1]
    assert plain(page(then, indicator="brent_price").lead).startswith(
        f"Pétrole Brent : {number(float(value))} €/baril ({number(float(brent.values[-2]))} $) en juin 2026"
    )
    assert "en juillet 2026" in plain(page(then, indicator="brent_price", currency="quoted").lead)


def test_files_have_both_currencies(outlook: Outlook) -> None:
    """The file of a page has the chart in either currency with its table, and the list has both."""
    for currency, other in (("eur", "quoted"), ("quoted", "eur")):
        selection = Selection(indicator="aluminium_price", currency=currency)
        sections = {row.id: row for row in draft_purchasing(Context(outlook, selection, FR, DAY)).sections}
        main, second = sections["main"], sections[f"main_{other}"]
        in_euros, published = (main, second) if currency == "eur" else (second, main)
        assert in_euros.title == f"{published.title}, en euros"
        assert plain(published.paragraphs[0]).startswith("Dernière valeur : 3 666 dollars par tonne en mai 2026")
        last, _costs = euro_paths(outlook, "aluminium_price")
        assert f"{plain(FR.number(last))} euros par tonne" in plain(in_euros.paragraphs[0])
        row = next(row for row in sections["inputs"].tables[0].rows if row[0].startswith("Aluminium"))
        assert plain(row[1]) == "3 666 (mai 2026)"
        assert plain(row[6]) == f"{plain(FR.number(last))} (mai 2026)"


def test_the_section_leads_to_its_page(outlook: Outlook) -> None:
    """Section and inputs lead on, with the input; production, other places and dated links stay where they are."""
    section = Selection(segment="purchasing", horizon=5)
    assert lead_to_purchasing(outlook, section) == section
    copper = replace(section, indicator="copper_price", geo="WORLD")
    assert lead_to_purchasing(outlook, copper) == replace(copper, geo="")
    assert lead_to_purchasing(outlook, replace(copper, asof="e1")) is None
    assert lead_to_purchasing(outlook, replace(section, indicator="fr_machining_production")) is None
    assert lead_to_purchasing(outlook, replace(copper, geo="FRA")) is None
    assert lead_to_purchasing(outlook, Selection(segment="space")) is None


def test_a_feed_follows_a_price_as_it_is_published(outlook: Outlook) -> None:
    """Of a threshold in euros the page offers the figures of the input; of one in dollars the threshold itself."""
    chosen = Selection(indicator="aluminium_price", threshold="3450", side="above", currency="eur")
    assert choose_page_filter("purchasing", chosen, outlook.catalogue).indicator == "aluminium_price"
    dollars = choose_page_filter("purchasing", replace(chosen, currency="quoted"), outlook.catalogue)
    assert [row.value for row in dollars.thresholds] == ["3450"]


@pytest.mark.parametrize(
    ("share", "fraction"),
    [(0.0, (1, 20)), (0.19, (1, 5)), (0.37, (2, 5)), (0.5, (1, 2)), (0.68, (2, 3)), (1.0, (19, 20))],
)
def test_odds_are_the_nearest_plain_fraction(share: float, fraction: tuple[int, int]) -> None:
    """One chance in five for 19 %, and never none or all."""
    assert natural_frequency(share) == fraction
    if share in (0.0, 1.0):
        assert frequency_text(share, EN) == (
            "less than 5 chances in 100" if share == 0 else "more than 95 chances in 100"
        )


def test_names_of_inputs_are_short_and_never_the_same(outlook: Outlook) -> None:
    """What stands before the comma, or the name of the currency; two that would be the same keep their whole title."""
    rows = list(list_inputs(outlook.catalogue))
    names = short_titles(rows, FR)
    assert (names["aluminium_price"], names["eur_gbp"]) == ("Aluminium", "Livre sterling")
    twin = replace(outlook.catalogue.indicators["tin_price"], id="twin", title_fr="Étain, indice en euros")
    both = short_titles([*rows, twin], FR)
    assert (both["tin_price"], both["twin"]) == ("Étain, cours mondial", "Étain, indice en euros")
