"""When a shop that removed the app is believed to have done so, and from when its data may be erased."""

from __future__ import annotations

from datetime import datetime, timedelta

ERASED_AFTER = timedelta(hours=48)
"""Shopify sends shop/redact 48 hours after the app was removed."""
ASKED_FOR = timedelta(hours=48)
"""How long Shopify is asked whether the app is still there, while it gives no clear answer."""
_SOONEST, _LATEST = timedelta(minutes=1), timedelta(hours=1)


def erased_from(uninstalled_at: datetime) -> datetime:
    """From when the data of a shop may be erased that removed the app then."""
    return uninstalled_at + ERASED_AFTER


def asked_again_after(heard_at: datetime, now: datetime) -> timedelta | None:
    """How long to wait before asking again, ever longer up to an hour; None when it was asked long enough."""
    waited = now - heard_at
    if waited >= ASKED_FOR:
        return None
    return min(max(waited, _SOONEST), _LATEST, heard_at + ASKED_FOR - now)
