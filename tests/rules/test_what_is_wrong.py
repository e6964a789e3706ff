"""What is wrong with a field is said in a merchant's words: each kind of mistake to the letter, by the field's name."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from plugin.rules.fields import (
    FIRST_YEAR,
    LAST_YEAR,
    Amount,
    CodePrefix,
    Country,
    Currency,
    End,
    Name,
    Positive,
    Price,
    Rules,
    Start,
    WrongAt,
    decimals_of,
    fits,
    of_shop,
    percent_or_money,
    within_reach,
)
from plugin.rules.mistakes import in_words
from plugin.rules.words.texts import Said


def further_in(value: int) -> int:
    raise WrongAt("2.name", Said("frame.wrong.choice"))


class Form(Rules):
    name: Annotated[str, Field(min_length=2, max_length=5)] = "abc"
    whole: int = 1
    price: Annotated[Decimal, Field(max_digits=4, decimal_places=2)] = Decimal(1)
    more: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    least: Annotated[Decimal, Field(ge=1)] = Decimal(1)
    less: Annotated[Decimal, Field(lt=Decimal("9.5"))] = Decimal(1)
    most: Annotated[int, Field(le=1000)] = 1
    kind: Literal["a", "b"] = "a"
    few: Annotated[tuple[int, ...], Field(max_length=1)] = ()
    shares: float = Field(default=1.0, allow_inf_nan=False)
    inner: Annotated[int, AfterValidator(further_in)] = 1


def wrong(model: type[Rules] = Form, **fields: Any) -> dict[str, str]:
    """What is wrong, by field, in English."""
    with pytest.raises(ValidationError) as error:
        model.model_validate(fields)
    return {name: str(words) for name, words in in_words(error.value).items()}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", Said("frame.wrong.empty")),
        ("name", "a", Said("frame.wrong.empty")),
        ("name", "abcdef", Said("frame.wrong.long", 5)),
        ("whole", "", Said("frame.wrong.empty")),
        ("whole", "one", Said("frame.wrong.whole")),
        ("whole", 1.5, Said("frame.wrong.whole")),
        ("whole", "9" * 5000, Said("frame.wrong.large")),
        ("price", "one", Said("frame.wrong.number")),
        ("price", "123.45", Said("frame.wrong.digits")),
        ("price", "1.234", Said("frame.wrong.fine", 2)),
        ("more", 0, Said("frame.wrong.more_than", limit=0)),
        ("least", 0, Said("frame.wrong.at_least", limit=1)),
        ("less", 10, Said("frame.wrong.less_than", limit=Decimal("9.5"))),
        ("most", 1001, Said("frame.wrong.at_most", limit=1000)),
        ("kind", "c", Said("frame.wrong.choice")),
        ("few", (1, 2), Said("frame.wrong.many", 1)),
        ("shares", float("inf"), Said("frame.wrong.number")),
    ],
)
def test_each_kind_of_mistake_has_its_words(field: str, value: object, said: Said) -> None:
    assert wrong(**{field: value}) == {field: str(said)}


def test_what_is_missing_is_empty_and_what_has_no_words_says_what_pydantic_says() -> None:
    class Asked(Rules):
        name: str

    assert wrong(Asked) == {"name": str(Said("frame.wrong.empty"))}
    assert wrong(Asked, name=1) == {"name": "Input should be a valid string"}
    assert wrong(whole=None, most=2000) == {
        "whole": "Input should be a valid integer", "most": str(Said("frame.wrong.at_most", limit=1000)),
    }  # fmt: skip


def test_a_whole_limit_has_no_decimals() -> None:
    assert "1,000" in wrong(most=1001)["most"] and ".0" not in wrong(more=0)["more"]
    assert "9.5" in wrong(less=10)["less"]


def test_a_mistake_further_in_is_named_from_there() -> None:
    assert wrong(inner=1) == {"inner.2.name": str(Said("frame.wrong.choice"))}
    assert str(WrongAt("2.name", "no")) == "2.name: no"


def test_of_a_list_that_is_one_field_the_field_is_named() -> None:
    from plugin.rules.programme import Programme

    tags = {"basis": {"excluded_tags": ["ok", ""]}}
    assert list(wrong(Programme, **tags)) == ["basis.excluded_tags"]
    assert list(wrong(Programme, basis={"excluded_products": ["x"]})) == ["basis.excluded_products.0"]


def checked(kind: object, value: object, currency: str = "") -> object:
    """The value as a field of this kind keeps it, where a shop with this currency saves it; or what is wrong."""
    try:
        return TypeAdapter(kind).validate_python(value, context=of_shop(currency) if currency else None)
    except ValidationError as error:
        return next(iter(in_words(error).values()))


YEN = str(Said("frame.wrong.no_decimals", currency="JPY"))


@pytest.mark.parametrize(
    ("kind", "value", "currency", "kept"),
    [
        (Price, "10.5", "USD", Decimal("10.5")),
        (Price, "10.5", "JPY", YEN),
        (Price, "10.5", "", Decimal("10.5")),
        (Price, "10.555", "USD", Said("frame.wrong.decimals", 2, currency="USD")),
        (Price, "10.555", "KWD", Decimal("10.555")),
        (Price, "0", "USD", Said("frame.wrong.more_than", limit=0)),
        (Amount, "0", "USD", Decimal(0)),
        (Amount, "-1", "USD", Said("frame.wrong.at_least", limit=0)),
        (Amount, "10.5", "JPY", YEN),
        (Amount, "1000000000", "USD", Said("frame.wrong.less_than", limit=10**9)),
        (Positive, "999999999.999", "JPY", Decimal("999999999.999")),
        (Positive, "1.2345", "", Said("frame.wrong.fine", 3)),
        (Name, "  Mug ", "", "Mug"),
        (Name, "  ", "", Said("frame.wrong.empty")),
        (Name, "x" * 80, "", "x" * 80),
        (Name, "x" * 81, "", Said("frame.wrong.long", 80)),
        (CodePrefix, "SUKI2026SUKI", "", "SUKI2026SUKI"),
        (CodePrefix, "SUKI2026SUKIX", "", Said("frame.wrong.prefix")),
        (CodePrefix, "", "", ""),
        (CodePrefix, "suki", "", Said("frame.wrong.prefix")),
        (Currency, " usd ", "", "USD"),
        (Currency, "US", "", Said("frame.wrong.currency_shape")),
        (Currency, "USDX", "", Said("frame.wrong.currency_shape")),
        (Currency, "QQQ", "", Said("frame.wrong.currency", code="QQQ")),
        (Country, "PH", "USD", "PH"),
        (Country, "ZZ", "USD", Said("frame.wrong.country", name="ZZ")),
        (Country, "ZZ", "", "ZZ"),
    ],
)
def test_a_field_keeps_what_fits_and_says_what_does_not(
    kind: object, value: object, currency: str, kept: object
) -> None:
    found = checked(kind, value, currency)
    assert found == (str(kept) if isinstance(kept, Said) else kept)
    assert isinstance(found, str) or found == kept


@pytest.mark.parametrize(
    ("kind", "value", "currency", "fine"),
    [
        ("percent", 100, "USD", True), ("percent", "100.001", "USD", False), ("percent_of_order", 101, "USD", False),
        ("percent", "12.345", "JPY", True), ("amount", 101, "USD", True), ("amount", "10.5", "JPY", False),
        ("amount_off", "10.5", "JPY", False), ("free_shipping", "10.5", "JPY", True), ("", 1000, "USD", True),
    ],
)  # fmt: skip
def test_a_percentage_is_a_hundred_at_most_and_an_amount_has_its_currencys_decimals(
    kind: str, value: object, currency: str, fine: bool
) -> None:
    class Off(Rules):
        kind: str
        value: Annotated[Decimal, AfterValidator(percent_or_money)]

    fields = {"kind": kind, "value": value}
    if fine:
        assert Off.model_validate(fields, context=of_shop(currency)).value == Decimal(str(value))
        return
    with pytest.raises(ValidationError) as error:
        Off.model_validate(fields, context=of_shop(currency))
    said = YEN if currency == "JPY" else str(Said("frame.wrong.percent"))
    assert {name: str(words) for name, words in in_words(error.value).items()} == {"value": said}


def test_how_many_decimals_a_currency_has_is_told() -> None:
    assert decimals_of("JPY") == Said("frame.wrong.no_decimals", currency="JPY")
    assert decimals_of("KWD") == Said("frame.wrong.decimals", 3, currency="KWD")
    assert fits(Decimal("1.5"), "") == Decimal("1.5")


class Spell(Rules):
    starts_at: Start = None
    ends_at: End = None


def at(year: int, month: int = 1) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)


def spell(currency: str, *ends: datetime | None) -> dict[str, str]:
    """What is wrong with something that begins and ends then."""
    fields = dict(zip(("starts_at", "ends_at"), ends, strict=False))
    try:
        Spell.model_validate(fields, context=of_shop(currency) if currency else None)
    except ValidationError as error:
        return {name: str(words) for name, words in in_words(error).items()}
    return {}


def test_something_begins_and_ends_within_reach_and_ends_after_it_begins() -> None:
    reach = str(Said("frame.wrong.year", first=str(FIRST_YEAR), last=str(LAST_YEAR)))
    before = str(Said("frame.wrong.before_start"))
    assert (FIRST_YEAR, LAST_YEAR) == (2000, 9000)
    assert [within_reach(year) for year in (1999, 2000, 9000, 9001)] == [False, True, True, False]
    assert spell("USD", at(2000), at(9000)) == spell("USD", None, at(2026)) == spell("USD", at(2026), None) == {}
    assert spell("USD", at(1999), at(2026)) == {"starts_at": reach}
    assert spell("USD", None, at(9001)) == {"ends_at": reach}
    assert spell("", at(1999), at(9001)) == {}
    assert spell("USD", at(2026, 2), at(2026, 1)) == spell("", at(2026), at(2026)) == {"ends_at": before}
    assert spell("USD", at(2026, 1), at(2026, 2)) == {}


def test_a_name_that_the_rules_do_not_know_is_a_mistake_and_nothing_changes() -> None:
    assert wrong(nothing=1) == {"nothing": "Extra inputs are not permitted"}
    form = Spell()
    with pytest.raises(ValidationError, match="frozen"):
        form.starts_at = at(2026)  # type: ignore[misc]
