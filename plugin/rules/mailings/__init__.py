"""Emails that ask members to come: mailings, and reminders of a checkout left behind."""
