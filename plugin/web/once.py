"""A form of the panel is carried out once: sent again, as after a double click or a lost answer, it leads where it led.

Every page marks the addresses of its forms, anew each time; a form that was refused, or failed, may be sent again.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.errors import Busy
from plugin.store.database.db import shop_transaction
from plugin.store.shops import form_answers
from plugin.web.auth import Declared
from plugin.web.current import now, parts, shop, staff

MARK: Final = "once"
"""The parameter of a form's address."""
LONGEST_WAIT_SECONDS: Final = 10.0
LOOK_AGAIN_SECONDS: Final = 0.05
_FORMS = re.compile(r'(<form method="post" action="[^"?]*)(\?[^"]*)?(?=")')
_MARKS = re.compile(r"[\w-]{8,80}")


def marked(html: str) -> str:
    """The page with its forms' addresses marked."""
    mark = secrets.token_urlsafe(9)
    return _FORMS.sub(lambda form: f"{form[1]}{form[2] + '&amp;' if form[2] else '?'}{MARK}={mark}", html)


def begin(declared: Declared) -> AnyResponse | None:
    """Take the form of the request; or answer where the same form led, once it has led somewhere. Raises Busy."""
    mark = request.args.get(MARK, "")
    if request.method != "POST" or declared.asks or not _MARKS.fullmatch(mark):
        return None
    key = hashlib.sha256("\n".join((staff().actor, request.path, mark)).encode()).hexdigest()
    waited_until = time.monotonic() + LONGEST_WAIT_SECONDS
    while time.monotonic() < waited_until:
        with shop_transaction(parts().engine, shop().id) as conn:
            if form_answers.begin(conn, shop().id, key, now()):
                g.form_key = key
                return None
            led = form_answers.location(conn, shop().id, key)
        if led:
            return redirect(led, 303)
        time.sleep(LOOK_AGAIN_SECONDS)
    raise Busy


def leads(to: str) -> None:
    """The form did what it is for, though its answer is no way on, as with a secret that is shown once: the same one
    sent again leads there."""
    g.form_leads = to


def end(response: Response) -> Response:
    """Remember where the form led; what was refused or failed led nowhere."""
    key = g.pop("form_key", None)
    if key is None:
        return response
    with shop_transaction(parts().engine, shop().id) as conn:
        if led := g.pop("form_leads", "") or response.headers.get("Location", ""):
            form_answers.end(conn, shop().id, key, led)
        else:
            form_answers.forget(conn, shop().id, key)
    return response
