"""One secret signs seven messages: each of them is sent to every door that is not its own, and none lets it in.

The doors are read from the app's own routes. A route that no row speaks of fails here: say in PLACES or PUBLIC which
message opens it.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from plugin.app import WEBHOOKS_PATH
from plugin.web.auth import declared_caller
from tests.conformance.cross_protocol import messages
from tests.conformance.cross_protocol.conftest import NUMBERS, SECRET, Town
from tests.conformance.cross_protocol.messages import Minted
from tests.conftest import ShopRow
from webhooks.inbox import process_waiting
from webhooks.topics import SUBSCRIBED

PLACES = {"session": re.compile(r"/|/app(/.*)?|/staff/v1/.*"), "proxy": re.compile(r"/proxy(/.*)?"),
          "shopper": re.compile(r"/shopper/v1/.*"), "key": re.compile(r"/api/v1/.*"),
          "operator": re.compile(r"/metrics"), "link": re.compile(r"/email/<token>(/unsubscribe)?")}  # fmt: skip
"""Where the routes of each caller stand. A session is opened by an admin token, a storefront's page by an app-proxy
query, a shopper's call by a token of checkout or accounts; keys of the API and the operator's token are none of
Shopify's messages."""
PUBLIC = {
    "/healthz",
    "/readyz",
    "/session-token",
    "/static/<mark>/<name>",
    "/api/v1/openapi.json",
    "/shopper/v1/openapi.json",
    "/shopper/history.csv",
    "/link/<named>/<packed>",
    "/seen/<named>.gif",
}
"""These answer everybody, whatever is sent along, and show nothing of a shop."""
JSON_WORDS = {' {"id":1,"a': '":"', "q": '"}'}
"""Makes of a launch address a text that some would read as a JSON object."""
REFUSED = {
    "session": (401, 302),
    "proxy": (401,),
    "shopper": (401,),
    "key": (401,),
    "operator": (401, 404),
    "link": (403,),
}
VICTIM = "demo.myshopify.com"
NAMING = ("shop/redact", "customers/redact", "customers/data_request", "app/uninstalled", "shop/update",
          "app/scopes_update", "orders/paid", "orders/create", "orders/cancelled")  # fmt: skip
"""Topics whose bodies name their shop."""
STORED = ("deliveries", "delivery_ids", "inbox")


def minted(shop: ShopRow) -> dict[str, Minted]:
    """Each of the messages, genuine, of one shop."""
    wanted = "".join((f"logged_in_customer_id={messages.CUSTOMER}", "path_prefix=/apps/suki", f"shop={VICTIM}",
                      f"timestamp={int(time.time())}", "z="))  # fmt: skip
    return {
        "webhook": messages.webhook(SECRET, shop.domain, "orders/paid", {"id": 1, "note": wanted}),
        "Flow action": messages.flow_action(SECRET, shop.domain),
        "admin or till token": messages.admin_token(SECRET, shop.domain),
        "checkout token": messages.checkout_token(SECRET, shop.domain),
        "customer account token": messages.account_token(SECRET, shop.domain),
        "launch address": messages.launch(SECRET, shop.domain),
        "launch address with words of its own": messages.launch(SECRET, shop.domain, **JSON_WORDS),
        "OAuth callback": messages.oauth_callback(SECRET, shop.domain),
        "OAuth callback with words of its own": messages.oauth_callback(SECRET, shop.domain, wanted),
        "app proxy": messages.app_proxy(SECRET, shop.domain),
        "app proxy with words of its own": replace(messages.app_proxy(SECRET, shop.domain, a=wanted), door=""),
    }  # fmt: skip


KINDS = sorted(minted(ShopRow(1, "demo.myshopify.com")))


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Each route as an address, with a method and the caller it declares."""
    for rule in app.url_map.iter_rules():
        kind = declared_caller(app.view_functions[rule.endpoint]) or ""
        address = re.sub(r"<(?:\w+:)?\w+>", "1", re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield address, method, kind


def test_every_route_has_a_row(town: Town) -> None:
    strange = []
    for rule in town.app.url_map.iter_rules():
        kind = declared_caller(town.app.view_functions[rule.endpoint]) or "nobody"
        known = rule.rule in PUBLIC if kind == "public" else kind in PLACES and PLACES[kind].fullmatch(rule.rule)
        if not known:
            strange.append(f"{rule.rule} (for {kind}) has no row: say in PLACES or PUBLIC which message opens it")
    assert strange == []


def carriers(made: Minted, victim: ShopRow) -> Iterator[dict[str, Any]]:
    """The ways to send a message: as Shopify does, and dressed as each of the others."""
    text, hexed = made.signed.decode("latin-1"), made.digest.hex()
    bearer = f"{text}.{messages.base64url(made.digest)}"
    name, _, value = text.partition("=")
    yield {"query_string": f"{made.query}&shop={victim.domain}" if not made.query else made.query,
           "headers": {**made.headers, "X-Shopify-Shop-Domain": victim.domain}, "data": made.body or None}  # fmt: skip
    yield {"headers": {"Authorization": f"Bearer {bearer}".replace("\n", " ")}}
    yield {"query_string": urlencode({"id_token": bearer, "shop": victim.domain, "embedded": "1"})}
    yield {"query_string": urlencode([(name, value), ("signature", hexed), ("shop", victim.domain)])}
    yield {"query_string": urlencode([*_cut(text), ("signature", hexed)])}


def _cut(text: str) -> list[tuple[str, str]]:
    """The text as the parameters of a storefront's visit, wherever it has them."""
    names = ("logged_in_customer_id=", "path_prefix=", "shop=", "timestamp=", "z=")
    start = max(0, text.find(names[0]))
    found = sorted({0, *(at for name in names if (at := text.find(name, start)) >= 0)})
    pieces = [text[one:two] for one, two in zip(found, [*found[1:], len(text)], strict=True)]
    return [(piece.partition("=")[0], piece.partition("=")[2]) for piece in pieces]


def _open(town: Town, address: str, method: str, sent: dict[str, Any]) -> TestResponse:
    return town.client.open(address, method=method, **sent)


@pytest.mark.parametrize("kind", KINDS)
def test_no_route_takes_a_message_that_is_anothers(town: Town, kind: str) -> None:
    before = town.held()
    for made in (minted(town.mine)[kind], minted(town.theirs)[kind]):
        for address, method, caller in routes(town.app):
            for number, sent in enumerate(carriers(made, town.mine)):
                if caller != "public" and not (caller == made.door and _is_its_own(made, number, address)):
                    _is_refused(town, address, method, caller, sent, (made.kind, number))
    assert town.held() == before


def _is_refused(town: Town, address: str, method: str, caller: str, sent: dict[str, Any], what: object) -> None:
    answer = _open(town, address, method, sent)
    said = (what, method, address, answer.status_code)
    assert answer.status_code in REFUSED[caller], said
    if answer.status_code == 302:
        assert not address.startswith("/staff/"), said
        assert answer.headers["Location"].startswith("/session-token?"), said
        assert method == "GET", said
    assert town.mine.domain not in answer.text, said


def _is_its_own(made: Minted, number: int, address: str) -> bool:
    """Whether this way of sending it makes the message that the door is for, whole and uncut. A token for a program is
    carried in the header; the panel takes one in its address, too."""
    if made.kind == "app proxy":
        return number in (0, 4)
    return number in (0, 1) or not (made.door == "shopper" or address.startswith("/staff/"))


def test_the_webhook_door_takes_no_other_message(town: Town) -> None:
    before = town.held()
    for made in (*minted(town.mine).values(), *minted(town.theirs).values()):
        if made.kind in ("webhook", "Flow action"):
            continue
        for number, topic in enumerate(sorted(SUBSCRIBED)):
            for victim in (town.mine, town.theirs):
                answer = _post(town, made.signed, made.digest, topic, victim.domain, f"x-{number}-{victim.id}")
                assert (answer.status_code, answer.text) == (401, "bad signature"), (made.kind, topic)
        assert _post(town, made.query.encode(), made.digest, "shop/redact", town.mine.domain, "y").status_code == 401
    assert town.held() == before


def _post(town: Town, body: bytes, digest: bytes, topic: str, domain: str, webhook_id: str) -> TestResponse:
    headers = {"X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(), "X-Shopify-Shop-Domain": domain,
               "X-Shopify-Topic": topic, "X-Shopify-Webhook-Id": webhook_id}  # fmt: skip
    return town.client.post(WEBHOOKS_PATH, data=body, headers=headers)


def test_a_flow_action_is_stored_as_no_webhook_and_does_nothing(town: Town) -> None:
    """It is signed as a webhook is, so that the door cannot tell; the inbox does, before anything follows."""
    before = town.held(*STORED)
    for number, shop in zip(NUMBERS, (town.mine, town.theirs), strict=True):
        made = messages.flow_action(SECRET, shop.domain, number)
        for place, topic in enumerate(sorted(SUBSCRIBED)):
            for victim in (town.mine, town.theirs):
                _post(town, made.signed, made.digest, topic, victim.domain, f"f-{place}-{number}-{victim.id}")
    _settle(town)
    assert town.held(*STORED) == before


def test_a_genuine_webhook_of_their_shop_does_nothing_in_mine(town: Town) -> None:
    told = {"id": 1, "shop_id": NUMBERS[1], "shop_domain": town.theirs.domain, "myshopify_domain": town.theirs.domain,
            "customer": {"id": 7, "email": "ana@example.com"}, "orders_to_redact": [1], "current": [], "name": "X",
            "currency": "JPY", "order_status_url": f"https://x.test/{NUMBERS[1]}/orders/0a/authenticate"}  # fmt: skip
    before = town.held(*STORED)
    for topic in NAMING:
        made = messages.webhook(SECRET, town.theirs.domain, topic, told)
        assert _post(town, made.body, made.digest, topic, town.mine.domain, f"g-{topic}").status_code == 200
    _settle(town)
    assert town.held(*STORED) == before


def _settle(town: Town) -> None:
    later = datetime.now(UTC) + timedelta(minutes=1)
    while process_waiting(town.engine, lambda: later):
        pass


NEARLY: dict[str, dict[str, str]] = {
    "a customer": {"sub": "gid://shopify/Customer/7"}, "a bare dest": {"dest": VICTIM}, "no issuer": {"iss": ""},
    "the bare shop": {"iss": f"https://{VICTIM}"}, "another shop": {"iss": "https://other.myshopify.com/admin"},
    "the accounts": {"iss": "https://shopify.com/authentication/1"}, "another app": {"aud": "another-app"},
    "somebody in front": {"dest": f"https://{VICTIM}@evil.example"},
}  # fmt: skip


def test_a_token_that_is_nearly_one_of_the_staff_opens_nothing(town: Town) -> None:
    before = town.held()
    tokens = {why: messages.admin_token(SECRET, VICTIM, **claims) for why, claims in NEARLY.items()}
    tokens["forged"] = messages.admin_token("another-secret-of-32-bytes-or-more", VICTIM)
    for why, made in tokens.items():
        for sent in ({"headers": made.headers}, {"query_string": {"id_token": made.token, "shop": VICTIM}}):
            for method in ("GET", "POST"):
                assert _open(town, "/app/settings", method, sent).status_code in (401, 302), why
    assert town.held() == before


def _near(shop: str) -> dict[str, Minted]:
    """Tokens that are nearly those of a shopper."""
    moment = int(time.time())
    nearly: dict[str, dict[str, object]] = {
        "staff": {"sub": messages.STAFF}, "another kind": {"sub": "gid://shopify/Order/7"},
        "an admin": {"iss": f"https://{shop}/admin"}, "another app": {"aud": "another-app"},
        "somebody in front": {"dest": f"{shop}@evil.example"}, "another host": {"dest": "evil.example"},
        "expired": {"exp": moment - 60}, "future": {"nbf": moment + 60}, "no end": {"exp": ""},
        "no beginning": {"nbf": ""}, "a day long": {"exp": moment + 86_400},
    }  # fmt: skip
    return {
        "forged": messages.checkout_token("another-secret-of-32-bytes-or-more", shop),
        **{why: messages.checkout_token(SECRET, shop, **claims) for why, claims in nearly.items()},
    }


def test_a_token_that_is_nearly_one_of_a_shopper_opens_nothing(town: Town) -> None:
    before = town.held()
    doors = [(address, method) for address, method, caller in routes(town.app) if caller == "shopper"]
    for why, made in _near(VICTIM).items():
        for address, method in doors:
            assert _open(town, address, method, {"headers": made.headers}).status_code == 401, (why, address)
    assert town.held() == before


def test_each_message_opens_its_own_door_and_its_own_shop_only(town: Town) -> None:
    """Otherwise everything above would hold for an app that is shut."""
    for shop, other in ((town.mine, town.theirs), (town.theirs, town.mine)):
        all_of = minted(shop)
        page = town.client.get("/app/settings", headers=all_of["admin or till token"].headers,
                               query_string={"shop": other.domain})  # fmt: skip
        assert (page.status_code, other.domain in page.text) == (200, False)
        assert f"https://{shop.domain} " in page.headers["Content-Security-Policy"]
        assert town.client.get("/proxy/rewards", query_string=all_of["app proxy"].query).status_code == 200
        made = all_of["webhook"]
        assert _post(town, made.body, made.digest, "orders/paid", shop.domain, f"h-{shop.id}").status_code == 200


def test_what_answers_everybody_answers_the_same_whatever_is_sent_along(town: Town) -> None:
    before = town.held()
    for address, method, caller in routes(town.app):
        if caller != "public":
            continue
        bare = _open(town, address, method, {})
        for kind, made in minted(town.mine).items():
            for sent in carriers(made, town.mine):
                along = _open(town, address, method, {"headers": sent.get("headers", {})})
                assert (along.status_code, along.data) == (bare.status_code, bare.data), (address, kind)
                assert _open(town, address, method, sent).status_code == bare.status_code, (address, kind)
    assert town.held() == before
