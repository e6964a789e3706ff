#!/usr/bin/env bash
# See that there is wrk, which sends the load of `make bench`; install Debian's where we may.
set -euo pipefail
command -v wrk >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing wrk"
  (apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends wrk) \
    >/dev/null && exit 0
fi
echo "No wrk on this machine: the bench sends with its own generator, which takes more of the processors." >&2
echo "(apt-get install wrk)" >&2
