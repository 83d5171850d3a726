"""View models of the page of what is new."""

from dataclasses import dataclass

from observatory.briefs.common.model import Chapter, LinkTable, TextTable
from observatory.selection import Selection


@dataclass(frozen=True)
class CallChangeRow:
    """A call in two editions, each as (class, empty for no call; label; probability in words)."""

    target: Selection
    title: str
    horizon: str
    old: tuple[str, str, str]
    new: tuple[str, str, str]


@dataclass(frozen=True)
class WhatsNewBrief:
    """The changes between two editions, or the content of the first one."""

    kicker: str
    lead: str
    under: tuple[str, ...]
    notices: tuple[str, ...]
    since: int  # 0 for none: `until` is then the first edition
    until: int
    edition_options: tuple[tuple[int, str], ...]  # that can be compared, newest first
    calls: Chapter | None
    changed_calls: tuple[CallChangeRow, ...]
    moved_calls: TextTable | None
    link_tables: tuple[tuple[str, LinkTable], ...]
    editions: LinkTable
    edition_links: tuple[tuple[Selection, str], ...] = ()  # to editions that the list leaves out
