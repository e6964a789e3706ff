"""The Admin GraphQL API: which resolver answers which field, by name."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from sandbox.admin_api import bulk, bulk_queries, consents, gift_cards, store_credit, writes
from sandbox.admin_api import code_discounts as codes
from sandbox.admin_api.scopes import guarded
from sandbox.admin_api.views.connections import connection, number_of, search
from sandbox.admin_api.views.customers import customer_view
from sandbox.admin_api.views.files import FILE_READS, file_view
from sandbox.admin_api.views.goods import collection_view, product_view, variant_by_id
from sandbox.admin_api.views.kept_money import account_view, gift_card_view
from sandbox.admin_api.views.metafields import metafield_fields
from sandbox.admin_api.views.order_lines import line_view
from sandbox.admin_api.views.orders import order_view
from sandbox.admin_api.views.refunds import refund_view
from sandbox.admin_api.views.shop_locales import shop_locales
from sandbox.admin_api.views.shops import shop_view
from sandbox.options import Options
from sandbox.shop import discounts
from sandbox.state import Record, Shop, iso, now

ORDER_READS: dict[str, Callable[[Record], Any]] = {
    "updated_at": lambda one: one["updated_at"], "created_at": lambda one: one["created_at"],
    "processed_at": lambda one: one["processed_at"], "id": lambda one: one["id"],
    "name": lambda one: one["name"],
    "email": lambda one: one["email"], "customer_id": lambda one: one["customer_id"],
    "test": lambda one: one["test"],
    "tag": lambda one: one["tags"], "discount_code": lambda one: [code["code"] for code in one["codes"]],
    "status": lambda one: "any",
}  # fmt: skip
CUSTOMER_READS: dict[str, Callable[[Record], Any]] = {
    "updated_at": lambda one: one["updated_at"], "customer_date": lambda one: one["created_at"],
    "id": lambda one: one["id"], "email": lambda one: one["email"],
    "first_name": lambda one: one["first_name"],
    "last_name": lambda one: one["last_name"], "tag": lambda one: one["tags"],
    "state": lambda one: one["state"],
}  # fmt: skip
DISCOUNT_READS: dict[str, Callable[[Record], Any]] = {
    "title": lambda one: one["title"], "id": lambda one: one["id"], "tag": lambda one: one["tags"],
    "code": lambda one: [code["code"] for code in one["codes"]], "created_at": lambda one: one["created_at"],
    "updated_at": lambda one: one["updated_at"], "status": lambda one: discounts.status(one, now()),
}  # fmt: skip
PRODUCT_READS: dict[str, Callable[[Record], Any]] = {
    "title": lambda one: one["title"], "id": lambda one: one["id"], "tag": lambda one: one["tags"],
    "vendor": lambda one: one["vendor"], "product_type": lambda one: one["type"],
    "updated_at": lambda one: one["updated_at"], "handle": lambda one: one["handle"],
}  # fmt: skip
COLLECTION_READS: dict[str, Callable[[Record], Any]] = {
    "title": lambda one: one["title"], "id": lambda one: one["id"], "handle": lambda one: one["handle"],
}  # fmt: skip
SORTS = {
    "UPDATED_AT": "updated_at", "CREATED_AT": "created_at", "PROCESSED_AT": "processed_at", "ID": "id",
    "TITLE": "title", "NAME": "last_name", "ORDER_NUMBER": "number", "RELEVANCE": "id",
}  # fmt: skip


def _listing(items: Any, reads: Any, view: Callable[[Record], Any]) -> Callable[..., Any]:
    def listed(_info: Any, query: str | None = None, sortKey: str = "ID", **page: Any) -> Record:
        key = SORTS.get(sortKey, "id")
        found = search(list(items.values()), query, reads)
        return connection(sorted(found, key=lambda one: (one.get(key, 0), one["id"])), view, **page)

    return listed


class Root:
    """The root value of one call: queries and mutations by name."""

    def __init__(
        self,
        shop: Shop,
        options: Options,
        strikes: Callable[[str], bool],
        collecting: Callable[[Shop, Record, float], None],
    ) -> None:
        self.shop, self.options, self.strikes, self.collecting = shop, options, strikes, collecting

    def table(self) -> Record:
        """All root fields."""
        shop = self.shop
        return guarded(shop, {**self._reads(shop), **self._lists(shop), **self._writes(shop)})

    def _reads(self, shop: Shop) -> Record:
        return {
            "node": lambda _i, id: self.node(id), "nodes": lambda _i, ids: [self.node(one) for one in ids],
            "order": lambda _i, id: self._one("Order", id), "refund": lambda _i, id: self._refund(id),
            "customer": lambda _i, id: self._one("Customer", id),
            "customerByIdentifier": lambda _i, identifier: self._by_identifier(identifier),
            "product": lambda _i, id: self._one("Product", id),
            "giftCard": lambda _i, id: self._one("GiftCard", id),
            "storeCreditAccount": lambda _i, id: store_credit.account_by_id(shop, id),
            "shopLocales": lambda _i, published=False: shop_locales(shop, published),
            "shop": lambda _i: shop_view(shop, f"{self.options.url}/shops/{shop.domain}/"),
            "currentAppInstallation": lambda _i: self._installation(),
            "codeDiscountNodeByCode": lambda _i, code: codes.node_view(shop, discounts.find(shop, code)),
            "discountNode": lambda _i, id: codes.any_node_view(shop, codes.by_id(shop, id)),
            "bulkOperation": lambda _i, id: bulk_queries.view(shop, shop.bulk.get(number_of(id)), self.options.url),
            "discountRedeemCodeBulkCreation": lambda _i, id: bulk.view(shop, shop.bulk.get(number_of(id))),
        }  # fmt: skip

    def _lists(self, shop: Shop) -> Record:
        return {
            "orders": _listing(shop.order, ORDER_READS, lambda one: order_view(shop, one)),
            "customers": _listing(shop.customer, CUSTOMER_READS, lambda one: customer_view(shop, one)),
            "products": _listing(
                shop.product, PRODUCT_READS, lambda one: product_view(shop, one, self.options.url)
            ),
            "collections": _listing(shop.collection, COLLECTION_READS, collection_view),
            "productTags": lambda _i, **page: _words(
                {tag for one in shop.product.values() for tag in one["tags"]}, page
            ),
            "productVendors": lambda _i, **page: _words({one["vendor"] for one in shop.product.values()}, page),
            "files": _listing(shop.file, FILE_READS, lambda one: file_view(shop, one, self.options.url)),
            "giftCards": _listing(shop.gift_card, gift_cards.GIFT_CARD_READS, lambda one: gift_card_view(shop, one)),
            "discountNodes": _listing(shop.discount, DISCOUNT_READS, lambda one: codes.any_node_view(shop, one)),
            "webhookSubscriptions": lambda _i, **page: connection(
                list(shop.subscription.values()), self._subscription,
                **{key: page[key] for key in page if key in ("first", "last", "after", "before")},
            ),
            "ordersCount": lambda _i, query=None, limit=None: _count(search(shop.order.values(), query, ORDER_READS)),
            "customersCount": lambda _i, query=None, limit=None: _count(
                search(shop.customer.values(), query, CUSTOMER_READS)
            ),
        }  # fmt: skip

    def _writes(self, shop: Shop) -> Record:
        return {
            "discountCodeBasicCreate": lambda _i, basicCodeDiscount: codes.create(
                shop, basicCodeDiscount, "basic", "basicCodeDiscount"
            ),
            "discountCodeFreeShippingCreate": lambda _i, freeShippingCodeDiscount: codes.create(
                shop, freeShippingCodeDiscount, "free_shipping", "freeShippingCodeDiscount"
            ),
            "discountCodeActivate": lambda _i, id: codes.set_active(shop, id, True),
            "discountCodeDeactivate": lambda _i, id: codes.set_active(shop, id, False),
            "discountCodeDelete": lambda _i, id: codes.delete(shop, id),
            "discountRedeemCodeBulkAdd": lambda _i, discountId, **more: bulk.add(
                shop, discountId, more["codes"], inf if self.strikes("bulk_never_done") else self.options.bulk_seconds
            ),
            "discountCodeRedeemCodeBulkDelete": lambda _i, discountId, ids=None, **_: bulk.remove(
                shop, discountId, ids, self.options.bulk_seconds
            ),
            "bulkOperationRunQuery": lambda info, query, groupObjects=False: self._collect(info, query),
            "bulkOperationCancel": lambda _i, id: bulk_queries.cancel(shop, id, self.options.url),
            "giftCardCreate": lambda _i, input: gift_cards.create(shop, input),
            "giftCardDeactivate": lambda _i, id: gift_cards.deactivate(shop, id),
            "giftCardCredit": lambda _i, id, creditInput: gift_cards.move(shop, id, creditInput, True),
            "giftCardDebit": lambda _i, id, debitInput: gift_cards.move(shop, id, debitInput, False),
            "storeCreditAccountCredit": lambda _i, id, creditInput: store_credit.move(shop, id, creditInput, True),
            "storeCreditAccountDebit": lambda _i, id, debitInput: store_credit.move(shop, id, debitInput, False),
            "metafieldsSet": lambda _i, metafields: writes.set_metafields(shop, metafields),
            "metafieldDefinitionCreate": lambda _i, definition: writes.define_metafield(shop, definition),
            "customerEmailMarketingConsentUpdate": lambda _i, input: consents.update(shop, input),
            "tagsAdd": lambda _i, id, tags: writes.change_tags(shop, id, tags, True),
            "tagsRemove": lambda _i, id, tags: writes.change_tags(shop, id, tags, False),
            "flowTriggerReceive": lambda _i, handle=None, payload=None: writes.flow_trigger(shop, handle, payload),
            "webhookSubscriptionCreate": lambda _i, topic, webhookSubscription: self._subscribe(
                topic, webhookSubscription
            ),
            "webhookSubscriptionDelete": lambda _i, id: self._unsubscribe(id),
        }  # fmt: skip

    def _collect(self, info: Any, query: str) -> Record:
        seconds, fails = self.options.bulk_seconds, self.strikes("bulk_query_fails")
        answer = bulk_queries.run(self.shop, info, query, seconds, self.options.url, fails=fails)
        if (made := answer["bulkOperation"]) is not None:
            self.collecting(self.shop, self.shop.bulk[number_of(made["id"])], seconds)
        return answer

    def node(self, gid: str) -> Any:
        """Whatever has this global id; null when nothing has."""
        kind = gid.split("/")[3] if gid.count("/") > 3 else ""
        if kind in ("DiscountCodeNode", "DiscountNode"):
            return codes.node_view(self.shop, codes.by_id(self.shop, gid))
        if kind == "DiscountRedeemCodeBulkCreation":
            forgotten = self.strikes("bulk_forgotten")
            return None if forgotten else bulk.view(self.shop, self.shop.bulk.get(number_of(gid)))
        return self._one(kind, gid)

    def _one(self, kind: str, gid: str) -> Any:
        shop, number = self.shop, number_of(gid, kind)
        simple: dict[str, tuple[Any, Callable[[Record], Any]]] = {
            "Order": (shop.order, lambda one: order_view(shop, one)),
            "Customer": (shop.customer, lambda one: customer_view(shop, one)),
            "Product": (shop.product, lambda one: product_view(shop, one, self.options.url)),
            "Collection": (shop.collection, collection_view),
            "GiftCard": (shop.gift_card, lambda one: gift_card_view(shop, one)),
            "MediaImage": (shop.file, lambda one: file_view(shop, one, self.options.url)),
            "StoreCreditAccount": (shop.credit_account, lambda one: account_view(shop, one)),
        }
        if kind in simple:
            found = simple[kind][0].get(number)
            return simple[kind][1](found) if found else None
        return self._nested(kind, number)

    def _nested(self, kind: str, number: int) -> Any:
        shop = self.shop
        if kind == "Refund":
            return self._refund(f"gid://shopify/Refund/{number}")
        if kind == "LineItem":
            found = [(order, line) for order in shop.order.values() for line in order["lines"] if line["id"] == number]
            return line_view(shop, *found[0]) if found else None
        if kind == "ProductVariant":
            return variant_by_id(shop, number)
        return None

    def _refund(self, gid: str) -> Any:
        number = number_of(gid, "Refund")
        for order in list(self.shop.order.values()):
            for refund in order["refunds"]:
                if refund["id"] == number:
                    return refund_view(self.shop, order, refund)
        return None

    def _by_identifier(self, wanted: Record) -> Any:
        if wanted.get("id"):
            return self._one("Customer", wanted["id"])
        email = (wanted.get("emailAddress") or "").lower()
        return next((customer_view(self.shop, one) for one in self.shop.customer.values()
                     if email and one["email"].lower() == email), None)  # fmt: skip

    def _installation(self) -> Record:
        gid = f"gid://shopify/AppInstallation/{self.shop.settings['shop_id']}"
        scopes = [{"handle": one, "description": one.replace("_", " ")} for one in self.shop.settings["scopes"]]
        app = {
            "__typename": "App", "id": "gid://shopify/App/580111", "title": self.options.app_name,
            "handle": self.options.app_handle, "apiKey": self.options.api_key,
        }  # fmt: skip
        launch = f"{self.options.url}/shops/{self.shop.domain}/admin/apps/{self.options.app_handle}"
        return {
            "__typename": "AppInstallation", "id": gid, "accessScopes": scopes, "app": app,
            "launchUrl": launch,
            "activeSubscriptions": [], **metafield_fields(self.shop, gid),
        }  # fmt: skip

    def _subscription(self, one: Record) -> Record:
        version = {
            "handle": self.options.api_version,
            "displayName": self.options.api_version,
            "supported": True,
        }
        return {**one["shown"], "id": f"gid://shopify/WebhookSubscription/{one['id']}", "apiVersion": version}

    def _subscribe(self, topic: str, asked: Record) -> Record:
        number, stamp = self.shop.next_id(), iso(now())
        shown = {
            "topic": topic, "uri": asked.get("uri") or "", "format": "JSON", "filter": asked.get("filter"),
            "includeFields": asked.get("includeFields") or [], "name": asked.get("name"), "createdAt": stamp,
            "metafieldNamespaces": asked.get("metafieldNamespaces") or [], "updatedAt": stamp,
            "legacyResourceId": str(number),
        }  # fmt: skip
        record = self.shop.save("subscription", {"id": number, "shown": shown})
        return {"webhookSubscription": self._subscription(record), "userErrors": []}

    def _unsubscribe(self, gid: str) -> Record:
        number = number_of(gid)
        if number not in self.shop.subscription:
            problem = {"field": ["id"], "message": "Webhook subscription does not exist"}
            return {"deletedWebhookSubscriptionId": None, "userErrors": [problem]}
        self.shop.drop("subscription", number)
        return {"deletedWebhookSubscriptionId": gid, "userErrors": []}


def _words(found: set[str], page: Record) -> Record:
    """Tags or vendors by name."""
    listed = [{"id": word} for word in sorted(found, key=str.casefold)]
    return connection(listed, lambda one: one["id"], **{key: page[key] for key in page if key != "reverse"})


def _count(found: list[Record]) -> Record:
    return {"count": len(found), "precision": "EXACT"}
