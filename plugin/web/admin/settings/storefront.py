"""Where shoppers and staff meet the programme: each place with its state and the link that adds it, and the look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

import orjson
from flask import Flask, Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.shops import storefront
from plugin.errors import BadInput
from plugin.rules import formats
from plugin.rules.brand import CORNERS, FONTS
from plugin.rules.look import LONGEST, POSITIONS, THEME, Look
from plugin.rules.places import PLACES, Place, State, Where, add_link, read_states
from plugin.rules.referrals.sharing import CHANNELS, channels
from plugin.rules.words.texts import Said
from plugin.store.versions import programmes
from plugin.web.admin.frame.layout import Form, go, page
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, staff, transaction
from plugin.web.forms import look as look_form
from plugin.web.shopper import page as shopper_page
from plugin.web.shopper import programme as shopper_programme
from plugin.web.words import counted, t

MOST_TOLD: Final = 100_000
"""Characters of what a browser tells of the extensions; a theme with every block in it is a twentieth of it."""
BALANCE: Final = 240
"""The points in the preview."""
PREVIEWED: Final = {"at": "", "sign_in": "#", "key": "", "shopper": None, "signed_in": False}
"""What a page has of a visit, where there is none."""
DRAWN: Final[Mapping[str, tuple[int, int, int, int]]] = {
    "launcher": (92, 62, 22, 10),
    "rewards_page": (8, 18, 104, 54),
    "product_points": (64, 44, 48, 8),
    "cart_points": (70, 40, 42, 12),
    "account_teaser": (8, 18, 104, 12),
    "referral_banner": (8, 58, 104, 14),
    "checkout": (8, 48, 56, 18),
    "thank_you": (8, 30, 56, 20),
    "account_page": (8, 18, 104, 54),
    "profile": (8, 46, 104, 14),
    "order_status": (8, 34, 62, 18),
    "order_list": (8, 18, 104, 10),
    "till_tile": (8, 18, 32, 24),
    "till_customer": (64, 30, 48, 22),
    "till_after_sale": (64, 44, 48, 22),
    "admin_customer": (8, 46, 66, 20),
    "admin_order": (8, 46, 66, 20),
}
"""Where each place stands in its little picture: left, top, width and height, of 120 by 80."""


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/app/settings/storefront", "storefront", show)
    app.add_url_rule("/app/settings/storefront", "save_look", save, methods=["POST"])
    app.add_url_rule("/app/settings/storefront/preview", "preview_look", preview, methods=["POST"])
    app.add_url_rule("/app/settings/storefront/places", "note_places", note_places, methods=["POST"])


@caller("session", reads="nothing")
def show() -> Response:
    """The places and the look."""
    kept, worn = storefront.chosen_look(shop()), storefront.look(shop())
    values = {name: str(value) for name, value in asdict(kept).items()}
    return _shown(Form(values | {"accent": worn.accent, "paper": worn.paper}, {}), kept)


@caller("session", role="manager")
def save() -> AnyResponse:
    """Store the look, or say what is wrong at its fields."""
    try:
        chosen = storefront.following(shop(), look_form.read(request.form))
        with transaction() as conn:
            storefront.save_look(conn, shop().id, chosen, staff().actor, now())
    except BadInput as error:
        return _shown(Form(look_form.told(request.form), error.fields, error.message), Look(), error.status)
    return go("storefront", done="saved")


@caller("session", role="manager")
def preview() -> Response:
    """The rewards page, or the launcher and its panel, in the look that the form describes now."""
    chosen = _valid(look_form.told(request.form))
    return make_response(_launcher(chosen) if request.form.get("shown") == "launcher" else _page(chosen))


def _valid(form: dict[str, str]) -> Look:
    """What the form describes; fields that are wrong count as they are saved."""
    try:
        return Look(**form)
    except BadInput as error:
        kept = asdict(storefront.chosen_look(shop()))
        return Look(**form | {name: str(kept[name]) for name in error.fields if name in kept})


@caller("session", role="manager")
def note_places() -> Response:
    """What App Bridge told this browser of our extensions: 200 where it is news, else 204."""
    told = request.form.get("told", "")
    try:
        states = read_states(orjson.loads(told)) if len(told) <= MOST_TOLD else None
    except orjson.JSONDecodeError:
        states = None
    if states is None:
        raise BadInput(Said("frame.wrong.fields"))
    if {**storefront.places_of(shop()), **states} == storefront.places_of(shop()):
        return Response("", 204)
    with transaction() as conn:
        storefront.note_places(conn, shop(), states)
    return Response("", 200)


def _shown(form: Form, kept: Look, status: int = 200) -> Response:
    states = storefront.places_of(shop())
    return page(
        "admin/settings/storefront.html",
        status,
        form=form,
        places={where: [place for place in PLACES if place.where is where] for where in Where},
        state_of=lambda place: _state(place, states),
        link_of=lambda place: add_link(place, shop().domain, parts().settings.shopify_api_key),
        drawn=DRAWN,
        positions=POSITIONS,
        longest=LONGEST,
        fonts=[
            ("", t("settings.storefront.as_brand")),
            (THEME, t("settings.storefront.theme_font")),
            *((name, t(f"messages.brand.font.{name}")) for name in FONTS),
        ],
        corners=[
            ("", t("settings.storefront.as_brand")),
            *((name, counted("messages.brand.pixels", int(name))) for name in CORNERS),
        ],
        channels=[(key, one.name or t(f"settings.storefront.share.{key}")) for key, one in CHANNELS.items()],
        shared=[one.key for one in channels(form.values.get("share", ""), shop().currency)],
        preview=_page(kept),
    )


def _state(place: Place, states: Mapping[str, State]) -> State:
    """On a plan that lacks it, it is unavailable, whatever was told."""
    if place.plus and shop().settings.get("plus") is False:
        return State.UNAVAILABLE
    return states.get(place.key, State.UNKNOWN)


def _page(chosen: Look) -> str:
    """The rewards page as a visitor has it, in the shop's language."""
    locale = formats.reader_locale(shop().locale)
    with transaction() as conn:
        rules = programmes.current(conn, shop().id, now()).programme
        values = shopper_programme.for_visitor(conn, locale, rules)
    return render_template(
        "admin/settings/page_preview.html",
        page=shopper_page.drawn(
            "programme.html", locale, storefront.pages(shop(), chosen), points_name=rules.points_name, **PREVIEWED,
            **values | {"look": chosen},
        ),
    )  # fmt: skip


def _launcher(chosen: Look) -> str:
    with transaction() as conn:
        name = programmes.current(conn, shop().id, now()).programme.points_name
    locale = formats.reader_locale("en")
    return render_template(
        "admin/settings/look_preview.html",
        look=storefront.look(shop(), chosen),
        points_name=formats.points_unit(name, locale),
        points=formats.points(BALANCE, name, locale),
        shop_name=shop().name or shop().domain,
    )
