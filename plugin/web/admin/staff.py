"""What staff did here."""

from __future__ import annotations

from flask import Flask, Response

from plugin.store import activity_pages
from plugin.store.activity_pages import StaffAct
from plugin.web.admin.layout import number_from, page
from plugin.web.auth import caller
from plugin.web.current import shop, transaction

ACTIONS = {
    "save_programme": "Saved the programme as {subject}",
    "save_reward": "Saved the reward {subject}",
    "release_redemptions": "Took back {subject}",
    "fulfil_reward": "Fulfilled {subject}",
    "cancel_reward": "Cancelled {subject} and gave the points back",
    "pay_out_donations": "Marked donations to {subject} as paid out",
    "import_codes": "Imported codes for {subject}",
    "discard_codes": "Threw away unused codes of {subject}",
    "refill_reward": "Added to the stock of {subject}",
    "pause_reward": "Paused the reward {subject}",
    "resume_reward": "Offered the reward {subject} again",
    "remove_reward": "Removed the reward {subject}",
    "redeem_for_member": "Redeemed for a member: {subject}",
    "undo_redemption": "Took back a redemption: {subject}",
    "make_codes": "Had codes made: {subject}",
    "end_codes": "Ended the codes {subject}",
    "save_activity": "Saved the activity {subject}",
    "pause_activity": "Paused the activity {subject}",
    "resume_activity": "Offered the activity {subject} again",
    "remove_activity": "Removed the activity {subject}",
    "make_api_key": "Made a key for {subject}",
    "revoke_api_key": "Revoked the key for {subject}",
    "set_birthday": "Set the birthday of {subject}",
    "save_brand": "Changed the brand of the mails",
    "save_counts_from": "Set the day from which orders count",
    "retry_deliveries": "Tried failed deliveries again: {subject}",
    "send_again": "Sent message {subject} again",
    "adjust_points": "Gave or took points: {subject}",
    "undo_adjustment": "Undid a correction: {subject}",
    "import_checked": "Uploaded {subject}",
    "import_done": "Imported {subject}",
    "import_undone": "Undid the import {subject}",
    "decide_referral": "Decided a referral, {subject}",
    "block_referrals": "Blocked from referrals: {subject}",
    "unblock_referrals": "Unblocked for referrals: {subject}",
    "set_tier": "Set the tier of {subject}",
    "retry_jobs": "Tried failed jobs again: {subject}",
}


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/activity/staff", view_func=staff)


@caller("session")
def staff() -> Response:
    """One page of the staff log, newest first."""
    with transaction() as conn:
        acts = activity_pages.staff_acts(conn, shop().id, number_from("before"))
    rows = acts[: activity_pages.PAGE]
    older = rows[-1].id if len(acts) > len(rows) else None
    return page("staff.html", rows=rows, older=older, words=_words)


def _words(act: StaffAct) -> str:
    return ACTIONS.get(act.action, act.action.replace("_", " ").capitalize()).format(subject=act.subject)
