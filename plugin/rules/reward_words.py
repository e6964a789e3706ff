"""Redemptions and refusals of rewards, in words for staff and for shoppers."""

from __future__ import annotations

STAFF = {
    "spent": "{points} for {reward}.",
    "undone": "{reward} was not used: {points} are back.",
    "expired": "{reward} was not used in time: {points} are back.",
    "released": "{reward} was taken back unused: {points} are back.",
    "creation_failed": "Shopify did not create the code for {reward}: {points} are back.",
    "order_lost": "The order that used {reward} no longer stands: {points} are back.",
    "used_after_all": "An order used {reward} after all: {points} are spent again.",
    "needs_account": "Only customers with an account can redeem.",
    "reward_paused": "The reward is paused.",
    "reward_not_yet": "The reward has not begun yet.",
    "reward_over": "The reward has ended.",
    "reward_used": "The member has used the reward as often as it allows ({limit}).",
    "reward_gone": "The reward has been redeemed as often as it allows in total ({limit}).",
    "not_on_slider": "The points must be from {least} to {most} in steps of {step}.",
    "too_few_points": "{points} are missing.",
    "already_used": "It was used, or has ended: it cannot be undone.",
}
SHOPPER = {
    "spent": "{points} for {reward}.",
    "undone": "You took back {reward}: {points} are back.",
    "expired": "{reward} was not used in time: {points} are back.",
    "released": "{reward} was not used: {points} are back.",
    "creation_failed": "We could not make the code for {reward}: {points} are back.",
    "order_lost": "The order with {reward} was cancelled or refunded: {points} are back.",
    "used_after_all": "{reward} was used after all: {points}.",
    "needs_account": "Sign in with your account to redeem.",
    "reward_paused": "This reward is not available at the moment.",
    "reward_not_yet": "This reward is not available yet.",
    "reward_over": "This reward is no longer available.",
    "reward_used": "You have used this reward already.",
    "reward_gone": "This reward is gone.",
    "not_on_slider": "Choose from {least} to {most} points, in steps of {step}.",
    "too_few_points": "{points} to go.",
    "already_used": "It was used already, or has ended.",
}
HEADLINES = {
    "spent": "Spent on {reward}",
    "returned": "Back from {reward}",
}
