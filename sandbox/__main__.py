"""python -m sandbox: a sandbox until Ctrl-C or SIGTERM."""

from __future__ import annotations

import os

from sandbox.command import command

if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    command(str(__doc__))()
