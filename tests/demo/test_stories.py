"""A story looks at the programme before it begins, and only one is told at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from demo import programme, story_pages
from demo.programme import PROGRAMME
from demo.teller import Story, Teller
from plugin.rules.programme import Programme
from sandbox import clock
from sandbox.run import Running
from sandbox.state import Shop
from tests.sandbox.conftest import DOMAIN

BASE = PROGRAMME.model_dump(mode="json")


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [("welcome_points", 70, ["Welcome points: 50 → 70"]), ("points_name", "stars", []),
     ("rewards", [*BASE["rewards"], {**BASE["rewards"][0], "id": "r9", "name": "Another"}], []),
     ("rewards", BASE["rewards"][1:], ["Reward “Free shipping”: existing → removed"])],
)  # fmt: skip
def test_it_knows_what_was_changed(monkeypatch: pytest.MonkeyPatch, part: str, value: object, said: list[str]):
    live = Programme.model_validate({**BASE, part: value})
    monkeypatch.setattr(programme, "_in_force", lambda _: live)
    assert programme.changed("any", ("welcome_points", "rewards")) == said


@pytest.fixture
def movable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(clock.FILE, str(tmp_path / "clock.json"))


@pytest.fixture
def going_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A story that ends when it is told to."""
    done = threading.Event()

    def tell(teller: Teller) -> None:
        assert done.wait(10)

    monkeypatch.setitem(story_pages.BY_KEY, "tier", Story("tier", "A long one", "", tell))
    yield done
    done.set()


def pressed(local: Running, key: str) -> str:
    return requests.post(f"{local.url}/shops/{DOMAIN}/stories/{key}", timeout=5).text


def ended(local: Running, key: str) -> list[str]:
    for thread in threading.enumerate():
        if thread.name == f"story-{key}":
            thread.join(10)
    said = requests.get(f"{local.url}/shops/{DOMAIN}/stories/{key}.json", timeout=5).json()
    assert said["state"] != "telling"
    return list(said["lines"])


def test_a_story_whose_rules_were_changed_says_so_at_once(
    local: Running, shop: Shop, movable: None, monkeypatch: pytest.MonkeyPatch
):
    live = Programme.model_validate({**BASE, "welcome_points": 70, "earning": {"points": 3, "per_amount": 10}})
    monkeypatch.setattr(programme, "_in_force", lambda _: live)
    assert "told with the demo's own programme" in pressed(local, "refunded")
    assert ended(local, "refunded") == [
        "This did not go as it should: it needs the demo's own programme, of which this was changed: "
        "Earning, points: 1 → 3 (and 1 more)."
    ]
    assert not shop.customer


def test_a_second_story_waits_for_the_first(local: Running, shop: Shop, going_on: threading.Event):
    pressed(local, "tier")
    refused = pressed(local, "undone")
    assert "One story at a time: “A long one” is being told." in refused
    assert "The others can begin when it is done." in refused
    going_on.set()
    assert ended(local, "tier") == []
    assert not shop.customer
