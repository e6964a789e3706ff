"""Every kind, state and choice of what earns points has its words."""

from __future__ import annotations

from plugin.rules.activities.activity_rules import KINDS as MODELS
from plugin.rules.orders.limits import PERIODS
from plugin.rules.tiers.tier_rules import PRESETS
from plugin.rules.words import catalogues
from plugin.web.admin.programme.earn import activities, automatic, order_rules
from plugin.web.forms.automatic import MODELS as TRIGGERS

WORDS = {
    "programme.activities.kind": activities.KINDS,
    "programme.activities.how": activities.KINDS,
    "programme.activities.first_name": tuple(kind for kind in activities.KINDS if kind != "custom"),
    "programme.activities.limits": ("day", "week", "month", "year"),
    "programme.automatic.trigger": automatic.TRIGGERS,
    "programme.earn.do": ("pause", "resume", "end"),
    "programme.order_rules.kinds": order_rules.EFFECTS,
    "programme.order_rules.new": ("rule", "campaign"),
    "programme.order_rules.period": PERIODS,
    "programme.order_rules.remove": ("rule", "campaign"),
    "programme.state": tuple(order_rules.STATES),
    "programme.tiers.template": tuple(PRESETS),
}


def test_every_choice_has_words() -> None:
    keys = [f"{begin}.{name}" for begin, names in WORDS.items() for name in names]
    assert [key for key in keys if not catalogues.knows(key)] == []


def test_the_pages_offer_every_kind_and_trigger() -> None:
    assert sorted(activities.KINDS) == sorted(model.model_fields["kind"].default for model in MODELS)
    assert tuple(TRIGGERS) == automatic.TRIGGERS
