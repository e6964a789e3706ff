"""Tokens and the Admin GraphQL API."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from sandbox.run import Running
from sandbox.shop import discounts
from sandbox.shop.orders import Wish
from sandbox.signing import id_token
from sandbox.state import Shop, now
from tests.sandbox.conftest import Client, Listener, variants

CREATE = """mutation ($d: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $d) {
  codeDiscountNode { id } userErrors { field code message } } }"""
BY_CODE = """query ($code: String!) { codeDiscountNodeByCode(code: $code) { id codeDiscount {
  ... on DiscountCodeBasic { title status asyncUsageCount usageLimit } } } }"""


def asked(code: str, **more: Any) -> dict[str, Any]:
    return {
        "title": "A reward", "code": code, "startsAt": "2026-01-01T00:00:00Z", "usageLimit": 1,
        "context": {"all": "ALL"},
        "customerGets": {"value": {"percentage": 0.1}, "items": {"all": True}}, **more,
    }  # fmt: skip


def create(api: Client, code: str, **more: Any) -> dict[str, Any]:
    return api.call(CREATE, d=asked(code, **more))["discountCodeBasicCreate"]


def test_an_id_token_gives_an_expiring_pair(api: Client):
    answer = api.exchange().json()
    assert set(answer) == {"access_token", "scope", "expires_in", "refresh_token", "refresh_token_expires_in"}
    assert (answer["expires_in"], answer["refresh_token_expires_in"]) == (3600, 7776000)
    assert "write_discounts" in answer["scope"].split(",")


def test_forged_expired_and_foreign_id_tokens_are_refused(local: Running, api: Client):
    key, secret, domain = local.options.api_key, local.options.api_secret, api.domain
    bad = (
        id_token(key, "another secret of at least 32 bytes!", domain),
        id_token("another-app", secret, domain),
        id_token(key, secret, "other.myshopify.com"),
        id_token(key, secret, domain, seconds=-60),
        "nonsense",
    )
    for token in bad:
        answer = api.exchange(subject_token=token)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_subject_token")
    assert api.exchange(client_secret="wrong").json()["error"] == "invalid_client"


def test_a_refresh_token_works_until_its_replacement_is_used(api: Client):
    def refresh(token: str) -> requests.Response:
        return api.token_call(grant_type="refresh_token", refresh_token=token)

    first = api.tokens["refresh_token"]
    lost_answer = refresh(first).json()
    second = refresh(first).json()
    assert lost_answer["refresh_token"] != second["refresh_token"] != first
    third = refresh(second["refresh_token"])
    assert third.status_code == 200
    assert (refresh(first).status_code, refresh(first).json()["error"]) == (400, "invalid_grant")


def test_an_unknown_or_expired_access_token_gets_401(local: Running, shop: Shop, api: Client):
    api.session.headers["X-Shopify-Access-Token"] = "shpat_unknown"
    answer = api.raw("{ shop { id } }")
    assert (answer.status_code, "Invalid API key" in answer.json()["errors"]) == (401, True)
    api.session.headers["X-Shopify-Access-Token"] = api.tokens["access_token"]
    shop.token[api.tokens["access_token"]]["expires"] = time.time() - 1
    assert api.raw("{ shop { id } }").status_code == 401


def test_a_code_exists_once_whatever_its_case(api: Client):
    assert create(api, "SUKI-1")["userErrors"] == []
    again = create(api, "suki-1")
    assert again["codeDiscountNode"] is None
    assert [(one["field"], one["code"]) for one in again["userErrors"]] == [(["basicCodeDiscount", "code"], "TAKEN")]
    found = api.call(BY_CODE, code="Suki-1")["codeDiscountNodeByCode"]["codeDiscount"]
    assert found == {"title": "A reward", "status": "ACTIVE", "asyncUsageCount": 0, "usageLimit": 1}
    assert api.call(BY_CODE, code="SUKI-2") == {"codeDiscountNodeByCode": None}


def test_two_creations_at_once_make_one_code(api: Client, shop: Shop):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: create(api, "RACE"), range(16)))
    assert sum(one["codeDiscountNode"] is not None for one in answers) == 1
    assert len(shop.discount) == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": ""}, "BLANK"),
        ({"endsAt": "2025-01-01T00:00:00Z"}, "END_DATE_BEFORE_START_DATE"),
        ({"customerGets": {"value": {"percentage": 10.0}, "items": {"all": True}}}, "VALUE_OUTSIDE_RANGE"),
        ({"context": {"customers": {"add": ["gid://shopify/Customer/1"]}}}, "INVALID"),
    ],
)
def test_a_wrong_discount_is_refused_at_its_field(api: Client, more: dict[str, Any], code: str):
    assert [one["code"] for one in create(api, "X1", **more)["userErrors"]] == [code]


def test_a_code_is_used_once_by_whom_it_belongs_to(local: Running, shop: Shop, api: Client):
    ana = local.box.enrol(shop, first_name="Ana", last_name="Cruz", email="ana@example.com", locale="en")
    mug = variants(shop, "Stoneware mug")[0]
    create(api, "MINE", context={"customers": {"add": [f"gid://shopify/Customer/{ana['id']}"]}})

    def buy(email: str) -> dict[str, Any]:
        return local.box.place(shop, Wish(lines=[(mug["id"], 2)], email=email, codes=["mine"]))

    with pytest.raises(discounts.CodeRefused, match="another customer"):
        buy("ben@example.com")
    order = buy("ana@example.com")
    assert order["codes"] == [{"code": "mine", "amount": 16120, "type": "percentage"}]
    with pytest.raises(discounts.CodeRefused, match="used already"):
        buy("ana@example.com")
    assert api.call(BY_CODE, code="MINE")["codeDiscountNodeByCode"]["codeDiscount"]["asyncUsageCount"] == 1


def test_a_deactivated_code_is_expired_and_refused(local: Running, shop: Shop, api: Client):
    gid = create(api, "GONE")["codeDiscountNode"]["id"]
    mutation = "mutation ($id: ID!) { discountCodeDeactivate(id: $id) { userErrors { code } } }"
    assert api.call(mutation, id=gid)["discountCodeDeactivate"]["userErrors"] == []
    assert discounts.status(next(iter(shop.discount.values())), now()) == "EXPIRED"
    mug = variants(shop, "Stoneware mug")[0]
    with pytest.raises(discounts.CodeRefused, match="not a valid code"):
        local.box.place(shop, Wish(lines=[(mug["id"], 1)], email="a@example.com", codes=["GONE"]))


def test_orders_are_paged_by_when_they_changed(local: Running, shop: Shop, api: Client):
    mug = variants(shop, "Stoneware mug")[0]
    made = [local.box.place(shop, Wish(lines=[(mug["id"], 1)], email="a@example.com")) for _ in range(5)]
    query = """query ($q: String!, $after: String) { orders(first: 2, after: $after, query: $q, sortKey: UPDATED_AT) {
      pageInfo { hasNextPage endCursor } nodes { legacyResourceId } } }"""
    seen: list[str] = []
    after = None
    while True:
        page = api.call(query, q="updated_at:>='2020-01-01T00:00:00Z'", after=after)["orders"]
        seen += [one["legacyResourceId"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [str(one["id"]) for one in made]
    assert api.call(query, q="updated_at:>='2099-01-01T00:00:00Z'", after=None)["orders"]["nodes"] == []


def test_metafields_are_compared_and_set_25_at_a_time(local: Running, shop: Shop, api: Client):
    ana = local.box.enrol(shop, first_name="Ana", last_name="Cruz", email="ana@example.com", locale="en")
    mutation = """mutation ($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) {
      metafields { compareDigest namespace } userErrors { code elementIndex } } }"""
    one = {"ownerId": f"gid://shopify/Customer/{ana['id']}", "key": "points", "value": "12", "type": "number_integer"}
    first = api.call(mutation, m=[one | {"compareDigest": None}])["metafieldsSet"]
    assert first["userErrors"] == []
    stale = api.call(mutation, m=[one | {"compareDigest": None, "value": "13"}])["metafieldsSet"]
    assert stale["userErrors"] == [{"code": "STALE_OBJECT", "elementIndex": 0}]
    digest = first["metafields"][0]["compareDigest"]
    assert api.call(mutation, m=[one | {"compareDigest": digest, "value": "13"}])["metafieldsSet"]["userErrors"] == []
    many = api.call(mutation, m=[one | {"key": f"k{i}"} for i in range(26)])["metafieldsSet"]
    assert many["userErrors"] == [{"code": "LESS_THAN_OR_EQUAL_TO", "elementIndex": None}]
    query = 'query ($id: ID!) { customer(id: $id) { metafield(namespace: "$app", key: "points") { value } } }'
    assert api.call(query, id=one["ownerId"])["customer"]["metafield"] == {"value": "13"}


def test_gift_cards_and_store_credit(local: Running, shop: Shop, api: Client):
    ana = local.box.enrol(shop, first_name="Ana", last_name="Cruz", email="ana@example.com", locale="en")
    gid = f"gid://shopify/Customer/{ana['id']}"
    card = """mutation ($i: GiftCardCreateInput!) { giftCardCreate(input: $i) {
      giftCardCode giftCard { balance { amount } lastCharacters } userErrors { code } } }"""
    amount = {"amount": "500.00", "currencyCode": "PHP"}
    made = api.call(card, i={"code": "SUKI1234ABCD", "initialAmount": amount, "customerId": gid})["giftCardCreate"]
    assert (made["giftCardCode"], made["giftCard"]["balance"]["amount"]) == ("suki1234abcd", "500.0")
    again = api.call(card, i={"code": "suki1234abcd", "initialAmount": amount})["giftCardCreate"]
    assert again["userErrors"] == [{"code": "TAKEN"}]
    credit = """mutation ($id: ID!, $i: StoreCreditAccountCreditInput!) {
      storeCreditAccountCredit(id: $id, creditInput: $i) {
      storeCreditAccountTransaction { account { balance { amount } } } userErrors { code } } }"""
    for total in ("500.0", "1000.0"):
        told = api.call(credit, id=gid, i={"creditAmount": amount})["storeCreditAccountCredit"]
        assert told["storeCreditAccountTransaction"]["account"]["balance"]["amount"] == total


def test_an_empty_bucket_says_throttled_with_200(local: Running, api: Client):
    local.box.calls.buckets.clear()
    local.options.bucket = (25, 5)
    assert create(api, "A1")["userErrors"] == []
    assert create(api, "A2")["userErrors"] == []
    answer = api.raw(CREATE, d=asked("A3"))
    assert answer.status_code == 200
    assert [one["extensions"]["code"] for one in answer.json()["errors"]] == ["THROTTLED"]
    status = answer.json()["extensions"]["cost"]["throttleStatus"]
    assert (status["maximumAvailable"], status["restoreRate"]) == (25.0, 5.0)
    assert status["currentlyAvailable"] < 10
    assert api.call(BY_CODE, code="A3") == {"codeDiscountNodeByCode": None}


def test_a_query_above_a_thousand_points_is_refused(api: Client):
    query = "{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { id product { id } } } } } }"
    answer = api.raw(query).json()
    assert [one["extensions"]["code"] for one in answer["errors"]] == ["MAX_COST_EXCEEDED"]


def test_a_lost_answer_did_what_was_asked(local: Running, api: Client, shop: Shop):
    local.trouble.set(graphql_lost_answer=1)
    with pytest.raises(requests.ConnectionError):
        api.raw(CREATE, d=asked("LOST"))
    local.trouble.calm()
    assert [one["code"] for one in create(api, "LOST")["userErrors"]] == ["TAKEN"]


@pytest.mark.parametrize(("switch", "status"), [("graphql_5xx", 502), ("graphql_401", 401)])
def test_troubled_calls_do_nothing(local: Running, api: Client, shop: Shop, switch: str, status: int):
    local.trouble.set(**{switch: 1})
    assert api.raw(CREATE, d=asked("NO")).status_code == status
    assert not shop.discount


def test_what_the_schema_does_not_have_is_an_error(api: Client):
    answer = api.raw("{ shop { shoeSize } }")
    assert answer.status_code == 200
    assert "Cannot query field 'shoeSize'" in answer.json()["errors"][0]["message"]


def test_hundreds_of_calls_a_second(local: Running, api: Client, app: Listener):
    local.options.bucket = (100_000, 100_000)
    local.box.calls.buckets.clear()
    started = time.monotonic()
    for number in range(200):
        create(api, f"FAST-{number}")
    assert 200 / (time.monotonic() - started) > 60
