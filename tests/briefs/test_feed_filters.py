"""Thresholds of a feed: read in the marks of the reader, written in a form that every language reads alike."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.briefs.feed.model import FeedFilter, Threshold, ThresholdError, format_feed_query, parse_threshold
from observatory.catalogue.models import Catalogue
from observatory.language import Language
from observatory.links import read_query
from observatory.outlook.outlook import Outlook

BRENT = ("brent_price", "WORLD", "")


@pytest.mark.parametrize(
    ("text", "language", "threshold"),
    [
        ("brent_price>90", "fr", Threshold(BRENT, True, "90")),
        ("brent_price<90,5", "fr", Threshold(BRENT, False, "90.5")),
        ("brent_price<90.5", "fr", Threshold(BRENT, False, "90.5")),
        ("brent_price > 1 250,5", "fr", Threshold(BRENT, True, "1250.5")),
        ("brent_price>1\u202f250", "fr", Threshold(BRENT, True, "1250")),
        ("brent_price>1,250", "en", Threshold(BRENT, True, "1250")),
        ("brent_price>1,250", "fr", Threshold(BRENT, True, "1.25")),
        ("brent_price>-3", "en", Threshold(BRENT, True, "-3")),
        ("brent_price.WORLD>90", "en", Threshold(BRENT, True, "90")),
        ("airbus_deliveries.WORLD<60", "en", Threshold(("airbus_deliveries", "WORLD", ""), False, "60")),
    ],
)
def test_a_threshold_is_read(
    catalogue: Catalogue, outlook: Outlook, text: str, language: Language, threshold: Threshold
) -> None:
    """An indicator alone is its main series; the number is read as the reader's language writes it, or plain."""
    assert parse_threshold(text, catalogue, outlook.panel, language) == threshold


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("brent_price", "threshold_form", "brent_price"),
        ("brent_price>", "threshold_form", "brent_price>"),
        (">90", "threshold_form", ">90"),
        ("brent_price:90", "threshold_form", "brent_price:90"),
        ("", "threshold_form", ""),
        ("brent>90", "threshold_series", "brent"),
        ("brent_price.FRA>90", "threshold_series", "brent_price.FRA"),
        ("brent_price~steel_price>90", "threshold_series", "brent_price~steel_price"),
        ("brent_price,steel_price>90", "threshold_series", "brent_price,steel_price"),
        ("brent_price>dear", "threshold_number", "dear"),
        ("brent_price>1e9", "threshold_number", "1e9"),
        ("brent_price><90", "threshold_number", "<90"),
        ("brent_price>nan", "threshold_number", "nan"),
    ],
)
def test_what_is_no_threshold_is_refused_by_name(
    catalogue: Catalogue, outlook: Outlook, text: str, key: str, value: str
) -> None:
    """The form, the series or the number: each refusal says which, with what was seen."""
    with pytest.raises(ThresholdError) as caught:
        parse_threshold(text, catalogue, outlook.panel, "fr")
    assert (caught.value.key, caught.value.values["value"]) == (key, value)


def test_an_ambiguous_number_is_asked_about(catalogue: Catalogue, outlook: Outlook) -> None:
    """Each of the thresholds that the refusal proposes is read, and they are not the same."""
    with pytest.raises(ThresholdError) as caught:
        parse_threshold("brent_price>3.850", catalogue, outlook.panel, "fr")
    assert caught.value.key == "threshold_ambiguous"
    proposed = caught.value.values["known"].split(", ")
    assert [parse_threshold(row, catalogue, outlook.panel, "fr").value for row in proposed] == ["3850", "3.85"]


_NUMBERS = st.builds(
    lambda whole, rest: f"{whole}.{rest:03}".rstrip("0").rstrip(".") if rest else str(whole),
    st.integers(1, 10**9),
    st.integers(0, 999),
)


@given(data=st.data(), number=_NUMBERS, is_above=st.booleans(), language=st.sampled_from(["fr", "en"]))
def test_an_address_holds_the_threshold_that_it_was_made_from(
    catalogue: Catalogue, outlook: Outlook, data: st.DataObject, number: str, is_above: bool, language: str
) -> None:
    """Written into an address and read again, in either language, it is the same one."""
    key = data.draw(st.sampled_from(sorted(outlook.panel)))
    threshold = Threshold(key, is_above, number)
    query = format_feed_query(FeedFilter(thresholds=(threshold,)), catalogue, cast(Language, language))
    ((_name, _lang), (name, value)) = read_query(query, ("lang", "threshold"))
    assert name == "threshold"
    for reader in ("fr", "en"):
        assert parse_threshold(value, catalogue, outlook.panel, cast(Language, reader)) == threshold


@given(text=st.one_of(st.text(), st.from_regex(r"[a-z_]*[.A-Z]*[<>]+[-+\d., \u202f]*", fullmatch=True)))
def test_any_text_is_a_threshold_or_is_refused(catalogue: Catalogue, outlook: Outlook, text: str) -> None:
    """No text raises anything else, and what is read is a finite number of a known series."""
    try:
        threshold = parse_threshold(text, catalogue, outlook.panel, "fr")
    except ThresholdError:
        return
    assert threshold.key[0] in catalogue.indicators
    assert abs(threshold.level) < 1e16
