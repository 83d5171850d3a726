"""Streamlit's words in the language of the page: what it writes today, letter by letter, and what is shown instead."""

import json
import re
import string
from pathlib import Path

import pytest
import streamlit

from observatory.language import MESSAGES_DIR
from observatory.pages.components.streamlit_words import list_streamlit_words
from observatory.pages.server.html_middleware import rewrite_html

SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"
_OF_OTHERS = (  # written by Vega, by react-aria with a number in front, or put together from parts that no file holds
    *("{count} option available.", "{count} options available."),
    "You can only select up to {count} options. Remove an option first.",
    *("{whole}.{part}MB", "{whole}.{part}KB", "visualization"),
)


@pytest.mark.slow
def test_streamlit_still_writes_what_we_translate() -> None:
    """Each fixed part of an English text stands in a script of the installed Streamlit: a new wording fails."""
    scripts = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in SCRIPTS.glob("*.js"))
    for theirs, _ours in list_streamlit_words("fr"):
        if theirs not in _OF_OTHERS:
            for part, *_place in string.Formatter().parse(theirs):
                assert part.strip(" .:") in scripts, theirs


def test_every_word_has_its_pair() -> None:
    """Each message of the family is in the table, once, and differs from Streamlit's; English needs no table."""
    keys = re.findall(r'^msgid "streamlit\.(\w+)"$', (MESSAGES_DIR / "fr.po").read_text(encoding="utf-8"), re.MULTILINE)
    pairs = list_streamlit_words("fr")
    assert len(keys) == len(pairs) == len(dict(pairs))
    assert all(theirs != ours for theirs, ours in pairs)
    assert list_streamlit_words("en") == []


def test_the_table_is_in_the_html() -> None:
    """The table comes with the page itself: Streamlit names its skip link before any run."""
    html = rewrite_html('<html lang="en"><head><title>Streamlit</title></head></html>', "fr")
    table = re.search(r"window\.observatoryWords=(\[.*?\]\]);", html)
    assert table is not None
    assert ["Skip to main content", "Aller au contenu"] in json.loads(table[1])
    assert "window.observatoryWords=[];" in rewrite_html("<title>Streamlit</title>", "en")
