"""Answers of publishers for tests, in their own forms; every figure is made up."""

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import openpyxl

from observatory.sources.model import Answer
from tests.support.recipes import build_answer


def pack(members: dict[str, str | bytes]) -> bytes:
    """An archive of these members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def write_workbook(sheet: str, rows: list[list[Any]]) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


FRED = "observation_date,TOY\n2026-01-01,1.5\n2026-02-01,.\n2026-03-01,-2\n"


def write_worldbank(rows: str, name: str = "TOY.IND", pages: int = 1) -> Any:
    """An only page of the World Bank."""
    path = f"/v2/country/FRA;WLD/indicator/{name}"
    return build_answer(f'[{{"page":1,"pages":{pages},"lastupdated":"2026-07-13"}},[{rows}]]', path)


def write_worldbank_row(code: str, year: str, value: str, name: str = "TOY.IND") -> str:
    """A row of such a page."""
    country = f'"country":{{"id":"{code[:2]}"}},"countryiso3code":"{code}"'
    return f'{{"indicator":{{"id":"{name}"}},{country},"date":"{year}","value":{value}}}'


M3 = """CATEGORIES
cat_idx,cat_code,cat_desc,cat_indent
1,TOY,"Toys, all",0
2,XYZ,Others,0

DATA TYPES
dt_idx,dt_code,dt_desc,dt_unit
1,VS,Value of Shipments,MLN$
ERROR TYPES
et_idx,et_code,et_desc,et_unit
GEO LEVELS
geo_idx,geo_code,geo_desc
1,US,U.S. Total
TIME PERIODS
per_idx,per_name
1,Dec-2025
2,Jan-2026
NOTES
A note, with a comma
DATA UPDATED ON
2-Jul-2026
DATA
per_idx,cat_idx,dt_idx,et_idx,geo_idx,is_adj,val
1,1,1,0,1,1,100
2,1,1,0,1,1,110.5
2,1,1,0,1,0,99
2,2,1,0,1,1,7
2,1,1,1,1,1,3
"""


GCAT = (
    "#Launch_Tag\tLaunch_Date\tLaunch_Site\tMission\tLaunchCode\tOrbPay\tCategory\n"
    "# Updated 2026 Apr 12 0108:57\n"
    "2025-001\t2025 Dec  3 1458 \tCSG\tToy 1   \tOS\t  1.50\tSat LEO O\n"
    "2026-001\t2026 Feb?        \tCC \tStarlink 9\tOF40\t 2.25\tSat SSO O\n"
    "2026-002\t2026 Feb 28      \tCC?\tToy 2\tDS\t-\tSat GTO O\n"
    "2026-003\t2026 Feb 28 1200:01\tCC\tSuborbital\tS\t9\tSub X X\n"
    "2026-004\t2026 Apr  2      \tCC\tToy 3\tOS\t1\tSat LEO O\n"
)
SITES = "#Site\tStateCode\n# Updated 2026 Apr 12 0108:57\nCSG\tGUF\nCC\tUS\n"


def write_insee(*series: str) -> str:
    """An SDMX-ML message of these series."""
    return f'<m:Data xmlns:m="urn:toy"><m:DataSet>{"".join(series)}</m:DataSet></m:Data>'


def write_insee_series(base: str = "2021", stopped: str = "FALSE", idbank: str = "1", observations: str = "") -> str:
    """A series with its attributes and observations."""
    rows = observations or '<Obs TIME_PERIOD="2026-02" OBS_VALUE="98.4" OBS_STATUS="A"/>'
    attributes = f'NAF2="30-30" CORRECTION="BRUT" BASIND="{base}" SERIE_ARRETEE="{stopped}" IDBANK="{idbank}"'
    return f"<Series {attributes}>{rows}</Series>"


OECD = "DATAFLOW,REF_AREA,FREQ,MEASURE,TIME_PERIOD,OBS_VALUE\nOECD.TOY:DSD@DF_TOY(1.0),FRA,M,IX,2026-01,101.2\n"


def write_flights(first: date, days: int, value: int = 10) -> str:
    """Daily flights of France, as many each day."""
    rows = [f"{first + timedelta(k)},LF,France,{value},1" for k in range(days)]
    return "\n".join(["entry_date,country_icao_code,country_name,flt_dai,flt_o", *rows]) + "\n"


def write_description(checksum: str = "", count: int = 1) -> str:
    """The description of a dataset of data.gouv.fr."""
    row = f'{{"title": "ASP_APT 2025", "url": "https://static.toys/a.zip"{checksum}}}'
    return f'{{"resources": [{", ".join([row] * count)}]}}'


DGAC = "ANMOIS;APT;PAX_dep;PAX_arr\n202601;LFBO;10;1,5\n202601;LFBO;20;\n202602;LFBD;1;1\n"


def write_chart(updated: str = "2026-01-08", name: str = "toys") -> str:
    """The description of a chart."""
    return f'{{"columns": {{"{name}": {{"shortName": "{name}", "lastUpdated": "{updated}"}}}}}}'


CHART = "entity,code,year,toys\nWorld,OWID_WRL,2023,5\nWorld,OWID_WRL,2025,7\nWorld,OWID_WRL,2026,1\n"


def write_eia(total: str, series: str = "TOY") -> str:
    """An answer of the EIA's interface, with one row."""
    row = f'{{"period": "2026-01", "series": "{series}", "value": "61.5", "units": "$/BBL"}}'
    return f'{{"response": {{"total": "{total}", "data": [{row}]}}}}'


PINK = [["World Bank"], [], [None, "Copper", "Tin **"], [None, "($/mt)", "($/mt)"], ["1960M01", 715.4, 2180.4]]


def _tsa_page() -> str:
    rows = "".join(f"<tr><td>1/{day}/2026</td><td>2,000,00{day % 10}</td></tr>" for day in range(1, 32))
    return f"<html><table><tr><th>Date</th><th>Numbers</th></tr>{rows}</table></html>"


_EIA_TABLE = 'MSN,YYYYMM,Value,Column_Order,Description,Unit\nT,202411,14,2,"Toys, Offshore",Number of Rigs\n'
_EMBER = "Country,ISO3 Code,Date,Price (EUR/MWhe)\nFrance,FRA,2026-01-01,70.1\nFrance,FRA,2026-02-01,69\n"
_SDMX = "DATAFLOW,freq,indic,nace,adj,unit,geo,TIME_PERIOD,OBS_VALUE\nSTS_INPR_M,M,PRD,C303,SCA,I21,FR,2026-01,9\n"
_ECB = "KEY,FREQ,CURRENCY,DENOM,TYPE,SUFFIX,TIME_PERIOD,OBS_VALUE\nEXR.M.USD.EUR.SP00.A,M,USD,EUR,SP00,A,2026-01,1.1\n"
_REGISTER = "%SeriesCode,SeriesLabel,TableId:LineNo\nTOYS,Toys,U50505:26|T10101:3\n"

# The answers that a reader needs for the recipe of its connector in tests.support.recipes.
ANSWERS: Mapping[str, Callable[[], list[str | bytes]]] = {
    "fred_csv": lambda: [FRED],
    "worldbank_json": lambda: [
        write_worldbank(f"{write_worldbank_row('FRA', '2024', '1')},{write_worldbank_row('WLD', '2024', '2')}").content
    ],
    "census_bulk": lambda: [pack({"M3-mf.csv": M3})],
    "gcat_tsv": lambda: [GCAT],
    "insee_sdmx": lambda: [write_insee(write_insee_series())],
    "eurostat_csv": lambda: [_SDMX],
    "ecb_csv": lambda: [_ECB],
    "oecd_csv": lambda: [OECD],
    "eurocontrol_csv": lambda: [write_flights(date(2026, 1, 1), 31)],
    "datagouv_zip": lambda: [write_description(), pack({"a.csv": DGAC})],
    "owid_csv": lambda: [CHART, write_chart()],
    "eia_v2": lambda: [write_eia("1")],
    "eia_csv": lambda: [_EIA_TABLE],
    "pink_sheet": lambda: [write_workbook("Monthly Prices", PINK)],
    "airbus_workbook": lambda: [
        '<a href="/orders-and-deliveries-may-2026.xlsx">all</a>',
        write_workbook("Toys", [["Type", 2023, 2024, 2025], ["A220", 5, 6, 7]]),
    ],
    "ecfin_zip": lambda: [pack({"m.xlsx": write_workbook("MONTHLY", [[None, "FR.INDU"], [date(2026, 1, 31), -7.25]])})],
    "socrata_csv": lambda: ["date,toys_total\n2026-01-01T00:00:00.000,12\n"],
    "bea_bulk": lambda: [_REGISTER, '%SeriesCode,Period,Value\nTOYS,2025Q4,"77,598"\n'],
    "tsa_html": lambda: [_tsa_page()],
    "ember_csv": lambda: ['<a href="/prices_monthly.csv">csv</a>', _EMBER],
}


def build_answers(connector: str) -> list[Answer]:
    """The answers of a connector, each from the address that its reader expects."""
    paths = {
        "worldbank_json": ["/v2/country/FRA;WLD/indicator/TOY.IND"],
        "airbus_workbook": ["/page", "/orders-and-deliveries-may-2026.xlsx"],
    }.get(connector, ["/toy", "/toy2"])
    return [build_answer(body, path) for body, path in zip(ANSWERS[connector](), paths, strict=False)]
