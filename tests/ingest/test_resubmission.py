"""Curated figures as publishers would send them: no form of a true file is stopped."""

from collections.abc import Callable
from itertools import groupby

import pytest

from observatory.catalogue.models import Catalogue
from observatory.catalogue.periods import ordinal_to_period
from observatory.ingest.examine import examine_file
from observatory.ingest.report import Choices
from observatory.timeseries import SeriesKey, TimeSeries
from tests.ingest.corpus import TODAY

Row = tuple[str, str, str, str, float]
LAST = 5  # values of each series that are sent again


def to_long(rows: list[Row], _catalogue: Catalogue) -> list[str]:
    return ["indicator;geo;item;period;value", *(f"{i};{g};{t};{p};{v!r}" for i, g, t, p, v in rows)]


def to_sdmx(rows: list[Row], _catalogue: Catalogue) -> list[str]:
    head = (
        "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,INDICATOR,REF_AREA,ITEM,SEX,AGE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT"
    )
    return [head, *(f"DATAFLOW,X:Y(1.0),I,A,{i},{g},{t},_T,TOTAL,{p},{v!r},A,0" for i, g, t, p, v in rows)]


def to_names(rows: list[Row], catalogue: Catalogue) -> list[str]:
    def name(code: str) -> str:
        return catalogue.geographies[code].short_en

    head = "indicator\tCountry or Area\tCountry Code\titem\tYear\tValue\tValue Footnotes"
    return [head, *(f"{i}\t{name(g)}\t{g}\t{t}\t{p}\t{v!r}\t1" for i, g, t, p, v in rows)]


def to_units(rows: list[Row], catalogue: Catalogue) -> list[str]:
    head = "indicateur;zone;poste;période;valeur;unité;Auteur;Remarque"
    return [head, *(f"{i};{g};{t};{p};{v!r};{catalogue.indicators[i].unit_fr};AB;" for i, g, t, p, v in rows)]


def to_days(rows: list[Row], _catalogue: Catalogue) -> list[str]:
    """Months and quarters on their 15th, years on their first day."""

    def day(period: str) -> str:
        if "-Q" in period:
            return f"{period[:4]}-{int(period[-1]) * 3 - 1:02d}-15"
        return f"{period}-15" if len(period) == 7 else f"{period}-01-01"

    return ["indicator;geo;item;date;value", *(f"{i};{g};{t};{day(p)};{v!r}" for i, g, t, p, v in rows)]


@pytest.mark.slow
@pytest.mark.parametrize("write", [to_long, to_sdmx, to_names, to_units, to_days], ids=lambda write: write.__name__)
def test_true_figures_pass_in_every_form(
    catalogue: Catalogue, known: dict[SeriesKey, TimeSeries], write: Callable[[list[Row], Catalogue], list[str]]
) -> None:
    """The last values of every published series come back as they are, without a finding."""
    rows: list[Row] = []
    for key, series in known.items():
        values = [(series.first + n, float(value)) for n, value in enumerate(series.values) if value == value]
        rows += [(*key, ordinal_to_period(n, series.frequency), value) for n, value in values[-LAST:]]
    rows.sort()
    for _letter, group in groupby(rows, key=lambda row: row[0][:2]):
        sent = list(group)
        content = "\n".join(write(sent, catalogue)).encode()
        choices = Choices(decimal=".")
        report = examine_file("a.csv", content, catalogue, published=known, choices=choices, today=TODAY)
        assert [row for row in report.findings if row.code not in ("running_period", "rounded")] == []
        found = sorted((row.indicator, row.geo, row.item, row.period, row.value) for row in report.observations)
        assert found == sent
