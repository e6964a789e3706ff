"""A shop's online store: a small theme of its own, with the blocks of an app's theme extension in it."""
