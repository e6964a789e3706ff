"""At the edges of what a signed visit may be: correctly signed each time, so that nothing but the edge decides."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from plugin.errors import Unauthorized
from plugin.settings import Settings
from plugin.web.shopper import proxy
from plugin.web.shopper.proxy import Visit
from tests.conformance.cross_protocol.messages import digest

SECRET, SHOP, AT = "shpss_0123456789abcdef0123456789abcdef", "demo.myshopify.com", 1_790_000_000
SETTINGS = Settings.model_construct(shopify_api_secret=SecretStr(SECRET), shopify_api_secret_old=None)
OLD_KEY, NEW_KEY = Fernet.generate_key().decode(), Fernet.generate_key().decode()
OURS = {"shop": [SHOP], "logged_in_customer_id": ["5"], "path_prefix": ["/apps/suki"], "timestamp": [str(AT)]}


def signed(**fields: list[str] | str) -> str:
    """The query with these parameters, and Shopify's signature over them as it makes it."""
    said = {name: [value] if isinstance(value, str) else value for name, value in {**OURS, **fields}.items()}
    text = "".join(sorted(f"{name}={','.join(values)}" for name, values in said.items()))
    return urlencode({**said, "signature": [digest(SECRET, text.encode()).hex()]}, doseq=True)


def read(query: str, at: float = AT) -> Visit | None:
    """The visit that is proved; None for none, which is always said in the same words."""
    environ = EnvironBuilder("/proxy/rewards").get_environ()
    environ["QUERY_STRING"] = query
    try:
        return proxy.prove(Request(environ), SETTINGS, at)
    except Unauthorized as refused:
        assert refused.message == "This address is not signed by Shopify, or too old"
        return None


def test_a_visit_is_read_to_the_letter() -> None:
    assert read(signed()) == Visit(SHOP, 5, "/apps/suki")
    assert read(signed(locale="fil", logged_in_customer_id="")) == Visit(SHOP, None, "/apps/suki", "fil")


@pytest.mark.parametrize("name", sorted(proxy.RESERVED))
def test_what_shopify_says_twice_is_refused_though_its_signature_fits(name: str) -> None:
    [value] = OURS[name]
    assert read(signed(**{name: [value, value]})) is None
    assert read(signed(**{name: [value, ""]})) is None
    assert read(signed(**{name: []})) is None
    assert set(proxy.RESERVED) == OURS.keys()


def test_a_second_signature_is_refused() -> None:
    query = signed()
    assert read(f"{query}&signature={query.rpartition('=')[2]}") is None


@pytest.mark.parametrize(("apart", "passes"), [(0, True), (90, True), (90.5, False), (91, False), (600, False)])
def test_a_visit_lives_for_ninety_seconds_in_both_directions(apart: float, passes: bool) -> None:
    assert (read(signed(), AT + apart) is not None) == passes
    assert (read(signed(), AT - apart) is not None) == passes


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "+1790000000", "1790000000.0", "١", "²", "0001790000000"])
def test_a_time_that_is_no_number_of_seconds_is_refused(timestamp: str) -> None:
    assert read(signed(timestamp=timestamp)) is None


def test_a_time_of_eleven_digits_is_the_longest() -> None:
    assert read(signed(timestamp="0" + str(AT))) is not None
    assert read(signed(timestamp="00" + str(AT))) is None


def test_a_query_is_as_long_as_it_may_be_and_no_longer() -> None:
    room = 4096 - len(signed(q=""))
    assert read(signed(q="x" * room)) is not None
    assert read(signed(q="x" * (room + 1))) is None


def test_a_hundred_parameters_pass_and_one_more_does_not() -> None:
    few = {f"p{number}": "1" for number in range(100 - len(OURS) - 1)}
    assert read(signed(**few)) is not None
    assert read(signed(**few, more="1")) is None


@pytest.mark.parametrize(
    ("customer", "read_as"), [("5", 5), ("9" * 18, int("9" * 18)), ("0", None), ("9" * 19, None), ("5a", None), ("²",
    None)]
)  # fmt: skip
def test_a_customer_is_a_number_above_nothing(customer: str, read_as: int | None) -> None:
    found = read(signed(logged_in_customer_id=customer))
    assert (found and found.customer_id) == read_as


@pytest.mark.parametrize("shop", ["evil.example.com", "Demo.myshopify.com", "demo.myshopify.com.evil.com", ""])
def test_a_strange_shop_is_refused(shop: str) -> None:
    assert read(signed(shop=shop)) is None


@pytest.mark.parametrize(
    ("prefix", "passes"),
    [("/apps/suki", True), ("/a/s", True), ("/community/x_y-Z9", True), ("/tools/" + "x" * 30, True), ("/apps/", False)]
    + [("/tools/" + "x" * 31, False), ("/admin/suki", False), ("/apps/suki/", False), ("//apps/suki", False)],
)
def test_the_app_stands_where_shopify_lets_apps_stand(prefix: str, passes: bool) -> None:
    assert (read(signed(path_prefix=prefix)) is not None) == passes


@pytest.mark.parametrize(
    ("locale", "read_as"), [("x" * 20, "x" * 20), ("x" * 21, "x" * 20), ("fil", "fil"), ("filé", ""), ("", "")]
)
def test_a_locale_is_short_and_plain(locale: str, read_as: str) -> None:
    found = read(signed(locale=locale))
    assert found is not None
    assert found.locale == read_as


@pytest.mark.parametrize(
    "change", [str.upper, lambda one: one[:-1], lambda one: one[:-1] + "g", lambda one: "é" + one[1:]]
)
def test_a_signature_is_64_small_hexadecimal_digits(change: object) -> None:
    query, _, signature = signed().rpartition("=")
    assert read(f"{query}={change(signature)}") is None  # type: ignore[operator]
    assert read(f"{query}={signature}") is not None


def test_during_a_rotation_both_secrets_sign() -> None:
    class Rotating:
        api_secrets = ("newest", SECRET)

    environ = EnvironBuilder("/proxy/rewards").get_environ()
    environ["QUERY_STRING"] = signed()
    assert proxy.prove(Request(environ), Rotating(), AT).domain == SHOP  # type: ignore[arg-type]


def keys(*encryption_keys: str) -> Settings:
    return Settings.model_construct(encryption_keys=SecretStr(",".join(encryption_keys)))


def test_a_forms_key_is_known_to_its_shop_and_customer_alone() -> None:
    ours, visit = keys(NEW_KEY), Visit(SHOP, 5, "/apps/suki")
    key = proxy.new_key(ours, visit)
    assert (len(key), key.isalnum(), key != proxy.new_key(ours, visit)) == (48, True, True)
    assert proxy.known_key(ours, visit, key)
    assert proxy.known_key(ours, Visit(SHOP, 5, "/a/other", "fil"), key)
    for other in (
        Visit(SHOP, 6, "/apps/suki"),
        Visit(SHOP, None, "/apps/suki"),
        Visit("x.myshopify.com", 5, "/apps/suki"),
    ):
        assert not proxy.known_key(ours, other, key)
    for wrong in ("", key[:-1], key + "0", ("1" if key[0] == "0" else "0") + key[1:], "é" * 48):
        assert not proxy.known_key(ours, visit, wrong)


def test_a_forms_key_outlives_a_new_encryption_key_and_not_the_loss_of_its_own() -> None:
    visit = Visit(SHOP, 5, "/apps/suki")
    key = proxy.new_key(keys(OLD_KEY), visit)
    assert proxy.known_key(keys(NEW_KEY, OLD_KEY), visit, key)
    assert not proxy.known_key(keys(NEW_KEY), visit, key)
    assert not proxy.known_key(keys(OLD_KEY), visit, proxy.new_key(keys(NEW_KEY, OLD_KEY), visit))


def test_a_forms_key_is_made_for_forms_alone() -> None:
    """Keys of another purpose, and marks of another kind, are none."""
    ours, visit = keys(NEW_KEY), Visit(SHOP, 5, "/apps/suki")
    nonce = "0123456789abcdef"
    own = ours.own_keys("shopper forms")[0]
    by_hand = digest_of(own, f"form|{SHOP}|5|{nonce}")
    assert proxy.known_key(ours, visit, nonce + by_hand)
    assert not proxy.known_key(ours, visit, nonce + digest_of(ours.own_keys("access log")[0], f"form|{SHOP}|5|{nonce}"))


def digest_of(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def test_nothing_in_an_answer_is_liquid() -> None:
    answer = proxy.liquid("{% a %}{{ b }}{ % {{% {{{ %}", 404)
    assert answer.get_data(as_text=True) == "&#123;% a %}&#123;&#123; b }}{ % &#123;&#123;% &#123;&#123;{ %}"
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/liquid")
    assert answer.headers["Cache-Control"] == "no-store"
    assert proxy.liquid("").status_code == 200
