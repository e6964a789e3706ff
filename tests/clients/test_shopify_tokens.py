"""An ID token becomes a pair of tokens, and a pair becomes the next, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from plugin.clients import http
from plugin.clients.shopify import tokens
from plugin.errors import Refused, TokenRejected, Unauthorized, Unavailable
from tests.clients.scripted import SHOP, Hang, Say, Server, serving

PAIR = {
    "access_token": "shpat_access",
    "expires_in": 3600,
    "refresh_token": "shprt_refresh",
    "refresh_token_expires_in": 7776000,
    "scope": "write_discounts,read_orders",
}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def exchange(server: Server) -> tokens.TokenPair:
    return tokens.exchange(server.settings(), http.new_session(), SHOP, "the.id.token")


def refresh(server: Server) -> tokens.TokenPair:
    return tokens.refresh(server.settings(), http.new_session(), SHOP, "shprt_old")


def test_an_id_token_is_exchanged_for_an_expiring_offline_pair(server: Server) -> None:
    server.will(Say(PAIR))
    before = datetime.now(UTC)
    pair = exchange(server)
    assert (pair.access_token, pair.refresh_token) == ("shpat_access", "shprt_refresh")
    assert pair.scopes == ("read_orders", "write_discounts")
    assert before + timedelta(hours=1) <= pair.access_expires_at <= datetime.now(UTC) + timedelta(hours=1)
    assert timedelta(days=89) < pair.refresh_expires_at - before < timedelta(days=91)
    (asked,) = server.asked
    assert asked["path"] == f"/shops/{SHOP}/admin/oauth/access_token"
    assert asked["json"] == {
        "client_id": "key",
        "client_secret": "hush-hush",
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": "the.id.token",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
        "expiring": 1,
    }


def test_a_refresh_token_is_exchanged_for_the_next_pair(server: Server) -> None:
    server.will(Say(PAIR))
    assert refresh(server).refresh_token == "shprt_refresh"
    assert server.asked[0]["json"] == {
        "client_id": "key",
        "client_secret": "hush-hush",
        "grant_type": "refresh_token",
        "refresh_token": "shprt_old",
    }


def test_a_pair_does_not_show_its_tokens(server: Server) -> None:
    server.will(Say(PAIR))
    assert "shp" not in repr(exchange(server))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Say({"error": "invalid_subject_token"}, 400), Unauthorized),
        (Say({"error": "invalid_grant"}, 400), TokenRejected),
        (Say({"error": "invalid_client"}, 400), Refused),
        (Say({"error": "something_new"}, 400), Refused),
        (Say(b"<html>", 404), Refused),
        (Say({}, 429, {"Retry-After": "3"}), Unavailable),
        (Say({}, 502), Unavailable),
        (Say(b"<html>"), Unavailable),
        (Say({**PAIR, "refresh_token": None}), Unavailable),
        (Say({**PAIR, "expires_in": "soon"}), Unavailable),
        (Say({**PAIR, "expires_in": 10**30}), Unavailable),
        (Say({**PAIR, "scope": 1}), Unavailable),
        (Hang(), Unavailable),
    ],
)
def test_each_refusal_says_what_to_do_and_shows_no_token(
    server: Server, answer: object, error: type[Exception]
) -> None:
    server.will(answer)
    with pytest.raises(error) as caught:
        refresh(server)
    assert "shp" not in str(caught.value) and "hush" not in str(caught.value)
    assert caught.value.__cause__ is None
