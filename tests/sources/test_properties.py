"""Readers on any answer: what is written is read, a cut never changes a figure, nothing but refusals is raised."""

import contextlib
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.catalogue.periods import ordinal_to_period
from observatory.errors import SourceError
from observatory.sources.connectors import CONNECTORS
from observatory.sources.connectors.insee import build_requests
from observatory.sources.content import decode_text
from observatory.sources.figures import fill_zeros, parse_period, parse_value
from tests.support.answers import build_answers
from tests.support.recipes import build_answer, build_recipe, read, read_refusal

_VALUES = st.decimals(-(10**9), 10**9, allow_nan=False, places=4)
_MONTHS = st.integers(1960 * 12, 2030 * 12).map(lambda ordinal: ordinal_to_period(ordinal, "M"))
_SERIES = st.dictionaries(_MONTHS, _VALUES, min_size=1, max_size=12)


def _write_fred(series: dict[str, Decimal]) -> str:
    return "observation_date,TOY\n" + "".join(f"{period}-01,{value:f}\n" for period, value in series.items())


def _write_ecb(series: dict[str, Decimal]) -> str:
    rows = (f'EXR.M.USD.EUR.SP00.A,M,USD,EUR,SP00,A,{period},{value:f},"a, b"\n' for period, value in series.items())
    return "KEY,FREQ,CURRENCY,DENOM,TYPE,SUFFIX,TIME_PERIOD,OBS_VALUE,TITLE\n" + "".join(rows)


def _write_insee(series: dict[str, Decimal]) -> str:
    rows = "".join(f'<Obs TIME_PERIOD="{period}" OBS_VALUE="{value:f}"/>' for period, value in series.items())
    return f'<D><Series NAF2="30-30" CORRECTION="BRUT" BASIND="2021">{rows}</Series></D>'


def _write_socrata(series: dict[str, Decimal]) -> str:
    return "date,toys_total\n" + "".join(f"{period}-01T00:00:00.000,{value:f}\n" for period, value in series.items())


_WRITERS = {
    "fred_csv": _write_fred,
    "ecb_csv": _write_ecb,
    "insee_sdmx": _write_insee,
    "socrata_csv": _write_socrata,
}


@pytest.mark.parametrize("connector", _WRITERS)
@given(series=_SERIES)
def test_what_is_written_is_read(connector: str, series: dict[str, Decimal]) -> None:
    """Every value comes back, exactly, in the order of its period."""
    figures = read(build_recipe(connector), _WRITERS[connector](series))
    assert {key: Decimal(value) for key, value in figures.items()} == {f"FRA {key}": series[key] for key in series}
    assert list(figures) == sorted(figures)


@pytest.mark.parametrize("connector", _WRITERS)
@given(series=_SERIES, share=st.floats(0, 1))
def test_a_cut_answer_has_no_wrong_figure(connector: str, series: dict[str, Decimal], share: float) -> None:
    """An answer that ends anywhere, without proof of its end, is refused or gives figures of the whole one."""
    body = _WRITERS[connector](series)
    answer = build_answer(body[: int(share * len(body))], is_framed=False)
    if read_refusal(build_recipe(connector), answer) == "none":
        assert read(build_recipe(connector), answer).items() <= read(build_recipe(connector), body).items()


@pytest.mark.parametrize("connector", CONNECTORS)
@given(body=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode), st.sampled_from([b"[" * 9_000])))
def test_any_bytes_are_refused(connector: str, body: bytes) -> None:
    """Arbitrary bodies end in a named refusal in every reader, never in another exception or a figure."""
    count = 2 if connector in ("owid_csv", "bea_bulk", "datagouv_zip") else 1
    answer = build_answer(body, "/v2/country/x/indicator/TOY.IND")
    assert read_refusal(build_recipe(connector), *[answer] * count) != "none"


@pytest.mark.parametrize("connector", CONNECTORS)
def test_each_connector_reads_its_own_answer(connector: str) -> None:
    """The answers that the next test spoils are good ones."""
    assert read_refusal(build_recipe(connector), *build_answers(connector)) == "none"


_JUNK = st.sampled_from(
    [b"", b"\0", b",", b'"', b"<", b"-", b"99999999999999999999", b"0000", b"\n", b"\xff", b"1e99", b"null"]
)


@pytest.mark.parametrize("connector", CONNECTORS)
@given(which=st.integers(0, 1), start=st.floats(0, 1), width=st.integers(0, 12), junk=_JUNK)
def test_a_spoiled_answer_is_read_or_refused(connector: str, which: int, start: float, width: int, junk: bytes) -> None:
    """An answer with any stretch replaced raises nothing but a named refusal, nor does its follow-up."""
    answers = build_answers(connector)
    place = which % len(answers)
    body = answers[place].content
    at = int(start * len(body))
    answers[place] = replace(answers[place], content=body[:at] + junk + body[at + width :])
    recipe = build_recipe(connector)
    read_refusal(recipe, *answers)
    with contextlib.suppress(SourceError):
        CONNECTORS[connector].follow(recipe, answers[:1])


@given(_VALUES)
def test_numbers_keep_their_digits(value: Decimal) -> None:
    """Plain, with thousands and with a decimal comma, a number is the same number."""
    assert parse_value(f"{value:f}") == value
    assert parse_value(f"{value:,f}", has_thousands=True) == value
    assert parse_value(f"{value:f}".replace(".", ","), has_decimal_comma=True) == value


@given(_MONTHS)
def test_periods_of_publishers(period: str) -> None:
    """2026-05, 202605, 2026-05-01, 2026M05 and May-2026 are one month, and no year or quarter."""
    year, month = period.split("-")
    name = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[int(month) - 1]
    for text in (
        period,
        year + month,
        f"{period}-01",
        f"{year}M{month}",
        f"{name}-{year}",
        f"{period}-31T00:00:00.000",
    ):
        assert parse_period(text, "M") == period
        with pytest.raises(SourceError):
            parse_period(text, "A")


@given(_SERIES)
def test_zeros_change_no_value(series: dict[str, Decimal]) -> None:
    """Filling adds zeros only, and every month from the first to the last."""
    filled = fill_zeros(series, "M", "", max(series))
    assert {period: filled[period] for period in series} == series
    assert set(filled.values()) <= {*series.values(), Decimal(0)}


@pytest.mark.slow
@given(st.sets(st.from_regex(r"[MQ]\.\.(IPI|ICA)\.(30-30|33-16|26-51)\.(BRUT|CVS)", fullmatch=True), max_size=12))
def test_merged_keys_ask_for_every_series_and_no_other(keys: set[str]) -> None:
    """The keys of INSEE requests, unfolded, are those of the recipes; each recipe has one request."""
    recipes = [build_recipe("insee_sdmx", indicator=f"toy_{k}", series=[key]) for k, key in enumerate(sorted(keys))]
    requests = build_requests(recipes, None)  # type: ignore[arg-type]
    unfolded = []
    for request in requests:
        options = [part.split("+") for part in request.path.rpartition("/")[2].split(".")]
        rows = [""]
        for codes in options:
            rows = [f"{row}.{code}" for row in rows for code in codes]
        unfolded += [row[1:] for row in rows]
    assert sorted(unfolded) == sorted(keys)
    served = [name for request in requests for name in request.serves]
    assert sorted(served) == sorted(recipe.indicator for recipe in recipes)


def test_a_byte_order_mark_is_no_text() -> None:
    """The mark at the start of a file is dropped."""
    assert decode_text(build_answer("\ufeffa,b\n")) == "a,b\n"
