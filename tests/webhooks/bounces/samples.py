"""What each provider tells of a message, as its documentation has it."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.webhooks.bounces.conftest import ADDRESS, Post

HARD, SOFT, COMPLAINT = "hard", "soft", "complaint"


def ses(ref: str, what: str = HARD) -> Any:
    """As "Amazon SNS notification contents for Amazon SES" has it."""
    mail = {
        "messageId": "00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa0680-000000",
        "destination": [ADDRESS],
        "tags": {"ses:from-domain": ["example.com"], "suki": [ref.replace(".", "_")]},
    }
    if what == COMPLAINT:
        complaint = {
            "feedbackId": "f1",
            "complainedRecipients": [{"emailAddress": ADDRESS}],
            "complaintFeedbackType": "abuse",
        }
        return {"notificationType": "Complaint", "mail": mail, "complaint": complaint}
    recipient = {"emailAddress": ADDRESS, "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1"}
    if what == SOFT:
        recipient["status"] = "5.2.2"
    bounce = {
        "bounceType": "Permanent" if what == HARD else "Transient",
        "feedbackId": "f1",
        "bouncedRecipients": [recipient],
    }
    return {"eventType": "Bounce", "mail": mail, "bounce": bounce}


def postmark(ref: str, what: str = HARD) -> Any:
    """As "Bounce webhook" and "Spam complaint webhook" have it."""
    kinds = {
        HARD: ("Bounce", "HardBounce", 1),
        SOFT: ("Bounce", "SoftBounce", 4096),
        COMPLAINT: ("SpamComplaint", "SpamComplaint", 512),
    }
    record, kind, code = kinds[what]
    return {
        "RecordType": record, "ID": 692560173, "Type": kind, "TypeCode": code, "MessageStream": "outbound",
        "MessageID": "2c1b63fe-43f2-4db5-91b0-8bdfa44a9316", "Details": "smtp;550 5.1.1 unknown user",
        "Email": ADDRESS, "Inactive": True, "CanActivate": True, "Metadata": {"suki": ref},
    }  # fmt: skip


def mailgun(ref: str, what: str = HARD) -> Any:
    """As "Event structure" has it."""
    event: dict[str, Any] = {"event": "failed", "severity": "permanent", "reason": "bounce"}
    event["delivery-status"] = {
        "code": 550 if what == HARD else 552,
        "message": "5.1.1 no such user" if what == HARD else "5.2.2 full",
    }
    if what == COMPLAINT:
        event = {"event": "complained"}
    return event | {"id": "G9Bn5sl1TC6nu79C8C0bwg", "recipient": ADDRESS, "user-variables": {"suki": ref}}


def sendgrid(ref: str, what: str = HARD) -> Any:
    """As "Event webhook reference" has it."""
    kinds = {
        HARD: {"event": "bounce", "type": "bounce", "status": "5.1.1"},
        SOFT: {"event": "bounce", "type": "blocked", "status": "5.7.1"},
        COMPLAINT: {"event": "spamreport"},
    }
    event = kinds[what] | {
        "email": ADDRESS,
        "timestamp": 1669651200,
        "sg_event_id": "rbtnWrG1DVDGGGFHFyun0A==",
        "suki": ref,
    }
    return [{"event": "delivered", "email": ADDRESS}, event]


def tell(post: Post, provider: str, ref: str = "", what: str = HARD) -> TestResponse:
    ref = ref or post.ref
    if provider == "ses":
        return post.ses(ses(ref, what))
    if provider == "postmark":
        return post.postmark(postmark(ref, what))
    return post.mailgun(mailgun(ref, what)) if provider == "mailgun" else post.sendgrid(sendgrid(ref, what))
