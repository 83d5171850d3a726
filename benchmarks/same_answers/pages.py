"""What the script of the pages sends, by the test runner of Streamlit."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from benchmarks.same_answers.capture import LANGUAGES, Capture, add_language, make_slug
from benchmarks.same_answers.links import RENDERED

PAGES_SECONDS = 2400.0


def capture_pages(capture: Capture) -> None:
    """What the script of the pages sends for some links, by Streamlit's own test runner."""
    found = sorted(capture.checkout.glob("observatory/pages/**/main.py"))
    if len(found) != 1:
        raise RuntimeError(f"one script of the pages is expected under observatory/pages, found {len(found)}")
    folder = capture.folder / "pages"
    folder.mkdir()
    shutil.copy(Path(__file__).with_name("render_pages.py"), folder)  # away from the modules beside it
    wanted = [
        (add_language(link, language), str(folder / f"{make_slug(number, link)}-{language}.json"))
        for number, link in enumerate(RENDERED)
        for language in LANGUAGES
    ]
    (folder / "wanted.json").write_text(json.dumps(wanted), encoding="utf-8")
    log = folder / "log"
    with log.open("wb") as errors:
        done = subprocess.run(
            [capture.python, folder / "render_pages.py", found[0], folder / "wanted.json"],
            cwd=capture.checkout,
            env=capture.build_environment(OBSERVATORY_STORE=capture.copy_store("rendered")),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            timeout=PAGES_SECONDS,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"pages could not be run: {log.read_text(errors='replace')[-1500:]}")
    seconds = dict(json.loads(line) for line in done.stdout.decode().splitlines() if line.startswith('["'))
    for _link, target in wanted:
        text = capture.hide_paths(Path(target).read_text(encoding="utf-8"))
        text = re.sub(r"\$\$ID-[0-9a-f]+", "$$ID-", text)  # made from the path of the script, among others
        # The word of the link of a mix is new in each session.
        text = re.sub(r'"word": "[0-9a-f]{8}\.', '"word": "<random>.', text)
        capture.write_item(f"pages/{Path(target).name}", text.encode(), seconds.get(target, 0.0))
