"""The data package of an edition, as served: every indicator as a CSV of this very interface, pinned to the edition."""

from dataclasses import replace
from urllib.parse import urlencode

from observatory.api import serializers
from observatory.api.models import Answer, Asked, Field, Problem
from observatory.api.tables import OBSERVATION, PROVENANCE, observations
from observatory.catalogue.datapackage import columns, package, resource
from observatory.catalogue.models import Indicator

FILE = "observations.csv"  # beside the package: the path of a resource is relative to it
_observations = serializers.csv_table("observations", OBSERVATION, observations, of_series=True)


def datapackage(asked: Asked) -> Answer:
    """The descriptor; sizes and hashes are those of the bytes that its paths answer. No package of a rebuilt month."""
    outlook = asked.outlook
    if outlook.rebuilt:
        raise Problem(404, "no_package", asof=asked.selection.asof)
    there = {key[0] for key in outlook.panel}
    resources = []
    for row in outlook.catalogue.indicators.values():
        if row.id in there:
            query = {"indicator": row.id, "asof": f"e{outlook.number}", "lang": "en"}
            chosen = replace(asked.selection, lang="en", indicator=row.id)
            content = _observations(replace(asked, selection=chosen, given=query)).body
            found = resource(outlook.catalogue, row, f"{FILE}?{urlencode(query)}", content, _columns(row))
            resources.append({**found, "scheme": asked.site.partition("://")[0]})
    found = package(outlook.catalogue, resources)
    found |= {"version": f"e{outlook.number}", "created": outlook.at.isoformat()}
    return Answer(serializers.as_json(found), serializers.JSON)


def _columns(row: Indicator) -> list[dict[str, object]]:
    """The columns of the figures as served: the code of the indicator before them, where they come from after them."""
    before, after = OBSERVATION[:1], PROVENANCE
    return [*map(_column, before), *columns(row), *map(_column, after)]


def _column(field: Field) -> dict[str, object]:
    return {"name": field.name, "type": field.kind, "description": field.says}
