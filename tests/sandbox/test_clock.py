"""The sandbox's clock: the machine's own, until it is moved by a file that all processes read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from sandbox import clock
from sandbox.run import Running
from sandbox.state import Shop


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(clock.FILE, str(tmp_path / "clock.json"))
    monkeypatch.setattr(clock._Known, "read_at", float("-inf"))
    monkeypatch.setattr(clock._Known, "ahead", timedelta())
    return tmp_path


def test_it_is_moved_ahead_and_stays_moved(file: Path) -> None:
    clock.move(timedelta(days=2))
    clock.move(timedelta(days=1))
    assert clock.ahead() == timedelta(days=3)
    assert clock.now() - datetime.now(UTC) > timedelta(days=2, hours=23)
    with pytest.raises(ValueError, match="forward only"):
        clock.move(timedelta(seconds=-1))


def test_it_waits_for_the_worker_where_there_is_one(file: Path) -> None:
    assert clock.seen() is None
    clock.say_seen(timedelta(days=1))
    assert clock.seen() == timedelta(days=1)


def test_without_a_file_it_cannot_be_moved_and_says_so(local: Running, shop: Shop) -> None:
    answer = requests.post(f"{local.url}/clock.json", json={"days": 1}, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "The clock moves only in `make demo`.")
    assert "your machine's own clock" in requests.get(f"{local.url}/clock", timeout=5).text


@pytest.mark.parametrize("asked", [{"days": -1}, {"days": 0}, {"to": "2020-01-01"}, {"to": "x"}, {"days": 9999},
                                   {"minutes": -1}, {"minutes": 61}, {"minutes": [5]}])  # fmt: skip
def test_what_it_cannot_do_is_refused(file: Path, local: Running, shop: Shop, asked: dict[str, object]) -> None:
    assert requests.post(f"{local.url}/clock.json", json=asked, timeout=5).status_code == 400


def test_a_day_of_the_sandbox_passes_and_orders_carry_it(file: Path, local: Running, shop: Shop) -> None:
    assert requests.post(f"{local.url}/clock", data={"days": "1"}, timeout=5).status_code == 200
    while requests.get(f"{local.url}/clock.json", timeout=5).json()["left"]:
        pass
    assert requests.get(f"{local.url}/clock.json", timeout=5).json()["days"] == 1
    customer = local.box.enrol(shop, first_name="Ana", last_name="Reyes", email="ana@example.com", locale="en")
    made = datetime.fromisoformat(customer["created_at"])
    assert made - datetime.now(UTC) > timedelta(hours=23)


def test_minutes_pass_one_after_the_other(file: Path, local: Running, shop: Shop) -> None:
    assert "ten minutes ahead" in requests.get(f"{local.url}/clock", timeout=5).text
    assert requests.post(f"{local.url}/clock", data={"minutes": "10"}, timeout=5).status_code == 200
    while requests.get(f"{local.url}/clock.json", timeout=5).json()["left"]:
        pass
    assert clock.ahead() == timedelta(minutes=10)
    assert requests.get(f"{local.url}/clock.json", timeout=5).json()["days"] == 0
