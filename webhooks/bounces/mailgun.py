"""Mailgun: an HMAC over a time and a token, which says nothing of the body: each token counts once.

Source: Mailgun, "Securing webhooks", "Event structure".
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, Final

from plugin.errors import Unauthorized
from plugin.rules.sending.returned import Returned, What, judged, status_of
from webhooks.bounces.calls import Call, Told, insist_on_time, moment_of, record, text

NAME: Final = "suki"


def told(call: Call) -> Told:
    """What it tells. Unauthorized: it is not signed with our key. Forbidden: it was signed long ago."""
    said = record(call.json)
    signature = record(said.get("signature") or {})
    at, token = text(signature.get("timestamp")), text(signature.get("token"))
    expected = hmac.digest(call.key.encode(), f"{at}{token}".encode(), "sha256").hex()
    if not token or not hmac.compare_digest(expected.encode(), text(signature.get("signature")).encode()):
        raise Unauthorized("This is not signed with the key of our Mailgun account")
    insist_on_time(moment_of(at), call.now)
    event = record(said.get("event-data"))
    what, detail = _what(event)
    if what is None:
        return Told(token)
    variables = event.get("user-variables")
    ref = text(variables.get(NAME)) if isinstance(variables, dict) else ""
    key = text(event.get("id")) or token
    return Told(token, (Returned(ref, key, what, text(event.get("recipient")), detail),))


def _what(event: Mapping[str, Any]) -> tuple[What | None, str]:
    name, reason = event.get("event"), text(event.get("reason"))
    if name == "complained" or (name == "failed" and reason == "suppress-complaint"):
        return "complaint", ""
    if name != "failed" or event.get("severity") != "permanent" or reason == "suppress-unsubscribe":
        return None, ""  # of a temporary failure it tries again, and tells when it gives up
    status = event.get("delivery-status")
    status = status if isinstance(status, dict) else {}
    enhanced = status_of(text(status.get("enhanced-code"))) or status_of(text(status.get("message")))
    if reason == "suppress-bounce":
        return "hard", enhanced
    return judged(enhanced, f"{text(status.get('code'))} {text(status.get('message'))}"), enhanced
