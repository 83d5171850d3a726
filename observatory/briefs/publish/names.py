"""Titles by which an analyst says what a name in a file means."""

from observatory.catalogue.models import Catalogue
from observatory.ingest.decode.aliases import AliasKind
from observatory.language import Localizer


def list_titles(kind: AliasKind, catalogue: Catalogue, localizer: Localizer) -> dict[str, str]:
    """The titles of all entities of a kind by id, in the order of the alphabet; of items the total comes first."""
    rows = {"indicator": catalogue.indicators, "geo": catalogue.geographies, "item": catalogue.items}[kind]
    titles = {name: localizer.field_text(row, "title") for name, row in rows.items()}
    ordered = dict(sorted(titles.items(), key=lambda pair: pair[1].casefold()))
    return {"": total_text(localizer)} | ordered if kind == "item" else ordered


def total_text(localizer: Localizer) -> str:
    """The item of a series that is the whole of its indicator."""
    return localizer.text("names.total")
