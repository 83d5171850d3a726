"""The error of a link that is not understood: what was found and how to mend it, for files and the command line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from observatory.catalogue.models import Catalogue
from observatory.errors import ObservatoryError
from observatory.language import Localizer
from observatory.selection import (
    LINK_VERSION,
    MAX_SCREENS,
    MEASURES,
    MODES,
    PARAMETER_NAMES,
    SCENARIOS,
    THRESHOLD_SIDES,
    UNITS,
    VALID_YEARS,
    Notice,
)
from observatory.settings import HORIZONS, INTERVAL_LEVELS

_MAX_EXPLAINED = 4  # notices of one link; the others are counted
_MAX_LISTED_VALUES = 12  # that a hint lists in full
_YEARS = (f"{VALID_YEARS[0]} .. {VALID_YEARS[-1]}",)
_ERROR_CODES = {"unknown_value": "bad_value", "unknown_name": "unknown_parameter", "edition": "no_edition"}

# What a parameter may be: every value, or examples of those without a list.
_VALUES: Mapping[str, Callable[[Catalogue], Iterable[object]]] = {
    "segment": lambda catalogue: catalogue.segments,
    "indicator": lambda catalogue: catalogue.indicators,
    "geo": lambda catalogue: catalogue.geographies,
    "item": lambda catalogue: catalogue.items,
    "per": lambda catalogue: catalogue.indicators,
    "series": lambda catalogue: catalogue.indicators,
    "lang": lambda _: ("fr", "en"),
    "horizon": lambda _: HORIZONS,
    "level": lambda _: INTERVAL_LEVELS,
    "unit": lambda _: UNITS,
    "scenario": lambda _: SCENARIOS,
    "mode": lambda _: MODES,
    "measure": lambda _: MEASURES,
    "side": lambda _: THRESHOLD_SIDES,
    "asof": lambda _: ("e1", "2026-11-22", "2026-11", "2026"),
    "after": lambda _: (1,),
    "from": lambda _: _YEARS,
    "to": lambda _: _YEARS,
    "base": lambda _: _YEARS,
    "since": lambda _: ("1, 2, 3 ...",),
    "until": lambda _: ("1, 2, 3 ...",),
    "draft": lambda _: ("1, 2, 3 ...",),
    "screens": lambda _: ("o.space.t",),
    "screen": lambda _: (f"1 .. {MAX_SCREENS}",),
    "threshold": lambda _: ("2500", "2500.5"),
    "by": lambda _: ("12", "2027-06"),
    "basket": lambda _: ("aluminium:40,usd:60",),
    "v": lambda _: range(1, LINK_VERSION + 1),
}


class LinkError(ObservatoryError):
    """A link of which nothing is made, as parts of it are not understood; `notices` say which."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        super().__init__("error.link", name=notices[0].name, value=notices[0].value)
        self.notices = tuple(notices)


@dataclass(frozen=True)
class LinkExplanation:
    """A code, what was found, and what to do, in words."""

    code: str
    detail: str
    hint: str


def explain_link_error(error: LinkError, catalogue: Catalogue, localizer: Localizer) -> LinkExplanation:
    """The words of a LinkError; the code is that of its first notice, as the API names it."""
    details, hints = [], []
    for notice in error.notices[:_MAX_EXPLAINED]:
        key = f"link.{_kind(notice)}"
        known = _suggest_values(notice, catalogue)
        details.append(localizer.text(key, name=notice.name, value=notice.value))
        hints.append(localizer.text(f"{key}.hint", name=notice.name, known=known))
    if len(error.notices) > _MAX_EXPLAINED:
        details.append(localizer.plural("notice.more", len(error.notices) - _MAX_EXPLAINED))
    kind = _kind(error.notices[0])
    code = _ERROR_CODES.get(kind, kind.replace(".", "_"))
    return LinkExplanation(code, " ".join(details), " ".join(dict.fromkeys(hints)))


def _kind(notice: Notice) -> str:
    return notice.key.removeprefix("notice.")


def _suggest_values(notice: Notice, catalogue: Catalogue) -> str:
    """What would be understood in place of what was found: all that is possible, or what is near."""
    kind = _kind(notice)
    if kind == "unknown_name":
        names = list(PARAMETER_NAMES.values())
        return ", ".join(get_close_matches(notice.name.lower(), names, 1) or names)
    if kind == "elsewhere":
        return catalogue.indicators[notice.value].segment
    if kind not in ("unknown_value", "series.unknown"):
        return notice.default
    allowed = [str(value) for value in _VALUES[notice.name](catalogue)]
    if len(allowed) <= _MAX_LISTED_VALUES:
        return ", ".join(allowed)
    wanted = notice.value.partition(".")[0]
    near = [*get_close_matches(wanted.lower(), allowed, 5, 0.5), *get_close_matches(wanted.upper(), allowed, 5, 0.5)]
    return ", ".join(dict.fromkeys(near)) or f"{allowed[0]}, {allowed[1]}, ..."
