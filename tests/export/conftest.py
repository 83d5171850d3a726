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
from observatory.export.render import list_formats
from observatory.outlook.outlook import Outlook
from observatory.selection import Selection
from observatory.workspace import Workspace
from tests.support.documents import BASE, CASES, NAMES, Written


@pytest.fixture(scope="session")
def documents(outlook: Outlook, workspace: Workspace) -> dict[str, Document]:
    """The documents by name: overview-fr, segment-space-en ..."""
    rows = {row.id: row for row in DOCUMENTS}
    return {
        name: build_document(rows[page], outlook, Selection(segment=segment, lang=lang), BASE, workspace)
        for name, (page, segment, lang) in zip(NAMES, CASES, strict=True)
    }


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
def office(
    documents: dict[str, Document], written: Written, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Path]:
    """A file as LibreOffice opens it, printed as a PDF; all of a format are opened in one go."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("no LibreOffice: install libreoffice-impress and libreoffice-calc")
    folders: dict[str, Path] = {}

    def convert(name: str, export: str) -> Path:
        if export not in folders:
            folder = folders[export] = tmp_path_factory.mktemp(f"office-{export}")
            own = [key for key, row in documents.items() if export in {one.id for one in list_formats(row.page)}]
            for key in own:
                (folder / f"{key}.{export}").write_bytes(written(key, export))
            profile = f"-env:UserInstallation=file://{folder / 'profile'}"
            files = [str(folder / f"{key}.{export}") for key in own]
            command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files]
            result = subprocess.run(
                command, capture_output=True, text=True, check=False, env={**os.environ, "HOME": str(folder)}
            )
            assert result.returncode == 0, result.stderr
        return folders[export] / f"{name}.pdf"

    return convert
