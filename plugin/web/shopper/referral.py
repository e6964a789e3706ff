"""Where a friend lands who follows a link: the offer, a form for an e-mail address, and the code.

A page within the shop's theme, without scripts and cookies. Of the visitor, address and browser are used to
recognise fraud, as keyed hashes: Shopify passes the address on in `X-Forwarded-For` (source: shopify.dev, app
proxies, "Handling proxy requests") and says nothing of the browser's name, which is used where it comes.
"""

from __future__ import annotations

import hmac

from babel import Locale
from flask import Flask, Response, request

from plugin.actions.referrals import claim_referral
from plugin.actions.referrals.claim_referral import Claim
from plugin.errors import Denied, NotFound
from plugin.rules import explain, formats
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.referrals.referral_emails import LONGEST
from plugin.rules.referrals.referral_rules import CodeOffer
from plugin.rules.types import Reason
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, transaction
from plugin.web.shopper import proxy
from plugin.web.shopper.page import language_of, page, sayer, visit
from plugin.web.shopper.seen import seen_marks

TOO_OLD = "That page was too old. Please try again."


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/proxy/r/<word>", "invitation", invited)
    app.add_url_rule("/proxy/r/<word>", "claim_invitation", claim, methods=["POST"])
    app.add_url_rule("/proxy/r/code/<int:number>", "friends_code", friends_code)


@caller("proxy")
def invited(word: str) -> Response:
    """What the link offers, and the form."""
    return _offer(word)


def _offer(word: str, problem: str = "", email: str = "", status: int = 200) -> Response:
    try:
        with transaction() as conn:
            found = claim_referral.invitation(conn, shop(), word, now())
    except NotFound:
        return page("invitation_over.html", "", 404)
    rules = found.rules
    least = to_minor(rules.minimum_order, minor_digits(shop().currency))
    return page("invitation.html", "", status, word=found.link.word, problem=problem, email=email, rules=rules,
                advocate=found.advocate.first_name, worth=_worth(rules.friend), longest=LONGEST,
                least=formats.money(least, shop().currency, _locale()) if least else "")  # fmt: skip


def _locale() -> Locale:
    return formats.reader_locale(language_of())


def _worth(offer: CodeOffer) -> str:
    """What the friend gets, in a few words."""
    say = sayer("")
    if offer.kind == "free_shipping":
        return say("Free shipping")
    if offer.kind == "percent_off":
        return say("{worth} off").format(worth=formats.percent(offer.value, _locale()))
    minor = to_minor(offer.value, minor_digits(shop().currency))
    return say("{worth} off").format(worth=formats.money(minor, shop().currency, _locale()))


@caller("proxy")
def claim(word: str) -> Response:
    """Claim the link for the address in the form."""
    key, email = request.form.get("key", ""), request.form.get("email", "").strip()[: LONGEST + 1]
    if not proxy.known_key(parts().settings, visit(), key):
        return _offer(word, sayer("")(TOO_OLD), email, 422)
    seen = seen_marks()
    with transaction() as conn:
        allowed = claim_referral.note_try(conn, shop(), seen, key[:16], now())
    if not allowed:
        return _offer(word, _in_words(Reason("too_many_tries")), email, 429)
    try:
        with transaction() as conn:
            customer, language = visit().customer_id, language_of()
            made = claim_referral.claim(conn, shop(), word, email, seen, customer, language, now())
    except Denied as error:
        return _offer(word, _in_words(Reason(error.code, error.values)), email, error.status)
    except NotFound:
        return page("invitation_over.html", "", 404)
    return _code(made, email)


def _in_words(reason: Reason) -> str:
    return explain.words(reason, _locale(), "shopper", translate=sayer(""))


@caller("proxy")
def friends_code(number: int) -> Response:
    """The code once more, for whoever claimed it: the address of this page is signed."""
    given, keys = request.args.get("mark", "").encode(), parts().settings.own_keys("friends code")
    if not any(hmac.compare_digest(_mark(own, number).encode(), given) for own in keys):
        raise NotFound("There is no such page.")
    with transaction() as conn:
        found = claim_referral.look_up(conn, shop(), number) if number < 2**63 else None
    if found is None:
        raise NotFound("There is no such page.")
    return _code(found)


def _code(made: Claim, email: str = "") -> Response:
    """The code, or that it is being made."""
    code = made.code
    ready = code is not None and code.state == "reserved" and code.code_state == "created"
    gone = code is None or code.state != "reserved" or code.code_state in ("unwanted", "disabled")
    number = made.referral.id
    mark = _mark(parts().settings.own_keys("friends code")[0], number)
    return page("friends_code.html", "", code=code, ready=ready, gone=gone, email=email,
                store=visit().path_prefix.rsplit("/", 2)[0],
                again=f"{visit().path_prefix}/r/code/{number}?mark={mark}")  # fmt: skip


def _mark(own: bytes, number: int) -> str:
    return hmac.digest(own, f"friends code|{shop().domain}|{number}".encode(), "sha256").hex()[:32]
