"""Refresh recipes: read beside the facts, checked like them, and never part of what a vintage stores."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from observatory.catalogue import loader
from observatory.catalogue.codec import encode_indicator
from observatory.catalogue.indicator_input import parse_indicator_input
from observatory.catalogue.models import Catalogue
from observatory.catalogue.recipes import CONNECTORS, MANUAL, RecipeSeries
from observatory.errors import Finding
from tests.support.paths import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def _write_recipe(folder: Path, name: str, recipe: str) -> tuple[Finding, ...]:
    path = folder / "indicators" / f"{name}.toml"
    facts = path.read_text(encoding="utf-8").split("[refresh]")[0]
    path.write_text(f"{facts}\n[refresh]\n{recipe}\n", encoding="utf-8")
    return loader.read_catalogue(folder).findings


def test_indicators_say_how_they_are_collected(catalogue: Catalogue) -> None:
    """At least the 135 of the first edition: by a connector, or what an analyst uploads in both languages."""
    assert catalogue.recipes.keys() <= catalogue.indicators.keys() | catalogue.candidates.keys()
    assert len(catalogue.recipes) >= 135
    for recipe in catalogue.recipes.values():
        assert recipe.connector in CONNECTORS
        assert bool(recipe.upload_fr and recipe.upload_en) == (recipe.connector == MANUAL)
    assert catalogue.recipes["brent_price"].series == (RecipeSeries("MCOILBRENTEU", "WORLD"),)


def test_a_recipe_is_no_fact(catalogue: Catalogue, copy: Path) -> None:
    """The facts that a vintage stores are the same with a recipe and without."""
    path = copy / "indicators" / "brent_price.toml"
    path.write_text(path.read_text(encoding="utf-8").split("[refresh]")[0], encoding="utf-8")
    bare = loader.load_catalogue(copy)
    assert "brent_price" not in bare.recipes
    assert bare.indicators == catalogue.indicators
    assert "refresh" not in encode_indicator(catalogue.indicators["brent_price"])


def test_an_uploaded_description_may_hold_a_recipe(catalogue: Catalogue) -> None:
    """A file of data/indicators describes a new indicator as it stands; its recipe is left out of the facts."""
    content = (ROOT / "data" / "indicators" / "brent_price.toml").read_bytes()
    facts, findings = parse_indicator_input("f.toml", content, catalogue, {"toy_price": {}}, date(2026, 11, 30))
    assert findings == ()
    assert facts["toy_price"]["family"] == "oil_price"
    assert "refresh" not in facts["toy_price"]


_FRED = 'connector = "fred_csv"\nhost = "fred"\nevery = "month"\nseries = [{ key = "X", geo = "WORLD" }]\n'


@pytest.mark.parametrize(
    ("recipe", "code", "column"),
    [
        (_FRED.replace("fred_csv", "fred_cvs"), "catalogue_not_allowed", "refresh.connector"),
        (_FRED.replace('"month"', '"fortnight"'), "catalogue_not_allowed", "refresh.every"),
        (_FRED + 'rule = "count_rows"', "catalogue_not_allowed", "refresh.rule"),
        (_FRED + 'state = "shut"', "catalogue_not_allowed", "refresh.state"),
        (_FRED + "expect = { unit = 3 }", "catalogue_wrong_type", "refresh.expect"),
        (_FRED + 'upload_fr = "le fichier"', "recipe_superfluous", "refresh.upload_fr"),
        (_FRED + 'first = "1987-Q1"', "recipe_bad_period", "refresh.first"),
        (_FRED.replace('geo = "WORLD"', 'geo = "WORLD", skip = "2022"'), "recipe_bad_period", "refresh.series.skip"),
        (_FRED.replace('"fred"', '"freed"'), "catalogue_unknown_reference", "refresh.host"),
        (_FRED.replace("WORLD", "WRLD"), "catalogue_unknown_reference", "refresh.series.geo"),
        (_FRED.replace("{ key", '{ key = "Y", geo = "WORLD" }, { key'), "recipe_series_twice", "refresh.series"),
        ('connector = "fred_csv"\nhost = "fred"\nevery = "month"', "catalogue_missing_key", "refresh.series"),
        ('connector = "manual"\nevery = "year"\nupload_en = "the file"', "catalogue_missing_key", "refresh.upload_fr"),
        (
            'connector = "derived"\nevery = "year"\nseries = [{ key = "a_price+tin_price", geo = "WORLD" }]',
            "catalogue_unknown_reference",
            "refresh.series.key",
        ),
        (
            _FRED.replace("fred_csv", "insee_sdmx").replace("{ key", '{ key = "Y", geo = "FRA" }, { key')
            + 'dataset = "IPI"\nexpect = { FREQ = "M" }',
            "recipe_several",
            "refresh.series",
        ),
        (
            _FRED.replace("fred_csv", "worldbank_json") + 'dataset = "SHARE"\nrule = "share_of_gdp"',
            "recipe_two_datasets",
            "refresh.dataset",
        ),
        (
            _FRED.replace("fred_csv", "gcat_tsv") + 'dataset = "t.tsv"\nrule = "sum_of_rows"',
            "catalogue_missing_key",
            "refresh.columns",
        ),
        (
            _FRED.replace("fred_csv", "pink_sheet") + 'dataset = "b.xlsx"\nexpect = { sheet = "Prices" }',
            "catalogue_missing_key",
            "refresh.expect.unit",
        ),
        (_FRED + "colums = []", "catalogue_unknown_key", "refresh.colums"),
    ],
)
def test_each_fault_of_a_recipe_is_a_finding(copy: Path, recipe: str, code: str, column: str) -> None:
    """One fault is one finding, on its key."""
    findings = _write_recipe(copy, "brent_price", recipe)
    assert [(row.code, row.file, row.column) for row in findings] == [(code, "indicators/brent_price.toml", column)]


def test_a_table_that_is_none_is_a_finding(copy: Path) -> None:
    """`refresh = 3` is reported as no table."""
    path = copy / "indicators" / "brent_price.toml"
    facts = path.read_text(encoding="utf-8").split("[refresh]")[0]
    path.write_text(f"refresh = 3\n{facts}", encoding="utf-8")
    assert [(row.code, row.column) for row in loader.read_catalogue(copy).findings] == [
        ("catalogue_not_a_table", "refresh")
    ]


def test_a_host_is_an_https_address_with_the_name_of_its_key(copy: Path) -> None:
    """A base in clear, or a key without the parameter that carries it, is a finding."""
    path = copy / "refresh.toml"
    text = path.read_text(encoding="utf-8").replace("https://fred", "http://fred").replace("key_parameter", "# ")
    path.write_text(text, encoding="utf-8")
    assert {(row.code, row.column) for row in loader.read_catalogue(copy).findings} == {
        ("catalogue_bad_link", "fred.base"),
        ("catalogue_missing_key", "eia_api.key_parameter"),
    }
