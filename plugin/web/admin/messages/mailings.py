"""Messages, Mailings: emails of the shop's own to members that it chose, once; each is a draft until it is sent."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.emails import mailings as actions
from plugin.errors import BadInput
from plugin.rules.emails.kind_settings import switched_on
from plugin.rules.mailings.mailing import EXAMPLE
from plugin.rules.message_kinds import MessageKind
from plugin.rules.words.texts import Said
from plugin.store.emails import mailings
from plugin.store.emails.mailings import CANCELED, DRAFT, PLANNED, Mailing, Outcome
from plugin.store.reports.buyers import BOUGHT
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.web import shown
from plugin.web.admin.frame.layout import Form, go, number_from, page, row_id
from plugin.web.admin.messages import mailing_preview, own_kinds
from plugin.web.admin.messages.own_kinds import LANGUAGE_NAMES
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.forms.emails import mailing as form_of
from plugin.web.noted import noted
from plugin.web.words import t

ONE: Final = "/app/messages/mailings/<int:mailing_id>"
A_PAGE: Final = 50
TONES: Final = {"draft": "neutral", "planned": "info", "going": "info", "done": "success", "canceled": "neutral"}
"""By how it stands; the words are `messages.mailing.state.<name>`."""
UNDERWAY: Final = ("queued", "sending")
FAILED: Final = ("failed", "unknown", "bounced")


@dataclass(frozen=True, slots=True)
class Row:
    """A mailing as the pages show it: how it stands, what became of its emails, and why some were left out."""

    mailing: Mailing
    state: str
    counts: Mapping[str, int]
    reasons: Sequence[tuple[str, int]] = field(default_factory=list)

    @property
    def tone(self) -> str:
        """Of its badge."""
        return TONES[self.state]

    @property
    def sent(self) -> int:
        """How many emails went."""
        return self.counts.get("sent", 0)

    @property
    def skipped(self) -> int:
        """How many were left out."""
        return self.counts.get("skipped", 0)

    @property
    def waiting(self) -> int:
        """How many are on their way, or are held back for a while."""
        return sum(self.counts.get(state, 0) for state in UNDERWAY)

    @property
    def failed(self) -> int:
        """How many did not arrive, or nobody knows."""
        return sum(self.counts.get(state, 0) for state in FAILED)


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/messages/mailings", "mailings", index)
    app.add_url_rule("/app/messages/mailings/new", "new_mailing", new)
    app.add_url_rule("/app/messages/mailings/new", "make_mailing", make, methods=["POST"])
    app.add_url_rule(ONE, "mailing", one)
    app.add_url_rule(ONE, "save_mailing", save, methods=["POST"])
    app.add_url_rule(f"{ONE}/test", "test_mailing", test, methods=["POST"])
    app.add_url_rule(f"{ONE}/send", "send_mailing", send, methods=["POST"])
    app.add_url_rule(f"{ONE}/cancel", "cancel_mailing", cancel, methods=["POST"])


@caller("session", reads="nothing")
def index() -> Response:
    """All of them, newest first."""
    with transaction() as conn:
        found = mailings.newest(conn, shop().id, number_from("before"), A_PAGE + 1)
        outcomes = mailings.outcomes(conn, shop().id, [each.id for each in found[:A_PAGE]])
    rows = _rows(found[:A_PAGE], outcomes)
    before = found[A_PAGE - 1].id if len(found) > A_PAGE else None
    return page("admin/messages/mailings/index.html", rows=rows, before=before, audience=audience)


@caller("session", reads="nothing")
def new() -> Response:
    """The form for one more."""
    return _form(Form(form_of.at_first(own_kinds.wanted_language()), {}), secrets.token_hex(8))


@caller("session", role="manager")
def make() -> AnyResponse:
    """Keep a draft, once however often the button is pressed, or show what is wrong at its fields."""
    form = request.form.to_dict()
    key = form.get("key", "")[:64] or secrets.token_hex(8)
    try:
        with transaction() as conn:
            number = actions.draft(conn, shop(), form_of.read(form), key, staff().actor, now())
    except BadInput as error:
        return _form(Form(form, error.fields, error.message), key, error.status)
    return go("mailing", mailing_id=number, done="saved")


@caller("session", reads="nothing")
def one(mailing_id: int) -> Response:
    """A draft with its form and what it looks like; or how far a mailing is, and what became of its emails."""
    return _page(mailing_id)


@caller("session", role="manager")
def save(mailing_id: int) -> AnyResponse:
    """Change a draft, or show what is wrong at its fields."""
    form = request.form.to_dict()
    try:
        with transaction() as conn:
            actions.change(conn, shop(), row_id(mailing_id), form_of.read(form), staff().actor, now())
    except BadInput as error:
        return _page(mailing_id, Form(form, error.fields, error.message), error.status)
    return go("mailing", mailing_id=mailing_id, done="saved")


@caller("session", role="manager")
def test(mailing_id: int) -> AnyResponse:
    """Send whoever works on it a test, in the language that they look at."""
    with transaction() as conn:
        found = actions.one(conn, shop(), row_id(mailing_id))
    language = request.form.get("seen", "")
    language = language if language in LANGUAGE_NAMES else found.letter.language
    mailing_preview.send_test(found.letter, language)
    return go("mailing", mailing_id=mailing_id, seen=language, done="tested")


@caller("session", role="manager")
def send(mailing_id: int) -> AnyResponse:
    """Have a draft sent now or at its time, if the box is ticked."""
    form = request.form.to_dict()
    try:
        if form.get("sure") != "yes":
            raise BadInput(Said("messages.mailing.unsure"), {"sure": Said("messages.mailing.unsure")})
        with transaction() as conn:
            at = form_of.send_at(form, shown.zone())
            actions.plan(conn, shop(), row_id(mailing_id), at, staff().actor, now())
    except BadInput as error:
        return _page(mailing_id, sending=Form(form, error.fields, error.message), status=error.status)
    return go("mailing", mailing_id=mailing_id, done="mailing_planned")


@caller("session", role="manager")
def cancel(mailing_id: int) -> AnyResponse:
    """Send no more of it, if the box is ticked."""
    if request.form.get("sure") != "yes":
        return go("mailing", mailing_id=row_id(mailing_id), unsure="yes")
    with transaction() as conn:
        actions.cancel(conn, shop(), row_id(mailing_id), staff().actor, now())
    return go("mailing", mailing_id=mailing_id, done="mailing_canceled")


def _form(form: Form, key: str, status: int = 200) -> Response:
    return page("admin/messages/mailings/new.html", status, form=form, key=key, **_choices())


def _page(mailing_id: int, form: Form | None = None, status: int = 200, sending: Form | None = None) -> Response:
    with transaction() as conn:
        found = actions.one(conn, shop(), row_id(mailing_id))
        size = mailings.audience_size(conn, shop().id, found.letter) if found.state in (DRAFT, PLANNED) else None
        outcomes = mailings.outcomes(conn, shop().id, [found.id])
        code, since = found.letter.code, found.send_at
        used = mailings.used(conn, shop().id, code, since) if code and since and since <= now() else None
        job = jobs.one(conn, shop().id, JobKind.MAILING, str(found.id))
    [row] = _rows([found], outcomes)
    seen_language = _seen_language(found)
    return page(
        "admin/messages/mailings/mailing.html",
        status,
        row=row,
        form=form or Form(form_of.values_of(found.letter), {}),
        sending=sending or Form({"when": form_of.NOW}, {}),
        size=size,
        used=used,
        job=job,
        seen=mailing_preview.seen(found.letter, seen_language),
        seen_language=seen_language,
        audience=audience,
        off=not switched_on(shop().settings, MessageKind.MAILING),
        times=[(at, at) for at in form_of.HALF_HOURS],
        zone=shown.zone().key,
        **_choices(found.letter.language),
    )


def _seen_language(found: Mailing) -> str:
    asked = request.args.get("seen", "")
    return asked if asked in LANGUAGE_NAMES else found.letter.language


def _choices(first: str = "") -> dict[str, object]:
    """What the form offers: languages, the main one first, and audiences."""
    main = first or own_kinds.wanted_language()
    languages = sorted(LANGUAGE_NAMES.items(), key=lambda one: (one[0] != main, one[1]))
    bought = [("", t("messages.mailing.everybody")), *((key, t(f"messages.mailing.bought.{key}")) for key in BOUGHT)]
    with transaction() as conn:
        levels = programmes.current(conn, shop().id, now()).programme.tiers.levels
    tiers = [("", t("messages.mailing.any_tier")), *((level.key, level.name) for level in levels)]
    return {"languages": languages, "bought": bought, "tiers": tiers, "example": EXAMPLE}


def audience(mailing: Mailing) -> str:
    """Whom it is for, in words."""
    letter = mailing.letter
    parts = [t(f"messages.mailing.bought.{letter.bought}") if letter.bought else t("messages.mailing.everybody")]
    if letter.tier:
        parts.append(t("messages.mailing.in_tier", tier=letter.tier))
    return " · ".join(parts)


def _rows(found: Sequence[Mailing], outcomes: Sequence[Outcome]) -> list[Row]:
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    reasons: dict[int, Counter[str]] = defaultdict(Counter)
    for each in outcomes:
        counts[each.mailing_id][each.state] += each.number
        if each.why:
            reasons[each.mailing_id][noted(each.why)] += each.number
    return [Row(one, _state(one, counts[one.id]), counts[one.id], reasons[one.id].most_common(10)) for one in found]


def _state(one: Mailing, counts: Counter[str]) -> str:
    if one.state in (DRAFT, CANCELED):
        return one.state
    if one.state == PLANNED:
        return "planned" if one.send_at and one.send_at > now() else "going"
    return "going" if any(counts[state] for state in UNDERWAY) else "done"
