from __future__ import annotations
import json
from datetime import timedelta
import psycopg, pytest
from sqlalchemy import Engine, event, text
from plugin.rules.programme import Programme
from plugin.store import deliveries
from plugin.store.database.db import shop_transaction
from tests import payloads
from tests.webhooks.test_nobody_waits import arrived, NOW
from tests.actions.orders.test_settle_orders import start_programme
from webhooks.inbox import process_waiting
from tests.web.test_api import RULES

TABLES = {}
FILL = """
INSERT INTO shops (id, domain) SELECT 1000 + n, 'shop-' || n || '.myshopify.com' FROM generate_series(1, 3) n;
INSERT INTO members (shop_id, customer_id, email, email_key) SELECT 1001 + n % 3, n, n || '@example.com', n || '@example.com' FROM generate_series(1, 20000) n;
INSERT INTO order_views (shop_id, order_id, member_id, created_at, deserved) SELECT 1001 + n % 3, n, n, now(), 1 FROM generate_series(1, 20000) n;
INSERT INTO entries (id, shop_id, member_id, kind, points, subject, line, programme_version, effective_at, reason, actor, created_at)
 SELECT n, 1001 + n % 3, n, 'earned', 1, 'order:' || n, 1, 1, now(), '{}', 'suki', now() FROM generate_series(1, 20000) n;
INSERT INTO lots (id, shop_id, member_id, entry_id, points, points_left, available_at, announced) SELECT n, shop_id, member_id, n, 1, 1, now(), true FROM entries, LATERAL (SELECT id AS n) x;
INSERT INTO jobs (shop_id, kind, subject) SELECT 1001 + n % 3, 'push_member', n::text FROM generate_series(1, 20000) n;
INSERT INTO redemptions (shop_id, member_id, reward, subject, code) SELECT 1001 + n % 3, n, 'next_order_code', 'order:' || n, 'C' || n FROM generate_series(1, 20000) n;
INSERT INTO deliveries (shop_id, webhook_id, topic, triggered_at, received_at, body) SELECT 1001 + n % 3, 'w' || n, 'orders/updated', now(), now(), 'x' FROM generate_series(1, 20000) n;
INSERT INTO inbox (delivery_id, shop_id, state) SELECT id, shop_id, 'failed' FROM deliveries;
INSERT INTO messages (shop_id, member_id, kind, subject) SELECT 1001 + n % 3, n, 'welcome', 'member:' || n FROM generate_series(1, 20000) n;
INSERT INTO member_tiers (shop_id, member_id, look_on) SELECT 1001 + n % 3, n, current_date FROM generate_series(1, 20000) n;
INSERT INTO tier_events (shop_id, member_id, at, from_tier, to_tier, because, actor, programme_version) SELECT 1001 + n % 3, n, now(), '', 'gold', 'order', 'suki', 1 FROM generate_series(1, 20000) n;
INSERT INTO referral_marks (shop_id, kind, subject, member_id, at) SELECT 1001 + n % 3, 'order', n::text, n, now() FROM generate_series(1, 20000) n;
"""
def scans(plan):
    yield plan
    for each in plan.get("Plans", []):
        yield from scans(each)

def test_plans(engine: Engine, database, shop) -> None:
    with psycopg.connect(database.superuser_url, autocommit=True) as keeper:
        for st in FILL.strip().split(";\n"):
            if st.strip():
                try:
                    keeper.execute(st)
                except Exception as e:
                    print("FILL", st[:60], e)
        keeper.execute("ANALYZE")
    start_programme(engine, shop.id, RULES)
    arrived(engine, shop.id, *range(1, 30))
    bad = {}
    def explain(conn, cursor, statement, parameters, context, executemany):
        raw = conn.connection.dbapi_connection
        if statement.lstrip().split()[0] not in ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE") or "set_config" in statement:
            return
        plan = raw.execute("EXPLAIN (FORMAT JSON) " + statement, parameters).fetchone()[0][0]["Plan"]
        for node in scans(plan):
            if "Scan" not in node["Node Type"] or "Relation Name" not in node:
                if node["Node Type"] != "Bitmap Index Scan": continue
            cond = node.get("Index Cond", "")
            alone = cond and cond.count("=") == 1 and "shop_id" in cond
            if (node["Node Type"] == "Seq Scan" or alone) and node.get("Relation Name") not in ("shops", "programme_versions"):
                bad[(statement[:3000], node["Node Type"], node.get("Relation Name"), node.get("Index Name"), cond, node.get("Filter"))] = 1
    event.listen(engine, "before_cursor_execute", explain)
    try:
        process_waiting(engine, lambda: NOW)
        arrived(engine, shop.id, *range(1, 2))
        for n in range(1, 30):
            with shop_transaction(engine, shop.id) as conn:
                deliveries.add(conn, shop.id, f"again{n}", "orders/updated", NOW, payloads.dumps(payloads.order(n, updated_at="2026-11-21T12:00:00Z", financial_status="refunded")))
        process_waiting(engine, lambda: NOW)
    finally:
        event.remove(engine, "before_cursor_execute", explain)
    for key in bad:
        print("-----", *key[1:], "\n   ", key[0][:700])
    assert 0
