"""Expected errors become answers: a page for staff and for shoppers, a line of text for everybody else."""

from __future__ import annotations

from flask import Flask, g, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from plugin.errors import Busy, NotAvailable, SignedOut, SukiError
from plugin.observe import get_logger, waits
from plugin.rules.words.texts import Said
from plugin.store.database.waits import is_wait, reason
from plugin.web.admin.frame.layout import page
from plugin.web.api import problems
from plugin.web.shopper import trouble
from plugin.web.shopper.api import refusals
from plugin.web.shopper.emails import link as email_link
from plugin.web.words import said, t

log = get_logger()
Answer = tuple[str, int, dict[str, str]]
_HEADINGS = {
    403: "frame.error.heading_denied",
    404: "frame.error.heading_not_found",
    503: "frame.error.heading_away",
}
_LISTS = {
    "programme/rewards": ("rewards", "frame.tab.rewards"),
    "programme/activities": ("activities", "frame.tab.activities"),
    "programme/orders": ("order_rules", "frame.tab.order_rules"),
    "programme/campaigns": ("campaigns", "frame.tab.campaigns"),
    "programme/automatic": ("automatic", "frame.tab.automatic"),
    "programme/referrals": ("referrals", "frame.tab.referrals"),
    "programme/codes": ("code_batches", "frame.tab.code_batches"),
    "programme/versions": ("versions", "frame.tab.versions"),
    "programme": ("programme", "frame.nav.programme"),
    "members/import": ("imports", "frame.back.imports"),
    "members/tiers": ("member_tiers", "frame.back.member_tiers"),
    "members": ("members", "frame.nav.members"),
    "redemptions": ("redemptions", "frame.tab.redemptions"),
    "activity/to-do": ("fulfilments", "frame.tab.fulfilments"),
    "activity": ("redemptions", "frame.nav.redemptions"),
    "messages": ("emails", "frame.nav.emails"),
    "settings/launch": ("launch", "frame.tab.launch"),
    "settings/staff": ("staff_roles", "frame.tab.staff_roles"),
    "settings/automation": ("automation", "frame.tab.automation"),
    "settings": ("settings", "frame.nav.settings"),
}
"""Where the panel's addresses lead back to; the first that fits."""


def register(app: Flask) -> None:
    """Answer expected errors; anything else is a bug: logged without its values, and a plain 500."""
    app.register_error_handler(SukiError, _expected)
    app.register_error_handler(OperationalError, _by_database)
    app.register_error_handler(HTTPException, _by_http)
    app.register_error_handler(500, _bug)


def _expected(error: SukiError) -> Answer | AnyResponse:
    if refusals.wanted():
        return refusals.of(error)
    if problems.wanted():
        return problems.of(error)
    if email_link.wanted():
        return email_link.told(error)
    if isinstance(error, NotAvailable):
        return trouble.not_available()
    if isinstance(error, SignedOut):
        return trouble.sign_in_first()
    heading = "frame.error.heading_busy" if isinstance(error, Busy) else ""
    return _answer(error.status, error.message, heading)


def _by_database(error: OperationalError) -> Answer | AnyResponse:
    """Somebody else's lock is nobody's fault and soon over; anything else is a bug."""
    if not is_wait(error):
        return _bug(error)
    waits.labels("web", reason(error)).inc()
    return _expected(Busy())


def _by_http(error: HTTPException) -> Answer | AnyResponse:
    if error.response is not None or error.code is None:
        return error.get_response()
    if 300 <= error.code < 400:
        return error.get_response()
    if refusals.wanted():
        return refusals.by_http(error)
    if problems.wanted():
        return problems.by_http(error)
    return _answer(error.code, error.description or error.name)


def _bug(error: Exception) -> Answer | AnyResponse:
    cause = getattr(error, "original_exception", None) or error
    log.error("bug", error=type(cause).__name__, exc_info=cause)
    if refusals.wanted():
        return refusals.bug()
    if problems.wanted():
        return problems.bug()
    return _answer(500, Said("frame.error.bug"))


def _answer(status: int, message: str, heading: str = "") -> Answer | AnyResponse:
    if "visit" in g:
        return trouble.told(status)
    if "staff" not in g or "shop" not in g or "account" not in g:
        return message, status, {"Content-Type": "text/plain; charset=utf-8"}
    heading = t(heading or _HEADINGS.get(status, "frame.error.heading"))
    member = None if status == 404 else (request.view_args or {}).get("member_id")
    html = page(
        "admin/frame/error.html", heading=heading, message=said(message), member=member, back=way_back(request.path)
    ).get_data(as_text=True)
    return html, status, {"Content-Type": "text/html; charset=utf-8"}


def way_back(path: str) -> tuple[str, str] | None:
    """The list that something at this address of the panel stands in: its endpoint, and the key of its name."""
    return next((where for start, where in _LISTS.items() if path.startswith(f"/app/{start}")), None)
