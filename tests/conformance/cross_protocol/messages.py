"""The seven messages that Shopify signs with an app's client secret, minted as its documentation describes them.

Nothing here is taken from the app or from the sandbox. Sources, all on shopify.dev: "Verify webhook deliveries",
"Flow action endpoints", "ID tokens", "Session tokens for checkout extensions", "Verify embedded requests",
"Authorization code grant", "Authenticate app proxies".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

CLIENT_ID = "test-key"
STAFF = "88000123"
CUSTOMER = 7


@dataclass(frozen=True)
class Minted:
    """One message: what exactly was signed, with which result, and how Shopify itself would carry it."""

    kind: str
    door: str
    """The caller that a route has to declare to be the one this message is for; empty: Suki has no such door."""
    signed: bytes
    digest: bytes
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str = ""


def digest(secret: str, text: bytes) -> bytes:
    """HMAC-SHA256, which all seven share."""
    return hmac.new(secret.encode(), text, hashlib.sha256).digest()


def base64url(data: bytes) -> str:
    """As JSON Web Tokens write bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def webhook(secret: str, shop: str, topic: str, said: Mapping[str, object], webhook_id: str = "w-1") -> Minted:
    """A webhook: the raw body is signed, and none of the headers."""
    body = json.dumps(said).encode()
    return _posted("webhook", "webhook", secret, shop, body, topic, webhook_id)


def flow_action(secret: str, shop: str, number: int = 1, webhook_id: str = "w-2") -> Minted:
    """An action that Shopify Flow asks for: signed as a webhook is."""
    body = json.dumps({
        "shop_id": number, "shopify_domain": shop, "action_run_id": "ff4b9c21-cf6a-4d42-9d76-9b2f7a1c5a10",
        "action_definition_id": "suki-give-points", "handle": "suki-give-points",
        "properties": {"customer_id": CUSTOMER, "points": 100000}, "step_reference": "01H",
    }).encode()  # fmt: skip
    return _posted("Flow action", "", secret, shop, body, "", webhook_id)


def _posted(
    kind: str, door: str, secret: str, shop: str, body: bytes, topic: str, webhook_id: str
) -> Minted:  # fmt: skip
    made = digest(secret, body)
    headers = {
        "X-Shopify-Hmac-Sha256": base64.b64encode(made).decode(), "X-Shopify-Shop-Domain": shop,
        "X-Shopify-Topic": topic, "X-Shopify-Webhook-Id": webhook_id, "Content-Type": "application/json",
    }  # fmt: skip
    return Minted(kind, door, body, made, body=body, headers=headers)


def token(kind: str, door: str, secret: str, claims: Mapping[str, object]) -> Minted:
    """A JSON Web Token with these claims."""
    head = base64url(json.dumps({"alg": "HS256", "typ": "JWT"}, separators=(",", ":")).encode())
    signed = f"{head}.{base64url(json.dumps(claims, separators=(',', ':')).encode())}".encode()
    made = digest(secret, signed)
    text = f"{signed.decode()}.{base64url(made)}"
    return Minted(kind, door, signed, made, token=text, headers={"Authorization": f"Bearer {text}"})


def times() -> dict[str, int]:
    """Now, for a minute."""
    moment = int(time.time())
    return {"exp": moment + 60, "nbf": moment - 1, "iat": moment - 1}


def admin_token(secret: str, shop: str, **claims: object) -> Minted:
    """What App Bridge and the till send: an account of the shop's staff."""
    said = {"iss": f"https://{shop}/admin", "dest": f"https://{shop}", "aud": CLIENT_ID, "sub": STAFF, **times(),
            "jti": "j", "sid": "s", **claims}  # fmt: skip
    return token("admin or till token", "session", secret, {key: each for key, each in said.items() if each != ""})


def checkout_token(secret: str, shop: str, **claims: object) -> Minted:
    """What a checkout extension sends: the buyer, if signed in; the shop is a bare domain. A claim given as an empty
    text is left out."""
    said = {"dest": shop, "aud": CLIENT_ID, "sub": f"gid://shopify/Customer/{CUSTOMER}", **times(), "jti": "j",
            **claims}  # fmt: skip
    return token("checkout token", "shopper", secret, {name: each for name, each in said.items() if each != ""})


def account_token(secret: str, shop: str) -> Minted:
    """What an extension of the customer account sends."""
    said = {"dest": shop, "aud": CLIENT_ID, "sub": f"gid://shopify/Customer/{CUSTOMER}", **times(), "jti": "k",
            "iss": "https://shopify.com/authentication/1"}  # fmt: skip
    return token("customer account token", "shopper", secret, said)


def launch(secret: str, shop: str, **chosen: str) -> Minted:
    """The address that the admin opens an app at; its own token left out, which would open it by right."""
    said = {"embedded": "1", "host": base64url(f"admin.shopify.com/store/{shop.partition('.')[0]}".encode()),
            "locale": "en", "session": "5c9d", "shop": shop, "timestamp": str(int(time.time())), **chosen}  # fmt: skip
    return _joined("launch address", secret, said)


def oauth_callback(secret: str, shop: str, state: str = "15773059ddea6105") -> Minted:
    """What Shopify sends a merchant back with after a grant; whoever asks chooses the `state`."""
    said = {"code": "0907a61c0c8d55e99db179b68161bc00", "host": base64url(b"admin.shopify.com/store/x"),
            "shop": shop, "state": state, "timestamp": str(int(time.time()))}  # fmt: skip
    return _joined("OAuth callback", secret, said)


def _joined(kind: str, secret: str, said: Mapping[str, str]) -> Minted:
    text = "&".join(f"{name}={value}" for name, value in sorted(said.items())).encode()
    made = digest(secret, text)
    return Minted(kind, "", text, made, query=urlencode({**said, "hmac": made.hex()}))


def proxy_text(said: Mapping[str, Sequence[str]]) -> str:
    """What is signed of a storefront's request: `name=value` of each, sorted, joined by nothing at all."""
    return "".join(sorted(f"{name}={','.join(values)}" for name, values in said.items()))


def app_proxy(secret: str, shop: str, customer: str = str(CUSTOMER), at: int | None = None,
              **chosen: str | Sequence[str]) -> Minted:  # fmt: skip
    """A storefront's request as Shopify passes it on, with what its visitor wrote into the address."""
    own = {"shop": shop, "logged_in_customer_id": customer, "path_prefix": "/apps/suki",
           "timestamp": str(int(time.time()) if at is None else at)}  # fmt: skip
    both: dict[str, str | Sequence[str]] = {**chosen, **own}
    said = {name: [value] if isinstance(value, str) else list(value) for name, value in both.items()}
    text = proxy_text(said).encode()
    made = digest(secret, text)
    return Minted("app proxy", "proxy", text, made, query=urlencode({**said, "signature": [made.hex()]}, doseq=True))
