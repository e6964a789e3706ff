#!/usr/bin/env bash
# Install Shopify's schemas and types, which the conformance tests compare with. Without Node those are skipped.
set -euo pipefail
if ! command -v npm >/dev/null; then
  echo "No npm on this machine: the comparison with Shopify's own schemas is skipped." >&2
  exit 0
fi
echo "Installing what package-lock.json names"
npm ci --no-audit --no-fund --loglevel=error
touch node_modules/.installed
