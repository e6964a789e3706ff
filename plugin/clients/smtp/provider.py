"""What carries emails to their readers: SMTP is the one there is; a provider's own API would be another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from plugin.errors import SukiError
from plugin.rules.messages import RenderedMail


@dataclass(frozen=True, slots=True)
class Letter:
    """One email on its way; `key` is what it is told of by. `sender` and `returns_to` are the addresses that it comes
    from and that it goes back to when it cannot be delivered; where they are empty, the operator's own."""

    key: int
    mail: RenderedMail
    recipient: str
    message_id: str
    sender: str = ""
    returns_to: str = ""
    headers: Mapping[str, str] | None = None


class Sending(Protocol):
    """Whose emails they are: gives them out, and writes down what becomes of them."""

    def next(self) -> Letter | None:
        """The next one; None when there are no more."""
        ...

    def note(self, ended: Mapping[int, SukiError | None], beginning: Sequence[int]) -> Collection[int]:
        """Write down what became of some, and that others are about to be handed over; answers which of these may go.

        None: it was taken. Refused: never send it again as it is. Unavailable: it was not sent, nor would others be.
        NotYet: the same, of this recipient alone. UnknownOutcome: it may have been sent. Of those that may not go
        nothing more is heard. What this raises stops them all.
        """
        ...


class Provider(Protocol):
    """Something that emails are handed over to, so that one always knows whether one may have gone out."""

    def send_all(self, sending: Sending) -> None:
        """Hand over one after the other, several at a time. One that was given out and is never told of was not
        tried, since an earlier one found the provider out of reach."""
        ...

    def send(self, mail: RenderedMail, recipient: str, message_id: str) -> None:
        """Hand one over that somebody waits for; raises what would be noted of it."""
        ...

    def check(self) -> None:
        """Unavailable: it is out of reach, or does not let us in."""
        ...
