"""Reference Outlook: the one that files are checked against."""

from observatory.catalogue import loader
from observatory.catalogue.files import EditionFiles
from observatory.outlook.outlook import Outlook
from observatory.settings import Settings
from observatory.store.engine import is_present
from observatory.timeseries import StoredObservation, build_panel
from observatory.workspace.curated import (
    build_valid_reports,
)
from observatory.workspace.workspace import Workspace


def load_reference_outlook(settings: Settings) -> Outlook:
    """The outlook against which files are checked: the newest vintage if there is one, else the curated data."""
    if is_present(settings.store_url):
        workspace = Workspace(settings)
        newest = workspace.get_newest_outlook()
        workspace.close()
        if newest is not None:
            return newest
    catalogue = loader.load_catalogue(settings.data_dir)
    reports = build_valid_reports(catalogue, EditionFiles(settings.data_dir))
    rows = [
        StoredObservation(row.indicator, row.geo, row.item, row.period, row.value)
        for report in reports
        for row in report.observations
    ]
    return Outlook(
        edition=0,
        published_at=catalogue.edition.at,
        catalogue=catalogue,
        panel=build_panel(rows),
        forecasts={},
        calls={},
    )
