"""Words of the glossary that open where they stand, without a script."""

from collections.abc import Sequence

from markupsafe import Markup

from observatory.briefs.common.glossary import find_term, list_terms
from observatory.language import Localizer
from observatory.pages.components.templates import render


def render_words(names: Sequence[str], localizer: Localizer) -> Markup:
    """Some terms in a row, each of which opens its definition in place."""
    return render("glossary", terms=[find_term(name, localizer) for name in names], css_class="o-words", anchors=False)


def render_glossary(localizer: Localizer) -> Markup:
    """All terms, each with an anchor (#word-NAME)."""
    return render("glossary", terms=list_terms(localizer), css_class="o-glossary", anchors=True)
