"""No personal data and no token reaches a log line, by whatever door."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from plugin import observe

SECRETS = {
    "an e-mail address in a text": "could not write to ann.lee+shop@mail.example.com: timeout",
    "an offline token": "401 for shpat_0123456789abcdef0123456789abcdef",
    "a refresh token": "used shprt_0123456789abcdef",
    "an ID token": "GET /app?id_token=eyJhbGciOiJIUzI1NiJ9.eyJkZXN0IjoiaHR0cHMifQ.c2lnbmF0dXJl",
    "a database error that quotes a key": "Key (shop_id, email_key)=(1, ann@example.com) already exists.",
    "an address in front of a cut": "GET /proxy/ann.lee@",
    "an address of this machine": "from ann@localhost to nobody",
    "an address without a space": "to:<ann.lee@mail.example>;x",
    "a token behind a hyphen": "the token-eyJhbGciOiJIUzI1NiJ9.eyJkZXN0Ijo.c2ln was old",
    "two tokens in one word": "eyJa.b.eyJhbGciOiJIUzI1NiJ9.eyJkZXN0Ijo.c2ln",
    "a database error that quotes a row": "row violates x\nDETAIL:  Failing row contains (1, ann).\n[SQL: INSERT",
}


@pytest.fixture
def lines() -> Iterator[None]:
    """Logging as in production, for one test."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    observe.configure_logging("info")
    yield
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


def read(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize("key", sorted(observe.DENIED_KEYS))
def test_a_denied_key_is_emptied_whatever_it_holds(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    observe.get_logger().info("happened", **{key: "value-of-a-person"}, nested={"deep": [{key: "value-of-a-person"}]})
    [line] = read(capsys)
    assert line[key] == observe.REMOVED
    assert "value-of-a-person" not in json.dumps(line)


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS.keys())
def test_texts_are_masked(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    observe.get_logger().warning("failed", why=text, more=[text])
    [line] = read(capsys)
    for private in ("ann", "shpat_", "shprt_", "eyJ"):
        assert private not in json.dumps(line)
    assert observe.REMOVED in str(line["why"])


def test_a_path_is_cut_and_no_address_is_cut_in_half() -> None:
    for before in range(observe.LONGEST_PATH - 12, observe.LONGEST_PATH + 2):
        shown = observe.path_shown(f"/{'x' * before}/, ann.lee@example.com/{'y' * 5000}")
        assert len(shown) <= observe.LONGEST_PATH
        assert "ann" not in shown
    assert observe.path_shown("/proxy/rewards") == "/proxy/rewards"


@pytest.mark.usefixtures("lines")
def test_a_traceback_is_masked_too(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("no such person: ann@example.com")
    except ValueError:
        observe.get_logger().exception("broke")
    [line] = read(capsys)
    assert "ValueError" in str(line["exception"]) and "ann@example.com" not in str(line["exception"])


@pytest.mark.usefixtures("lines")
def test_what_libraries_log_goes_through_the_same_door(capsys: pytest.CaptureFixture[str]) -> None:
    observe.configure_logging("info")  # anew, now that pytest has put its own output in place
    logging.getLogger("some.package").error("cannot reach %s", "ann@example.com")
    [line] = read(capsys)
    assert line["event"] == f"cannot reach {observe.REMOVED}"
    assert line["level"] == "error" and line["logger"] == "some.package"


@pytest.mark.usefixtures("lines")
def test_a_line_says_when_how_grave_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    observe.get_logger().info("intake", arrived=3, shop="demo.myshopify.com")
    [line] = read(capsys)
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {"event": "intake", "level": "info", "arrived": 3, "shop": "demo.myshopify.com"}


def test_metrics_are_given_in_prometheus_own_format() -> None:
    observe.intake_outcomes.labels("stored").inc()
    body, kind = observe.metrics_body()
    assert b'suki_intake_total{outcome="stored"}' in body
    assert kind.startswith("text/plain")
