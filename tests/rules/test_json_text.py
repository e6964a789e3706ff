"""Whatever the grammar of JSON allows is read, the same by both ways of reading, and can be kept."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.errors import BadPayload
from plugin.rules.payloads import json_text
from tests.reached import reach, reaches

LETTERS = st.text(st.characters() | st.sampled_from("\x00\ud83d\ude00\udfff\ud800"), max_size=6)
NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | LETTERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(LETTERS, inner, max_size=4),
    max_leaves=12,
)


def nested(depth: int) -> bytes:
    """An object that is `depth` levels deep, itself counted."""
    return b'{"a":' * depth + b"1" + b"}" * depth


@given(VALUES)
def test_every_value_is_read_with_texts_that_can_be_kept(value: Any) -> None:
    for written in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        read = json_text.read_any(written.encode("utf-8", "surrogatepass"))
        kept = orjson.dumps(read)
        assert b"\\u0000" not in kept
        assert json_text.read_any(kept) == read


@reaches(both=0.3)
@given(VALUES)
def test_both_ways_of_reading_say_the_same(value: Any) -> None:
    body = json.dumps(value).encode()
    try:
        quick = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    if b"\\u0000" not in body:
        reach("both")
        assert json_text._repaired(body) == quick


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (rb'{"note":"cut \ud83d"}', "cut \ufffd"),
        (rb'{"note":"\ude00 cut"}', "\ufffd cut"),
        (rb'{"note":"\ud83d\ud83d\ude00"}', "\ufffd\U0001f600"),
        (rb'{"note":"\uD83D\uDE00"}', "\U0001f600"),
        (rb'{"note":"a\u0000b"}', "a\ufffdb"),
        (rb'{"note":"\\u0000 \\ud83d"}', r"\u0000 \ud83d"),
        (rb'{"note":"\\\ud83d"}', "\\\ufffd"),
        (b'{"note":"\xed\xa0\xbd \xff"}', "\ufffd\ufffd\ufffd \ufffd"),
        (b'{"note":1e400}', "1e400"),
        (b'{"note":-1E400}', "-1E400"),
        (b'{"note":' + b"9" * 5000 + b"}", "9" * 5000),
        (b'{"note":18446744073709551616}', 2.0**64),
        (rb'{"note":[18446744073709551616,"\ud83d"]}', [2.0**64, "\ufffd"]),
        (rb'{"note":[18446744073709551615,-9223372036854775808,"\ud83d"]}', [2**64 - 1, -(2**63), "\ufffd"]),
        (b'{"note":1,"note":2}', 2),
        (rb'{"note":1,"x":"\ud83d","note":2}', 2),
    ],
)
def test_what_the_grammar_allows_is_read_as(body: bytes, value: object) -> None:
    assert json_text.read(body)["note"] == value


def test_a_key_is_repaired_and_never_becomes_another() -> None:
    assert json_text.read(rb'{"id\u0000":1,"\ud83d":2}') == {"id\ufffd": 1, "\ufffd": 2}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"{]", b"NaN", b'{"a":NaN}', b'{"a":-Infinity}', b'{"a":"\n"}', b'{"a":"\x00"}', b"{'a':1}"]
    + [rb'{"a":"\u12"}', rb'{"a":"\x"}', b'{"a":01}', b'{"a":1,}', b'\x00{"a":1}', '{"a":1}'.encode("utf-16")],
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(BadPayload, match="the body is not JSON"):
        json_text.read_any(body)


@pytest.mark.parametrize("body", [b"[]", b"1", b'"a"', b"null", rb'"\ud83d"'])
def test_what_is_no_object_is_refused_where_one_is_wanted(body: bytes) -> None:
    json_text.read_any(body)
    with pytest.raises(BadPayload, match="not a JSON object"):
        json_text.read(body)


@pytest.mark.parametrize("odd", [b"", rb',"x":"\ud83d"'])
def test_the_depth_has_one_end_by_both_ways_of_reading(odd: bytes) -> None:
    deepest = nested(json_text.DEEPEST)[:-1] + odd + b"}"
    assert json_text.read(deepest)["a"]["a"]
    assert orjson.dumps(json_text.read(deepest))
    for depth in (json_text.DEEPEST + 1, 254, 255, 1024, 1025, 200_000):
        with pytest.raises(BadPayload, match="nested deeper than 100"):
            json_text.read(nested(depth)[:-1] + odd + b"}")
        with pytest.raises(BadPayload, match="nested deeper than 100"):
            json_text.read_any(b"[" * depth + b"1" + odd[:0] + b"]" * depth)


BRACKETS = st.text('[]{}"\\,:a ', max_size=8)


@st.composite
def deep_bodies(draw: st.DrawFn) -> tuple[bytes, int]:
    """A body about as deep as may be, whose texts try to look like its brackets; and how deep it is."""
    depth = draw(st.integers(json_text.DEEPEST - 1, json_text.DEEPEST + 4))
    value: Any = draw(BRACKETS)
    for _ in range(depth):
        beside = draw(st.sampled_from(("", "", "]", "{}", '"]')))
        value = [beside, value] if draw(st.booleans()) else {beside: value}
    return json.dumps(value).encode(), depth


@reaches(too_deep=0.2)
@given(deep_bodies())
def test_no_text_makes_a_body_look_less_deep_than_it_is(made: tuple[bytes, int]) -> None:
    body, depth = made
    if depth > json_text.DEEPEST:
        reach("too_deep")
        assert not json_text.is_shallow(body)
        with pytest.raises(BadPayload, match="nested deeper than 100"):
            json_text.read_any(body)
    else:
        json_text.read_any(body)


@pytest.mark.parametrize("body", [b"1", b"{}", nested(50), b'{"a":[{"c":""}],"b":[[],{}]}'])
def test_the_brackets_of_a_common_body_say_that_it_is_shallow(body: bytes) -> None:
    assert json_text.is_shallow(body)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (rb'"ana\u0040example.com"', '"ana@example.com"'),
        (rb'"\nana@example.com\tx"', '"\nana@example.com\nx"'),
        (rb'"\\u0040"', r'"\u0040"'),
        (rb'"\ud83d\ude00"', '"\U0001f600"'),
        (rb'"\ud83d"', '"\ufffd"'),
        (rb"not json: ana\u0040example.com \u00", r"not json: ana@example.com u00"),
        (b"\xff plain", "\ufffd plain"),
    ],
)
def test_escaped_letters_are_found_as_they_read_in_json_or_not(body: bytes, said: str) -> None:
    assert json_text.letters(body) == said


def test_text_becomes_storable_and_stays_itself_where_it_is() -> None:
    assert json_text.storable("a\x00b\ud83dc") == "a\ufffdb\ufffdc"
    assert json_text.storable("Ana 😀") == "Ana 😀"
