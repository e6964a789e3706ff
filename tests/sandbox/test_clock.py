"""The sandbox's clock: the machine's own, until it is moved by a file that all processes read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

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
                                   {"minutes": -1}, {"minutes": 1441}, {"due": "next"}, {"minutes": [5]}])  # fmt: skip
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


def arrived(local: Running) -> None:
    while requests.get(f"{local.url}/clock.json", timeout=5).json()["left"]:
        pass


def test_a_journey_of_days_stops_where_a_day_begins_and_where_the_worker_has_something_to_do(
    file: Path, local: Running, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = (clock.now() + timedelta(days=2)).replace(minute=30, second=0, microsecond=0)
    clock.say_seen(timedelta(), due)
    stops: list[datetime] = []

    def moved(by: timedelta) -> None:
        move(by)
        stops.append(clock.now())
        clock.say_seen(clock.ahead(), due)

    move = clock.move
    monkeypatch.setattr(clock, "move", moved)
    assert requests.post(f"{local.url}/clock.json", json={"days": 3}, timeout=5).status_code == 200
    arrived(local)
    zone = ZoneInfo(shop.settings["timezone"])
    assert clock.ahead() == timedelta(days=3)
    assert min(abs(one - due) for one in stops) < timedelta(seconds=30)
    nights = [one for one in stops if one.astimezone(zone).strftime("%H:%M") == "00:05"]
    assert len(nights) == 3
    assert len(stops) <= 3 * 2 + 2


def test_it_goes_to_what_is_due_next_and_offers_that_only_where_something_is(
    file: Path, local: Running, shop: Shop
) -> None:
    assert "what is due next" not in requests.get(f"{local.url}/clock", timeout=5).text
    clock.say_seen(timedelta(), clock.now() + timedelta(hours=5))
    assert "to what is due next" in requests.get(f"{local.url}/clock", timeout=5).text
    clock._seen_file().unlink()
    assert "Nothing is due." in requests.post(f"{local.url}/clock", data={"due": "next"}, timeout=5).text


def test_an_hour_passes_and_four_and_what_is_too_long_says_so(file: Path, local: Running, shop: Shop) -> None:
    for minutes in ("70", "240"):
        assert requests.post(f"{local.url}/clock", data={"minutes": minutes}, timeout=5).status_code == 200
        arrived(local)
    assert clock.ahead() == timedelta(minutes=310)
    assert "at most 1440 minutes" in requests.post(f"{local.url}/clock", data={"minutes": "1441"}, timeout=5).text
