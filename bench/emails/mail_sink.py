"""A mail server for the bench, in a process of its own: takes every email, counts them, keeps none."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Counting:
    """Says yes to everything, and that it takes several commands at once, as mail servers do."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._count = 0

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """RFC 2920."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        """Count it where the bench can read it."""
        self._count += 1
        if self._count % 100 == 0:
            self._file.write_text(str(self._count))
        return "250 2.0.0 taken"


async def serve(port: int, file: Path) -> None:
    """Until the process ends."""
    handler, loop = Counting(file), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
