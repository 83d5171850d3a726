#!/bin/sh
# Makes sure that a Chromium is there for the browser tests: the system's, else Debian's through apt, else playwright's.
# Where none can be had it says so and fails: the tests are never skipped in silence.
set -u
python=$1
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
"$python" - <<'PY' && exit 0
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    sys.exit(0 if pathlib.Path(p.chromium.executable_path).exists() else 1)
PY
if command -v apt-get >/dev/null 2>&1; then
  echo "installing Debian's chromium for the browser tests"
  if [ "$(id -u)" = 0 ]; then as=""; else as="sudo -n"; fi
  ($as apt-get update -qq && $as apt-get install -y -qq --no-install-recommends chromium) >/dev/null 2>&1
  command -v chromium >/dev/null 2>&1 && exit 0
fi
echo "installing playwright's chromium for the browser tests"
"$python" -m playwright install chromium >/dev/null 2>&1 && exit 0
echo "No Chromium could be had: install one (Debian: apt-get install chromium) and run make test again." >&2
exit 1
