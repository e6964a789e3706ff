"""Recompute what is kept at hand from what is immutable, and find every row that does not agree."""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.rules.subjects import Activity, Automatic, Milestone, Order, Redemption, Referral, Welcome
from plugin.store.database.subject_sql import begins, number, numbered, one_of, written

CHECKS = {
    "member {0}: balance {1}, entries say {2}": """
        SELECT m.id, m.balance, coalesce(e.points, 0) FROM members m LEFT JOIN (
          SELECT member_id, sum(points) AS points FROM entries WHERE shop_id = %(shop)s GROUP BY member_id
        ) e ON e.member_id = m.id
        WHERE m.shop_id = %(shop)s AND m.balance <> coalesce(e.points, 0)""",
    "member {0}: balance {1}, lots minus debt say {2}": """
        SELECT m.id, m.balance, coalesce(l.points, 0) - m.debt FROM members m LEFT JOIN (
          SELECT member_id, sum(points_left) AS points FROM lots WHERE shop_id = %(shop)s GROUP BY member_id
        ) l ON l.member_id = m.id
        WHERE m.shop_id = %(shop)s AND m.balance <> coalesce(l.points, 0) - m.debt""",
    "lot {0}: {1} left, its draws leave {2}": """
        SELECT l.id, l.points_left, l.points - coalesce(d.points, 0) FROM lots l LEFT JOIN (
          SELECT lot_id, sum(points) AS points FROM lot_draws WHERE shop_id = %(shop)s GROUP BY lot_id
        ) d ON d.lot_id = l.id
        WHERE l.shop_id = %(shop)s AND l.points_left <> l.points - coalesce(d.points, 0)""",
    "member {0}: owes {1}, entries without cover say {2}": """
        SELECT m.id, m.debt, coalesce(x.owed, 0) FROM members m LEFT JOIN (
          SELECT e.member_id, sum(coalesce(l.points, 0) - coalesce(d.points, 0) - e.points) AS owed
          FROM entries e LEFT JOIN (
            SELECT entry_id, sum(points) AS points FROM lot_draws WHERE shop_id = %(shop)s GROUP BY entry_id
          ) d ON d.entry_id = e.id LEFT JOIN lots l ON l.entry_id = e.id AND l.shop_id = e.shop_id
          WHERE e.shop_id = %(shop)s GROUP BY e.member_id
        ) x ON x.member_id = m.id
        WHERE m.shop_id = %(shop)s AND m.debt <> coalesce(x.owed, 0)""",
    "entry {0}: {1} points, but {2} lots": """
        SELECT e.id, e.points, count(l.id) FROM entries e LEFT JOIN lots l ON l.entry_id = e.id
        WHERE e.shop_id = %(shop)s GROUP BY e.id, e.points, e.kind
        HAVING count(l.id) > 1 OR (count(l.id) = 1) <> (e.points > 0)
          AND NOT (e.kind IN ('returned', 'expired_back') AND e.points > 0)""",
    "redemption {0}: holds {1} points, entries say {2}": f"""
        SELECT r.id, CASE WHEN r.state = 'released' OR r.given_back OR (r.state = 'reserved'
          AND r.terms->>'deduct' = 'ordered') THEN 0 ELSE r.points - r.back_points END, coalesce(e.points, 0)
        FROM redemptions r LEFT JOIN (
          SELECT {number("subject")} AS id, -sum(points) AS points FROM entries
          WHERE shop_id = %(shop)s AND {numbered(Redemption, "subject")} GROUP BY 1) e USING (id)
        WHERE r.shop_id = %(shop)s AND coalesce(e.points, 0)
          <> CASE WHEN r.state = 'released' OR r.given_back OR (r.state = 'reserved'
          AND r.terms->>'deduct' = 'ordered') THEN 0 ELSE r.points - r.back_points END""",
    "redemption {0}: {1} in Shopify, but {2}": f"""
        SELECT r.id, r.terms->>'kind', CASE WHEN r.terms->>'kind' = 'gift_card' THEN 'no card is noted'
          ELSE 'no credit was sent' END
        FROM redemptions r LEFT JOIN credits c
          ON c.shop_id = r.shop_id AND c.subject = {written(Redemption, "r.id")} AND c.line = 1 AND c.state = 'sent'
        WHERE r.shop_id = %(shop)s AND r.code_state = 'created' AND r.state <> 'released' AND (
          r.terms->>'kind' = 'gift_card' AND r.shopify_id = ''
          OR r.terms->>'kind' IN ('store_credit', 'store_credit_slider') AND c.id IS NULL)""",
    "{0}: {1} of store credit moved, but it is {2}": f"""
        SELECT c.subject, sum(c.moved_minor), r.state FROM credits c
        JOIN redemptions r ON r.shop_id = c.shop_id AND {written(Redemption, "r.id")} = c.subject
        WHERE c.shop_id = %(shop)s AND c.state IN ('sent', 'refused')
        GROUP BY c.subject, r.state, r.code_state, r.ended_why
        HAVING r.state = 'released' AND r.ended_why <> 'expired' AND sum(c.moved_minor) <> 0
          OR r.state <> 'released' AND r.code_state = 'created' AND sum(c.moved_minor) = 0""",
    "member {0}: {1} moved of cashback, {2} was due": f"""
        SELECT member_id, sum(moved_minor), sum(amount_minor) FROM credits
        WHERE shop_id = %(shop)s AND {begins(Order, "subject")} AND state = 'sent' GROUP BY member_id, currency
        HAVING sum(moved_minor) < sum(amount_minor)""",
    "order {0}: {1} points kept at hand, entries say {2}": f"""
        SELECT o.order_id, o.points, coalesce(e.points, 0) FROM (
          SELECT order_id, coalesce((SELECT sum((value->>0)::bigint) FROM jsonb_each(
            coalesce(nullif(posted, 'null'), '{{}}'))), 0) AS points
          FROM order_views WHERE shop_id = %(shop)s) o
        LEFT JOIN (SELECT {number("subject")} AS order_id, sum(points) AS points FROM entries
          WHERE shop_id = %(shop)s AND {numbered(Order, "subject")} GROUP BY 1) e USING (order_id)
        WHERE o.points <> coalesce(e.points, 0)""",
    "what rules gave, {0}: {1} points kept at hand, entries say {2}": f"""
        SELECT subject, coalesce(g.points, 0), coalesce(e.points, 0) FROM (
          SELECT CASE WHEN rule LIKE 'm%%' THEN {written(Milestone, "rule")}
            ELSE {written(Automatic, "rule", "occasion")} END AS subject, sum(points) AS points
          FROM gifts WHERE shop_id = %(shop)s GROUP BY 1) g
        FULL JOIN (SELECT subject, sum(points) AS points FROM entries WHERE shop_id = %(shop)s
          AND {one_of(Milestone, Automatic, column="subject")} GROUP BY 1) e USING (subject)
        WHERE coalesce(g.points, 0) <> coalesce(e.points, 0)""",
    "referral {0}: {1} points kept at hand, entries say {2}": f"""
        SELECT r.id, r.posted, coalesce(e.points, 0) FROM referrals r LEFT JOIN (
          SELECT {number("subject")} AS id, sum(points) AS points FROM entries
          WHERE shop_id = %(shop)s AND {numbered(Referral, "subject")} GROUP BY 1) e USING (id)
        WHERE r.shop_id = %(shop)s AND r.posted <> coalesce(e.points, 0)""",
    "member {0}: stands in tier {1}, its changes say {2}": """
        SELECT t.member_id, t.tier, coalesce(e.to_tier, '') FROM member_tiers t LEFT JOIN LATERAL (
          SELECT to_tier FROM tier_changes e WHERE e.shop_id = t.shop_id AND e.member_id = t.member_id
          ORDER BY id DESC LIMIT 1) e ON true
        WHERE t.shop_id = %(shop)s AND t.look_why = '' AND t.tier <> coalesce(e.to_tier, '')""",
    "activity record {0}: earned {1}, entries say {2}": f"""
        SELECT r.id, r.points, coalesce(e.points, 0) FROM activity_records r
        LEFT JOIN (SELECT {number("subject")} AS id, sum(points) AS points FROM entries
          WHERE shop_id = %(shop)s AND {numbered(Activity, "subject")} GROUP BY 1) e USING (id)
        WHERE r.shop_id = %(shop)s AND r.points <> coalesce(e.points, 0)""",
    "order {0}: deserves {1}, was given {2}": """
        SELECT order_id, deserved, coalesce((SELECT sum((value->>0)::bigint) FROM jsonb_each(
          coalesce(nullif(posted, 'null'), '{}'))), 0)
        FROM order_views WHERE shop_id = %(shop)s AND waiting_for = '' AND (member_id IS NOT NULL OR deserved = 0)
        AND deserved <> coalesce((SELECT sum((value->>0)::bigint) FROM jsonb_each(
          coalesce(nullif(posted, 'null'), '{}'))), 0)""",
}


def mismatches(conn: Connection, shop_id: int) -> list[str]:
    """Every row of the shop that does not agree, in words."""
    found = []
    for words, check in CHECKS.items():
        for row in conn.exec_driver_sql(check, {"shop": shop_id}):
            found.append(words.format(*row))
    return found


def totals(conn: Connection, shop_id: int) -> dict[str, int]:
    """Points posted per order and for welcomes; to compare two ledgers.

    Not those of people who were erased: what their deliveries said of them is gone.
    """
    rows = conn.exec_driver_sql(
        "SELECT e.subject, sum(e.points) FROM entries e JOIN members m ON m.id = e.member_id"
        " WHERE e.shop_id = %(shop)s AND m.state <> 'erased'"
        f" AND ({numbered(Order, 'e.subject')} OR e.subject = '{Welcome()}') GROUP BY 1",
        {"shop": shop_id},
    )
    return {row[0]: int(row[1]) for row in rows if row[1]}


def holdings(conn: Connection, shop_id: int) -> dict[str, int]:
    """What each living customer was given by deliveries, with what members merged into them were given.

    What was spent, and so what a merge moved and a clawback forgave, no delivery says.
    """
    rows = conn.exec_driver_sql(
        "SELECT m.customer_id, sum(e.points) FROM members m"
        " JOIN members x ON x.shop_id = m.shop_id AND (x.id = m.id OR x.merged_into = m.id)"
        " JOIN entries e ON e.member_id = x.id AND e.shop_id = m.shop_id"
        " WHERE m.shop_id = %(shop)s AND m.state = 'member'"
        f" AND ({numbered(Order, 'e.subject')} OR e.subject = '{Welcome()}') GROUP BY 1",
        {"shop": shop_id},
    )
    return {f"customer {row[0]}": int(row[1]) for row in rows if row[1]}
