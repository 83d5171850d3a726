"""Connectors by name: a row is one protocol, a function that makes requests and one that reads answers."""

from collections.abc import Mapping

from observatory.sources.connectors import (
    bea,
    census,
    datagouv,
    eia,
    eurocontrol,
    fred,
    gcat,
    insee,
    owid,
    pages,
    sdmx_csv,
    socrata,
    workbooks,
    worldbank,
)
from observatory.sources.model import Connector

_EUROSTAT = sdmx_csv.request_series(
    "/eurostat/api/dissemination/sdmx/2.1/data", ("format", "SDMX-CSV"), ("compressed", "false")
)
_ECB = sdmx_csv.request_series("/service/data", ("format", "csvdata"))
_OECD = sdmx_csv.request_series("/public/rest/data", ("format", "csvfile"))

CONNECTORS: Mapping[str, Connector] = {
    "fred_csv": Connector(fred.build_requests, fred.read_figures),
    "worldbank_json": Connector(worldbank.build_requests, worldbank.read_figures, worldbank.follow_pages),
    "census_bulk": Connector(census.build_requests, census.read_figures),
    "gcat_tsv": Connector(gcat.build_requests, gcat.read_figures),
    "insee_sdmx": Connector(insee.build_requests, insee.read_figures),
    "eurostat_csv": Connector(_EUROSTAT, sdmx_csv.read_figures),
    "ecb_csv": Connector(_ECB, sdmx_csv.read_figures),
    "oecd_csv": Connector(_OECD, sdmx_csv.read_figures),
    "eurocontrol_csv": Connector(eurocontrol.build_requests, eurocontrol.read_figures),
    "datagouv_zip": Connector(datagouv.build_requests, datagouv.read_figures, datagouv.follow_resource),
    "owid_csv": Connector(owid.build_requests, owid.read_figures),
    "eia_v2": Connector(eia.build_api_requests, eia.read_api_figures),
    "eia_csv": Connector(eia.build_table_requests, eia.read_table_figures),
    "pink_sheet": Connector(workbooks.build_file_requests, workbooks.read_pink_sheet),
    "airbus_workbook": Connector(workbooks.build_page_requests, workbooks.read_airbus, workbooks.follow_workbook),
    "ecfin_zip": Connector(workbooks.build_survey_requests, workbooks.read_survey),
    "socrata_csv": Connector(socrata.build_requests, socrata.read_figures),
    "bea_bulk": Connector(bea.build_requests, bea.read_figures),
    "tsa_html": Connector(pages.build_tsa_requests, pages.read_tsa),
    "ember_csv": Connector(pages.build_ember_requests, pages.read_ember, pages.follow_ember),
}
