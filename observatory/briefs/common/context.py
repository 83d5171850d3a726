"""What every part of a brief is built from: an outlook, what the reader chose, the language, and the day."""

from dataclasses import dataclass
from datetime import date

from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


@dataclass(frozen=True)
class Context:
    """The outlook and selection that a brief shows, the language of its texts, and the day that freshness counts to.

    A part that shows another selection gets `replace(context, selection=...)`.
    """

    outlook: Outlook
    selection: Selection
    localizer: Localizer
    today: date
