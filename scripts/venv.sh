#!/usr/bin/env bash
# Make a virtual environment and install what the lock file names, by hash: scripts/venv.sh DIRECTORY LOCKFILE
set -euo pipefail
directory=$1 lockfile=$2

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
    "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && { echo "$candidate"; return; }
  done
  echo "Suki needs Python 3.11 or newer; this machine has $(python3 --version 2>&1 || echo none)." >&2
  echo "Install one, or name it: make PYTHON=/path/to/python3.11 ..." >&2
  exit 1
}

if ! "$directory/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  python=$(find_python)
  echo "Making $directory with $("$python" --version)"
  "$python" -m venv --clear "$directory" || {
    echo "Python's venv module is missing: on Debian and Ubuntu, apt-get install python3-venv" >&2
    exit 1
  }
fi
pip() { "$directory/bin/python" -m pip --disable-pip-version-check --quiet "$@"; }
echo "Installing what $lockfile names (a minute or two the first time)"
pip install --require-hashes --no-deps -r "$lockfile"
pip install --no-deps --no-build-isolation --no-index --editable .
