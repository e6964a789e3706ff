"""Each provider's webhook: genuine ones are taken in once, everything else is refused and leaves nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from plugin.rules.sending.signed_links import EmailLinks
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from tests.conftest import ShopRow
from tests.webhooks.bounces.conftest import ADDRESS, LOGIN, NOW, TOPIC, Post
from tests.webhooks.bounces.samples import COMPLAINT, SOFT, mailgun, postmark, sendgrid, ses, tell
from webhooks.bounces.receive import MOST_BYTES

EVERY = ("ses", "postmark", "mailgun", "sendgrid")


@pytest.mark.parametrize("provider", EVERY)
def test_a_hard_bounce_suppresses_the_address_and_its_message_says_so(post: Post, provider: str) -> None:
    answer = tell(post, provider)
    assert (answer.status_code, answer.text) == (200, "Taken: 1 of 1\n")
    assert post.state() == ((ADDRESS, "bounced", provider, "5.1.1", 0), "bounced")
    assert post.rows("SELECT last_error FROM messages") == [("the email came back: the address doesn't exist (5.1.1)",)]
    assert post.rows("SELECT count(*) FROM email_optouts") == [(0,)]


@pytest.mark.parametrize("provider", EVERY)
def test_a_soft_bounce_is_counted_and_suppresses_nothing(post: Post, provider: str) -> None:
    assert tell(post, provider, what=SOFT).status_code == 200
    (address, why, _, _, soft), state = post.state()
    assert (address, why, soft, state) == (ADDRESS, "", 1, "bounced")


@pytest.mark.parametrize("provider", EVERY)
def test_a_complaint_suppresses_and_ends_offers_in_shopify_too(post: Post, provider: str) -> None:
    assert tell(post, provider, what=COMPLAINT).status_code == 200
    assert post.state() == ((ADDRESS, "complained", provider, "", 0), "sent")
    assert post.rows("SELECT kind, by FROM email_optouts") == [("promotional", "complaint")]
    assert post.rows("SELECT kind FROM jobs") == [("write_consent",)]


@pytest.mark.parametrize("provider", EVERY)
def test_what_is_told_again_changes_nothing_also_after_an_address_was_lifted(post: Post, provider: str) -> None:
    tell(post, provider)
    with shop_transaction(post.engine, post.shop.id) as conn:
        conn.execute(text("UPDATE suppressions SET why = ''"))
    for _ in range(2):
        again = tell(post, provider)
        assert (again.status_code, again.text) == (200, "Told before\n")
    post.now += timedelta(hours=1)
    assert tell(post, provider).status_code in (200, 403)
    assert post.state()[0][1] == ""
    assert post.rows("SELECT count(*) FROM returned_mails") == [(1,)]


@pytest.mark.parametrize("provider", EVERY)
def test_a_message_of_another_shop_or_one_we_never_made_is_refused(
    post: Post, provider: str, other_shop: ShopRow
) -> None:
    _, message, mark = post.ref.split(".")
    foreign = EmailLinks("", b"x").ref(post.shop.id, post.message)
    for ref in (f"{other_shop.id}.{message}.{mark}", f"{post.shop.id}.{int(message) + 1}.{mark}", foreign, "nonsense"):
        answer = tell(post, provider, ref)
        assert (answer.status_code, answer.text) == (403, "This names a message that is none of ours\n")
    assert post.untouched


@pytest.mark.parametrize("provider", EVERY)
def test_what_is_no_failure_or_not_from_us_is_taken_quietly(post: Post, provider: str, engine: Engine) -> None:
    quiet: dict[str, Any] = {
        "ses": {"eventType": "Delivery", "mail": {}},
        "postmark": {"RecordType": "Delivery", "MessageID": "x"},
        "mailgun": {"event": "delivered"},
        "sendgrid": [{"event": "open"}],
    }
    send = {"ses": post.ses, "postmark": post.postmark, "mailgun": post.mailgun, "sendgrid": post.sendgrid}[provider]
    assert send(quiet[provider]).status_code == 200
    bare = {
        "ses": lambda: ses(""),
        "postmark": lambda: postmark(""),
        "mailgun": lambda: mailgun(""),
        "sendgrid": lambda: sendgrid(""),
    }
    post.now += timedelta(seconds=5)
    options = (
        {"token": "u" * 50}
        if provider == "mailgun"
        else {"before": {"MessageId": "other"}}
        if provider == "ses"
        else {}
    )
    assert send(bare[provider](), **options).status_code == 200
    assert post.state() == ((), "sent")


def test_signatures_that_are_not_the_provider_s_are_refused(post: Post) -> None:
    refused = [
        post.postmark(postmark(post.ref), "suki:another-password"),
        post.postmark(postmark(post.ref), ""),
        post.client("postmark", LOGIN).post("/webhooks/email/postmark", json=postmark(post.ref)),
        post.mailgun(mailgun(post.ref), key="other"),
        post.mailgun(mailgun(post.ref), token=""),
        post.sendgrid(sendgrid(post.ref), signature="AAAA"),
        post.sendgrid(sendgrid(post.ref), signature="ö"),
        post.sendgrid(sendgrid(post.ref), seconds="1"),
        post.sendgrid([], body=b'[{"event":"bounce"}]'),
        post.ses(ses(post.ref), Message='{"eventType":"Delivery"}'),
        post.ses(ses(post.ref), Signature="AAAA"),
        post.ses(ses(post.ref), Signature="?"),
        post.ses(ses(post.ref), SignatureVersion="1"),
        post.ses(ses(post.ref), SignatureVersion="3"),
        post.ses(ses(post.ref), Type="SubscriptionConfirmation"),
    ]
    assert [answer.status_code for answer in refused] == [401] * len(refused)
    assert all(answer.text.strip() for answer in refused)
    assert post.untouched


def test_what_was_signed_long_ago_or_ahead_of_time_is_refused(post: Post) -> None:
    for days in (-4, 1):
        moment = NOW + timedelta(days=days)
        stamp = {"Timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        assert post.ses(ses(post.ref), before=stamp).status_code == 403
        assert post.mailgun(mailgun(post.ref), at=moment).status_code == 403
        assert post.sendgrid(sendgrid(post.ref), at=moment).status_code == 403
    assert post.ses(ses(post.ref), before={"Timestamp": "soon"}).status_code == 403
    assert post.untouched


def test_a_token_of_mailgun_s_is_good_for_one_body(post: Post) -> None:
    """Its signature says nothing of the body: whoever has seen one could put another under it."""
    assert post.mailgun({"event": "delivered"}).status_code == 200
    other = post.mailgun(mailgun(post.ref))
    assert (other.status_code, other.text) == (403, "Something else was told under this name before\n")
    assert post.state() == ((), "sent")


@pytest.mark.parametrize("provider", EVERY)
def test_bodies_that_are_too_large_or_no_json_are_refused(post: Post, provider: str) -> None:
    keys = {"ses": TOPIC, "postmark": LOGIN, "mailgun": "mg", "sendgrid": ""}
    if provider == "sendgrid":
        assert post.sendgrid([], body=b"x" * (MOST_BYTES + 1)).status_code == 413
        assert post.sendgrid("text").status_code == 422
        assert post.sendgrid(["text"]).status_code == 422
        return
    client, path = post.client(provider, keys[provider]), f"/webhooks/email/{provider}"
    assert client.post(path, data=b"x" * (MOST_BYTES + 1)).status_code == 413
    headers = {"Authorization": "Basic c3VraTphLWxvbmctcGFzc3dvcmQ="}
    for body in (b"", b"{", b"[]", b'"x"', b"\xff"):
        assert client.post(path, data=body, headers=headers).status_code == 422
    assert post.untouched


def test_only_the_provider_of_this_installation_is_heard_and_only_by_post(post: Post) -> None:
    client = post.client("postmark", LOGIN)
    for path in ("/webhooks/email/ses", "/webhooks/email/", "/webhooks/email/postmark/x", "/webhooks/email/nobody"):
        assert client.post(path, data=b"{}").status_code == 404
    assert client.get("/webhooks/email/postmark").status_code == 405


def test_many_events_of_one_call_are_each_taken_and_a_forged_one_is_not(post: Post, settings: Settings) -> None:
    good, forged = sendgrid(post.ref)[1], sendgrid("1.1." + "0" * 32)[1] | {"sg_event_id": "two"}
    answer = post.sendgrid([forged, good, good | {"sg_event_id": "three"}, {"event": "click"}])
    assert (answer.status_code, answer.text) == (200, "Taken: 2 of 3\n")
    assert post.rows("SELECT count(*) FROM returned_mails") == [(2,)]


def test_an_address_that_is_written_in_another_way_is_the_same(post: Post) -> None:
    said = postmark(post.ref) | {"Email": f" {ADDRESS.upper()} "}
    post.postmark(said)
    assert post.state()[0][0] == ADDRESS


def test_a_message_that_is_gone_is_no_reason_to_tell_it_again(post: Post) -> None:
    with shop_transaction(post.engine, post.shop.id) as conn:
        conn.execute(text("DELETE FROM messages"))
    answer = post.postmark(postmark(post.ref))
    assert (answer.status_code, answer.text) == (200, "Taken: 0 of 1\n")


def test_of_somebody_whose_data_was_erased_nothing_is_kept_again(post: Post) -> None:
    with shop_transaction(post.engine, post.shop.id) as conn:
        conn.execute(text("UPDATE members SET state = 'erased', email = '', customer_id = NULL"))
    for what in ("hard", "complaint"):
        assert tell(post, "postmark", what=what).text == "Taken: 0 of 1\n"
    assert post.rows("SELECT count(*) FROM suppressions") == [(0,)]
    assert post.rows("SELECT count(*) FROM returned_mails") == [(0,)]
