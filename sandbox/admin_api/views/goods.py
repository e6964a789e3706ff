"""Products, variants and collections as the GraphQL API shows them."""

from __future__ import annotations

from typing import Any

from sandbox.admin_api.views.connections import connection
from sandbox.admin_api.views.metafields import metafield_fields
from sandbox.shop import files, money
from sandbox.state import Record, Shop


def product_view(shop: Shop, product: Record | None, base: str = "") -> Record | None:
    """A Product; `base` is where its picture lies."""
    if not product:
        return None
    collections = [shop.collection[key] for key in product["collections"] if key in shop.collection]
    return {
        "__typename": "Product", "id": f"gid://shopify/Product/{product['id']}", "title": product["title"],
        "legacyResourceId": str(product["id"]), "handle": product["handle"], "vendor": product["vendor"],
        "productType": product["type"], "tags": product["tags"], "status": "ACTIVE",
        "isGiftCard": product["gift_card"], "createdAt": product["created_at"],
        "updatedAt": product["updated_at"],
        "featuredMedia": _media(shop, product, base) if base else None,
        "totalInventory": 100, "collections": lambda _info, query=None, sortKey=None, **page: connection(
            collections, collection_view, **page
        ),
        "inCollection": lambda _info, id: any(id == collection_view(one)["id"] for one in collections),
        "variants": lambda _info, sortKey=None, **page: connection(
            product["variants"], lambda one: variant_view(shop, product, one), **page
        ),
        **metafield_fields(shop, f"gid://shopify/Product/{product['id']}"),
    }  # fmt: skip


def _media(shop: Shop, product: Record, base: str) -> Record:
    url = files.address(shop, {"name": files.of_product(product["id"])}, base)
    image = {"__typename": "Image", "id": f"gid://shopify/ImageSource/{product['id']}", "altText": product["title"],
             "url": lambda *_, **__: url, "width": files.SIDE, "height": files.SIDE}  # fmt: skip
    return {
        "__typename": "MediaImage", "id": f"gid://shopify/MediaImage/{product['id']}", "alt": product["title"],
        "createdAt": product["created_at"], "updatedAt": product["updated_at"], "fileStatus": "READY",
        "mimeType": "image/png", "image": image, "preview": {"__typename": "MediaPreviewImage", "image": image},
    }  # fmt: skip


def collection_view(one: Record) -> Record:
    """A Collection; those of the sandbox have no picture."""
    return {
        "__typename": "Collection", "id": f"gid://shopify/Collection/{one['id']}", "title": one["title"],
        "legacyResourceId": str(one["id"]), "handle": one["handle"], "image": None,
    }  # fmt: skip


def variant_of(shop: Shop, line: Record) -> Any:
    """The variant a line was bought in, if it still exists."""
    product = shop.product.get(line["product_id"])
    found = [one for one in (product or {}).get("variants", ()) if one["id"] == line["variant_id"]]
    return variant_view(shop, product, found[0]) if found and product else None


def variant_by_id(shop: Shop, number: int) -> Record | None:
    """A ProductVariant by its number."""
    every = ((product, one) for product in shop.product.values() for one in product["variants"])
    return next((variant_view(shop, product, one) for product, one in every if one["id"] == number), None)


def variant_view(shop: Shop, product: Record, one: Record) -> Record:
    """A ProductVariant."""
    before = money.rest(one["compare_at"], shop.currency) if one.get("compare_at") else None
    return {
        "__typename": "ProductVariant", "id": f"gid://shopify/ProductVariant/{one['id']}",
        "title": one["title"],
        "legacyResourceId": str(one["id"]), "displayName": f"{product['title']} - {one['title']}",
        "sku": one["sku"], "price": money.rest(one["price"], shop.currency), "compareAtPrice": before,
        "product": lambda *_: product_view(shop, product),
    }  # fmt: skip
