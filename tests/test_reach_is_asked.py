"""Nothing reaches anybody without asking `rules/reach.py`: a list of who asks, read from the code itself."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugin import jobs
from plugin.store.work.job_kinds import JobKind as K

ROOT = Path(__file__).parents[1]
OUTWARD = {
    K.CODE, K.SEND_CREDIT, K.MAKE_CODES, K.FILL_POOL, K.LOOK_AT_POOLS, K.SEND_MESSAGE, K.PUSH_MEMBER, K.PUSH_PROFILE,
    K.TIER_TAG, K.SHOW_PROGRAMME,
}  # fmt: skip
"""Jobs that make, change or send something beyond our database: each asks before it does."""
READS = {
    K.FETCH_PRODUCT, K.FETCH_VARIANT, K.FETCH_CUSTOMER, K.FETCH_ORDER, K.PENDING_REFUND, K.FIND_TAGGED, K.RECONCILE,
    K.LEAVING, K.CHECK_SENDER, K.PAST_ORDERS,
}  # fmt: skip
"""Jobs that only ask Shopify, or DNS."""
THEIR_OWN_WORD = {K.WRITE_CONSENT}
"""Jobs that pass on what somebody said of themselves, whatever the programme does."""
TO_THE_MERCHANT = {K.SEND_WEBHOOKS, K.REPLAY_EVENTS}
"""Jobs that tell programs of the merchant's own what happened; no shopper is reached by them."""
GIVES = {K.CELEBRATE, K.AUTOMATIC, K.TURN_POINTS, K.BULK_ACT, K.CLAIM_REFERRAL, K.REFERRAL, K.EXPIRE_POINTS}
"""Jobs that give or take by themselves: each asks for every member, by itself or by what it calls for each."""
WITHIN = {
    K.CASHBACK, K.POST_REDEMPTION, K.LIMITS, K.LIFT_GUESSES, K.READ_AGAIN, K.IMPORT_MEMBERS, K.TIERS,
    K.PROGRAMME_BEGINS, K.SHOW_EVERYONE, K.INDEX_DELIVERIES, K.EXPORT_CUSTOMER, K.ERASE_CUSTOMER, K.STRIP_BODIES,
    K.EMPTY_BODIES, K.END_PERIODS, K.ERASE_SHOP, K.REFRESH_STATS, K.REBUILD_FACTS, K.RECOUNT_FACTS,
    K.FOLLOW_EVENTS, K.DAILY_EMAILS, K.MAILING, K.WATCH_CHECKOUTS, K.LIST_MEMBERS,
}  # fmt: skip
"""Jobs that keep our own books, and queue others."""
ASK = {"ask", "reached", "insist", "insist_on_reach"}
"""What asks: `reach.ask`, the two in `actions/members/reached.py`, for several and for one or not at all, and that of
`messages/may_go.py`, for an email when it is read and again when it is handed over."""
ASKED = {
    "plugin/actions/activities/celebrate.py", "plugin/actions/activities/record_activity.py",
    "plugin/actions/codes/code_batches.py", "plugin/actions/codes/code_pools.py",
    "plugin/actions/rewards/carry_out_redemption.py",
    "plugin/actions/codes/fill_codes.py", "plugin/actions/gifts/automatic.py", "plugin/actions/gifts/give_reward.py",
    "plugin/actions/gifts/hand_out.py", "plugin/actions/members/enrol_member.py",
    "plugin/actions/members/push_members.py", "plugin/actions/members/push_profiles.py",
    "plugin/actions/orders/before_launch.py", "plugin/actions/points/expire_points.py",
    "plugin/actions/referrals/claim_referral.py", "plugin/actions/referrals/judge_referrals.py",
    "plugin/actions/rewards/redeem_points.py", "plugin/actions/rewards/send_credits.py",
    "plugin/actions/shops/show_programme.py", "plugin/actions/bulk/tags_for_many.py",
    "plugin/actions/members/tell_members.py", "plugin/actions/tiers/place_members.py",
    "plugin/actions/tiers/watch_tiers.py",
    "plugin/actions/orders/estimate_cart.py", "plugin/web/shopper/api/reads/history.py",
    "plugin/web/shopper/offers.py",
    "plugin/actions/activities/give_birthday.py",
    "plugin/messages/may_go.py", "plugin/messages/sending/send.py",
    "plugin/messages/sending/together.py", "plugin/web/gate.py",
}  # fmt: skip
"""Every file that asks because it makes, sends, gives or shows something."""
SHOWN_ONLY = {
    "plugin/web/admin/messages/mails.py",
    "plugin/web/admin/messages/letter.py",
    "plugin/actions/emails/keeping.py",
    "plugin/actions/emails/coming/of_time.py",
}
"""Files that ask to tell staff what would come of it."""

TO_STAFF = {"plugin/web/admin/messages/email_test.py"}
"""What goes to who asked for it, with made-up values, and to no member."""


def files() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted([*ROOT.glob("plugin/**/*.py"), *ROOT.glob("webhooks/**/*.py")]):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def called(tree: ast.AST) -> set[str]:
    """The names of everything that is called, `reach.ask` as `ask` where it is ours."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
                found.add(node.func.attr if owner == "reach" else f"{owner}.{node.func.attr}")
            elif isinstance(node.func, ast.Name) and node.func.id != "ask":  # another one: ours has its owner
                found.add(node.func.id)
    return found


def module_of(kind: K) -> str:
    """The file that carries out a job of this kind."""
    how = jobs.KINDS[kind]
    one = how.one or how.together or how.side_by_side
    path = inspect.getsourcefile(one) if one else None
    assert path is not None
    return Path(path).relative_to(ROOT).as_posix()


def test_every_kind_of_job_is_known_to_reach_outside_or_not_to() -> None:
    sets = [OUTWARD, READS, THEIR_OWN_WORD, TO_THE_MERCHANT, GIVES, WITHIN]
    assert sorted(K) == sorted(kind for each in sets for kind in each)


@pytest.mark.parametrize("kind", sorted(OUTWARD))
def test_a_job_that_reaches_outside_asks_whether_it_may(kind: K) -> None:
    assert module_of(kind) in ASKED


def test_the_list_of_who_asks_is_the_code_s_own() -> None:
    asking = {path for path, tree in files() if called(tree) & ASK}
    assert asking - SHOWN_ONLY - {"plugin/actions/members/reached.py"} == ASKED


def test_a_message_is_written_down_at_one_place_which_asks() -> None:
    writers = {path for path, tree in files() if "messages.queue" in called(tree)}
    assert writers == {"plugin/actions/members/tell_members.py"}


def test_a_mail_is_handed_over_at_one_place_which_asks() -> None:
    senders = {path for path, tree in files() if "mailer.send" in called(tree) or ".send" in called(tree)}
    own = {path for path in senders if path.startswith("plugin/actions/") or "messages/" in path}
    assert own - TO_STAFF <= ASKED


def test_a_shopper_s_page_is_opened_behind_the_gate_which_asks() -> None:
    tree = ast.parse((ROOT / "plugin/web/gate.py").read_text())
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert "ask" in called(functions["_show"])
    assert "_show" in called(functions["_open_visit"])
    assert "_open_visit" in called(functions["prove_caller"])


def test_redemptions_are_begun_where_it_was_asked() -> None:
    beginners = {path for path, tree in files() if {"begin", "redemptions.reserve"} & called(tree)}
    known = {"plugin/actions/rewards/redeem_points.py", "plugin/actions/gifts/give_reward.py"}
    of_orders = {"plugin/actions/orders/order_effects.py", "plugin/actions/rewards/begin_redemptions.py"}
    assert {path for path in beginners if path.startswith("plugin/actions")} == known | of_orders


def test_whether_somebody_left_decides_on_mails_and_metafields_nowhere_else() -> None:
    compared = {
        path
        for path, tree in files()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(each, ast.Constant) and each.value in ("left", "erased") for each in ast.walk(node))
    }
    keeps_nothing_of_the_erased = {"plugin/actions/sending/take_back.py"}
    deciding = {path for path in compared if "/members/push_" in path or "send" in path or "/messages/" in path}
    assert deciding - keeps_nothing_of_the_erased == set()
