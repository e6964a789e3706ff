"""The forms by which staff make an email their own."""
