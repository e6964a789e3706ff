"""How long each kind of row is kept: the one list, which docs/operating/privacy.md repeats; a test compares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Period:
    """`days` after `since`, `what` happens to it."""

    days: int
    since: str
    what: str


PERIODS: Final[Mapping[str, Period]] = {
    "webhook_ids": Period(7, "it came", "the row goes"),
    "webhook_bodies": Period(90, "it came, and its order was read anew", "the body is emptied (`BODIES_KEPT_DAYS`)"),
    "webhooks": Period(400, "it came", "the row goes, with its whole month"),
    "events": Period(400, "it happened", "the row goes, with its whole month"),
    "failed_webhooks": Period(90, "it came", "it is given up, and its body emptied"),
    "failed_jobs": Period(180, "it was queued", "the row goes"),
    "mail_words": Period(400, "the mail was written", "subject and error are emptied, the row stays"),
    "returned_mails": Period(400, "it came back", "the row goes; the address stays suppressed"),
    "lifted_addresses": Period(400, "it was lifted, or counted last", "an address that gets emails is forgotten"),
    "clicks": Period(400, "the last click", "the counts of an email go"),
    "checked_files": Period(1, "it was uploaded", "a file of members that nobody carried out goes"),
    "done_files": Period(30, "it was carried out", "its lines and what it changed go, the sums stay"),
    "past_runs": Period(30, "its points were given", "which orders it was about goes, the sums stay"),
    "links": Period(30, "it was sent", "the row of a link that confirmed something by mail goes"),
    "paces": Period(1, "the last try", "the count of tries within an hour goes"),
    "sent_forms": Period(1, "it was sent", "the mark that a form of the panel was carried out goes"),
    "waiting_claims": Period(7, "it was sent", "a friend's claim that could not be looked at goes"),
    "access_log": Period(366, "somebody read or changed something", "the row goes"),
    "exports": Period(30, "it was gathered", "a customer's data that nobody opened goes"),
    "opened_exports": Period(1, "it was opened", "a customer's data that was handed on goes"),
    "provider_calls": Period(7, "a mail provider told it", "the mark that it was told goes"),
    "checkouts": Period(30, "it was changed last", "the row goes"),
    "outgoing_webhooks": Period(30, "it was sent, or given up", "the row goes; it can be sent again from its event"),
    "intake_counts": Period(400, "the day", "the row goes"),
}


def undo_ends(kind: str, done_at: datetime) -> datetime:
    """Until when something can be undone: as long as is kept what it changed."""
    return done_at + timedelta(days=PERIODS[kind].days)
