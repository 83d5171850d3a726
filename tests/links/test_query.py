"""Mangled queries: what mail, chat and advertising do to a link is undone, or stays for its reader to report."""

import random
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.api.routes import ROUTES
from observatory.catalogue.models import Catalogue
from observatory.links import is_tracking, read_query, repair_pairs
from observatory.links.tracking import TRACKING_NAMES
from observatory.selection import PARAMETER_NAMES, build_url, format_query, parse_selection
from observatory.settings import MAX_QUERY_CHARS
from tests.test_selection import selections

KNOWN = (*PARAMETER_NAMES.values(), "v")
MEANT = [("segment", "space"), ("lang", "en")]


@pytest.mark.parametrize(
    "query",
    [
        "segment=space&lang=en",
        "segment=space&amp;lang=en",
        "segment=space&amp;amp;lang=en",
        "segment=space&AMP;lang=en",
        "segment=space&amplang=en",
        "amp;segment=space&amp%3Blang=en",
        "segment=space;lang=en",
        "segment=space&&;lang=en&",
        "segment=space.&lang=en",
        "segment=space%2C&lang=en).",
        "segment=space&lang=en%5D%3E",
        "segment=%E2%80%9Cspace%E2%80%9D&lang=en%C2%BB",
        "segment='space'&lang=en%22",
        "segment=space&lang=en&gt;",
        "segment=space&quot;&lang=en",
        "segment=space%C2%A0&lang=en%E2%80%8B",
        "segment=sp%E2%80%8Bace&la%C2%ADng=en%EF%BB%BF",
        "segment=space&lang=en%F0%9F%91%8D%EF%B8%8F",
        "segment=3Dspace&lang=3Den",
        "segment%3D3Dspace&lang=%3D3Den",
        "segment=sp=%0D%0Aace&la=%0Ang=3Den",
        "segment=sp=ace&lang=en",
        "segm=ent=space&lang=en",
        "segment=spa%0D%0A%20ce&lang=en",
        "segment%3Dspace%26lang%3Den",
        "segment%253Dspace%2526lang%253Den",
        "segment=space%26lang%3Den",
        "segment=space%2526lang%253Den",
        "segment=space%26amp%3Blang=en",
        "%73egment=%2573pace&lang=en",
        "segment=space\\u0026lang\\u003den",
        "segment=space%E2%9F%A8=en",
        "segment=space&lang=en?utm_source=mail",
        "?segment=space&lang=en",
        "SEGMENT=space&Lang=en",
        "segment=space&lang=en%23overview",
        "segment=space&lang=en](https://obs.example/segment?segment=space",
        "segment=space&lang=en%3Chttps%3A%2F%2Fobs.example%2Fsegment%3E",
        "utm_source=a&segment=space&utm_medium=b&lang=en&fbclid=c",
        "amp;gclid=x&segment=space&amp;lang=en&amp;MKT_TOK=y",
        "segment=space&lang=en&utm_content=see%20this%3F",
        "segment=space&utm_source=x%26lang%3Den",
        "utm_id=1%26lang%3Dfr&segment=space&lang=en",
    ],
)
def test_a_mangled_query_is_read_as_it_was_meant(query: str) -> None:
    """Each gives the market and the language of the link, and nothing else."""
    assert sorted(read_query(query, KNOWN)) == sorted(MEANT)
    assert read_query(query.encode("ascii"), KNOWN) == read_query(query, KNOWN)


@pytest.mark.parametrize(
    "query",
    [
        "threshold=brent_price>90&lang=en",
        "threshold=brent_price%3E90&lang=en",
        "threshold=brent_price%253E90&lang=en",
        "threshold=brent_price&gt;90&amp;lang=en",
        "threshold=brent_price&GT;90&lang=en&gt;",
        "threshold%3Dbrent_price%3E90%26lang%3Den",
    ],
)
def test_the_sign_of_a_threshold_outlives_what_programs_do_to_it(query: str) -> None:
    """Plain, encoded once or twice, or escaped as in HTML, it stays a part of its value."""
    assert read_query(query, ("threshold", "lang")) == [("threshold", "brent_price>90"), ("lang", "en")]


@pytest.mark.parametrize(
    ("query", "pairs"),
    [
        ("segment=spaec.", [("segment", "spaec")]),
        ("segment=", [("segment", "")]),
        ("segment=...", [("segment", "")]),
        ("colour=pink", [("colour", "pink")]),
        ("=pink", [("=pink", "")]),
        ("segment=space+and+more", [("segment", "space and more")]),
        ("segment=space&segment=drones", [("segment", "space"), ("segment", "drones")]),
        ("ref=x%26segment%3Ddrones&segment=space", [("ref", "x"), ("segment", "space")]),
        ("threshold=-3&by=2027-06.", [("threshold", "-3"), ("by", "2027-06")]),
        ("limit=%2B1", [("limit", "+1")]),
    ],
)
def test_what_cannot_be_repaired_stays(query: str, pairs: list[tuple[str, str]]) -> None:
    """Strange names and values, and names given twice, are left to whoever reads the query."""
    assert read_query(query, KNOWN) == pairs


def test_no_name_of_ours_is_one_of_tracking() -> None:
    """Neither a parameter of pages nor one of the API is dropped; the table is in small letters, as it is compared."""
    ours = {
        *KNOWN,
        *(field.alias or name for row in ROUTES if row.query for name, field in row.query.model_fields.items()),
    }
    assert not [name for name in ours if is_tracking(name)]
    assert {name.lower() for name in TRACKING_NAMES} == TRACKING_NAMES
    for name in ("utm_anything", "UTM_Source", "mc_cid", "mc_eid", "_ga", "_gl", "dclid", "msclkid", "yclid", "twclid"):
        assert is_tracking(name)
    assert not is_tracking("ref")


# What happens to links, each as a change of the text of a query.
MANGLERS: dict[str, Callable[[str], str]] = {
    "entities": lambda query: query.replace("&", "&amp;"),
    "semicolons": lambda query: query.replace("&", ";"),
    "encoded": lambda query: quote(query, safe=""),
    "separators encoded": lambda query: query.replace("&", "%26"),
    "full stop": lambda query: f"{query}.",
    "brackets": lambda query: f"{query})>",
    "quotation mark": lambda query: f"{query}%C2%A0%C2%BB",
    "no width": lambda query: query.replace("=", "=%E2%80%8B"),
    "quoted-printable": lambda query: query.replace("=", "=3D"),
    "tracking before": lambda query: f"utm_source=list&{query}",
    "tracking after": lambda query: f"{query}&fbclid=IwAR0_x-y",
    "second question mark": lambda query: f"{query}?gclid=1",
}


@pytest.mark.slow
@given(st.data())
def test_any_manglings_of_a_link_give_its_selection_or_a_notice(catalogue: Catalogue, data: st.DataObject) -> None:
    """Any selection, its link mangled by up to three of these in any order: never another selection without a word."""
    chosen = data.draw(selections(catalogue))
    query = build_url("", chosen).removeprefix("?")
    names = data.draw(st.lists(st.sampled_from(sorted(MANGLERS)), max_size=3, unique=True))
    for name in names if query else ():
        query = MANGLERS[name](query)
    sent = dict(parse_qsl(query, keep_blank_values=True))
    read, notices = parse_selection(sent, catalogue)
    assert read == chosen or notices, (names, query)
    if len(names) <= 1:
        assert (read, notices) == (chosen, ()), (names, query)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=8))
def test_repairing_twice_is_repairing_once(pairs: list[tuple[str, str]]) -> None:
    """What is repaired is sound: the API repairs a query before it is read, and reading repairs it again."""
    once = repair_pairs(pairs, KNOWN)
    again = repair_pairs(once, KNOWN)
    assert [pair for pair in again if pair[0] in KNOWN] == [pair for pair in once if pair[0] in KNOWN]


def test_a_hostile_query_costs_little(catalogue: Catalogue) -> None:
    """Queries as long as are read at all, made of what is repaired: each within a fraction of a second."""
    rng = random.Random(14)
    bricks = ["%25", "%2526", "amp;", "&", "=", "3D", "%0A=", "utm_", ";", "https:", "](", "\u200b", "?", "[", "#"]
    for brick in [*bricks, "".join(rng.choices(bricks, k=40))]:
        text = (brick * MAX_QUERY_CHARS)[:MAX_QUERY_CHARS]
        started = time.perf_counter()
        read_query(text, KNOWN)
        parse_selection({text[:2000]: text[2000:]}, catalogue)
        assert time.perf_counter() - started < 2
    many = urlencode([(f"x{number}", "1") for number in range(300)])
    assert len(read_query(many, KNOWN)) == 300
    notices = parse_selection(dict(parse_qsl(many)), catalogue)[1]
    assert [row.key for row in notices] == ["notice.too_long"]


def test_the_canonical_query_is_left_alone(catalogue: Catalogue) -> None:
    """A query that we write is the same after repair, in every parameter that it can hold."""
    query = {
        "series": "airbus_deliveries.WORLD.a320_family~atr_backlog.WORLD",
        "per": "atr_backlog.WORLD",
        "screens": "o.space.t",
        "basket": "aluminium:40,usd:60",
        "threshold": "2500.5",
        "asof": "e12",
        "from": "1990",
        "by": "2027-06",
    }
    assert dict(repair_pairs(list(query.items()), KNOWN)) == query
    assert format_query(parse_selection(query, catalogue)[0]) == query
