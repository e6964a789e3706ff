"""What the emails about losses have in common: the entries that name them."""

from __future__ import annotations

from plugin.rules.subjects import Entry
from plugin.store.work.messages import Message


def told_by(message: Message) -> int:
    """The number by which the entries name their message. BadSubject: no entry can have caused it."""
    Entry.parse(message.subject)
    return message.id
