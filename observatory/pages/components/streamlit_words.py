"""Streamlit's own words in the language of the page: Streamlit is in English only.

A message `streamlit.NAME` is, in English, the text that Streamlit writes, letter by letter; in French, what is shown
in its place. `{name}` in both stands for any text. The script `words.js` replaces them in the browser.
"""

from observatory.language import Language, Localizer

_KEYS = (
    *("add_files", "any_error", "clear_all", "clear_entry", "clear_value", "close", "connecting", "connection_error"),
    *(
        "copied",
        "decrement",
        "dismiss",
        "drop",
        "error",
        "error_word",
        "file_input",
        "file_kind",
        "file_limit",
        "file_one",
        "file_small",
    ),
    *(
        "file_too_big",
        "hide_password",
        "increment",
        "kilobytes",
        "loading",
        "many_options",
        "megabytes",
        "no_results",
        "one_option",
    ),
    *("open", "page_not_found", "remove", "running", "script_error", "select_all", "select_matches", "selected"),
    *("show_password", "skip", "stop", "stopping", "up_to", "upload", "visualization", "wait"),
)


def list_streamlit_words(language: Language) -> list[tuple[str, str]]:
    """Pairs of what Streamlit writes and what is shown instead; none in English."""
    if language == "en":
        return []
    english, localizer = Localizer("en"), Localizer(language)
    return [(english.text(f"streamlit.{key}"), localizer.text(f"streamlit.{key}")) for key in _KEYS]
