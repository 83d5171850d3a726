"""Command doctor: what is wrong with an installation, or with a server that runs."""

import argparse

from observatory.cli.output import EXIT_INVALID_DATA, EXIT_OK, print_json
from observatory.diagnosis.model import Installation, Problem, Result, run_checks
from observatory.diagnosis.registry import INSTALLATION_CHECKS, SERVER_CHECKS
from observatory.diagnosis.server import ServerProbe
from observatory.language import Localizer


def doctor(args: argparse.Namespace, localizer: Localizer) -> int:
    """Prints each check, and each problem as a sentence with its cure; 1 if something is wrong."""
    if args.url:
        probe = ServerProbe(args.url)
        results = run_checks(SERVER_CHECKS[:1], probe)
        if results[0].is_sound:
            results += run_checks(SERVER_CHECKS[1:], probe)
    else:
        results = run_checks(INSTALLATION_CHECKS, Installation(clock=args.clock))
    is_sound = all(row.is_sound for row in results)
    if args.format == "json":
        print_json({"ok": is_sound, "checks": [_encode(row, localizer) for row in results]})
    else:
        for row in results:
            _print_result(row, localizer)
        wrong = sum(not row.is_sound for row in results)
        print(localizer.text("doctor.sound") if is_sound else localizer.plural("doctor.wrong", wrong))
    return EXIT_OK if is_sound else EXIT_INVALID_DATA


def _print_result(result: Result, localizer: Localizer) -> None:
    title = localizer.text(f"doctor.check.{result.check}")
    if not result.problems:
        print(f"{localizer.text('doctor.level.ok'):<8} {title}")
    for problem in result.problems:
        print(f"{localizer.text(f'doctor.level.{problem.level}'):<8} {title}: {_describe(problem, localizer)}")


def _encode(result: Result, localizer: Localizer) -> dict[str, object]:
    problems = [{"level": row.level, "code": row.key, "message": _describe(row, localizer)} for row in result.problems]
    return {"check": result.check, "ok": result.is_sound, "problems": problems}


def _describe(problem: Problem, localizer: Localizer) -> str:
    return localizer.error_text(problem.key, problem.values)
