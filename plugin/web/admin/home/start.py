"""The recommended start: three questions, a programme that fits the shop, what it costs, and a button that saves it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, cast

from flask import Flask, Response, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.programme import recommend_start
from plugin.errors import BadInput
from plugin.rules import formats
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.money import minor_digits, to_decimal
from plugin.rules.versions.programme_changes import changes
from plugin.rules.versions.recommended_start import AIMS, GOODS, MARGINS, Answers, taken_away
from plugin.rules.words.texts import Said
from plugin.store.versions.programmes import Version
from plugin.web import shown
from plugin.web.admin.frame.layout import Form, page
from plugin.web.admin.programme.saving import edit_of, newest, saved_or_shown
from plugin.web.auth import caller
from plugin.web.current import now, shop, transaction
from plugin.web.words import language, t

HUNDRED: Final = 100
"""Of so much money, in whole units of the currency, the page says how much goes back."""
USUAL: Final = "usual"
"""The field for what an order usually comes to, in whole units of the currency."""
MOST_MINOR: Final = 10**12
QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {"goods": GOODS, "margin": MARGINS, "aim": AIMS}


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/start", "recommended_start", show)
    app.add_url_rule("/app/start", "begin_with_start", save, methods=["POST"])


@caller("session", reads="nothing")
def show() -> Response:
    """The questions; with answers in the address, what they recommend."""
    version = newest()
    asked = {name: request.args.get(name, "") for name in (*QUESTIONS, USUAL)}
    with transaction() as conn:
        known = recommend_start.usual(conn, shop())
    asked[USUAL] = asked[USUAL] or str(to_decimal(known, shop().currency).normalize().quantize(_fine(known)))
    wrong = {} if _said(asked) is not None else {USUAL: Said("home.start.usual_wrong")}
    return _page(Form(asked, wrong, NOT_RIGHT if wrong else ""), version, version.number, 422 if wrong else 200)


def _fine(minor: int) -> Decimal:
    """Whole units where nothing is behind the point."""
    digits = minor_digits(shop().currency)
    return Decimal(1).scaleb(-digits) if minor % 10**digits else Decimal(1)


def _said(form: Mapping[str, str]) -> int | None:
    """What staff say that an order comes to, in minor units; None for what it cannot."""
    try:
        minor = Decimal(form.get(USUAL, "").strip()).scaleb(minor_digits(shop().currency))
    except ArithmeticError:
        return None
    return int(minor) if minor.is_finite() and 1 <= minor <= MOST_MINOR and minor == int(minor) else None


@caller("session", role="manager")
def save() -> AnyResponse:
    """Save what the answers recommend as the next version."""

    def saved(conn: Connection, form: dict[str, str], based_on: int) -> int:
        answers = _answers(form)
        if answers is None:
            words = Said("home.start.choose")
            raise BadInput(NOT_RIGHT, {name: words for name in QUESTIONS if form.get(name) not in QUESTIONS[name]})
        said = _said(form)
        if said is None and USUAL in form:
            raise BadInput(NOT_RIGHT, {USUAL: Said("home.start.usual_wrong")})
        edit = edit_of(form, based_on)
        return recommend_start.begin_with(conn, shop().id, answers, edit, said, sure=form.get("sure") == "yes")

    return saved_or_shown(saved, _page, "home")


def _answers(form: Mapping[str, str]) -> Answers | None:
    """The answers, where each is one of those that there are."""
    given = {name: form.get(name, "") for name in QUESTIONS}
    if any(given[name] not in choices for name, choices in QUESTIONS.items()):
        return None
    return Answers(**cast("dict[str, Any]", given))


def _back_of(percent: Decimal) -> str:
    """What of a hundred goes back."""
    return shown.major((percent * HUNDRED / 100).quantize(Decimal(1).scaleb(-minor_digits(shop().currency))))


def _orders_to(price: int, earned: int) -> int:
    """How many usual orders reach the price."""
    return -(-price // max(1, earned))


def _page(form: Form, version: Version, based_on: int, status: int) -> Response:
    answers, said, start = _answers(form.values), _said(form.values), None
    if answers is not None and (said is not None or USUAL not in form.values):
        with transaction() as conn:
            start = recommend_start.recommend(conn, shop(), version.programme, answers, now(), said)
    return page(
        "admin/home/start.html",
        status,
        form=form,
        version=version,
        based_on=based_on,
        stale="based_on" in form.errors,
        questions={name: [(one, t(f"home.start.{name}.{one}")) for one in QUESTIONS[name]] for name in QUESTIONS},
        answers=answers,
        start=start,
        hundred=formats.short_money(HUNDRED * 10 ** minor_digits(shop().currency), shop().currency, language()),
        back_of=_back_of,
        orders_to=_orders_to,
        taken_away=taken_away(version.programme, start.programme) if start else [],
        rows=changes(version.programme, start.programme) if start else [],
    )
