"""Jobs in words: what is to be done, and with what or for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from plugin.rules.message_kinds import LABELS
from plugin.store.members.members import Member
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.job_subjects import About
from plugin.store.work.jobs import Job

WORDS: Final[Mapping[str, str]] = {
    JobKind.CODE: "Make or end the code {name} in Shopify",
    JobKind.FOLLOW_EVENTS: "See what follows from what happened",
    JobKind.CASHBACK: "Look at what order {name} brings back in store credit",
    JobKind.SEND_CREDIT: "Send store credit",
    JobKind.MAKE_CODES: "Make the codes of {name}",
    JobKind.FILL_POOL: "Make more codes in advance, for next orders",
    JobKind.LOOK_AT_POOLS: "Look whether enough codes are there in advance",
    JobKind.POST_REDEMPTION: "Settle the points of the code {name}",
    JobKind.SEND_MESSAGE: "Send the mail “{name}”",
    JobKind.PUSH_MEMBER: "Update what Shopify shows of the points",
    JobKind.PUSH_PROFILE: "Update the birthday in Shopify",
    JobKind.FETCH_PRODUCT: "Read the tags and collections of product {name}",
    JobKind.FETCH_VARIANT: "Read whether item {name} is reduced",
    JobKind.FETCH_CUSTOMER: "Read the tags and consent",
    JobKind.FETCH_ORDER: "Read order {name}",
    JobKind.PENDING_REFUND: "Look whether a refund has arrived",
    JobKind.LIFT_GUESSES: "Read orders again that were not shown and taken for deleted",
    JobKind.READ_AGAIN: "Read orders again from their stored webhooks",
    JobKind.LIMITS: "Look again at what limits leave of the orders",
    JobKind.IMPORT_MEMBERS: "Go on with a file of members and points",
    JobKind.EXPIRE_POINTS: "Look for points that end",
    JobKind.CELEBRATE: "Look for birthdays and anniversaries",
    JobKind.TIERS: "Look at who stands in which tier",
    JobKind.AUTOMATIC: "Look at what the automatic rules give",
    JobKind.FIND_TAGGED: "Find the customers with the tag {name}",
    JobKind.TIER_TAG: "Change the tier's tag",
    JobKind.PROGRAMME_BEGINS: "Put version {name} of the programme into force",
    JobKind.REFERRAL: "Judge a referral",
    JobKind.CLAIM_REFERRAL: "Look at what a friend asked for",
    JobKind.RECONCILE: "Compare the orders with Shopify's",
    JobKind.EXPORT_CUSTOMER: "Export a customer's data, request {name}",
    JobKind.ERASE_CUSTOMER: "Erase a customer's data, request {name}",
    JobKind.INDEX_DELIVERIES: "Read whom older webhooks are about",
    JobKind.STRIP_BODIES: "Strip webhooks of what nothing needs",
    JobKind.EMPTY_BODIES: "Empty the bodies of old webhooks",
    JobKind.END_PERIODS: "Let go of what was kept long enough",
    JobKind.REFRESH_STATS: "Update the figures of members whose orders changed",
    JobKind.REBUILD_FACTS: "Compute all figures of orders and members again",
    JobKind.RECOUNT_FACTS: "Check a sample of the figures",
    JobKind.LEAVING: "Ask Shopify whether the app was removed ({name})",
    JobKind.ERASE_SHOP: "Erase the shop's data",
}
TO: Final[Mapping[str, str]] = {
    JobKind.CODE: "for",
    JobKind.SEND_CREDIT: "to",
    JobKind.SEND_MESSAGE: "to",
    JobKind.PUSH_PROFILE: "of",
}
"""What stands between a job and the member it is about; nothing else than `of` for the others."""


@dataclass(frozen=True)
class Words:
    """A job in words; `member` is whom it is about, with `to` before."""

    text: str
    to: str
    member: Member | None


def words(job: Job, about: About, people: Mapping[int, Member]) -> Words:
    """What the job does."""
    name = LABELS.get(about.name, about.name) if job.kind == JobKind.SEND_MESSAGE else about.name
    text = WORDS.get(job.kind, job.kind.replace("_", " ").capitalize())
    said = text.format(name=name or job.subject)
    member = people.get(about.member_id) if about.member_id is not None else None
    return Words(said, TO.get(job.kind, "of"), member)
