"""What Shopify signs with the app's secret: webhook bodies, document loads, ID tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
import uuid
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt

from sandbox.options import Options
from sandbox.shop.staff import OWNER, current
from sandbox.state import Shop


def webhook_hmac(secret: str, body: bytes) -> str:
    """The value of X-Shopify-Hmac-Sha256."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def query_hmac(secret: str, query: dict[str, str]) -> str:
    """The hmac parameter of a document load."""
    text = "&".join(f"{key}={value}" for key, value in sorted(query.items()) if key != "hmac")
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def id_token(api_key: str, secret: str, domain: str, seconds: int = 60, account: int = OWNER) -> str:
    """A fresh ID token for the app, of the shop's owner unless it is for somebody else."""
    moment = int(time.time())
    claims = {
        "iss": f"https://{domain}/admin", "dest": f"https://{domain}", "aud": api_key, "sub": str(account),
        "exp": moment + seconds, "nbf": moment - 1, "iat": moment - 1, "jti": str(uuid.uuid4()),
        "sid": str(uuid.uuid4()), "sig": uuid.uuid4().hex,
    }  # fmt: skip
    return jwt.encode(claims, secret, algorithm="HS256")


def origin_of(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def load_url(options: Options, shop: Shop, path: str) -> str:
    """The address of a page of the embedded app, with fresh parameters signed together with its own."""
    parts = urlsplit(path if path.startswith("/") else f"/{path}")
    host = f"{urlsplit(options.url).netloc}/shops/{shop.domain}/admin"
    query = {
        **dict(parse_qsl(parts.query, keep_blank_values=True)),
        "embedded": "1", "host": base64.urlsafe_b64encode(host.encode()).decode().rstrip("="),
        "id_token": id_token(options.api_key, options.api_secret, shop.domain, options.id_token_seconds, current(shop)),
        "locale": shop.settings["locale"], "session": uuid.uuid4().hex, "shop": shop.domain,
        "timestamp": str(int(time.time())),
    }  # fmt: skip
    query["hmac"] = query_hmac(options.api_secret, query)
    return f"{options.app_url.rstrip('/')}{parts.path}?{urlencode(query)}"
