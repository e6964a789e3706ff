"""Where a friend lands who follows a link: the offer, and a form for an e-mail address. The code goes there by mail.

A page within the shop's theme, without scripts and cookies. Of the visitor, address and browser are used to
recognise fraud, as keyed hashes: Shopify passes the address on in `X-Forwarded-For` (source: shopify.dev, app
proxies, "Handling proxy requests") and says nothing of the browser's name, which is used where it comes.
"""

from __future__ import annotations

from babel import Locale
from flask import Flask, Response, request

from plugin.actions.referrals import ask_for_code, claim_referral
from plugin.actions.referrals.claim_referral import Invitation
from plugin.errors import NotFound
from plugin.rules import explain, formats
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.referrals.advocate_name import shown_name
from plugin.rules.referrals.email_addresses import LONGEST, well_formed
from plugin.rules.referrals.referral_rules import CodeOffer
from plugin.rules.types import Reason
from plugin.store.referrals.referral_claims import Asked
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, transaction
from plugin.web.shopper import proxy
from plugin.web.shopper.page import language_of, page, sayer, visit
from plugin.web.shopper.seen import seen_from, seen_marks

TOO_OLD = "shopper.shared.expired"


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/proxy/r/<word>", "invitation", invited)
    app.add_url_rule("/proxy/r/<word>", "claim_invitation", claim, methods=["POST"])


@caller("proxy")
def invited(word: str) -> Response:
    """What the link offers, and the form."""
    found = _invitation(word)
    return _offer(found) if found else _over()


def _invitation(word: str) -> Invitation | None:
    try:
        with transaction() as conn:
            return claim_referral.invitation(conn, shop(), word, now())
    except NotFound:
        return None


def _over() -> Response:
    return page("invitation_over.html", "", 404)


def _offer(found: Invitation, problem: str = "", email: str = "", status: int = 200) -> Response:
    rules = found.rules
    least = to_minor(rules.minimum_order, minor_digits(shop().currency))
    return page("invitation.html", "", status, word=found.link.word, problem=problem, email=email, rules=rules,
                advocate=shown_name(found.advocate.first_name), worth=_worth(rules.friend), longest=LONGEST,
                least=formats.money(least, shop().currency, _locale()) if least else "")  # fmt: skip


def _locale() -> Locale:
    return formats.reader_locale(language_of())


def _worth(offer: CodeOffer) -> str:
    """What the friend gets, in a few words."""
    say = sayer("")
    if offer.kind == "free_shipping":
        return say("shopper.shared.free_shipping")
    if offer.kind == "percent_off":
        return say("shopper.shared.off", worth=formats.percent(offer.value, _locale()))
    minor = to_minor(offer.value, minor_digits(shop().currency))
    return say("shopper.shared.off", worth=formats.money(minor, shop().currency, _locale()))


@caller("proxy")
def claim(word: str) -> Response:
    """Write down what the form asks for. The answer is the same whoever has the address, and so is the work."""
    found, email = _invitation(word), request.form.get("email", "").strip()[: LONGEST + 1]
    key = request.form.get("key", "")
    if found is None:
        return _over()
    if not proxy.known_key(parts().settings, visit(), key):
        return _offer(found, sayer("")(TOO_OLD), email, 422)
    with transaction() as conn:
        allowed = ask_for_code.may_try(conn, shop(), found, seen_from(), now())
    if not allowed:
        return _offer(found, _in_words(Reason("too_many_tries")), email, 429)
    if not well_formed(email):
        return _offer(found, _in_words(Reason("email_malformed")), email, 422)
    seen = seen_marks()
    asked = Asked(found.link.word, email, seen.net, seen.ip, visit().customer_id, language_of()[:20])
    with transaction() as conn:
        ask_for_code.ask(conn, shop(), key, asked, now())
    return page("claim_sent.html", "", first_order=found.rules.first_order_only)


def _in_words(reason: Reason) -> str:
    return explain.words(reason, _locale(), "shopper")
