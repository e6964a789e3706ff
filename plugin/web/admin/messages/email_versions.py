"""The published versions of one kind of email: who, when and why; any two compared; an earlier one, or the default,
sent again."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.emails import publish_email
from plugin.errors import BadInput
from plugin.messages.designs import with_options
from plugin.rules.emails.design import Content, Design
from plugin.rules.emails.differences import Difference, differences
from plugin.rules.formats import one_line
from plugin.rules.message_kinds import MessageKind
from plugin.store.emails import drafts, versions
from plugin.store.emails.drafts import Draft
from plugin.store.emails.versions import EmailVersion
from plugin.web.admin.frame.layout import found, go, page, row_id
from plugin.web.admin.messages import email_preview, own_kinds
from plugin.web.admin.messages.own_kinds import LANGUAGE_NAMES
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.words import t

SHOWN, LONGEST = 100, 300
DRAFT = "draft"
DEFAULT = "0"


def register(app: Flask) -> None:
    """Add the routes."""
    base = "/app/messages/emails/<kind>/versions"
    app.add_url_rule(base, view_func=email_versions)
    app.add_url_rule(f"{base}/<int:number>/restore", "restore_email", restore, methods=["POST"])
    app.add_url_rule(f"{base}/reset", "reset_email", reset, methods=["POST"])


@caller("session", reads="nothing")
def email_versions(kind: str) -> Response:
    """Newest first; with two chosen, what is different between them."""
    return _shown(own_kinds.named(kind))


@caller("session", role="manager")
def restore(kind: str, number: int) -> AnyResponse:
    """An earlier version is sent again, as a new one."""
    chosen = own_kinds.named(kind)
    with transaction() as conn:
        earlier = found(versions.get(conn, shop().id, kind, min(row_id(number), 2**31 - 1)))
    content = own_kinds.content_or_default(chosen, earlier.content)
    wrong = own_kinds.wrong(own_kinds.findings(chosen, content))
    note = t("messages.versions.restored", number=number)
    try:
        with transaction() as conn:
            publish_email.restore(conn, shop().id, chosen, number, wrong, note, staff().actor, now())
    except BadInput as error:
        return _shown(chosen, error)
    return go("email_versions", done="published", kind=kind)


@caller("session", role="manager")
def reset(kind: str) -> AnyResponse:
    """The email as it comes with the app is sent again; what was published stays here."""
    chosen = own_kinds.named(kind)
    with transaction() as conn:
        note = t("messages.versions.was_reset")
        done = publish_email.reset_to_default(conn, shop().id, chosen, note, staff().actor, now())
    return go("email_versions", done="unchanged" if done is None else "published", kind=kind)


def _shown(kind: MessageKind, error: BadInput | None = None) -> Response:
    with transaction() as conn:
        known = versions.of_kind(conn, shop().id, kind)
        draft = drafts.get(conn, shop().id, kind)
    choices = _choices(known, draft)
    old, new = (_chosen(name, choices, usual) for name, usual in (("old", min(1, len(choices) - 1)), ("new", 0)))
    compared = "old" in request.args and "new" in request.args
    sides = [own_kinds.content_or_default(kind, _content(key, known, draft)) for key in (old, new)] if compared else []
    return page(
        "admin/messages/email_versions.html",
        error.status if error else 200,
        kind=kind,
        here="email_versions",
        label=kind.about.label,
        versions=known[:SHOWN],
        default_sent=not known or known[0].content is None,
        message=error.message if error else "",
        wrong=error.fields if error else {},
        choices=choices,
        old=old,
        new=new,
        changes=_changes(kind, sides) if sides else None,
        seen=[email_preview.seen(kind, side, own_kinds.wanted_language(), "sample:0") for side in sides],
    )


def _choices(known: list[EmailVersion], draft: Draft | None) -> dict[str, str]:
    """What can be compared, newest first."""
    drafted = {DRAFT: t("messages.versions.draft")} if draft else {}
    numbered = {
        str(one.number): t("messages.versions.one", number=one.number, note=one.note) if one.note else str(one.number)
        for one in known[:SHOWN]
    }
    return {**drafted, **numbered, DEFAULT: t("messages.versions.default")}


def _chosen(name: str, choices: dict[str, str], usual: int) -> str:
    asked = request.args.get(name, "")
    return asked if asked in choices else list(choices)[usual]


def _content(key: str, known: list[EmailVersion], draft: Draft | None) -> Content | None:
    if key == DRAFT:
        return draft.content if draft else None
    return next((one.content for one in known if str(one.number) == key), None)


def _changes(kind: MessageKind, sides: list[Content]) -> list[dict[str, str]]:
    """Each difference in words: what, and how it was and is."""
    old, new = (with_options(kind, one) if isinstance(one, Design) else one for one in sides)
    return [_row(one) for one in differences(old, new)]


def _row(one: Difference) -> dict[str, str]:
    block = t(one.block.type.label) if one.block is not None else t("messages.versions.email")
    named = t(f"messages.versions.what.{one.what}", block=block)
    if one.what in ("text", "option"):
        named = t("messages.versions.part", block=block, part=_part(one))
    if one.language:
        named = t("messages.versions.in_language", what=named, language=LANGUAGE_NAMES[one.language])
    return {"field": named, "old": _value(one, one.old), "new": _value(one, one.new)}


def _part(one: Difference) -> str:
    stem, _, case = one.name.partition(".")
    part = t(f"emails.option.{stem}") if one.what == "option" else t(f"emails.field.{stem}")
    return t("messages.editor.case", text=part, case=t(f"emails.case.{case}")) if case else part


def _value(one: Difference, value: str | None) -> str:
    if one.what == "align":
        return t(f"messages.editor.align.{value or 'usual'}")
    if one.what == "ground":
        return t(f"messages.editor.ground.{value or 'usual'}")
    if one.what not in ("text", "option", "source"):
        return ""
    if value is None:
        return t("messages.versions.the_default")
    return one_line(value, LONGEST) if value else t("messages.versions.empty")
