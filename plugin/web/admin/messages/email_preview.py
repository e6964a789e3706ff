"""An email as it looks while it is worked on: for a sample, or for a real member or order of this shop."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from typing import Final

from flask import Flask, Response, jsonify, make_response, render_template, request

from plugin.actions.emails import own_files
from plugin.errors import BadInput, SukiError
from plugin.messages.about_members import with_facts
from plugin.messages.apart import preview
from plugin.messages.kind import preview_facts
from plugin.messages.kinds import KINDS
from plugin.messages.seen_as import Seer, seen_as
from plugin.rules.emails.design import Content, Design
from plugin.rules.emails.edits import HEAD_ID
from plugin.rules.emails.findings import errors
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import MailContext, RenderedMail
from plugin.rules.sending.wishes import refusable
from plugin.rules.words.texts import Said
from plugin.store.members import member_list, member_search, members
from plugin.store.orders import orders
from plugin.web.admin.frame.layout import found, row_id
from plugin.web.admin.messages import own_kinds, shown_blocks
from plugin.web.admin.messages.own_kinds import LANGUAGE_NAMES
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, transaction
from plugin.web.forms.emails import design as email_form
from plugin.web.forms.emails import source as source_form
from plugin.web.words import said, t

LOOKS: Final = ("light", "dark", "text")
DARK: Final = "(prefers-color-scheme: dark)"
MOST_FOUND: Final = 8
REAL: Final = ("member", "order")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a preview shows: the subject line, the document, and what is wrong where there is none."""

    subject: str = ""
    html: str = ""
    wrong: str = ""


def register(app: Flask) -> None:
    """Add the routes."""
    base = "/app/messages/emails/<kind>"
    app.add_url_rule(f"{base}/preview", "preview_email", of_sample, methods=["POST"])
    app.add_url_rule(f"{base}/preview/member/<int:member_id>", "preview_email_member", of_member, methods=["POST"])
    app.add_url_rule(f"{base}/preview/order/<int:order_id>", "preview_email_order", of_order, methods=["POST"])
    app.add_url_rule(f"{base}/people", "email_people", people)


def choices(kind: MessageKind, language: str) -> list[tuple[str, str]]:
    """The samples that a preview can be for."""
    many = len(own_kinds.samples(kind, language))
    return [(f"sample:{at}", t("messages.editor.sample", number=at + 1)) for at in range(many)]


def sample(kind: MessageKind, language: str, who: str) -> MailContext:
    """The sample of that name; the first where there is none of that name."""
    made_for = own_kinds.sample_shop(language)
    known = KINDS[kind].samples(made_for)
    number = who.removeprefix("sample:")
    one = known[int(number) if number.isdecimal() and int(number) < len(known) else 0]
    facts = preview_facts(made_for)
    return with_facts(one, facts if refusable(kind) else replace(facts, unsubscribe_url=""))


def seen(kind: MessageKind, content: Content, language: str, who: str) -> Seen:
    """The preview of a sample; what can't be shown says why."""
    try:
        return _shown(rendered(kind, content, sample(kind, language, who)), "light")
    except BadInput as error:
        return Seen(wrong=said(error.message))


def rendered(kind: MessageKind, content: Content, context: MailContext) -> RenderedMail:
    """The mail, rendered in a process apart that is killed when it takes too long."""
    return preview(kind, context, own_kinds.brand(), content)


@caller("session", role="manager", reads="nothing", asks=True)
def of_sample(kind: str) -> Response:
    """For a sample."""
    _make_room()
    return _answered(kind, request.form.get("who", ""))


@caller("session", role="manager", reads="member", asks=True)
def of_member(kind: str, member_id: int) -> Response:
    """For a member of this shop."""
    _make_room()
    return _answered(kind, f"member:{member_id}")


@caller("session", role="manager", reads="order", asks=True)
def of_order(kind: str, order_id: int) -> Response:
    """For an order of this shop."""
    _make_room()
    return _answered(kind, f"order:{order_id}")


@caller("session", role="manager", reads="members")
def people(kind: str) -> Response:
    """Members and orders of this shop to preview an email for; the newest where nothing is looked for."""
    chosen, q = own_kinds.named(kind), request.args.get("q", "").strip()[:100]
    with transaction() as conn:
        known = member_search.search(conn, shop().id, q) if q else member_list.latest(conn, shop().id)
        bought = orders.named(conn, shop().id, q, MOST_FOUND)
        reading("members", len(known[:MOST_FOUND]) + len(bought), fields={"q": q}, search=q)
    return make_response(
        render_template("admin/messages/email_people.html", kind=chosen, people=known[:MOST_FOUND], orders=bought)
    )


def context_for(kind: MessageKind, language: str, who: str) -> MailContext:
    """What a mail is rendered from: a sample, or `member:ID` or `order:ID` of this shop, else 404."""
    word, _, number = who.partition(":")
    if word not in REAL or not number.isdecimal():
        found(who if not who or who in dict(choices(kind, language)) else None)
        return sample(kind, language, who)
    one = sample(kind, language, "")
    with transaction() as conn:
        order = found(orders.get(conn, shop().id, row_id(int(number)))) if word == "order" else None
        member = found(members.get(conn, shop().id, row_id(order.member_id or 0 if order else int(number))))
        reading(word, about=f"{word} {number}" if word == "member" else f"member {member.id}")
        return seen_as(Seer(conn, shop(), parts().settings, now()), kind, member, one, order, language)


def _answered(kind: str, who: str) -> Response:
    try:
        chosen = own_kinds.named(kind)
        language = request.form.get("seen_language", "")
        if language not in LANGUAGE_NAMES:
            raise BadInput(Said("emails.wrong.language"))
        mail, wrong = _without_what_is_wrong(chosen, context_for(chosen, language, who))
    except SukiError as error:
        return _refused(error, None)
    look = request.form.get("look", "")
    one = _shown(mail, look if look in LOOKS else LOOKS[0])
    return jsonify(subject=one.subject, html=one.html) if wrong is None else _refused(wrong, one)


def _without_what_is_wrong(kind: MessageKind, context: MailContext) -> tuple[RenderedMail, BadInput | None]:
    """The mail with fields that are wrong as they were before; and what is wrong. BadInput: of a source, or of more
    than fields."""
    form: email_form.Fields = request.form
    wrong: BadInput | None = None
    while True:
        try:
            return rendered(kind, typed(kind, form), context), wrong
        except BadInput as found:
            if "mjml" in form:
                raise
            error = email_form.named(found, form)
            fields = {name: words for name, words in error.fields.items() if name in form} or _unprintable(kind, form)
            if not fields:
                raise
            form = email_form.without(form, fields)
            wrong = BadInput(error.message, {**fields, **(wrong.fields if wrong else {})})


def _unprintable(kind: MessageKind, form: email_form.Fields) -> dict[str, str]:
    """The fields of texts that can be read, and yet not be printed: they ask for what there is not."""
    try:
        design = typed_design(kind, form)
    except BadInput:
        return {}
    named = {
        f"t.{one.block or HEAD_ID}.{one.field}": one.said
        for one in errors(own_kinds.findings(kind, design, [email_form.language_of(form)]))
    }
    return {name: words for name, words in named.items() if name in form}


def _refused(error: SukiError, one: Seen | None) -> Response:
    """What is wrong, by fields; with the mail as it is without it, where there is one."""
    fields = {name: said(words) for name, words in error.fields.items()} if isinstance(error, BadInput) else {}
    unseen = "messages.editor.as_it_was" if one else "messages.editor.not_shown"
    message = t(unseen) if fields else said(error.message)  # nobody wanted to save
    shown = {"subject": one.subject, "html": one.html} if one else {}
    return make_response(jsonify(message=message, fields=fields, **shown), error.status)


def _make_room() -> None:
    """A source that is too long is read, to be told so. Comes before anything of the form is asked for."""
    request.max_content_length = request.max_form_memory_size = source_form.MOST_BYTES


def typed(kind: MessageKind, form: email_form.Fields) -> Content:
    """The content that the form describes, checked as if it were saved."""
    if "mjml" in form:
        return source_form.read(form)
    return typed_design(kind, form)


def typed_design(kind: MessageKind, form: email_form.Fields) -> Design:
    """The design that the form describes. BadInput by the form's own names; of pictures, too."""
    base, language = email_form.base_of(form), email_form.language_of(form)
    design = email_form.read(form, base, shown_blocks.defaults(kind, base, language), shown_blocks.usual(kind, base))
    check_pictures(design)
    return design


def check_pictures(design: Design) -> None:
    """BadInput at the field of each picture that is another shop's."""
    where = {
        f"o.{block.id}.{option.name}": block.options[option.name]
        for block in design.blocks
        for option in block.type.shape.options
        if option.kind == "image" and option.name in block.options
    }
    try:
        own_files.check_pictures(parts().work, shop(), where.values())
    except BadInput as error:
        fields = {name: error.fields[url] for name, url in where.items() if url in error.fields}
        raise BadInput(error.message, fields) from error


def _shown(mail: RenderedMail, look: str) -> Seen:
    """The document as a mail program in that look shows it."""
    if look == "text":
        style = "margin:0;padding:24px;font:14px/1.6 ui-monospace,Menlo,monospace;white-space:pre-wrap;color:#303030"
        body = f'<pre style="{style}">{html.escape(mail.text)}</pre>'
        return Seen(
            mail.subject, f'<!doctype html><html lang="{mail.locale}"><body style="margin:0">{body}</body></html>'
        )
    return Seen(mail.subject, mail.html.replace(DARK, "all" if look == "dark" else "not all"))
