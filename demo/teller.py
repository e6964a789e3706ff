"""What a story can do and look at, as a merchant, a shopper and the calendar would; each step is written down."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import requests

from demo import programme
from demo.trickle import OF_STORIES
from sandbox import clock
from sandbox.local import Sandbox
from sandbox.pages import app_proxy
from sandbox.pages.journeys import Journey
from sandbox.shop.orders import Wish
from sandbox.state import Record, Shop
from sandbox.webhooks import payloads

PATIENCE_SECONDS = 90.0
EARNING = ("earning", "basis", "welcome_points", "orders")
_SENT = re.compile(r'name="(key|price|offer)" value="([^"]+)"')
_ALONE = re.compile(r"^ {4}(\S+)$", re.MULTILINE)


class Disappointed(Exception):
    """What the story promises did not come."""


@dataclass
class Teller:
    """One story being told."""

    box: Sandbox
    shop: Shop
    journey: Journey
    lines: list[tuple[str, str]] = field(default_factory=list)  # what happened, and where to look
    state: str = "telling"  # telling | told | failed

    def say(self, text: str, look: str = "") -> None:
        """Write a line down."""
        self.lines.append((text, look))

    def today(self) -> str:
        """The day, as the shop's clock on the wall shows it."""
        return f"{clock.now().astimezone(ZoneInfo(self.shop.settings['timezone'])):%-d %B %Y}"

    def customer(self, first_name: str, last_name: str) -> Record:
        """Somebody new opens an account."""
        email = self.address(first_name)
        made = self.box.enrol(self.shop, first_name=first_name, last_name=last_name, email=email, locale="en")
        mails = f"/mailbox?to={email}"
        self.say(f"{first_name} {last_name} opens an account on {self.today()}.", mails)
        self.wait(lambda: "50" in self.rewards(made), "the welcome points")
        return made

    def address(self, first_name: str) -> str:
        """An e-mail address that nobody has used so far."""
        return f"{first_name}.{self.shop.next_id() % 1_000_000}{OF_STORIES}".lower()

    def buy(self, customer: Record, what: str, quantity: int, *codes: str) -> Record:
        """The customer, also one without an account so far, buys so many of one product, and pays."""
        product = next(one for one in self.shop.product.values() if one["title"].startswith(what))
        lines = [(product["variants"][0]["id"], quantity)]
        wish = Wish(lines=lines, customer_id=customer["id"], email=customer["email"], codes=list(codes), shipping=0)
        name = {key: customer[key] for key in ("first_name", "last_name")}
        order = self.box.place(self.shop, wish, **name)
        self.say(
            f"{customer['first_name']} buys {quantity} × {product['title']}{' with ' + codes[0] if codes else ''}.",
            f"/shops/{self.shop.domain}/orders/{order['id']}",
        )
        return order

    def rewards(self, customer: Record, path: str = "rewards") -> str:
        """A page of the app on the storefront, as the customer sees it; somebody whose id is None is not signed in."""
        return self._ask(customer, "GET", path).text

    def press(self, customer: Record, path: str, at: str = "", **fields: str) -> str:
        """Open a page that asks, as soon as it does, and say yes."""

        def shown() -> dict[str, str]:
            return dict(_SENT.findall(self.rewards(customer, path)))

        self.wait(lambda: "key" in shown(), f"the page {path} to offer it")
        return self._ask(customer, "POST", at or path, shown() | fields).text

    def find(self, customer: Record, path: str, pattern: str) -> str:
        """What a page shows in place of the pattern's group, as soon as it does."""

        def there() -> re.Match[str] | None:
            return re.search(pattern, self.rewards(customer, path))

        self.wait(there, f"what the page {path} should show")
        found = there()
        assert found is not None
        return found[1]

    def _ask(self, customer: Record, method: str, path: str, form: dict[str, str] | None = None) -> requests.Response:
        path, _, query = path.partition("?")
        return app_proxy.ask(
            self.box, self.shop, str(customer["id"] or ""), method, path, dict(parse_qsl(query)), form or {},
            {"X-Forwarded-For": payloads.address_seen(customer["id"]), "User-Agent": payloads.BROWSER},
        )  # fmt: skip

    def wait(self, true: Callable[[], object], what: str) -> None:
        """Until it is so."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not true():
            if time.monotonic() > until or self.box.stopping.wait(0.2):
                raise Disappointed(f"We waited for {what}; it did not come.")

    def points(self, customer: Record, points: int) -> None:
        """Wait until the customer has so many points."""
        shown = f'suki-big">{points:,}<'
        self.wait(lambda: shown in self.rewards(customer), f"a balance of {points:,}")
        self.say(f"{customer['first_name']} has {points:,} points.", f"/shops/{self.shop.domain}/apps/suki/rewards")

    def mail(self, customer: Record, words: str) -> None:
        """Wait for a mail whose subject has these words."""

        def there() -> list[str]:
            return [one.subject for one in self.box.post.list(customer["email"], 50) if words in one.subject]

        self.wait(there, f"a mail with “{words}”")
        self.say(f"A mail: “{there()[0]}”", f"/mailbox?to={customer['email']}")

    def mail_tells(self, customer: Record, words: str) -> None:
        """Wait for a mail that says these words, whatever else it is about."""

        def there() -> list[str]:
            return [one.subject for one in self.box.post.list(customer["email"], 50) if words in one.part("plain")]

        self.wait(there, f"a mail that says “{words}”")
        self.say(f"The mail “{there()[0]}” says: {words}", f"/mailbox?to={customer['email']}")

    def mailed_code(self, customer: Record) -> str:
        """The code in a mail that has come: it stands there on a line of its own."""
        found = [
            line for one in self.box.post.list(customer["email"], 50) for line in _ALONE.findall(one.part("plain"))
        ]
        if not found:
            raise Disappointed("No mail has a code in it.")
        self.say(f"The code is {found[0]}.", f"/shops/{self.shop.domain}/discounts")
        return str(found[0])

    def code(self, customer: Record) -> str:
        """The code of the newest reward that the customer redeemed."""
        found: list[str] = []

        def there() -> bool:
            found[:] = re.findall(r"<code[^>]*>([^<]+)</code>", self.rewards(customer))
            return bool(found)

        self.wait(there, "the code")
        self.say(f"The code is {found[0]}.", f"/shops/{self.shop.domain}/discounts")
        return found[0]

    def pass_days(self, days: int) -> None:
        """Move the clock, and wait until every day's work is done."""
        self.journey.begin(days, self.box.stopping)
        self._arrive()
        self.say(f"{days} days pass: it is {self.today()}.", "/clock")

    def pass_minutes(self, minutes: int, why: str) -> None:
        """Move the clock a minute at a time, once the app has heard of everything, and wait until each minute's work is
        done."""
        if not self.box.dispatcher.wait_idle(PATIENCE_SECONDS):
            raise Disappointed("The app did not take what it was to hear.")
        self.journey.begin_minutes(minutes, self.box.stopping)
        self._arrive()
        self.say(f"{minutes} minute{'' if minutes == 1 else 's'} pass{'es' if minutes == 1 else ''}: {why}", "/clock")

    def _arrive(self) -> None:
        """The clock page's journey goes on in its own thread."""
        while self.journey.left and not self.box.stopping.wait(0.1):
            pass


@dataclass(frozen=True)
class Story:
    """One thing to be seen: what it shows, and how it goes."""

    key: str
    title: str
    about: str
    tell: Callable[[Teller], None]
    days: int = 0
    needs: tuple[str, ...] = ()  # of the demo's own programme, beside how points are earned


def _look_at_programme(story: Story, teller: Teller) -> None:
    """Disappointed at once where staff have changed what the story needs; only `make demo` can know."""
    found = programme.changed(teller.shop.domain, (*EARNING, *story.needs)) if clock.movable() else []
    if found:
        more = f" (and {len(found) - 1} more)" if found[1:] else ""
        raise Disappointed(f"it needs the demo's own programme, of which this was changed: {found[0]}{more}.")


def begin(story: Story, teller: Teller) -> None:
    """Tell it in a thread of its own."""

    def tell() -> None:
        try:
            _look_at_programme(story, teller)
            story.tell(teller)
            teller.state = "told"
        except (Disappointed, ValueError, KeyError, requests.RequestException) as error:
            teller.say(f"This did not go as it should: {error}")
            teller.state = "failed"

    threading.Thread(target=tell, name=f"story-{story.key}", daemon=True).start()
