#!/usr/bin/env bash
# After the tests: what this machine could not run, so that nobody takes a skip for a pass.
missing=()
command -v npm >/dev/null || missing+=("npm: the comparison with Shopify's own schemas, payloads and elements, and the extensions' types, tests and sizes")
command -v chromium chromium-browser google-chrome >/dev/null || missing+=("Chromium: the browser tests")
[ "${#missing[@]}" = 0 ] && exit 0
echo "Not run on this machine, for want of"
printf '  %s\n' "${missing[@]}"
