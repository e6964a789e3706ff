"""The security headers of every answer: who may frame it, and what a page may load."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Response

from plugin.settings import Settings

SHOPIFY_ADMIN = "https://admin.shopify.com"
_SHOPIFYS = "https://*.shopify.com https://*.shopifysvc.com https://*.shopifycloud.com"
_FONTS = "https://cdn.shopify.com/static/fonts/"
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?")
_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def secure(response: Response, settings: Settings, domain: str | None, pictures: Sequence[str] = ()) -> Response:
    """Add the headers; `domain` is the shop whose admin may frame the answer ("" when it is not known yet,
    None when nobody may), `pictures` are addresses whose hosts it may show pictures from.

    The page that fetches an ID token has the same policy as the pages: App Bridge writes the page that it
    fetches into that document, whose policy stays in force.
    """
    response.headers.update(_COMMON)
    if settings.app_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if domain is None:
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        return response
    response.headers["Content-Security-Policy"] = panel_policy(settings, domain, pictures)
    response.headers["Cache-Control"] = "no-store"
    return response


def panel_policy(settings: Settings, domain: str, pictures: Sequence[str] = ()) -> str:
    """The content security policy of a page inside the admin of one shop."""
    scripts = " ".join(sorted({_folder(settings.app_bridge_url), _folder(settings.polaris_url)}))
    # Any merchant's uploaded files lie on that host: enough for a picture, too much for a script.
    shown = " ".join(sorted({settings.shopify_files_url, *filter(None, map(_origin, pictures))}))
    frames = dict.fromkeys((*((f"https://{domain}",) if domain else ()), SHOPIFY_ADMIN, settings.shopify_admin_frame))
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {scripts}",
        # Polaris puts <style> elements into its components; scripts stay strict.
        "style-src": f"'self' 'unsafe-inline' {scripts} {_FONTS}",
        "font-src": f"'self' {scripts} {_FONTS}",
        "img-src": f"'self' data: {shown}",
        "connect-src": f"'self' {scripts} {_SHOPIFYS}",
        "frame-src": f"'self' {scripts} {_SHOPIFYS}",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": " ".join(frames),
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _folder(url: str) -> str:
    """Where the file of an address lies: a policy that names the whole host lets everybody's files in."""
    return url.partition("?")[0].rpartition("/")[0] + "/"


def _origin(url: str) -> str:
    """The host of an address as a policy names it; nothing for what would be more than a host in a policy."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme == "https" and _HOST.fullmatch(parts.netloc) else ""
