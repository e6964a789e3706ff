"""Make a redemption's gift card in the shop, or take it back as long as nothing of it is spent.

The code is ours: written down, encrypted, before Shopify is asked. A code that is TAKEN by a card with our
note was created by a try whose answer got lost. Shopify never shows the code again, and neither do we to staff.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

from plugin.actions.codes.issued_codes import record_issued, secret_of, tag_of
from plugin.actions.rewards import redeem_points
from plugin.actions.rewards.use_rewards import used
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries_money as queries
from plugin.clients.shopify.admin import refuse_user_errors, user_errors
from plugin.errors import NotYet, Refused, Unreadable
from plugin.rules.money import minor_digits, to_decimal, to_minor
from plugin.rules.rewards import gift_cards as rules
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.seal import Seal, of_redemption
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

INDEX_PAUSE_SECONDS = 60.0
"""Shopify's search knows a new card a little later."""
NO_KEY_PAUSE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Card:
    """A gift card in Shopify."""

    id: str
    balance_minor: int
    initial_minor: int
    enabled: bool = True

    @property
    def touched(self) -> bool:
        """Whether something of it is spent."""
        return self.balance_minor != self.initial_minor


def create(work: Work, shop: Shop, redemption: Redemption, member: Member) -> None:
    """Create the card, once; what Shopify refuses gives the points back."""
    asked_before = redemption.secret is not None
    try:
        gid = _created(work, shop, redemption, member)
    except Refused:
        gid = _find(work, shop, redemption) if asked_before else ""
        if not gid and (not redemption.points or redemption.state != "reserved"):
            raise  # nothing to give back: it stays among the failed jobs, for staff to see
    if gid:
        record_issued(work, shop, redemption, gid)
    else:
        _give_up(work, shop, redemption)


def _give_up(work: Work, shop: Shop, redemption: Redemption) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        reward_uses.want_back(conn, shop.id, redemption.id, "creation_failed", "suki")
        redeem_points.release(conn, shop, redemption, work.clock())


def _created(work: Work, shop: Shop, redemption: Redemption, member: Member) -> str:
    """Create the card and answer its id; a code that is TAKEN and ours was created before."""
    redemption = _with_code(work, shop, redemption)
    code = _readable(work, shop, redemption)
    ends_at, note = redemption.expires_at, tag_of(shop, redemption.id)
    asked = rules.card_input(redemption.terms, code, member.customer_id, note, ends_at, shop.timezone)
    payload = work.execute(shop, queries.CREATE_GIFT_CARD, {"input": asked})["giftCardCreate"]
    if any(error.code == "TAKEN" for error in user_errors(payload)):
        return _ours(work, shop, redemption, code)
    refuse_user_errors(payload)
    return str(payload["giftCard"]["id"])


def _with_code(work: Work, shop: Shop, redemption: Redemption) -> Redemption:
    """The redemption with a code of its own, written down before anybody is asked."""
    if redemption.secret is not None:
        return redemption
    code = "".join(secrets.choice(rules.ALPHABET) for _ in range(rules.LENGTH))
    secret = Seal.of(work.clients.settings).close(code.encode(), of_redemption(shop.id, redemption.id))
    with shop_transaction(work.engine, shop.id) as conn:
        redemptions.keep_secret(conn, shop.id, redemption.id, secret, code[-rules.SHOWN :].upper())
    return replace(redemption, secret=secret)


def _readable(work: Work, shop: Shop, redemption: Redemption) -> str:
    """The card's code; NotYet, until its key is back, where it cannot be read: it is not asked for by another one."""
    try:
        return secret_of(work.clients.settings, shop.id, redemption)
    except Unreadable as error:
        raise NotYet(error.message, NO_KEY_PAUSE_SECONDS) from None


def _ours(work: Work, shop: Shop, redemption: Redemption, code: str) -> str:
    """The card that has our code. Refused: it is somebody else's."""
    found = work.execute(shop, queries.GIFT_CARDS_BY_CODE, {"query": code})["giftCards"]["nodes"]
    mine = [str(card["id"]) for card in found if card["note"] == tag_of(shop, redemption.id)]
    if mine:
        return mine[0]
    if found:
        raise Refused("The code is already used by another gift card", "TAKEN")
    raise NotYet("Shopify created the gift card, but doesn't show it yet", INDEX_PAUSE_SECONDS)


def _find(work: Work, shop: Shop, redemption: Redemption) -> str:
    """The id of a card that an earlier try made after all; empty when there is none."""
    try:
        return _ours(work, shop, redemption, _readable(work, shop, redemption))
    except NotYet:
        return ""
    except Refused as error:
        if error.code != "TAKEN":
            raise
        return ""


def take_back(work: Work, shop: Shop, redemption: Redemption, member: Member) -> None:
    """Deactivate the card and give the points back, unless some of it is spent: then it is used.

    Deactivating cannot be undone, so the balance is asked for before, and read again after.
    """
    if redemption.secret is None:  # nobody was asked for a card yet
        _release(work, shop, redemption)
        return
    gid = redemption.shopify_id or _id_of_lost(work, shop, redemption, member)
    card = _read(work, shop, gid) if gid else None
    if card is not None and card.enabled and not card.touched:
        card = _deactivated(work, shop, card.id)
        if card.touched:
            _spent_meanwhile(work, shop, redemption, card)
            return
    if card is not None and card.touched:
        _used(work, shop, redemption)
    else:
        _release(work, shop, redemption)


def _id_of_lost(work: Work, shop: Shop, redemption: Redemption, member: Member) -> str:
    """The card of a try whose answer got lost. Asked to create it again, Shopify says what its search may not."""
    try:
        return _created(work, shop, redemption, member)
    except Refused:
        return _find(work, shop, redemption)


def _read(work: Work, shop: Shop, gid: str) -> Card | None:
    return _card(work.execute(shop, queries.GIFT_CARD, {"id": gid})["giftCard"])


def _deactivated(work: Work, shop: Shop, gid: str) -> Card:
    payload = work.execute(shop, queries.DEACTIVATE_GIFT_CARD, {"id": gid})["giftCardDeactivate"]
    refuse_user_errors(payload)
    card = _card(payload["giftCard"])
    assert card is not None
    return card


def _card(node: dict[str, Any] | None) -> Card | None:
    if node is None:
        return None
    balance, initial = (
        to_minor(node[name]["amount"], minor_digits(node[name]["currencyCode"])) for name in ("balance", "initialValue")
    )
    return Card(str(node["id"]), balance, initial, bool(node["enabled"]))


def _release(work: Work, shop: Shop, redemption: Redemption) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        redeem_points.release(conn, shop, redemption, work.clock())


def _used(work: Work, shop: Shop, redemption: Redemption) -> None:
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        members.lock_kept(conn, shop.id, [redemption.member_id])
        if redemptions.spent(conn, shop.id, redemption.id, "created", now):
            used(conn, shop.id, [redemption], now)


def _spent_meanwhile(work: Work, shop: Shop, redemption: Redemption, card: Card) -> None:
    """Spent between the asking and the deactivating: what is left goes to a new card with a new code."""
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        members.lock_kept(conn, shop.id, [redemption.member_id])
        if card.balance_minor:
            rest = to_decimal(card.balance_minor, str(redemption.terms["currency"]))
            fresh = redemptions.replace_card(conn, shop.id, redemption.id, str(rest), now)
            jobs.queue(conn, shop.id, JobKind.CODE, [redemption.id], now)
        else:
            fresh = redemptions.spent(conn, shop.id, redemption.id, "disabled", now)
        if fresh:
            used(conn, shop.id, [redemption], now)
