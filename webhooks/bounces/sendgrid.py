"""SendGrid: an ECDSA signature over a time and the body. One call tells of many events.

Source: Twilio SendGrid, "Event webhook security features", "Event webhook reference".
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from plugin.errors import BadPayload, Unauthorized
from plugin.rules.sending.returned import Returned, What, judged, status_of
from webhooks.bounces.calls import Call, Told, insist_on_time, moment_of, record, text

NAME: Final = "suki"
SIGNATURE, TIMESTAMP = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"
_BAD = "This is not signed with the key of our SendGrid webhook"
_DROPPED: Final[dict[str, What]] = {
    "bounced address": "hard",
    "invalid": "hard",
    "spam reporting address": "complaint",
}


def told(call: Call) -> Told:
    """What it tells. Unauthorized: the signature is another's. Forbidden: it was signed long ago."""
    at = call.headers.get(TIMESTAMP, "")
    key = load_der_public_key(binascii.a2b_base64(call.key))
    if not isinstance(key, EllipticCurvePublicKey):
        raise Unauthorized(_BAD)
    try:
        signature = binascii.a2b_base64(call.headers.get(SIGNATURE, "").encode("ascii"), strict_mode=True)
        key.verify(signature, at.encode() + call.body, ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, UnicodeEncodeError):
        raise Unauthorized(_BAD) from None
    insist_on_time(moment_of(at), call.now)
    events = call.json
    if not isinstance(events, list):
        raise BadPayload("This is not what the provider documents")
    found = (_returned(record(one), f"{at}:{place}") for place, one in enumerate(events))
    return Told(f"{at}:{call.digest}", tuple(one for one in found if one is not None))


def _returned(event: Mapping[str, Any], otherwise: str) -> Returned | None:
    what, status = _what(event), status_of(text(event.get("status")))
    if what is None:
        return None
    key = text(event.get("sg_event_id")) or otherwise
    return Returned(text(event.get(NAME)), key, what, text(event.get("email")), status)


def _what(event: Mapping[str, Any]) -> What | None:
    name, reason = event.get("event"), text(event.get("reason"))
    if name == "spamreport":
        return "complaint"
    if name == "dropped":
        return _DROPPED.get(reason.lower())
    if name != "bounce":
        return None
    if text(event.get("type")) == "blocked":
        return "soft"
    return judged(text(event.get("status")) or "5.0.0", reason)
