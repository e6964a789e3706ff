"""Mailings go once to the members they are for, at their time, to so many at most, and not when they are canceled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from plugin.actions.emails import mailings
from plugin.errors import BadInput, NotFound
from plugin.messages.designs import default_of
from plugin.rules.mailings.mailing import MailingText
from plugin.rules.message_kinds import MessageKind
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.emails import mailings as stored
from plugin.store.emails import versions
from plugin.store.shops import shops
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from tests.actions.emails.happenings import NEWS, bought
from tests.actions.stage import Stage

WORDS = NEWS.texts["en"]


def planned(stage: Stage, send_at: Any = None, **changes: Any) -> int:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, asked = shops.get(conn, stage.shop_id), replace(NEWS, **changes)
        number = mailings.draft(conn, shop, asked, "", "staff:1", stage.clock())
        assert mailings.plan(conn, shop, number, send_at, "staff:1", stage.clock())
        return number


def one(stage: Stage, number: int) -> stored.Mailing:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        return stored.by_ids(conn, stage.shop_id, [number])[number]


def two_customers(stage: Stage, **rules: Any) -> None:
    """Ana and Ben have bought something, and agreed to marketing."""
    bought(stage, **rules)
    stage.buy("ben@example.org")
    stage.settle()
    for customer in stage.shop.customer.values():
        stage.town.box.set_consent(stage.shop, customer, "SUBSCRIBED")
    stage.settle()


def told(stage: Stage) -> list[tuple[str, str]]:
    return [
        (state, why)
        for state, why in stage.rows("SELECT state, last_error FROM messages WHERE kind = 'mailing' ORDER BY id")
    ]


def test_every_member_gets_it_once_with_its_words_and_its_code(stage: Stage) -> None:
    two_customers(stage)
    number = planned(stage)
    stage.settle()
    stage.settle(days=1)
    assert told(stage) == [("sent", ""), ("sent", "")]
    [mail] = stage.mails()
    assert mail.subject == "Fresh"
    assert all(words in mail.part("plain") for words in (WORDS.title, "FRESH10", "/apps/suki/rewards"))
    assert "<strong" in mail.part("html") or "font-weight:700" in mail.part("html")
    assert "Three **new**" not in mail.part("plain")
    assert (one(stage, number).state, one(stage, number).written) == ("written", 2)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        outcomes = stored.outcomes(conn, stage.shop_id, [number, number + 1])
    assert outcomes == [stored.Outcome(number, "sent", "", 2)]


def test_readers_get_it_in_their_language_else_in_the_main_one(stage: Stage) -> None:
    two_customers(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        conn.exec_driver_sql("UPDATE members SET chosen_locale = 'de' WHERE email_key = 'ana@example.com'")
        conn.exec_driver_sql("UPDATE members SET chosen_locale = 'fr' WHERE email_key = 'ben@example.org'")
    german = MailingText(title="Frisch geröstet", body='Hallo {{ first_name | default: "du" }}')
    planned(stage, texts={"en": WORDS, "de": german})
    stage.settle()
    [ana], [ben] = stage.mails(), stage.mails("ben@example.org")
    assert all(words in ana.part("plain") for words in ("Frisch geröstet", "Hallo Anastacia"))
    assert WORDS.title not in ana.part("plain")
    assert (WORDS.title in ben.part("plain"), ben.subject) == (True, "Fresh")
    assert ana.subject != "Fresh"


def test_it_keeps_to_the_design_that_the_shop_made_of_the_kind(stage: Stage) -> None:
    two_customers(stage)
    design = default_of(MessageKind.MAILING)
    without = replace(design, blocks=tuple(replace(b, hidden=b.id == "balance") for b in design.blocks))
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        versions.add(conn, stage.shop_id, MessageKind.MAILING, without, "staff:1", "", stage.clock())
    planned(stage)
    stage.settle()
    [mail] = stage.mails()
    assert WORDS.title in mail.part("plain")
    assert "Your balance" not in mail.part("plain")


def test_it_waits_for_its_time_and_goes_to_so_many_at_most(stage: Stage) -> None:
    two_customers(stage)
    planned(stage, send_at=stage.clock() + timedelta(hours=2), most=1)
    stage.settle(hours=1)
    assert told(stage) == []
    stage.settle(hours=2)
    assert told(stage) == [("sent", "")]


def test_it_goes_to_those_whom_the_filters_of_the_members_find(stage: Stage) -> None:
    silver = {"key": "silver", "name": "Silver", "enter": "20"}
    two_customers(stage, tiers={"levels": [silver]})
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        sizes = [
            stored.audience_size(conn, stage.shop_id, replace(NEWS, **by))
            for by in ({}, {"bought": "again"}, {"tier": "silver"}, {"tier": "silver", "bought": "never"})
        ]
    assert sizes == [stored.Size(2, 0, 2), stored.Size(0, 0, 0), stored.Size(2, 0, 2), stored.Size(0, 0, 0)]
    planned(stage, bought="again")
    stage.settle()
    assert told(stage) == []
    planned(stage, tier="silver")
    stage.settle()
    assert told(stage) == [("sent", "")] * 2
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert stored.audience_size(conn, stage.shop_id, NEWS) == stored.Size(2, 2, 0)


def test_what_is_canceled_is_neither_written_down_nor_sent(stage: Stage) -> None:
    two_customers(stage)
    number = planned(stage, send_at=stage.clock() + timedelta(hours=2))
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        assert mailings.cancel(conn, shop, number, "staff:1", stage.clock())
        assert not mailings.cancel(conn, shop, number, "staff:1", stage.clock())
    stage.settle(hours=3)
    assert told(stage) == []


def test_who_did_not_agree_to_marketing_gets_none(stage: Stage) -> None:
    bought(stage)
    planned(stage)
    stage.settle()
    assert told(stage) == [("skipped", "the customer did not agree to marketing mails")]


def test_a_run_that_is_killed_in_the_middle_goes_on_and_nobody_gets_two(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five members in pages of two; the worker dies after a page, before it and within it."""
    two_customers(stage)
    for name in ("cai", "dan", "eva"):
        stage.buy(f"{name}@example.org")
    stage.settle()
    for customer in stage.shop.customer.values():
        stage.town.box.set_consent(stage.shop, customer, "SUBSCRIBED")
    stage.settle()
    monkeypatch.setattr(stored, "PAGE", 2)
    number, tries, whole = planned(stage), [], mailings._page

    class Killed(BaseException):
        """As a kill ends a process: nothing of ours catches it."""

    def page(*args: Any) -> Any:
        tries.append(1)
        if len(tries) in (2, 4):
            whole(*args)
            raise Killed
        return whole(*args)

    monkeypatch.setattr(mailings, "_page", page)
    job = waiting(stage, number)
    for _ in range(2):
        with pytest.raises(Killed):
            mailings.carry_out(stage.work, shop_of(stage), waiting(stage, number))
    mailings.carry_out(stage.work, shop_of(stage), waiting(stage, number))
    mailings.carry_out(stage.work, shop_of(stage), job)
    assert (one(stage, number).state, one(stage, number).written) == ("written", 5)
    stage.settle()
    assert told(stage) == [("sent", "")] * 5
    assert stage.rows("SELECT count(DISTINCT member_id) FROM messages WHERE kind = 'mailing'") == [(5,)]


def waiting(stage: Stage, number: int) -> jobs.Job:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        found = jobs.one(conn, stage.shop_id, JobKind.MAILING, str(number))
    assert found is not None
    return found


def shop_of(stage: Stage) -> shops.Shop:
    with system_transaction(stage.engine) as conn:
        return shops.get(conn, stage.shop_id)


def test_the_same_form_twice_is_one_draft_and_a_draft_is_planned_once(stage: Stage) -> None:
    bought(stage)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        first, again = (mailings.draft(conn, shop, NEWS, "k", "staff:1", stage.clock()) for _ in range(2))
        plans = [mailings.plan(conn, shop, first, None, "staff:1", stage.clock()) for _ in range(2)]
        with pytest.raises(BadInput):
            mailings.change(conn, shop, first, NEWS, "staff:1", stage.clock())
        with pytest.raises(NotFound):
            mailings.plan(conn, shop, first + 1, None, "staff:1", stage.clock())
    assert first == again
    assert plans == [True, False]
    assert stage.rows("SELECT count(*) FROM mailings") == [(1,)]


@pytest.mark.parametrize(
    ("days", "is_good"), [(-1, False), (-0.001, True), (0, True), (1, True), (365, True), (366, False)]
)
def test_it_goes_not_in_the_past_and_within_a_year(stage: Stage, days: float, is_good: bool) -> None:
    now = stage.clock()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        number = mailings.draft(conn, shop, NEWS, "", "staff:1", now)
        if is_good:
            assert mailings.plan(conn, shop, number, now + timedelta(days=days), "staff:1", now)
        else:
            with pytest.raises(BadInput) as caught:
                mailings.plan(conn, shop, number, now + timedelta(days=days), "staff:1", now)
            assert list(caught.value.fields) == ["send_at"]
    at = one(stage, number).send_at
    assert at == (max(now, now + timedelta(days=days)) if is_good else None)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 101}),
        ("language", {"language": "xx"}),
        ("code", {"code": "TWO WORDS"}),
        ("bought", {"bought": "often"}),
        ("tier", {"tier": "gold"}),
        ("most", {"most": -1}),
        ("texts.en.title", {"texts": {"en": replace(WORDS, title=" ")}}),
        ("texts.de.body", {"texts": {"en": WORDS, "de": MailingText(title="Nur ein Titel")}}),
        ("texts.en.body", {"texts": {"en": replace(WORDS, body="x" * 100_000)}}),
        ("texts.en.subject", {"texts": {"en": replace(WORDS, subject="x" * 10_000)}}),
        ("texts.en.body", {"texts": {"en": replace(WORDS, body="{% for x in y %}")}}),
        ("texts.en.body", {"texts": {"en": replace(WORDS, body="{{ secret }}")}}),
        ("texts.en.body", {"texts": {"en": replace(WORDS, body="{{ first_name }}")}}),
        ("texts.en.body", {"texts": {"en": replace(WORDS, body="[x](javascript:alert(1))")}}),
        ("texts.en.title", {"texts": {"en": replace(WORDS, title="two\nlines")}}),
    ],
)
def test_what_is_wrong_with_a_mailing_is_said_at_its_field(stage: Stage, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as caught, shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        mailings.draft(conn, shop, replace(NEWS, **changes), "", "staff:1", stage.clock())
    assert list(caught.value.fields) == [field]
    assert stage.rows("SELECT count(*) FROM mailings") == [(0,)]


def test_orders_with_its_code_are_counted(stage: Stage) -> None:
    two_customers(stage)
    since = stage.clock()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert stored.used(conn, stage.shop_id, "FRESH10", since) == 0
        conn.exec_driver_sql(
            'UPDATE order_views SET placed_at = %(at)s, view = view || \'{"discount_codes": ["fresh10"]}\''
            " WHERE order_id = (SELECT min(order_id) FROM order_views)",
            {"at": since + timedelta(minutes=1)},
        )
        assert stored.used(conn, stage.shop_id, "FRESH10", since) == 1
