"""The app's web part with the sandbox's clock, for gunicorn."""

from __future__ import annotations

from plugin.app import Application
from sandbox import clock

application = Application(clock.now)
