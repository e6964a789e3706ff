"""Every error that Suki expects, each with its HTTP status and whether trying again can help.

What is not drawn here is a bug and is not caught.
"""

from __future__ import annotations

from collections.abc import Mapping


class SukiError(Exception):
    """An expected failure; `message` may be shown to staff and never holds personal data."""

    status = 500
    retriable = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class SettingsError(SukiError):
    """The environment lacks something or holds something unusable; the message names every problem."""


class BadInput(SukiError):
    """A form or an argument is wrong; `fields` maps each field to what is wrong with it."""

    status = 422

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class Denied(SukiError):
    """The rules do not allow it now; `code` and `values` are the reason that `explain` puts into words."""

    status = 422

    def __init__(self, message: str, code: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.values = dict(values or {})


class Unreached(Denied):
    """The programme does not reach this person, or nobody yet; nothing was done. It may later."""

    status = 409


class Closed(Denied):
    """It is closed to whoever asks, whatever they send: `code` says why (`not_launched`, `no_member`)."""

    status = 403


class Outdated(Denied):
    """What was sent belongs to a page that is none of ours or not theirs; nothing was done."""

    status = 409


class NotFound(SukiError):
    """There is no such thing in this shop."""

    status = 404


class NotAvailable(NotFound):
    """The page is there, and not for this shopper: nothing is said of what it would show."""


class SignedOut(NotFound):
    """The page is somebody's own, and nobody is signed in."""


class Conflict(SukiError):
    """What was sent contradicts what was sent before under the same key."""

    status = 409


class TooMany(SukiError):
    """The caller asks more often than it may; nothing was done."""

    status = 429
    retriable = True

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unauthorized(SukiError):
    """The caller could not prove who they are."""

    status = 401


class Forbidden(SukiError):
    """We know who asks, and their role, or their key's scope, does not allow it; nothing was done."""

    status = 403


class BadPayload(SukiError):
    """A delivery whose body is not what Shopify documents; kept as failed, can be retried."""

    status = 422


class Unavailable(SukiError):
    """The outside world did not answer or said to come back; nothing was done."""

    status = 503
    retriable = True

    def __init__(self, message: str, retry_after_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class NoDatabase(Unavailable):
    """The database cannot be reached, went away, or has no connection to give."""


class Busy(Unavailable):
    """Somebody else was changing the same rows; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Someone else is changing this right now. Nothing was changed. Please try again.", 2.0)


class NotYet(SukiError):
    """Something of ours must happen first; nothing was done and nobody else need wait."""

    status = 503
    retriable = True

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class HeldBack(NotYet):
    """A message waits for its time, for a reason that is noted at it; nobody is to do anything."""


class OutOfTime(SukiError):
    """Somebody waits for the answer, and there is not enough time left for this; nothing was done."""

    status = 503
    retriable = True


class Unreadable(SukiError):
    """A stored secret cannot be read; nothing was done, and it may be read again when its key is back."""

    status = 503
    retriable = True


class UnderWay(NotYet):
    """Shopify is at work on what was asked for: nothing is wrong, and nothing is to be shown as an error."""


class UnknownKind(SukiError):
    """A row is of a kind that no list of this version has: a newer version wrote it, or a list is incomplete."""


class LeftOut(SukiError):
    """There is a reason not to send a message; nobody is to try again."""

    status = 422


class UnknownOutcome(SukiError):
    """The request was sent and no answer came: it may have been carried out. Ask before repeating."""

    status = 503
    retriable = True


class Refused(SukiError):
    """The outside world understood and said no; `code` is its own word for why."""

    status = 422

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class NoMailbox(Refused):
    """The email server says that there is no such mailbox; `mailbox_status` is why (5.1.1)."""

    def __init__(self, message: str, code: str, mailbox_status: str) -> None:
        super().__init__(message, code)
        self.mailbox_status = mailbox_status


class TokenRejected(SukiError):
    """Shopify no longer takes this shop's token; the merchant has to open the app again."""

    status = 401
