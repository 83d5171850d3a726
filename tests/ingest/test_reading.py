"""The door for figures: each fault is named with its line and column, and nothing ever raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.catalogue.nouns import Catalogue
from observatory.ingest.reading import examine

HEAD = "indicator,geo,item,period,value\n"
GOOD = HEAD + "esa_budget,ESA,,2024,7.79\nesa_budget,ESA,,2025,7.68\n"

# (content, code, line, column) of the first finding
CASES = [
    (b"", "empty_file", None, ""),
    (b"  \n ", "empty_file", None, ""),
    (HEAD.encode(), "header_only", 1, ""),
    (HEAD.encode() + b"esa_budget,ESA,,2024,\xff\n", "encoding", 2, ""),
    (HEAD.encode() + b"esa_budget,ESA,,2024,\x00\n", "binary", 2, ""),
    (b"indicator,geo,item,value\nesa_budget,ESA,,1\n", "missing_column", 1, "period"),
    (HEAD.encode() + b"esa_budget,ESA,2024,7\n", "ragged_row", 2, ""),
    (HEAD.encode() + b'esa_budget,ESA,,2024,"7\n', "broken_csv", 2, ""),
    (HEAD.encode() + b"esa_budjet,ESA,,2024,7\n", "unknown_indicator", 2, "indicator"),
    (HEAD.encode() + b"esa_budget,MOON,,2024,7\n", "unknown_geo", 2, "geo"),
    (HEAD.encode() + b"esa_budget,ESA,a321,2024,7\n", "unknown_item", 2, "item"),
    (HEAD.encode() + b"esa_budget,ESA,,24,7\n", "bad_period", 2, "period"),
    (HEAD.encode() + b"esa_budget,ESA,,2024-01,7\n", "wrong_frequency", 2, "period"),
    (HEAD.encode() + b"esa_budget,ESA,,2024,=cmd()\n", "not_a_number", 2, "value"),
    (HEAD.encode() + b"esa_budget,ESA,,2024,inf\n", "not_a_number", 2, "value"),
    (HEAD.encode() + b"esa_budget,ESA,,2024,1_000\n", "not_a_number", 2, "value"),
    (HEAD.encode() + b"esa_budget,ESA,,2024,1\nesa_budget,ESA,,2024,2\n", "duplicate_period", 3, "period"),
    (HEAD.encode() + b"esa_budget,ESA,,2024,1\nesa_budget,ESA,,2024,1.0\n", "repeated_row", 3, "period"),
]


@pytest.mark.parametrize(("content", "code", "line", "column"), CASES, ids=[case[1] for case in CASES])
def test_each_fault_is_named(catalogue: Catalogue, content: bytes, code: str, line: int | None, column: str) -> None:
    """The finding says what is wrong, on which line of the file and in which column."""
    finding = examine("file.csv", content, catalogue).findings[0]
    assert (finding.code, finding.line, finding.column) == (code, line, column)


def test_a_good_file_is_accepted_in_both_separators(catalogue: Catalogue) -> None:
    """Comma or semicolon, with or without BOM: the same observations."""
    plain = examine("a.csv", GOOD.encode(), catalogue)
    other = examine("a.csv", b"\xef\xbb\xbf" + GOOD.replace(",", ";").encode(), catalogue)
    assert plain.ok
    assert plain.observations == other.observations


def test_a_bad_row_does_not_hide_the_good_ones(catalogue: Catalogue) -> None:
    """One bad row in three: two are accepted, and the report is not ok."""
    report = examine("a.csv", GOOD.encode() + b"esa_budget,ESA,,2026,many\n", catalogue)
    assert len(report.observations) == 2
    assert not report.ok


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=300).map(lambda text: (HEAD + text).encode("utf-8", "replace")))
)
def test_no_bytes_ever_raise(catalogue: Catalogue, content: bytes) -> None:
    """Whatever the bytes, the answer is a report; what is not ok has a finding."""
    report = examine("x.csv", content, catalogue)
    assert report.ok or report.findings
