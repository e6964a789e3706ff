"""Many codes for one discount, through the GraphQL API."""

from __future__ import annotations

from sandbox.graph_discounts import Problem, by_id, node_view, user_errors
from sandbox.graph_pages import connection
from sandbox.state import Record, Shop, iso, now


def add(shop: Shop, gid: str, asked: list[Record]) -> Record:
    """discountRedeemCodeBulkAdd; the sandbox is done at once, pollers see that."""
    discount = by_id(shop, gid)
    if not discount or len(asked) > 250:
        code = "TOO_MANY_ARGUMENTS" if discount else "INVALID"
        text = "At most 250 codes can be added at once" if discount else "Code discount does not exist."
        problem: Problem = (["codes"] if discount else ["discountId"], code, text)
        return {"bulkCreation": None, "userErrors": user_errors([problem])}
    with shop.lock:
        results = [_add_code(shop, discount, one["code"].strip()) for one in asked]
        shop.save("discount", discount)
        bulk = {
            "id": shop.next_id(),
            "discount": discount["id"],
            "created_at": iso(now()),
            "results": results,
        }
        shop.save("bulk", bulk)
    return {"bulkCreation": view(shop, bulk), "userErrors": []}


def _add_code(shop: Shop, discount: Record, code: str) -> Record:
    if code.lower() in shop.codes:
        return {"id": shop.next_id(), "code": code, "error": "TAKEN", "redeem": None}
    made = {"id": shop.next_id(), "code": code, "uses": 0}
    discount["codes"].append(made)
    shop.codes[code.lower()] = discount["id"]
    return {"id": shop.next_id(), "code": code, "error": None, "redeem": made["id"]}


def view(shop: Shop, bulk: Record | None) -> Record | None:
    """A DiscountRedeemCodeBulkCreation."""
    if not bulk:
        return None
    good = [one for one in bulk["results"] if not one["error"]]
    return {
        "__typename": "DiscountRedeemCodeBulkCreation",
        "id": f"gid://shopify/DiscountRedeemCodeBulkCreation/{bulk['id']}", "done": True,
        "codesCount": len(bulk["results"]), "importedCount": len(good), "createdAt": bulk["created_at"],
        "failedCount": len(bulk["results"]) - len(good),
        "codes": lambda _info, **page: connection(bulk["results"], _bulk_code_view, **page),
        "discountCode": lambda *_: node_view(shop, shop.discount.get(bulk["discount"])),
    }  # fmt: skip


def _bulk_code_view(one: Record) -> Record:
    problem: list[Problem] = [(["code"], one["error"], "Code must be unique.")] if one["error"] else []
    redeem = {
        "id": f"gid://shopify/DiscountRedeemCode/{one['redeem']}",
        "code": one["code"],
        "asyncUsageCount": 0,
    }
    return {
        "code": one["code"],
        "errors": user_errors(problem),
        "discountRedeemCode": redeem if one["redeem"] else None,
    }
