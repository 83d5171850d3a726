"""Mangled paths and pasted links: the address that was meant, or none."""

import base64
from urllib.parse import quote

import pytest

from observatory.links import UnreadableWrapperError, read_pasted_link, repair_path

PAGES = ("", "segment", "track-record", "portfolio")
LINK = "https://obs.example/segment?segment=commercial_aircraft&lang=en"


@pytest.mark.parametrize(
    ("path", "query", "meant"),
    [
        ("/Segment", "lang=en", "/segment?lang=en"),
        ("/SEGMENT/", "segment=space&lang=en", "/segment?segment=space&lang=en"),
        ("/segment/", "", "/segment"),
        ("/segment.", "", "/segment"),
        ("/segment)\u00bb", "lang=en", "/segment?lang=en"),
        ("/track-record\u00a0", "", "/track-record"),
        ("//segment", "", "/segment"),
        ("/segment?segment=space", "", "/segment?segment=space"),
        ("/segment%3Fsegment=space", "lang=en", "/segment?segment=space&lang=en"),
        ("/segment&lang=en", "", "/segment?lang=en"),
        ("/portfolio#mix=space:60,drones:40", "", "/portfolio#mix=space:60,drones:40"),
        ("/portfolio", "lang=en%23mix%3Dspace%3A60", "/portfolio?lang=en#mix=space:60"),
        ("/Download/segment.pdf", "lang=en", "/download/segment.pdf?lang=en"),
        ("/download/segment.pdf).", "lang=en", "/download/segment.pdf?lang=en"),
        ("/segment", "lang=en", None),
        ("/", "", None),
        ("/nonsense", "", None),
        ("//obs.example", "", None),
        ("/segment/other", "", None),
        ("/" + "segment" * 1000, "", None),
    ],
)
def test_a_mangled_path_leads_to_its_page(path: str, query: str, meant: str | None) -> None:
    """A page or a file of ours with the whole query, in ASCII; anything else is no business of the repair."""
    assert repair_path(path, query, PAGES) == meant
    if meant is not None:
        assert meant.isascii()
        assert "\n" not in (repair_path(path, f"{query}\r\nx: y", PAGES) or "")


def proofpoint_v2(link: str) -> str:
    encoded = quote(link, safe="").replace("_", "%5F").replace("-", "%2D").replace("%2F", "_").replace("%", "-")
    return f"https://urldefense.proofpoint.com/v2/url?u={encoded}&d=DwMFaQ&c=abc"


def proofpoint_v3(link: str) -> str:
    characters = base64.urlsafe_b64encode(b"?&").decode().rstrip("=")
    return f"https://urldefense.com/v3/__{link.replace('?', '*').replace('&', '*')}__;{characters}!!abc!token$"


WRAPPED = {
    "SafeLinks": f"https://eur01.safelinks.protection.outlook.com/?url={quote(LINK, safe='')}&data=05%7C02&reserved=0",
    "SafeLinks in HTML": "https://nam02.safelinks.protection.outlook.com/?"
    f"data=05&amp;url={quote(LINK, safe='')}&amp;reserved=0",
    "Google": f"https://www.google.com/url?sa=t&q={quote(LINK, safe='')}&ved=2ah",
    "Google in France": f"https://www.google.fr/url?url={quote(LINK, safe='')}",
    "Proofpoint 2": proofpoint_v2(LINK),
    "Proofpoint 3": proofpoint_v3(LINK),
    "Facebook": f"https://l.facebook.com/l.php?u={quote(LINK, safe='')}&h=AT0",
    "Cisco": f"https://secure-web.cisco.com/1abcDEF/{quote(LINK, safe='')}",
    "twice": "https://www.google.com/url?q="
    + quote(f"https://eur01.safelinks.protection.outlook.com/?url={quote(LINK, safe='')}", safe=""),
    "angle brackets": f"<{LINK}>.",
    "quotation marks": f"\u00ab\u00a0{LINK}\u00a0\u00bb",
    "entities": LINK.replace("&", "&#38;"),
    "line break": LINK.replace("aircraft", "=\r\naircraft"),
    "words before": f"See: {LINK}",
}


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED)
def test_a_wrapped_link_is_unwrapped(text: str) -> None:
    """What mail filters, sites and programs put around a link is gone; the link is the one that was wrapped."""
    assert read_pasted_link(text) == LINK


def test_characters_that_proofpoint_keeps_apart_return() -> None:
    """A star is one kept character, two stars and a letter are a run of them: A is two, B is three."""
    characters = base64.urlsafe_b64encode("&\u00e9\u00e8_".encode()).decode().rstrip("=")
    link = f"https://urldefense.com/v3/__https://obs.example/x?a=1*b=**A*c__;{characters}!!abc!token$"
    assert read_pasted_link(link) == "https://obs.example/x?a=1&b=\u00e9\u00e8_c"


@pytest.mark.parametrize(
    "link",
    [
        "https://bit.ly/3abc",
        "https://eur01.safelinks.protection.outlook.com/?data=05",
        "https://eur01.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
        "https://protect-eu.mimecast.com/s/abcd",
        "https://urldefense.com/v3/__nothing",
        "https://urldefense.proofpoint.com/",
        "https://www.google.com/",
    ],
)
def test_a_link_that_hides_its_target_is_refused(link: str) -> None:
    """The error names the host, which a reader has to pass through in a browser."""
    with pytest.raises(UnreadableWrapperError) as caught:
        read_pasted_link(link)
    assert caught.value.host in link


def test_wrapping_without_end_is_refused() -> None:
    """Six wrappers around one another are not followed, nor is a text that is far too long."""
    link = LINK
    for _ in range(6):
        link = f"https://l.facebook.com/l.php?u={quote(link, safe='')}"
    with pytest.raises(ValueError):
        read_pasted_link(link)
    with pytest.raises(ValueError):
        read_pasted_link("https://" + "x" * 20_000)
    with pytest.raises(ValueError):
        read_pasted_link("http://[bad")
