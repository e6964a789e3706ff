"""Many codes for one discount, through the GraphQL API: asked for now, made or removed a moment later."""

from __future__ import annotations

from typing import Any

from sandbox.admin_api.code_discounts import Problem, by_id, node_view, user_errors
from sandbox.admin_api.views.connections import connection, number_of
from sandbox.shop.code_sets import finish_due, wait_for
from sandbox.state import Record, Shop, iso, now


def add(shop: Shop, gid: str, asked: list[Record], seconds: float) -> Record:
    """discountRedeemCodeBulkAdd; done after so many seconds, pollers see that."""
    discount = by_id(shop, gid)
    if not discount or len(asked) > 250:
        code = "TOO_MANY_ARGUMENTS" if discount else "INVALID"
        text = "At most 250 codes can be added at once" if discount else "Code discount does not exist."
        problem: Problem = (["codes"] if discount else ["discountId"], code, text)
        return {"bulkCreation": None, "userErrors": user_errors([problem])}
    wanted = [{"id": shop.next_id(), "code": one["code"].strip(), "error": None, "redeem": None} for one in asked]
    bulk = {"id": shop.next_id(), "discount": discount["id"], "created_at": iso(now()), "results": wanted}
    wait_for(shop, bulk, seconds)
    return {"bulkCreation": view(shop, bulk), "userErrors": []}


def remove(shop: Shop, gid: str, ids: list[str] | None, seconds: float) -> Record:
    """discountCodeRedeemCodeBulkDelete by ids; a job that is done after so many seconds."""
    discount = by_id(shop, gid)
    if not discount or not ids:
        path, text = ("ids", "Missing argument") if discount else ("discountId", "Code discount does not exist.")
        code = "MISSING_ARGUMENT" if discount else "INVALID"
        return {"job": None, "userErrors": user_errors([([path], code, text)])}
    numbers = [number_of(one, "DiscountRedeemCode") for one in ids]
    bulk = {"id": shop.next_id(), "discount": discount["id"], "created_at": iso(now()), "remove": numbers}
    wait_for(shop, bulk, seconds)
    return {"job": {"id": f"gid://shopify/Job/{bulk['id']}", "done": False}, "userErrors": []}


def view(shop: Shop, bulk: Record | None) -> Record | None:
    """A DiscountRedeemCodeBulkCreation."""
    finish_due(shop)
    if not bulk or "results" not in bulk:
        return None
    done = bool(bulk["done"])
    good = [one for one in bulk["results"] if one["redeem"]]
    return {
        "__typename": "DiscountRedeemCodeBulkCreation",
        "id": f"gid://shopify/DiscountRedeemCodeBulkCreation/{bulk['id']}", "done": done,
        "codesCount": len(bulk["results"]), "importedCount": len(good), "createdAt": bulk["created_at"],
        "failedCount": len(bulk["results"]) - len(good) if done else 0,
        "codes": lambda _info, **page: connection(bulk["results"] if done else [], _bulk_code_view, **page),
        "discountCode": lambda *_: node_view(shop, shop.discount.get(bulk["discount"])),
    }  # fmt: skip


def _bulk_code_view(one: Record) -> Record:
    problem: list[Problem] = [(["code"], one["error"], "Code must be unique.")] if one["error"] else []
    redeem: dict[str, Any] = {
        "id": f"gid://shopify/DiscountRedeemCode/{one['redeem']}",
        "code": one["code"],
        "asyncUsageCount": 0,
    }
    return {
        "code": one["code"],
        "errors": user_errors(problem),
        "discountRedeemCode": redeem if one["redeem"] else None,
    }
