"""The data package is made from the facts and valid."""

import json

from frictionless import Package

from observatory.catalogue.datapackage import DATAPACKAGE_FILE, render_datapackage
from observatory.catalogue.models import Catalogue
from tests.support.curated import count_indicators
from tests.support.paths import ROOT


def test_the_committed_package_is_up_to_date(catalogue: Catalogue) -> None:
    """data/datapackage.json is what the command writes today."""
    assert (ROOT / "data" / DATAPACKAGE_FILE).read_bytes() == render_datapackage(catalogue, ROOT / "data")


def test_the_package_is_valid_metadata() -> None:
    """The frictionless tool accepts the package and finds a licence and a source in every resource."""
    descriptor = json.loads((ROOT / "data" / DATAPACKAGE_FILE).read_text(encoding="utf-8"))
    assert Package.metadata_validate(descriptor) is not None
    *series, outlooks = descriptor["resources"]
    assert len(series) == count_indicators()
    assert all(row["licenses"] and row["sources"] and row["unit"] for row in series)
    assert outlooks["name"] == "outlooks"
    assert outlooks["licenses"]
    assert outlooks["sources"]
