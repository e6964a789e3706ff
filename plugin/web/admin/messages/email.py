"""The editor of one kind of email: its texts in one language, and its blocks in order."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Final

import orjson
from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.emails import publish_email, save_draft
from plugin.actions.emails.save_draft import Standing
from plugin.errors import BadInput, Conflict, NotFound, SukiError
from plugin.messages.designs import variables_of
from plugin.rules.emails import edits
from plugin.rules.emails.block_types import ALIGNS, GROUNDS, BlockType
from plugin.rules.emails.design import Content, Design, Source
from plugin.rules.emails.stored import to_stored
from plugin.rules.message_kinds import MessageKind
from plugin.rules.words.texts import Said
from plugin.web import shown
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.admin.messages import email_preview, email_test, own_kinds, shown_blocks
from plugin.web.admin.messages.own_kinds import LANGUAGE_NAMES
from plugin.web.auth import caller
from plugin.web.current import now, shop, staff, transaction
from plugin.web.forms.emails import design as email_form
from plugin.web.words import t

FLAGS: Final = ("", "yes", "no")
STAYS_FOLDED: Final = ("up", "down", "turn")
"""What is done to a block without looking into it."""
WORDS: Final = ("bold", "italic", "link", "variable", "dragged")
"""What the script says: `messages.editor.js.<name>`."""

EMPTY: Final = Form({}, {})


@dataclass(frozen=True, slots=True)
class Shown:
    """How the editor is shown: the form as it was typed, where to look, and what there is to say."""

    form: Form = EMPTY
    at: str = ""
    opened: str = ""
    conflict: str = ""
    tested: bool = False


AS_KEPT: Final = Shown()


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/messages/emails/<kind>", "email", show)
    app.add_url_rule("/app/messages/emails/<kind>", "save_email", save, methods=["POST"])


@caller("session", reads="nothing")
def show(kind: str) -> AnyResponse:
    """The draft, else what is sent; a source has a page of its own."""
    chosen, language = own_kinds.named(kind), own_kinds.wanted_language()
    with transaction() as conn:
        found = save_draft.standing(conn, shop().id, chosen)
    content = own_kinds.content_or_default(chosen, found.content)
    if isinstance(content, Source):
        return go("email_source", kind=kind)
    said = Shown(at=request.args.get("at", ""), opened=request.args.get("open", ""))
    return _shown(chosen, found, content, language, said)


@caller("session", role="manager")
def save(kind: str) -> AnyResponse:
    """Save what was typed, with what the pressed button does; or say what is wrong at its place."""
    chosen = own_kinds.named(kind)
    do, *about = request.form.get("do", "save").split(":")
    if do in ("undo", "discard"):
        return _taken_back(chosen, do)
    try:
        design = email_preview.typed_design(chosen, request.form)
        changed = _changed(chosen, design, do, about)
        said = _kept(chosen, changed, do)
    except BadInput as error:
        return _again(chosen, error)
    except Conflict as error:
        return _again(chosen, error, conflict=_who(chosen))
    except SukiError as error:
        if do != "test":
            raise
        return _again(chosen, error)
    return said if said is not None else _back(chosen, do, about, design, changed)


def _changed(kind: MessageKind, design: Design, do: str, about: list[str]) -> Design:
    """The design after the pressed button; the same for one that changes nothing in it."""
    form = request.form
    first = about[0] if about else ""
    if do in ("up", "down"):
        return edits.moved(design, first, 1 if do == "down" else -1)
    if do == "turn":
        return edits.turned(design, first)
    if do == "remove":
        return edits.removed(design, first)
    if do == "back":
        return edits.put_back(design, first, about[1] if len(about) > 1 else "", form["language"])
    if do == "usual":
        return edits.chosen_as_usual(design, first, about[1] if len(about) > 1 else "")
    if do == "add":
        return edits.added(design, form.get("new_type", ""), "b" + secrets.token_hex(4))
    if do == "copy":
        targets = form.getlist("copy_to")
        if not targets or not set(targets) <= LANGUAGE_NAMES.keys():
            raise BadInput(Said("messages.editor.copy_where"))
        defaults = {each: shown_blocks.defaults(kind, design, each) for each in targets}
        return edits.copied(design, form["language"], targets, defaults, first)
    return design


def _kept(kind: MessageKind, design: Design, do: str) -> AnyResponse | None:
    """Save the draft, and publish or send a test of it where that was pressed."""
    wrong = own_kinds.wrong(own_kinds.findings(kind, design)) if do == "publish" else {}
    if do == "test":
        email_test.send(kind, design, request.form.get("seen_language", ""), request.form.get("who", ""))
        return _again(kind, None, tested=True)
    content = own_kinds.own_or_none(kind, design)
    with transaction() as conn:
        save_draft.save_draft(conn, shop().id, kind, content, own_kinds.began(), staff().actor, now())
    if do != "publish":
        return None
    own_kinds.insist_on_none(wrong)
    with transaction() as conn:
        began = save_draft.standing(conn, shop().id, kind).began
        note = request.form.get("note", "")
        publish_email.publish(conn, shop().id, kind, began, content, wrong, note, staff().actor, now())
    return go("email", done="published", kind=kind, language=request.form["language"])


def _taken_back(kind: MessageKind, do: str) -> AnyResponse:
    act = save_draft.undo if do == "undo" else save_draft.discard
    try:
        with transaction() as conn:
            done = act(conn, shop().id, kind, own_kinds.began(), staff().actor, now())
    except Conflict as error:
        return _again(kind, error, conflict=_who(kind))
    return go("email", done=("undone" if do == "undo" else "discarded") if done else "unchanged", kind=kind,
              language=request.form.get("language", ""))  # fmt: skip


def _back(kind: MessageKind, do: str, about: list[str], before: Design, after: Design) -> AnyResponse:
    """To the editor again, at the block that was worked with."""
    if do == "pick" and len(about) == 2:
        return go("email_pictures", kind=kind, block=about[0], option=about[1])
    new = {block.id for block in after.blocks} - {block.id for block in before.blocks}
    at = next(iter(new), about[0] if about and after.block(about[0]) is not None else "")
    language = request.form.get("to_language" if do == "language" else "language", "")
    done = "saved" if do in ("save", "copy") else ""
    where = {"at" if do in STAYS_FOLDED else "open": at} if at else {}
    return go("email", done=done, kind=kind, language=language, **where)


def _who(kind: MessageKind) -> str:
    """Who changed the email meanwhile, and when."""
    with transaction() as conn:
        found = save_draft.standing(conn, shop().id, kind)
    if found.draft is None:
        return t("messages.editor.somebody_else")
    when = shown.inside(found.draft.saved_at)
    said = t("messages.editor.conflict", who=shown.who(found.draft.author), when=when)
    return said[:1].upper() + said[1:]


def _again(kind: MessageKind, error: SukiError | None, conflict: str = "", *, tested: bool = False) -> AnyResponse:
    """The form as it was typed, with what is wrong. What cannot even be read as a design is shown as it is kept."""
    with transaction() as conn:
        found = save_draft.standing(conn, shop().id, kind)
    fields = error.fields if isinstance(error, BadInput) else {}
    form = Form(request.form.to_dict(), fields, error.message if error and not conflict else "")
    try:
        design, language = email_form.in_typed_order(request.form), email_form.language_of(request.form)
    except BadInput:
        content = own_kinds.content_or_default(kind, found.content)
        if isinstance(content, Source):
            raise NotFound(Said("frame.error.not_found")) from None
        design, language, form = content, own_kinds.wanted_language(), replace(form, values={})
    status = 200 if error is None else error.status
    return _shown(kind, found, design, language, Shown(form, conflict=conflict, tested=tested), status)


def _shown(
    kind: MessageKind, found: Standing, design: Design, language: str, said: Shown = AS_KEPT, status: int = 200
) -> Response:
    findings = own_kinds.findings(kind, design, (language, *sorted(_changed_in(design))))
    return page(
        "admin/messages/email.html",
        status,
        kind=kind,
        here="email",
        label=kind.about.label,
        form=said.form,
        at=said.at,
        opened=said.opened,
        conflict=said.conflict,
        tested=said.tested,
        began=found.began,
        draft=found.draft,
        live=found.live,
        design_json=orjson.dumps(to_stored(design)).decode(),
        edited=language,
        languages=LANGUAGE_NAMES,
        changed_in=_changed_in(design),
        head=shown_blocks.head(kind, design, language),
        blocks=shown_blocks.blocks(kind, design, language, findings),
        names=own_kinds.block_names(design),
        findings=findings,
        can_publish=not own_kinds.wrong(findings),
        samples=email_preview.choices(kind, language),
        who=said.form.values.get("who", "sample:0"),
        seen=email_preview.seen(kind, design, language, "sample:0"),
        **_choices(kind),
    )


def _choices(kind: MessageKind) -> dict[str, object]:
    """What can be chosen from, in words."""
    variables = variables_of(kind)
    return {
        "tiers": own_kinds.tiers_of(),
        "addable": [(each, t(each.label)) for each in BlockType if each.shape.addable and not each.shape.slot],
        "aligns": [(each, t(f"messages.editor.align.{each or 'usual'}")) for each in ALIGNS],
        "grounds": [(each, t(f"messages.editor.ground.{each or 'usual'}")) for each in GROUNDS],
        "flags": [(each, t(f"messages.editor.flag.{each or 'all'}")) for each in FLAGS],
        "flag": lambda value: "" if value is None else "yes" if value else "no",
        "variables": [[one.path, t(one.label), one.sample, one.blank] for one in variables if not one.address],
        "addresses": [one.path for one in variables if one.address],
        "words": {name: t(f"messages.editor.js.{name}") for name in WORDS},
    }


def _changed_in(content: Content) -> set[str]:
    """The languages in which a text was changed."""
    if isinstance(content, Source):
        return set()
    return {each for texts in (content.texts, *(block.texts for block in content.blocks)) for each in texts}
