"""What happens before and after every request: prove the caller, open the shop, add the headers."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions import api_keys, install_shop
from plugin.actions.install_shop import Opening
from plugin.errors import NotFound, SukiError, Unauthorized
from plugin.observe import api_refusals, get_logger
from plugin.rules.access.access_words import NOTHING
from plugin.store import shops
from plugin.store.database import db
from plugin.store.shops import Shop
from plugin.web import auth, headers
from plugin.web.auth import Declared
from plugin.web.current import Staff, now, parts, reading, transaction
from plugin.web.shopper import proxy

log = get_logger()


def guard(app: Flask) -> None:
    """Put the gate in front of every route of the app."""
    app.before_request(prove_caller)
    app.after_request(add_headers)
    app.after_request(write_down_reading)


def prove_caller() -> AnyResponse | None:
    """Let the request through when its caller is who the route is for."""
    if isinstance(request.routing_exception, RequestRedirect):
        raise NotFound("There is nothing here")  # the address it leads to would carry the signed query
    if request.endpoint is None:
        return None  # no such route: 404
    declared = auth.declared_by(current_app.view_functions[request.endpoint])
    kind = declared.kind if declared else None
    if kind == "session":
        if (instead := _open_session()) is not None:
            return instead
        _expect(declared)
    elif kind == "proxy":
        _open_visit()
    elif kind == "key":
        _open_with_key()
        _expect(declared)
    elif kind == "operator":
        auth.prove_operator(request, parts().settings)
    elif kind != "public":
        raise Unauthorized("This address answers nobody")
    return None


def _expect(declared: Declared | None) -> None:
    """What this request is to write into the access log: the reading it declares, or the change that a form is."""
    if declared is not None and declared.reads not in (None, NOTHING):
        g.reads = declared.reads
    elif request.method not in ("GET", "HEAD"):
        g.changes = request.endpoint


def write_down_reading(response: Response) -> Response:
    """A page that shows people and did not say how many is written down all the same, or is not shown."""
    if "reads" in g and "written_down" not in g and response.status_code < 400:
        with transaction():
            if "seen" not in g:
                reading(g.reads, None)
    return response


def _open_visit() -> None:
    """A shopper on the storefront of an installed shop."""
    visit = proxy.prove(request, parts().settings, now().timestamp())
    shop, _ = _stored(visit.domain)
    if shop is None or shop.state != "installed":
        raise NotFound("There is nothing here")
    g.visit, g.shop = visit, shop


def _open_with_key() -> None:
    """A program with a key of an installed shop, and not too often.

    A wrong key costs one read by number, and is not counted against anybody: counted by the key's number, whoever
    knows it could lock its owner out; the caller's address only the proxy in front knows for sure.
    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    presented = api_keys.read(text) if scheme.lower() == "bearer" else None
    if presented is None:
        api_refusals.labels("no key").inc()
        raise Unauthorized("Send a key: Authorization: Bearer suki_…")
    with db.shop_transaction(parts().engine, presented.shop_id) as conn:
        shop = shops.find(conn, presented.shop_id) if api_keys.proved(conn, presented) else None
        if shop is None or shop.state != "installed":
            api_refusals.labels("wrong key").inc()
            raise Unauthorized("This key is wrong or was revoked.")
        g.shop, g.api_key_id = shop, presented.key_id
    with db.shop_transaction(parts().engine, presented.shop_id) as conn:
        g.pace = api_keys.count_call(conn, presented, now())


def _open_session() -> AnyResponse | None:
    proved = auth.staff_behind(request, parts().settings)
    if isinstance(proved, Response):
        return proved
    g.staff = proved
    try:
        g.shop = _opened(proved)
    except Unauthorized:
        return auth.fresh_token_wanted(parts().settings)
    return None


def _opened(staff: Staff) -> Shop:
    """The installed shop behind the session; installs it, or looks again, where that is due."""
    shop, has_tokens = _stored(staff.domain)
    if not install_shop.due(shop, has_tokens, now()):
        assert shop is not None
        return shop
    try:
        opening = install_shop.ask_shopify(parts().clients, staff.domain, staff.id_token)
    except Unauthorized:
        raise
    except SukiError as error:
        log.warning("open_failed", shop=staff.domain, error=type(error).__name__, why=error.message)
        if shop is not None and shop.state == "installed":
            return shop  # the pages still show what we have; Home says what is wrong
        raise
    return _installed(opening)


def _stored(domain: str) -> tuple[Shop | None, bool]:
    with db.system_transaction(parts().engine) as conn:
        shop = shops.by_domain(conn, domain)
        if shop is None:
            return None, False
        db.enter_shop(conn, shop.id)
        return shop, shops.tokens(conn, shop.id) is not None


def _installed(opening: Opening) -> Shop:
    with db.system_transaction(parts().engine) as conn:
        locale = request.args.get("locale", "")
        shop_id = install_shop.install(conn, parts().clients, opening, locale, now())
        log.info("shop_opened", shop=opening.domain, shop_id=shop_id)
        return shops.get(conn, shop_id)


def add_headers(response: Response) -> Response:
    """Security headers; pages of a session may be framed by that shop's admin alone.

    What goes into a shop's theme has the theme's own: a policy of ours could stop its scripts.
    """
    if "visit" in g:
        return response
    if "pace" in g:
        response.headers["RateLimit-Limit"] = str(api_keys.CALLS_A_MINUTE)
        response.headers["RateLimit-Remaining"] = str(g.pace.left)
        response.headers["RateLimit-Reset"] = str(g.pace.seconds)
    staff: Staff | None = g.get("staff")
    domain = staff.domain if staff else g.get("frame_domain")
    return headers.secure(response, parts().settings, domain, _pictures())


def _pictures() -> tuple[str, ...]:
    """Addresses of this shop that its pages show pictures of: the logo, in the preview of a mail."""
    opened: Shop | None = g.get("shop")
    return tuple(filter(None, (opened.storefront, str(opened.brand.get("logo_url", ""))))) if opened else ()
