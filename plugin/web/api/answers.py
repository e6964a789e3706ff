"""What the calls of the API share: who is asked about, and how an answer leaves."""

from __future__ import annotations

from flask import Response
from pydantic import BaseModel
from sqlalchemy import Connection

from plugin.errors import NotFound
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.web.current import shop


def answer(shape: BaseModel, status: int = 200) -> Response:
    """The answer as JSON, which nobody keeps."""
    return Response(shape.model_dump_json(), status, {"Cache-Control": "no-store"}, content_type="application/json")


def member_of_customer(conn: Connection, customer_id: int) -> Member:
    """The member behind a customer's number; NotFound for nobody, and for one who was erased."""
    found = members.by_customers(conn, shop().id, [customer_id]) if customer_id < 2**63 else {}
    return living_member(conn, found.get(customer_id))


def living(conn: Connection, member_id: int) -> Member | None:
    """The member, or the one they were merged into; None for one who was erased."""
    found = members.get(conn, shop().id, member_id)
    if found is not None and found.merged_into is not None:
        found = members.get(conn, shop().id, found.merged_into)
    return found if found is not None and found.state in ("member", "guest") else None


def living_member(conn: Connection, found: Member | None) -> Member:
    """This member, or the one they were merged into; NotFound for nobody, and for one who was erased."""
    one = living(conn, found.id) if found is not None else None
    if one is None:
        raise NotFound("We couldn't find that member.")
    return one
