"""The security headers of every answer: who may frame it, and what a page may load."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response

from plugin.settings import Settings

SHOPIFY_ADMIN = "https://admin.shopify.com"
_SHOPIFYS = "https://cdn.shopify.com https://*.shopify.com https://*.shopifysvc.com https://*.shopifycloud.com"
_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def secure(response: Response, settings: Settings, domain: str | None) -> Response:
    """Add the headers; `domain` is the shop whose admin may frame the answer ("" when it is not known yet,
    None when nobody may).

    The page that fetches an ID token has the same policy as the pages: App Bridge writes the page that it
    fetches into that document, whose policy stays in force.
    """
    response.headers.update(_COMMON)
    if settings.app_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if domain is None:
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        return response
    response.headers["Content-Security-Policy"] = panel_policy(settings, domain)
    response.headers["Cache-Control"] = "no-store"
    return response


def panel_policy(settings: Settings, domain: str) -> str:
    """The content security policy of a page inside the admin of one shop."""
    scripts = " ".join(sorted({_origin(settings.app_bridge_url), _origin(settings.polaris_url)}))
    frames = dict.fromkeys((f"https://{domain or '*.myshopify.com'}", SHOPIFY_ADMIN, settings.shopify_admin_frame))
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' {scripts}",
        # Polaris puts <style> elements into its components; scripts stay strict.
        "style-src": f"'self' 'unsafe-inline' {scripts}",
        "font-src": f"'self' {scripts}",
        "img-src": "'self' https: data:",
        "connect-src": f"'self' {scripts} {_SHOPIFYS}",
        "frame-src": f"'self' {scripts} {_SHOPIFYS}",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": " ".join(frames),
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
