"""`suki messages`: the list of emails, and one of them on standard output."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from plugin.cli import main
from plugin.rules.message_kinds import MessageKind
from plugin.rules.words.catalogues import LANGUAGES
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from tests.conftest import ShopRow, TestDatabase
from tests.messages.waiting import welcomes
from tests.test_cli import environment  # noqa: F401
from tests.web.figures import NOW

pytestmark = pytest.mark.usefixtures("environment")


def suki(*words: str, database: TestDatabase | None = None) -> tuple[int, str]:
    answer = CliRunner().invoke(main, ["messages", *words], env={"DATABASE_URL": database.url} if database else {})
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer.exit_code, answer.output


def test_every_kind_is_listed_with_what_it_is_in_law_and_whether_it_is_on() -> None:
    code, out = suki("kinds")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [kind.value for kind in MessageKind]
    (welcome,) = [line.split() for line in out.splitlines() if line.startswith("welcome ")]
    assert welcome == ["welcome", "on", "transactional", "Welcome"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_email_is_written_in_the_language_that_is_asked_for(language: str) -> None:
    code, html = suki("preview", "welcome", "--locale", language)
    assert (code, html.lstrip()[:15].lower()) == (0, "<!doctype html>")
    assert f'lang="{language}' in html
    code, text = suki("preview", "welcome", "--locale", language, "--text")
    assert code == 0 and text.startswith("Subject: ") and "<" not in text.split("\n")[2]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("spam",), "We have no email called spam. The emails are: order_confirmation"),
        (("welcome", "--locale", "tlh"), "Emails aren't written in tlh. The languages are: en"),
        (("welcome", "--member", "1"), "Say whose member that is: --shop x.myshopify.com"),
    ],
)
def test_what_there_is_not_is_said_with_what_there_is(words: tuple[str, ...], says: str) -> None:
    code, out = suki("preview", *words)
    assert code == 1
    assert says in out and "Traceback" not in out


def test_a_members_email_is_in_the_shops_own_words_and_none_of_another_shops(
    engine: Engine, database: TestDatabase, shop: ShopRow, other_shop: ShopRow
) -> None:
    welcomes(engine, shop.id, ["ana@example.com"], NOW)
    with shop_transaction(engine, shop.id) as conn:
        member = conn.exec_driver_sql("SELECT id FROM members").scalar_one()
        shops.merge_settings(conn, shop.id, {"emails": {"claim": {"on": False}}})
    code, out = suki("preview", "welcome", "--member", str(member), "--text", "--shop", shop.domain, database=database)
    assert code == 0 and "Ana" in out and "25 points" in out
    code, out = suki("preview", "welcome", "--member", str(member), "--shop", other_shop.domain, database=database)
    assert (code, out) == (1, f"Error: {other_shop.domain} has no member {member}.\n")
    code, out = suki("kinds", "--shop", shop.domain, database=database)
    assert "claim                  off" in out
