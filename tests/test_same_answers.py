"""What the comparison of two captures sets aside (benchmarks/same_answers), and what it does not."""

from benchmarks.same_answers.normalize import normalize


def test_entities_have_one_spelling() -> None:
    """Three spellings of an apostrophe are equal; another character and an unknown name are not."""
    spellings = [normalize("links/a", f"<p>l{entity}avion".encode()) for entity in ("&#39;", "&#x27;", "&apos;")]
    assert spellings[0] == spellings[1] == spellings[2]
    assert normalize("links/a", b"&#38;") == normalize("links/a", b"&amp;") != normalize("links/a", b"&lt;")
    assert normalize("links/a", b"&nothing;") == b"&nothing;"


def test_the_order_of_style_rules_is_set_aside_and_their_content_is_not() -> None:
    """Rules may change places, those inside of a media query stay in it; a changed value differs."""
    first = normalize("pages/a", b"<style>a{b:1}\n@media x{c{d:2}}</style>")
    assert first == normalize("pages/a", b"<style>@media x{c{d:2}} a{b:1}</style>")
    assert first != normalize("pages/a", b"<style>@media x{c{d:3}} a{b:1}</style>")
    assert first != normalize("pages/a", b"<style>@media x{a{b:1} c{d:2}}</style>")


def test_only_metrics_may_be_in_another_order() -> None:
    """Lines of /metrics may change places; those of another answer may not, and bytes that are no text stay."""
    assert normalize("api/metrics-names", b"200\na\nb") == normalize("api/metrics-names", b"200\nb\na")
    assert normalize("api/other", b"200\na\nb") != normalize("api/other", b"200\nb\na")
    assert normalize("files/a.png", b"\xff&#39;") == b"\xff&#39;"
