"""Token exchange and refresh, with the lifetimes and the rotation of Shopify's expiring offline tokens."""

from __future__ import annotations

import secrets
import time
from typing import Any

import jwt

from sandbox.options import Options
from sandbox.shop.staff import associated_user
from sandbox.state import Record, Shop

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
ONLINE_SECONDS = 86_400

Answer = tuple[int, dict[str, Any]]


def _refused(code: str, text: str, status: int = 400) -> Answer:
    return status, {"error": code, "error_description": text}


def grant(options: Options, shop: Shop, asked: dict[str, Any]) -> Answer:
    """Answer a POST to /admin/oauth/access_token."""
    if asked.get("client_id") != options.api_key:
        return _refused("invalid_client", "No application with this client_id", 401)
    if asked.get("client_secret") != options.api_secret:
        return _refused("invalid_client", "The client secret is not right", 401)
    if asked.get("grant_type") == EXCHANGE:
        return _exchange(options, shop, asked)
    if asked.get("grant_type") == "refresh_token":
        return _refresh(options, shop, str(asked.get("refresh_token", "")))
    return _refused("unsupported_grant_type", "Unknown grant_type")


def _exchange(options: Options, shop: Shop, asked: dict[str, Any]) -> Answer:
    if asked.get("subject_token_type") != ID_TOKEN:
        return _refused("invalid_request", "subject_token_type is not that of an id_token")
    if asked.get("requested_token_type") not in (OFFLINE, ONLINE):
        return _refused("invalid_request", "requested_token_type is not known")
    try:
        claims = jwt.decode(
            str(asked.get("subject_token", "")), options.api_secret, algorithms=["HS256"],
            audience=options.api_key, leeway=5, options={"require": ["exp", "nbf", "dest", "iss"]},
        )  # fmt: skip
    except jwt.InvalidTokenError as error:
        return _refused("invalid_subject_token", f"Invalid subject token: {error}")
    if claims["dest"] != f"https://{shop.domain}":
        return _refused("invalid_subject_token", "The subject token is for another shop")
    shop.settings["installed"] = True
    shop.save_settings()
    if asked["requested_token_type"] == ONLINE:
        return 200, _online(shop, claims)
    return 200, _issue(options, shop, expiring=str(asked.get("expiring", "0")) in ("1", "True", "true"))


def _online(shop: Shop, claims: dict[str, Any]) -> dict[str, Any]:
    """A token of the person who asks, which ends with their session, and who that is."""
    scopes = ",".join(shop.settings["scopes"])
    record: Record = {
        "id": f"shpat_{secrets.token_hex(16)}", "refresh": "", "family": secrets.token_hex(8),
        "expires": time.time() + ONLINE_SECONDS, "issued": time.time(), "refresh_expires": 0.0, "refresh_used": None,
        "refresh_dead": True,
    }  # fmt: skip
    shop.save("token", record)
    return {
        "access_token": record["id"], "scope": scopes, "expires_in": ONLINE_SECONDS - 1,
        "associated_user_scope": scopes, "associated_user": associated_user(int(claims["sub"])),
    }  # fmt: skip


def _issue(options: Options, shop: Shop, expiring: bool, family: str = "") -> dict[str, Any]:
    moment = time.time()
    record: Record = {
        "id": f"shpat_{secrets.token_hex(16)}", "refresh": "", "family": family or secrets.token_hex(8),
        "expires": moment + options.token_seconds if expiring else None, "issued": moment,
        "refresh_expires": moment + options.refresh_seconds, "refresh_used": None, "refresh_dead": False,
    }  # fmt: skip
    answer = {"access_token": record["id"], "scope": ",".join(shop.settings["scopes"])}
    if expiring:
        record["refresh"] = f"shprt_{secrets.token_hex(16)}"
        answer |= {
            "expires_in": options.token_seconds, "refresh_token": record["refresh"],
            "refresh_token_expires_in": options.refresh_seconds,
        }  # fmt: skip
    shop.save("token", record)
    return answer


def _refresh(options: Options, shop: Shop, refresh: str) -> Answer:
    """A new pair. The former refresh token works until its replacement is used, at most 30 days."""
    with shop.lock:
        record = next((one for one in shop.token.values() if one["refresh"] and one["refresh"] == refresh), None)
        moment = time.time()
        if not record or record["refresh_dead"] or record["refresh_expires"] <= moment:
            return _refused("invalid_grant", "The refresh token is not known, used up or expired")
        if record["refresh_used"] and moment > record["refresh_used"] + 30 * 24 * 3600:
            return _refused("invalid_grant", "The refresh token was replaced")
        record["refresh_used"] = record["refresh_used"] or moment
        for other in shop.token.values():
            if other["family"] == record["family"] and other["issued"] < record["issued"]:
                other["refresh_dead"] = True
        shop.save("token", record)
        return 200, _issue(options, shop, expiring=True, family=record["family"])


def is_valid(shop: Shop, token: str) -> bool:
    """Whether an access token opens this shop's Admin API."""
    record = shop.token.get(token)
    return bool(
        record and shop.settings["installed"] and (record["expires"] is None or record["expires"] > time.time())
    )


def revoke_all(shop: Shop) -> None:
    """The app was removed: its tokens are dead."""
    for key in list(shop.token):
        shop.drop("token", key)
