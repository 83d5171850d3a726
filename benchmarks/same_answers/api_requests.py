"""Addresses and parameters that a capture asks the API for, unusable ones included."""

from collections.abc import Sequence

LISTS = ("", "limit=2", "limit=2&offset=3", "offset=5000", "asof=e1", "asof=2026-11-22")
SERIES = (
    "",
    "segment=space",
    "indicator=atr_backlog",
    "indicator=airbus_deliveries&item=a320_family",
    "indicator=airbus_deliveries&asof=e1",
    "indicator=brent_price&from=2020&to=2026",
    "indicator=military_expenditure_usd&geo=FRA",
    "geo=FRA&limit=50",
    "limit=5&offset=10",
    "offset=10000000",
    "from=2025&to=2001",
    "segment=drones&asof=e2",
    "indicator=esa_budget&asof=2026-11-22",
    "indicator=us_tsa_passengers&asof=2015-06",
)
FRENCH = ("dialect=fr&segment=business_aviation", "dialect=fr&indicator=esa_budget&asof=e1", "dialect=international")
CALLS = (
    "",
    *(f"horizon={years}" for years in (1, 2, 3, 5)),
    "segment=space",
    "segment=purchasing",
    "segment=drones&horizon=5&asof=e1",
    "asof=e1",
    "asof=2015-06",
    "limit=4&offset=4",
)
API: tuple[tuple[str, Sequence[str]], ...] = (
    ("/api/v1/segments", LISTS),
    ("/api/v1/indicators", (*LISTS, "segment=space", "segment=horizon&asof=e1")),
    ("/api/v1/observations.csv", (*SERIES, *FRENCH)),
    ("/api/v1/observations.json", SERIES),
    ("/api/v1/forecasts.csv", (*SERIES, *FRENCH)),
    ("/api/v1/forecasts.json", SERIES),
    ("/api/v1/calls.csv", (*CALLS, "dialect=fr", "dialect=fr&horizon=1&limit=3")),
    ("/api/v1/calls.json", CALLS),
    ("/api/v1/vintages", ("", "limit=1", "limit=2&offset=1")),
    ("/feed.atom", ("",)),
)
PLAIN = (
    *("/api/v1/datapackage.json", "/api/v1/datapackage.json?asof=e1", "/api/openapi.json"),
    *("/healthz", "/readyz", "/mark.svg", "/_stcore/health", "/nonsense", "/fonts/nothing.woff2"),
)
WRONG = (
    *("/api/v1/calls.json?nonsense=1", "/api/v1/calls.json?horizn=2", "/api/v1/segments?indicator=esa_budget"),
    *("/api/v1/calls.json?horizon=2&horizon=3", "/api/v1/calls.json?horizon=", "/api/v1/calls.csv?horizon=4"),
    *("/api/v1/calls.json?segment=nowhere", "/api/v1/observations.csv?indicator=atr_backlo"),
    *("/api/v1/observations.json?geo=ZZZ", "/api/v1/observations.json?item=zzz", "/api/v1/forecasts.csv?from=1800"),
    *("/api/v1/forecasts.json?to=x", "/api/v1/observations.csv?dialect=us", "/api/v1/observations.json?limit=0"),
    *("/api/v1/observations.json?limit=100001", "/api/v1/observations.json?offset=-1"),
    *("/api/v1/observations.json?dialect=fr", "/api/v1/observations.json?segment=space&indicator=atr_backlog"),
    *("/api/v1/calls.json?asof=e0", "/api/v1/calls.json?asof=e99", "/api/v1/calls.json?asof=2026-02-30"),
    *("/api/v1/calls.json?asof=1950-01", "/api/v1/datapackage.json?asof=1950-01", "/api/v1/vintages?asof=e1"),
    *("/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v1/segments/", "/api/v1/calls.xml"),
    *("/download/nowhere.pdf", "/download/overview.docx", "/download/brief.csv", "/download/portfolio.json"),
    *("/download/segment.png?segment=drones&asof=2015-06", "/download/whats_new.svg", "/download/series.csv"),
    *("/download/series.csv?indicator=nope", "/download/series.csv?indicator=atr_backlog&geo=FRA"),
    "/api/v1/segments?limit=" + "1" * 4100,
)
SERIES_FILES = (
    *("indicator=atr_backlog", "indicator=airbus_deliveries&geo=WORLD&item=a320_family", "indicator=brent_price"),
    *("indicator=esa_budget&asof=e1", "indicator=us_tsa_passengers", "indicator=military_expenditure_usd&geo=FRA"),
)
