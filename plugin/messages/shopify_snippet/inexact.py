"""Why a snippet says "about": what of a programme Shopify's templates cannot see, in the merchant's own names."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.messages.shopify_snippet.arithmetic import SnippetShop
from plugin.rules.money import minor_digits
from plugin.rules.orders.earning_rules import OrderEarning
from plugin.rules.programme import Basis, Programme
from plugin.rules.words.texts import Said


def reasons(programme: Programme, shop: SnippetShop) -> tuple[Said, ...]:
    """Each reason in words for staff; none where the snippet counts to the point.

    >>> reasons(Programme(), SnippetShop("PHP"))
    ()
    """
    return (
        *_of_the_basis(programme.basis, shop),
        *_of_the_currency(shop),
        *_of_the_tiers(programme),
        *_of_the_rules(programme.orders),
    )


def _of_the_basis(basis: Basis, shop: SnippetShop) -> Iterator[Said]:
    if basis.tax != shop.prices_include_tax:
        yield Said("messages.shopify_mail.because.tax")
    if basis.shipping:
        yield Said("messages.shopify_mail.because.shipping")
    if basis.excluded_tags:
        yield Said("messages.shopify_mail.because.tags")
    if basis.excluded_collections:
        yield Said("messages.shopify_mail.because.collections")
    if not basis.paid_by_gift_card:
        yield Said("messages.shopify_mail.because.gift_cards")
    if not basis.paid_by_store_credit:
        yield Said("messages.shopify_mail.because.store_credit")


def _of_the_currency(shop: SnippetShop) -> Iterator[Said]:
    """Templates give amounts in hundredths: the third decimal of some currencies is not among them."""
    if minor_digits(shop.currency) > 2:
        yield Said("messages.shopify_mail.because.currency", currency=shop.currency)


def _of_the_tiers(programme: Programme) -> Iterator[Said]:
    """A tier's metafield can be half an hour old, and the order itself may have raised the tier since."""
    rated = {rate.tier for rate in programme.orders.tier_rates}
    tiers = programme.tiers.levels
    names = [tier.name for tier in tiers if tier.multiplier != 1 or tier.key in rated]
    if names:
        yield Said("messages.shopify_mail.because.tiers", tiers=", ".join(names))


def _of_the_rules(orders: OrderEarning) -> Iterator[Said]:
    for rule in orders.live:
        yield Said(
            "messages.shopify_mail.because.campaign" if rule.campaign else "messages.shopify_mail.because.rule",
            rule=rule.name,
        )
    if orders.code_percent != 100:
        yield Said("messages.shopify_mail.because.code_percent", percent=str(orders.code_percent))
    if not orders.sale_items:
        yield Said("messages.shopify_mail.because.sale_items")
    if not orders.custom_items:
        yield Said("messages.shopify_mail.because.custom_items")
    if orders.limits:
        yield Said("messages.shopify_mail.because.limits")
