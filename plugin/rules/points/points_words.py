"""Points that come and go without an order, in words for staff and for shoppers."""

from __future__ import annotations

STAFF = {
    "adjusted": "A correction by hand: {points}.",
    "adjusted_in_part": "A correction by hand: {points}; more was not there to take.",
    "gift": "A gift: {points}.",
    "goodwill": "Goodwill after a complaint: {points}.",
    "undone_by_staff": "A correction was undone.",
    "welcome": "A welcome to the programme: {points}.",
    "ended": "Not used in time: {points} from {earned_on}. The last warning was recorded on {warned_on}.",
    "ended_before": "Of what is taken back, {points} had ended before; nothing is lost twice.",
    "merged": "Shopify merged two customers; their points are together now.",
}
SHOPPER = {
    "adjusted": "A correction by our team: {points}.",
    "adjusted_in_part": "A correction by our team: {points}.",
    "gift": "A gift: {points}.",
    "goodwill": "With our apologies: {points}.",
    "undone_by_staff": "A correction was undone.",
    "welcome": "Welcome: {points}.",
    "ended": "Not used in time: {points} from {earned_on}.",
    "ended_before": "Of these, {points} had ended before; nothing is lost twice.",
    "merged": "Two of your accounts were merged.",
}
HEADLINES = {
    "welcome": "Welcome points",
    "merged": "Moved when two customers were merged",
    "adjusted": "Corrected by hand",
    "gift": "A gift",
    "goodwill": "With our apologies",
    "undone": "Undone",
    "expired": "Expired: not used in time",
    "expired_back": "Expired points that were taken back: not counted twice",
}
