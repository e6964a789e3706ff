#!/usr/bin/env bash
# After the tests: what this machine could not run, so that nobody takes a skip for a pass.
missing=()
extensions="the extensions' types, elements, tests and sizes"
node_version=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/')
command -v npm >/dev/null || missing+=("npm: the comparison with Shopify's own schemas, payloads and elements, and $extensions")
[ -n "$node_version" ] && [ "$node_version" -lt 20 ] && missing+=("Node 20 or newer: $extensions")
command -v chromium chromium-browser google-chrome >/dev/null || missing+=("Chromium: the browser tests")
[ "${#missing[@]}" = 0 ] && exit 0
echo "Not run on this machine, for want of"
printf '  %s\n' "${missing[@]}"
