"""What the tests of ingest share: the published past, as a panel."""

import pytest

from observatory.catalogue.models import Catalogue
from observatory.timeseries import SeriesKey, TimeSeries
from tests.ingest.corpus import published


@pytest.fixture(scope="session")
def known(catalogue: Catalogue) -> dict[SeriesKey, TimeSeries]:
    """The figures under data/, as the first vintage holds them."""
    return published(catalogue)
