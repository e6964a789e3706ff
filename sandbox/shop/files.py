"""What a merchant has uploaded to the shop's files: a few pictures, drawn when they are asked for."""

from __future__ import annotations

import struct
import zlib

from sandbox.state import Record, Shop, iso, now

# name, words for who can't see it, width, height, the two colours
PICTURES = (
    ("logo.png", "", 320, 96, "#7a2e1f", "#f5f1ea"),
    ("logo-light.png", "", 320, 96, "#f5f1ea", "#7a2e1f"),
    ("harvest.png", "Coffee cherries in a basket", 600, 300, "#3f6b4a", "#f2c14e"),
    ("tote-bag.png", "An abaca tote bag", 600, 400, "#c9a66b", "#5b4430"),
)


def fill(shop: Shop) -> None:
    """The pictures that a new shop has."""
    for name, alt, width, height, ground, mark in PICTURES:
        stamp = iso(now())
        shop.save(
            "file",
            {
                "id": shop.next_id(), "name": name, "alt": alt, "width": width, "height": height, "ground": ground,
                "mark": mark, "created_at": stamp, "updated_at": stamp,
            },
        )  # fmt: skip


SIDE = 120
"""How wide and high the picture of a product is."""
_GROUNDS = ("#c9a66b", "#3f6b4a", "#7a2e1f", "#5b7a8c", "#8c6b7a", "#5b4430")


def of_product(number: int) -> str:
    """What the picture of a product is called."""
    return f"product-{number}.png"


def found(shop: Shop, name: str) -> Record | None:
    """An uploaded file, or the picture of a product."""
    uploaded = next((one for one in shop.file.values() if one["name"] == name), None)
    product = next((one for one in shop.product.values() if of_product(one["id"]) == name), None)
    if uploaded or not product:
        return uploaded
    ground = _GROUNDS[list(shop.product).index(product["id"]) % len(_GROUNDS)]
    return {"name": name, "width": SIDE, "height": SIDE, "ground": ground, "mark": "#f5f1ea"}


def address(shop: Shop, one: Record, base: str) -> str:
    """Where one file lies; each shop has a folder of its own, as on Shopify's CDN."""
    return f"{base}/s/files/1/{shop.settings['shop_id']}/files/{one['name']}?v=1"


def png(one: Record) -> bytes:
    """The picture: its ground, and a disc and a bar on it."""
    ground, mark = (_rgb(one[name]) for name in ("ground", "mark"))
    rows = b"".join(_row(one, y, ground, mark) for y in range(one["height"]))
    head = struct.pack(">IIBBBBB", one["width"], one["height"], 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, body) for name, body in parts)


def _row(one: Record, y: int, ground: bytes, mark: bytes) -> bytes:
    height, width = one["height"], one["width"]
    middle, radius = height / 2, height * 0.3
    half = int(max(0.0, radius**2 - (y - middle) ** 2) ** 0.5)
    bar = abs(y - middle) < height * 0.08
    left, right = int(middle) - half, int(middle) + half
    begin = int(middle + radius * 1.6)
    end = int(width - middle)
    row: bytes = ground * left + mark * (right - left) + ground * (begin - right)
    row += (mark if bar else ground) * (end - begin) + ground * (width - end)
    return b"\0" + row


def _rgb(colour: str) -> bytes:
    return bytes.fromhex(colour[1:])


def _part(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
