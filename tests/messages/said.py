"""What a message would say now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.messages.kind import Occasion
from plugin.messages.kinds import KINDS
from plugin.rules.message_kinds import kind_of
from plugin.settings import Settings
from plugin.store.members import members
from plugin.store.shops.shops import Shop
from plugin.store.work.messages import Message


def said(conn: Connection, shop: Shop, message: Message, settings: Settings, now: datetime) -> Any:
    """Its context; None when it has nothing to say any more."""
    member = members.get(conn, shop.id, message.member_id)
    assert member is not None
    return KINDS[kind_of(message.kind)].build(Occasion.alone(conn, shop, member, message, settings, now))
