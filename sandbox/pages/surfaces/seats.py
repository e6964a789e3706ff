"""Where on a page which extension sits: its frame, and what the frame is told before it begins."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request

from sandbox.local import Sandbox
from sandbox.shop.people import by_email
from sandbox.state import Record, Shop
from sandbox.surfaces.extensions import Extension, serving

LANGUAGES = {"en": "English", "fil": "Filipino", "fr-CA": "French (Canada)", "ar": "Arabic"}
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


@dataclass(frozen=True)
class Seat:
    """One extension at one target, and the address of its frame."""

    extension: Extension
    target: str
    src: str

    @property
    def conditional(self) -> bool:
        """Whether the extension says by itself where it is shown."""
        return bool(self.extension.condition(self.target))

    @property
    def title(self) -> str:
        """What the frame is called for those who cannot see it."""
        return f"{self.extension.handle}: {self.target}"


def seats(box: Sandbox, shop: Shop, target: str, **more: str) -> list[Seat]:
    """Every extension at a target, each with its frame's address."""
    asked = {"locale": language(shop), "editor": request.args.get("editor", ""), **more}
    query = urlencode({name: value for name, value in asked.items() if value})
    start = f"/shops/{shop.domain}/surfaces/frame"
    found = serving(box.options.extensions_dir, target)
    return [Seat(one, target, f"{start}/{one.handle}/{target}?{query}") for one in found]


def language(shop: Shop) -> str:
    """Of the person in front: asked for, or kept, or the shop's."""
    asked = request.args.get("locale") or request.cookies.get("locale") or str(shop.settings["locale"])
    return asked if asked in LANGUAGES else "en"


def direction(locale: str) -> str:
    """Of reading: ltr or rtl."""
    return "rtl" if locale.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def signed_in(shop: Shop) -> int | None:
    """The customer of the shop who is signed in."""
    chosen = request.cookies.get("customer", "")
    return int(chosen) if chosen.isdigit() and int(chosen) in shop.customer else None


def customer_of(shop: Shop, email: str) -> int | None:
    """The customer with an address."""
    found = by_email(shop, email) if email else None
    return int(found["id"]) if found else None


def settings_of(shop: Shop, handle: str) -> Record:
    """What the merchant set for an extension; what was never set is not there."""
    kept: Record = shop.settings.get("extension_settings", {}).get(handle, {})
    return kept


def as_json(value: Any) -> str:
    """JSON that can stand within a script element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
