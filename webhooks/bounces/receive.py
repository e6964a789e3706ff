"""`POST /webhooks/email/<provider>`: what the mail provider of this installation tells of emails that came back.

Verify, take in, 200, all in one transaction: what was not written down is told again. What we do not need is answered
with 200 too, for providers repeat what is refused, and give an address up that refuses too often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Final

import requests
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Request, Response

from plugin.actions.sending.email_links import email_links
from plugin.actions.sending.take_back import take_back
from plugin.errors import Forbidden, NotFound, SukiError, Unavailable
from plugin.observe import get_logger
from plugin.settings import Settings
from plugin.store.database.db import enter_shop, system_transaction
from plugin.store.database.waits import is_wait
from plugin.store.sending import returned
from webhooks.bounces import mailgun, postmark, sendgrid, ses
from webhooks.bounces.calls import Call, Fetch, Told

PATH: Final = "/webhooks/email/"
MOST_BYTES: Final = 1_048_576
"""A call of SendGrid's holds as many events as fit into 768 KB; Amazon's holds 256 KB."""
PROVIDERS: Final[dict[str, Callable[[Call], Told]]] = {
    "ses": ses.told,
    "postmark": postmark.told,
    "mailgun": mailgun.told,
    "sendgrid": sendgrid.told,
}
MOST_FETCHED_BYTES: Final = 64 * 1024
log = get_logger()


def fetch(url: str) -> bytes:
    """The beginning of what stands at an address of Amazon's, which was checked. Unavailable: it does not answer."""
    try:
        with requests.get(url, timeout=(5, 5), allow_redirects=False, stream=True) as answer:
            if answer.status_code != 200:
                raise Unavailable(f"Amazon answered {answer.status_code}")
            return answer.raw.read(MOST_FETCHED_BYTES, decode_content=True) or b""
    except requests.RequestException as error:
        raise Unavailable(f"Amazon did not answer ({type(error).__name__})") from error


class Bounces:
    """WSGI callable for everything below PATH."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        fetch: Fetch = fetch,
    ) -> None:
        self._settings, self._engine, self._clock, self._fetch = settings, engine, clock, fetch

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one call."""
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, asked: Request) -> Response:
        provider = asked.path.removeprefix(PATH)
        try:
            words = self._take(provider, asked)
        except SukiError as error:
            log.warning("mail_provider_refused", provider=provider[:20], status=error.status, why=error.message)
            headers = {"Retry-After": "60"} if error.retriable else {}
            if error.status == 401:
                headers["WWW-Authenticate"] = "Basic"
            return Response(f"{error.message}\n", error.status, headers, mimetype="text/plain")
        except HTTPException as error:
            return Response(f"{error.description}\n", error.code, mimetype="text/plain")
        except OperationalError as error:
            if not is_wait(error):
                raise
            return Response("Try again\n", 503, {"Retry-After": "5"}, mimetype="text/plain")
        return Response(f"{words}\n", 200, mimetype="text/plain")

    def _take(self, provider: str, asked: Request) -> str:
        ours, key = self._settings.mail_provider, self._settings.mail_provider_key
        if provider not in PROVIDERS or provider != ours or key is None:
            raise NotFound("This installation does not send its emails by this provider")
        if asked.method != "POST":
            raise MethodNotAllowed(["POST"])
        asked.max_content_length = MOST_BYTES
        call = Call(
            {name.lower(): value for name, value in asked.headers.items()},
            asked.get_data(cache=False),
            key.get_secret_value(),
            self._clock(),
            self._fetch,
        )
        return self._write_down(provider, call, PROVIDERS[provider](call))

    def _write_down(self, provider: str, call: Call, told: Told) -> str:
        """Forbidden: under this name something else was told before, or it names a message that is none of ours."""
        outcomes = []
        with system_transaction(self._engine) as conn:
            before = returned.told_before(conn, provider, told.key[:200], call.digest, call.now)
            if before:
                if before != call.digest:
                    raise Forbidden("Something else was told under this name before")
                return "Told before"
            links = email_links(conn, self._settings)
            for one in told.returned:
                outcomes.append(take_back(conn, links, provider, one, call.now) if one.ref else "no reference")
                enter_shop(conn, "")
            if outcomes and set(outcomes) == {"forged"}:
                raise Forbidden("This names a message that is none of ours")
        return f"Taken: {outcomes.count('taken')} of {len(outcomes)}"
