"""Mutations of the GraphQL API other than discounts and money."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.admin_api.views.connections import number_of
from sandbox.admin_api.views.metafields import digest, metafield_view, namespace_of
from sandbox.state import Record, Shop, iso, now

MAX_METAFIELDS = 25
MAX_VALUE_BYTES = 16_384


def set_metafields(shop: Shop, asked: list[Record]) -> Record:
    """metafieldsSet: all or nothing."""
    with shop.lock:
        problems = _too_many(asked) or [p for i, one in enumerate(asked) for p in _metafield_problems(shop, one, i)]
        if problems:
            return {"metafields": None, "userErrors": problems}
        return {"metafields": [metafield_view(_set_one(shop, one)) for one in asked], "userErrors": []}


def _too_many(asked: list[Record]) -> list[Record]:
    if len(asked) <= MAX_METAFIELDS:
        return []
    text = f"Exceeded the maximum metafields input limit of {MAX_METAFIELDS}."
    return [{"field": ["metafields"], "message": text, "code": "LESS_THAN_OR_EQUAL_TO", "elementIndex": None}]


def _metafield_problems(shop: Shop, one: Record, index: int) -> list[Record]:
    def problem(name: str, code: str, text: str) -> list[Record]:
        path = ["metafields", str(index), name]
        return [{"field": path, "message": text, "code": code, "elementIndex": index}]

    if not owner_exists(shop, one["ownerId"]):
        return problem("ownerId", "INVALID", "Owner does not exist.")
    if not one["value"]:
        return problem("value", "BLANK", "Value can't be blank.")
    if len(one["value"].encode()) > MAX_VALUE_BYTES:
        return problem("value", "TOO_LONG", "Value is too long.")
    kept = shop.metafield.get(_key(one))
    kind = one.get("type") or (kept or {}).get("type") or _defined_type(shop, one)
    if not kind:
        return problem("type", "BLANK", "Type can't be blank.")
    if not _valid(kind, one["value"]):
        return problem("value", "INVALID_VALUE", f"Value must be a valid {kind}.")
    if "compareDigest" in one:
        actual = digest(kept["value"]) if kept else None
        if one["compareDigest"] != actual:
            return problem("compareDigest", "STALE_OBJECT", "The resource has been updated since it was loaded.")
    return []


def _defined_type(shop: Shop, one: Record) -> str | None:
    owner = one["ownerId"].split("/")[3].upper()
    found = shop.definition.get(f"{owner}|{namespace_of(one.get('namespace'))}|{one['key']}")
    return str(found["type"]) if found else None


def _valid(kind: str, value: str) -> bool:
    if kind == "number_integer":
        return bool(re.fullmatch(r"-?\d{1,19}", value))
    if kind == "boolean":
        return value in ("true", "false")
    if kind == "json" or kind.startswith("list."):
        try:
            json.loads(value)
        except ValueError:
            return False
    return not (kind == "single_line_text_field" and "\n" in value)


def _key(one: Record) -> str:
    return f"{one['ownerId']}|{namespace_of(one.get('namespace'))}|{one['key']}"


def _set_one(shop: Shop, one: Record) -> Record:
    kept, stamp = shop.metafield.get(_key(one)), iso(now())
    record = {
        "id": _key(one), "number": kept["number"] if kept else shop.next_id(), "owner": one["ownerId"],
        "namespace": namespace_of(one.get("namespace")), "key": one["key"], "value": one["value"],
        "type": one.get("type") or (kept or {}).get("type") or _defined_type(shop, one),
        "created_at": kept["created_at"] if kept else stamp, "updated_at": stamp,
    }  # fmt: skip
    return shop.save("metafield", record)


def owner_exists(shop: Shop, gid: str) -> bool:
    """Whether a global id is of something in the shop."""
    kind, number = gid.split("/")[3:4], number_of(gid)
    kinds = {"Customer": shop.customer, "Order": shop.order, "Product": shop.product}
    if kind[0] in kinds:
        return number in kinds[kind[0]]
    return kind[0] in ("Shop", "AppInstallation") and number == shop.settings["shop_id"]


def change_tags(shop: Shop, gid: str, tags: list[str], add: bool) -> Record:
    """tagsAdd and tagsRemove on customers and orders."""
    kind = "customer" if "/Customer/" in gid else "order"
    record = shop.records[kind].get(number_of(gid))
    if not record:
        return {"node": None, "userErrors": [{"field": ["id"], "message": f"{gid} does not exist"}]}
    with shop.lock:
        kept = [tag for tag in record["tags"] if tag.lower() not in {one.lower() for one in tags}]
        record["tags"] = sorted({*kept, *tags}) if add else kept
        record["updated_at"] = iso(now())
        shop.save(kind, record)
    return {"node": {"__typename": kind.title(), "id": gid}, "userErrors": []}


def flow_trigger(shop: Shop, handle: str | None, payload: Any) -> Record:
    """flowTriggerReceive: kept to be looked at."""
    if not handle:
        return {"userErrors": [{"field": ["handle"], "message": "Handle can't be blank"}]}
    shop.save("flow_trigger", {"id": shop.next_id(), "handle": handle, "payload": payload, "at": iso(now())})
    return {"userErrors": []}


def define_metafield(shop: Shop, asked: Record) -> Record:
    """metafieldDefinitionCreate."""
    key = f"{asked['ownerType']}|{namespace_of(asked.get('namespace'))}|{asked['key']}"
    if key in shop.definition:
        problem = {
            "field": ["definition", "key"],
            "code": "TAKEN",
            "message": "Key is in use.",
            "__typename": "",
        }
        return {"createdDefinition": None, "userErrors": [problem]}
    access = {
        "admin": "MERCHANT_READ",
        "storefront": "NONE",
        "customerAccount": "NONE",
        **(asked.get("access") or {}),
    }
    record = {
        "id": key,
        "number": shop.next_id(),
        "name": asked["name"],
        "type": asked["type"],
        "access": access,
    }
    shop.save("definition", record)
    view = {
        "id": f"gid://shopify/MetafieldDefinition/{record['number']}", "name": asked["name"],
        "key": asked["key"],
        "namespace": namespace_of(asked.get("namespace")), "access": access,
    }  # fmt: skip
    return {"createdDefinition": view, "userErrors": []}
