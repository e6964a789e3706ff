"""What members decide for themselves: their data, whether purchases decide what they are offered, and leaving.

Plain forms, without scripts and cookies. What the signature of the storefront is not enough for is not done here: a
link by mail confirms it (`second_step`).
"""

from __future__ import annotations

from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.members import leave_programme, own_data, second_step
from plugin.errors import NotFound
from plugin.rules.words.own_words import names_of
from plugin.store.members.members import Member
from plugin.store.rewards import redemptions
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, transaction
from plugin.web.shopper import named, own_rewards, proxy
from plugin.web.shopper.emails.preferences import preferences_url
from plugin.web.shopper.page import language_of, member_behind, no_member, page, sayer, visit, words_of
from plugin.web.shopper.programme import signed_out


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/proxy/own", "shopper_own", overview)
    app.add_url_rule("/proxy/own/data", "shopper_prepare_data", prepare_data, methods=["POST"])
    app.add_url_rule("/proxy/own/profiling", "shopper_profiling", profiling, methods=["POST"])
    app.add_url_rule("/proxy/own/emails", "shopper_emails", emails, methods=["POST"])
    app.add_url_rule("/proxy/own/back", "shopper_back", back, methods=["POST"])
    app.add_url_rule("/proxy/own/link/<purpose>", "shopper_link", send_link, methods=["POST"])
    app.add_url_rule("/proxy/own/code/<int:number>", "shopper_code", ask_for_code)


@caller("proxy")
def overview() -> Response:
    """Everything on one page."""
    return overview_page()


def overview_page(said: str = "", problem: str = "", status: int = 200) -> Response:
    """The page with what was just done, or why not."""
    with transaction() as conn:
        member = member_behind(conn)
        if member is None:
            return signed_out(conn, status)
        data = own_data.latest(conn, shop(), member, now())
    until = own_data.ends_at(data) if data is not None and data.done_at is not None else None
    return page("own.html", member.locale, status, member=member, left=member.state == leave_programme.LEFT,
                data=data, until=until, said=said, problem=problem, wishes_url=preferences_url(member.id))  # fmt: skip


def _own(conn: Connection) -> Member:
    member = member_behind(conn)
    if member is None:
        raise no_member()
    return member


def _known_key() -> bool:
    return proxy.known_key(parts().settings, visit(), request.form.get("key", ""))


def _too_old(member: Member) -> Response:
    words = sayer(member.locale)("shopper.shared.expired_unchanged")
    return overview_page(problem=words, status=422)


@caller("proxy")
def prepare_data() -> Response:
    """Have the data gathered; to open it needs a link."""
    with transaction() as conn:
        member = _own(conn)
        if known := _known_key():
            own_data.prepare(conn, shop(), member, now())
    return overview_page() if known else _too_old(member)


@caller("proxy")
def profiling() -> Response:
    """Object to it, or take that back."""
    objects = request.form.get("objects") == "yes"
    with transaction() as conn:
        member = _own(conn)
        if known := _known_key():
            leave_programme.object_to_profiling(conn, shop(), member.id, objects=objects)
    return overview_page(said=sayer(member.locale)("shopper.shared.saved")) if known else _too_old(member)


@caller("proxy")
def emails() -> Response:
    """Want the programme's emails, or none of them."""
    wants = request.form.get("wants") == "yes"
    with transaction() as conn:
        member = _own(conn)
        if known := _known_key():
            leave_programme.want_emails(conn, shop(), member.id, wants=wants)
    return overview_page(said=sayer(member.locale)("shopper.shared.saved")) if known else _too_old(member)


@caller("proxy")
def back() -> Response:
    """Be a member again: nothing is lost by that, so no link is needed."""
    with transaction() as conn:
        member = _own(conn)
        if known := _known_key():
            leave_programme.come_back(conn, shop(), member.id, now())
    return overview_page(said=sayer(member.locale)("shopper.own.welcome_back")) if known else _too_old(member)


@caller("proxy")
def ask_for_code(number: int) -> Response:
    """Before a link is sent for a code that anybody could spend."""
    with transaction() as conn:
        member = _own(conn)
        made = own_rewards.with_code_for_its_owner(conn, member.id, number)
        made = named.redeemed(made, names_of(words_of(conn, member.locale)))
    return page("own_code.html", member.locale, made=made, code="", trouble="")


@caller("proxy")
def send_link(purpose: str) -> Response:
    """Send the link. The answer is the same whether we hold an address or not."""
    with transaction() as conn:
        member = _own(conn)
        subject = _subject(conn, member, purpose)
        if not (known := _known_key()):
            sent = False
        else:
            sent = second_step.ask(conn, shop(), member, visit().customer_id or 0, purpose, visit().path_prefix,
                                   now(), subject=subject, locale=language_of(member.locale))  # fmt: skip
    if not known:
        return _too_old(member)
    if not sent:
        words = sayer(member.locale)("shopper.shared.too_many_tries")
        return overview_page(problem=words, status=429)
    return page("link_sent.html", member.locale)


def _subject(conn: Connection, member: Member, purpose: str) -> str:
    """What the link is about. NotFound: there is no such thing, or it is not theirs."""
    if purpose == "code":
        text = request.form.get("redemption", "")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
        return str(own_rewards.with_code_for_its_owner(conn, member.id, number).id)
    if purpose == "leave" and member.state == "member":
        return ""
    if purpose == "data":
        found = own_data.latest(conn, shop(), member, now())
        if found is not None and found.done_at is not None:
            return str(found.id)
    raise NotFound("There is nothing to confirm.")


def redemption_of(conn: Connection, member: Member, subject: str) -> redemptions.Redemption:
    """The redemption that a link is about."""
    return own_rewards.with_code_for_its_owner(conn, member.id, int(subject))
