"""One visit to the online store: whose it is, what Liquid knows, and which blocks of the app stand on the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import request
from liquid import Environment
from markupsafe import Markup

from sandbox.local import Sandbox
from sandbox.pages.app_proxy import at_home, signed_in
from sandbox.shop.carts import COOKIE, Cart
from sandbox.state import Record, Shop
from sandbox.storefront import objects
from sandbox.storefront.extension import Extension

LOOK = "storefront"
"""In the shop's settings: what the merchant set in the theme editor."""
PLACES = {
    "home": ("account_teaser", "referral_banner"),
    "product": ("product_points",),
    "cart": ("cart_points",),
    "page": ("rewards_page",),
}
"""Blocks of the extension on each template, in this theme."""
TEMPLATES = {"home": "index", "product": "product", "cart": "cart", "page": "page"}


@dataclass
class Visit:
    """One page for one visitor."""

    box: Sandbox
    shop: Shop
    template: str = "home"
    extra: Record = field(default_factory=dict)

    @property
    def root(self) -> str:
        """Where the store begins: here all shops share one host, and each has a path of its own."""
        return f"/shops/{self.shop.domain}/"

    @cached_property
    def extension(self) -> Extension | None:
        """The theme extension, where the sandbox was given one; `?app=off` shows the page without it."""
        folder = self.box.options.theme_extension if request.args.get("app") != "off" else None
        return Extension(Path(folder)) if folder and Path(folder, "blocks").is_dir() else None

    @property
    def look(self) -> Record:
        """What the merchant set: which embeds are off, and blocks' settings by name."""
        return {"off": [], "settings": {}, "language": "en", **self.shop.settings.get(LOOK, {})}

    @property
    def language(self) -> str:
        """The language of the page."""
        asked = request.args.get("locale", "")
        return asked if asked.replace("-", "").isalnum() and len(asked) < 12 else str(self.look["language"])

    @property
    def customer(self) -> Record | None:
        """Who is signed in."""
        key = signed_in(self.shop)
        return self.shop.customer.get(int(key)) if key else None

    @cached_property
    def cart(self) -> Cart:
        """The visitor's cart."""
        return self.box.carts.of(request.cookies.get(COOKIE, ""))

    @cached_property
    def liquid(self) -> Record:
        """Everything that Liquid knows on this page."""
        customer = self.customer
        return {
            "shop": objects.shop_object(self.shop, self.root), "app": objects.app_object(self.shop),
            "customer": objects.customer_object(self.shop, customer),
            "cart": objects.cart_object(self.shop, self.cart, customer["id"] if customer else None, self.root),
            "routes": objects.routes_object(self.root, request.full_path.rstrip("?")),
            "request": objects.request_object(
                TEMPLATES.get(self.template, self.template), self.language,
                design_mode="design" in request.args, host=self.shop.domain,
            ),
            "localization": {"language": {"iso_code": self.language}, "country": {"iso_code": "PH"}}, **self.extra,
        }  # fmt: skip

    @property
    def files(self) -> str:
        """Where the extension's files are served from."""
        return f"{self.root}cdn/extension"

    @cached_property
    def environment(self) -> Environment:
        """Liquid for this visit."""
        assert self.extension is not None
        return self.extension.environment(self.language, self.shop.currency, self.files)

    def names(self) -> list[str]:
        """The blocks on this page: those of the template, and the embeds that are switched on."""
        if self.extension is None:
            return []
        here = [name for name in PLACES.get(self.template, ()) if name in self.extension.blocks]
        return [*here, *self.embeds()]

    def embeds(self) -> list[str]:
        """The embeds that the merchant has not switched off."""
        blocks = self.extension.blocks if self.extension else {}
        asked_off = request.args.get("embed") == "off"
        return [name for name, one in blocks.items() if one.embed and name not in self.look["off"] and not asked_off]

    def blocks(self, names: Iterable[str] | None = None) -> Markup:
        """These blocks, or those of the template, as HTML whose links lead into this shop."""
        if self.extension is None:
            return Markup("")
        wanted = [name for name in names or PLACES.get(self.template, ()) if name in self.extension.blocks]
        settings: dict[str, Any] = self.look["settings"]
        made = [self.extension.render(name, self.environment, settings.get(name, {}), **self.liquid) for name in wanted]
        return Markup(at_home(self.box, self.shop, "\n".join(made)))

    def head(self) -> Markup:
        """Scripts and styles of the page's blocks."""
        return self.extension.heads(self.names(), self.files) if self.extension else Markup("")
