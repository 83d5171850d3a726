"""The table of know-how as CSV, in the form in which it can be published again, in either dialect."""

from observatory.catalogue.models import Catalogue, KnowHow
from observatory.export.csv.dialect import encode_csv
from observatory.ingest.decode.name_index import NameIndex
from observatory.ingest.knowhow.table import TEXT_HEADERS, USAGE_LEVELS
from observatory.language import Language, Localizer

_OTHER_LANGUAGE: dict[Language, Language] = {"fr": "en", "en": "fr"}


def write_knowhow_csv(catalogue: Catalogue, language: Language) -> bytes:
    """The CSV of the know-how of a catalogue: heads, markets and words in the language; it reads back as it was."""
    localizer, names, other = Localizer(language), NameIndex(catalogue), _OTHER_LANGUAGE[language]
    place = ("fr", "en").index(language)
    texts = ("definition", f"reason_{language}", f"reason_{other}", "judged", f"title_{other}")
    markets = [localizer.field_text(catalogue.segments[name], "title") for name in catalogue.markets]
    words = [localizer.text(f"neighbours.level.{level}") for level in USAGE_LEVELS]

    def cells(row: KnowHow) -> list[str]:
        title = str(getattr(row, f"title_{language}"))
        named = title if names.find_knowhow(title) == row else row.id  # a title that another one has too names neither
        levels = (words[row.usage_level(name)] for name in catalogue.markets)
        return [named, *levels, *(_cell_text(row, name) for name in texts)]

    head = [TEXT_HEADERS["knowhow"][place], *markets, *(TEXT_HEADERS[name][place] for name in texts)]
    return encode_csv([head, *map(cells, catalogue.knowhow.values())], language)


def _cell_text(row: KnowHow, name: str) -> str:
    return row.judged.isoformat() if name == "judged" else str(getattr(row, name))
