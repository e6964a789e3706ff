"""Staff bring the codes of a partner: each is kept encrypted, and none is taken in twice for one reward."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from sqlalchemy import Connection

from plugin.errors import BadInput, NotFound
from plugin.rules.codes import code_list
from plugin.rules.codes.code_list import CodeList
from plugin.rules.imports.table_file import UnreadableFile
from plugin.rules.rewards import kinds
from plugin.rules.rewards.own_rewards import PartnerCode
from plugin.rules.words.texts import Said
from plugin.settings import Settings
from plugin.store.codes import partner_codes
from plugin.store.shops.seal import Seal, of_partner_code
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import activity_pages


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many were new, how many were there already, and how many lines said one again."""

    new: int
    known: int
    again: int = 0


def check(file: bytes, pasted: str) -> CodeList:
    """What staff sent, as it is understood; nothing is kept. BadInput says what is wrong with it."""
    try:
        parts = [code_list.read(each) for each in (file, pasted.encode("utf-8", "replace")) if each.strip()]
        found = reduce(code_list.joined, parts, CodeList(()))
    except UnreadableFile as error:
        raise BadInput(Said("programme.codes.not_imported"), {"codes": str(error)}) from error
    if not found.codes:
        raise BadInput(Said("programme.codes.not_imported"), {"codes": Said("programme.codes.no_code")})
    return found


def import_codes(
    conn: Connection, settings: Settings, shop: Shop, reward_id: str, content: str, actor: str, now: datetime
) -> Imported:
    """Take checked codes in, one a line. BadInput names the lines that are no codes; then nothing is taken in."""
    reward = kinds.find(programmes.current(conn, shop.id, now).programme.rewards, reward_id)
    if not isinstance(reward, PartnerCode):
        raise NotFound(Said("frame.error.not_found"))
    try:
        found = code_list.checked(content)
    except UnreadableFile as error:
        raise BadInput(Said("programme.codes.not_imported"), {"codes": str(error)}) from error
    if not found.codes:
        raise BadInput(Said("programme.codes.not_imported"), {"codes": Said("programme.codes.no_code")})
    keys, marks = Seal.of(settings), {_mark(shop, code): code for code in found.codes}
    sealed = {
        mark: keys.close(code.encode(), of_partner_code(shop.id, reward_id, mark)) for mark, code in marks.items()
    }
    new = partner_codes.add(conn, shop.id, reward_id, sealed, now)
    detail = {"codes": new, "known": len(sealed) - new}
    activity_pages.note_staff_act(conn, shop.id, actor, "import_codes", reward.name, detail, now)
    return Imported(new, len(sealed) - new, found.again)


def discard_codes(conn: Connection, shop: Shop, reward_id: str, actor: str, now: datetime) -> int:
    """Throw away what nobody got; answers how many codes that were."""
    reward = kinds.find(programmes.current(conn, shop.id, now).programme.rewards, reward_id)
    if not isinstance(reward, PartnerCode):
        raise NotFound(Said("frame.error.not_found"))
    gone = partner_codes.discard(conn, shop.id, reward_id)
    activity_pages.note_staff_act(conn, shop.id, actor, "discard_codes", reward.name, {"codes": gone}, now)
    return gone


def _mark(shop: Shop, code: str) -> bytes:
    return hmac.digest(shop.code_salt.encode(), b"pool:" + code.encode(), hashlib.sha256)


def given_to(conn: Connection, shop: Shop, code: str) -> list[int]:
    """The members who got this code of a partner: as a whole, for what is sealed cannot be looked up in part."""
    spellings = {code, code.upper(), code.replace(" ", ""), code.replace(" ", "").upper()}
    return partner_codes.given_to(conn, shop.id, [_mark(shop, each) for each in spellings if each])
