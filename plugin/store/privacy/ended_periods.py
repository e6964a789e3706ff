"""Rows whose time is over go, a thousand at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

A_STEP = 1000
_EXPORTS = (
    "WITH old AS (SELECT id FROM privacy_requests WHERE shop_id = %(shop)s"
    " AND kind IN ('customers/data_request', 'shopper/data_request')"
    " AND {moment} < %(before)s AND NOT jsonb_exists(result, 'gone') LIMIT %(limit)s FOR UPDATE SKIP LOCKED),"
    " parts AS (DELETE FROM export_parts p USING old WHERE p.shop_id = %(shop)s AND p.request_id = old.id)"
    " UPDATE privacy_requests r SET result = '{{\"gone\": true}}', marks = '{{}}' FROM old"
    " WHERE r.shop_id = %(shop)s AND r.id = old.id"
)
_NOT_READ = "CASE WHEN old.id <= r.above_id THEN old.id > r.after_id ELSE old.xid >= r.from_xid END"
"""Whether a reader of the events has yet to read an old one; as `suki_drop_month` has it."""
_ENDED = {
    "webhook_ids": "DELETE FROM delivery_ids WHERE shop_id = %(shop)s AND webhook_id IN (SELECT webhook_id"
    " FROM delivery_ids WHERE shop_id = %(shop)s AND received_at < %(before)s ORDER BY received_at LIMIT %(limit)s)",
    "webhooks": "DELETE FROM deliveries WHERE shop_id = %(shop)s AND received_at < %(before)s AND id IN ("
    "SELECT id FROM deliveries WHERE shop_id = %(shop)s AND received_at < %(before)s AND body_state = 'empty'"
    " ORDER BY id LIMIT %(limit)s)",
    "events": "WITH old AS (SELECT shop_id, xid, id, happened_at FROM events WHERE shop_id = %(shop)s"
    " AND tableoid = 'events_other'::regclass AND happened_at < %(before)s LIMIT %(limit)s),"
    " off AS (UPDATE event_readers r SET off_at = now() WHERE r.shop_id = %(shop)s AND off_at IS NULL"
    f" AND EXISTS (SELECT FROM old WHERE {_NOT_READ}))"
    " DELETE FROM events e USING old WHERE e.shop_id = %(shop)s AND e.shop_id = old.shop_id AND e.xid = old.xid"
    " AND e.id = old.id AND e.happened_at = old.happened_at",
    "failed_jobs": "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE shop_id = %(shop)s AND state = 'failed'"
    " AND created_at < %(before)s LIMIT %(limit)s FOR UPDATE SKIP LOCKED)",
    "mail_words": "UPDATE messages SET mail_subject = '', last_error = '' WHERE id IN (SELECT id FROM messages"
    " WHERE shop_id = %(shop)s AND created_at < %(before)s AND (mail_subject <> '' OR last_error <> '')"
    " ORDER BY created_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)",
    "returned_mails": "DELETE FROM returned_mails WHERE ctid = ANY(ARRAY(SELECT ctid FROM returned_mails"
    " WHERE shop_id = %(shop)s AND at < %(before)s LIMIT %(limit)s)) AND shop_id = %(shop)s",
    "lifted_addresses": "DELETE FROM suppressions WHERE shop_id = %(shop)s AND address IN (SELECT address"
    " FROM suppressions WHERE shop_id = %(shop)s AND why = '' AND greatest(lifted_at, soft_at) < %(before)s"
    " LIMIT %(limit)s)",
    "clicks": "DELETE FROM message_clicks WHERE shop_id = %(shop)s AND message_id IN (SELECT message_id"
    " FROM message_clicks WHERE shop_id = %(shop)s AND last_at < %(before)s ORDER BY last_at LIMIT %(limit)s)",
    "checked_files": "WITH gone AS (DELETE FROM imports WHERE shop_id = %(shop)s AND created_at < %(before)s"
    " AND state IN ('uploaded', 'checking', 'checked') RETURNING id),"
    " lines AS (DELETE FROM import_parts WHERE shop_id = %(shop)s AND import_id IN (SELECT id FROM gone)),"
    " firsts AS (DELETE FROM import_people WHERE shop_id = %(shop)s AND import_id IN (SELECT id FROM gone))"
    " SELECT id FROM gone",
    "done_files": "WITH old AS (SELECT id FROM imports WHERE shop_id = %(shop)s AND done_at < %(before)s"
    " AND state IN ('done', 'undone')),"
    " words AS (UPDATE imports SET columns = '[]', problems = '[]' WHERE shop_id = %(shop)s"
    " AND id IN (SELECT id FROM old) AND (columns <> '[]' OR problems <> '[]'))"
    " DELETE FROM import_members WHERE shop_id = %(shop)s AND ctid = ANY(ARRAY(SELECT m.ctid FROM import_members m"
    " WHERE m.shop_id = %(shop)s AND m.import_id IN (SELECT id FROM old) LIMIT %(limit)s))",
    "past_runs": "DELETE FROM past_run_orders WHERE shop_id = %(shop)s AND ctid = ANY(ARRAY(SELECT o.ctid"
    " FROM past_run_orders o WHERE o.shop_id = %(shop)s AND o.run_id IN (SELECT id FROM past_runs"
    " WHERE shop_id = %(shop)s AND done_at < %(before)s AND state IN ('done', 'undone', 'canceled'))"
    " LIMIT %(limit)s))",
    "failed_webhooks": "DELETE FROM inbox WHERE shop_id = %(shop)s AND state <> 'new' AND delivery_id IN ("
    "SELECT i.delivery_id FROM inbox i JOIN deliveries d ON d.shop_id = i.shop_id AND d.id = i.delivery_id"
    " WHERE i.shop_id = %(shop)s AND i.state <> 'new' AND d.received_at < %(before)s LIMIT %(limit)s)",
    "links": "DELETE FROM second_steps WHERE id IN (SELECT id FROM second_steps WHERE shop_id = %(shop)s"
    " AND asked_at < %(before)s ORDER BY asked_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)",
    "checkouts": "DELETE FROM checkouts_left WHERE id IN (SELECT id FROM checkouts_left WHERE shop_id = %(shop)s"
    " AND updated_at < %(before)s ORDER BY updated_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)",
    "outgoing_webhooks": "DELETE FROM outgoing_webhooks WHERE ctid = ANY(ARRAY(SELECT ctid FROM outgoing_webhooks"
    " WHERE shop_id = %(shop)s AND ended_at < %(before)s LIMIT %(limit)s)) AND shop_id = %(shop)s",
    "paces": "DELETE FROM paces WHERE shop_id = %(shop)s AND who IN (SELECT who FROM paces WHERE shop_id = %(shop)s"
    " AND last_at < %(before)s ORDER BY last_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)",
    "sent_forms": "DELETE FROM form_answers WHERE shop_id = %(shop)s AND key IN (SELECT key FROM form_answers"
    " WHERE shop_id = %(shop)s AND begun_at < %(before)s ORDER BY begun_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)",
    "waiting_claims": "DELETE FROM referral_claims WHERE shop_id = %(shop)s AND asked_at < %(before)s",
    "exports": _EXPORTS.format(moment="done_at"),
    "opened_exports": _EXPORTS.format(moment="opened_at"),
    "access_log": "DELETE FROM access_log WHERE shop_id = %(shop)s AND id IN (SELECT id FROM access_log"
    " WHERE shop_id = %(shop)s AND at < least(%(before)s::timestamptz, now() - interval '366 days')"
    " ORDER BY at LIMIT %(limit)s)",
}
"""By the name of the period; each statement does one step. The database's own clock, too, must say that a line of the
access log is old: it refuses to let younger ones go."""
KINDS = tuple(_ENDED)


def end(conn: Connection, shop_id: int, kind: str, before: datetime) -> int:
    """One step of a period's end in a shop; answers how many rows it was for."""
    result = conn.exec_driver_sql(_ENDED[kind], {"shop": shop_id, "before": before, "limit": A_STEP})
    return result.rowcount


def end_intake_counts(conn: Connection, before: datetime) -> int:
    """The counters of long ago go; they belong to no shop."""
    result = conn.exec_driver_sql("DELETE FROM intake_counters WHERE day < %(before)s", {"before": before.date()})
    return result.rowcount


def end_provider_calls(conn: Connection, before: datetime) -> int:
    """What providers told long ago may be told anew: its time stamp is refused by then."""
    result = conn.exec_driver_sql("DELETE FROM provider_calls WHERE at < %(before)s", {"before": before})
    return result.rowcount


def sweep_subjects(conn: Connection, shop_id: int, after: tuple[int, int]) -> tuple[int, int] | None:
    """Of the next thousand rows that say which delivery is about whom, those of deliveries that are gone go too.

    Answers the last row's key, None at the end. Numbers of deliveries grow, so the oldest that is there decides.
    """
    params = {"shop": shop_id, "subject": after[0], "delivery": after[1], "limit": A_STEP}
    row = conn.exec_driver_sql(
        "WITH page AS (SELECT subject, delivery_id FROM delivery_subjects WHERE shop_id = %(shop)s"
        " AND (subject, delivery_id) > (%(subject)s, %(delivery)s) ORDER BY subject, delivery_id LIMIT %(limit)s),"
        " gone AS (DELETE FROM delivery_subjects s USING page p WHERE s.shop_id = %(shop)s AND s.subject = p.subject"
        " AND s.delivery_id = p.delivery_id AND p.delivery_id < (SELECT coalesce(min(id), 0) FROM deliveries"
        " WHERE shop_id = %(shop)s))"
        " SELECT subject, delivery_id FROM page ORDER BY subject DESC, delivery_id DESC LIMIT 1",
        params,
    ).one_or_none()
    return (row[0], row[1]) if row else None
