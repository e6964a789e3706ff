"""Amazon signs with a certificate of its own, for anybody who has an account: what of that is believed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.webhooks.bounces.conftest import CERTIFICATE, NOW, TOPIC, Amazon, Post, certificate
from tests.webhooks.bounces.samples import ses


def test_amazon_signs_in_two_ways_and_both_are_known(post: Post) -> None:
    assert post.ses(ses(post.ref), version="1").status_code == 200
    assert post.state()[1] == "bounced"


@pytest.mark.parametrize(
    "url",
    [
        "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/x.pem",
        "http://sns.eu-west-1.amazonaws.com/x.pem",
        "https://user@sns.eu-west-1.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
        "https://bucket.s3.amazonaws.com/x.pem",
        "https://sns.eu-west-1.amazonaws.com/x.txt",
        "https://[::1/x.pem",
        "file:///x.pem",
        "",
    ],
)
def test_a_certificate_comes_from_amazon_or_not_at_all(post: Post, url: str) -> None:
    assert post.ses(ses(post.ref), before={"SigningCertURL": url}).status_code == 401
    assert post.amazon.asked == []
    assert post.untouched


def test_a_certificate_that_is_none_or_has_ended_is_refused(post: Post) -> None:
    for text_there in (
        b"<html>",
        certificate(ends=NOW - timedelta(hours=2)),
        certificate(begins=NOW + timedelta(hours=2)),
    ):
        post.amazon = Amazon(text_there)
        assert post.ses(ses(post.ref)).status_code == 401
    assert post.untouched


def test_anybody_s_topic_is_not_ours_though_amazon_signed_it(post: Post) -> None:
    other = TOPIC.replace("123456789012", "999999999999")
    assert post.ses(ses(post.ref), before={"TopicArn": other}).status_code == 403
    assert post.ses(ses(post.ref), key=f"{other},{TOPIC}").status_code == 200


def test_a_subscription_is_confirmed_at_amazon_and_nowhere_else(post: Post) -> None:
    confirm = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=x"
    asked = {"Type": "SubscriptionConfirmation", "Token": "x", "SubscribeURL": confirm}
    assert post.ses("You have chosen …", before=asked).status_code == 200
    assert post.amazon.asked == [CERTIFICATE, confirm]
    elsewhere = asked | {"SubscribeURL": "https://evil.example/", "MessageId": "other"}
    assert post.ses("You have chosen …", before=elsewhere).status_code == 401
    assert post.amazon.asked == [CERTIFICATE, confirm]
    foreign = asked | {"TopicArn": TOPIC + "x", "MessageId": "third"}
    assert post.ses("You have chosen …", before=foreign).status_code == 403
    assert len(post.amazon.asked) == 2
