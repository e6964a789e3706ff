"""Metafields as the GraphQL API shows them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sandbox.admin_api.views.connections import connection
from sandbox.state import Record, Shop

APP_ID = 580111


def namespace_of(given: str | None) -> str:
    """$app and nothing mean the app's own namespace."""
    own = f"app--{APP_ID}"
    if not given or given == "$app":
        return own
    return f"{own}--{given[5:]}" if given.startswith("$app:") else given


def metafield_fields(shop: Shop, owner: str) -> Record:
    """The fields metafield and metafields of an owner."""

    def one(_info: Any, key: str, namespace: str | None = None) -> Record | None:
        return metafield_view(shop.metafield.get(f"{owner}|{namespace_of(namespace)}|{key}"))

    def many(_info: Any, namespace: str | None = None, **page: Any) -> Record:
        start = f"{owner}|{namespace_of(namespace)}|" if namespace else f"{owner}|"
        found = [record for key, record in shop.metafield.items() if key.startswith(start)]
        return connection(found, metafield_view, **page)

    return {"metafield": one, "metafields": many}


def digest(value: str) -> str:
    """compareDigest of a value."""
    return hashlib.sha256(value.encode()).hexdigest()


def metafield_view(record: Record | None) -> Record | None:
    """A Metafield."""
    if not record:
        return None
    return {
        "__typename": "Metafield", "id": f"gid://shopify/Metafield/{record['number']}", "key": record["key"],
        "namespace": record["namespace"], "value": record["value"], "type": record["type"],
        "compareDigest": digest(record["value"]), "createdAt": record["created_at"],
        "updatedAt": record["updated_at"], "jsonValue": _as_json(record),
        "legacyResourceId": str(record["number"]),
        "ownerType": record["owner"].split("/")[3].upper().replace("APPINSTALLATION", "API_PERMISSION"),
    }  # fmt: skip


def _as_json(record: Record) -> Any:
    if record["type"] in ("json", "number_integer", "number_decimal", "boolean") or record["type"].startswith("list."):
        return json.loads(record["value"])
    return record["value"]
