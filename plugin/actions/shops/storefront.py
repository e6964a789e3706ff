"""Where a shop's shoppers meet the programme: what Shopify says stands where, how it looks, and the set-up guide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.shops import show_programme
from plugin.errors import NotFound
from plugin.rules.brand import Brand, brand_of
from plugin.rules.look import Look, PageLook, dressed, look_of, page_look
from plugin.rules.places import BY_KEY, State
from plugin.rules.setup_guide import STEPS
from plugin.rules.words.texts import Said
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import activity_pages

_PLACES, _LOOK, _AWAY = "places", "look", "guide_away"


def places_of(shop: Shop) -> dict[str, State]:
    """What Shopify told last of each place; nothing of those it never told of."""
    told = shop.settings.get(_PLACES)
    if not isinstance(told, Mapping):
        return {}
    states = {str(state) for state in State}
    return {str(key): State(str(state)) for key, state in told.items() if key in BY_KEY and state in states}


def note_places(conn: Connection, shop: Shop, states: Mapping[str, State]) -> bool:
    """Keep what Shopify told; says whether it was something new."""
    known = places_of(shop)
    if {**known, **states} == known:
        return False
    shops.merge_settings(conn, shop.id, {_PLACES: {key: str(state) for key, state in {**known, **states}.items()}})
    return True


def chosen_look(shop: Shop) -> Look:
    """What staff chose; what they left empty is empty."""
    stored = shop.settings.get(_LOOK)
    return look_of(stored if isinstance(stored, Mapping) else {})


def look(shop: Shop, chosen: Look | None = None) -> Look:
    """How the storefront's widgets look: with the brand's colours, font and corners where none were chosen; `chosen`:
    what staff are about to choose."""
    return dressed(chosen or chosen_look(shop), _brand(shop))


def following(shop: Shop, chosen: Look) -> Look:
    """The look as it is kept: a colour that is the brand's is left empty, so that it goes on following the brand."""
    brands = dressed(Look(), _brand(shop))
    same = {name: "" for name in ("accent", "paper") if getattr(chosen, name) == getattr(brands, name)}
    return replace(chosen, **same)


def pages(shop: Shop, chosen: Look | None = None) -> PageLook:
    """How the shopper's pages look; `chosen`: what staff are about to choose."""
    return page_look(chosen or chosen_look(shop), _brand(shop))


def _brand(shop: Shop) -> Brand | None:
    """The brand that the shop has set; None for none."""
    return brand_of(shop.brand) if shop.brand else None


def save_look(conn: Connection, shop_id: int, chosen: Look, actor: str, now: datetime) -> None:
    """Store the look."""
    shops.merge_settings(conn, shop_id, {_LOOK: asdict(chosen)})
    show_programme.want(conn, shop_id, now)
    activity_pages.note_staff_act(conn, shop_id, actor, "save_look", "", asdict(chosen), now)


def put_away(shop: Shop) -> frozenset[str]:
    """The steps of the set-up guide that staff have put away."""
    stored = shop.settings.get(_AWAY)
    return frozenset(map(str, stored)) if isinstance(stored, list) else frozenset()


def put_step_away(conn: Connection, shop: Shop, step: str) -> None:
    """Put a step away. NotFound: there is no such step."""
    if step not in STEPS:
        raise NotFound(Said("home.guide.no_step"))
    shops.merge_settings(conn, shop.id, {_AWAY: sorted(put_away(shop) | {step})})


def bring_steps_back(conn: Connection, shop: Shop) -> None:
    """Show every step again that was put away."""
    shops.merge_settings(conn, shop.id, {_AWAY: []})
