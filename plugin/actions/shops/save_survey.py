"""Staff say what shoppers are asked about their orders, and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.shops import show_programme
from plugin.rules.retention.survey import Survey
from plugin.store.shops import shops
from plugin.store.work import activity_pages


def save_survey(conn: Connection, shop_id: int, survey: Survey, actor: str, now: datetime) -> None:
    """Store it; what was asked before stays as it was asked. The theme shows whether an answer brings points."""
    kept = survey.model_dump(mode="json")
    shops.merge_settings(conn, shop_id, {"survey": kept})
    activity_pages.note_staff_act(conn, shop_id, actor, "save_survey", survey.asked, kept, now)
    show_programme.want(conn, shop_id, now)
