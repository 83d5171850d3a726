"""Long files in the forms that uploads may have: the same series, whatever the separator, number, encoding or date."""

import io
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.errors import SeriesFileError
from observatory.ingest.decode.encodings import decode_text, detect_encoding
from observatory.ingest.decode.numbers import DecimalSeparator
from observatory.ingest.long.table import LongFileResult, read_long_file
from observatory.ingest.long.values import parse_cells, parse_column
from observatory.ingest.report import Choices
from observatory.language import Localizer
from tests.ingest.test_long_table import series

MONTHS = [(2023 + k // 12, k % 12 + 1) for k in range(15)]
VALUES = [1250.5 + 3.25 * k for k in range(15)]
PLAIN = "unique_id,ds,y\n" + "".join(
    f"Égypte,{year}-{month:02d},{value}\n" for (year, month), value in zip(MONTHS, VALUES, strict=True)
)


def read(
    folder: Path,
    content: str | bytes,
    choices: Choices = Choices(),  # noqa: B008 - frozen
    missing: tuple[float, ...] = (),
) -> LongFileResult:
    path = folder / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_long_file(path, choices=choices, missing=missing)


def rewrite(separator: str = ",", decimal: str = ".", period: str = "{year}-{month:02d}", group: str = "") -> str:
    """The plain file in another form."""

    def number(value: float) -> str:
        return f"{value:,.2f}".translate({ord(","): group, ord("."): decimal})

    rows = (
        (f"Égypte{separator}{period.format(year=year, month=month)}{separator}", number(value))
        for (year, month), value in zip(MONTHS, VALUES, strict=True)
    )
    return separator.join(["unique_id", "ds", "y"]) + "\n" + "".join(f'{head}"{value}"\n' for head, value in rows)


@pytest.mark.parametrize(
    "content",
    [
        rewrite(";", ","),
        rewrite("\t", ","),
        rewrite("|"),
        rewrite(";", ",", group="\u202f"),
        rewrite(";", ",", group="."),
        rewrite(",", ".", group=","),
        rewrite(",", ","),
        rewrite(period="01/{month:02d}/{year}"),
        rewrite(period="{year}M{month:02d}"),
        rewrite(period="{year}{month:02d}"),
        rewrite(period="{month:02d}/{year}"),
        rewrite(period="{year}-{month:02d}-15"),
        rewrite(period="{year}-{month:02d}-28T00:00:00Z"),
        "sep=,\n" + PLAIN,
        "sep=;\r\n" + rewrite(";", ",").replace("\n", "\r\n"),
        "\n\n" + PLAIN,
        rewrite(";", ",").encode("cp1252"),
        rewrite(";", ",").encode("utf-16"),
        rewrite(";", ",").encode("utf-16-le"),
        b"\xef\xbb\xbf" + rewrite(";", ",").encode(),
    ],
    ids=range(20),
)
def test_the_same_series_in_every_form(tmp_path: Path, content: str | bytes) -> None:
    """Separators, decimal signs, groups of thousands, dates and encodings of others give the plain file's series."""
    found = read(tmp_path, content)
    assert found.findings == ()
    assert series(found) == series(read(tmp_path, PLAIN))
    assert len(series(found)["Égypte"]) == len(MONTHS)


def test_a_workbook_is_the_same_series(tmp_path: Path) -> None:
    """A sheet with days and numbers in cells gives the plain file's series; for an unknown sheet, all are listed."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sales"
    sheet.append(["unique_id", "ds", "y"])
    for (year, month), value in zip(MONTHS, VALUES, strict=True):
        sheet.append(["Égypte", date(year, month, 1), value])
    content = io.BytesIO()
    book.save(content)
    assert series(read(tmp_path, content.getvalue())) == series(read(tmp_path, PLAIN))
    with pytest.raises(SeriesFileError) as raised:
        read(tmp_path, content.getvalue(), Choices(sheet="Costs"))
    assert (raised.value.key, raised.value.values["sheets"]) == ("error.table.sheet", "Sales")


def test_markers_of_missing_values_are_gaps(tmp_path: Path) -> None:
    """NA, n.d., : and an en dash are missing values, as in an upload."""
    text = "unique_id,ds,y\n" + "".join(
        f"a,2024-0{k},{value}\n" for k, value in enumerate(["1.5", "NA", "n.d.", ":", "\u2013", "6.5"], 1)
    )
    found = read(tmp_path, text)
    assert found.findings == ()
    assert series(found) == {"a": [("2024-01", 1.5), ("2024-06", 6.5)]}


@pytest.mark.parametrize(("decimal", "value"), [(",", 1.234), (".", 1234.0)])
def test_a_number_that_can_be_read_in_two_ways_is_settled_by_the_option(
    tmp_path: Path, decimal: str, value: float
) -> None:
    """Values of three decimals only, between semicolons: refused with both readings, read as --decimal says."""
    text = "unique_id;ds;y\n" + "".join(f"a;2024-0{k};1,234\n" for k in range(1, 5))
    with pytest.raises(SeriesFileError) as raised:
        read(tmp_path, text)
    assert raised.value.values | {"path": ""} == {"path": "", "value": "1,234", "comma": "1.234", "point": "1234"}
    assert {row[1] for row in series(read(tmp_path, text, Choices(decimal=decimal)))["a"]} == {value}


@pytest.mark.parametrize(
    ("dates", "key", "settled"),
    [
        (
            [f"{2001 + k}-{(2 + k):02d}" for k in range(8)],
            "error.table.fiscal_year",
            {"start": "2001", "end": "2002", "no": "2001-02"},
        ),
        ([f"{2001 + k}/{(2 + k):02d}" for k in range(15)], "error.table.fiscal_year", {"start": "2001", "end": "2002"}),
        ([f"FY{2001 + k}-{2002 + k}" for k in range(5)], "error.table.fiscal_year", {"start": "2001", "end": "2002"}),
        (
            [f"{2001 + k}-{(2 + k):02d}-01" for k in range(8)],
            "error.table.fiscal_year",
            {"start": "2001", "end": "2002", "no": "2001-02"},
        ),
        (
            [f"{2001 + k}-06-30" for k in range(5)],
            "error.table.fiscal_year",
            {"start": "2000", "end": "2001", "no": "2001"},
        ),
        ([f"01/04/{2001 + k}" for k in range(5)], "error.table.fiscal_year", {"start": "2001", "end": "2002"}),
        (
            ["2001-02-03", "2002-02-02", "2003-02-01", "2004-01-31", "2005-01-29"],
            "error.table.fiscal_year",
            {"start": "2000", "end": "2001"},
        ),
        (
            [f"2024-{k:02d}-{day}T23:00:00Z" for k, day in ((1, 31), (2, 29), (3, 31), (4, 30))],
            "error.table.utc_month",
            {"next": "2024-02", "same": "2024-01"},
        ),
        (
            [f"2024-{k:02d}-{day} 21:00:00+00:00" for k, day in ((6, 30), (7, 31), (8, 31))],
            "error.table.utc_month",
            {"next": "2024-07", "same": "2024-06"},
        ),
    ],
)
def test_dates_that_can_be_meant_in_two_ways_are_asked_about(
    tmp_path: Path, dates: list[str], key: str, settled: dict[str, str], localizer: Localizer
) -> None:
    """Fiscal years and months in UTC: a sentence that quotes them and names the option, each of whose values works."""
    text = "unique_id,ds,y\n" + "".join(f"a,{when},{k}\n" for k, when in enumerate(dates))
    with pytest.raises(SeriesFileError) as raised:
        read(tmp_path, text)
    assert raised.value.key == key
    sentence = localizer.error_text(key, raised.value.values)
    option = key.removeprefix("error.table.")
    assert min(dates) in sentence
    for choice, first in settled.items():
        assert f"--{option.replace('_', '-')} {choice}" in sentence
        found = read(tmp_path, text, Choices(**{option: choice}))
        assert found.findings == ()
        rows = series(found)["a"]
        assert (rows[0][0], len(rows)) == (first, len(dates))


@pytest.mark.parametrize(
    "dates",
    [
        ["2001-02", "2002-03", "2002-04"],
        ["2001-02", "2002-03"],
        [f"2024-{k:02d}-28T23:00:00Z" for k in range(1, 5)],
        ["2024-01-31T23:30:00Z", "2024-02-29T23:30:00Z"],
        ["2024-01-31T23:00:00-05:00", "2024-02-29T23:00:00-05:00"],
        [f"{2001 + k}-12-31" for k in range(5)],
    ],
)
def test_dates_that_can_be_meant_in_one_way_are_not(tmp_path: Path, dates: list[str]) -> None:
    """A month that breaks the pattern, other hours and zones, and calendar years need no option."""
    text = "unique_id,ds,y\n" + "".join(f"a,{when},{k}\n" for k, when in enumerate(dates))
    assert len(series(read(tmp_path, text))["a"]) == len(dates)


def test_a_mark_of_missing_values_among_them_is_named(tmp_path: Path) -> None:
    """-9999 among positive values is a warning with an option that removes it; among negative ones it is a value."""
    rows = [120.0, 130, -9999, 125]
    text = "unique_id,ds,y\n" + "".join(f"a,2024-0{k},{value}\n" for k, value in enumerate(rows, 1))
    (finding,) = read(tmp_path, text).findings
    assert (finding.level, finding.code, finding.line, finding.value) == ("warning", "long_sentinel", 4, "-9999")
    found = read(tmp_path, text, missing=(-9999.0,))
    assert (found.findings, len(series(found)["a"])) == ((), 3)
    assert read(tmp_path, text.replace("120", "-120")).findings == ()
    assert read(tmp_path, text.replace("-9999", "999").replace("120", "0")).findings == ()
    assert [row.value for row in read(tmp_path, text.replace("-9999", "99999")).findings] == ["99999"]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.floats(allow_nan=False, allow_infinity=False).map(repr),
            st.integers(-(10**12), 10**12).map(str),
            st.sampled_from(["", "NaN", "1.", ".5", "+3", "1e5", "1_000", "0x10", " 2.5", "inf", "1.234", "many"]),
        ),
        max_size=8,
    ),
    st.sampled_from([",", "."]),
)
def test_the_fast_path_gives_what_the_reader_of_cells_gives(texts: list[str], decimal: DecimalSeparator) -> None:
    """A column cast at once has the numbers and the invalid cells that cell by cell reading finds, to the last bit."""
    written = [text.replace(".", ",") if decimal == "," else text for text in texts]
    fast = parse_column(pa.array(written, pa.string()), decimal)
    slow = parse_cells([text.strip() for text in written], decimal)
    np.testing.assert_array_equal(fast.values, slow.values)
    assert [row for row, _text in fast.invalid] == [row for row, _text in slow.invalid]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")),
        st.text(st.characters(codec="cp1252"), max_size=60).map(lambda text: text.encode("cp1252")),
        st.text(st.characters(codec="ascii"), min_size=4, max_size=60).map(lambda text: text.encode("utf-16-le")),
    )
)
def test_a_stream_has_the_encoding_of_its_bytes(content: bytes) -> None:
    """The encoding found block by block is the one with which an upload of the same bytes is decoded."""
    decoded = decode_text(content)
    if decoded.text is not None:
        assert detect_encoding(io.BytesIO(content))[:6] == decoded.encoding
