"""Which rules hold for an order and for each of its lines, and what the lines earn by them.

What only the shop knows (tags, collections, reduced prices, the buyer's tags) is judged once and kept in the
order's snapshot. All else follows from the order itself and from the version it is judged by, so the order in
which deliveries arrive changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from zoneinfo import ZoneInfo

from plugin.rules.money import minor_digits
from plugin.rules.orders.basis import SHIPPING_LINE, Amount, Eligible, whole_minor
from plugin.rules.orders.earning_rules import Channel, OrderEarning, OrderRule, Stacking, fraction, points_per_minor
from plugin.rules.orders.stacking import times_of
from plugin.rules.programme import Programme
from plugin.rules.types import Known, Line, OrderView, ProductFacts, Reason

_CHANNELS: Mapping[str, Channel] = {
    "web": "online", "mobile_app": "online", "iphone": "online", "android": "online", "pos": "pos",
    "shopify_draft_order": "draft",
}  # fmt: skip
SUBSCRIPTION_SOURCE = "subscription_contract"


def channel(source: str) -> Channel:
    """The channel of an order by its `source_name`; whatever is not Shopify's own came by the API."""
    return "online" if source.startswith(SUBSCRIPTION_SOURCE) else _CHANNELS.get(source, "api")


def excluded(line: Line, orders: OrderEarning, known: Known) -> str:
    """Why the line is out by the order rules, as a code; empty when it is not."""
    if line.product_id is None and not orders.custom_items:
        return "custom"
    return "sale" if not orders.sale_items and _reduced(line, known) else ""


def _reduced(line: Line, known: Known) -> bool:
    return line.variant_id is not None and known.on_sale.get(line.variant_id, False)


def matched(
    view: OrderView,
    orders: OrderEarning,
    facts: Mapping[int, ProductFacts],
    known: Known,
    kept: Mapping[int, tuple[str, ...]],
) -> dict[int, tuple[str, ...]]:
    """The keys of the rules that are about each line; a line judged before (`kept`) keeps them."""
    return {line.id: kept[line.id] if line.id in kept else _about(line, orders, facts, known) for line in view.lines}


def _about(line: Line, orders: OrderEarning, facts: Mapping[int, ProductFacts], known: Known) -> tuple[str, ...]:
    product = facts.get(line.product_id or 0, ProductFacts())
    return tuple(rule.key for rule in orders.live if _picks(rule, line, product, known))


def _picks(rule: OrderRule, line: Line, product: ProductFacts, known: Known) -> bool:
    if rule.products and line.product_id not in rule.products:
        return False
    if rule.collections and not rule.collections & product.collections:
        return False
    if rule.vendors and line.vendor.casefold() not in _folded(rule.vendors):
        return False
    if rule.tags and not _folded(rule.tags) & _folded(product.tags):
        return False
    return rule.sale == "any" or (rule.sale == "only") == _reduced(line, known)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def welcomes(orders: OrderEarning, customer_tags: Iterable[str]) -> tuple[str, ...]:
    """The keys of the rules about customer tags that hold for a buyer with these."""
    have = _folded(customer_tags)
    return tuple(rule.key for rule in orders.live if rule.customer_tags and _folded(rule.customer_tags) & have)


def fails(
    rule: OrderRule, view: OrderView, bought_minor: Amount, tier: str, welcome: Sequence[str], zone: ZoneInfo
) -> str:
    """Which condition on the whole order the rule fails by, as a code; empty when it holds."""
    at = view.placed_at
    if (rule.starts_at and at < rule.starts_at) or (rule.ends_at and at >= rule.ends_at):
        return "period"
    if rule.weekdays and at.astimezone(zone).weekday() not in rule.weekdays:
        return "weekday"
    if not _came_by(rule, view.source):
        return "channel"
    if rule.minimum_order and bought_minor < fraction(rule.minimum_order) * 10 ** minor_digits(view.currency):
        return "minimum"
    if rule.subscription != "any" and (rule.subscription == "only") != bool(view.subscription):
        return "subscription"
    if rule.tiers and tier not in rule.tiers:
        return "tier"
    return "customer_tag" if rule.customer_tags and rule.key not in welcome else ""


def _came_by(rule: OrderRule, source: str) -> bool:
    anywhere = not (rule.channels or rule.sources)
    return anywhere or source in rule.sources or channel(source) in rule.channels


@dataclass(frozen=True, slots=True)
class Earned:
    """What lines come to before tier and rounding, the extra points, and why, line by line."""

    lines: Amount
    extra: int
    reasons: tuple[Reason, ...]
    base: Reason | None = None  # what earns at the programme's own rate: said where anything else is said too


@dataclass(slots=True)
class _Sum:
    """Points as they add up. Amounts with the same rate and multiplier are added before they are multiplied.

    `silent` are the lines that a rule lets earn nothing at all, extra points included."""

    minor: dict[tuple[Fraction, Fraction], Amount] = field(default_factory=dict)
    at_base: Amount = 0
    extra: int = 0
    silent: set[int] = field(default_factory=set)
    reasons: list[Reason] = field(default_factory=list)

    def add(self, amount: Amount, rate: Fraction, times: Fraction) -> None:
        self.minor[rate, times] = self.minor.get((rate, times), 0) + amount

    def total(self) -> Amount:
        return sum((amount * (rate * times) for (rate, times), amount in self.minor.items()), Fraction(0))


def earned(
    view: OrderView,
    programme: Programme,
    rows: Sequence[Eligible],
    about: Mapping[int, Sequence[str]],
    welcome: Sequence[str],
    tier: str,
    zone: str,
) -> Earned:
    """What the rows earn under every rule that holds, with what is kept of them now."""
    orders, bought = programme.orders, sum(row.original_minor for row in rows)
    local = ZoneInfo(zone)
    holding = [rule for rule in orders.live if not fails(rule, view, bought, tier, welcome, local)]
    base, reasons = _base_rate(view, programme, tier)
    found = _Sum(reasons=reasons)
    for row in rows:
        if not row.excluded_because:
            here = _here(row, holding, about)
            _add_line(found, view, row, here, base, orders.stacking)
    left = [row for row in rows if not row.excluded_because and row.line_id not in found.silent]
    _add_extras(found, view, orders, holding, about, left)
    return Earned(found.total(), found.extra, tuple(found.reasons), _said_of(base, found, view, programme))


def _here(row: Eligible, holding: Sequence[OrderRule], about: Mapping[int, Sequence[str]]) -> list[OrderRule]:
    """The rules for one line. Shipping is no line of goods: rules that pick lines leave it alone."""
    if row.line_id == SHIPPING_LINE:
        return [rule for rule in holding if not rule.picks_lines]
    keys = about.get(row.line_id, ())
    return [rule for rule in holding if rule.key in keys]


@dataclass(frozen=True, slots=True)
class _Base:
    rate: Fraction
    presented: bool = False
    usual: bool = False


def _said_of(base: _Base, found: _Sum, view: OrderView, programme: Programme) -> Reason | None:
    """What the programme's own rate is used for, if it is for anything."""
    if not base.usual or not found.at_base or not base.rate:
        return None
    rate = _rate(programme.earning.points, str(programme.earning.per_amount), view.currency)
    return Reason("base_rate", {**rate, "amount_minor": whole_minor(found.at_base)})


def _base_rate(view: OrderView, programme: Programme, tier: str) -> tuple[_Base, list[Reason]]:
    """The tier's own rate, else the currency's, else the programme's."""
    own = next((rate for rate in programme.orders.tier_rates if rate.tier == tier), None) if tier else None
    if own:
        named = programme.tiers.named(tier)
        values = {"tier": named.name if named else tier, **_rate(own.points, str(own.per_amount), view.currency)}
        return _Base(points_per_minor(own.points, own.per_amount, view.currency)), [Reason("tier_rate", values)]
    paid_in = view.presented_currency or view.currency
    rate = next((rate for rate in programme.orders.rates if rate.currency == paid_in), None)
    if rate and (view.presented_minor is not None or paid_in == view.currency):
        shown = Reason("currency_rate", _rate(rate.points, str(rate.per_amount), paid_in))
        presented = paid_in != view.currency
        return _Base(points_per_minor(rate.points, rate.per_amount, paid_in), presented), [shown]
    return _Base(programme.earning.points_per_minor(view.currency), usual=True), []


def _rate(points: int, per_amount: str, currency: str) -> dict[str, object]:
    return {"rate_points": points, "rate_amount": per_amount, "currency": currency}


def _add_line(
    found: _Sum, view: OrderView, row: Eligible, rules: Sequence[OrderRule], base: _Base, stacking: Stacking
) -> None:
    own = [rule for rule in rules if rule.effect == "rate"]
    times, by = times_of([rule for rule in rules if rule.effect == "multiplier"], stacking)
    named = {"title": row.title, "line": row.line_id}
    if not times:
        found.silent.add(row.line_id)
        found.reasons.append(Reason("line_nothing", {**named, "rules": ", ".join(rule.name for rule in by)}))
        return
    if own:
        best = max(own, key=lambda rule: (_own_rate(rule, view), rule.key))
        found.add(row.kept_minor, _own_rate(best, view), times)
        values = {**named, "rule": best.name, **_rate(best.points, str(best.per_amount), view.currency)}
        found.reasons.append(Reason("line_rate", values))
    else:
        found.add(_presented(view, row) if base.presented else row.kept_minor, base.rate, times)
        found.at_base += row.kept_minor
    if by:
        values = {**named, "rules": ", ".join(rule.name for rule in by), "multiplier": _plain(times)}
        found.reasons.append(Reason("line_times", values))


def _own_rate(rule: OrderRule, view: OrderView) -> Fraction:
    return points_per_minor(rule.points, rule.per_amount, view.currency)


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.4f}".rstrip("0").rstrip(".")


def _presented(view: OrderView, row: Eligible) -> Amount:
    """What is kept of the row in the buyer's currency: its own amount there, or the order's rate where it has none."""
    shown = view.presented_minor or {}
    nets = {line.id: max(0, line.price_minor * _units(line) - line.discount_minor) for line in view.lines}
    nets[SHIPPING_LINE] = view.shipping_minor
    net, seen = nets[row.line_id], shown.get(row.line_id, 0)
    if not net:
        net, seen = sum(nets[key] for key in shown if key in nets), sum(shown.values())
    return row.kept_minor * Fraction(seen, net) if net else 0


def _units(line: Line) -> int:
    return max(line.quantity, line.current_quantity)


def _add_extras(
    found: _Sum,
    view: OrderView,
    orders: OrderEarning,
    holding: Sequence[OrderRule],
    about: Mapping[int, Sequence[str]],
    rows: Sequence[Eligible],
) -> None:
    """Extra points: by item for what is kept of each line, by order while anything that they are for is kept."""
    units = _kept_units(view, rows)
    if orders.per_item and sum(units.values()):
        _extra(found, "", orders.per_item, sum(units.values()))
    if orders.per_order and sum(units.values()):
        _extra(found, "", orders.per_order)
    for rule in holding:
        mine = sum(count for key, count in units.items() if rule.key in about.get(key, ()))
        if mine and rule.effect == "per_item":
            _extra(found, rule.name, rule.points, mine)
        elif mine and rule.effect == "per_order":
            _extra(found, rule.name, rule.points)


def _extra(found: _Sum, rule: str, points: int, items: int = 0) -> None:
    gained = points * (items or 1)
    found.extra += gained
    values: dict[str, object] = {"points": gained}
    if rule:
        values["rule"] = rule
    if items:
        values |= {"items": items, "each": points}
    code = "extra_items" if items else "extra_order"
    found.reasons.append(Reason(code if rule else f"base_{code}", values))


def _kept_units(view: OrderView, rows: Sequence[Eligible]) -> dict[int, int]:
    """Units of each line that the buyer keeps; none of a line that was paid for and whose money went back."""
    back: dict[int, int] = {}
    for refund in view.refunds:
        for line in refund.lines:
            back[line.line_id] = back.get(line.line_id, 0) + line.quantity
    gone = {row.line_id for row in rows if row.original_minor and not row.kept_minor}
    counted = {row.line_id for row in rows} - gone
    return {
        line.id: max(0, min(line.current_quantity, _units(line) - back.get(line.id, 0)))
        for line in view.lines
        if line.id in counted
    }
