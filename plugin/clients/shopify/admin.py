"""A shop's Admin GraphQL API: one call at a time, within its budget, each failure named for what it means."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import requests
import shopify

from plugin.clients import http
from plugin.clients.shopify.budget import Budgets
from plugin.errors import OutOfTime, Refused, SukiError, TokenRejected, Unavailable
from plugin.settings import Settings

_ATTEMPTS_WHEN_THROTTLED = 3
_PAUSE_WHEN_UNTOLD_SECONDS = 2.0
_LEAST_SECONDS = 0.05
_OPERATION = re.compile(r"^[ \t]*+(?P<kind>query|mutation)[ \t]++(?P<name>\w++)", re.MULTILINE)
_SECRET_OR_PERSONAL = re.compile(r"(?<!\S)[^\s@]*+@\S*+|\bshp[a-z]{2,4}_\w++")
_NOT_NOW_CODES = {"INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE"}

# 500, 502 and 504 are not here: after a mutation they do not say whether it was carried out.
_NOTHING_WAS_DONE = {
    423: "The shop is temporarily locked",
    429: "Shopify asked us to slow down",
    430: "Shopify rejected our requests as suspicious",
    503: "Shopify isn't available",
}
_REFUSALS = {
    402: ("The shop is frozen until its owner pays Shopify", "PAYMENT_REQUIRED"),
    403: ("Shopify doesn't allow it. Check the app's IP allowlist and the shop's plan", "FORBIDDEN"),
    404: ("Shopify couldn't find this shop", "NOT_FOUND"),
}


@dataclass(frozen=True)
class UserError:
    """One reason why Shopify did not carry out a mutation; `field` is the path into its input, with dots."""

    field: str
    code: str
    message: str


class Admin:
    """Sends documents to the Admin API of any shop; one object serves a whole process and all its threads."""

    def __init__(
        self, settings: Settings, *, longest_wait_seconds: float = 1.0, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._settings = settings
        self._longest_wait_seconds = longest_wait_seconds
        self._wait = wait
        self._session = http.new_session()
        self._budgets = Budgets()

    @property
    def session(self) -> requests.Session:
        """The pooled connections, for the other calls to the same shops (tokens)."""
        return self._session

    def execute(
        self,
        shop_domain: str,
        access_token: str,
        document: str,
        variables: Mapping[str, Any] | None = None,
        leave: float = 0.0,
        seconds: float | None = None,
    ) -> dict[str, Any]:
        """Carry out one document of `queries` and give its `data`; for user errors see `user_errors`.

        Unavailable: nothing was done, repeat after `retry_after_seconds`. UnknownOutcome: a mutation that may
        have been carried out. TokenRejected: refresh the token or ask the merchant. Refused: repeating will
        not help. A shop without budget is waited for at most `longest_wait_seconds`, then it is Unavailable;
        so it is for a call that leaves the share `leave` of the budget to others, when no more than that is there.
        `seconds`: how long all of it may take, where somebody waits; OutOfTime: too little is left to begin.
        """
        operation = _OPERATION.search(document)
        if operation is None:
            raise ValueError("a document must name its operation")
        ends_at = None if seconds is None else time.monotonic() + seconds
        call = _Call(shop_domain, operation["name"], operation["kind"] == "mutation", leave, ends_at)
        url = endpoint(self._settings, shop_domain)
        for _ in range(_ATTEMPTS_WHEN_THROTTLED):
            answer = self._send(call, url, access_token, {"query": document, "variables": dict(variables or {})})
            body = _read(answer, call)
            self._budgets.learn(call.shop, call.name, _cost(body))
            if not _throttled(body):
                return _data(body, call)
            if not _tells_budget(body):
                break
        raise Unavailable("The shop's API budget is used up", _PAUSE_WHEN_UNTOLD_SECONDS)

    def _send(self, call: _Call, url: str, access_token: str, payload: Mapping[str, Any]) -> http.Answer:
        points = self._wait_for_budget(call)
        try:
            return http.post(
                self._session,
                url,
                payload,
                headers={"X-Shopify-Access-Token": access_token},
                timeout_seconds=call.seconds_left(self._settings.http_timeout_seconds),
                changes_something=call.is_mutation,
            )
        finally:
            self._budgets.give_back(call.shop, points)

    def _wait_for_budget(self, call: _Call) -> float:
        longest = call.seconds_left(self._longest_wait_seconds)
        points, wait = self._budgets.take(call.shop, call.name, longest, call.leave)
        if wait > longest:
            raise Unavailable("The shop's API budget is used up", wait)
        if wait > 0:
            # Waited for here, not by coming back later: the points are set aside, a page may be waiting for the
            # answer, and it is a second at most, in one of the few runners that a shop may have.
            self._wait(wait * random.uniform(1.0, 1.1))
        return points


@dataclass(frozen=True)
class _Call:
    shop: str
    name: str
    is_mutation: bool
    leave: float = 0.0
    ends_at: float | None = None

    def seconds_left(self, at_most: float) -> float:
        """How long its next step may take. OutOfTime: too little is left for one."""
        left = at_most if self.ends_at is None else min(at_most, self.ends_at - time.monotonic())
        if left < min(_LEAST_SECONDS, at_most):
            raise OutOfTime("There was no time left to ask Shopify")
        return left


def endpoint(settings: Settings, shop_domain: str) -> str:
    """Where the GraphQL Admin API of a shop answers, in the API version of the settings."""
    version = shopify.ApiVersion.coerce_to_version(settings.shopify_api_version)
    return f"{version.api_path(shop_address(settings, shop_domain))}/graphql.json"


def shop_address(settings: Settings, shop_domain: str) -> str:
    """Where a shop's Admin lives; only x.myshopify.com is let through, as the token goes there."""
    if shopify.Session(shop_domain, settings.shopify_api_version).url != shop_domain:
        raise Refused("This isn't a Shopify shop's domain", "NOT_A_SHOP")
    return settings.shopify_shop_url.format(shop=shop_domain)


def missing_scopes(granted: Iterable[str], wanted: Iterable[str]) -> frozenset[str]:
    """Which of the wanted scopes were not granted; write_x includes read_x."""
    known = shopify.ApiAccess([scope for scope in granted if shopify.ApiAccess.SCOPE_RE.match(scope)])
    return frozenset(scope for scope in wanted if not known.covers(shopify.ApiAccess([scope])))


def user_errors(payload: Mapping[str, Any] | None) -> tuple[UserError, ...]:
    """The user errors of one mutation's payload, such as data["discountCodeBasicCreate"]."""
    found = (payload or {}).get("userErrors") or []
    return tuple(
        UserError(".".join(error.get("field") or ()), error.get("code") or "", _safe(error.get("message")))
        for error in found
    )


def refuse_user_errors(payload: Mapping[str, Any] | None) -> None:
    """Raise Refused with the first user error's code, if there is any."""
    for error in user_errors(payload):
        raise Refused(f"Shopify refused {error.field or 'it'}: {error.message}", error.code)


def _read(answer: http.Answer, call: _Call) -> dict[str, Any]:
    if answer.status != 200:
        raise _by_status(answer, call)
    body = answer.json
    if not isinstance(body, dict):
        raise http.failure("Shopify's answer cannot be read", call.is_mutation)
    return body


def _by_status(answer: http.Answer, call: _Call) -> SukiError:
    if answer.status == 401:
        return TokenRejected("Shopify no longer accepts this shop's token")
    if answer.status in _NOTHING_WAS_DONE:
        pause = answer.retry_after_seconds or _PAUSE_WHEN_UNTOLD_SECONDS
        return Unavailable(_NOTHING_WAS_DONE[answer.status], pause)
    if answer.status >= 500:
        return http.failure(f"Shopify failed ({answer.status})", call.is_mutation, answer.retry_after_seconds)
    text, code = _REFUSALS.get(answer.status, (f"Shopify refused ({answer.status})", str(answer.status)))
    return Refused(text, code)


def _data(body: dict[str, Any], call: _Call) -> dict[str, Any]:
    if body.get("errors"):
        raise _by_errors(body["errors"], call)
    if not isinstance(body.get("data"), dict):
        raise http.failure("Shopify's answer holds no data", call.is_mutation)
    return dict(body["data"])


def _by_errors(errors: object, call: _Call) -> SukiError:
    codes, text = _codes(errors), _text(errors)
    if codes & _NOT_NOW_CODES:
        return http.failure(f"Shopify failed in {call.name}", call.is_mutation)
    return Refused(f"Shopify refused {call.name}: {text}", min(codes, default=""))


def _throttled(body: dict[str, Any]) -> bool:
    return "THROTTLED" in _codes(body.get("errors"))


def _tells_budget(body: dict[str, Any]) -> bool:
    cost = _cost(body)
    return isinstance(cost, dict) and "throttleStatus" in cost and "requestedQueryCost" in cost


def _cost(body: object) -> object:
    extensions = body.get("extensions") if isinstance(body, dict) else None
    return extensions.get("cost") if isinstance(extensions, dict) else None


def _codes(errors: object) -> set[str]:
    extensions = [error.get("extensions") for error in _each(errors)]
    return {str(each["code"]) for each in extensions if isinstance(each, dict) and each.get("code")}


def _text(errors: object) -> str:
    if isinstance(errors, str):
        return _safe(errors)
    return _safe("; ".join(str(error.get("message")) for error in _each(errors)))


def _each(errors: object) -> list[dict[str, Any]]:
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _safe(text: object) -> str:
    return _SECRET_OR_PERSONAL.sub("…", str(text or ""))[:300]
