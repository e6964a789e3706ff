"""Jobs in words: what is to be done, and with what or for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from plugin.store.members.members import Member
from plugin.store.work.job_subjects import About
from plugin.store.work.jobs import Job
from plugin.web.admin.members.member import MESSAGE_KINDS

WORDS: Final[Mapping[str, str]] = {
    "code": "Make or end the code {name} in Shopify",
    "cashback": "Look at what order {name} brings back in store credit",
    "send_credit": "Send store credit",
    "make_codes": "Make the codes of {name}",
    "fill_pool": "Make more codes in advance, for next orders",
    "look_at_pools": "Look whether enough codes are there in advance",
    "settle_redemption": "Settle the points of the code {name}",
    "send_message": "Send the mail “{name}”",
    "push_member": "Update what Shopify shows of the points",
    "push_profile": "Update the birthday in Shopify",
    "fetch_product": "Read the tags and collections of product {name}",
    "fetch_variant": "Read whether item {name} is reduced",
    "fetch_customer": "Read the tags and consent",
    "fetch_order": "Read order {name}",
    "pending_refund": "Look whether a refund has arrived",
    "lift_guesses": "Read orders again that were not shown and taken for deleted",
    "read_again": "Read orders again from their stored webhooks",
    "limits": "Look again at what limits leave of the orders",
    "import_members": "Go on with a file of members and points",
    "expire_points": "Look for points that end",
    "celebrate": "Look for birthdays and anniversaries",
    "tiers": "Look at who stands in which tier",
    "automatic": "Look at what the automatic rules give",
    "find_tagged": "Find the customers with the tag {name}",
    "tier_tag": "Change the tier's tag",
    "programme_begins": "Put version {name} of the programme into force",
    "referral": "Judge a referral",
    "claim_referral": "Look at what a friend asked for",
    "reconcile": "Compare the orders with Shopify's",
    "export_customer": "Export a customer's data, request {name}",
    "erase_customer": "Erase a customer's data, request {name}",
    "index_deliveries": "Read whom older webhooks are about",
    "strip_bodies": "Strip webhooks of what nothing needs",
    "empty_bodies": "Empty the bodies of old webhooks",
    "end_periods": "Let go of what was kept long enough",
    "leaving": "Ask Shopify whether the app was removed ({name})",
    "erase_shop": "Erase the shop's data",
}
TO: Final[Mapping[str, str]] = {"code": "for", "send_credit": "to", "send_message": "to", "push_profile": "of"}
"""What stands between a job and the member it is about; nothing else than `of` for the others."""


@dataclass(frozen=True)
class Words:
    """A job in words; `member` is whom it is about, with `to` before."""

    text: str
    to: str
    member: Member | None


def words(job: Job, about: About, people: Mapping[int, Member]) -> Words:
    """What the job does."""
    name = MESSAGE_KINDS.get(about.name, about.name) if job.kind == "send_message" else about.name
    text = WORDS.get(job.kind, job.kind.replace("_", " ").capitalize())
    said = text.format(name=name or job.subject)
    member = people.get(about.member_id) if about.member_id is not None else None
    return Words(said, TO.get(job.kind, "of"), member)
