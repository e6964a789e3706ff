"""A text that Shopify signed for one visit is never read as another's, however it is cut."""

from __future__ import annotations

from itertools import combinations
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st
from pydantic import SecretStr
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from plugin.errors import Unauthorized
from plugin.settings import Settings
from plugin.web.shopper import proxy
from plugin.web.shopper.proxy import Visit
from tests.conformance.cross_protocol import messages
from tests.conformance.cross_protocol.messages import Minted
from tests.reached import reach, reaches

SECRET = "shpss_0123456789abcdef0123456789abcdef"
SETTINGS = Settings.model_construct(shopify_api_secret=SecretStr(SECRET), shopify_api_secret_old=None)
EVIL, VICTIM, AT = "evil.myshopify.com", "victim.myshopify.com", 1_790_000_000
NAMED = (*(f"{name}=" for name in proxy.RESERVED), "z=", "u=")
FORGED = ("logged_in_customer_id=777", "path_prefix=/apps/suki", f"shop={VICTIM}", f"timestamp={AT + 50}")


def read(query: str | bytes, at: int = AT) -> Visit | None:
    """The visit that is proved; None for none."""
    environ = EnvironBuilder("/proxy/rewards").get_environ()
    environ["QUERY_STRING"] = query.decode("latin-1") if isinstance(query, bytes) else query
    try:
        return proxy.prove(Request(environ), SETTINGS, at)
    except Unauthorized:
        return None


def visit(shop: str = EVIL, customer: str = "5", **chosen: str | list[str]) -> Minted:
    return messages.app_proxy(SECRET, shop, customer, AT, **chosen)


def as_query(pieces: list[str], signature: str) -> str:
    """The pieces of a text as parameters, with its signature."""
    return urlencode([piece.partition("=")[::2] for piece in pieces] + [("signature", signature)])


def cuts(text: str, further: list[int]) -> list[list[str]]:
    """The text cut wherever a reserved name begins or not, and at further places: each way that sorts as it stands."""
    starts = {at for at in range(len(text)) if text.startswith(NAMED, at)}
    places = sorted((starts | set(further)) - {0})[:10]
    ways = []
    for count in range(len(places) + 1):
        for chosen in combinations(places, count):
            edges = [0, *chosen, len(text)]
            pieces = [text[start:end] for start, end in zip(edges, edges[1:], strict=False)]
            names = [piece.partition("=")[0] for piece in pieces]
            if all("=" in piece for piece in pieces) and pieces == sorted(pieces) and len(set(names)) == len(names):
                ways.append(pieces)
    return ways


NAMES = st.one_of(
    st.sampled_from(["utm_source", "utm_campaign", "locale", "q", "m", "r", "z", "a", "before", "points", "lo", "s"]),
    st.text(st.characters(codec="utf-8", exclude_characters="&=\x00"), min_size=1, max_size=12),
)
PARTS = st.sampled_from([*FORGED, "logged_in_customer_id", "shop", "=", "77", "m=", "z=", "%", "+", ";", "x", ","])
ANYTHING = st.text(st.characters(exclude_characters="&\x00", codec="utf-8"), max_size=6)
CHOSEN = st.one_of(
    st.lists(st.one_of(PARTS, ANYTHING), max_size=6),
    st.tuples(st.sampled_from(["", "5"]), st.lists(st.sampled_from(FORGED), min_size=3, unique=True).map(sorted),
              st.sampled_from(["", "z=", "u="])).map(lambda parts: [parts[0], *parts[1], parts[2]]),
).map("".join)  # fmt: skip
HONEST = st.text(st.characters(codec="utf-8", exclude_characters="&=\x00"), max_size=20)


@given(chosen=st.dictionaries(NAMES, HONEST, max_size=5), customer=st.sampled_from(["", "5", "8831127748839"]))
def test_an_honest_visit_passes_with_whatever_its_address_carries(chosen: dict[str, str], customer: str) -> None:
    chosen = {name: value for name, value in chosen.items() if name not in (*proxy.RESERVED, "signature")}
    chosen = {name: value for name, value in chosen.items() if not name.endswith(proxy.RESERVED)}
    found = read(visit(EVIL, customer, **chosen).query)
    assert found is not None
    assert (found.domain, found.customer_id) == (EVIL, int(customer) if customer else None)
    assert found.path_prefix == "/apps/suki"


def test_the_example_of_shopifys_own_page_passes() -> None:
    """Several values of one name, an address in another one, spaces and signs."""
    made = visit(extra=["1", "2"], utm_source="news letter", utm_campaign="50%+off;a=b", ref="https://x.example/?y")
    assert read(made.query) == Visit(EVIL, 5, "/apps/suki", "")


@reaches(cut_anew=0.4, found=0.03)
@tries(max_examples=100)
@given(chosen=st.dictionaries(NAMES, CHOSEN, min_size=1, max_size=4), customer=st.sampled_from(["", "5", "57"]),
       further=st.lists(st.integers(1, 200), max_size=4))  # fmt: skip
def test_no_cut_of_a_storefronts_text_is_another_shop_customer_or_time(
    chosen: dict[str, str], customer: str, further: list[int]
) -> None:
    chosen = {name: value for name, value in chosen.items() if name not in (*proxy.RESERVED, "signature")}
    made = visit(EVIL, customer, **chosen)
    text = made.signed.decode()
    for pieces in cuts(text, further):
        query = as_query(pieces, made.digest.hex())
        found = read(query)
        if len(pieces) > 4:
            reach("cut_anew")
        if found is not None:
            reach("found")
            assert (found.domain, found.customer_id) == (EVIL, int(customer) if customer else None)
        assert read(query, AT + proxy.OLDEST_SECONDS + 1) is None


@reaches(cut=0.5)
@tries(max_examples=60)
@given(
    state=CHOSEN, before=st.sampled_from(["a", "k", "m", "s", "z"]), further=st.lists(st.integers(1, 200), max_size=3)
)
def test_no_cut_of_a_launch_address_or_an_oauth_callback_is_a_visit(
    state: str, before: str, further: list[int]
) -> None:
    launch, callback = messages.launch(SECRET, EVIL, **{before: state}), messages.oauth_callback(SECRET, EVIL, state)
    for made in (launch, callback):
        for pieces in cuts(made.signed.decode(), further):
            if len(pieces) > 1:
                reach("cut")
            assert read(as_query(pieces, made.digest.hex())) is None


def test_a_visit_whose_text_could_be_a_joined_one_is_refused() -> None:
    assert read(visit(q="this or that").query) is not None
    assert read(visit(q="this&that").query) is None


def test_the_two_cuts_that_were_found_are_refused_though_their_signature_fits() -> None:
    """An OAuth `state`, and a plain address of a storefront with the four names in one value."""
    forged = "".join(FORGED)
    callback = messages.oauth_callback(SECRET, EVIL, f"{forged}z=")
    plain = visit(a=f"{forged}z=", customer="5")
    for text, made in ((callback.signed.decode(), callback), (plain.signed.decode(), plain)):
        start = text.index(FORGED[0])
        ends = [text.index(part, start) for part in FORGED] + [text.index("z=", start)]
        edges = [0, *ends, len(text)]
        pieces = [text[one:two] for one, two in zip(edges, edges[1:], strict=False)]
        fields = {piece.partition("=")[0]: [piece.partition("=")[2]] for piece in pieces}
        assert messages.digest(SECRET, proxy.signed_text(fields).encode()) == made.digest
        assert fields["shop"] == [VICTIM]
        assert read(as_query(pieces, made.digest.hex()), AT + 50) is None


@pytest.mark.parametrize("made", [
    messages.admin_token(SECRET, EVIL), messages.account_token(SECRET, EVIL), messages.flow_action(SECRET, EVIL),
    messages.webhook(SECRET, EVIL, "orders/create", {"id": 1, "note": f"\"}}{''.join(FORGED)}z="}),
], ids=lambda made: made.kind)  # fmt: skip
def test_a_token_and_a_body_are_no_visit(made: Minted) -> None:
    text = made.signed.decode()
    for query in (as_query([text], made.digest.hex()), *(as_query(way, made.digest.hex()) for way in cuts(text, []))):
        assert read(query, AT + 50) is None


@pytest.mark.parametrize("missing", [*proxy.RESERVED, "signature"])
def test_each_of_shopifys_own_parameters_must_be_there_once(missing: str) -> None:
    made = visit()
    pairs = [pair for pair in made.query.split("&") if not pair.startswith(f"{missing}=")]
    assert read(made.query) is not None
    assert read("&".join(pairs)) is None
    assert read(f"{made.query}&{missing}=") is None
    assert read(f"{made.query}&{quote(missing)[:-1]}%{ord(missing[-1]):02x}=1") is None


@pytest.mark.parametrize(("name", "value"), [
    ("customer", "0"), ("customer", "777,5"), ("customer", "٧"), ("customer", "-5"), ("customer", "5 "),
    ("customer", "9" * 19), ("shop", "Evil.myshopify.com"), ("shop", "evil.myshopify.com."), ("shop", ""),
    ("shop", "evil.example.com"), ("shop", "a.evil.myshopify.com"), ("shop", f"{EVIL},{VICTIM}"),
])  # fmt: skip
def test_a_signed_value_that_shopify_would_not_write_is_refused(name: str, value: str) -> None:
    assert read(visit(**{name: value}).query) is None


@pytest.mark.parametrize(("prefix", "passes"), [
    ("/apps/suki", True), ("/a/su_ki-2", True), ("/community/x", True), ("/tools/" + "x" * 30, True),
    ("/tools/" + "x" * 31, False), ("/apps/", False), ("/apps/suki/", False), ("/apps/suki/x", False),
    ("/shop/suki", False), ("//evil.example/apps/suki", False), ("https://evil.example", False), ("", False),
    ("/apps/sukí", False), ("/Apps/suki", False), ("/apps/suki\n", False),
])  # fmt: skip
def test_the_place_on_the_storefront_has_the_form_that_shopify_allows(prefix: str, passes: bool) -> None:
    said = {"shop": [EVIL], "logged_in_customer_id": ["5"], "path_prefix": [prefix], "timestamp": [str(AT)]}
    made = messages.digest(SECRET, messages.proxy_text(said).encode())
    assert (read(urlencode({**said, "signature": made.hex()}, doseq=True)) is not None) is passes


@pytest.mark.parametrize("moment", [str(AT - 91), str(AT + 91), "", "soon", f"{AT}.0", f"+{AT}", f" {AT}", "١٧٩"])
def test_only_a_fresh_moment_in_plain_digits_counts(moment: str) -> None:
    said = {"shop": [EVIL], "logged_in_customer_id": ["5"], "path_prefix": ["/apps/suki"], "timestamp": [moment]}
    made = messages.digest(SECRET, messages.proxy_text(said).encode())
    assert read(urlencode({**said, "signature": made.hex()}, doseq=True)) is None


@pytest.mark.parametrize("change", [str.upper, lambda text: text[:-1], lambda text: text + "0", lambda _: "é" * 64,
                                    lambda text: f" {text}"])  # fmt: skip
def test_the_signature_is_read_as_shopify_writes_it_and_no_other_way(change: object) -> None:
    made = visit()
    right = made.digest.hex()
    assert read(made.query.replace(right, quote(change(right)))) is None  # type: ignore[operator]


def test_bytes_that_are_no_text_are_signed_as_they_came() -> None:
    said = f"logged_in_customer_id=5path_prefix=/apps/sukishop={EVIL}timestamp={AT}utm_source=".encode() + b"caf\xe9"
    rest = urlencode({"shop": EVIL, "logged_in_customer_id": "5", "path_prefix": "/apps/suki", "timestamp": AT,
                      "signature": messages.digest(SECRET, said).hex()})  # fmt: skip
    assert read(f"utm_source=caf%E9&{rest}") is not None
    assert read(b"utm_source=caf\xe9&" + rest.encode()) is None


def test_a_query_that_no_visit_has_is_refused_before_it_is_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    made = visit(**{f"p{number}": "" for number in range(proxy.MOST_PARAMETERS - 5)})
    assert read(made.query) is not None
    monkeypatch.setattr(proxy, "signed_text", lambda _: pytest.fail("was sorted"))
    assert read(visit(**{f"p{number}": "" for number in range(proxy.MOST_PARAMETERS)}).query) is None
    assert read(visit(q="x" * proxy.LONGEST_QUERY).query) is None
