"""Selection of the reader, parsed from and formatted as the query of a link; every input has a reading.

Any query gives a valid Selection plus notices; a Selection written as a query and read again is the same one.
"""

from observatory.selection.model import (
    AREAS,
    DEFAULT_SELECTION,
    MEASURES,
    MODES,
    SCENARIOS,
    STATES,
    THRESHOLD_SIDES,
    UNITS,
    VALID_YEARS,
    Selection,
)
from observatory.selection.query import (
    LINK_MIGRATIONS,
    LINK_VERSION,
    PARAMETER_NAMES,
    LinkMigration,
    Notice,
    build_share_url,
    build_url,
    format_query,
    parse_selection,
)
from observatory.selection.values import (
    MAX_BASKET_SHARES,
    MAX_FIND_CHARS,
    MAX_SCREENS,
    NOTE_SCREEN,
    SCREEN_CODES,
    find_note_market,
    format_basket,
    parse_basket,
    parse_find,
)

__all__ = [
    "AREAS",
    "DEFAULT_SELECTION",
    "LINK_MIGRATIONS",
    "LINK_VERSION",
    "MAX_BASKET_SHARES",
    "MAX_FIND_CHARS",
    "MAX_SCREENS",
    "MEASURES",
    "MODES",
    "NOTE_SCREEN",
    "PARAMETER_NAMES",
    "SCENARIOS",
    "SCREEN_CODES",
    "STATES",
    "THRESHOLD_SIDES",
    "UNITS",
    "VALID_YEARS",
    "LinkMigration",
    "Notice",
    "Selection",
    "build_share_url",
    "build_url",
    "find_note_market",
    "format_basket",
    "format_query",
    "parse_basket",
    "parse_find",
    "parse_selection",
]
