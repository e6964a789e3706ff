"""People who buy in the made-up history: names in many scripts, habits of buying."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sandbox.shop.discounts import CodeRefused
from sandbox.shop.orders import Wish

Bought = TypeVar("Bought")
# locale, first names, last names
NAMES = (
    ("fil", "Maria Jose Rosario Angelo Liwayway Bayani Tala Dalisay Amihan Marisol Ligaya Jun Inday Crisanto",
     "Santos Reyes Cruz Bautista Ocampo Garcia Mendoza Torres Dimaculangan Macaraeg Tolentino Villanueva"),
    ("fil", "Niño Ma.Teresa Jhun-Jhun Precious Dingdong Rhoda Efren Corazon Emman Gliceria",
     "Peñaflor Dela·Cruz Delos·Santos Ibañez Magsaysay Quezon Lualhati Sumulong"),
    ("en", "Olivia James Amelia Noah Grace Liam Siobhán Zoë Chloë Renée",
    "Smith O'Brien Nguyen Müller Johansson McKay"),
    ("en", "美玲 建國 淑芬 志明", "陳 林 黃 張 王"), ("en", "さくら 健太 陽子 翔", "佐藤 鈴木 高橋 田中"),
    ("en", "지우 민준 서연", "김 이 박 최"), ("en", "فاطمة محمد ليلى", "الهاشمي حداد منصور"),
    ("en", "Анна Дмитрий Олена", "Иванова Шевченко Петров"), ("en", "สมชาย มาลี", "ใจดี ศรีสุข"),
    ("en", "Αθηνά Γιώργος", "Παπαδοπούλου Νικολάου"), ("en", "अनन्या राहुल", "शर्मा पटेल"),
)  # fmt: skip
WEIGHTS = (46, 14, 18, 5, 4, 3, 3, 3, 2, 1, 1)
# share of buyers, days between orders (0: never again)
HABITS = ((0.44, 0), (0.80, 125), (0.95, 47), (1.0, 17))


@dataclass
class Buyer:
    """One person of the history."""

    number: int
    first_name: str
    last_name: str
    email: str
    locale: str
    guest: bool
    days_between: int
    customer_id: int | None = None


def make(dice: random.Random, number: int) -> Buyer:
    """A buyer; the same dice give the same person."""
    locale, firsts, lasts = dice.choices(NAMES, WEIGHTS)[0]
    first = dice.choice(firsts.split()).replace(".", ". ")
    last = dice.choice(lasts.split()).replace("·", " ")
    chance = dice.random()
    days = next(days for share, days in HABITS if chance <= share)
    guest = dice.random() < 0.13
    return Buyer(number, first, last, _address(first, last, number), locale, guest, 0 if guest else days)


def buys_anyway(wish: Wish, buy: Callable[[], Bought]) -> Bought:
    """A buyer whose code is refused buys without it."""
    try:
        return buy()
    except CodeRefused:
        wish.codes = []
        return buy()


def _address(first: str, last: str, number: int) -> str:
    plain = unicodedata.normalize("NFKD", f"{first}.{last}").encode("ascii", "ignore").decode().lower()
    name = "".join(letter for letter in plain if letter.isalnum() or letter == ".").strip(".")
    return f"{name or 'buyer'}.{number}@example.{('com', 'org', 'net')[number % 3]}"
