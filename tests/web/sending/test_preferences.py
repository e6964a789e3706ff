"""Members say which emails they want, by a link and without signing in; a GET never changes anything."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from plugin.rules.message_kinds import MessageKind
from plugin.rules.sending.signed_links import LASTS_DAYS
from plugin.rules.sending.wishes import OFFERS, REFUSABLE
from plugin.rules.types import CustomerFacts
from plugin.rules.words.catalogues import knows
from plugin.store.database.db import shop_transaction
from plugin.store.members import customer_facts
from plugin.store.sending import optouts
from plugin.store.shops import shops
from tests.conftest import ShopRow
from tests.web.figures import NOW, add_members, people
from tests.web.sending.conftest import Reader

WELCOME, GIFT, ORDER = MessageKind.WELCOME, MessageKind.REWARD_GIVEN, MessageKind.ORDER_CONFIRMATION
OFFERED = [f"{kind}" for kind in OFFERS]
ALL = [f"{kind}" for kind in REFUSABLE]


def consent_is(reader: Reader, consent: str) -> None:
    assert reader.member.customer_id is not None
    with shop_transaction(reader.engine, reader.shop.id) as conn:
        facts = {reader.member.customer_id: CustomerFacts(email_consent=consent)}
        customer_facts.save(conn, reader.shop.id, facts, NOW)


def told(reader: Reader) -> list[tuple[object, ...]]:
    """What is to be written to Shopify."""
    return reader.rows("SELECT subject, payload->>'consent' FROM jobs WHERE kind = 'write_consent'")


def test_scanners_open_every_link_and_nothing_changes(reader: Reader) -> None:
    for kind in (WELCOME, GIFT, ORDER, ""):
        for after in ("", "/unsubscribe"):
            for method in ("GET", "HEAD"):
                answer = reader.client.open(reader.path(kind, after), method=method)
                assert answer.status_code == 200
    assert (reader.refused(), told(reader)) == ([], [])
    html = reader.client.get(reader.path(WELCOME, "/unsubscribe")).text
    assert '<form method="post"' in html and "Stop getting “Welcome points” emails from us?" in html
    assert "won&#39;t get" not in html, "nothing reads as if it were done"


def test_one_click_ends_the_kind_without_a_redirect_and_again_it_is_as_it_was(reader: Reader) -> None:
    for _ in range(3):
        answer = reader.click(WELCOME)
        assert (answer.status_code, answer.headers.get("Location")) == (200, None)
        assert "You&#39;re unsubscribed" in answer.text
    assert reader.refused() == [(reader.member.id, "welcome", "click")]
    assert told(reader) == []


def test_one_click_in_a_promotional_email_ends_all_of_them_and_tells_shopify(reader: Reader) -> None:
    multipart = {"List-Unsubscribe": (None, "One-Click")}
    answer = reader.client.post(reader.path(GIFT, "/unsubscribe"), data=multipart, content_type="multipart/form-data")
    assert answer.status_code == 200
    member = reader.member.id
    assert reader.refused() == [(member, "promotional", "click"), (member, "reward_given", "click")]
    assert told(reader) == [(str(member), "unsubscribed")]
    assert reader.rows("SELECT no_emails FROM members") == [(False,)]


def test_what_nobody_can_refuse_is_explained_and_nothing_changes(reader: Reader) -> None:
    answer = reader.click(ORDER)
    assert answer.status_code == 200
    assert "can&#39;t be turned off" in answer.text
    assert reader.refused() == []


@pytest.mark.parametrize("after", ["", "/unsubscribe"])
def test_a_link_that_somebody_made_up_is_refused_and_said_in_words(reader: Reader, after: str) -> None:
    genuine = reader.path(WELCOME)
    other = add_members(reader.engine, reader.shop.id, people(1, 2))[0]
    shop, member, day, kind, mark = genuine.removeprefix("/email/").split(".")
    forged = [
        f"{shop}.{other.id}.{day}.{kind}.{mark}",
        f"{int(shop) + 1}.{member}.{day}.{kind}.{mark}",
        f"{shop}.{member}.{int(day) + 99}.{kind}.{mark}",
        f"{shop}.{member}.{day}.reward_given.{mark}",
        f"{shop}.{member}.{day}.{kind}.{mark[:-1]}",
        f"{shop}.{member}.{day}.{kind}.{'0' * 32}",
        f"{'9' * 40}.1.1..{mark}",
        "x",
        "%00",
    ]
    for token in forged:
        for method in ("GET", "POST"):
            answer = reader.client.open(f"/email/{token}{after}", method=method)
            assert answer.status_code == 403, token
            assert "This link isn&#39;t complete" in answer.text
            assert "example.com" not in answer.text
    assert reader.refused() == []


def test_a_genuine_link_of_another_shop_does_nothing_here(reader: Reader, other_shop: ShopRow) -> None:
    (bens,) = add_members(reader.engine, other_shop.id, people(1))
    answer = reader.client.post(reader.path(WELCOME, "/unsubscribe", shop_id=other_shop.id, member_id=bens.id))
    assert answer.status_code == 200
    assert reader.refused() == []
    with shop_transaction(reader.engine, other_shop.id) as conn:
        assert optouts.refused(conn, other_shop.id, [bens.id]) == {bens.id: frozenset({"welcome"})}
    nobody = reader.client.post(reader.path(WELCOME, "/unsubscribe", shop_id=other_shop.id, member_id=999_999))
    assert (nobody.status_code, "no longer have your address" in nobody.text) == (200, True)


def test_a_link_that_has_ended_says_so_and_does_nothing(reader: Reader) -> None:
    old = reader.links.token(reader.shop.id, reader.member.id, WELCOME, NOW - timedelta(days=LASTS_DAYS + 1))
    for answer in (reader.client.get(f"/email/{old}"), reader.client.post(f"/email/{old}/unsubscribe")):
        assert answer.status_code == 410
        assert "This link has expired." in answer.text
    assert reader.refused() == []


def listed(reader: Reader) -> list[str]:
    return re.findall(r'type="checkbox"(?: name="kind")? value="(\w+)"', reader.client.get(reader.path()).text)


def sends(html: str) -> list[str]:
    """The kinds that a browser sends when the page is saved as it is."""
    fields = re.findall(r'<input type="(\w+)" name="kind" value="(\w+)"( checked)?>', html)
    return [name for kind, name, checked in fields if checked or kind == "hidden"]


def test_the_page_lists_what_the_shop_sends_and_what_was_refused_and_keeps_the_rest_as_it_is(reader: Reader) -> None:
    consent_is(reader, "not_subscribed")
    sent = [f"{kind}" for kind in REFUSABLE if kind.about.on]
    assert listed(reader) == sent and 0 < len(sent) < len(ALL)
    reader.client.post(reader.path(), data={"kind": [kind for kind in ALL if kind != "birthday"]})
    assert listed(reader) == [kind for kind in ALL if kind in (*sent, "birthday")]
    with shop_transaction(reader.engine, reader.shop.id) as conn:
        shops.merge_settings(conn, reader.shop.id, {"emails": {"welcome": {"on": False}, "birthday": {"on": True}}})
    assert "welcome" not in listed(reader) and "birthday" in listed(reader)
    reader.client.post(reader.path(), data={"kind": sends(reader.client.get(reader.path()).text)})
    assert reader.refused() == [(reader.member.id, "birthday", "page")], "what isn't listed is not refused by saving"


def test_the_page_offers_every_kind_that_can_be_refused_and_keeps_what_is_left_off(reader: Reader) -> None:
    html = reader.client.get(reader.path()).text
    assert html.count('name="kind"') == html.count('name="kind" value="') == len(ALL)
    assert html.count("checked") == html.count('type="checkbox" name="kind"')
    assert "p…@example.com" in html and reader.member.email not in html
    consent_is(reader, "not_subscribed")
    wanted = [kind for kind in ALL if kind != "tier_ending"]
    answer = reader.client.post(reader.path(), data={"kind": [*wanted, "nonsense"], "language": "fil"})
    assert answer.status_code == 200
    assert reader.refused() == [(reader.member.id, "tier_ending", "page")]
    assert reader.rows("SELECT chosen_locale, no_emails FROM members") == [("fil", False)]
    assert told(reader) == []
    assert '<html lang="fil" dir="ltr">' in answer.text and "Na-save na." in answer.text
    reader.client.post(reader.path(), data={"kind": ALL, "language": "xx"})
    assert reader.refused() == []
    assert reader.rows("SELECT chosen_locale FROM members") == [("",)]


@pytest.mark.parametrize(
    ("before", "wants", "writes", "refused"),
    [
        ("not_subscribed", False, [], False),
        ("not_subscribed", True, ["subscribed"], False),
        ("subscribed", True, [], False),
        ("subscribed", False, ["unsubscribed"], True),
        ("", False, ["unsubscribed"], True),
    ],
)
def test_offers_follow_the_consent_and_only_a_change_goes_to_shopify(
    reader: Reader, before: str, wants: bool, writes: list[str], refused: bool
) -> None:
    if before:
        consent_is(reader, before)
    shown = reader.client.get(reader.path()).text
    assert ('name="promotions" value="yes" checked' in shown) == (before == "subscribed")
    reader.client.post(reader.path(), data={"kind": ALL} | ({"promotions": "yes"} if wants else {}))
    assert [row[1] for row in told(reader)] == writes
    assert ((reader.member.id, "promotional", "page") in reader.refused()) == refused


def test_everything_can_be_stopped_at_once_and_wanted_again(reader: Reader) -> None:
    consent_is(reader, "subscribed")
    html = reader.client.post(reader.path(), data={"stop": "all", "kind": ALL}).text
    assert sorted(sends(html)) == sorted(OFFERED)  # which of them, should they be wanted again
    assert reader.rows("SELECT no_emails FROM members") == [(True,)]
    assert reader.refused() == [(reader.member.id, "promotional", "page")]
    reader.client.post(reader.path(), data={"kind": ["welcome"]})
    assert reader.rows("SELECT no_emails FROM members") == [(False,)]
    assert len(reader.refused()) == len(ALL)  # all but one kind, and promotional


def test_a_guest_refuses_too_and_has_nothing_in_shopify(reader: Reader) -> None:
    with shop_transaction(reader.engine, reader.shop.id) as conn:
        conn.execute(text("UPDATE members SET customer_id = NULL, state = 'guest'"))
    assert "promotions" not in reader.client.get(reader.path()).text
    reader.client.post(reader.path(), data={"kind": ALL, "promotions": "yes"})
    assert reader.click(GIFT).status_code == 200
    assert len(reader.refused()) == 2
    assert told(reader) == []


def test_who_was_merged_or_erased_is_not_in_the_way(reader: Reader, engine: Engine, shop: ShopRow) -> None:
    (kept,) = add_members(engine, shop.id, people(1, 2))
    with shop_transaction(engine, shop.id) as conn:
        conn.execute(
            text("UPDATE members SET state = 'merged', merged_into = :kept WHERE id = :id"),
            {"kept": kept.id, "id": reader.member.id},
        )
    assert reader.click(WELCOME).status_code == 200
    assert reader.refused() == [(kept.id, "welcome", "click")]
    with shop_transaction(engine, shop.id) as conn:
        conn.execute(text("UPDATE members SET state = 'erased', email = '' WHERE id = :id"), {"id": kept.id})
    assert reader.client.get(reader.path(WELCOME)).status_code == 410
    assert reader.click(WELCOME).status_code == 200
    assert len(reader.refused()) == 1


def test_the_page_stands_by_itself_and_is_kept_by_nobody(reader: Reader) -> None:
    answer = reader.client.get(reader.path())
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    style = answer.text.split('rel="stylesheet" href="')[1].split('"')[0]
    with reader.client.get(style) as sheet:
        assert sheet.status_code == 200
    assert "<style" not in answer.text and "<script" not in answer.text


def test_it_still_works_when_the_shop_is_gone_and_not_when_it_is_forgotten(reader: Reader) -> None:
    for state, status in (("uninstalled", 200), ("redacted", 410)):
        with shop_transaction(reader.engine, reader.shop.id) as conn:
            conn.execute(text("UPDATE shops SET state = :state WHERE id = :id"), {"state": state, "id": reader.shop.id})
        assert reader.click(WELCOME).status_code == status


def test_every_kind_that_can_be_refused_has_a_name_for_shoppers() -> None:
    """Add it as `shopper.emails.kind.<kind>` to shopper.po."""
    assert [kind for kind in REFUSABLE if not knows(f"shopper.emails.kind.{kind}")] == []


def test_who_gets_no_offers_has_none_of_them_selected_and_keeps_what_they_chose(reader: Reader) -> None:
    switched = {kind.value: {"on": True} for kind in REFUSABLE}
    with shop_transaction(reader.engine, reader.shop.id) as conn:
        shops.merge_settings(conn, reader.shop.id, {"emails": switched})
    consent_is(reader, "not_subscribed")
    before = sends(reader.client.get(reader.path()).text)
    html = reader.client.get(reader.path()).text
    offers = html.partition('name="promotions"')[2]
    assert "checked" not in offers and len(re.findall('type="checkbox" value="[a-z_]+" disabled', offers)) == len(
        OFFERS
    )
    reader.client.post(reader.path(), data={"kind": before})
    assert reader.refused() == []
    consent_is(reader, "subscribed")
    offers = reader.client.get(reader.path()).text.partition('name="promotions"')[2]
    assert offers.count(" checked") == len(OFFERS) + 1 and "disabled" not in offers
