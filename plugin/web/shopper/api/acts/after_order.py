"""What follows an order: the answer to the shop's question, and how a guest gets the points that it brought.

Members are known by their token. A guest proves an order by its number and the checkout's token, which only whoever
placed it has seen; more than the survey and an email to the order's own address that does not open.
"""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.activities import answer_survey
from plugin.actions.activities.answer_survey import Answer
from plugin.actions.members import claim_points
from plugin.errors import Closed
from plugin.store.members.members import Member
from plugin.store.versions import programmes
from plugin.web.current import acting, now, shop
from plugin.web.shopper.api.act_shapes import ClaimIn, SurveyIn
from plugin.web.shopper.api.asking import answer, body, insist_on, member, new_key
from plugin.web.shopper.api.doors import for_shoppers, for_tokens
from plugin.web.shopper.api.reads import orders
from plugin.web.shopper.api.shapes import Done
from plugin.web.shopper.api.told import Told, to_anybody
from plugin.web.shopper.api.values import Points
from plugin.web.shopper.page import as_shopper, language_of, visit, words


def register(app: Flask) -> None:
    """Add the calls."""
    for_shoppers(app, "/survey", survey, "POST")
    for_tokens(app, "/claim", claim, "POST")


def survey() -> Response:
    """Keep the answer of a member, or of a guest about an order that is proved to be theirs."""
    asked = body(SurveyIn)
    insist_on(asked.key)
    said = Answer(asked.survey, asked.score, asked.comment, asked.order, asked.key)
    with acting() as conn:
        who = _asked(conn, asked)
        told = _told(conn, who)
        taken = answer_survey.answer(conn, shop(), who.id, said, now())
        given = told.points(taken.points) if taken.points is not None else None
        text = _thanks(given, told, guest=who.state == "guest")
        mine = who.customer_id is not None and who.customer_id == visit().customer_id
        has = told.points(as_shopper(conn, who).available) if mine else None
        found = orders.prove(conn, asked.order, asked.checkout_token or "") if asked.order is not None else None
        claims = orders.claim(conn, found, told) if found is not None else None
    return answer(Done(key=new_key(), text=text, points=given, available=has, claim=claims))


def _thanks(given: Points | None, told: Told, *, guest: bool) -> str:
    """A guest has no points before claiming them, so they are not told that they got some."""
    if given is None:
        return told.say("shopper.survey.thanks")
    return told.say("shopper.survey.thanks_guest" if guest else "shopper.survey.thanks_points", points=given.text)


def _asked(conn: Connection, asked: SurveyIn) -> Member:
    """Whose answer it is: the order's buyer, or the member who asks. Closed: nobody whom we know."""
    if found := orders.buyer_of(conn, asked.order, asked.checkout_token):
        return found
    if visit().customer_id is None:
        raise Closed("This is for the order's own buyer", "no_member")
    return member(conn).member


def _told(conn: Connection, who: Member) -> Told:
    programme = programmes.current(conn, shop().id, now()).programme
    return to_anybody(words(conn, programme, who.locale), who.locale)


def claim() -> Response:
    """Send a guest's order's own address how to get its points. Whoever asks learns nothing of that address."""
    asked = body(ClaimIn)
    insist_on(asked.key)
    with acting() as conn:
        found = orders.buyer_of(conn, asked.order, asked.checkout_token)
        if found is None:
            raise Closed("This is for the order's own buyer", "no_member")
        claim_points.ask(conn, shop(), found, asked.order, language_of(found.locale), now())
        text = _told(conn, found).say("shopper.api.claim_sent")
    return answer(Done(key=new_key(), text=text, points=None, available=None))
