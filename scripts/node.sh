#!/usr/bin/env bash
# Install what the extensions are built and tested with, and Shopify's schemas and types, which the conformance tests
# compare with. Without Node those are skipped.
set -euo pipefail
if ! command -v npm >/dev/null; then
  echo "No npm on this machine: the comparison with Shopify's own schemas and the tests of the extensions are skipped." >&2
  exit 0
fi
echo "Installing what package-lock.json names"
options=(--ignore-scripts --no-audit --no-fund --loglevel=error)
# `npm ci` refuses where the registry lacks packages for other platforms, which no machine of this kind would
# install; `npm install` then takes the same versions, with the same hashes, from the same lock file.
npm ci "${options[@]}" 2>/dev/null || npm install --no-save "${options[@]}"
touch node_modules/.installed
