"""Write to Shopify that a member took back, or gave, their consent to marketing emails."""

from __future__ import annotations

from plugin.actions.work.work import Work
from plugin.clients.shopify import queries, queries_consent
from plugin.clients.shopify.admin import user_errors
from plugin.errors import Refused
from plugin.rules.types import SUBSCRIBED
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops.shops import Shop
from plugin.store.work.jobs import Job


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Write what the member said last. It says when, so that Shopify can keep what was said later; it may run twice.

    A member's own word about their emails is passed on whatever the programme does: before its launch, while it is
    paused, and after they have left. Refused: Shopify does not take it, say because the customer has no address.
    """
    with shop_transaction(work.engine, shop.id) as conn:
        member = members.get(conn, shop.id, job.number)
    if member is None or member.customer_id is None or member.state == "merged":
        return
    consent = str(job.payload["consent"])
    told: dict[str, str] = {"marketingState": consent.upper(), "consentUpdatedAt": str(job.payload["at"])}
    if consent == SUBSCRIBED:
        told["marketingOptInLevel"] = "SINGLE_OPT_IN"
    customer = f"gid://shopify/Customer/{member.customer_id}"
    asked = {"input": {"customerId": customer, "emailMarketingConsent": told}}
    answer = work.execute(shop, queries_consent.WRITE_EMAIL_CONSENT, asked)
    if not (errors := user_errors(answer["customerEmailMarketingConsentUpdate"])):
        return
    if work.execute(shop, queries.CUSTOMER_EXISTS, {"id": customer})["customer"] is not None:
        raise Refused(f"Shopify did not take the change of consent: {errors[0].message}", errors[0].code)
