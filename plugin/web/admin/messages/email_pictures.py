"""The pictures among the shop's files, to choose one for a block of an email, or as the logo of all."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, Response, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.emails import own_files, save_draft
from plugin.actions.emails.own_files import Found
from plugin.actions.shops import save_brand
from plugin.errors import BadInput, SukiError
from plugin.rules.brand import brand_of
from plugin.rules.emails.design import Block, Design, Override
from plugin.rules.words.texts import Said
from plugin.web.admin.frame.layout import found, go, link, page
from plugin.web.admin.messages import own_kinds
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, staff, transaction

NONE = Found((), "")


def register(app: Flask) -> None:
    """Add the routes."""
    block = "/app/messages/emails/<kind>/picture/<block>/<option>"
    app.add_url_rule(block, view_func=email_pictures)
    app.add_url_rule(block, "choose_picture", choose, methods=["POST"])
    app.add_url_rule("/app/messages/brand/logo", view_func=logo_pictures)
    app.add_url_rule("/app/messages/brand/logo", "choose_logo", choose_logo, methods=["POST"])


@caller("session", reads="nothing")
def email_pictures(kind: str, block: str, option: str) -> Response:
    """Those to choose from for a block."""
    own_kinds.named(kind)
    where = {"kind": kind, "block": block, "option": option}
    return _shown("email_pictures", "choose_picture", link("email", kind=kind, open=block), where)


@caller("session", reads="nothing")
def logo_pictures() -> Response:
    """Those to choose from as the logo."""
    return _shown("logo_pictures", "choose_logo", link("brand"), {})


@caller("session", role="manager")
def choose(kind: str, block: str, option: str) -> AnyResponse:
    """Put the picture into the block of the draft, with the words for it where the block has none."""
    chosen = own_kinds.named(kind)
    url = _own()
    with transaction() as conn:
        there = save_draft.standing(conn, shop().id, chosen)
        design = own_kinds.content_or_default(chosen, there.content)
        one = found(design.block(block) if isinstance(design, Design) else None)
        picked = found(one.type.option(option))
        if picked.kind != "image" or not isinstance(design, Design):
            raise BadInput(Said("emails.wrong.field"))
        filled = _with_words(replace(one, options={**one.options, option: url}))
        blocks = tuple(filled if each.id == block else each for each in design.blocks)
        save_draft.save_draft(
            conn, shop().id, chosen, replace(design, blocks=blocks), there.began, staff().actor, now()
        )
    return go("email", done="saved", kind=kind, open=block)


@caller("session", role="manager")
def choose_logo() -> AnyResponse:
    """Make the picture the logo of the shop's emails."""
    url = _own()
    with transaction() as conn:
        kept = brand_of(shop().brand)
        save_brand.save_brand(conn, shop().id, replace(kept, logo_url=url), staff().actor, now())
    return go("brand", done="saved")


def _own() -> str:
    """The chosen picture's address. BadInput where it is another shop's."""
    url = request.form.get("url", "")
    own_files.check_pictures(parts().work, shop(), [url])
    return url


def _with_words(block: Block) -> Block:
    words, language = request.form.get("alt", "").strip(), own_kinds.wanted_language()
    own = block.texts.get(language, {})
    if not words or "alt" in own or block.type.field("alt") is None:
        return block
    return replace(block, texts={**block.texts, language: {**own, "alt": Override(text=words)}})


def _shown(endpoint: str, choose: str, back: str, where: dict[str, str]) -> Response:
    q, message, pictures = request.args.get("q", ""), "", NONE
    if own_files.may_read(shop()):
        try:
            pictures = own_files.search(parts().work, shop(), q, request.args.get("after", "")[:200])
        except SukiError as error:
            message = error.message
    return page(
        "admin/messages/email_pictures.html",
        allowed=own_files.may_read(shop()),
        scope=own_files.READ_FILES,
        endpoint=endpoint,
        choose=choose,
        back=back,
        where=where,
        q=q,
        pictures=pictures,
        message=message,
    )
