"""Aliases: names in a file that a person said to mean an indicator, a place or an item of the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

AliasKind = Literal["indicator", "geo", "item"]
ALIAS_KINDS: tuple[AliasKind, ...] = get_args(AliasKind)


@dataclass(frozen=True)
class Alias:
    """A name as a file writes it, and the id that it stands for; an item without an id is the total."""

    kind: AliasKind
    name: str
    id: str

    def __str__(self) -> str:
        """One line, which `parse_alias` reads back: `indicator:Commande ATR=atr_orders`."""
        return f"{self.kind}:{' '.join(self.name.split())}={self.id}"


def parse_alias(text: str) -> Alias | None:
    """The alias that a line says; None for any other text. The name may hold colons and equals signs."""
    kind, _colon, rest = text.partition(":")
    name, equals, entity = rest.rpartition("=")
    known = next((row for row in ALIAS_KINDS if row == kind.strip()), None)
    if known is None or not equals or not name.strip() or not (entity.strip() or known == "item"):
        return None
    return Alias(known, name.strip(), entity.strip())


def parse_aliases(text: str) -> tuple[Alias, ...]:
    """The aliases of a text, one a line; of two for one name the last one counts. Other lines are left out."""
    aliases = (parse_alias(line) for line in text.splitlines())
    return tuple({(row.kind, row.name): row for row in aliases if row is not None}.values())


def format_aliases(aliases: Iterable[Alias]) -> str:
    """Aliases as a text, one a line."""
    return "\n".join(map(str, aliases))
