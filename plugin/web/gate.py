"""What happens before and after every request: prove the caller, open the shop, add the headers."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from plugin.actions.shops import api_keys, install_shop, show_programme, staff_roles, storefront
from plugin.actions.shops.install_shop import Opening
from plugin.errors import Closed, Forbidden, NotAvailable, NotFound, Refused, SukiError, TooMany, Unauthorized
from plugin.observe import api_refusals, get_logger
from plugin.rules import reach
from plugin.rules.access.roles import SCOPE_WORDS, allows
from plugin.rules.names import turns
from plugin.rules.reach import Surface
from plugin.rules.words.access import NOTHING
from plugin.rules.words.texts import Said
from plugin.store.database import db
from plugin.store.shops import launches, paces, shops, staff
from plugin.store.shops.shops import Shop
from plugin.store.shops.staff import Account
from plugin.web import auth, headers, once, surfaces
from plugin.web.auth import Declared
from plugin.web.current import Staff, account, colleagues, may_call, now, parts, reading, shop, transaction
from plugin.web.shopper import proxy, tokens
from plugin.web.shopper.api import pace
from plugin.web.shopper.emails import link as email_link
from plugin.web.shopper.proxy import Visit

log = get_logger()
FORMS_AN_HOUR = 20
"""Of one shopper."""
ANSWERS_NOBODY = "This address answers nobody"
"""A view that declares no caller, or one that no request of the web can be."""


def guard(app: Flask) -> None:
    """Put the gate in front of every route of the app."""
    app.before_request(prove_caller)
    app.after_request(add_headers)
    app.after_request(once.end)
    app.after_request(write_down_reading)


def prove_caller() -> AnyResponse | None:
    """Let the request through when its caller is who the route is for."""
    if isinstance(request.routing_exception, RequestRedirect):
        raise NotFound("There is nothing here")  # the address it leads to would carry the signed query
    if request.method == "OPTIONS" and surfaces.by_token(request.path):
        return surfaces.preflight()
    if request.endpoint is None:
        return None  # no such route: 404
    declared = auth.declared_by(current_app.view_functions[request.endpoint])
    if declared is None:
        raise Unauthorized(ANSWERS_NOBODY)
    kind = declared.kind
    if kind == "session":
        if (instead := _open_session()) is not None:
            return instead
        _let_in(declared)
        _expect(declared)
        return once.begin(declared)
    elif kind == "proxy":
        _open_visit(proxy.prove(request, parts().settings, now().timestamp()), declared)
    elif kind == "shopper":
        _open_visit(tokens.prove(request, parts().settings, request.args.get("locale", "")[:20]), declared)
    elif kind == "key":
        _open_with_key()
        _let_key_in(declared)
        _expect(declared)
    elif kind == "link":
        email_link.open_link(str((request.view_args or {}).get("token", "")))
    elif kind == "operator":
        auth.prove_operator(request, parts().settings)
    elif kind != "public":
        raise Unauthorized(ANSWERS_NOBODY)
    return None


def _expect(declared: Declared) -> None:
    """What this request is to write into the access log: the reading it declares, or the change that a form is."""
    if declared.reads not in (None, NOTHING):
        g.reads = declared.reads
    elif request.method not in ("GET", "HEAD") and not declared.asks:
        g.changes = request.endpoint


def write_down_reading(response: Response) -> Response:
    """A page that shows people and did not say how many is written down all the same, or is not shown."""
    if "reads" in g and "written_down" not in g and response.status_code < 400:
        with transaction():
            if "seen" not in g:
                reading(g.reads, None)
    return response


def _let_key_in(declared: Declared) -> None:
    """Forbidden: the key is for something else. A call that declares nothing is open to none."""
    wanted = declared.scope
    if not may_call(wanted):
        api_refusals.labels("wrong scope").inc()
        words = SCOPE_WORDS[wanted] if wanted else "nothing"
        raise Forbidden(f"This API key needs the permission “{words}”. Create a key in Settings, Automation.")


def _open_visit(visit: Visit, declared: Declared) -> None:
    """A shopper of an installed shop, on its storefront or on a surface of Shopify's."""
    found, _ = _stored(visit.domain)
    if found is None or found.state != "installed":
        if surfaces.asked(request.path):
            raise _not_installed()
        raise NotFound("There is nothing here")
    g.visit, g.shop = visit, found
    _show(visit)
    reads = request.method in ("GET", "HEAD") or declared.asks
    if surfaces.asked(request.path):
        pace.count_read(visit) if reads else pace.count_act(visit)
    elif not reads and visit.customer_id is not None:
        _pace(visit.customer_id)


def _not_installed() -> Closed:
    """Whoever asks is who they say, of a shop that does not have the app: not yet, or not any more."""
    return Closed(Said("frame.error.not_installed"), "not_installed")


def _show(visit: Visit) -> None:
    """NotAvailable, or Closed for a program: nothing of the programme is shown to whoever is behind the visit."""
    with db.shop_transaction(parts().engine, shop().id) as conn:
        if not visit.token:  # a token does not say where the app stands
            show_programme.note_prefix(conn, shop(), visit.path_prefix, now())
        member = launches.behind(conn, shop().id, visit.customer_id)
        if surfaces.asked(request.path):
            g.acted_at = pace.acted_at(conn, visit)
    person = member.person if member is not None else reach.NOBODY
    if reach.ask(shop().launch, person, Surface.PAGE).reaches:
        return
    if surfaces.asked(request.path):
        raise Closed("The programme does not reach this person", reach.NOT_LAUNCHED)
    raise NotAvailable("This page is not available")


def _pace(customer_id: int) -> None:
    """TooMany: this customer has sent as many forms within the hour as one may."""
    with db.shop_transaction(parts().engine, shop().id) as conn:
        if not paces.take(conn, shop().id, [(str(turns.Posting(customer_id)), FORMS_AN_HOUR)], now()):
            raise TooMany("Too many forms within the hour", 3600)


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
        scopes = api_keys.proved(conn, presented)
        found = shops.find(conn, presented.shop_id) if scopes is not None else None
        if found is None or found.state != "installed":
            api_refusals.labels("wrong key").inc()
            raise Unauthorized("This key is wrong or was revoked.")
        g.shop, g.api_key_id, g.scopes = found, presented.key_id, scopes
    with db.shop_transaction(parts().engine, presented.shop_id) as conn:
        g.pace = api_keys.count_call(conn, presented, now())


def _open_session() -> AnyResponse | None:
    proved = auth.staff_behind(request, parts().settings)
    if isinstance(proved, Response):
        return _again(proved)
    g.staff = proved
    try:
        g.shop = _opened(proved)
        g.account = _account(proved)
    except Unauthorized:
        return _again(auth.fresh_token_wanted(parts().settings))
    return None


def _again(instead: Response) -> Response:
    """What makes the panel get a fresh token; an extension of the admin reads a problem that says so."""
    if surfaces.by_staff(request.path):
        raise Unauthorized("This token is missing, wrong or too old. Try again.")
    return instead


def _account(proved: Staff) -> Account:
    """Whose session it is. Whom we do not know yet is looked up with Shopify and written down when they open a page;
    a form that somebody unknown sends is a viewer's."""
    known: Account | None = colleagues().get(proved.user_id)
    if request.method not in ("GET", "HEAD") or not staff_roles.due(known, now()):
        return known or Account(proved.user_id, "viewer", "", "", None, now())
    person = staff_roles.ask_shopify(parts().clients, proved.domain, proved.id_token)
    with db.shop_transaction(parts().engine, shop().id) as conn:
        account = staff_roles.admit(conn, shop().id, proved.user_id, person, now())
    colleagues()[account.id] = account
    return account


def _let_in(declared: Declared) -> None:
    """Forbidden: this needs another role. Where none is declared, pages are for everybody and forms for owners."""
    reads = request.method in ("GET", "HEAD")
    least = declared.role or ("viewer" if reads else "owner")
    if not allows(account().role, least):
        raise Forbidden(f"Your role here is {account().role}; this is for {least}s. Ask an owner: Settings, Staff.")
    if reads and staff_roles.visit_due(account(), now()):
        with db.shop_transaction(parts().engine, shop().id) as conn:
            staff.seen(conn, shop().id, account().id, now())


def _opened(who: Staff) -> Shop:
    """The installed shop behind the session; installs it, or looks again, where that is due."""
    known, has_tokens = _stored(who.domain)
    if not install_shop.due(known, has_tokens, now()):
        assert known is not None
        return known
    try:
        opening = install_shop.ask_shopify(parts().clients, who.domain, who.id_token)
    except Unauthorized:
        raise
    except SukiError as error:
        log.warning("open_failed", shop=who.domain, error=type(error).__name__, why=error.message)
        if known is not None and known.state == "installed":
            return known  # the pages still show what we have; Home says what is wrong
        if isinstance(error, Refused) and surfaces.by_staff(request.path):
            raise _not_installed() from error
        raise
    return _installed(opening)


def _stored(domain: str) -> tuple[Shop | None, bool]:
    with db.system_transaction(parts().engine) as conn:
        found = shops.by_domain(conn, domain)
        if found is None:
            return None, False
        db.enter_shop(conn, found.id)
        if "staff" in g:
            g.colleagues = {one.id: one for one in staff.all_of(conn, found.id)}
        return found, shops.tokens(conn, found.id) is not None


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
    if surfaces.asked(request.path):
        return surfaces.readable(headers.secure(response, parts().settings, None), request.path)
    if "visit" in g:
        return response
    if "pace" in g:
        response.headers["RateLimit-Limit"] = str(api_keys.CALLS_A_MINUTE)
        response.headers["RateLimit-Remaining"] = str(g.pace.left)
        response.headers["RateLimit-Reset"] = str(g.pace.seconds)
    asking: Staff | None = g.get("staff")
    domain = asking.domain if asking else g.get("frame_domain")
    return headers.secure(response, parts().settings, domain, _pictures())


def _pictures() -> tuple[str, ...]:
    """Addresses of this shop that its pages show pictures of, in previews: the logo, and that of the rewards page."""
    opened: Shop | None = g.get("shop")
    if opened is None:
        return ()
    logo, picture = str(opened.brand.get("logo_url", "")), storefront.chosen_look(opened).picture
    return tuple(filter(None, (opened.storefront, logo, picture)))
