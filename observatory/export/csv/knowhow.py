"""The table of know-how as CSV, in the form in which it can be published again, in either dialect."""

from observatory.catalogue.models import Catalogue, KnowHow
from observatory.export.csv.dialect import written
from observatory.ingest.decode.name_index import Names
from observatory.ingest.knowhow.table import LEVELS, TEXTS
from observatory.language import Language, Speaker

_OTHER: dict[Language, Language] = {"fr": "en", "en": "fr"}


def knowhow_csv(catalogue: Catalogue, language: Language) -> bytes:
    """The CSV of the know-how of a catalogue: heads, markets and words in the language; it reads back as it was."""
    speaker, names, other = Speaker(language), Names(catalogue), _OTHER[language]
    place = ("fr", "en").index(language)
    texts = ("definition", f"reason_{language}", f"reason_{other}", "judged", f"title_{other}")
    markets = [speaker.of(catalogue.segments[name], "title") for name in catalogue.markets]
    words = [speaker.say(f"neighbours.level.{level}") for level in LEVELS]

    def cells(row: KnowHow) -> list[str]:
        title = str(getattr(row, f"title_{language}"))
        named = title if names.knowhow(title) == row else row.id  # a title that another one has too names neither
        levels = (words[row.level(name)] for name in catalogue.markets)
        return [named, *levels, *(_text(row, name) for name in texts)]

    head = [TEXTS["knowhow"][place], *markets, *(TEXTS[name][place] for name in texts)]
    return written([head, *map(cells, catalogue.knowhow.values())], language)


def _text(row: KnowHow, name: str) -> str:
    return row.judged.isoformat() if name == "judged" else str(getattr(row, name))
