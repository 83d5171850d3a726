"""Empty presentation: 16:9, our colours and fonts as its theme, one layout with a title."""

import re
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Pt

from observatory.charts.palette import COLOUR_TOKENS
from observatory.export.document import Document
from observatory.export.pptx.parts import (
    CONTENT_WIDTH,
    MARGIN_LEFT,
    SLIDE_FONT,
    SLIDE_HEAD_FONT,
    SLIDE_HEIGHT,
    SLIDE_WIDTH,
    palette_rgb,
    to_emu,
)
from observatory.language import Localizer

_TITLE_BOX: tuple[float, float, float, float] = (MARGIN_LEFT, 50, CONTENT_WIDTH, 34)
_MAX_PROPERTY_LENGTH = 255  # the limit of Office files
# The colour slots of an Office theme, and our token for each.
_THEME_COLOURS = {
    "dk1": "ink",
    "lt1": "white",
    "dk2": "ink",
    "lt2": "sand",
    "accent1": "ink",
    "accent2": "leading",
    "accent3": "activity",
    "accent4": "cost",
    "accent5": "forecast",
    "accent6": "after",
    "hlink": "ink",
    "folHlink": "muted",
}


def create_deck(document: Document) -> Any:
    """A presentation without slides, with its theme and properties."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(SLIDE_WIDTH), Pt(SLIDE_HEIGHT)
    titled = deck.slide_layouts[5]
    for layout in [row for row in deck.slide_layouts if row is not titled]:
        deck.slide_layouts.remove(layout)
    for shapes in (deck.slide_master, titled):
        for shape in list(shapes.placeholders):
            if shape.placeholder_format.type is not None and shape.placeholder_format.idx != 0:
                shape._element.getparent().remove(shape._element)
            else:
                shape.left, shape.top, shape.width, shape.height = to_emu(_TITLE_BOX)
    _apply_theme(deck)
    background = deck.slide_master.background.fill
    background.solid()
    background.fore_color.rgb = palette_rgb("paper")
    properties = deck.core_properties
    properties.title = f"{document.title} \u00b7 {document.edition_text}"[:_MAX_PROPERTY_LENGTH]
    properties.subject = document.lead[:_MAX_PROPERTY_LENGTH]
    properties.author = properties.last_modified_by = Localizer(document.language).text("app.name")
    properties.comments, properties.language = document.edition_text, document.language
    properties.keywords = (
        document.link if len(document.link) <= _MAX_PROPERTY_LENGTH else ""
    )  # a cut link would lead elsewhere
    properties.revision = 1
    return deck


def _apply_theme(deck: Any) -> None:
    """Sets our colours and fonts in the theme, so that what users add later looks the same."""
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = part.blob.decode("utf-8")
    for slot, name in _THEME_COLOURS.items():
        colour = "FFFFFF" if name == "white" else COLOUR_TOKENS[name][0].removeprefix("#")
        text = re.sub(rf"<a:{slot}>.*?</a:{slot}>", f'<a:{slot}><a:srgbClr val="{colour}"/></a:{slot}>', text)
    for kind, family in (("majorFont", SLIDE_HEAD_FONT), ("minorFont", SLIDE_FONT)):
        text = re.sub(rf'(<a:{kind}>\s*<a:latin typeface=")[^"]*', rf"\g<1>{family}", text)
    part._blob = text.encode("utf-8")
