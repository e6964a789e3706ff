"""What the access log knows: each kind of reading personal data and each kind of change, in words for staff.

A read has the key that its route declares; a change has the name of the form's endpoint, or of the job.
"""

from __future__ import annotations

from typing import Final

NOTHING: Final = "nothing"
"""What a page declares that shows nobody's data."""
READS: Final[dict[str, str]] = {
    "members": "Listed or searched members",
    "member": "Opened a member",
    "entries": "Read a member's entries",
    "order": "Read an order",
    "redemptions": "Listed redemptions",
    "redemption": "Opened a redemption",
    "fulfilments": "Listed rewards to fulfil",
    "fulfilment": "Opened a reward to fulfil",
    "referrals": "Listed referrals for review",
    "messages": "Listed sent emails",
    "jobs": "Listed jobs",
    "delivery": "Opened a delivery's content",
    "import_file": "Opened an imported file",
    "staff_acts": "Read what staff did",
    "access_log": "Read the access log",
    "data_requests": "Listed privacy requests",
    "data_request": "Opened a customer's data export",
    "export": "Downloaded members, entries or lots",
    "redemptions_file": "Downloaded redemptions",
    "donations_file": "Downloaded donations",
    "codes_file": "Downloaded codes",
    "access_file": "Downloaded the access log",
}
CHANGES: Final[dict[str, str]] = {
    "save_programme": "Saved the programme",
    "save_order_earning": "Saved what orders earn",
    "save_order_rule": "Saved an order rule",
    "change_order_rule": "Paused, resumed or removed an order rule",
    "try_rule": "Tried an order rule",
    "save_activity": "Saved an activity",
    "change_activity": "Paused, resumed or removed an activity",
    "save_reward": "Saved a reward",
    "change_reward": "Paused, resumed or removed a reward",
    "refill_reward": "Refilled a reward",
    "check_codes": "Had codes checked",
    "import_codes": "Imported codes",
    "discard_codes": "Discarded codes",
    "launch_programme": "Launched the programme",
    "pause_programme": "Paused or resumed a part of the programme",
    "try_as": "Made somebody a test member, or ordinary again",
    "save_cashback": "Saved cashback",
    "save_tiers": "Saved the tiers",
    "save_automatic": "Saved an automatic rule",
    "change_automatic": "Paused, resumed or removed an automatic rule",
    "save_expiry": "Saved when points expire",
    "save_referrals": "Saved referrals",
    "decide_referrals": "Decided on referrals",
    "block_referrals": "Blocked from referrals",
    "unblock_referrals": "Unblocked for referrals",
    "make_codes": "Had codes made",
    "end_codes": "Ended codes",
    "publish_programme": "Published the programme",
    "withdraw_version": "Withdrew a planned programme",
    "send_again": "Sent an email again",
    "save_brand": "Saved the brand",
    "preview": "Previewed the brand",
    "retry_deliveries": "Tried deliveries again",
    "retry_jobs": "Tried jobs again",
    "check_release": "Checked taking redemptions back",
    "release_redemptions": "Took redemptions back",
    "undo_redemption": "Took a redemption back",
    "end_fulfilment": "Fulfilled or cancelled a reward",
    "pay_out": "Marked donations as paid out",
    "decide_readings": "Decided about orders that were read again",
    "set_tier": "Set a member's tier",
    "set_tiers": "Set the tier of members",
    "undo_tiers": "Undid the tiers of members",
    "set_birthday": "Set a member's birthday",
    "check_adjustment": "Checked a correction of points",
    "carry_out_adjustment": "Corrected a member's points",
    "carry_out_undo": "Undid a correction of points",
    "check_redemption": "Checked a redemption for a member",
    "redeem_for_member": "Redeemed for a member",
    "upload_import": "Uploaded a file of members",
    "open_export": "Opened a customer's data",
    "carry_out_import": "Imported members",
    "undo_import": "Undid an import",
    "save_settings": "Saved the shop's settings",
    "set_role": "Changed a role",
    "set_most_a_day": "Changed how many points managers give a day",
    "make_api_key": "Made an API key",
    "revoke_api_key": "Revoked an API key",
    "api_record_activity": "Reported an activity",
    "export_customer": "Collected a customer's data",
    "erase_customer": "Erased a customer",
    "erase_shop": "Erased the shop's data",
}
KINDS: Final = {"read": READS, "change": CHANGES}


def words(kind: str, what: str) -> str:
    """One line of the log in words; what an older version wrote and this one does not know is shown as its key."""
    return KINDS[kind].get(what, what.replace("_", " ").capitalize())
