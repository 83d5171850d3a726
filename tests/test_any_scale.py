"""Numbers of any scale through every page, chart and file: no exception, none told as zero that is not, none as nan."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, example, given
from hypothesis import settings as options
from hypothesis import strategies as st

from observatory.briefs.common.context import Context
from observatory.briefs.common.model import Figure
from observatory.briefs.portfolio.page import build_portfolio
from observatory.briefs.registry import PAGES, build_card
from observatory.catalogue import loader
from observatory.catalogue.models import Catalogue
from observatory.export.document import Document
from observatory.export.documents.registry import DOCUMENTS, build_document
from observatory.export.formats import EXPORTS
from observatory.export.render import list_formats
from observatory.language import Language, Localizer
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.selection import MEASURES, Selection
from tests.support.documents import BASE
from tests.support.paths import ROOT
from tests.support.toys import COUNTRIES, UNITS, build_toy_indicator, build_toy_outlook, build_toy_series

_NO_NUMBER = re.compile(r"\b(?:nan|NaN|inf|Infinity)\b|\bNone\b(?! of|:)")
# A number of which every digit is zero, and not the end of another one ("1 000", "10").
_ZERO = re.compile(r"(?<![\d.,\u202f])[\u2212-]?0(?:[.,]0+)?(?![\d.,\u202f]*\d)")
_SHAPES = ("walk", "constant", "zeros", "gaps", "mixed", "negative", "both_signs", "line", "leap")
_MIX = Mix({"space": 100}, 4_000_000, {}, "")


@dataclasses.dataclass(frozen=True)
class Drawn:
    """What Hypothesis draws of an example."""

    kind: str
    frequency: str
    length: int
    exponent: float
    shape: str
    seed: int


DRAWN = st.builds(
    Drawn,
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["A", "Q", "M"]),
    st.sampled_from([1, 2, 3, 5, 12, 20, 40, 100, 400]),
    st.floats(-12, 15),
    st.sampled_from(_SHAPES),
    st.integers(0, 2**16),
)


def make_values(drawn: Drawn, length: int, rng: np.random.Generator) -> np.ndarray:
    """A series of a shape and scale, as a file would hold it: with nine significant digits."""
    scale = 10.0**drawn.exponent
    values = scale * np.exp(np.cumsum(rng.normal(0, 0.2, length)))
    if drawn.shape == "constant":
        values = np.full(length, scale)
    elif drawn.shape == "zeros":
        values[rng.random(length) < 0.4] = 0
    elif drawn.shape == "gaps" and length > 4:
        values[1:-1][rng.random(length - 2) < 0.3] = np.nan
    elif drawn.shape == "mixed":
        values = 10.0 ** rng.uniform(-12, 15, length)
    elif drawn.shape == "negative":
        values = -values
    elif drawn.shape == "both_signs":
        values *= rng.choice([-1, 1], length)
    elif drawn.shape == "line":
        values = scale * (1 + 0.1 * np.arange(length))
    elif drawn.shape == "leap":
        values[-1] *= 1e6
    return np.array([float(f"{value:.9g}") for value in values])


@cache
def load_catalogue() -> Catalogue:
    """The curated catalogue; no fixture, for Hypothesis would print it whole where a test fails."""
    return loader.load_catalogue(ROOT / "data")


def make_outlook(drawn: Drawn) -> Outlook:
    """An outlook of one indicator of a market in three countries, and one price that firms pay."""
    catalogue = load_catalogue()
    rng = np.random.default_rng(drawn.seed)
    like = catalogue.indicators["esa_budget"]
    rate = build_toy_indicator(like, "toy_rate", drawn.kind, "space", drawn.frequency)
    price = build_toy_indicator(like, "toy_price", "price", "purchasing", "M")
    length = min(drawn.length, 60) if drawn.frequency == "A" else drawn.length
    keys = [("toy_rate", geo, "") for geo in COUNTRIES]
    panel = {key: build_toy_series(key, drawn.frequency, make_values(drawn, length, rng)) for key in keys}
    key = ("toy_price", "FRA", "")
    panel[key] = build_toy_series(key, "M", make_values(drawn, drawn.length, rng))
    return build_toy_outlook(catalogue, [rate, price], panel)


def texts_of(value: Any) -> Iterator[str]:
    """Every text of a brief, a document or a specification."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from texts_of(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts_of(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_of(part)


def figures_of(value: Any) -> Iterator[Figure]:
    """Every figure of a brief."""
    if isinstance(value, Figure):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from figures_of(getattr(value, field.name))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from figures_of(part)


def is_never_zero(outlook: Outlook, key: tuple[str, str, str]) -> bool:
    """Whether no value of a series is zero, expected ones and their limits included."""
    history, forecast = outlook.panel[key].values, outlook.forecasts.get(key)
    parts = [history[np.isfinite(history)]]
    if forecast is not None:
        parts += [forecast.median.ravel(), forecast.low.ravel(), forecast.high.ravel()]
    return all(bool((np.abs(part) >= 1e-15).all()) for part in parts)


def check_figure(figure: Figure, outlook: Outlook) -> None:
    """What a figure of a series says has a number that is not zero, and its chart ticks that differ."""
    key = (figure.indicator, figure.geo, figure.item)
    if key in outlook.panel and is_never_zero(outlook, key):
        cells = [cell for row in figure.table.rows for cell in row[2:]] if figure.table is not None else []
        layers = figure.spec["layer"] if figure.spec is not None else []
        labels = [row["text"] for layer in layers for row in layer.get("data", {}).get("values", ()) if "text" in row]
        zeros = [text for text in (*cells, *labels, figure.alt, figure.takeaway) if _ZERO.search(text)]
        assert not zeros, zeros[:3]
    if figure.spec is not None:
        axes = [layer["encoding"]["y"] for layer in figure.spec["layer"] if "y" in layer.get("encoding", {})]
        for axis in (axis for axis in axes if "axis" in axis and "domain" in axis.get("scale", {})):
            low, high = axis["scale"]["domain"]
            assert np.isfinite([low, high]).all()
            assert low != high  # rows stand from the top down
            ticks = axis["axis"].get("values", [])
            assert len(set(ticks)) == len(ticks) < 30


def check_document(document: Document, outlook: Outlook, chosen_format: str) -> None:
    """A file is written, and a CSV holds no value that is zero where the series has none."""
    content = next(row for row in EXPORTS if row.id == chosen_format).write(document)
    assert len(content) > 90
    if chosen_format in ("csv", "json", "svg"):
        assert not re.search(r"\bNaN\b|\bInfinity\b|[;,]nan\b|[;,]inf\b", content.decode("utf-8"))


@pytest.mark.slow
@given(
    DRAWN, st.sampled_from(["fr", "en"]), st.sampled_from(["level", "index", "log", "growth"]), st.integers(0, 2**16)
)
@options(max_examples=15, phases=(Phase.explicit, Phase.generate))  # shrinking would take minutes
@example(Drawn("flow", "A", 20, -12, "line", 1), "fr", "level", 7)
@example(Drawn("flow", "A", 20, -5.5, "line", 1), "en", "level", 8)
@example(Drawn("stock", "A", 20, 15, "walk", 2), "en", "log", 1)
@example(Drawn("price", "M", 100, -9, "mixed", 3), "fr", "log", 20)
def test_no_page_chart_or_file_tells_a_number_as_zero(drawn: Drawn, language: Language, unit: str, number: int) -> None:
    """Whatever the scale, sign, length and gaps: every brief is built, every file written, every number told."""
    outlook = make_outlook(drawn)
    localizer = Localizer(language)
    chosen = Selection(
        lang=language,
        segment="space",
        indicator="toy_rate",
        geo="FRA",
        unit=unit,
        horizon=5,
        level=95,
        measure=MEASURES[drawn.seed % len(MEASURES)],
        series="toy_rate.FRA~toy_rate.DEU",
    )
    of_price = dataclasses.replace(chosen, segment="purchasing", indicator="toy_price", series="")
    pages = [row for row in PAGES if row.build is not None and (row.has_content is None or row.has_content(outlook))]
    for page in pages:
        for selection in (chosen, of_price):
            context = Context(outlook, selection, localizer, outlook.day)
            assert page.build is not None
            brief = page.build(context)
            assert not [text for text in texts_of(brief) if _NO_NUMBER.search(text)][:3]
            if unit != "growth":  # growth of a constant series is zero
                for figure in figures_of(brief):
                    check_figure(figure, outlook)
            build_card(context, page.id)
    build_portfolio(Context(outlook, chosen, localizer, outlook.day), _MIX)
    rows = [row for row in DOCUMENTS if row.build is not None and row.id != "method"]
    row = rows[number % len(rows)]
    document = build_document(row, outlook, of_price if row.id == "purchasing" else chosen, BASE)
    formats = list_formats(row.id, has_chart=document.cover_section is not None)
    check_document(document, outlook, formats[number // len(rows) % len(formats)].id)
