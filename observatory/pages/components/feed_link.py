"""A link to the feed that follows what a page shows."""

import streamlit as st

from observatory.briefs.feed.model import FeedFilter, format_feed_url
from observatory.catalogue.models import Catalogue
from observatory.language import Localizer
from observatory.pages.components.templates import render


def show_feed_link(feed_filter: FeedFilter, label: str, catalogue: Catalogue, localizer: Localizer) -> None:
    """The link to a narrowed feed."""
    url = format_feed_url(feed_filter, catalogue, localizer.language)
    st.html(render("under_link", url=url, text=label, css_class="o-unit"))
