"""Keys of our own, kept encrypted, that outlive the keys they are encrypted with."""

from __future__ import annotations

from sqlalchemy import Connection


def get(conn: Connection, purpose: str) -> bytes | None:
    """The key for a purpose, still encrypted."""
    found = conn.exec_driver_sql("SELECT secret FROM own_keys WHERE purpose = %(p)s", {"p": purpose})
    secret = found.scalar_one_or_none()
    return bytes(secret) if secret is not None else None


def add(conn: Connection, purpose: str, secret: bytes) -> None:
    """Keep an encrypted key, unless there is one."""
    conn.exec_driver_sql(
        "INSERT INTO own_keys (purpose, secret) VALUES (%(p)s, %(s)s) ON CONFLICT DO NOTHING",
        {"p": purpose, "s": secret},
    )
