"""Where a link from a mail leads: a page that asks, and a form that does it, once.

Opening the page uses nothing up, for mail programs and scanners open links by themselves. Whoever opens it has to be
signed in as the customer for whom it was sent.
"""

from __future__ import annotations

from flask import Flask, Response, request
from sqlalchemy import Connection

from plugin.actions.members import leave_programme, own_data, second_step
from plugin.rules.words.own_words import names_of
from plugin.store.members.members import Member
from plugin.store.members.second_steps import Step
from plugin.store.privacy import privacy
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, transaction
from plugin.web.shopper import money_rewards, named, proxy
from plugin.web.shopper.own import overview_page, redemption_of
from plugin.web.shopper.page import member_behind, page, sayer, visit, words_of

WRONG = 422


def register(app: Flask) -> None:
    """Add the routes."""
    app.add_url_rule("/proxy/step/<int:number>/<mark>", "shopper_step", ask)
    app.add_url_rule("/proxy/step/<int:number>/<mark>", "shopper_confirm", confirm, methods=["POST"])


@caller("proxy")
def ask(number: int, mark: str) -> Response:
    """Say what the link does, and ask."""
    with transaction() as conn:
        member, step = _opened(conn, number, mark)
        made = redemption_of(conn, member, step.subject) if member and step and step.purpose == "code" else None
        name = words_of(conn, member.locale if member else "")
    if member is None or step is None:
        return _refused(member)
    return page("confirm_step.html", member.locale, step=step, mark=mark, points_name=name,
                made=named.redeemed(made, names_of(name)) if made else None)  # fmt: skip


def _opened(conn: Connection, number: int, mark: str) -> tuple[Member | None, Step | None]:
    """Who is signed in, and the link, if it is theirs and may be used."""
    member, customer = member_behind(conn), visit().customer_id
    if member is None or customer is None or number >= 2**63:
        return member, None
    step = second_step.find(conn, shop(), parts().settings, number, mark, customer, now())
    return member, step if step is not None and step.member_id == member.id else None


def _refused(member: Member | None) -> Response:
    """The same words for every link that cannot be used, whatever is wrong with it."""
    locale = member.locale if member else ""
    return page("link_over.html", locale, WRONG, signed_in=visit().customer_id is not None)


@caller("proxy")
def confirm(number: int, mark: str) -> Response:
    """Do what the link was sent for, in the transaction that uses it up."""
    known = proxy.known_key(parts().settings, visit(), request.form.get("key", ""))
    with transaction() as conn:
        member, step = _opened(conn, number, mark)
        if member is None or step is None or not known or not second_step.use(conn, shop(), step, now()):
            return _refused(member)
        if step.purpose == "leave":
            leave_programme.leave(conn, shop(), member.id, now())
        elif step.purpose == "code":
            return _code(conn, member, step)
        else:
            return _data(conn, member, step)
    return overview_page(said=sayer(member.locale)("shopper.step.left"))


def _code(conn: Connection, member: Member, step: Step) -> Response:
    made = redemption_of(conn, member, step.subject)
    code, trouble = money_rewards.own_code(made)
    made = named.redeemed(made, names_of(words_of(conn, member.locale)))
    return page("own_code.html", member.locale, made=made, code=code, trouble=trouble)


def _data(conn: Connection, member: Member, step: Step) -> Response:
    """The file itself, read part by part after this transaction."""
    found = privacy.get(conn, shop().id, int(step.subject))
    if found is None or not own_data.open_once(conn, shop(), found, member, now()):
        return _refused(member)
    return Response(
        own_data.read(parts().engine, shop().id, found.id),
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "no-store"},
    )
