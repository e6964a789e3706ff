"""Mutations of the GraphQL API other than discounts."""

from __future__ import annotations

import json
import re
import secrets
from decimal import Decimal
from typing import Any

from sandbox import money
from sandbox.graph_customers import account_view, credit_view, gift_card_view
from sandbox.graph_metafields import digest, metafield_view, namespace_of
from sandbox.graph_pages import number_of
from sandbox.state import Record, Shop, iso, now, parse_time

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


def _problem(path: list[str], code: str, text: str) -> list[Record]:
    return [{"field": path, "code": code, "message": text}]


def create_gift_card(shop: Shop, asked: Record) -> Record:
    """giftCardCreate."""
    code = re.sub(r"[\s-]", "", asked.get("code") or secrets.token_hex(8)).lower()
    problems = _gift_card_problems(shop, asked, code)
    if problems:
        return {"giftCard": None, "giftCardCode": None, "userErrors": problems}
    amount = money.to_minor(asked["initialAmount"]["amount"], shop.currency)
    stamp = iso(now())
    owner = number_of(asked["customerId"], "Customer") if asked.get("customerId") else None
    card = {
        "id": shop.next_id(), "code": code, "initial": amount, "balance": amount, "enabled": True,
        "expires_on": asked.get("expiresOn"), "created_at": stamp, "updated_at": stamp,
        "deactivated_at": None,
        "customer_id": owner, "note": asked.get("note"),
    }  # fmt: skip
    shop.save("gift_card", card)
    return {"giftCard": gift_card_view(shop, card), "giftCardCode": code, "userErrors": []}


def _gift_card_problems(shop: Shop, asked: Record, code: str) -> list[Record]:
    amount = asked.get("initialAmount")
    if not amount or Decimal(str(amount["amount"])) <= 0:
        return _problem(["input", "initialAmount"], "GREATER_THAN", "must be greater than 0")
    if amount["currencyCode"] != shop.currency:
        return _problem(["input", "initialAmount"], "INVALID", "Currency must be the shop's")
    if not 8 <= len(code) <= 20:
        kind = "TOO_SHORT" if len(code) < 8 else "TOO_LONG"
        return _problem(["input", "code"], kind, "Code must have 8 to 20 letters and digits")
    if any(one["code"] == code for one in shop.gift_card.values()):
        return _problem(["input", "code"], "TAKEN", "Code has already been taken")
    if asked.get("customerId") and number_of(asked["customerId"], "Customer") not in shop.customer:
        return _problem(["input", "customerId"], "CUSTOMER_NOT_FOUND", "The customer could not be found.")
    return []


def deactivate_gift_card(shop: Shop, gid: str) -> Record:
    """giftCardDeactivate."""
    card = shop.gift_card.get(number_of(gid, "GiftCard"))
    if not card:
        return {
            "giftCard": None,
            "userErrors": _problem(["id"], "INVALID", "The gift card could not be found."),
        }
    card["enabled"], card["deactivated_at"] = False, iso(now())
    shop.save("gift_card", card)
    return {"giftCard": gift_card_view(shop, card), "userErrors": []}


def move_gift_card(shop: Shop, gid: str, asked: Record, credit: bool) -> Record:
    """giftCardCredit and giftCardDebit."""
    name = "creditAmount" if credit else "debitAmount"
    result = "giftCardCreditTransaction" if credit else "giftCardDebitTransaction"
    card = shop.gift_card.get(number_of(gid, "GiftCard"))
    if not card:
        problems = _problem(["id"], "GIFT_CARD_NOT_FOUND", "The gift card could not be found.")
        return {result: None, "userErrors": problems}
    amount = money.to_minor(asked[name]["amount"], shop.currency) * (1 if credit else -1)
    if card["balance"] + amount < 0:
        return {
            result: None,
            "userErrors": _problem([name], "INSUFFICIENT_FUNDS", "Not enough on the gift card."),
        }
    card["balance"] += amount
    shop.save("gift_card", card)
    kind = "Credit" if credit else "Debit"
    view = {
        "__typename": f"GiftCard{kind}Transaction", "note": asked.get("note"), "processedAt": iso(now()),
        "id": f"gid://shopify/GiftCard{kind}Transaction/{shop.next_id()}",
        "amount": {"amount": money.graph(amount, shop.currency), "currencyCode": shop.currency},
        "giftCard": gift_card_view(shop, card),
    }  # fmt: skip
    return {result: view, "userErrors": []}


def move_store_credit(shop: Shop, gid: str, asked: Record, credit: bool) -> Record:
    """storeCreditAccountCredit and storeCreditAccountDebit; the id is an account's or a customer's."""
    with shop.lock:
        amount_asked = asked["creditAmount" if credit else "debitAmount"]
        problems = _credit_problems(shop, gid, asked, amount_asked, credit)
        account = None if problems else _account(shop, gid, amount_asked["currencyCode"])
        if account is None:
            problems = problems or _problem(["id"], "ACCOUNT_NOT_FOUND", "The account could not be found.")
            return {"storeCreditAccountTransaction": None, "userErrors": problems}
        amount = money.to_minor(amount_asked["amount"], account["currency"]) * (1 if credit else -1)
        if account["balance"] + amount < 0:
            problems = _problem(["debitInput", "debitAmount"], "INSUFFICIENT_FUNDS", "Not enough store credit.")
            return {"storeCreditAccountTransaction": None, "userErrors": problems}
        account["balance"] += amount
        shop.save("credit_account", account)
        one = {
            "id": shop.next_id(), "account": account["id"], "amount": amount, "after": account["balance"],
            "created_at": iso(now()), "expires_at": asked.get("expiresAt"),
        }  # fmt: skip
        shop.save("credit", one)
        return {"storeCreditAccountTransaction": credit_view(shop, account, one), "userErrors": []}


def _credit_problems(shop: Shop, gid: str, asked: Record, amount: Record, credit: bool) -> list[Record]:
    path = ["creditInput" if credit else "debitInput"]
    if Decimal(str(amount["amount"])) <= 0:
        text = "A positive amount must be used."
        return _problem([*path, "creditAmount" if credit else "debitAmount"], "NEGATIVE_OR_ZERO_AMOUNT", text)
    if asked.get("expiresAt") and parse_time(asked["expiresAt"]) <= now():
        return _problem([*path, "expiresAt"], "EXPIRES_AT_IN_PAST", "The expiry date must be in the future.")
    if "/Customer/" in gid and number_of(gid) not in shop.customer:
        return _problem(["id"], "OWNER_NOT_FOUND", "The owner could not be found.")
    return []


def _account(shop: Shop, gid: str, currency: str) -> Record | None:
    number = number_of(gid)
    if "/StoreCreditAccount/" in gid:
        return shop.credit_account.get(number)
    for account in shop.credit_account.values():
        if account["customer_id"] == number and account["currency"] == currency:
            return account
    account = {"id": shop.next_id(), "customer_id": number, "currency": currency, "balance": 0}
    return shop.save("credit_account", account)


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


def account_by_id(shop: Shop, gid: str) -> Record | None:
    """A StoreCreditAccount."""
    account = shop.credit_account.get(number_of(gid, "StoreCreditAccount"))
    return account_view(shop, account) if account else None
