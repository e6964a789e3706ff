"""Settings, Sending: the address that a shop's emails come from, and what is missing in the DNS of its domain."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.sending import check_domain
from plugin.errors import BadInput, SukiError
from plugin.rules.sending import sender as rules
from plugin.rules.sending.sender import Sender
from plugin.rules.words.texts import Said
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, staff, transaction

TONES = {"right": "success", "advice": "success", "missing": "warning", "wrong": "critical", "later": "info"}
"""Of each state; the words are `settings.sender.state.<state>` and `settings.sender.<what>.<code>`."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/sending/domain", view_func=sender_domain)
    app.add_url_rule("/app/settings/sending/domain", "save_sender", save, methods=["POST"])
    app.add_url_rule("/app/settings/sending/domain/check", "check_sender", check, methods=["POST"])


@caller("session", reads="nothing")
def sender_domain() -> Response:
    """The address, and how its domain stands."""
    wanted = Sender.read(shop().settings)
    return _page(Form({"address": wanted.address if wanted else ""}, {}), wanted)


def _page(form: Form, wanted: Sender | None, status: int = 200) -> Response:
    settings = parts().settings
    return page("admin/settings/sender_domain.html", status, form=form, sender=wanted, shared=settings.mail_from,
                possible=settings.own_domains, tones=TONES)  # fmt: skip


@caller("session", role="manager")
def save() -> AnyResponse:
    """Keep the address that is wanted; empty for the shared one. A new domain is checked at once."""
    settings, text = parts().settings, request.form.get("address", "").strip()
    try:
        if text and not settings.own_domains:
            raise BadInput(Said("settings.sender.not_possible"), {"address": Said("settings.sender.not_possible")})
        wanted = rules.wanted(text, _ours()) if text else None
        with transaction() as conn:
            check_domain.save_wanted(conn, shop(), wanted, staff().actor, now())
    except BadInput as error:
        return _page(Form({"address": text}, error.fields, error.message), Sender.read(shop().settings), error.status)
    return _look() if wanted is not None else go("sender_domain", done="saved")


def _ours() -> list[str]:
    """Domains that are the installation's own, and none of a shop's."""
    settings = parts().settings
    return [settings.mail_from.rpartition("@")[2].lower(), settings.bounce_domain or ""]


@caller("session", role="manager")
def check() -> AnyResponse:
    """Ask DNS now."""
    with transaction():
        pass  # the line in the access log
    return _look()


def _look() -> AnyResponse:
    try:
        check_domain.check(parts().work, check_domain.as_stored(parts().engine, shop().id))
    except SukiError as error:
        wanted = Sender.read(check_domain.as_stored(parts().engine, shop().id).settings)
        form = Form({"address": wanted.address if wanted else ""}, {}, error.message)
        return _page(form, wanted, error.status)
    return go("sender_domain", done="saved")
