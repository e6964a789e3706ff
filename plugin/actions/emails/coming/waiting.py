"""What is written down for one member already, and waits to be sent."""

from __future__ import annotations

from plugin.actions.emails import carts_left
from plugin.actions.emails.coming.look import Look, Planned
from plugin.errors import UnknownKind
from plugin.rules import subjects
from plugin.rules.message_kinds import MessageKind, kind_of
from plugin.rules.names.news import Checkout
from plugin.rules.words.texts import Said
from plugin.store.gifts import gifts
from plugin.store.rewards import redemptions
from plugin.store.work import messages, one_mail
from plugin.store.work.messages import Message

WAITS = Said("messages.calendar.waits")


def waiting(look: Look) -> list[Planned]:
    """Each, and when it is tried next."""
    due = one_mail.due_of_member(look.conn, look.shop.id, look.member.id)
    found = messages.by_ids(look.conn, look.shop.id, list(due)) if due else {}
    planned = []
    for number, one in sorted(found.items()):
        try:
            kind = kind_of(one.kind)
        except UnknownKind:
            continue  # the sender notes at the message that it can't be sent
        planned.append(
            Planned(
                kind,
                max(look.now, due[number]),
                WAITS,
                promotional=_is_promotional(look, kind, one),
                gone=kind is MessageKind.CART_LEFT and _overtaken(look, one),
                waits=one,
            )
        )
    return planned


def _is_promotional(look: Look, kind: MessageKind, one: Message) -> bool:
    """What its builder says where the kind leaves it open."""
    if kind is MessageKind.REWARD_ENDING:
        number = subjects.Redemption.parse(one.subject).redemption_id
        made = redemptions.by_ids(look.conn, look.shop.id, [number]).get(number)
        return made is not None and not made.is_reward
    if kind is MessageKind.REWARD_GIVEN:
        gift = gifts.get(look.conn, look.shop.id, subjects.Gift.parse(one.subject).gift_id)
        return gift is not None and gift.terms.get("trigger") == "lapsed"
    return kind.about.nature == "promotional"


def _overtaken(look: Look, one: Message) -> bool:
    number = Checkout.parse(one.subject).checkout_id
    return bool(carts_left.overtaken(look.conn, look.shop.id, [number]))
