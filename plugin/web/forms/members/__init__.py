"""The forms about members: what the list is narrowed by, points by hand, tiers, profiles."""
