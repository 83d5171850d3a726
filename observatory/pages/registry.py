"""Lookup of the function that shows a page, by the page id: a module or package of that name."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

from observatory.outlook.outlook import Outlook
from observatory.selection import Selection

ShowPage = Callable[[Outlook, Selection, Mapping[str, Any]], None]


@cache
def find_show(page: str) -> ShowPage:
    """The function that shows a page: `show` of `observatory.pages.ID`, or of its module `page`."""
    module = import_module(f"observatory.pages.{page}")
    if hasattr(module, "__path__"):
        module = import_module(f"observatory.pages.{page}.page")
    return cast(ShowPage, module.show)
