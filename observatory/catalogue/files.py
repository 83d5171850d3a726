"""The files of a curated edition: those under data/, and for a former edition those that it keeps of its own."""

from dataclasses import dataclass
from pathlib import Path

EDITIONS_FOLDER = "editions"
CANDIDATES_FOLDER = "candidates"  # facts of indicators that have no figures yet


@dataclass(frozen=True)
class EditionFiles:
    """The files of an edition: `own` has what differs from `folder`, in the same layout; None for the edition of today.

    `indicators` names those that the edition had; None: all of `folder`.
    """

    folder: Path
    own: Path | None = None
    indicators: frozenset[str] | None = None

    def locate(self, name: str) -> Path:
        """The path of a file by its name under data/; the edition's own if it has one."""
        if self.own is not None and (self.own / name).exists():
            return self.own / name
        return self.folder / name

    def list_names(self, part: str, ending: str) -> list[str]:
        """The sorted names, without their ending, of the files of a part (`indicators`, `observations`)."""
        folders = [self.folder / part, *([self.own / part] if self.own is not None else [])]
        names = {path.stem for folder in folders for path in folder.glob(f"*{ending}")}
        return sorted(names if self.indicators is None else names & self.indicators)


def list_former_editions(folder: Path) -> list[Path]:
    """The folders of former editions, oldest first: they are named after their days."""
    return sorted(path for path in (folder / EDITIONS_FOLDER).glob("*") if path.is_dir())
