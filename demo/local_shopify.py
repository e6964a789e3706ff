"""python -m demo.local_shopify: the sandbox, with the demo's own pages in it."""

from __future__ import annotations

from demo import background, story_pages
from sandbox.command import command
from sandbox.pages.server import Addition

ADDITIONS = (Addition(background.blueprint), Addition(story_pages.blueprint, "Stories", "stories"))

if __name__ == "__main__":
    command(str(__doc__), ADDITIONS)()
