"""Arguments that several commands share: lazy commands, checked values, common options."""

import argparse
import math
from collections.abc import Callable
from importlib import import_module

from observatory import settings
from observatory.ingest.decode.aliases import parse_alias
from observatory.ingest.decode.ambiguous_dates import FISCAL_YEAR_CHOICES, UTC_MONTH_CHOICES
from observatory.language import Localizer

Command = Callable[[argparse.Namespace, Localizer], int]
AddCommand = Callable[..., argparse.ArgumentParser]  # name, command, text, example, more


def import_lazily(name: str, module: str = "commands") -> Command:
    """A command that opens catalogue or store, imported when it runs: forecasting a file needs neither."""

    def run(args: argparse.Namespace, localizer: Localizer) -> int:
        command: Command = getattr(import_module(f"observatory.cli.{module}"), name)
        return command(args, localizer)

    return run


def parse_alias_option(text: str) -> str:
    """A name and what it stands for, as one line of the choices on a file."""
    alias = parse_alias(text)
    if alias is None or "\n" in text:
        raise argparse.ArgumentTypeError("write indicator:NAME=ID, geo:NAME=CODE or item:NAME=ID")
    return str(alias)


def parse_key_name(text: str) -> str:
    """The name of an analyst."""
    name = text.strip()
    if not name or len(name) > settings.MAX_ECHOED_CHARS or not name.isprintable():
        raise argparse.ArgumentTypeError(f"a name of 1 to {settings.MAX_ECHOED_CHARS} characters is needed")
    return name


def add_date_options(parser: argparse.ArgumentParser) -> None:
    """The options on dates that can be meant in two ways."""
    parser.add_argument(
        "--fiscal-year",
        choices=FISCAL_YEAR_CHOICES,
        help="the calendar year that names a fiscal year: in which it begins, or ends (no: dates as written)",
    )
    parser.add_argument(
        "--utc-month",
        choices=UTC_MONTH_CHOICES,
        help="the month of dates that are the last evening of a month in UTC: the next one, or the one written",
    )


def parse_finite(text: str) -> float:
    """A number."""
    try:
        number = float(text)
    except ValueError:
        number = math.inf
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"'{text[: settings.MAX_ECHOED_CHARS]}' is not a number")
    return number


def integer_between(least: int, most: int) -> Callable[[str], int]:
    """What reads a whole number between two limits."""

    def whole(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(
                f"'{text[: settings.MAX_ECHOED_CHARS]}' is not a whole number from {least} to {most}"
            )
        return number

    return whole


def add_format_option(parser: argparse.ArgumentParser) -> None:
    """The option that chooses text or JSON."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text for people, json for programs")
