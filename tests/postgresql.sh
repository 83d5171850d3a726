#!/bin/sh
# Makes sure that PostgreSQL is there for the tests of stores in a database: the system's, else Debian's through apt.
# Where none can be had it says so and fails: the tests are never skipped in silence.
set -u
there() {
  command -v initdb >/dev/null 2>&1 && return 0
  for path in /usr/lib/postgresql/*/bin/initdb; do
    [ -x "$path" ] && return 0
  done
  return 1
}
there && exit 0
if command -v apt-get >/dev/null 2>&1; then
  echo "installing Debian's PostgreSQL for the tests of stores"
  if [ "$(id -u)" = 0 ]; then as=""; else as="sudo -n"; fi
  # The tests start a server of their own: none of the system's is wanted.
  ($as mkdir -p /etc/postgresql-common &&
    { [ -e /etc/postgresql-common/createcluster.conf ] ||
      echo "create_main_cluster = false" | $as tee /etc/postgresql-common/createcluster.conf; } &&
    $as apt-get update -qq && $as apt-get install -y -qq --no-install-recommends postgresql) >/dev/null 2>&1
  there && exit 0
fi
echo "No PostgreSQL could be had: install one (Debian: apt-get install postgresql) and run make test again." >&2
exit 1
