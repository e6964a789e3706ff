"""What operators see: log lines without personal data, and metrics that add up over processes."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping
from typing import Any, Final

import orjson
import prometheus_client
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, multiprocess
from structlog.typing import EventDict, Processor

REMOVED: Final = "[removed]"
DENIED_KEYS: Final = frozenset(
    """
    access_token address address1 address2 api_secret authorization body card card_number city code codes
    cookie customer customer_name display_name email email_key emails encryption_keys first_name headers hmac
    id_token ip last_name latitude longitude mail_subject member_name name note password payload phone query
    query_string recipient recipients refresh_token secret session_token signature smtp_password street token
    user user_agent zip
    """.split()
)
"""Keys whose values never reach a log line, whatever they hold."""
LONGEST_PATH: Final = 200
_IN_ADDRESS: Final = r"[^\s@<>()=,;:'\"]"
_PERSONAL = re.compile(
    rf"(?<!{_IN_ADDRESS}){_IN_ADDRESS}++@{_IN_ADDRESS}*+"  # an e-mail address, also one that is cut
    r"|\bshp(?:at|ca|pa|rt|ss|ua)_[0-9A-Za-z_]++"  # Shopify's tokens
    r"|\bsuki_\d++_\d++_[\w-]++"  # keys of our API
    r"|(?<![\w-])(?=[\w-]*?eyJ)[\w-]++(?:\.[\w-]*+){2,}+"  # a signed web token
    r"|\bgAAAA[\w-]{40,}+=*+"  # something encrypted with our keys
    r"|(?<=DETAIL:).*?(?=\n\[SQL|\nCONTEXT|\nHINT|\Z)",  # a row that PostgreSQL quotes
    re.DOTALL,
)
"""Reads each text a few times, however it is made: what repeats begins where a run begins, and gives nothing back."""

intake_outcomes = Counter("suki_intake", "Webhooks by what became of them", ["outcome"])
intake_batch = Histogram("suki_intake_batch", "Webhooks per commit", buckets=(1, 2, 5, 10, 25, 50, 100, 250))
settle_batch = Histogram("suki_settle_batch", "Deliveries per batch", buckets=(1, 10, 50, 100, 250, 500, 1000))
settle_seconds = Histogram("suki_settle_seconds", "Time to process one batch of deliveries")
delivery_outcomes = Counter("suki_deliveries", "Deliveries by topic and outcome", ["topic", "outcome"])
named_shops = Counter("suki_named_shop", "Deliveries by whether the body names the shop", ["topic", "outcome"])
leavings = Counter("suki_leavings", "Webhooks that say the app was removed, by what Shopify answered", ["outcome"])
waits = Counter("suki_waits", "Transactions undone by another's lock or a time limit", ["where", "why"])
shop_errors = Counter("suki_shop_errors", "Shops that were passed over because of an error of their own", ["round"])
job_outcomes = Counter("suki_jobs", "Jobs by kind and outcome", ["kind", "outcome"])
job_seconds = Histogram("suki_job_seconds", "Time to carry out one job", ["kind"])
api_refusals = Counter("suki_api_refused", "Calls of the API that were turned away at the door", ["why"])
missing_words = Counter("suki_missing_words", "Texts that a catalogue lacks, by language", ["language"])
mail_outcomes = Counter("suki_mails", "Messages by kind and outcome", ["kind", "outcome"])
readers_off = Gauge("suki_event_readers_off", "Readers of events that were left behind", multiprocess_mode="mostrecent")
fact_differences = Counter("suki_fact_differences", "Facts that a recount found to be wrong, and corrected", ["what"])
backlog = Gauge("suki_backlog", "What waits, by queue and state", ["queue", "state"], multiprocess_mode="mostrecent")
backlog_seconds = Gauge(
    "suki_backlog_seconds", "Age of the oldest that waits", ["queue"], multiprocess_mode="mostrecent"
)


def get_logger(**context: object) -> Any:
    """A structured logger: `log.info("intake", arrived=3)`."""
    return structlog.get_logger(**context)


def remove_personal_data(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Processor: empty the denied keys, and mask addresses and tokens inside every other text."""
    return {key: REMOVED if key in DENIED_KEYS else _masked(value) for key, value in event.items()}


def masked(text: str) -> str:
    """A text without e-mail addresses and tokens."""
    return _PERSONAL.sub(REMOVED, text)


def path_shown(path: str) -> str:
    """A request's path as a log line has it: short, and masked before an address in it could be cut in half."""
    return masked(path[: 2 * LONGEST_PATH])[:LONGEST_PATH]


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return remove_personal_data(None, "", dict(value))
    if isinstance(value, list | tuple | set):
        return [_masked(each) for each in value]
    return value


def configure_logging(level: str = "info") -> None:
    """JSON lines on standard output, or coloured lines where a person watches; also for libraries' logs."""
    person = sys.stdout.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        remove_personal_data,
    ]
    last: Processor = structlog.dev.ConsoleRenderer() if person else structlog.processors.JSONRenderer(serializer=_json)
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _configure_libraries(level, shared, last)


def _configure_libraries(level: str, shared: list[Processor], last: Processor) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.add_logger_name,
                structlog.stdlib.PositionalArgumentsFormatter(),
            ],
            processors=[*shared, structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.getLevelNamesMapping()[level.upper()], logging.WARNING))


def _json(event: EventDict, **_options: object) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def forget_process(pid: int) -> None:
    """A process of ours has ended: its gauges no longer count."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(pid)


def metrics_body() -> tuple[bytes, str]:
    """The metrics of all processes on this machine, and their content type."""
    registry = prometheus_client.REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    return prometheus_client.generate_latest(registry), prometheus_client.CONTENT_TYPE_LATEST
