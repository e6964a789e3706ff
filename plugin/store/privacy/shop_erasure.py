"""Delete a shop's rows a few thousand at a time, in the order of an index, from where the last time ended.

Rows of the ledger stay, for a frozen past is what sums are made of; what words they hold are emptied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql

from plugin.store.privacy.erasure import DELETED_WITH_SHOP
from plugin.store.tables import metadata

DELETED: Mapping[str, str] = {**dict.fromkeys(DELETED_WITH_SHOP, "true"), "jobs": "kind <> 'erase_shop'"}
"""Table and which of its rows. The job that does this is removed by its runner."""
EMPTIED: Mapping[str, tuple[str, str]] = {
    "members": (
        "customer_id = NULL, email = '', email_key = '', first_name = '', last_name = '', locale = '',"
        " state = 'erased', no_profiling = false, no_emails = false, chosen_locale = ''",
        "state <> 'erased' OR customer_id IS NOT NULL",
    ),
    "entries": ("reason = reason - 'reasons' - 'order'", "jsonb_exists_any(reason, ARRAY['reasons', 'order'])"),
    "tier_changes": ("reasons = '[]'", "reasons <> '[]'"),
    "credits": (
        "shopify_id = '', after_transaction = '', reason = '{}'",
        "shopify_id <> '' OR after_transaction <> '' OR reason <> '{}'",
    ),
    "programme_versions": ("note = ''", "note <> ''"),
    "privacy_requests": (
        "result = '{}', marks = '{}', opened_by = '', done_at = coalesce(done_at, now())",
        "kind IN ('customers/data_request', 'shopper/data_request') OR kind = 'customers/redact' AND done_at IS NULL",
    ),
}
"""Table, what is emptied, and in which rows."""
TABLES = (*DELETED, *EMPTIED)


def order_of(table: Table) -> tuple[str, ...]:
    """The columns by which a shop's rows are gone through: those that follow the shop in an index that tells rows
    apart."""
    keys = [tuple(column.name for column in table.primary_key.columns)]
    keys += [tuple(c.name for c in one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    plain = [one for one in table.indexes if one.dialect_options["postgresql"]["where"] is None]
    found = [(one.unique, [str(getattr(part, "name", "")) for part in one.expressions]) for one in plain]
    for _, names in sorted(found, key=lambda one: (not one[0], one[1][-1] != "id", len(one[1]), one[1])):
        if all(name in table.columns and not table.columns[name].nullable for name in names):
            keys.append(tuple(names))
    return next((key[1:] for key in keys if key[0] == "shop_id" and len(key) > 1), ())


@cache
def _columns(name: str) -> tuple[tuple[str, str], ...]:
    table, dialect = metadata.tables[name], postgresql.dialect()  # type: ignore[no-untyped-call]
    return tuple((column, table.columns[column].type.compile(dialect=dialect)) for column in order_of(table))


def step(conn: Connection, shop_id: int, table: str, after: Sequence[str], limit: int) -> tuple[int, list[str] | None]:
    """Delete or empty the next rows, `after` a key; answers how many, and the last key, None for no more."""
    columns = _columns(table)
    names = ", ".join(name for name, _ in columns)
    values: dict[str, object] = {"shop": shop_id, "skip": limit - 1}
    where = "shop_id = %(shop)s" + _bound(columns, ">", after, values)
    texts = ", ".join(f"{name}::text" for name, _ in columns)
    last = None
    if columns:  # else there is one row a shop
        sql = f"SELECT ARRAY[{texts}] FROM {table} WHERE {where} ORDER BY {names} OFFSET %(skip)s LIMIT 1"
        last = conn.exec_driver_sql(sql, values).scalar_one_or_none()
    if last:
        where += _bound(columns, "<=", last, values)
    if table in DELETED:
        done = conn.exec_driver_sql(f"DELETE FROM {table} WHERE {where} AND {DELETED[table]}", values)
    else:
        emptied, which = EMPTIED[table]
        done = conn.exec_driver_sql(f"UPDATE {table} SET {emptied} WHERE {where} AND ({which})", values)
    return done.rowcount, last


def _bound(columns: Sequence[tuple[str, str]], sign: str, key: Sequence[str], values: dict[str, object]) -> str:
    if not key:
        return ""
    prefix = "from" if sign == ">" else "to"
    values |= {f"{prefix}{place}": value for place, value in enumerate(key)}
    names = ", ".join(name for name, _ in columns)
    typed = ", ".join(f"%({prefix}{place})s::{kind}" for place, (_, kind) in enumerate(columns))
    return f" AND ({names}) {sign} ({typed})"
