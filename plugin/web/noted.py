"""Why an email was not sent, or waits, in the panel's words: the same on every page."""

from __future__ import annotations

from typing import Final

from plugin.actions.emails.keeping import ASK_FIRST
from plugin.messages.sending.letters import BROKEN
from plugin.rules.message_kinds import NO_CONSENT, NOT_ORDERED, NOT_TOLD
from plugin.rules.sending import promotional
from plugin.rules.words import reach_words
from plugin.store.work.one_mail import PART_OF
from plugin.web.words import said, t

REASONS: Final = {
    **reach_words.CODES,
    NO_CONSENT: "no_consent",
    NOT_ORDERED: "not_ordered",
    NOT_TOLD: "not_told",
    PART_OF: "part_of",
    promotional.QUIET: "quiet",
    promotional.TOO_OFTEN: "too_often",
    promotional.SHARED_FULL: "shared_full",
    BROKEN: "own_broken",
    ASK_FIRST: "ask_first",
}
"""What is noted at one, as it is stored; the words are `messages.mails.reason.<name>`."""


def noted(why: str) -> str:
    """One reason as a sentence: of all kinds by its key, the rest as it was written down."""
    if why in REASONS:
        return t(f"messages.mails.reason.{REASONS[why]}")
    words = said(why).strip()
    return f"{words[:1].upper()}{words[1:]}{'' if words[-1:] in '.!?' else '.'}" if words else ""
