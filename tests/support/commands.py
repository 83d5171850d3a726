"""The commands of the command line, as its help lists them."""

import re

from observatory.cli.parser import build_parser


def list_commands() -> list[str]:
    """The names of all commands."""
    return re.findall(r"^    ([a-z]+)\b", build_parser().format_help(), re.MULTILINE)
