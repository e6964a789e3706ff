"""Every type of block: what it says by default, and how it looks."""
