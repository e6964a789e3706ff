"""Mutants that no test can tell from the original, each with the reason."""

from __future__ import annotations

from typing import NamedTuple

from tests.mutants.mutant import Mutant


class Same(NamedTuple):
    """One of them, by its file, function and change."""

    file: str
    function: str
    before: str
    after: str
    reason: str


_SYMMETRIC = "the comparison is the same both ways"
_QUICKLY = "the same is found without it: it only saves nearly every order the way there"
_EXPONENT = "of the number that another is rounded to, only how many decimals it has counts"
_NAMED_ALREADY = "stands for points that are wrong themselves, so that nothing more is said: the most is 1 at least"
_SOME_DAY = "any day of the next month or year leads to its first"
SAME: tuple[Same, ...] = (
    Same(
        "webhooks/verify.py", "signed_by", "hmac.compare_digest(hmac.digest(secret, body, 'sha256'), claimed)",
        "hmac.compare_digest(claimed, hmac.digest(secret, body, 'sha256'))", _SYMMETRIC,
    ),
    Same(
        "plugin/web/auth.py", "prove_operator", "hmac.compare_digest(given, token.get_secret_value().encode())",
        "hmac.compare_digest(token.get_secret_value().encode(), given)", _SYMMETRIC,
    ),
    Same(
        "plugin/web/shopper/proxy.py", "_signed",
        "hmac.compare_digest(hmac.digest(key.encode(), said, 'sha256'), claimed)",
        "hmac.compare_digest(claimed, hmac.digest(key.encode(), said, 'sha256'))", _SYMMETRIC,
    ),
    Same(
        "plugin/web/keys.py", "known_key", "hmac.compare_digest(_mark(own, holder, nonce).encode(), mark.encode())",
        "hmac.compare_digest(mark.encode(), _mark(own, holder, nonce).encode())", _SYMMETRIC,
    ),
    Same(
        "plugin/rules/payloads/json_text.py", "_whole", "64", "65",
        "stands for any number that has too many digits, and is as much too large",
    ),
    Same("plugin/web/gate.py", "write_down_reading", "400", "399", "no answer has the status 399"),
    Same(
        "plugin/rules/referrals/judging.py", "signs",
        "bool(own) and any((similar(email, own) for email in emails))",
        "any((similar(email, own) for email in emails))",
        "an empty address is too short to be similar to any",
    ),
    Same("plugin/rules/worth/known_refunds.py", "with_refunds", "if not alone", "if False", _QUICKLY),
    Same("plugin/rules/worth/money_back.py", "money_back", "if not view.refunds", "if False", _QUICKLY),
    Same(
        "plugin/rules/worth/first_reading.py", "_line", "0", "-1",
        "of what is kept of a line that does not count: less than nothing is nothing",
    ),
    Same("plugin/rules/rewards/reward_settings.py", "Sliding._most_is_whole_steps", "0", "-1", _NAMED_ALREADY),
    Same("plugin/rules/rewards/reward_settings.py", "Sliding._most_is_whole_steps", "0", "1", _NAMED_ALREADY),
    Same("plugin/rules/activities/judging.py", "_next", "32", "31", _SOME_DAY),
    Same("plugin/rules/activities/judging.py", "_next", "32", "33", _SOME_DAY),
    Same("plugin/rules/activities/judging.py", "_next", "366", "367", _SOME_DAY),
    Same("plugin/rules/codes/code_list.py", "read", "0", "-1", "of one cell the last is the first"),
    Same(
        "plugin/rules/versions/programme_file.py", "_Loader.compose_node", "super().compose_node(parent, index)",
        "super().compose_node(index, parent)", "they are only asked for where a path decides about a type",
    ),
    Same("plugin/rules/money.py", "finer_than", "1", "0", _EXPONENT),
    Same("plugin/rules/money.py", "finer_than", "1", "2", _EXPONENT),
    Same("plugin/rules/worth/kept_shipping.py", "_rooms", "0", "-1", "there is no less room than none"),
    Same(
        "plugin/rules/versions/preview.py", "_snapshot", "0", "1",
        "the number of the version is kept for the record; nothing is judged by it",
    ),
)  # fmt: skip


def reason_of(mutant: Mutant) -> str:
    """Why it changes nothing; empty for all others."""
    for one in SAME:
        if (one.file, one.function, one.before, one.after) == (
            mutant.file, mutant.function, mutant.before, mutant.after
        ):  # fmt: skip
            return one.reason
    return ""
