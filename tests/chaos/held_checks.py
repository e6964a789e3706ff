"""What is looked at when members have redeemed amid the kills: points, codes, money, and what each key booked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from plugin.rules import subjects
from sandbox.local import Sandbox
from sandbox.shop.discounts import status
from sandbox.shop.kept_money import account_of
from sandbox.state import Shop, now
from tests.chaos.checks import Ledger
from tests.chaos.shoppers import Act, Wire

SAID = {
    ("reserved", "created"): {"ready", "given"},
    ("captured", "created"): {"used", "given"},
    ("captured", "disabled"): {"used", "given"},
    ("released", "disabled"): {"returned"},
}
"""By the state of a redemption and of its code: how a surface speaks of it."""


@dataclass(frozen=True)
class Row:
    """A redemption as it is stored."""

    id: int
    member_id: int
    subject: str
    points: int
    state: str
    code: str
    code_state: str
    kind: str
    deduct: str
    captured_by_order: int | None

    @property
    def is_code(self) -> bool:
        """Whether it is a discount code."""
        return self.kind not in ("gift_card", "store_credit")

    @property
    def takes(self) -> int:
        """What the balance lacks because of it."""
        waits = self.deduct == "ordered" and self.state == "reserved"
        return 0 if waits or self.state == "released" else self.points


def held(ledger: Ledger, shop_id: int) -> dict[int, Row]:
    """Every redemption by its number."""
    rows = ledger.rows("SELECT id, member_id, subject, points, state, code, code_state, terms->>'kind' AS kind,"
                       " coalesce(terms->>'deduct', 'redeemed') AS deduct, captured_by_order FROM redemptions"
                       " WHERE shop_id = %s", shop_id)  # fmt: skip
    return {int(str(row["id"])): Row(**row) for row in rows}  # type: ignore[arg-type]


def points_are_constant(ledger: Ledger, made: dict[int, Row], people: dict[int, int], given: int) -> None:
    """Balance + reserved + used of each member is what they were given."""
    balances = ledger.pairs("SELECT id, balance FROM members WHERE id = ANY(%s)", list(people.values()))
    for one in made.values():
        balances[one.member_id] += one.takes
    wrong = {member: total for member, total in balances.items() if total != given}
    assert wrong == {}, [one for one in made.values() if one.member_id in wrong]


def codes_stand_behind_reservations(made: dict[int, Row], shop: Shop) -> None:
    """One code for each redemption at most; what can still be used is reserved, what was used is captured, once."""
    in_shop = list(shop.discount.values())
    tags = Counter(tag for one in in_shop for tag in one["tags"])
    assert all(len(one["tags"]) == len(one["codes"]) == 1 for one in in_shop)
    assert set(tags.values()) <= {1}, "a code was made twice"
    by_code = {one.code: one for one in made.values() if one.is_code}
    codes = {one["codes"][0]["code"]: one for one in in_shop}
    assert codes.keys() <= by_code.keys(), "a code that nobody asked for"
    unused = {code for code, one in codes.items() if status(one, now()) == "ACTIVE" and not one["codes"][0]["uses"]}
    assert unused == {code for code, one in by_code.items() if one.state == "reserved"}
    assert all(one.code_state == "created" for one in by_code.values() if one.state == "reserved")
    used = {code["code"]: order["id"] for order in shop.order.values() for code in order["codes"]}
    assert used == {code: one.captured_by_order for code, one in by_code.items() if one.state == "captured"}
    assert {code: one["codes"][0]["uses"] for code, one in codes.items() if code in used} == dict.fromkeys(used, 1)


def money_is_there_once(made: dict[int, Row], shop: Shop, people: dict[int, int]) -> None:
    """As many good gift cards and as much credit as redemptions stand for, and no more."""
    cards = [one for one in made.values() if one.kind == "gift_card"]
    good = [card for card in shop.gift_card.values() if card["enabled"]]
    assert len(good) == sum(one.state != "released" for one in cards)
    assert len(shop.gift_card) <= len(cards), "a card was made twice"
    for customer, member in people.items():
        stand = [one for one in made.values() if one.kind == "store_credit" and one.member_id == member]
        account = account_of(shop, customer, shop.currency)
        balance = account["balance"] if account else 0
        assert balance == 400 * sum(one.state != "released" for one in stand)


def _asked(act: Act, people: dict[int, int]) -> str:
    return str(subjects.Asked(people[act.customer], act.key))


def each_key_is_one_act(made: dict[int, Row], acts: list[Act], people: dict[int, int]) -> int:
    """A key booked at most one redemption, and whoever was answered was told the truth; answers how many there are."""
    by_subject = Counter(one.subject for one in made.values())
    redeemed = {_asked(act, people): act for act in acts if act.path == "/redeem"}
    assert set(by_subject.values()) <= {1} and by_subject.keys() <= redeemed.keys()
    for subject, act in redeemed.items():
        booked = {one.id for one in made.values() if one.subject == subject}
        told = {answer["held"]["id"] for code, answer in act.answers if code == 200}
        assert told <= booked, f"told of a redemption that isn't there: {act}"
        refused = [answer for code, answer in act.answers if code != 200]
        assert not (refused and booked), f"told that it was refused, and it was booked: {act}"
    return len(by_subject)


def each_key_says_what_it_booked(
    made: dict[int, Row], acts: list[Act], people: dict[int, int], box: Sandbox, shop: Shop, app_url: str
) -> None:
    """The same key, asked again when all is well: what it did, as it is by now."""
    by_subject = {one.subject: one for one in made.values()}
    for act in acts:
        if act.path == "/redeem":
            one = by_subject.get(_asked(act, people))
        else:
            one = made[int(act.path.split("/")[2])]
        if one is None:
            continue
        code, answer = Wire(box, shop, app_url, act.customer).until_answered("POST", act.path, act.said)[-1]
        if act.path != "/redeem" and one.state == "captured":
            assert (code, answer["code"]) == (422, "already_used"), (one, answer)
            continue
        assert code == 200, (act, one, answer)
        said = answer["held"]
        assert (said["id"], said["points"]["points"]) == (one.id, one.points)
        assert said["state"] in SAID[one.state, one.code_state], (one, said)
        assert said["code"] == (one.code if said["state"] == "ready" and one.is_code else None), (one, said)
        assert act.path == "/redeem" or said["state"] == "returned"
