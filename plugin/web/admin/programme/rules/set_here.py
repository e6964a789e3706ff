"""What is set in the folded parts of the rules, a line for each, so that nobody has to open one to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugin.rules.programme import Programme
from plugin.web.current import shop
from plugin.web.forms.rules import goal_rows
from plugin.web.words import counted, t

MONEY = ("tax", "shipping", "before_discounts")
PAID = ("gift_card", "store_credit", "test_orders")
FIELDS: Mapping[str, str] = {"gift_card": "paid_by_gift_card", "store_credit": "paid_by_store_credit"}
LEFT_OUT: Mapping[str, str] = {
    "excluded_products": "programme.says.products",
    "excluded_collections": "programme.says.collections",
    "excluded_tags": "programme.says.tags",
}


def lines(form: Mapping[str, str], programme: Programme) -> dict[str, str]:
    """Each folded part's line, by the part; what other pages hold is as the programme has it."""
    goals = len(goal_rows(form))
    return {
        "money": _switched(form, MONEY) or t("programme.says.money"),
        "paid": _switched(form, PAID) or t("programme.says.paid"),
        "left_out": _left_out(form) or t("programme.says.nothing_left_out"),
        "goals": counted("programme.says.goals", goals) if goals else t("frame.form.none"),
        "when": _when(form),
        "expiry": _expiry(programme),
        "code_terms": _code_terms(form),
        "combines": _combines(form),
    }


def _switched(form: Mapping[str, str], names: Sequence[str]) -> str:
    """Which of the switches are on, by their labels."""
    return "; ".join(t(f"programme.says.{name}") for name in names if form.get(f"basis.{FIELDS.get(name, name)}"))


def _left_out(form: Mapping[str, str]) -> str:
    found = [
        (key, len(form.get(f"basis.{name}", "").split("\n")))
        for name, key in LEFT_OUT.items()
        if form.get(f"basis.{name}", "").strip()
    ]
    return ", ".join(counted(key, count) for key, count in found)


def _when(form: Mapping[str, str]) -> str:
    """When points of an order come."""
    award = form.get("earning.award_on") or "paid"
    known = t(f"programme.rules.award_{award}") if award in ("paid", "fulfilled", "created") else award
    days = form.get("earning.pending_days", "0")
    if not days.isdecimal() or not int(days[:6]):
        return known
    return t("programme.says.pending", award=known, days=counted("programme.earn.days", int(days[:6])))


def _expiry(programme: Programme) -> str:
    expiry = programme.expiry
    if expiry.policy in ("after_earning", "inactivity"):
        unit = "programme.says.months" if expiry.unit == "months" else "programme.earn.days"
        return t(f"programme.says.{expiry.policy}", period=counted(unit, expiry.period))
    return t(f"programme.says.{expiry.policy}")


def _code_terms(form: Mapping[str, str]) -> str:
    least = form.get("next_order_code.minimum_spend", "")
    bound = form.get("next_order_code.bound_to_customer")
    return t(
        "programme.says.code_terms",
        least=f"{least} {shop().currency}" if least else t("frame.form.any_order"),
        who=t("programme.says.code_one" if bound else "programme.says.code_anyone"),
        prefix=form.get("next_order_code.prefix", ""),
    )


def _combines(form: Mapping[str, str]) -> str:
    found = [
        kind for kind in ("order", "product", "shipping") if form.get(f"next_order_code.combines_with_{kind}_discounts")
    ]
    return "; ".join(t(f"programme.says.combines.{kind}") for kind in found) or t("programme.says.combines.none")
