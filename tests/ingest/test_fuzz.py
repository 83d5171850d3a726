"""Ten thousand files that nobody wrote: whatever they hold, the answer is a report that can be said."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.catalogue.models import Catalogue
from observatory.ingest.examine import examine_file
from observatory.ingest.messages import hint_text, message_text
from observatory.ingest.report import Choices
from observatory.language import LANGUAGES, Localizer
from observatory.timeseries import SeriesKey, TimeSeries
from tests.ingest.corpus import TODAY
from tests.ingest.make_corpus import FILES

TEXTS = [path.read_bytes() for path in sorted(FILES.iterdir()) if path.suffix in (".csv", ".tsv", ".txt")]
BOOKS = [path.read_bytes() for path in sorted(FILES.glob("book*.xlsx"))]
SPEAKERS = [Localizer(language) for language in LANGUAGES]
NONE = Choices()
SAID = 5  # findings of a report that are put into words


def holds(content: bytes, catalogue: Catalogue, known: dict[SeriesKey, TimeSeries], choices: Choices = NONE) -> None:
    """No exception; what is not ok has a finding; findings stand in order and can be said in both languages."""
    report = examine_file("file.csv", content, catalogue, published=known, choices=choices, today=TODAY)
    assert report.is_publishable or report.findings
    lines = [row.line or 0 for row in report.findings]
    assert lines == sorted(lines)
    keys = [(row.indicator, row.geo, row.item, row.period) for row in report.observations]
    assert len(keys) == len(set(keys))
    for finding in report.findings[:SAID]:
        for localizer in SPEAKERS:
            assert message_text(finding, localizer)
            assert hint_text(finding, localizer)


CHOICES = st.builds(
    Choices,
    decimal=st.sampled_from(["", ",", "."]),
    sheet=st.sampled_from(["", "Données", "x"]),
    indicator=st.sampled_from(["", "esa_budget", "brent_price", "x"]),
    total=st.sampled_from(["", "SEX=F", "Contrat=pluriannuel\nSEX=M", "="]),
    aggregate=st.sampled_from(["", "sum", "mean"]),
)
EDIT = st.tuples(
    st.integers(0, 1 << 16), st.sampled_from(["set", "cut", "add", "copy"]), st.binary(min_size=1, max_size=6)
)


def mutated(content: bytes, edits: list[tuple[int, str, bytes]]) -> bytes:
    """Bytes with some of them changed, cut out, added or repeated."""
    for place, how, new in edits:
        at = place % (len(content) + 1)
        after = {"set": at + len(new), "cut": at + 4 * len(new), "add": at, "copy": at}[how]
        middle = {"set": new, "cut": b"", "add": new, "copy": content[at : at + 64]}[how]
        content = content[:at] + middle + content[after:]
    return content


NAMES = ("esa_budget", "brent_price", "Livraisons d'avions commerciaux Airbus", "ESA", "Monde", "FRA", "a220", "NA", "")
PERIODS = (
    "2024",
    "2024-Q1",
    "T1 2025",
    "2026-05",
    "janv. 2026",
    "mai-26",
    "31/12/2025",
    "01/13/2024",
    "2099",
    "9999-12-31",
)
NUMBERS = ("7,79", "7.68", "1,234", "1.234", "1 234,5", "12 %", "(3)", "\u22125", "=1+1", "1e999", "-", "n.d.", "'-3")
SAID_ELSEWHERE = (
    "F",
    "_T",
    "6",
    "-3",
    "millions",
    "Japon",
    "BEL",
    "NO",
    "M\u20ac",
    "2026-08-02",
    "02/08/2026",
    "15/09/2026",
)
JUDGED = ("Usinage", "Essais", "testing", "au c\u0153ur", "un peu", "core", "<b>x</b>")
NOTES = ("Total", "Source : ESA", "(1) net", "juin", "M06", "A,PAS,FR", "Unité :", "12 bep")
CELLS = st.one_of(
    st.sampled_from(NAMES + PERIODS + NUMBERS + JUDGED + SAID_ELSEWHERE + NOTES),
    st.text(max_size=8),
    st.floats().map(repr),
    st.dates().map(lambda day: f"{day:%d/%m/%Y}"),
)
ROLES = ("indicateur", "Indicator", "zone", "pays", "poste", "période", "date", "Année", "valeur", "value", "nature")
FORMS = ("Year", "Jan", "févr.", "T1", "Titre :", "Libellé", "freq,unit,geo\\TIME_PERIOD", "2024 [YR2024]", "Total")
MATRIX = ("savoir-faire", "Know-how", "Spatial", "drones", "raison", "definition", "jug\u00e9 le", "titre_en")
HEADS = st.one_of(
    st.sampled_from((*ROLES, *MATRIX, *FORMS, "2024", "2025", "T1 2025", "esa_budget", "brent_price", "note", "")),
    st.sampled_from(("SEX", "UNIT_MULT", "Country Code", "partner", "Region", "TIME_PERIOD", "unit", "VECTOR")),
    st.text(max_size=6),
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A table in some dialect, its rows as wide as its head most of the time."""
    heads = draw(st.lists(HEADS, min_size=1, max_size=6))
    width = st.sampled_from([len(heads)] * 6 + [len(heads) + 1, max(1, len(heads) - 1)])
    rows = draw(st.lists(width.flatmap(lambda n: st.lists(CELLS, min_size=n, max_size=n)), max_size=6))
    separator, quote = draw(st.sampled_from([";", ",", "\t", "|"])), draw(st.booleans())

    def cell(text: str) -> str:
        return '"{}"'.format(text.replace('"', '""')) if quote or separator in text else text

    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = end.join(separator.join(map(cell, row)) for row in [heads, *rows])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
    return text.encode(encoding, "replace")


@pytest.mark.slow
@settings(max_examples=3500, deadline=None)
@given(st.binary(max_size=300), CHOICES)
def test_any_bytes(catalogue: Catalogue, known: dict[SeriesKey, TimeSeries], content: bytes, choices: Choices) -> None:
    """Bytes at random."""
    holds(content, catalogue, known, choices)


@pytest.mark.slow
@settings(max_examples=3000, deadline=None)
@given(st.sampled_from(TEXTS), st.lists(EDIT, min_size=1, max_size=6), CHOICES)
def test_damaged_texts(
    catalogue: Catalogue,
    known: dict[SeriesKey, TimeSeries],
    content: bytes,
    edits: list[tuple[int, str, bytes]],
    choices: Choices,
) -> None:
    """Texts of the corpus with bytes changed, cut out, added or repeated."""
    holds(mutated(content, edits), catalogue, known, choices)


@pytest.mark.slow
@settings(max_examples=2500, deadline=None)
@given(tables(), CHOICES)
def test_any_table(catalogue: Catalogue, known: dict[SeriesKey, TimeSeries], content: bytes, choices: Choices) -> None:
    """Tables of likely and unlikely cells, in every dialect."""
    holds(content, catalogue, known, choices)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.sampled_from(BOOKS), st.lists(EDIT, min_size=1, max_size=3))
def test_damaged_workbooks(
    catalogue: Catalogue, known: dict[SeriesKey, TimeSeries], content: bytes, edits: list[tuple[int, str, bytes]]
) -> None:
    """Workbooks of the corpus with bytes changed."""
    holds(mutated(content, edits), catalogue, known)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(BOOKS),
    st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]),
    st.lists(EDIT, min_size=1, max_size=4),
)
def test_damaged_inside(
    catalogue: Catalogue,
    known: dict[SeriesKey, TimeSeries],
    content: bytes,
    member: str,
    edits: list[tuple[int, str, bytes]],
) -> None:
    """Workbooks whose zip is sound and whose XML is not."""
    holds(inside(content, member, lambda found: mutated(found, edits)), catalogue, known)


def inside(content: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one member changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == member else old.read(name))
    return out.getvalue()
