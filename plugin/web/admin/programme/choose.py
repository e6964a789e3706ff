"""Products and collections to choose from by name and picture, and the tags and vendors that the shop uses."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, jsonify, make_response, request

from plugin.actions.goods import known_goods
from plugin.errors import SukiError
from plugin.store.orders.known_goods import Good
from plugin.web.admin.frame.layout import found
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop
from plugin.web.forms.goods import ids_in
from plugin.web.words import said

KINDS: Final = {"product": "Product", "collection": "Collection"}


def register(app: Flask) -> None:
    """Add the routes, and what forms show of the goods that they name."""
    app.add_url_rule("/app/programme/choose/<kind>", "choose_goods", choose)
    app.add_url_rule("/app/programme/words/<what>", "choose_words", words)
    app.jinja_env.globals["goods_named"] = goods_named


@caller("session", reads="nothing")
def choose(kind: str) -> Response:
    """Those that the words find, as JSON: number, title, picture."""
    try:
        listed = known_goods.search(
            parts().engine, parts().clients, shop(), found(KINDS.get(kind)), request.args.get("q", ""), now()
        )
    except SukiError as error:
        return make_response(jsonify(message=said(error.message)), error.status)
    return jsonify(goods=[{"number": one.number, "title": one.title, "picture": one.picture} for one in listed])


@caller("session", reads="nothing")
def words(what: str) -> Response:
    """The shop's product tags, or its vendors, as JSON."""
    found(known_goods.LISTS.get(what))
    try:
        listed = known_goods.words(parts().engine, parts().clients, shop(), what)
    except SukiError as error:
        return make_response(jsonify(message=said(error.message)), error.status)
    return jsonify(words=listed)


def goods_named(text: str, kind: str) -> list[Good]:
    """What a field names, in its order: by name and picture, as far as anybody knows."""
    numbers = list(dict.fromkeys(ids_in(text, kind, "", {})))
    known = known_goods.named(parts().engine, parts().clients, shop(), [(kind, number) for number in numbers], now())
    return [known.get((kind, number), Good(kind, number)) for number in numbers]
