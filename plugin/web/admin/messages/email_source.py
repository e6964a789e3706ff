"""One kind of email as its own Liquid and MJML, for those who want it, with the way back to blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.emails import publish_email, save_draft
from plugin.actions.emails.save_draft import Standing
from plugin.errors import BadInput, Conflict, SukiError
from plugin.messages.designs import variables_of
from plugin.messages.source import source_of
from plugin.rules.emails.design import Design, Source
from plugin.rules.emails.stored import MAX_SOURCE_BYTES, SOURCE_FIELDS
from plugin.rules.message_kinds import MessageKind
from plugin.store.emails import versions
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.admin.messages import email_preview, email_test, own_kinds
from plugin.web.admin.messages.own_kinds import LANGUAGE_NAMES
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.forms.emails import source as source_form

EMPTY: Final = Form({}, {})


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/messages/emails/<kind>/source", "email_source", show)
    app.add_url_rule("/app/messages/emails/<kind>/source", "save_email_source", save, methods=["POST"])


@caller("session", reads="nothing")
def show(kind: str) -> Response:
    """The source of the draft, else of what is sent; of blocks, what they make."""
    chosen = own_kinds.named(kind)
    with transaction() as conn:
        found = save_draft.standing(conn, shop().id, chosen)
    own = isinstance(own_kinds.content_or_default(chosen, found.content), Source)
    return _shown(chosen, found, _source_in(chosen, found), own)


@caller("session", role="manager")
def save(kind: str) -> AnyResponse:
    """Save the source as the draft, publish it, send a test of it, or go back to blocks."""
    request.max_content_length = request.max_form_memory_size = source_form.MOST_BYTES
    chosen, do = own_kinds.named(kind), request.form.get("do", "save")
    try:
        if do == "blocks":
            return _to_blocks(chosen)
        source = source_form.read(request.form)
        return _kept(chosen, source, do)
    except SukiError as error:
        return _again(chosen, error)


def _kept(kind: MessageKind, source: Source, do: str) -> AnyResponse:
    if do == "test":
        email_test.send(kind, source, request.form.get("seen_language", ""), "")
        return _again(kind, None)
    wrong = own_kinds.wrong(own_kinds.findings(kind, source)) if do == "publish" else {}
    with transaction() as conn:
        save_draft.save_draft(conn, shop().id, kind, source, own_kinds.began(), staff().actor, now())
    if do == "publish":
        own_kinds.insist_on_none(wrong)
        with transaction() as conn:
            began = save_draft.standing(conn, shop().id, kind).began
            note = request.form.get("note", "")
            publish_email.publish(conn, shop().id, kind, began, source, wrong, note, staff().actor, now())
    return go("email_source", done="published" if do == "publish" else "saved", kind=kind)


def _to_blocks(kind: MessageKind) -> AnyResponse:
    """The draft is made of blocks again: of those that were published last, else of those that come with the app."""
    with transaction() as conn:
        earlier = next(
            (one for one in versions.of_kind(conn, shop().id, kind) if isinstance(one.content, Design)), None
        )
        content = earlier.content if earlier else None
        save_draft.save_draft(conn, shop().id, kind, content, own_kinds.began(), staff().actor, now())
    return go("email", done="saved", kind=kind)


def _again(kind: MessageKind, error: SukiError | None) -> Response:
    """The form as it was typed. A part of any length but the longest comes back whole, else as it was before."""
    with transaction() as conn:
        found = save_draft.standing(conn, shop().id, kind)
    fields = error.fields if isinstance(error, BadInput) else {}
    form = Form(request.form.to_dict(), fields, error.message if error else "")
    status = error.status if error else 200
    before = _source_in(kind, found)
    given = {name: form.values.get(name, "") for name in SOURCE_FIELDS}
    too_long = [name for name, text in given.items() if len(text.encode("utf-8", "replace")) > MAX_SOURCE_BYTES]
    source = replace(before, **{name: text for name, text in given.items() if name not in too_long})
    return _shown(
        kind,
        found,
        source,
        True,
        form,
        status,
        too_long=too_long,
        conflict=isinstance(error, Conflict),
        tested=not error,
    )


def _source_in(kind: MessageKind, found: Standing) -> Source:
    """What a source is begun with: the draft's, else what is sent; of blocks, what they make."""
    content = own_kinds.content_or_default(kind, found.content)
    return source_of(kind, content) if isinstance(content, Design) else content


def _shown(
    kind: MessageKind,
    found: Standing,
    source: Source,
    own: bool,
    form: Form = EMPTY,
    status: int = 200,
    *,
    too_long: Sequence[str] = (),
    conflict: bool = False,
    tested: bool = False,
) -> Response:
    findings = own_kinds.findings(kind, source) if own and not form.errors else []
    language = own_kinds.wanted_language()
    return page(
        "admin/messages/email_source.html",
        status,
        kind=kind,
        here="email_source",
        label=kind.about.label,
        form=form,
        conflict=conflict,
        tested=tested,
        source=source,
        too_long=too_long,
        own=own,
        began=found.began,
        draft=found.draft,
        findings=findings,
        can_publish=not own_kinds.wrong(findings),
        languages=LANGUAGE_NAMES,
        edited=language,
        variables=variables_of(kind),
        samples=email_preview.choices(kind, language),
        who="sample:0",
        seen=email_preview.seen(kind, source, language, "sample:0"),
    )
