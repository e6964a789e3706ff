"""What is kept of a customer, section by section and page by page: whole rows, so that a new column is told of, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from plugin.rules.names import staff_log
from plugin.rules.subjects import Member


@dataclass(frozen=True, slots=True)
class Section:
    """`rows` is where from and which; `key` orders them; `without` is what means nothing outside."""

    rows: str
    key: str = "t.id"
    without: str = "shop_id"


_MINE = "t.member_id = ANY(%(members)s::bigint[])"
_STAFF_LINES = (
    "staff_log t WHERE (t.subject = ANY(ARRAY(SELECT word || m FROM unnest(%(members)s::bigint[]) m,"
    f" unnest(ARRAY['{staff_log.Member.prefix()}', '{Member.prefix()}']) word))"
    " OR t.detail->>'member' = ANY(%(members)s::text[]))"
)
SECTIONS: Mapping[str, Section] = {
    "members": Section("members t WHERE t.id = ANY(%(members)s::bigint[])"),
    "profiles": Section(f"member_profiles t WHERE {_MINE}", "t.member_id"),
    "customer": Section("customer_facts t WHERE t.customer_id = ANY(%(customers)s::bigint[])", "t.customer_id"),
    "absences": Section(
        "absences t WHERE t.customer_id = ANY(%(customers)s::bigint[])",
        "(t.customer_id || ':' || t.left_at) COLLATE \"C\"",
    ),
    "links": Section(f"second_steps t WHERE {_MINE}"),
    "entries": Section(f"entries t WHERE {_MINE}"),
    "lots": Section(f"lots t WHERE {_MINE}"),
    "notes": Section(f"entry_notes t WHERE {_MINE}", "(t.subject || ':' || t.line) COLLATE \"C\""),
    "past_orders": Section(f"past_run_orders t WHERE {_MINE}", "(t.run_id || ':' || t.order_id) COLLATE \"C\""),
    "orders": Section(f"order_views t WHERE {_MINE}", "t.order_id"),
    "order_figures": Section(f"order_facts t WHERE {_MINE}", "t.order_id"),
    "products_kept": Section(
        "order_items t WHERE t.order_id IN (SELECT f.order_id FROM order_facts f WHERE f.shop_id = %(shop)s"
        " AND f.member_id = ANY(%(members)s::bigint[]))",
        "(t.order_id || ':' || t.product_id) COLLATE \"C\"",
    ),
    "figures": Section(f"member_stats t WHERE {_MINE}", "t.member_id"),
    "figures_by_month": Section(f"member_months t WHERE {_MINE}", "(t.member_id || ':' || t.month) COLLATE \"C\""),
    "survey_answers": Section(f"survey_answers t WHERE {_MINE}"),
    "readings": Section(
        "reading_differences t WHERE t.order_id IN (SELECT o.order_id FROM order_views o"
        " WHERE o.shop_id = %(shop)s AND o.member_id = ANY(%(members)s::bigint[]))",
        "t.order_id",
    ),
    "rewards": Section(f"redemptions t WHERE {_MINE}", without="secret"),
    "done_by_staff": Section(
        "fulfilments t WHERE t.redemption_id IN (SELECT id FROM redemptions r WHERE r.shop_id = %(shop)s"
        " AND r.member_id = ANY(%(members)s::bigint[]))",
        "t.redemption_id",
    ),
    "store_credit": Section(f"credits t WHERE {_MINE}"),
    "gifts": Section(f"gifts t WHERE {_MINE}"),
    "mails": Section(f"messages t WHERE {_MINE}"),
    "refused_mails": Section(f"email_optouts t WHERE {_MINE}", "(t.member_id || ':' || t.kind) COLLATE \"C\""),
    "checkouts": Section(f"checkouts_left t WHERE {_MINE}"),
    "returned_mails": Section(f"returned_mails t WHERE {_MINE}", "(t.source || ':' || t.key) COLLATE \"C\""),
    "suppressed": Section("suppressions t WHERE t.address = ANY(%(emails)s::text[])", 't.address COLLATE "C"'),
    "clicks": Section(
        "message_clicks t WHERE t.message_id IN (SELECT m.id FROM messages m WHERE m.shop_id = %(shop)s"
        " AND m.member_id = ANY(%(members)s::bigint[]))",
        "t.message_id",
    ),
    "activities": Section(f"activity_records t WHERE {_MINE}"),
    "tier": Section(f"member_tiers t WHERE {_MINE}", "t.member_id"),
    "events": Section(f"events t WHERE {_MINE}", without="xid"),
    "told_to_apps": Section(f"outgoing_webhooks t WHERE {_MINE}", "(t.endpoint_id || ':' || t.event_id) COLLATE \"C\""),
    "tier_changes": Section(f"tier_changes t WHERE {_MINE}"),
    "referral_links": Section(f"referral_links t WHERE {_MINE}", "t.member_id"),
    "old_referral_words": Section(f"referral_aliases t WHERE {_MINE}", 't.word COLLATE "C"'),
    "brought_from": Section(f"member_origins t WHERE {_MINE}", "t.member_id"),
    "referrals": Section(f"referrals t WHERE ({_MINE} OR t.friend_id = ANY(%(members)s::bigint[]))"),
    "fraud_marks": Section(f"referral_marks t WHERE {_MINE}"),
    "staff_log": Section(_STAFF_LINES),
    "files": Section(
        "(SELECT i.id, i.shop_id, i.name, i.note, i.state, i.created_at, i.done_at, m.before, m.member_id"
        " FROM imports i JOIN import_members m ON m.shop_id = i.shop_id AND m.import_id = i.id) t"
        f" WHERE {_MINE}",
        "(t.id || ':' || t.member_id) COLLATE \"C\"",
    ),
    "acts_on_many": Section(
        "(SELECT a.id, a.shop_id, a.act, a.terms, a.note, a.created_at, a.undone_at, m.why, m.before, w.member_id"
        " FROM bulk_acts a CROSS JOIN LATERAL (SELECT d.member_id FROM bulk_act_members d WHERE d.shop_id = a.shop_id"
        " AND d.act_id = a.id UNION SELECT unnest(a.member_ids)) w LEFT JOIN bulk_act_members m"
        " ON m.shop_id = a.shop_id AND m.act_id = a.id AND m.member_id = w.member_id) t"
        f" WHERE {_MINE}",
        "(t.id || ':' || t.member_id) COLLATE \"C\"",
    ),
    "lines_of_files": Section(
        "(SELECT i.id, i.shop_id, i.name, i.note, r AS line FROM imports i"
        " JOIN import_parts p ON p.shop_id = i.shop_id AND p.import_id = i.id, jsonb_array_elements(p.lines) r) t"
        " WHERE EXISTS (SELECT FROM jsonb_array_elements_text(t.line->1) c WHERE lower(c) = ANY(%(emails)s::text[])"
        " OR c = ANY(%(customers)s::text[]))",
        "t.id::text || ':' || t.line",
    ),
}
"""In the order in which they are told. Deliveries, which are bodies and no rows, come after these."""


_BY_NUMBER, _BY_TEXT = "coalesce(nullif(%(after)s, ''), '0')::bigint", "%(after)s"


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose rows."""

    members: Sequence[int]
    customers: Sequence[int]
    emails: Sequence[str]


def page(
    conn: Connection, shop_id: int, section: str, whom: Whom, after: str, limit: int
) -> tuple[str, list[dict[str, Any]]]:
    """The next rows, `after` a key (empty: from the first); answers the last key, empty for no more, and the rows."""
    one = SECTIONS[section]
    values = {
        "shop": shop_id,
        "members": list(whom.members),
        "customers": list(whom.customers),
        "emails": list(whom.emails),
        "after": after,
        "limit": limit,
        "without": ["shop_id", one.without],
    }
    bound = _BY_NUMBER if one.key.endswith("id") else _BY_TEXT
    rows = conn.exec_driver_sql(
        f"SELECT ({one.key})::text, to_jsonb(t) - %(without)s::text[] FROM {one.rows} AND t.shop_id = %(shop)s"
        f" AND {one.key} > {bound}"
        f" ORDER BY {one.key} LIMIT %(limit)s",
        values,
    ).fetchall()
    return (rows[-1][0] if len(rows) == limit else ""), [row[1] for row in rows]
