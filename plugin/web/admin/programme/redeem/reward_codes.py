"""The codes of a partner that a reward gives away: check them, import them, and throw away what nobody got."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.codes import import_codes
from plugin.errors import BadInput
from plugin.rules.codes import code_list
from plugin.rules.rewards import kinds
from plugin.rules.rewards.own_rewards import PartnerCode
from plugin.rules.words.texts import Said
from plugin.store.codes import partner_codes
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, found, go, page
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, staff, transaction

ROOM_FOR_THE_REST = 64 * 1024
FIRST_CODES = 5
"""How many are shown as they are understood."""
ONE = "/app/programme/rewards/<reward_id>/codes"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule(ONE, "reward_codes", shown)
    app.add_url_rule(ONE, "check_codes", check, methods=["POST"])
    app.add_url_rule(f"{ONE}/import", "import_codes", take_in, methods=["POST"])
    app.add_url_rule(f"{ONE}/discard", "discard_codes", discard, methods=["POST"])


@caller("session", reads="nothing")
def shown(reward_id: str) -> Response:
    """How many are left, and the form for more."""
    return _page(reward_id, Form({}, {}))


def _page(reward_id: str, form: Form, status: int = 200) -> Response:
    reward = _reward(reward_id)
    with transaction() as conn:
        left = partner_codes.left(conn, shop().id, [reward_id]).get(reward_id, 0)
    return page(
        "admin/programme/redeem/reward_codes.html",
        status,
        reward=reward,
        left=left,
        form=form,
        most=code_list.MOST_CODES,
        **{name: request.args.get(name, "") for name in ("new", "known", "again")},
    )


@caller("session", role="manager")
def check(reward_id: str) -> AnyResponse:
    """Show what was pasted, and what the file holds, as it is understood; nothing is kept yet."""
    reward = _reward(reward_id)
    try:
        understood = import_codes.check(*_sent())
    except RequestEntityTooLarge:
        return _page(
            reward_id, Form({}, {"codes": Said("programme.codes.too_large")}, Said("programme.codes.not_imported")), 422
        )
    except BadInput as error:
        return _page(reward_id, Form({}, error.fields, error.message), error.status)
    return page("admin/programme/redeem/code_check.html", reward=reward, sent=understood, first=FIRST_CODES)


def _too_large(reward_id: str) -> Response:
    wrong = {"codes": Said("programme.codes.too_large")}
    return _page(reward_id, Form({}, wrong, Said("programme.codes.not_imported")), 422)


def _reward(reward_id: str) -> PartnerCode:
    with transaction() as conn:
        reward = kinds.find(programmes.current(conn, shop().id, now()).programme.rewards, reward_id)
    return found(reward if isinstance(reward, PartnerCode) else None)


def _sent() -> tuple[bytes, str]:
    _make_room()
    pasted, file = request.form.get("codes", ""), request.files.get("file")
    content = file.stream.read(code_list.MOST_BYTES + 1) if file is not None and file.filename else b""
    return content, pasted


def _make_room() -> None:
    request.max_content_length = 2 * code_list.MOST_BYTES + ROOM_FOR_THE_REST
    request.max_form_memory_size = code_list.MOST_BYTES + ROOM_FOR_THE_REST


@caller("session", role="manager")
def take_in(reward_id: str) -> AnyResponse:
    """Take in what was checked."""
    try:
        _make_room()
        with transaction() as conn:
            done = import_codes.import_codes(
                conn, parts().settings, shop(), reward_id, request.form.get("codes", ""), staff().actor, now()
            )
    except RequestEntityTooLarge:
        return _page(
            reward_id, Form({}, {"codes": Said("programme.codes.too_large")}, Said("programme.codes.not_imported")), 422
        )
    except BadInput as error:
        return _page(reward_id, Form({}, error.fields, error.message), error.status)
    again = min(request.form.get("again", 0, int), code_list.MOST_BYTES)
    return go("reward_codes", reward_id=reward_id, done="imported", new=done.new, known=done.known, again=again)


@caller("session", role="manager")
def discard(reward_id: str) -> AnyResponse:
    """Throw away the codes that nobody got, once it was confirmed."""
    if request.form.get("sure") != "yes":
        wrong = {"sure": Said("programme.codes.discard_unsure")}
        return _page(reward_id, Form({}, wrong), 422)
    with transaction() as conn:
        import_codes.discard_codes(conn, shop(), reward_id, staff().actor, now())
    return go("reward_codes", reward_id=reward_id, done="adjusted")
