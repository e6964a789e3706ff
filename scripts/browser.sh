#!/usr/bin/env bash
# See that there is a Chromium for the browser tests; install Debian's where we may.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium"
  (apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium) \
    >/dev/null && exit 0
fi
echo "No Chromium on this machine: the browser tests are skipped. (apt-get install chromium)" >&2
