"""shopify.app.toml says what the code does, and asks for no more and no less than the code needs."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from plugin.actions.emails.own_files import READ_FILES
from plugin.clients.shopify import queries_files, queries_languages, queries_money
from plugin.clients.shopify.admin import missing_scopes
from plugin.rules.rewards.money_rewards import NEEDS
from tests.conformance import examples
from tests.conformance.official import API_VERSION, ROOT
from tests.conformance.test_graphql import DOCUMENTS
from webhooks import topics

TEXT = (ROOT / "shopify.app.toml").read_text("utf-8")
APP: dict[str, Any] = tomllib.loads(TEXT)

# Key names as in the app-configuration reference and in the CLI's own source.
KEYS = {
    "": "client_id name handle application_url embedded build access_scopes auth webhooks app_proxy pos "
    "app_preferences customer order access",
    "build": "automatically_update_urls_on_dev include_config_on_deploy dev_store_url",
    "access_scopes": "scopes optional_scopes",
    "auth": "redirect_urls",
    "webhooks": "api_version subscriptions",
    "app_proxy": "url prefix subpath",
    "pos": "embedded",
    "app_preferences": "url",
}
SUBSCRIPTION_KEYS = {"name", "uri", "topics", "compliance_topics", "filter", "include_fields"}
METAFIELD_KEYS = {"type", "name", "description", "access", "capabilities", "validations"}

# Shopify publishes no machine-readable table of these: from the reference page of each root field.
SCOPES = {
    "currentAppInstallation": (),
    "shop": (),
    "discountCodeBasicCreate": ("write_discounts",),
    "discountCodeFreeShippingCreate": ("write_discounts",),
    "discountCodeDeactivate": ("write_discounts",),
    "codeDiscountNodeByCode": ("read_discounts",),
    "discountRedeemCodeBulkAdd": ("write_discounts",),
    "discountRedeemCodeBulkCreation": ("read_discounts",),
    "discountCodeRedeemCodeBulkDelete": ("write_discounts",),
    "node": ("read_discounts",),
    "giftCard": ("read_gift_cards",),
    "giftCards": ("read_gift_cards",),
    "giftCardCreate": ("write_gift_cards", "write_customers"),
    "giftCardDeactivate": ("write_gift_cards",),
    "storeCreditAccountCredit": ("write_store_credit_account_transactions",),
    "storeCreditAccountDebit": ("write_store_credit_account_transactions",),
    "orders": ("read_orders", "read_customers"),
    "order": ("read_orders", "read_customers", "read_products"),
    "refund": ("read_orders",),
    "nodes": ("read_products", "read_customers", "read_discounts"),
    "products": ("read_products",),
    "bulkOperation": (),
    "bulkOperationRunQuery": ("read_orders",),
    "collections": ("read_products",),
    "productTags": ("read_products",),
    "productVendors": ("read_products",),
    "customer": ("read_customers",),
    "customerByIdentifier": ("read_customers",),
    "customers": ("read_customers",),
    "metafieldsSet": ("write_customers",),
    "customerEmailMarketingConsentUpdate": ("write_customers",),
    "tagsAdd": ("write_customers",),
    "tagsRemove": ("write_customers",),
    "flowTriggerReceive": (),
    "files": ("read_files",),
    "shopLocales": ("read_locales",),
    "webhookSubscriptions": (),
    "webhookSubscriptionCreate": ("read_orders",),
    "webhookSubscriptionDelete": (),
}


def subscribed(key: str) -> list[str]:
    return [topic for each in APP["webhooks"]["subscriptions"] for topic in each.get(key, ())]


def handlers() -> dict[str, tuple[str, str]]:
    """topic → (file, function), from the comments."""
    found = re.findall(r'^\s*"([\w/.]+)",\s*# ([\w/]+\.py): (\w+)$', TEXT, re.MULTILINE)
    return {topic: (file, function) for topic, file, function in found}


def test_the_key_names_are_shopifys() -> None:
    assert APP.keys() <= set(KEYS[""].split())
    for section, names in KEYS.items():
        if section:
            assert APP[section].keys() <= set(names.split()), section
    for each in APP["webhooks"]["subscriptions"]:
        assert each.keys() <= SUBSCRIPTION_KEYS
    for metafield in APP["customer"]["metafields"]["app"].values():
        assert metafield.keys() <= METAFIELD_KEYS


def test_the_limits_of_names_are_kept() -> None:
    assert len(APP["name"]) <= 30
    assert len(APP["app_proxy"]["subpath"]) <= 30
    assert APP["app_proxy"]["prefix"] in {"a", "apps", "community", "tools"}
    assert APP["auth"]["redirect_urls"]
    assert APP["webhooks"]["api_version"] == API_VERSION


def test_relative_addresses_can_be_joined_to_the_application_address() -> None:
    assert re.fullmatch(r"https://[^/]+", APP["application_url"])


def test_every_webhook_goes_to_the_one_address() -> None:
    assert {each["uri"] for each in APP["webhooks"]["subscriptions"]} == {"/webhooks"}


def test_the_subscriptions_are_the_topics_that_the_code_takes() -> None:
    named = subscribed("topics") + subscribed("compliance_topics")
    assert sorted(named) == sorted(topics.SUBSCRIBED)
    assert sorted(subscribed("compliance_topics")) == sorted(topics.COMPLIANCE)


def test_shopify_knows_every_topic_and_lets_it_stand_in_this_file() -> None:
    newest = examples.versions()[-1]
    for topic in topics.SUBSCRIBED:
        about = examples.about(topic, newest)
        assert about, topic
        assert "toml" in about["available_on"], topic
        assert not about["deprecated"], topic


@pytest.mark.parametrize("topic", sorted(topics.SUBSCRIBED))
def test_the_handler_named_beside_a_topic_exists(topic: str) -> None:
    file, function = handlers()[topic]
    assert (ROOT / file).is_file(), f"{topic}: {file} does not exist"
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert function in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}, f"{file}: {function}"


_ASKED_LATER = (queries_money, queries_files, queries_languages)
OPTIONAL = {name for module in _ASKED_LATER for name in vars(module) if name.isupper()}


def scopes() -> list[str]:
    return [each.strip() for each in APP["access_scopes"]["scopes"].split(",")]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_scopes_suffice_for_every_document(name: str) -> None:
    (operation,) = [each for each in parse(DOCUMENTS[name]).definitions if isinstance(each, OperationDefinitionNode)]
    roots = [each.name.value for each in operation.selection_set.selections if isinstance(each, FieldNode)]
    granted = scopes() + (APP["access_scopes"]["optional_scopes"] if name in OPTIONAL else [])
    assert missing_scopes(granted, [scope for root in roots for scope in SCOPES[root]]) == frozenset()


def test_the_scopes_for_money_and_files_are_asked_for_when_they_are_first_needed() -> None:
    optional = APP["access_scopes"]["optional_scopes"]
    wanted = [scope for each in NEEDS.values() for scope in each]
    assert missing_scopes(optional, [*wanted, READ_FILES]) == frozenset()


@pytest.mark.parametrize("topic", sorted(set(topics.SUBSCRIBED) - set(topics.COMPLIANCE)))
def test_the_scopes_suffice_for_every_topic(topic: str) -> None:
    about = examples.about(topic, examples.versions()[-1])
    assert about
    wanted = about.get("access_scopes")
    assert not wanted or any(not missing_scopes(scopes(), [f"read_{scope.removeprefix('read_')}"]) for scope in wanted)


def test_no_scope_is_asked_for_twice_or_without_need() -> None:
    needed = {scope for wanted in SCOPES.values() for scope in wanted} | {"read_customer_merge"}
    assert not [scope for scope in scopes() if not _covers_some(scope, needed)]
    optional = APP["access_scopes"]["optional_scopes"]
    assert missing_scopes(scopes(), optional) == set(optional)


def _covers_some(scope: str, needed: set[str]) -> bool:
    return any(not missing_scopes([scope], [each]) for each in needed)


def test_the_command_of_shopify_web_toml_runs_without_a_shell() -> None:
    web = tomllib.loads((ROOT / "shopify.web.toml").read_text("utf-8"))
    assert web["webhooks_path"] == "/webhooks"
    assert not re.search(r"[$|;<>&\"'`]", web["commands"]["dev"])
    assert web["commands"]["dev"].split()[:3] == ["python", "-m", "plugin.cli"]


NAMES_THE_SHOP = {
    **dict.fromkeys(("orders/create", "orders/paid", "orders/updated", "orders/cancelled"), "order_status_url"),
    **dict.fromkeys(("app/uninstalled", "shop/update"), "myshopify_domain"),
    "app/scopes_update": "shop_id",
}
"""By what the body of a topic says whose it is; the privacy topics always come whole."""


def test_what_is_left_out_of_bodies_is_never_whose_they_are() -> None:
    for subscription in APP["webhooks"]["subscriptions"]:
        if fields := subscription.get("include_fields"):
            needed = {NAMES_THE_SHOP[topic] for topic in subscription.get("topics", ()) if topic in NAMES_THE_SHOP}
            assert needed <= set(fields)
