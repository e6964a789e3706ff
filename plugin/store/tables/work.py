"""What is still to be done outside: effects to carry out, and mails to members."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, SmallInteger, Table, Text, UniqueConstraint, text

from plugin.store.tables.columns import count, id_column, json_column, metadata, shop, text_column, time_column

jobs = Table(
    "jobs",
    metadata,
    id_column(),
    shop(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    json_column("payload"),
    text_column("state", "queued"),  # queued | failed
    count("generation"),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    time_column("not_before", nullable=False, now=True),
    text_column("last_error"),
    time_column("created_at", nullable=False, now=True),
    UniqueConstraint("shop_id", "kind", "subject", name="jobs_once"),
    Index("jobs_due", "shop_id", "kind", "not_before", postgresql_where=text("state = 'queued'")),
)

messages = Table(
    "messages",
    metadata,
    id_column(),
    shop(),
    Column("member_id", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    text_column("state", "queued"),  # queued | sending | sent | skipped | failed | unknown | bounced
    text_column("locale"),
    text_column("mail_subject"),
    text_column("last_error"),
    time_column("created_at", nullable=False, now=True),
    time_column("sent_at"),
    time_column("outcome_at"),  # when it was first sent, skipped, failed or unknown; kept, also when it is sent again
    text_column("nature"),  # transactional | promotional, as it went
    text_column("language"),  # in which it went
    text_column("cause"),  # the order that brought it about, as a subject; empty for none
    Column("part_of", BigInteger),  # the message that it went with
    time_column("handed_at"),  # when it was handed over to the mail server last
    UniqueConstraint("shop_id", "kind", "subject", name="messages_once"),
    Index("messages_kind", "shop_id", "kind", "id"),
    Index("messages_language", "shop_id", "language", "id", postgresql_where=text("language <> ''")),
    Index("messages_promotional", "shop_id", "member_id", "handed_at", postgresql_where=text("nature = 'promotional'")),
    Index("messages_promotional_at", "shop_id", "handed_at", postgresql_where=text("nature = 'promotional'")),
    Index("messages_noted", "shop_id", "sent_at", postgresql_where=text("state = 'sent' AND last_error <> ''")),
    Index("messages_cause", "shop_id", "cause", postgresql_where=text("cause <> ''")),
    Index("messages_part_of", "shop_id", "part_of", postgresql_where=text("part_of IS NOT NULL")),
    Index("messages_member", "shop_id", "member_id"),
    Index("messages_state", "shop_id", "state", "id"),
    Index(
        "messages_mailing",
        "shop_id",
        "subject",
        postgresql_ops={"subject": "text_pattern_ops"},
        postgresql_where=text("kind = 'mailing'"),
    ),
    Index("messages_words", "shop_id", "created_at", postgresql_where=text("mail_subject <> '' OR last_error <> ''")),
)
