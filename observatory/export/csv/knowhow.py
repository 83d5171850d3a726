"""CSV of the know-how of a catalogue in either dialect, in the form that can be published again."""

from observatory.catalogue.models import Catalogue, KnowHow
from observatory.export.csv.dialect import encode_csv
from observatory.ingest.decode.name_index import NameIndex
from observatory.ingest.knowhow.table import TEXT_HEADERS, USAGE_LEVELS
from observatory.language import Language, Localizer

_OTHER_LANGUAGE: dict[Language, Language] = {"fr": "en", "en": "fr"}


def write_knowhow_csv(catalogue: Catalogue, language: Language) -> bytes:
    """The CSV of the know-how of a catalogue, with headers, markets and levels in the language; it reads back equal."""
    localizer, names, other = Localizer(language), NameIndex(catalogue), _OTHER_LANGUAGE[language]
    header_index = ("fr", "en").index(language)
    texts = ("definition", f"reason_{language}", f"reason_{other}", "judged", f"title_{other}")
    markets = [localizer.field_text(catalogue.segments[name], "title") for name in catalogue.markets]
    level_names = [localizer.text(f"neighbours.level.{level}") for level in USAGE_LEVELS]

    def cells(row: KnowHow) -> list[str]:
        title = str(getattr(row, f"title_{language}"))
        name = title if names.find_knowhow(title) == row else row.id  # the title of two entries names neither
        levels = (level_names[row.usage_level(name)] for name in catalogue.markets)
        return [name, *levels, *(_cell_text(row, name) for name in texts)]

    header = [TEXT_HEADERS["knowhow"][header_index], *markets, *(TEXT_HEADERS[name][header_index] for name in texts)]
    return encode_csv([header, *map(cells, catalogue.knowhow.values())], language)


def _cell_text(row: KnowHow, name: str) -> str:
    return row.judged.isoformat() if name == "judged" else str(getattr(row, name))
