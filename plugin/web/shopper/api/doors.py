"""Where the calls of the surfaces stand: one view behind the storefront's door and the tokens', or the staff's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

from flask import Flask

from plugin.rules.access.roles import Role
from plugin.web import surfaces
from plugin.web.auth import Caller, caller

View = Callable[..., Any]
Method = Literal["GET", "POST"]
_SHOPPERS: tuple[tuple[Caller, str], ...] = (("proxy", surfaces.STOREFRONT), ("shopper", surfaces.SHOPPERS))


def for_shoppers(app: Flask, path: str, view: View, method: Method = "GET", *, asks: bool = False) -> None:
    """A call for the storefront and for Shopify's extensions alike. `asks`: a POST that changes nothing."""
    for kind, start in _SHOPPERS:
        declared = caller(kind, asks=asks)(_own(view))
        app.add_url_rule(start + path, f"{kind}_{view.__name__}_{method.lower()}", declared, methods=[method])


def for_tokens(app: Flask, path: str, view: View, method: Method = "GET", *, asks: bool = False) -> None:
    """A call for Shopify's extensions alone: the storefront has nothing to ask of it."""
    declared = caller("shopper", asks=asks)(_own(view))
    app.add_url_rule(surfaces.SHOPPERS + path, f"shopper_{view.__name__}_{method.lower()}", declared, methods=[method])


def for_staff(
    app: Flask, path: str, view: View, method: Method = "GET", *, role: Role, reads: str | None = None
) -> None:
    """A call for staff in the admin and at the till, with the panel's roles. `reads`: what it shows of people; an act
    leaves it out, and its endpoint, `staff_` with the view's name, is a change of the access log."""
    declared = caller("session", role=role, reads=reads, asks=method == "POST" and reads is not None)(_own(view))
    app.add_url_rule(surfaces.STAFF + path, f"staff_{view.__name__}", declared, methods=[method])


def _own(view: View) -> View:
    """The view once more: what is declared of it holds for one door."""

    @wraps(view)
    def behind(*args: Any, **values: Any) -> Any:
        return view(*args, **values)

    return behind
