"""What the access log knows: each kind of reading personal data and each kind of change.

A read has the key that its route declares; a change has the name of the form's endpoint, or of the job. Staff read
`access.read.<key>` and `access.change.<key>`.
"""

from __future__ import annotations

from typing import Final

from babel import Locale

from plugin.rules.words.texts import text

NOTHING: Final = "nothing"
"""What a page declares that shows nobody's data."""
READS: Final = (
    "members",
    "member",
    "entries",
    "order",
    "redemptions",
    "redemption",
    "suppressions",
    "fulfilments",
    "fulfilment",
    "referrals",
    "messages",
    "jobs",
    "delivery",
    "import_file",
    "staff_acts",
    "access_log",
    "data_requests",
    "data_request",
    "export",
    "redemptions_file",
    "donations_file",
    "codes_file",
    "access_file",
)
CHANGES: Final = (
    "carry_out_bulk_act",
    "stop_bulk_act",
    "undo_bulk_act",
    "save_view",
    "remove_view",
    "save_programme",
    "save_order_earning",
    "save_order_rule",
    "change_order_rule",
    "try_rule",
    "check_snippet",
    "save_activity",
    "change_activity",
    "save_reward",
    "change_reward",
    "refill_reward",
    "check_codes",
    "import_codes",
    "discard_codes",
    "save_cashback",
    "save_tiers",
    "save_automatic",
    "change_automatic",
    "save_expiry",
    "save_referrals",
    "decide_referrals",
    "block_referrals",
    "unblock_referrals",
    "make_codes",
    "end_codes",
    "publish_programme",
    "withdraw_version",
    "send_again",
    "save_brand",
    "choose_logo",
    "save_email",
    "save_email_source",
    "choose_picture",
    "restore_email",
    "reset_email",
    "save_survey",
    "save_sending",
    "save_kind_settings",
    "staff_adjust",
    "staff_redeem_for",
    "staff_release_for",
    "staff_birthday_for",
    "staff_join_for",
    "save_look",
    "note_places",
    "begin_with_start",
    "put_step_away",
    "bring_steps_back",
    "preview",
    "preview_look",
    "retry_deliveries",
    "retry_jobs",
    "check_release",
    "release_redemptions",
    "undo_redemption",
    "end_fulfilment",
    "pay_out",
    "decide_readings",
    "set_tier",
    "set_tiers",
    "undo_tiers",
    "set_birthday",
    "check_adjustment",
    "carry_out_adjustment",
    "carry_out_undo",
    "check_redemption",
    "redeem_for_member",
    "upload_import",
    "open_export",
    "carry_out_import",
    "undo_import",
    "save_settings",
    "lift_suppression",
    "save_sender",
    "check_sender",
    "save_counting",
    "launch_programme",
    "pause_programme",
    "try_programme",
    "try_as",
    "set_role",
    "set_most_a_day",
    "make_api_key",
    "revoke_api_key",
    "api_record_activity",
    "export_customer",
    "erase_customer",
    "erase_shop",
)
KINDS: Final = {"read": frozenset(READS), "change": frozenset(CHANGES)}


def words(kind: str, what: str, locale: Locale) -> str:
    """One line of the log in words; what an older version wrote and this one does not know is shown as its key."""
    if what not in KINDS[kind]:
        return what.replace("_", " ").capitalize()
    return text(locale, f"access.read.{what}" if kind == "read" else f"access.change.{what}")
