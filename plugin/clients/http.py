"""One POST to Shopify: pooled, bounded in time and size, clear about whether it may have been carried out."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import orjson
import requests
import urllib3
from requests.adapters import HTTPAdapter

from plugin.errors import BadPayload, SukiError, Unavailable, UnknownOutcome
from plugin.rules.payloads import json_text

CONNECT_SECONDS = 5.0
MAX_ANSWER_BYTES = 8 * 1024 * 1024
_LONGEST_RETRY_AFTER_SECONDS = 3600.0
_SHOPS_IN_POOL = 128
_CONNECTIONS_A_SHOP = 16

# These mean that not one byte of the request was sent, so nothing can have been done.
_NEVER_SENT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    ssl.SSLCertVerificationError,
)


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The parsed body, or None when it is not JSON."""
        try:
            return json_text.read_any(self.body)
        except BadPayload:
            return None

    @property
    def retry_after_seconds(self) -> float:
        """What the Retry-After header asks for; 0 when it is missing, a date or nonsense."""
        try:
            wished = float(self.headers.get("Retry-After", "0"))
        except ValueError:
            return 0.0
        return min(max(wished, 0.0), _LONGEST_RETRY_AFTER_SECONDS)


def new_session() -> requests.Session:
    """A pooled session that keeps no cookies, repeats nothing by itself and reads no .netrc."""
    session = requests.Session()
    adapter = HTTPAdapter(pool_connections=_SHOPS_IN_POOL, pool_maxsize=_CONNECTIONS_A_SHOP, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.auth = _as_it_is
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request  # any auth at all keeps requests from adding the one it finds in ~/.netrc


def post(
    session: requests.Session,
    url: str,
    payload: Mapping[str, Any],
    *,
    headers: Mapping[str, str],
    timeout_seconds: float,
    changes_something: bool,
) -> Answer:
    """Send JSON once and read the answer; `timeout_seconds` is for all of it together.

    Raises Unavailable when nothing can have been done, UnknownOutcome when `changes_something` and the
    request may have been carried out. Redirects are not followed: they would carry the token elsewhere.
    """
    deadline = time.monotonic() + timeout_seconds
    limits = urllib3.Timeout(timeout_seconds, min(CONNECT_SECONDS, timeout_seconds), timeout_seconds)
    try:
        with session.post(
            url,
            data=orjson.dumps(payload),
            headers={"Content-Type": "application/json", "Accept": "application/json", **headers},
            timeout=limits,  # type: ignore[arg-type]  # requests takes urllib3's own; its stubs do not know
            allow_redirects=False,
            stream=True,
        ) as response:
            return Answer(response.status_code, response.headers, _bounded_body(response, deadline))
    except (requests.RequestException, urllib3.exceptions.HTTPError, _TooMuch) as error:
        raise failure(_in_words(error), changes_something and not _never_sent(error)) from None


def failure(what: str, maybe_done: bool, retry_after_seconds: float = 0.0) -> SukiError:
    """The error for a call without a usable answer: ask first when it may be done, else repeat."""
    if maybe_done:
        return UnknownOutcome(f"{what}. It may have been carried out")
    return Unavailable(what, retry_after_seconds)


class _TooMuch(Exception):
    """The answer is larger than anything we ask for, or takes longer than we wait."""


def _bounded_body(response: requests.Response, deadline: float) -> bytes:
    # The read timeout counts from byte to byte; the deadline is for a server that drips. Hence read1, which
    # gives what is there instead of filling its buffer first.
    body = bytearray()
    while piece := response.raw.read1(65536, decode_content=True):
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise _TooMuch("Shopify's answer is too large")
        if time.monotonic() > deadline:
            raise _TooMuch("Shopify's answer took too long")
    return bytes(body)


def _in_words(error: Exception) -> str:
    # Never the error's own text: it names the address, and with a proxy also credentials.
    if isinstance(error, _TooMuch):
        return str(error)
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return "Shopify did not answer in time"
    return "The connection to Shopify failed"


def _never_sent(error: BaseException) -> bool:
    return any(isinstance(cause, _NEVER_SENT) for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    todo: list[object] = [error]
    for _ in range(20):
        if not todo:
            return
        cause = todo.pop()
        if isinstance(cause, BaseException):
            yield cause
            todo += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]
