"""The table of know-how as CSV, in the form in which it can be published again, in either dialect."""

import csv
import io
from collections.abc import Iterator

from observatory.catalogue.nouns import Catalogue, KnowHow
from observatory.export.series_csv import neutral
from observatory.ingest.knowhow import LEVELS, TEXTS
from observatory.ingest.names import Names
from observatory.language import Language, Speaker

_OTHER: dict[Language, Language] = {"fr": "en", "en": "fr"}


def knowhow_csv(catalogue: Catalogue, language: Language) -> bytes:
    """The CSV of the know-how of a catalogue: French dialect (`;`, BOM for Excel) or international (`,`).

    Heads, markets and words are those of the language; what is read back is equal to what was written.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if language == "fr" else ",", lineterminator="\r\n")
    other = _OTHER[language]
    texts = ("definition", f"reason_{language}", f"reason_{other}", "judged", f"title_{other}")
    markets = [neutral(str(getattr(catalogue.segments[name], f"title_{language}"))) for name in catalogue.markets]
    place = ("fr", "en").index(language)
    writer.writerow([TEXTS["knowhow"][place], *markets, *(TEXTS[name][place] for name in texts)])
    words = [Speaker(language).say(f"neighbours.level.{level}") for level in LEVELS]
    names = Names(catalogue)
    for row in catalogue.knowhow.values():
        title = str(getattr(row, f"title_{language}"))
        named = title if names.knowhow(title) == row else row.id  # a title that another one has too names neither
        levels = (words[row.level(name)] for name in catalogue.markets)
        writer.writerow([neutral(named), *levels, *_texts(row, texts)])
    return ("\ufeff" if language == "fr" else "").encode() + out.getvalue().encode("utf-8")


def _texts(row: KnowHow, names: tuple[str, ...]) -> Iterator[str]:
    return (neutral(row.judged.isoformat() if name == "judged" else str(getattr(row, name))) for name in names)
