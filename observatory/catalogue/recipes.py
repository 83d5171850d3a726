"""Refresh recipes: how the figures of an indicator are collected from its publisher. They are no facts of a vintage."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from observatory.catalogue.periods import Frequency

MANUAL = "manual"  # an analyst uploads a file
DERIVED = "derived"  # the sum of other indicators; nothing is fetched
INTERVALS = ("day", "week", "month", "quarter", "year")
STATES = ("open", "closed", "frozen")  # closed: the series has ended; frozen: its publisher carries on elsewhere
CERTAINTIES = ("seen", "inferred")  # of address and codes: read in a document, or concluded from others
RULES = (
    "as_is",  # the published value
    "sum_of_columns",  # the columns of a row, added up
    "sum_of_days",  # daily values of complete months, added up
    "count_rows",  # rows of a period, zeros included from the first one
    "sum_of_rows",  # a column over the rows of a period, zeros included
    "zero_filled",  # the published value; a period without a row is zero
    "share_of_gdp",  # a share in per cent times the GDP, in millions
)


@dataclass(frozen=True)
class ConnectorTraits:
    """What a recipe of a connector may and must say; `expected` are the attributes that its `expect` needs.

    Of the keys in `single`, lists have one entry.
    """

    rules: tuple[str, ...] = ("as_is",)
    required: tuple[str, ...] = ("host", "series")
    expected: tuple[str, ...] = ()
    single: tuple[str, ...] = ()


_DATASET = ("host", "series", "dataset")
_EXPECT = (*_DATASET, "expect")
_COLUMNS = (*_DATASET, "columns")

CONNECTORS: Mapping[str, ConnectorTraits] = {
    "fred_csv": ConnectorTraits(),
    "worldbank_json": ConnectorTraits(("as_is", "share_of_gdp"), _DATASET),
    "census_bulk": ConnectorTraits(required=_EXPECT, expected=("is_adj", "geo")),
    "gcat_tsv": ConnectorTraits(("count_rows", "sum_of_rows"), _DATASET),
    "insee_sdmx": ConnectorTraits(required=_EXPECT, single=("series",)),
    "eurostat_csv": ConnectorTraits(required=_EXPECT),
    "ecb_csv": ConnectorTraits(required=_EXPECT),
    "oecd_csv": ConnectorTraits(required=_EXPECT),
    "eurocontrol_csv": ConnectorTraits(("sum_of_days",), _COLUMNS),
    "datagouv_zip": ConnectorTraits(("sum_of_columns",), (*_COLUMNS, "expect"), ("resource",)),
    "owid_csv": ConnectorTraits(("as_is", "zero_filled"), _COLUMNS, single=("columns",)),
    "eia_v2": ConnectorTraits(required=_EXPECT),
    "eia_csv": ConnectorTraits(required=_EXPECT),
    "pink_sheet": ConnectorTraits(required=_EXPECT, expected=("sheet", "unit")),
    "airbus_workbook": ConnectorTraits(required=_EXPECT, expected=("sheet",)),
    "ecfin_zip": ConnectorTraits(required=_EXPECT, expected=("sheet",)),
    "socrata_csv": ConnectorTraits(required=_DATASET),
    "bea_bulk": ConnectorTraits(required=_DATASET),
    "tsa_html": ConnectorTraits(("sum_of_days",), _COLUMNS, single=("series", "columns")),
    "ember_csv": ConnectorTraits(required=_COLUMNS, single=("columns",)),
    DERIVED: ConnectorTraits(required=("series",)),
    MANUAL: ConnectorTraits(required=("upload_fr", "upload_en")),
}


@dataclass(frozen=True)
class RecipeSeries:
    """What the publisher calls a series of ours; parts joined by + are added up, all of them or none.

    `skip` names periods that are wrong at the source, as FIRST/LAST.
    """

    key: str
    geo: str
    item: str = ""
    skip: str = ""


@dataclass(frozen=True)
class RefreshRecipe:
    """How the figures of an indicator are collected.

    `expect` holds attributes that the answer must carry. Only periods from `first` to `last` are taken; `decimals`
    rounds what the rule computes. `upload_*` say what an analyst uploads where no connector reads the publisher.
    """

    indicator: str
    frequency: Frequency  # that of the indicator
    connector: str
    every: str
    state: str = "open"
    rule: str = "as_is"
    certainty: str = "seen"
    host: str = ""
    dataset: str = ""
    series: tuple[RecipeSeries, ...] = ()
    columns: tuple[str, ...] = ()
    expect: Mapping[str, str] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    decimals: int | None = None
    upload_fr: str = ""
    upload_en: str = ""

    @property
    def is_machine_readable(self) -> bool:
        """Whether a connector fetches it."""
        return self.connector not in (MANUAL, DERIVED)


@dataclass(frozen=True)
class RefreshHost:
    """A server of a publisher: base address, pause between two requests, largest answer, and its key.

    `also` are further addresses that an answer may name and the next request may go to.
    """

    id: str
    base: str
    gap_ms: int = 1_000
    max_mb: int = 16
    also: tuple[str, ...] = ()
    key_variable: str = ""
    key_parameter: str = ""
