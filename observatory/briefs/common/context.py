"""Context from which every part of a brief is built: outlook, selection, language and day."""

from dataclasses import dataclass
from datetime import date

from observatory.language import Localizer
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection


@dataclass(frozen=True)
class Context:
    """The outlook and selection of a brief, the language of its texts, and the day from which freshness is counted.

    For a part that shows another selection, pass `replace(context, selection=...)`.
    """

    outlook: Outlook
    selection: Selection
    localizer: Localizer
    today: date

    def market_title(self, market: str) -> str:
        """The title of a market by its id, in the language of the context."""
        return self.localizer.field_text(self.outlook.catalogue.segments[market], "title")
