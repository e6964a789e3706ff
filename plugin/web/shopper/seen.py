"""Who asks on the storefront, as keyed hashes: the same for every page, so that they can be compared."""

from __future__ import annotations

from flask import request

from plugin.rules.referrals.referral_marks import Marks, Traces, marks
from plugin.web.current import parts, shop


def seen_marks() -> Marks:
    """Of the shopper's address, as Shopify passes it on, and their browser."""
    ip = request.headers.get("X-Forwarded-For", "").partition(",")[0].strip()
    traces = Traces(ip=ip, agent=request.headers.get("User-Agent", ""))
    return marks(parts().marks_key, shop().id, traces)
