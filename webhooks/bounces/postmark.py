"""Postmark: its webhooks carry the login that stands in their address, and no signature.

Source: Postmark, "Bounce webhook", "Spam complaint webhook", "Subscription change webhook", "Webhooks overview".
"""

from __future__ import annotations

import binascii
import hmac
from typing import Final

from plugin.errors import Unauthorized
from plugin.rules.sending.returned import Returned, What, status_of
from webhooks.bounces.calls import Call, Told, record, text

NAME: Final = "suki"
_HARD = frozenset({"HardBounce", "BadEmailAddress", "ManuallyDeactivated"})
_SOFT = frozenset({"SoftBounce", "Transient", "DnsError", "Blocked", "SpamNotification", "DMARCPolicy", "Unknown"})
_BY_REASON: Final[dict[str, What]] = {"HardBounce": "hard", "SpamComplaint": "complaint"}


def told(call: Call) -> Told:
    """What it tells. Unauthorized: the login is another."""
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    try:
        login = binascii.a2b_base64(given.strip().encode("ascii"), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        login = b""
    if not hmac.compare_digest(login, call.key.encode()) or scheme.lower() != "basic":
        raise Unauthorized("The login of this webhook is wrong")
    said = record(call.json)
    kind, what = text(said.get("RecordType")), _what(said)
    key = f"{kind}:{text(said.get('ID')) or text(said.get('MessageID'))}"
    if what is None:
        return Told(call.digest)
    metadata = said.get("Metadata")
    ref = text(metadata.get(NAME)) if isinstance(metadata, dict) else ""
    address = text(said.get("Email") or said.get("Recipient"))
    return Told(call.digest, (Returned(ref, key, what, address, status_of(text(said.get("Details")))),))


def _what(said: object) -> What | None:
    one = record(said)
    kind, how = one.get("RecordType"), text(one.get("Type"))
    if kind == "SpamComplaint" or (kind == "Bounce" and how == "SpamComplaint"):
        return "complaint"
    if kind == "Bounce" and how in _HARD:
        return "hard"
    if kind == "Bounce" and how in _SOFT:
        return "soft"
    if kind == "SubscriptionChange" and one.get("SuppressSending") is True:
        return _BY_REASON.get(text(one.get("SuppressionReason")))
    return None
