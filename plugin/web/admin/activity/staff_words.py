"""What staff did, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from plugin.rules import subjects
from plugin.rules.names import staff_log
from plugin.store.members.members import Member
from plugin.store.work.activity_pages import StaffAct
from plugin.web import shown

ACTIONS: Final[Mapping[str, str]] = {
    "save_programme": "Saved the programme as {subject}",
    "carry_programme": "Took what was saved into the planned programme, now {subject}",
    "withdraw_programme": "Withdrew the planned programme, {subject}",
    "save_order_rule": "Saved the order rule {subject}",
    "pause_order_rule": "Paused the order rule {subject}",
    "resume_order_rule": "Resumed the order rule {subject}",
    "end_order_rule": "Ended the campaign {subject}",
    "remove_order_rule": "Removed the order rule {subject}",
    "save_automatic": "Saved the automatic rule {subject}",
    "pause_automatic": "Paused the automatic rule {subject}",
    "resume_automatic": "Resumed the automatic rule {subject}",
    "remove_automatic": "Removed the automatic rule {subject}",
    "save_reward": "Saved the reward {subject}",
    "pause_reward": "Paused the reward {subject}",
    "resume_reward": "Offered the reward {subject} again",
    "remove_reward": "Removed the reward {subject}",
    "refill_reward": "Added to the stock of {subject}",
    "save_activity": "Saved the activity {subject}",
    "pause_activity": "Paused the activity {subject}",
    "resume_activity": "Offered the activity {subject} again",
    "remove_activity": "Removed the activity {subject}",
    "redeem_for_member": "Redeemed for {member}: {subject}",
    "undo_redemption": "Took back what {member} had redeemed: {subject}",
    "release_redemptions": "Took back {subject}",
    "fulfil_reward": "Fulfilled {subject}",
    "cancel_reward": "Cancelled {subject} and gave the points back",
    "pay_out_donations": "Marked donations to {subject} as paid out",
    "import_codes": "Imported codes for {subject}",
    "discard_codes": "Threw away unused codes of {subject}",
    "make_codes": "Had codes made: {subject}",
    "end_codes": "Ended the codes {subject}",
    "set_role": "Gave {subject} another role",
    "set_most_a_day": "Let managers give or take {subject} points a day by hand",
    "make_api_key": "Made a key for {subject}",
    "revoke_api_key": "Revoked the key for {subject}",
    "set_birthday": "Set the birthday of {subject}",
    "save_brand": "Changed the brand of the mails",
    "save_counts_from": "Let orders count from {subject} on",
    "launch_programme": "Launched the programme",
    "pause_programme": "Paused {subject}",
    "resume_programme": "Resumed {subject}",
    "add_test_member": "Made {subject} a test member",
    "remove_test_member": "Made {subject} an ordinary member again",
    "take_readings": "Took the new value of {count:order|orders} over",
    "leave_readings": "Left {count:order|orders} as they were read before",
    "retry_deliveries": "Tried {count:delivery|deliveries} again that had failed",
    "retry_jobs": "Tried {count:job|jobs} again that had failed",
    "send_again": "Sent {count:mail|mails} again",
    "adjust_points": "Gave or took points: {subject}",
    "undo_adjustment": "Undid a correction: {subject}",
    "import_checked": "Uploaded {subject}",
    "import_done": "Imported {subject}",
    "import_undone": "Undid the import of {subject}",
    "decide_referral": "Decided on referral {subject}",
    "block_referrals": "Blocked from referrals: {subject}",
    "unblock_referrals": "Took off the block list: {subject}",
    "set_tier": "Set the tier of {subject}",
    "set_tiers": "Set the tier of {count:member|members}",
    "undo_tiers": "Undid the tiers of {count:member|members}",
}
_COUNT: Final = re.compile(r"\{count:(\w+)\|(\w+)\}")


def members_in(acts: Iterable[StaffAct]) -> set[int]:
    """The members whom the acts are about."""
    known = list(acts)
    named = staff_log.members_in(act.subject for act in known)
    return named | {act.detail["member"] for act in known if "member" in act.detail}


def words(act: StaffAct, people: Mapping[int, Member]) -> str:
    """One act; members by their names."""
    pattern = ACTIONS.get(act.action, act.action.replace("_", " ").capitalize() + ": {subject}")
    count = int(act.detail.get("count") or act.detail.get("members") or 1)
    said = _COUNT.sub(lambda found: f"{shown.number(count)} {found[1] if count == 1 else found[2]}", pattern)
    said = said.replace("{member}", _name(int(act.detail.get("member") or 0), people))
    said = said.replace("{subject}", named(_subject(act), people))
    return f"{said}, version {act.detail['version']}" if "version" in act.detail else said


def _subject(act: StaffAct) -> str:
    if act.action == "save_counts_from":
        return shown.day(datetime.fromisoformat(act.subject))
    return act.subject


def named(text: str, people: Mapping[int, Member]) -> str:
    """A text with the names of members, and without the marks of what is on a block list."""
    return subjects.without_domain(staff_log.with_members(text, lambda number: _name(number, people)))


def _name(number: int, people: Mapping[int, Member]) -> str:
    member = people.get(number)
    return member.name if member is not None and member.state != "erased" else str(staff_log.Member(number))
