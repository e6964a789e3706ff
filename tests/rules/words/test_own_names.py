"""A programme's names in the reader's language: as the shop translated them, else as they come with the app."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from plugin.messages.kinds import KINDS
from plugin.messages.sending.own_names import NAMES
from plugin.messages.sending.own_names import in_words as mail_in_words
from plugin.rules import explain, formats
from plugin.rules.money import rough_unit
from plugin.rules.orders.shown_figures import said_names
from plugin.rules.programme import Programme
from plugin.rules.types import Reason
from plugin.rules.versions.programme_presets import PRESETS, started
from plugin.rules.versions.recommended_start import AIMS, Answers, recommended, usual_order
from plugin.rules.words import default_names
from plugin.rules.words.catalogues import ENGLISH, LANGUAGES, pattern
from plugin.rules.words.own_names import ReaderNames, in_words, names_in, points_name
from plugin.rules.words.programme_page import Reader, programme_page
from plugin.rules.words.translations import (
    Translation,
    changed,
    longest,
    percent_done,
    problem,
    rows,
    translated,
)
from tests.messages.test_emails import KAPE

LATIN = ("en", "fil", "de", "es", "fr", "pt")
"""Languages that can share a name with English; in every other none of the app's can be left as it is."""
AT = datetime(2026, 12, 1, tzinfo=UTC)
OWN = Programme.model_validate(
    {
        "points_name": "crumbs",
        "points_name_one": "crumb",
        "rewards": [
            {"kind": "custom", "id": "r1", "name": "Coffee tasting", "points": 100, "description": "Saturdays at ten"},
            {"kind": "donation", "id": "r2", "name": "Plant a tree", "points": 50, "cause": "Our forest", "value": 1},
        ],
        "tiers": {"levels": [{"key": "one", "name": "Baker", "enter": "10", "perks": ["First slice"]}]},
        "orders": {"rules": [{"key": "rye", "name": "Rye week", "multiplier": "3"}]},
        "activities": [
            {"kind": "profile", "id": "a1", "name": "Who are you", "points": 5, "note": "Two minutes",
             "questions": ["White or rye?"]},
        ],
    }
)  # fmt: skip


def every_name(programme: Programme, language: str) -> list[Translation]:
    """A translation of each name that no English text has."""
    return [
        Translation(one.kind, one.source, f"⟦{language} {n}⟧", one.item) for n, one in enumerate(names_in(programme))
    ]


def names(language: str, known: list[Translation], currency: str = "PHP") -> ReaderNames:
    return ReaderNames(Locale(language), currency, translated(known))


def said(programme: Programme, language: str, known: list[Translation]) -> list[str]:
    """Everything that the programme's page says of it in this language."""
    shown = in_words(programme, points_name(programme.points_name, names(language, known)))
    page = programme_page(Reader(shown, "Sari", "PHP", ZoneInfo("UTC"), Locale(language), AT))
    texts = [page.points_name, page.headline, *page.more, page.welcome, page.referral]
    for activity in page.activities:
        texts += [activity.name, activity.gives, activity.text]
    for tier in page.tiers:
        texts += [tier.name, tier.needs, *tier.benefits]
    for reward in page.rewards:
        texts += [reward.title, reward.price.text, reward.brings, *reward.terms]
    return texts


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != ENGLISH])
def test_a_page_never_mixes_once_every_name_is_translated(language: str) -> None:
    sources = [one.source for one in names_in(OWN)] + ["crumb"]
    texts = said(OWN, language, every_name(OWN, language))
    assert [(text, name) for text in texts for name in sources if name in text] == []
    assert len([text for text in texts if "⟦" in text]) >= len(names_in(OWN)) - 2


@pytest.mark.parametrize("currency", ["PHP", "USD", "JPY", "KWD"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_comes_with_the_app_is_said_in_every_language(language: str, currency: str) -> None:
    unit = rough_unit(currency)
    made = [started(Programme(), preset, currency) for preset in PRESETS.values()]
    made += [recommended(Programme(), Answers("often", "good", aim), currency, usual_order(currency)) for aim in AIMS]
    for programme in made:
        for one in names_in(programme):
            assert default_names.is_default(one.kind, one.source, currency), (one, unit)
            text = default_names.said(one.kind, one.source, currency, Locale(language))
            assert language in LATIN or text.isascii() is False


@pytest.mark.parametrize("key", [key for keys in default_names.KEYS.values() for key in keys])
def test_every_name_of_the_app_has_words_in_every_language(key: str) -> None:
    places = set(pattern(ENGLISH, key).replace("}", "{").split("{")[1::2])
    for language in LANGUAGES:
        assert set(pattern(language, key).replace("}", "{").split("{")[1::2]) == places


def test_in_english_a_name_of_the_app_is_what_it_was() -> None:
    for source in ("$5 off", "$12.50 off", "10% off", "12.5% off", "Free shipping", "$20 gift card"):
        assert default_names.is_default("reward", source, "USD")
        assert default_names.said("reward", source, "USD", Locale("en")) == source


@pytest.mark.parametrize(
    "source",
    ["€5 off", "$5 off!", "5 off", "$5.123 off", "$05 off", "off", "$ off", "free shipping", "$1,0 off", "{worth} off",
     "$5 off everything", "100000000000000000 off", "٥ off"],
)  # fmt: skip
def test_a_merchants_own_name_stays_as_it_is(source: str) -> None:
    assert default_names.said("reward", source, "USD", Locale("th")) == source
    assert not default_names.is_default("reward", source, "USD")


def test_the_shops_own_translation_goes_before_that_of_the_app() -> None:
    known = [Translation("tier", "Gold", "Gold")]
    assert names("es", known)("tier", "Gold") == "Gold"
    assert names("es", [])("tier", "Gold") == "Oro"


def test_a_renamed_reward_is_never_said_by_the_translation_of_its_old_name() -> None:
    old = [Translation("reward", "₱100 coupon", "คูปอง ₱100", "r1")]
    assert names("th", old)("reward", "₱200 coupon") == "₱200 coupon"
    assert names("th", old)("reward", "₱100 coupon") == "คูปอง ₱100"


def test_what_was_copied_long_ago_is_said_in_the_readers_language() -> None:
    name = points_name("crumbs", names("th", [Translation("reward", "Old mug", "แก้วเก่า")]))
    spent = Reason("spent", {"points": 5, "reward": "Old mug"})
    assert "แก้วเก่า" in explain.words(spent, Locale("th"), "shopper", points_name=name)
    assert "แก้วเก่า" in explain.headline("spent", {"reward": "Old mug"}, Locale("th"), name)
    tier = Reason("tier_multiplier", {"tier": "Gold", "multiplier": "2"})
    assert "โกลด์" in explain.words(tier, Locale("th"), "shopper", points_name=name)
    several = Reason("line_times", {"title": "Tea", "rules": "Double points, Rye week", "multiplier": "2"})
    assert "คะแนนสองเท่า, Rye week" in explain.words(several, Locale("th"), "shopper", points_name=name)


def test_staff_read_names_as_the_shop_wrote_them() -> None:
    reason = Reason("tier_multiplier", {"tier": "Gold", "multiplier": "2"})
    assert "Gold" in explain.words(reason, Locale("es"), "shopper", points_name=OWN.points_name)


def test_points_take_the_forms_of_the_readers_language() -> None:
    known = [Translation("points", "crumbs", "نجوم"), Translation("points.two", "crumbs", "نجمتان"),
             Translation("points.one", "crumbs", "نجمة")]  # fmt: skip
    name = points_name(OWN.points_name, names("ar", known))
    shown = [formats.points(each, name, Locale("ar")).split()[-1] for each in (1, 2, 3)]
    assert shown == ["نجمة", "نجمتان", "نجوم"]
    assert formats.points_unit(name, Locale("ar")) == "نجوم"


def test_without_a_translation_points_keep_the_shops_own_singular() -> None:
    name = points_name(OWN.points_name, names("th", []))
    assert (formats.points(1, name, Locale("th")), formats.points(2, name, Locale("th"))) == ("1 crumb", "2 crumbs")


def test_a_programme_said_in_a_language_is_the_same_but_for_its_names() -> None:
    shown = in_words(OWN, points_name(OWN.points_name, names("th", every_name(OWN, "th"))))
    back = {one.kind: one.source for one in names_in(OWN)}
    assert {one.kind for one in names_in(shown)} == set(back)
    assert shown.orders.live[0].name.startswith("⟦")
    assert shown.earning == OWN.earning and shown.tiers.levels[0].enter == OWN.tiers.levels[0].enter
    assert in_words(OWN, OWN.points_name) == OWN


def test_every_field_of_an_email_is_known_to_hold_a_name_or_none() -> None:
    plain = set(
        "shop_name shop_url currency locale first_name points_name order_name order_status_url account_url rewards_url"
        " told code_value worth advocate code ended metric note checkout_url how question purpose link"
        " points_state explain terms why".split()
    )
    unknown = set()
    for kind, made in KINDS.items():
        for context in made.samples(KAPE):
            for field in context.__dataclass_fields__:
                value = getattr(context, field)
                words = isinstance(value, str) or (isinstance(value, tuple) and value and isinstance(value[0], str))
                if words and field not in plain and field not in NAMES:
                    unknown.add((kind, field))
    assert unknown == set()


def test_an_email_says_its_names_in_its_readers_language() -> None:
    made = list(KINDS["tier_lost"].samples(KAPE))
    tier = made[0].tier  # type: ignore[attr-defined]
    there = mail_in_words(made[0], names("th", [Translation("tier", tier, "ชื่อระดับ")]))
    assert there.tier == "ชื่อระดับ"  # type: ignore[attr-defined]


def test_the_theme_has_only_the_names_that_are_others() -> None:
    name = points_name(
        OWN.points_name,
        names("th", [Translation("points", "crumbs", "เศษขนม"), Translation("tier", "Baker", "คนทำขนม")]),
    )
    assert said_names(OWN, name) == {"name": "เศษขนม", "one": "เศษขนม", "tiers": {"Baker": "คนทำขนม"}}
    assert said_names(OWN, points_name(OWN.points_name, names("th", []))) == {}


def test_rows_say_what_is_done_ready_missing_and_out_of_date() -> None:
    programme = Programme.model_validate(
        {
            "rewards": [
                {"kind": "custom", "id": "r1", "name": "Coffee", "points": 10},
                {"kind": "custom", "id": "r2", "name": "Tea", "points": 10},
                {"kind": "custom", "id": "r3", "name": "Cake", "points": 10},
                {"kind": "free_shipping", "id": "r4", "name": "Free shipping", "points": 10},
            ]
        }
    )
    known = [Translation("reward", "Coffee", "Kape", "r1"), Translation("reward", "Black tea", "Itim na tsaa", "r2")]
    found = {row.named.source: row for row in rows(programme, "PHP", Locale("fil"), known)}
    assert {name: row.state for name, row in found.items()} == {
        "Coffee": "done", "Tea": "outdated", "Cake": "missing", "Free shipping": "ready",
    }  # fmt: skip
    assert (found["Tea"].former, found["Tea"].offered, found["Tea"].text) == ("Black tea", "Itim na tsaa", "")
    assert found["Free shipping"].offered == "Libreng shipping"
    assert percent_done(list(found.values())) == 50


def test_the_forms_of_points_are_asked_for_in_languages_that_have_them() -> None:
    kinds = {
        language: [row.named.kind for row in rows(OWN, "PHP", Locale(language), [])][:7]
        for language in ("ar", "th", "es")
    }
    assert kinds["ar"][:6] == ["points", "points.zero", "points.one", "points.two", "points.few", "points.many"]
    assert kinds["es"][:2] == ["points", "points.one"]
    assert "points.one" not in kinds["th"]


def test_saving_an_empty_translation_takes_it_away_and_leaves_the_others() -> None:
    known = [Translation("tier", "Gold", "Oro"), Translation("tier", "Silver", "Plata")]
    assert changed(known, [Translation("tier", "Gold", "")]) == (known[1],)
    assert changed(known, [Translation("tier", "Gold", "Dorado", "gold")])[0].text == "Dorado"


def test_translations_are_one_line_within_their_length_and_no_template() -> None:
    assert [problem("tier", each) for each in ("x" * 41, "a\nb", "{{ shop }}", "{% if %}", "ชื่อ {x}")] == [
        "too_long", "not_one_line", "braces", "braces", None,
    ]  # fmt: skip
    assert longest("points.few") == longest("points") == 40
