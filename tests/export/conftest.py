"""Fixtures: documents in both languages and their files, also as read by LibreOffice, once per session."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from observatory.export.document import Document
from observatory.export.documents.registry import DOCUMENTS, build_document
from observatory.export.formats import EXPORTS
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.workspace import Workspace
from tests.support.documents import BASE, CASES, NAMES, OPENED, Written
from tests.support.once import folder_of_run, make_once


class _Documents(dict[str, Document]):
    """The documents by name, each built when it is first asked for: few tests of a worker ask for all."""

    def __init__(self, outlook: Outlook, workspace: Workspace) -> None:
        super().__init__()
        self._outlook, self._workspace = outlook, workspace
        self._cases = dict(zip(NAMES, CASES, strict=True))
        self._rows = {row.id: row for row in DOCUMENTS}

    def __missing__(self, name: str) -> Document:
        page, segment, lang = self._cases[name]
        selection = Selection(segment=segment, lang=lang)
        self[name] = build_document(self._rows[page], self._outlook, selection, BASE, self._workspace)
        return self[name]


@pytest.fixture(scope="session")
def documents(outlook: Outlook, workspace: Workspace) -> dict[str, Document]:
    """The documents by name: overview-fr, segment-space-en ..."""
    return _Documents(outlook, workspace)


@pytest.fixture(scope="session")
def written(documents: dict[str, Document]) -> Written:
    """The file of a document in a format."""
    contents: dict[tuple[str, str], bytes] = {}
    writers = {row.id: row.write for row in EXPORTS}

    def write(name: str, export: str) -> bytes:
        if (name, export) not in contents:
            contents[name, export] = writers[export](documents[name])
        return contents[name, export]

    return write


@pytest.fixture(scope="session")
def office(written: Written, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """A file as LibreOffice opens it, printed as a PDF; all of a format are opened in one go, once a run."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("no LibreOffice: install libreoffice-impress and libreoffice-calc")

    def convert(name: str, export: str) -> Path:
        def print_all(folder: Path) -> None:
            files = [folder / f"{key}.{export}" for key in OPENED[export]]
            for file in files:
                file.write_bytes(written(file.stem, export))
            profile = f"-env:UserInstallation=file://{folder / 'profile'}"
            command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
            result = subprocess.run(
                command, capture_output=True, text=True, check=False, env={**os.environ, "HOME": str(folder)}
            )
            assert result.returncode == 0, result.stderr

        return make_once(folder_of_run(tmp_path_factory) / f"office-{export}", print_all) / f"{name}.pdf"

    return convert
