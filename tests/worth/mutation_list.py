"""The list: which clause, in which file, which text, and what stands there instead."""

from __future__ import annotations

from dataclasses import dataclass

RULES, STILL = "plugin/rules/orders", "plugin/rules/worth"
REFUNDS, CHARGES, MONEY = "webhooks/refunds.py", "webhooks/charges.py", "webhooks/shop_money.py"
WORTH, KEPT, PAID, BACK = f"{STILL}/worth.py", f"{STILL}/kept.py", f"{STILL}/paid.py", f"{STILL}/money_back.py"
TENDERS, ALONE, BASIS = f"{STILL}/tenders.py", f"{STILL}/known_refunds.py", f"{RULES}/basis.py"
NEWS, NODE = "plugin/actions/orders/order_news.py", "plugin/rules/payloads/order_payload.py"
SHIPPING = f"{STILL}/kept_shipping.py"
NODE_REFUND = "plugin/rules/payloads/refund_payload.py"


@dataclass(frozen=True)
class Mutation:
    """One fault."""

    clause: str
    file: str
    text: str
    instead: str


MUTATIONS = tuple(Mutation(*one) for one in (
    # facts
    ("refunded shipping is in refund_shipping_lines", REFUNDS,
     "shipping=tuple(_shipped(row, digits) for row in shipping) if shipping else _older(for_shipping, digits),",
     "shipping=_older(for_shipping, digits),"),
    ("refunded shipping in the old form", REFUNDS,
     "shipping=tuple(_shipped(row, digits) for row in shipping) if shipping else _older(for_shipping, digits),",
     "shipping=tuple(_shipped(row, digits) for row in shipping),"),
    ("shipping that is told twice counts once", REFUNDS,
     "shipping=tuple(_shipped(row, digits) for row in shipping) if shipping else _older(for_shipping, digits),",
     "shipping=(*(_shipped(row, digits) for row in shipping), *_older(for_shipping, digits)),"),
    ("the kind is deprecated: shipping by its reason", REFUNDS,
     'if row.get("kind") == "shipping_refund" or reason_of(row.get("reason")) == SHIPPING:',
     'if row.get("kind") == "shipping_refund":'),
    ("the amount is deprecated: the set is read", MONEY,
     'value = thing(both.get("shop_money")).get("amount") if isinstance(both, dict) else None', "value = None"),
    ("an adjustment has a sign", BACK,
     "return named(view, refund, lines) - (refund.discrepancy_minor or 0) - refund.balancing_minor",
     "return named(view, refund, lines) + (refund.discrepancy_minor or 0) - refund.balancing_minor"),
    ("the tax of an adjustment is beside its amount", REFUNDS,
     'return total(adjustments, "amount", digits) + total(adjustments, "tax_amount", digits)',
     'return total(adjustments, "amount", digits)'),
    ("transactions are in the buyer's currency", BACK, "        if not abroad:\n", "        if moved:\n"),
    ("only success moved money", REFUNDS, 'if row.get("status") == "success":', 'if row.get("status") != "failure":'),
    ("a failed refund moved nothing", REFUNDS, 'if row.get("status") == "success":', 'if row.get("status"):'),
    ("money that is pending later succeeds", ALONE,
     "return not refund.pending, moved,", "return refund.pending, moved,"),
    ("a tip is a line with the key, even null", "webhooks/orders.py",
     'tip="tip_payment_gateway" in line or bool(line.get("tip")),',
     'tip=bool(line.get("tip_payment_gateway")),'),
    ("a tip never earns", BASIS, '        return "tip"\n', '        return ""\n'),
    ("with taxes included, shipping includes its tax", SHIPPING,
     "tax = 0 if view.taxes_included or one.removed else", "tax = 0 if one.removed else"),
    ("refunded duties have rows of their own", REFUNDS,
     'return max(0, duties or amount(payload, "total_duties", digits)) + max(0, fees)', "return max(0, fees)"),
    ("duties are on the order", CHARGES, "return max(first, now or 0), first if now is None else now", "return 0, 0"),
    ("the tax of a line that is refunded", KEPT,
     "gone = sum((tax_of(line, row) for row in rows), Fraction(tax * removed, units))",
     "gone = Fraction(tax * removed, units)"),
    ("current_quantity falls with refunds as with edits", KEPT,
     "return max(0, bought_units(line) - line.current_quantity - sum(row.quantity for row in rows))",
     "return max(0, bought_units(line) - line.current_quantity)"),
    ("removed shipping stays in the payload", CHARGES,
     'removed = bool(line.get("is_removed"))', "removed = False"),
    ("what removed shipping cost was owed", CHARGES,
     '"parcels": tuple(parcel for parcel in parcels if parcel.cost_minor or parcel.tax_minor),',
     '"parcels": tuple(here),'),
    ("the present price of shipping is after refunds", SHIPPING,
     "max(0, min(one.cost_minor - back[one.id].net, _at_present(one)))",
     "max(0, _at_present(one) - back[one.id].net)"),
    ("an edit that adds makes it partially paid, not unpaid", PAID,
     "return view.financial_status in PAID or (view.financial_status in UNPAID and was_paid(view))",
     "return view.financial_status in PAID"),
    # 1 goods keep their points
    ("1 shipping tax goes with the shipping", SHIPPING,
     "named.net, named.tax = named.net + told.net, named.tax + told.tax",
     "named.net, named.tax = named.net + told.net, named.tax"),
    ("1 duties kept are not goods", KEPT, "if view.duties_minor:\n", "if False:\n"),
    # 2 once
    ("2 money is set off against what left", WORTH,
     "beyond = max(Fraction(0), kept - (came_in - now.back_minor))", "beyond = Fraction(now.back_minor)"),
    ("2 spread over what is kept", WORTH,
     "base = sum((part.kept_minor - opened.get(part.id, 0) for part in found if not part.tip), Fraction(0))",
     "base = sum((part.whole_minor for part in found if not part.tip), Fraction(0))"),
    ("2 spread over what is paid", WORTH,
     "base = sum((part.kept_minor - opened.get(part.id, 0) for part in found if not part.tip), Fraction(0))",
     "base = sum((part.kept_minor for part in found if not part.tip), Fraction(0))"),
    ("2 what earns nothing bears its part", WORTH,
     "base = sum((part.kept_minor - opened.get(part.id, 0) for part in found if not part.tip), Fraction(0))",
     "base = sum((part.kept_minor - opened.get(part.id, 0) for part in found if part.id in earning), Fraction(0))"),
    ("2 tips apart", WORTH,
     "base = sum((part.kept_minor - opened.get(part.id, 0) for part in found if not part.tip), Fraction(0))",
     "base = sum((part.kept_minor - opened.get(part.id, 0) for part in found), Fraction(0))"),
    ("2 each with its tax", KEPT, "tax = 0 if included else max(0, line.tax_minor)", "tax = 0"),
    ("2 spread exactly, floor once", BASIS,
     "return Eligible(row.line_id, row.title, row.original_minor, row.original_minor * share, row.excluded_because)",
     "return Eligible(row.line_id, row.title, row.original_minor,"
     " int(row.original_minor * share), row.excluded_because)"),
    ("2 nothing restores a removed line", WORTH, "beyond = max(Fraction(0), kept - (came_in - now.back_minor))",
     "beyond = Fraction(kept - (came_in - now.back_minor))"),
    # 3 never more than kept
    ("3 a line that is gone keeps nothing", KEPT, "return Part(line.id, net + tax, 0, 0, units, 0, line.tip)",
     "return Part(line.id, net + tax, net + tax, 1, units, units, line.tip)"),
    ("3 a balancing cent counts as nothing", BACK, "return max(0, moved + max(-rows, min(rows, cents)))",
     "return max(0, moved)"),
    ("3 at most one cent a line is balancing", BACK, "return max(0, moved + max(-rows, min(rows, cents)))",
     "return max(0, moved + cents)"),
    ("3 a cent of another reason counts", REFUNDS,
     'balancing = [row for row in others if reason_of(row.get("reason")) == BALANCING]', "balancing = list(others)"),
    # 4 what was paid stays earned
    ("4 what is open was not paid", WORTH, "opened = {} if never_paid else _open(view, found, now, earning)",
     "opened: dict[int, Fraction] = {}"),
    ("4 what earns nothing is open first", WORTH, "for earns in (False, True):", "for earns in (True, False):"),
    ("4 only what was added is open", WORTH,
     "min(part.held, max(0, part.ever - before.ever.get(part.id, 0))) / part.held", "1"),
    ("4 a restocking fee does not pay for additions", WORTH,
     "    if now.open_minor is not None:\n        return now.open_minor\n",
     ""),
    ("4 what the shop owes pays for additions first", PAID,
     "without = max(0, was_open - owed) + max(0, added - credit)",
     "without = was_open + added"),
    ("4 a negative total_outstanding is nothing", CHARGES,
     '"outstanding_minor": None if outstanding is None else max(0, outstanding),', '"outstanding_minor": outstanding,'),
    ("4 a deposit waits", PAID,
     "return view.financial_status in _WAS_PAID or any(moment.paid for moment in view.earlier)",
     'return view.financial_status in {*_WAS_PAID, "partially_paid"}'),
    # 5 one reading
    ("5 refunded shipping in GraphQL", NODE_REFUND,
     '[_refund_shipping(each) for each in nodes(refund, "refundShippingLines")]', "[]"),
    ("5 discrepancies and lines in GraphQL", NODE_REFUND,
     '[_refund_line(each) for each in nodes(refund, "refundLineItems")]', "[]"),
    ("5 duties in GraphQL", NODE,
     '"original_total_duties_set": money_set(order.get("originalTotalDutiesSet")),\n'
     '        "current_total_duties_set": money_set(order.get("currentTotalDutiesSet")),', ""),
    ("5 removed shipping in GraphQL", NODE, '"is_removed": line["isRemoved"],', '"is_removed": False,'),
    ("5 what is open in GraphQL", NODE, '"total_outstanding": amount(order["totalOutstandingSet"]),', ""),
    ("5 a refund alone changes the points", ALONE,
     "return replace(view, refunds=view.refunds + extra) if extra else view",
     "return view"),
    ("5 a refund that names what an edit took waits", ALONE, "waiting = unclear(view, alone)",
     "waiting: frozenset[int] = frozenset()"),
    ("5 the rate is that of the order's own price sets", BACK, "return Fraction(abroad * rate[0], rate[1])",
     "return Fraction(abroad * rate[1], rate[0])"),
    ("5 tenders by successful payments", CHARGES,
     'if row.get("kind") in _CAME_IN and row.get("status") == "success":', 'if row.get("kind") in _CAME_IN:'),
    ("5 an authorization is no payment", CHARGES, '_CAME_IN = ("sale", "capture")',
     '_CAME_IN = ("sale", "capture", "authorization")'),
    ("5 refunds of the same gateway", TENDERS, "if one.gateway in left:", "if False:"),
    ("5 an unknown gateway in proportion", TENDERS,
     "return {name: amount * (rest - unknown) / rest for name, amount in left.items()}",
     "return {name: max(Fraction(0), amount - unknown) for name, amount in left.items()}"),
    # 6 only a deletion deletes
    ("6 a deletion deletes", NEWS, "return order if gone else replace(order, deleted_at=said.at)", "return order"),
    ("6 the newest view counts", NEWS, "is_newer = _age(new, seen.triggered_at) > _age(old, order.triggered_at)",
     "is_newer = True"),
    # 7 the same value
    ("7 cashback of what is kept", f"{RULES}/cashback.py", "share = Fraction(kept) * Fraction(rules.percent) / 100",
     "share = Fraction(original) * Fraction(rules.percent) / 100"),
    ("7 a redemption gives back by the same value", "plugin/rules/rewards/give_back.py",
     "kept = sum((Fraction(line.kept_minor) for line in lines), Fraction(0))",
     "kept = sum((Fraction(line.original_minor) for line in lines), Fraction(0))"),
))  # fmt: skip
"""At least one for each."""
