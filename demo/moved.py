"""The app's own processes with the sandbox's clock: python -m demo.moved worker|serve.

They are what `suki worker` and `suki serve` start; only the clock is given to them. When it jumps, everything
that the schedule would have run meanwhile is run once.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import datetime

from plugin import cli, jobs, worker
from plugin.actions.work.work import Work
from plugin.errors import Unavailable
from plugin.observe import get_logger
from plugin.settings import load_settings
from plugin.store.database.db import create_engine, dispatch_transaction
from plugin.store.reports import health
from plugin.store.work import jobs as stored_jobs
from plugin.store.work.job_kinds import JobKind
from sandbox import clock

LOOK_SECONDS = 0.1
DATED = (JobKind.SEND_MESSAGE, JobKind.MAILING)
"""What has an hour that somebody looks at. The rest is done with these, and as a day begins."""
LOOKS_AT_JOBS = 20
"""While the clock stands, how often it is looked for what is due next."""
LONGEST_WAIT_SECONDS = 60
log = get_logger()


def serve() -> None:
    """gunicorn, as `suki serve` starts it."""
    cli.share_metrics(load_settings())
    words = [sys.executable, "-m", "gunicorn", "-c", cli.GUNICORN_CONFIG, "demo.moved_web:application"]
    os.execv(sys.executable, words)


def work() -> None:
    """The worker, and beside it who watches the clock."""
    cli.share_metrics(load_settings())
    threading.Thread(target=_watch, name="clock", daemon=True).start()
    worker.main(clock.now)


def _watch() -> None:
    settings = load_settings()
    engine = create_engine(settings, "suki-clock", pool_size=2)
    its_work = worker.work_of(settings, engine, clock.now)
    done = clock.seen() or clock.ahead()
    looks = 0
    while True:  # the file of the clock tells nobody when it changes
        moved = clock.ahead()
        stands = moved == done
        if stands and looks % LOOKS_AT_JOBS == 0 or not stands and _caught_up(its_work):
            clock.say_seen(moved, _next_due(its_work))
            done = moved
        looks += 1
        time.sleep(LOOK_SECONDS)


def _caught_up(its_work: Work) -> bool:
    """Run what the schedule has, and what follows from it; False when the database is away."""
    try:
        for _, _, task in jobs.SCHEDULE:
            task(its_work)
        _wait_until_idle(its_work)
    except Unavailable as error:
        log.warning("clock_waits", error=error.message)
        time.sleep(worker.PAUSE_AFTER_ERROR_SECONDS)
        return False
    return True


def _next_due(its_work: Work) -> datetime | None:
    """When an email or a mailing is due next, in whichever shop; None as well while the database is away."""
    try:
        with dispatch_transaction(its_work.engine) as conn:
            return stored_jobs.next_due(conn, its_work.clock(), DATED)
    except Unavailable:
        return None


def _wait_until_idle(its_work: Work) -> None:
    """Until nothing is due any more, three looks in a row: a job that is done may bring the next."""
    until, idle = time.monotonic() + LONGEST_WAIT_SECONDS, 0
    while idle < 3 and time.monotonic() < until:
        with dispatch_transaction(its_work.engine) as conn:
            busy = health.backlog(conn).inbox_due
        idle = 0 if busy or jobs.due(its_work) else idle + 1
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    {"worker": work, "serve": serve}[sys.argv[1]]()
