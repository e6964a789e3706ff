"""Products and collections to choose from by name and picture, the tags and vendors that the shop uses, and members.

Shopify's own picker has products, variants and collections alone: customers are looked for in a search of ours.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, jsonify, make_response, request

from plugin.actions.goods import known_goods
from plugin.errors import SukiError
from plugin.store.members import member_search
from plugin.store.members.members import Member
from plugin.store.orders.known_goods import Good
from plugin.web.admin.frame.layout import found
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, transaction
from plugin.web.forms.goods import ids_in
from plugin.web.words import said

MOST_MEMBERS: Final = 20
KINDS: Final = {"product": "Product", "collection": "Collection"}


def register(app: Flask) -> None:
    """Add the routes, and what forms show of the goods that they name."""
    app.add_url_rule("/app/programme/choose/<kind>", "choose_goods", choose)
    app.add_url_rule("/app/members/choose", "choose_members", members)
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


@caller("session", reads="members")
def members() -> Response:
    """Members whom the words mean, as JSON: number, name with address, and the line that names each in a form."""
    text = " ".join(request.args.get("q", "").replace("\0", "").split())[: known_goods.LONGEST_SEARCH]
    with transaction() as conn:
        people = member_search.called(conn, shop().id, text)[:MOST_MEMBERS] if len(text) > 1 else []
        reading("members", len(people), search=text)
    return jsonify(goods=[_member(one) for one in people if one.email or one.customer_id])


def _member(one: Member) -> dict[str, object]:
    line = one.email or str(one.customer_id)
    return {
        "number": one.id,
        "title": one.name if one.name == line else f"{one.name} · {line}",
        "picture": "",
        "line": line,
    }


def goods_named(text: str, kind: str) -> list[Good]:
    """What a field names, in its order: by name and picture, as far as anybody knows."""
    numbers = list(dict.fromkeys(ids_in(text, kind, "", {})))
    known = known_goods.named(parts().engine, parts().clients, shop(), [(kind, number) for number in numbers], now())
    return [known.get((kind, number), Good(kind, number)) for number in numbers]
