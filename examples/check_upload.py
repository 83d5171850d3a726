"""Checks a CSV or Excel file as an upload would be: `python examples/check_upload.py FILE`."""

import json
import subprocess
import sys


def main(path: str) -> int:
    """Prints each finding with its cell and its cure; 1 where the file has errors, else 0."""
    command = [sys.executable, "-m", "observatory", "check", path, "--format", "json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode == 2:  # the command could not be run: no such file, for instance
        sys.exit(answer.stderr)
    report = json.loads(answer.stdout)
    for finding in report["findings"]:
        cell = f"line {finding['line']}, {finding['column']}"
        print(f"{finding['level']}, {cell}: {finding['message']} {finding['hint']}")
    print(f"{report['accepted']} figures can be published.")
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
