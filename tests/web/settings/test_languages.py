"""Staff translate the shop's names by hand and by file; shoppers read them, and nobody's work is lost."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import Engine

from plugin.rules.programme import Programme
from plugin.rules.words import names_file
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.versions import own_names, programmes
from tests.conftest import ShopRow
from tests.web.figures import NOW
from tests.web.session import Browser

PAGE = "/app/settings/languages"
RULES = Programme.model_validate(
    {
        "points_name": "crumbs",
        "points_name_one": "crumb",
        "rewards": [
            {"kind": "custom", "id": "r1", "name": "Coffee <tasting>", "points": 100, "description": "Saturdays"},
            {"kind": "free_shipping", "id": "r2", "name": "Free shipping", "points": 50},
        ],
        "tiers": {"levels": [{"key": "gold", "name": "Gold", "enter": "10"}]},
    }
)


@pytest.fixture(autouse=True)
def programme(engine: Engine, shop: ShopRow, browser: Browser) -> None:
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, RULES, "test", "", NOW)


def kept(engine: Engine, shop: ShopRow, language: str) -> dict[tuple[str, str], str]:
    with shop_transaction(engine, shop.id) as conn:
        found = own_names.all_of(conn, shop.id).get(language)
    return {(one.kind, one.source): one.text for one in found.names} if found else {}


def filled(html: str, **said: str) -> dict[str, str]:
    """The form of a page with these translations, by the names that they are of."""
    keys = dict(re.findall(r'name="(key\.\d+)" value="([^"]*)"', html))
    by = {key.replace("&lt;", "<").replace("&gt;", ">"): field for field, key in keys.items()}
    form = {field: key.replace("&lt;", "<").replace("&gt;", ">") for field, key in keys.items()}
    form["based_on"] = re.findall(r'name="based_on" value="(\d+)"', html)[0]
    for key, text in said.items():
        form[by[key.replace("__", "|")].replace("key.", "text.")] = text
    return form


def save(browser: Browser, tag: str, said: dict[str, str]) -> int:
    form = filled(browser.page(f"{PAGE}/{tag}"), **said)
    return int(browser.post(f"{PAGE}/{tag}", **form).status_code)


def upload(browser: Browser, content: bytes) -> str:
    sent = browser.post(f"{PAGE}/file", file=(io.BytesIO(content), "names.csv"))
    return str(sent.text)


def test_every_language_says_how_much_of_the_names_is_translated(browser: Browser) -> None:
    html = browser.page(PAGE)
    assert "Your own names" in html and "Not known" in html
    assert html.count("2 names missing") == 0 and html.count("3 names missing") == 9
    assert "40% translated" in html


def test_a_translation_is_kept_shown_logged_and_given_to_the_theme(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    assert save(browser, "th", {"reward|Coffee <tasting>": "ชิมกาแฟ", "points|crumbs": "เศษ"}) == 303
    assert kept(engine, shop, "th") == {("reward", "Coffee <tasting>"): "ชิมกาแฟ", ("points", "crumbs"): "เศษ"}
    html = browser.page(f"{PAGE}/th")
    assert 'value="ชิมกาแฟ"' in html and "ชิมกาแฟ · 100 เศษ" in html and "จัดส่งฟรี" in html
    assert "Translated names" in browser.page("/app/activity/staff")
    with shop_transaction(engine, shop.id) as conn:
        queued = conn.exec_driver_sql("SELECT count(*) FROM jobs WHERE kind = 'show_programme'").scalar_one()
    assert queued == 1


def test_only_what_is_missing_is_listed_when_asked(browser: Browser) -> None:
    html = browser.page(f"{PAGE}/th?show=missing")
    assert "Coffee &lt;tasting&gt;" in html and "reward|Free shipping" not in html and "tier|Gold" not in html


def test_a_renamed_reward_is_out_of_date_until_it_is_translated(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    save(browser, "th", {"reward|Coffee <tasting>": "ชิมกาแฟ"})
    renamed = RULES.model_copy(update={"rewards": (RULES.rewards[0].model_copy(update={"name": "Tea tasting"}),)})
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, renamed, "test", "", NOW)
    html = browser.page(f"{PAGE}/th")
    assert "Out of date: “Coffee &lt;tasting&gt;” was translated as “ชิมกาแฟ”" in html
    assert "Tea tasting · 100" in html


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    browser: Browser, engine: Engine, shop: ShopRow
) -> None:
    form = filled(browser.page(f"{PAGE}/th"), **{"tier|Gold": "x" * 41, "reward|Coffee <tasting>": "ชิม"})
    answer = browser.post(f"{PAGE}/th", **form)
    assert answer.status_code == 422 and "Use up to 40 characters." in answer.text and 'value="ชิม"' in answer.text
    assert kept(engine, shop, "th") == {}


def test_two_tabs_do_not_overwrite_each_other(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    first = filled(browser.page(f"{PAGE}/th"), **{"tier|Gold": "ทอง"})
    second = filled(browser.page(f"{PAGE}/th"), **{"tier|Gold": "โกลด์ของเรา"})
    assert browser.post(f"{PAGE}/th", **first).status_code == 303
    answer = browser.post(f"{PAGE}/th", **second)
    assert answer.status_code == 422 and "Somebody else saved this language" in answer.text
    assert kept(engine, shop, "th") == {("tier", "Gold"): "ทอง"}


def test_a_double_click_saves_once_and_says_that_it_is_saved(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    form = filled(browser.page(f"{PAGE}/th"), **{"tier|Gold": "ทอง"})
    assert [browser.post(f"{PAGE}/th", **form).status_code for _ in range(2)] == [303, 303]
    with shop_transaction(engine, shop.id) as conn:
        assert own_names.all_of(conn, shop.id)["th"].revision == 1


def test_the_last_change_is_undone_and_done_again(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    save(browser, "th", {"tier|Gold": "ทอง"})
    for expected in ({}, {("tier", "Gold"): "ทอง"}):
        revision = re.findall(r'name="based_on" value="(\d+)"', browser.page(f"{PAGE}/th"))[0]
        assert browser.post(f"{PAGE}/th/undo", based_on=revision).status_code == 303
        assert kept(engine, shop, "th") == expected


def test_the_file_comes_back_filled_in(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    sent = browser.get(f"{PAGE}/file")
    assert sent.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert [one for one in rows if one["Locale"] == "en"] == []
    for row in rows:
        if row["Locale"] == "th" and row["Default content"] == "Coffee <tasting>":
            row["Translated content"] = "ชิมกาแฟ"
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    html = upload(browser, out.getvalue().encode())
    assert "1 translation changes" in html and "ชิมกาแฟ" in html and kept(engine, shop, "th") == {}
    assert browser.post(f"{PAGE}/import", content=out.getvalue()).status_code == 303
    assert kept(engine, shop, "th") == {("reward", "Coffee <tasting>"): "ชิมกาแฟ"}


HEAD = "Type,Identification,Field,Locale,Market,Status,Default content,Translated content\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEAD + "TIER,gold,name,th,,,Gold,=HYPERLINK(1)\n", "Line 2: A translation that starts with"),
        (HEAD + "TIER,gold,name,xx,,,Gold,Oro\n", "“xx” is none of your languages"),
        (HEAD + "PRODUCT,1,title,th,,,Gold,Oro\n", "“PRODUCT title” is no kind of name"),
        (HEAD + f"TIER,gold,name,th,,,Gold,{'x' * 41}\n", "Line 2: Use up to 40 characters."),
        ("a,b\n1,2\n", "The file lacks these columns: type, field, locale"),
        ("\xff\xfe".encode("latin-1").decode("latin-1"), "The file lacks these columns"),
        (HEAD + "TIER,gold,name,th,,,Gold,O\0ro\n", "CSV UTF-8"),
        (HEAD + "TIER,gold,name,th,,,Gold,\n" * 10_002, "too many lines"),
        (HEAD + "TIER,gold,name,th,,,Silver,Plata\n", "a name that your programme no longer has"),
    ],
)
def test_a_strange_file_is_refused_with_words_at_its_line(
    browser: Browser, engine: Engine, shop: ShopRow, content: str, words: str
) -> None:
    assert words in upload(browser, content.encode())
    assert kept(engine, shop, "th") == {}


def test_a_file_that_is_no_text_or_too_large_is_refused(browser: Browser) -> None:
    assert "CSV UTF-8" in upload(browser, b"\xff\xfeT\x00")
    with pytest.raises(ValueError, match="too large"):
        names_file.read(b"x" * (names_file.MOST_BYTES + 1), ["th"])


def test_viewers_read_and_cannot_change(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.exec_driver_sql("UPDATE staff SET role = 'viewer' WHERE shop_id = %(shop)s", {"shop": shop.id})
    form = {"based_on": "0", "key.0": "tier|Gold", "text.0": "ทอง"}
    assert browser.post(f"{PAGE}/th", **form).status_code in (303, 403)


def test_a_language_that_nobody_speaks_is_not_found(browser: Browser) -> None:
    assert browser.get(f"{PAGE}/sv").status_code == 404
    assert browser.get(f"{PAGE}/..%2F..").status_code == 404


def test_the_languages_are_those_of_shopify_once_it_was_asked(browser: Browser, engine: Engine, shop: ShopRow) -> None:
    with shop_transaction(engine, shop.id) as conn:
        known = [
            {"tag": "en", "primary": True, "published": True},
            {"tag": "th", "primary": False, "published": False},
            {"tag": "sv", "primary": False, "published": True},
        ]
        shops.merge_settings(conn, shop.id, {"languages": known})
    html = browser.page(PAGE)
    assert "Thai" in html and "Swedish" in html and "Malayalam" not in html
    assert "Not published" in html and "Suki doesn't speak this language yet" in html.replace("&#39;", "'")
