"""Output and exit codes of the commands of a checkout."""

import re
import subprocess
import time
from collections.abc import Sequence

from benchmarks.same_answers.capture import HOST, LANGUAGES, LOCALES, Capture, add_language
from benchmarks.same_answers.command_inputs import BAD, COMMANDS, GOOD, long_file

COMMAND_SECONDS = 600.0


def strip_progress(text: str) -> str:
    """What a command wrote, without progress bars, which depend on how fast the machine is, and moments."""
    lines = [line for part in text.split("\n") for line in [part.rpartition("\r")[2]] if not line.startswith("[#")]
    kept = [line for line in lines if not re.match(r"\[[#\- .]*\] +\d+ *%", line)]
    return "\n".join(kept)


def capture_command(
    capture: Capture, name: str, arguments: Sequence[str], language: str, store: str, moments: bool = False, **more: str
) -> None:
    """Runs a command of the checkout and keeps its output and exit code; `moments` hides days with hours."""
    capture.check_time()
    began = time.perf_counter()
    done = subprocess.run(
        [capture.python, "-m", "observatory", *arguments],
        cwd=capture.checkout,
        env=capture.build_environment(OBSERVATORY_STORE=store, LANG=LOCALES[language], **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    out, errors = (part.decode("utf-8", "replace") for part in (done.stdout, done.stderr))
    said = f"exit code {done.returncode}\n-- output\n{out}\n-- errors\n{strip_progress(errors)}\n"
    text = f"observatory {' '.join(arguments)}\n{said}"
    if moments:
        text = re.sub(r"\d{4}-\d{2}-\d{2}([T ])\d{2}:\d{2}(:\d{2}(\.\d+)?)?", r"<day>\1<time>", text)
    capture.write_item(f"commands/{name}-{language}", capture.hide_paths(text).encode(), time.perf_counter() - began)


def capture_commands(capture: Capture) -> None:
    """The commands that publish nothing, in both languages."""
    store = capture.copy_store("arguments")
    folder = capture.folder / "files"
    folder.mkdir()
    good, bad, series = folder / "good.csv", folder / "bad.csv", folder / "series.csv"
    for path, text in ((good, GOOD), (bad, BAD), (series, long_file())):
        path.write_text(text, encoding="utf-8")
    space = "/segment?segment=space"
    rows: list[tuple[str, list[str], Sequence[str]]] = [
        ("help", ["--help"], LANGUAGES),
        ("version", ["--version"], ("en",)),
        ("nothing", [], LANGUAGES),
        ("unknown", ["nonsense"], ("fr",)),
        *((f"help-{name.replace(' ', '-')}", [*name.split(), "--help"], LANGUAGES) for name in COMMANDS),
        ("calls", ["calls"], LANGUAGES),
        ("calls-json", ["calls", "--format", "json", "--horizon", "5"], ("en",)),
        ("calls-asof", ["calls", "--asof", "2026-11-22"], ("fr",)),
        ("calls-wrong", ["calls", "--asof", "yesterday"], LANGUAGES),
        ("vintages", ["vintages"], LANGUAGES),
        ("vintages-json", ["vintages", "--format", "json"], ("fr",)),
        ("check", ["check"], LANGUAGES),
        ("check-files", ["check", str(good), str(bad)], LANGUAGES),
        ("check-json", ["check", str(bad), "--format", "json"], ("en",)),
        ("check-absent", ["check", str(folder / "absent.csv")], LANGUAGES),
        ("datapackage", ["datapackage", "--check"], LANGUAGES),
        ("forecast", ["forecast", str(series), "--horizon", "4"], LANGUAGES),
        ("forecast-json", ["forecast", str(series), "--horizon", "2", "--format", "json"], ("en",)),
        (
            "forecast-written",
            ["forecast", str(series), "--horizon", "2", "--format", "json", "--output", str(folder / "out.csv")],
            ("en",),
        ),
        ("forecast-wrong", ["forecast", str(good), "--horizon", "2"], LANGUAGES),
        ("backtest", ["backtest", str(series), "--horizon", "3"], LANGUAGES),
        ("backtest-json", ["backtest", str(series), "--format", "json"], ("en",)),
        ("keys", ["key", "list"], LANGUAGES),
        ("export-csv", ["export", add_language(space, "fr"), "--format", "csv"], ("fr",)),
        ("export-json", ["export", add_language(f"https://{HOST}{space}&asof=e1", "en"), "--format", "json"], ("en",)),
        ("export-wrong", ["export", "/nowhere", "--format", "pdf"], LANGUAGES),
        ("revert-wrong", ["revert", "99"], LANGUAGES),
    ]
    for name, arguments, languages in rows:
        for language in languages:
            capture_command(capture, name, arguments, language, store)
