"""What a shop set for a kind of email is read, whatever stands there; what can't be is refused at its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.errors import BadInput
from plugin.rules.emails import kind_settings
from plugin.rules.emails.figures import WAIT, Figure
from plugin.rules.emails.kind_settings import KindSettings, figure_words, figures_of
from plugin.rules.message_kinds import MessageKind
from plugin.rules.words.catalogues import pattern
from tests.reached import reach, reaches

KIND = MessageKind.WELCOME
ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Welcome mails wait half an hour, and have a number of days."""
    about = replace(KIND.about, waits=timedelta(minutes=30), figures=(Figure("days", 60, 7, 365),))
    monkeypatch.setattr(KIND, "about", about)
    kind_settings._model.cache_clear()


def stored(**chosen: object) -> dict[str, Any]:
    return {"emails": {"welcome": chosen}}


@pytest.mark.usefixtures("waiting")
def test_a_shop_that_set_nothing_has_the_usual() -> None:
    assert kind_settings.of({}, KIND) == KindSettings(True, {WAIT: 30, "days": 60})
    assert kind_settings.wait({}, KIND) == timedelta(minutes=30)
    assert kind_settings.wait({}, MessageKind.CLAIM) == timedelta()


@pytest.mark.usefixtures("waiting")
def test_what_was_saved_is_read_again() -> None:
    wanted = kind_settings.read(KIND, False, {WAIT: "0", "days": "7"})
    assert wanted == KindSettings(False, {WAIT: 0, "days": 7})
    settings = stored(**wanted.stored)
    assert kind_settings.of(settings, KIND) == wanted
    assert kind_settings.figure(settings, KIND, "days") == 7


def test_a_kind_says_itself_whether_it_goes_where_the_shop_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KIND, "about", replace(KIND.about, on=False))
    assert not kind_settings.switched_on({}, KIND)
    assert kind_settings.switched_on(stored(on=True), KIND)


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind.about.is_required])
def test_what_must_go_goes_whatever_stands_in_the_settings(kind: MessageKind) -> None:
    assert kind_settings.switched_on({"emails": {kind.value: {"on": False}}}, kind)
    with pytest.raises(BadInput) as wrong:
        kind_settings.read(kind, False, {})
    assert set(wrong.value.fields) == {"on"}


def test_links_that_were_asked_for_warnings_and_what_is_owed_must_go() -> None:
    required = {kind for kind in MessageKind if kind.about.is_required}
    owed = {MessageKind.SECOND_STEP, MessageKind.REFERRAL_CODE}
    warnings = {MessageKind.POINTS_EXPIRING, MessageKind.TIER_ENDING}
    assert required >= owed | warnings
    assert all(kind.about.always or kind.about.guards or kind.about.required for kind in required)


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("wrong", ["", "soon", "1.5", "-1", "10081", "9" * 400])
def test_what_is_no_such_number_is_refused_at_its_field(wrong: str) -> None:
    with pytest.raises(BadInput) as refused:
        kind_settings.read(KIND, True, {WAIT: wrong, "days": "30"})
    assert set(refused.value.fields) == {WAIT}


@reaches(chosen=0.05)
@given(st.recursive(ANYTHING, lambda inner: st.dictionaries(st.sampled_from(["emails", "claim", "on"]), inner)))
def test_whatever_stands_in_the_settings_is_read(settings: Any) -> None:
    whole = settings if isinstance(settings, dict) else {"emails": settings}
    read = kind_settings.of(whole, MessageKind.CLAIM)
    if whole.get("emails"):
        reach("chosen")
    assert isinstance(read.on, bool)


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_says_what_triggers_it_and_every_figure_has_a_name(kind: MessageKind) -> None:
    trigger = pattern("en", f"emails.trigger.{kind.value}", None)
    assert trigger[0].islower() and not trigger.endswith(".")
    for one in figures_of(kind):
        assert pattern("en", figure_words(kind, one.name), None)
        assert one.least <= one.usual <= one.most
