"""Files as the GraphQL API shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.shop import files
from sandbox.state import Record, Shop

FILE_READS: dict[str, Callable[[Record], Any]] = {
    "filename": lambda one: one["name"], "id": lambda one: one["id"], "media_type": lambda one: "IMAGE",
    "status": lambda one: "READY", "created_at": lambda one: one["created_at"],
    "updated_at": lambda one: one["updated_at"],
}  # fmt: skip


def file_view(shop: Shop, one: Record, base: str) -> Record:
    """A MediaImage."""
    image = {
        "__typename": "Image", "id": f"gid://shopify/ImageSource/{one['id']}", "altText": one["alt"] or None,
        "url": lambda *_, **__: files.address(shop, one, base), "width": one["width"], "height": one["height"],
    }  # fmt: skip
    return {
        "__typename": "MediaImage", "id": f"gid://shopify/MediaImage/{one['id']}", "alt": one["alt"],
        "createdAt": one["created_at"], "updatedAt": one["updated_at"], "fileStatus": "READY",
        "mimeType": "image/png", "image": image, "preview": {"__typename": "MediaPreviewImage", "image": image},
    }  # fmt: skip
