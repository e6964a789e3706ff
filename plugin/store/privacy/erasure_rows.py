"""What is taken out of the rows about members who are forgotten: a bounded number each time, until none is left.

Each statement finds only rows in which there is something to take out: doing it again is boring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from plugin.rules.names import staff_log
from plugin.rules.subjects import Member
from plugin.store.database import subject_sql

_OF_MEMBERS = "member_id = ANY(%(members)s::bigint[])"
_EMPTIED: Mapping[str, tuple[str, str]] = {
    "messages": (
        "mail_subject = '', last_error = '', locale = '', language = ''",
        f"{_OF_MEMBERS} AND (mail_subject <> '' OR last_error <> '' OR locale <> '' OR language <> '')",
    ),
    "entries": (
        "reason = reason - 'reasons' - 'order'",
        f"{_OF_MEMBERS} AND jsonb_exists_any(reason, ARRAY['reasons', 'order'])",
    ),
    "outgoing_webhooks": ("log = '[]'", f"{_OF_MEMBERS} AND log <> '[]'"),
    "tier_changes": ("reasons = '[]'", f"{_OF_MEMBERS} AND reasons <> '[]'"),
    "credits": (
        "shopify_id = '', after_transaction = '', reason = '{}'",
        f"{_OF_MEMBERS} AND (shopify_id <> '' OR after_transaction <> '' OR reason <> '{{}}')",
    ),
    "redemptions": ("secret = NULL", f"{_OF_MEMBERS} AND secret IS NOT NULL AND code_state <> 'wanted'"),
    "fulfilments": (
        "note = '', told = ''",
        "(note <> '' OR told <> '') AND redemption_id IN (SELECT id FROM redemptions WHERE shop_id = %(shop)s"
        f" AND {_OF_MEMBERS})",
    ),
    "member_stats": (
        "r = NULL, f = NULL, m = NULL, segment = '', p_alive = NULL, orders_90 = NULL, value_12m_minor = NULL,"
        " next_day = NULL, computed_on = NULL",
        f"{_OF_MEMBERS} AND (segment <> '' OR num_nonnulls(r, f, m, p_alive, orders_90, value_12m_minor, next_day,"
        " computed_on) > 0)",
    ),
    "survey_answers": (
        "tier = '', segment = '', comment = '', order_id = NULL",
        f"{_OF_MEMBERS} AND (tier <> '' OR segment <> '' OR comment <> '' OR order_id IS NOT NULL)",
    ),
    "referrals": (
        "signs = '[]', note = '',"
        " friend_key = CASE WHEN friend_id = ANY(%(members)s::bigint[]) THEN '' ELSE friend_key END",
        f"({_OF_MEMBERS} OR friend_id = ANY(%(members)s::bigint[])) AND (signs <> '[]' OR note <> ''"
        " OR friend_id = ANY(%(members)s::bigint[]) AND friend_key <> '')",
    ),
}
_DELETED: Mapping[str, str] = {
    "past_run_orders": _OF_MEMBERS,
    "entry_notes": _OF_MEMBERS,
    "reading_differences": _OF_MEMBERS,
    "second_steps": _OF_MEMBERS,
    "absences": "customer_id = ANY(%(customers)s::bigint[])",
    "member_tiers": _OF_MEMBERS,
    "member_codes": _OF_MEMBERS,
    "member_profiles": _OF_MEMBERS,
    "activity_records": _OF_MEMBERS,
    "referral_links": _OF_MEMBERS,
    "referral_marks": f"({_OF_MEMBERS} OR kind = 'claim' AND subject IN (SELECT id::text FROM referrals"
    " WHERE shop_id = %(shop)s AND friend_id = ANY(%(members)s::bigint[])))",
    "referral_blocks": f"value = ANY(ARRAY(SELECT {subject_sql.written(Member, 'unnest(%(members)s::bigint[])')}))",
    "customer_facts": "customer_id = ANY(%(customers)s::bigint[])",
    "referral_aliases": _OF_MEMBERS,
    "member_origins": _OF_MEMBERS,
    "email_optouts": _OF_MEMBERS,
    "checkouts_left": _OF_MEMBERS,
    "returned_mails": _OF_MEMBERS,
    "message_clicks": f"message_id IN (SELECT id FROM messages WHERE shop_id = %(shop)s AND {_OF_MEMBERS})",
}
TABLES = (*_EMPTIED, *_DELETED)


def take_out(
    conn: Connection, shop_id: int, table: str, members: Sequence[int], customers: Sequence[int], limit: int
) -> int:
    """Up to `limit` rows of one table; answers how many there were."""
    values = {"shop": shop_id, "members": list(members), "customers": list(customers), "limit": limit}
    where = _DELETED.get(table) or _EMPTIED[table][1]
    verb = f"DELETE FROM {table}" if table in _DELETED else f"UPDATE {table} SET {_EMPTIED[table][0]}"
    chosen = f"SELECT ctid FROM {table} WHERE shop_id = %(shop)s AND {where} LIMIT %(limit)s"
    done = conn.exec_driver_sql(f"{verb} WHERE ctid = ANY(ARRAY({chosen})) AND shop_id = %(shop)s", values)
    return done.rowcount


_TEXTS = (
    "UPDATE tier_batches SET note = '' WHERE shop_id = %(shop)s AND note <> ''"
    " AND jsonb_exists_any(before, %(members)s::text[])",
    "UPDATE bulk_acts b SET note = '' WHERE shop_id = %(shop)s AND note <> '' AND (member_ids && %(members)s::bigint[]"
    " OR EXISTS (SELECT FROM bulk_act_members m WHERE m.shop_id = b.shop_id AND m.act_id = b.id"
    " AND m.member_id = ANY(%(members)s::bigint[])))",
    "WITH gone AS (DELETE FROM imports WHERE shop_id = %(shop)s AND state IN ('uploaded', 'checking', 'checked')"
    " RETURNING id),"
    " firsts AS (DELETE FROM import_people WHERE shop_id = %(shop)s AND import_id IN (SELECT id FROM gone))"
    " DELETE FROM import_parts WHERE shop_id = %(shop)s AND import_id IN (SELECT id FROM gone)",
    "UPDATE imports SET problems = '[]', note = '' WHERE shop_id = %(shop)s AND (problems <> '[]' OR note <> '')",
    "UPDATE imports SET name = '' WHERE shop_id = %(shop)s AND name <> '' AND id IN (SELECT import_id"
    " FROM import_members WHERE shop_id = %(shop)s AND member_id = ANY(%(members)s::bigint[]))",
    "DELETE FROM import_members WHERE shop_id = %(shop)s AND member_id = ANY(%(members)s::bigint[])",
    "UPDATE staff_log SET detail = detail - 'note' WHERE shop_id = %(shop)s AND jsonb_exists(detail, 'note')"
    " AND (subject = ANY(%(names)s) OR subject LIKE ANY(%(ends)s) OR detail->>'member' = ANY(%(members)s::text[])"
    f" OR action = 'decide_referral' AND {subject_sql.first_number(staff_log.Decision, 'subject')} IN ("
    "SELECT id::text FROM referrals"
    " WHERE shop_id = %(shop)s AND (member_id = ANY(%(members)s::bigint[])"
    " OR friend_id = ANY(%(members)s::bigint[]))))",
    "DELETE FROM export_parts p USING privacy_requests r WHERE p.shop_id = %(shop)s AND r.shop_id = p.shop_id"
    " AND r.id = p.request_id AND r.marks && %(marks)s::bigint[]",
    "DELETE FROM referral_claims WHERE shop_id = %(shop)s AND (lower(email) = ANY(%(emails)s)"
    " OR customer_id::text = ANY(%(customers)s::text[]))",
    "DELETE FROM suppressions WHERE shop_id = %(shop)s AND address = ANY(%(emails)s)",
    "UPDATE privacy_requests SET result = '{\"erased\": true}', marks = '{}' WHERE shop_id = %(shop)s"
    " AND kind IN ('customers/data_request', 'shopper/data_request')"
    " AND done_at IS NOT NULL AND marks && %(marks)s::bigint[]",
    "UPDATE privacy_requests SET result = '{\"erased\": true}' WHERE shop_id = %(shop)s"
    " AND kind IN ('customers/data_request', 'shopper/data_request')"
    " AND done_at IS NOT NULL AND marks = '{}' AND EXISTS ("
    "SELECT FROM jsonb_array_elements(coalesce(result->'members', '[]')) m"
    " WHERE lower(m->>'email') = ANY(%(emails)s) OR m->>'customer_id' = ANY(%(customers)s::text[]))",
)
"""Files that wait and lines that were wrong may name anybody: they go with anybody. A file can be uploaded again."""


def take_out_texts(
    conn: Connection,
    shop_id: int,
    members: Sequence[int],
    customers: Sequence[int] = (),
    emails: Sequence[str] = (),
    marks: Sequence[int] = (),
) -> None:
    """What stands about them beside their own rows: words of staff, files, exports."""
    values = {
        "shop": shop_id,
        "members": list(members),
        "customers": [str(number) for number in customers],
        "emails": list(emails),
        "marks": list(marks),
        "names": [str(form(number)) for number in members for form in (staff_log.Member, Member)],
        "ends": [staff_log.Points.of_member(number) for number in members],
    }
    for sql in _TEXTS:
        conn.exec_driver_sql(sql, values)


_JOBS = (
    "UPDATE jobs j SET last_error = '' WHERE shop_id = %(shop)s AND last_error <> '' AND ("
    " subject = ANY(%(numbers)s::text[])"
    " OR kind IN ('code', 'settle_redemption') AND subject IN (SELECT id::text FROM redemptions"
    " WHERE shop_id = %(shop)s AND member_id = ANY(%(members)s::bigint[]))"
    " OR kind = 'send_message' AND subject IN (SELECT id::text FROM messages"
    " WHERE shop_id = %(shop)s AND member_id = ANY(%(members)s::bigint[]))"
    " OR kind = 'send_credit' AND subject IN (SELECT id::text FROM credits"
    " WHERE shop_id = %(shop)s AND member_id = ANY(%(members)s::bigint[]))"
    " OR kind = 'referral' AND subject IN (SELECT id::text FROM referrals"
    " WHERE shop_id = %(shop)s AND (member_id = ANY(%(members)s::bigint[]) OR friend_id = ANY(%(members)s::bigint[])))"
    " OR subject IN (SELECT order_id::text FROM order_views WHERE shop_id = %(shop)s"
    " AND member_id = ANY(%(members)s::bigint[])))"
)
"""What went wrong for them: the other side's words may hold their address."""


def take_out_of_jobs(conn: Connection, shop_id: int, members: Sequence[int], customers: Sequence[int]) -> None:
    """Errors of what was to be done for them, and what was to be fetched of them."""
    values = {
        "shop": shop_id,
        "members": list(members),
        "numbers": [str(number) for number in (*members, *customers)],
        "customers": [str(number) for number in customers],
    }
    conn.exec_driver_sql(_JOBS, values)
    conn.exec_driver_sql(
        "DELETE FROM jobs WHERE shop_id = %(shop)s AND kind = 'fetch_customer'"
        " AND subject = ANY(%(customers)s::text[])",
        values,
    )


def take_addresses_from_others(conn: Connection, shop_id: int, addresses: Mapping[str, int]) -> None:
    """Members who are called by one of these addresses (with its mark) because an order of theirs was placed with
    it, while their account never said so."""
    conn.exec_driver_sql(
        "UPDATE members m SET email = '', email_key = '' FROM unnest(%(emails)s::text[], %(marks)s::bigint[])"
        " AS a(email, mark) WHERE m.shop_id = %(shop)s AND m.email_key = a.email AND m.customer_id IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM known_as k WHERE k.shop_id = m.shop_id AND k.customer_id = m.customer_id"
        " AND k.subject = a.mark)",
        {"shop": shop_id, "emails": list(addresses), "marks": list(addresses.values())},
    )
