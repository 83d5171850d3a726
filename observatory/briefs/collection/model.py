"""Model of the page of the last collection."""

from dataclasses import dataclass

from observatory.briefs.common.model import LinkTable, TextTable


@dataclass(frozen=True)
class CollectionBrief:
    """The last collection: files to upload, results to look at, sources, and indicators without figures yet.

    The rows of `manual` and `attention` link to the page on which files are published; None: there is nothing to list.
    """

    kicker: str
    lead: str
    under: tuple[str, ...]
    manual: LinkTable | None
    attention: LinkTable | None
    sources_subtitle: str
    sources: TextTable
    awaiting: TextTable | None
