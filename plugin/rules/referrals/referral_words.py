"""Referrals in words: why a claim is refused, what became of a referral, and what looked suspicious."""

from __future__ import annotations

STAFF = {
    "referral": "A friend ordered with a code of theirs, and the return period is over.",
    "referral_friend": "For a friend who followed a member's link.",
    "referral_lost": "The friend's order no longer stands: {reward} was taken back.",
    "code_unused": "The friend's code was not used in time.",
    "friends_order_lost": "The friend's order was cancelled or refunded.",
    "friends_order_unpaid": "The friend's order is not paid yet.",
    "friends_order_small": "What is left of the friend's order does not reach the minimum.",
    "friends_test_order": "The friend's order is a test.",
    "not_first_order": "It was not the friend's first order.",
    "suspicious": "It looks too much like the advocate's own order.",
    "in_review": "Something about it looks unusual: somebody has to look at it.",
    "in_return_window": "It waits for the end of the return period.",
    "cap_month": "The advocate had as many in this month as the rules allow.",
    "cap_total": "The advocate has had as many as the rules allow.",
    "refused_by_staff": "Staff refused it.",
    "advocate_left": "The advocate had left the programme.",
    "email_malformed": "That is not an e-mail address.",
    "own_link": "The link is their own.",
    "claimed_before": "The address claimed before, or belongs to somebody who has ordered already.",
    "claim_blocked": "The address's domain is blocked.",
    "link_full_today": "The link was claimed as often today as the rules allow.",
    "too_many_tries": "There were too many tries within an hour.",
}
SHOPPER = {
    "referral": "Your friend has ordered.",
    "referral_friend": "A welcome from a friend.",
    "referral_lost": "Your friend's order was cancelled or sent back.",
    "code_unused": "The code was not used in time.",
    "friends_order_lost": "The order was cancelled or sent back.",
    "friends_order_unpaid": "The order is not paid yet.",
    "friends_order_small": "The order was below the minimum.",
    "friends_test_order": "The order was a test.",
    "not_first_order": "It was not their first order.",
    "suspicious": "It did not meet the conditions.",
    "in_review": "We are having a look at it.",
    "in_return_window": "Yours once the return period is over.",
    "cap_month": "You have reached this month's limit.",
    "cap_total": "You have reached the limit of the programme.",
    "refused_by_staff": "It did not meet the conditions.",
    "advocate_left": "You were not in the programme then.",
    "email_malformed": "Please check the e-mail address: something is missing or not allowed in it.",
    "own_link": "This is your own link. Pass it on to a friend.",
    "claimed_before": "This offer is for new customers, once each, and this address has been here before."
    " If you claimed it earlier, the code is in your mailbox.",
    "claim_blocked": "Please use another e-mail address.",
    "link_full_today": "This link has been used a lot today. Please try again tomorrow.",
    "too_many_tries": "That was a lot of tries. Please wait an hour, then try again.",
}
HEADLINES = {
    "referral": "For a friend's order",
    "referral_back": "Taken back: a friend's order",
}
STATES = ("claimed", "ordered", "held", "approved", "paid", "refused", "reversed", "expired")
"""What staff read of each is `programme.referrals.state.<name>`."""
SHOPPER_STATES = {
    "claimed": "Has the code",
    "ordered": "Has ordered",
    "held": "Has ordered: we are having a look",
    "approved": "Has ordered: yours after the return period",
    "paid": "Rewarded",
    "refused": "Did not count",
    "reversed": "Order cancelled or sent back",
    "expired": "Did not use the code",
}
