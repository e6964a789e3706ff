"""Previews and merchants' own sources, rendered in a process of its own."""

from plugin.messages.apart.room import ROOM, Apart, preview, render_apart, rendered

__all__ = ["ROOM", "Apart", "preview", "render_apart", "rendered"]
