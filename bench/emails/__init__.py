"""Emails: sent by one worker over real SMTP, and rendered by one core."""

from bench.emails.sending import measure

__all__ = ["measure"]
