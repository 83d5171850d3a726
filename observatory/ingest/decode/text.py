"""Text comparison: names without case, accents and kinds of spaces."""

import re
import unicodedata
from functools import lru_cache

_SPACE_LIKE = re.compile(r"[\s_\-\u2010-\u2015]+")
_LETTER_VARIANTS = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "œ": "oe", "æ": "ae", "ß": "ss"})


@lru_cache(maxsize=4096)
def fold_text(text: str) -> str:
    """Text without case, accents, and differences between spaces, hyphens, underscores and apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTER_VARIANTS))
    return _SPACE_LIKE.sub(" ", "".join(letter for letter in plain if not unicodedata.combining(letter))).strip()
