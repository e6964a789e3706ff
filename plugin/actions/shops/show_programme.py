"""Keep what a shop's theme knows of the programme: app-data metafields, which only our own blocks read.

Many changes become one job. A shop that is not launched has them too, so that those who try it see everything; its
blocks show nothing to anybody else, by `live` and `testers`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from plugin.actions.activities.offered import as_offered
from plugin.actions.languages import own_names
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.clients.shopify.admin import user_errors
from plugin.errors import SukiError
from plugin.rules import explain, formats, reach
from plugin.rules.brand import brand_of
from plugin.rules.look import dressed, look_of
from plugin.rules.orders.shown_figures import figures, said_names
from plugin.rules.programme import Programme
from plugin.rules.reach import NOBODY, Surface
from plugin.rules.words.catalogues import LANGUAGES
from plugin.rules.words.own_names import in_words
from plugin.rules.words.programme_page import Reader, for_theme, programme_page
from plugin.store.database.db import shop_transaction
from plugin.store.shops import launches, shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

NAMESPACE: Final = "suki"
USUAL_PREFIX: Final = "/apps/suki"
PREFIX: Final = "proxy_prefix"
"""In the shop's settings: where the app stands in the store, if a merchant has moved it."""
MOST_BYTES: Final = 15_000
"""Of one metafield; Shopify takes 16,384."""
MOST_AT_ONCE: Final = 25
"""So many metafields Shopify takes in one call."""
_TOLD: Final = ("accent", "position", "launcher_text", "guest_heading", "guest_text", "guests")
_SHORTENED: Final = ("rewards", "activities", "more", "tiers")


def want(conn: Connection, shop_id: int, now: datetime) -> None:
    """Something changed that the theme shows."""
    jobs.queue(conn, shop_id, JobKind.SHOW_PROGRAMME, ["shown"], now)


def note_prefix(conn: Connection, shop: Shop, prefix: str, now: datetime) -> None:
    """A visit came by this address of the store: the blocks ask there from now on."""
    if prefix != shop.settings.get(PREFIX, USUAL_PREFIX):
        shops.merge_settings(conn, shop.id, {PREFIX: prefix})
        want(conn, shop.id, now)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Write them all, in as few calls as Shopify takes them: one, until there are more than 20 languages."""
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        found = fields(conn, shop, now)
    owner = str(work.execute(shop, queries.INSTALLATION, {})["currentAppInstallation"]["id"])
    wanted = [{"ownerId": owner, "namespace": NAMESPACE, **field} for field in found]
    for at in range(0, len(wanted), MOST_AT_ONCE):
        some = wanted[at : at + MOST_AT_ONCE]
        errors = user_errors(work.execute(shop, queries.SET_METAFIELDS, {"metafields": some})["metafieldsSet"])
        if errors:
            raise SukiError(errors[0].message)


def fields(conn: Connection, shop: Shop, now: datetime) -> list[dict[str, str]]:
    """`available` is what Shopify shows the blocks by, in the editor as well: true for every shop."""
    programme = programmes.at(programmes.versions(conn, shop.id), now).programme
    taxed = bool(shop.settings.get("taxes_included"))
    shown = figures(programme, shop.currency, taxes_included=taxed, now=now) | _reach(conn, shop)
    told = as_offered(conn, shop, programme)
    pages = {f"page_{language}": _page(conn, told, shop, language, now) for language in LANGUAGES}
    usual = formats.reader_locale(shop.locale).language
    return [
        _field("available", "boolean", "true"),
        _field("proxy", "single_line_text_field", str(shop.settings.get(PREFIX, USUAL_PREFIX))),
        _json("programme", _fitting(shown, ("rules", "rewards"), asks=True)),
        _json("look", _look(shop)),
        _json("page", _fitting(pages.get(f"page_{usual}", pages["page_en"]), _SHORTENED)),
        *(_json(key, _fitting(page, _SHORTENED)) for key, page in pages.items()),
    ]


def _page(conn: Connection, programme: Programme, shop: Shop, language: str, now: datetime) -> dict[str, object]:
    locale = formats.reader_locale(language)
    name = own_names.words(conn, shop, programme, locale)
    told = in_words(programme, name)
    shown = for_theme(programme_page(Reader(told, shop.name, shop.currency, shop.zone, locale, now)))
    shown["said"] = said_names(programme, name)
    paused = reach.ask(shop.launch, NOBODY, Surface.SPENDING).why if shop.launch.launched else None
    return shown | ({"paused": explain.words(paused, locale, "shopper", points_name=name)} if paused else {})


def _reach(conn: Connection, shop: Shop) -> dict[str, Any]:
    """Whom the blocks show anything, and what orders earn: for test members everything works, whatever is paused."""
    testers = sorted(one.customer_id for one in launches.test_members(conn, shop.id) if one.customer_id)
    earns = reach.ask(shop.launch, NOBODY, Surface.EARNING).reaches
    return {"live": reach.ask(shop.launch, NOBODY, Surface.PAGE).reaches, "earns": earns, "testers": testers}


def _look(shop: Shop) -> dict[str, str]:
    """What a merchant chose in the panel, with an ink that can be read on the accent; the accent is the brand's where
    none was chosen, and nothing where there is no brand."""
    stored = shop.settings.get("look")
    if not isinstance(stored, Mapping) and not shop.brand:
        return {}
    look = dressed(look_of(stored if isinstance(stored, Mapping) else {}), brand_of(shop.brand) if shop.brand else None)
    shown = {name: getattr(look, name) for name in _TOLD}
    return shown | {"on_accent": look.on_accent}


def _fitting(value: Mapping[str, Any], shortened: Sequence[str], **then: object) -> dict[str, Any]:
    """The value, its longest lists cut until it fits; `then` says so in it."""
    kept: dict[str, Any] = dict(value)
    while len(_text(kept).encode()) > MOST_BYTES:
        longest = max(shortened, key=lambda name: len(_text(kept[name])))
        if not kept[longest]:
            break
        kept |= {longest: kept[longest][:-1], **then}
    return kept


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _json(key: str, value: object) -> dict[str, str]:
    return _field(key, "json", _text(value))


def _field(key: str, kind: str, value: str) -> dict[str, str]:
    return {"key": key, "type": kind, "value": value}
