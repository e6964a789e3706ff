"""Somebody else's server: it takes webhooks that an app sends, and shows what arrived and whether it was signed right.

The proof is worked out here from the Standard Webhooks specification; the secret is typed in by whoever made the
endpoint. It can be told to refuse, so that one sees what an app does then.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

from flask import Blueprint, Response, render_template, request

from sandbox.local import Sandbox
from sandbox.pages.store_pages import back

MOST = 500
ANSWERS = {200: "takes everything", 500: "fails", 410: "says it is gone", 302: "sends elsewhere"}
_RECEIVERS: WeakKeyDictionary[Sandbox, Receiver] = WeakKeyDictionary()


@dataclass
class Arrived:
    """One message, as it came."""

    at: datetime
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """What it says it is."""
        try:
            return str(json.loads(self.body)["type"])
        except (ValueError, KeyError, TypeError):
            return "?"

    @property
    def text(self) -> str:
        """The body, laid out."""
        try:
            return json.dumps(json.loads(self.body), indent=1, ensure_ascii=False)
        except ValueError:
            return self.body.decode("utf-8", "replace")


@dataclass
class Receiver:
    """What arrived, newest first; what is answered; and the secret that proofs are checked with."""

    answer: int = 200
    secret: str = ""
    arrived: deque[Arrived] = field(default_factory=lambda: deque(maxlen=MOST))

    def proof_of(self, one: Arrived) -> str:
        """`right`, `wrong`, or empty where no secret was typed in."""
        if not self.secret:
            return ""
        try:
            key = base64.b64decode(self.secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            return "wrong"
        said = f"{one.headers.get('Webhook-Id')}.{one.headers.get('Webhook-Timestamp')}.".encode() + one.body
        expected = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
        given = one.headers.get("Webhook-Signature", "").split(" ")
        return "right" if any(hmac.compare_digest(each, f"v1,{expected}") for each in given) else "wrong"


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of the receiver."""
    routes = Blueprint("receiver", __name__)
    receiver = _RECEIVERS.setdefault(box, Receiver())

    @routes.post("/receiver/hooks")
    def hooks() -> Response:
        headers = {
            name: value for name, value in request.headers.items() if name.lower().startswith(("webhook", "user"))
        }
        receiver.arrived.appendleft(Arrived(datetime.now(UTC), headers, request.get_data()))
        return Response("", receiver.answer, {"Location": "/receiver/elsewhere"} if receiver.answer == 302 else {})

    @routes.get("/receiver")
    def shown() -> str:
        rows = [(one, receiver.proof_of(one)) for one in receiver.arrived]
        url = f"{request.host_url}receiver/hooks"
        return render_template(
            "receiver.html", options=box.options, receiver=receiver, rows=rows, url=url, answers=ANSWERS
        )

    @routes.post("/receiver")
    def change() -> Any:
        answer = request.form.get("answer", 200, int)
        receiver.answer = answer if answer in ANSWERS else 200
        receiver.secret = request.form.get("secret", receiver.secret).strip()
        if request.form.get("empty"):
            receiver.arrived.clear()
        return back("/receiver", "Saved.")

    return routes
