"""The reader of long files: what goes in comes out on the calendar, and whatever does not is named with its cure."""

import contextlib
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from observatory.catalogue.periods import MONTHS_PER_PERIOD, Frequency, ordinal_to_period
from observatory.errors import ObservatoryError, SeriesFileError
from observatory.ingest.decode.table import clean_cell_text
from observatory.ingest.long import accumulator, reader
from observatory.ingest.long.table import LongFileResult, read_long_file
from observatory.ingest.messages import hint_text, message_text
from observatory.language import Localizer

HEAD = "unique_id,ds,y\n"
GOOD = HEAD + "a,2024-01,1\na,2024-02,2\na,2024-03,3\n"


def reading(folder: Path, content: str | bytes, frequency: Frequency | None = None) -> LongFileResult:
    path = folder / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_long_file(path, frequency)


def series(found: LongFileResult) -> dict[str, list[tuple[str, float]]]:
    """The known values of a table by series and period."""
    table = found.table
    values = {}
    for k, name in enumerate(table.ids):
        row = table.values[table.offsets[k] : table.offsets[k + 1]]
        values[name] = [
            (ordinal_to_period(int(table.first_ordinals[k]) + place, table.frequency), float(value))
            for place, value in enumerate(row)
            if np.isfinite(value)
        ]
    return values


# (row added to a good file, code, column, value)
BAD = [
    (b"a,2024-04", "long_fields", "", "a,2024-04"),
    (b"a,2024-04,4,5", "long_fields", "", "a,2024-04,4,5"),
    (b'"a,2024-04,4\na,2024-05,5', "long_quote", "", '"a,2024-04,4 a,2024-05,5'),
    (b",2024-04,4", "long_id", "unique_id", ""),
    (b"caf\x81,2024-04,4", "long_encoding", "unique_id", "caf\ufffd"),
    (b"caf\x81,2024-04", "long_fields", "", "caf\ufffd,2024-04"),
    (b"a,,4", "long_period", "ds", ""),
    (b"a,soon,4", "long_period", "ds", "soon"),
    (b"a,2024-13,4", "long_period", "ds", "2024-13"),
    (b"a,2024-02-30,4", "long_period", "ds", "2024-02-30"),
    (b"a,2024-Q2,4", "long_frequency", "ds", "2024-Q2"),
    (b"a,2024,4", "long_frequency", "ds", "2024"),
    (b"a,2024-04,many", "long_number", "y", "many"),
    (b'a,2024-04,"1,5 M"', "long_number", "y", "1,5 M"),
    (b"a,2024-04,inf", "long_number", "y", "inf"),
    (b"a,2024-04,1e999", "long_number", "y", "1e999"),
    (b"a,2024-04,1_000", "long_number", "y", "1_000"),
    (b"a,2024-03-15,4", "long_repeated", "ds", "2024-03-15"),
]


@pytest.mark.parametrize(("row", "code", "column", "value"), BAD, ids=[f"{row[1]}-{k}" for k, row in enumerate(BAD)])
def test_each_bad_row_is_named(
    tmp_path: Path, row: bytes, code: str, column: str, value: str, localizer: Localizer
) -> None:
    """A bad row after good ones: its line, column and value, a sentence and a cure; the good rows are all there."""
    found = reading(tmp_path, GOOD.encode() + row + b"\n")
    (finding,) = found.findings
    assert (finding.line, finding.code, finding.column, finding.value) == (5, code, column, value)
    assert message_text(finding, localizer)
    assert hint_text(finding, localizer)
    assert series(found)["a"] == [("2024-01", 1.0), ("2024-02", 2.0), ("2024-03", 3.0)]


def test_lines_are_those_of_an_editor(tmp_path: Path) -> None:
    """Empty lines, rows of the wrong width and breaks inside quotes before a bad row do not move its line."""
    text = 'unique_id,note,ds,y\na,"two\nlines",2024-01,1\n\na,short\na,"three\n\nlines",2024-02,2\n,,,\na,,2024-03,x\n'
    found = reading(tmp_path, text)
    assert [(row.line, row.code) for row in found.findings] == [(5, "long_fields"), (10, "long_number")]
    assert found.row_count == 4


def test_lines_hold_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read forty bytes at a time, a file has the same findings and the same values as read at once."""
    rows = [
        f"s{k // 20},{2000 + k % 20},{'x' if k % 7 == 0 else k}" + (",9" if k % 11 == 0 else "") for k in range(200)
    ]
    text = HEAD + "\n".join(rows) + "\n"
    whole = reading(tmp_path, text)
    monkeypatch.setattr(reader, "BLOCK_BYTES", 40)
    parts = reading(tmp_path, text)
    assert parts.findings == whole.findings
    assert len(whole.findings) == len({k for k in range(200) if k % 7 == 0 or k % 11 == 0})
    assert series(parts) == series(whole)
    for row in whole.findings:
        k = (row.line or 0) - 2
        assert row.code == ("long_fields" if k % 11 == 0 else "long_number")


def test_a_repeated_period_says_which_line_was_kept(tmp_path: Path) -> None:
    """Two rows for a period: the first one counts, and the finding on the other names its line."""
    found = reading(tmp_path, GOOD + "b,2024-01,9\na,2024-02,7\n")
    assert (found.findings[0].line, found.findings[0].values["kept"]) == (6, 3)
    assert series(found)["a"][1] == ("2024-02", 2.0)


def test_an_absent_value_is_a_gap_not_a_fault(tmp_path: Path) -> None:
    """An empty y, NaN and a period that no row has are the same gap; a series ends with its last known value."""
    found = reading(tmp_path, HEAD + "a,2024-01,1\na,2024-02,\na,2024-03,NaN\na,2024-05,5\na,2024-06,\nb,2024-01,\n")
    assert found.findings == ()
    assert series(found) == {"a": [("2024-01", 1.0), ("2024-05", 5.0)], "b": []}
    assert found.table.lengths.tolist() == [5, 0]
    np.testing.assert_array_equal(found.table.right_aligned(np.array([0, 1]))[0], [1, np.nan, np.nan, np.nan, 5])


@pytest.mark.parametrize(
    ("dates", "frequency"),
    [
        (["2020", "2021", "2023"], "A"),
        (["2020-12-31", "2021-12-31", "2022-12-31"], "A"),
        (["2020-01-01", "2021-01-01", "2023-01-01"], "A"),
        (["2020-Q1", "2020Q2", "2020-Q4"], "Q"),
        (["2020-03-31", "2020-06-30", "2020-09-30"], "Q"),
        (["2020-02-01", "2020-05-01", "2020-08-01"], "Q"),
        (["2020-01", "2020-02", "2020-04"], "M"),
        (["2020-01-31", "2020-02-29", "2020-03-31"], "M"),
        (["2020-01-01 00:00:00", "2020-02-01T00:00:00Z", "2020-03-01 00:00:00.000"], "M"),
    ],
)
def test_the_frequency_is_found(tmp_path: Path, dates: list[str], frequency: Frequency) -> None:
    """Years, quarters and months, by form or by the usual distance between dates, whatever day they are dated by."""
    found = reading(tmp_path, HEAD + "".join(f"a,{when},1\n" for when in dates))
    assert (found.table.frequency, found.is_frequency_inferred, found.findings) == (frequency, True, ())
    assert found.table.observed_counts.tolist() == [3]


def test_a_month_in_a_yearly_series_is_named(tmp_path: Path) -> None:
    """A yearly series dated by December, or by June where that is given, takes no row of March."""
    for usual, frequency in (("12-31", None), ("12-31", "A"), ("06-30", "A")):
        months = [usual, usual, "03-31", usual, usual, usual]
        text = HEAD + "".join(f"a,{2020 + k}-{month},{k}\n" for k, month in enumerate(months))
        found = reading(tmp_path, text, frequency)  # type: ignore[arg-type]
        assert [(row.line, row.code) for row in found.findings] == [(4, "long_frequency")]
        assert found.table.observed_counts.tolist() == [5]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "error.table.empty"),
        (b"\n\n", "error.table.empty"),
        (b"id,ds,y\na,2024,1\n", "error.table.column"),
        (b"unique_id,ds,y,y\na,2024,1,1\n", "error.table.column"),
        (HEAD.encode() + b"".join(b"a,2024-01-%02d,1\n" % day for day in range(1, 29)), "error.table.too_fine"),
        (b"PAR1 and then nothing of the kind", "error.file"),
        (HEAD.encode(), "error.table.header_only"),
        (HEAD.strip().encode(), "error.table.header_only"),
        (HEAD.encode() + b"\n\n", "error.table.header_only"),
        (HEAD.encode() + b"a,soon,1\na,later,2\n", "error.table.no_dates"),
        (HEAD.encode() + b"a,2024-W01,1\na,2024-W02,2\n", "error.table.weeks"),
        (HEAD.encode() + b"".join(b"a,%02d/01/2024,1\n" % month for month in range(1, 13)), "error.table.day_first"),
        (b"unique_id;ds;y\na;2024-01;1.234\na;2024-02;2.345\n", "error.table.decimal"),
        (b"%PDF-1.7 and so on", "error.table.kind"),
        (b"PK\x03\x04 and then nothing of the kind", "error.table.kind"),
    ],
)
def test_what_is_no_table_is_one_sentence(tmp_path: Path, content: bytes, key: str, localizer: Localizer) -> None:
    """A file without the columns, of days, or broken: one error, which has its sentence in the language."""
    with pytest.raises(SeriesFileError) as raised:
        reading(tmp_path, content)
    assert raised.value.key == key
    assert localizer.error_text(key, raised.value.values)


def test_a_quote_that_never_closes_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quotation mark that swallows more than a block: the error names the line from which nothing can be split."""
    monkeypatch.setattr(reader, "BLOCK_BYTES", 64)
    with pytest.raises(SeriesFileError) as raised:
        reading(tmp_path, GOOD + '"a,2024-04,4\n' + "a,2024-05,5\n" * 100)
    assert raised.value.values["line"] == 5


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    """A missing file is no fault of its data."""
    with pytest.raises(ObservatoryError) as raised:
        read_long_file(tmp_path / "none.csv")
    assert not isinstance(raised.value, SeriesFileError)


def test_separators_marks_and_columns_in_any_order(tmp_path: Path) -> None:
    """Semicolons, a byte order mark, other columns, Windows line ends and capitals: the same table."""
    plain = reading(tmp_path, GOOD)
    other = "\ufeffY;note;Unique_ID;DS\r\n" + "".join(f"{k};;a;2024-0{k}\r\n" for k in (1, 2, 3))
    assert series(reading(tmp_path, other)) == series(plain)


def test_long_lists_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more findings than are kept, the others are a number: none is lost."""
    monkeypatch.setattr(accumulator, "MAX_LISTED_FINDINGS", 5)
    found = reading(tmp_path, GOOD + "a,soon,1\n" * 20 + "a,2024-04,x\n" * 20)
    assert (len(found.findings), found.omitted_count, found.row_count) == (5, 35, 43)


def test_parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    """Days, numbers and gaps of a Parquet file give the table of the CSV; a bad row is named by its number."""
    path = tmp_path / "file.parquet"
    days = [date(2024, 1, 31), date(2024, 2, 29), None, date(2024, 4, 30)]
    table = pa.table({"unique_id": [7, 7, 7, 7], "ds": pa.array(days), "y": pa.array([1.5, None, 3.0, 4.0])})
    parquet.write_table(table, path)
    found = read_long_file(path)
    assert series(found) == {"7": [("2024-01", 1.5), ("2024-04", 4.0)]}
    assert [(row.line, row.code) for row in found.findings] == [(3, "long_period")]


def dated(number: int, frequency: Frequency, form: int) -> str:
    """A period in one of the forms in which files write it."""
    month = number * MONTHS_PER_PERIOD[frequency]
    first = date(month // 12, month % 12 + 1, 1)
    if form == 0:
        return ordinal_to_period(number, frequency)
    return first.isoformat() if form == 1 else f"{first.isoformat()} 00:00:00"


@pytest.mark.slow
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    frequency=st.sampled_from(["A", "Q", "M"]),
    rows=st.dictionaries(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(
                lambda text: text == clean_cell_text(text)
            ),
            st.integers(-40, 40),
        ),
        st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
        max_size=40,
    ),
    form=st.integers(0, 2),
    block=st.sampled_from([128, 1 << 20]),
    seed=st.randoms(use_true_random=False),
)
def test_whatever_is_written_is_read(
    tmp_path: Path, frequency: Frequency, rows: dict, form: int, block: int, seed
) -> None:
    """Any ids, periods and numbers, in any order of rows and in blocks of any size, come back to the last digit."""
    items = list(rows.items())
    seed.shuffle(items)
    start = 2000 * 12 // MONTHS_PER_PERIOD[frequency]
    with (tmp_path / "file.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(HEAD)
        for (name, number), value in items:
            quoted = '"' + name.replace('"', '""') + '"'
            file.write(f"{quoted},{dated(start + number, frequency, form)},{'' if value is None else repr(value)}\n")
    before, reader.BLOCK_BYTES = reader.BLOCK_BYTES, block
    try:
        if not rows:
            with pytest.raises(SeriesFileError):
                read_long_file(tmp_path / "file.csv", frequency)
            return
        found = read_long_file(tmp_path / "file.csv", frequency)
    finally:
        reader.BLOCK_BYTES = before
    assert found.findings == ()
    assert found.row_count == len(rows)
    assert list(found.table.ids) == list(dict.fromkeys(name for (name, _number), _value in items))
    wanted: dict[str, list[tuple[str, float]]] = {name: [] for name in found.table.ids}
    for (name, number), value in sorted(items, key=lambda item: item[0]):
        if value is not None:
            wanted[name].append((ordinal_to_period(start + number, frequency), value))
    assert series(found) == wanted


@pytest.mark.slow
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    content=st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: (HEAD + text).encode("utf-8", "replace"))
    )
)
def test_no_bytes_ever_raise_anything_else(tmp_path: Path, content: bytes) -> None:
    """Whatever the bytes, the answer is a reading or a TableError."""
    with contextlib.suppress(SeriesFileError):
        assert reading(tmp_path, content).row_count >= 0
