"""Headings that nobody listed: known by the words in them, and by what other languages call a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from plugin.rules.imports.meanings import Meaning, names


@dataclass(frozen=True, slots=True)
class Words:
    """A heading has one of each group's words, and none of those that make it something else."""

    groups: tuple[frozenset[str], ...]
    others: frozenset[str] = frozenset()

    def fit(self, key: str) -> bool:
        """Whether the heading, as `heading_key` writes it, is meant."""
        said = set(key.split())
        return all(group & said for group in self.groups) and not self.others & said


def _words(groups: str, others: str = "") -> Words:
    return Words(tuple(frozenset(group.split("|")) for group in groups.split()), frozenset(others.split()))


_NOT_HELD = (
    "pending spent expired expiring expiry lifetime ever time earned used redeemed credit credits gift value date"
)
LIKE: Final[Mapping[Meaning, tuple[Words, ...]]] = {
    Meaning.EMAIL: (
        _words(
            "email|mail", "consent marketing status state opt opted accepts subscribed sent verified bounced last at"
        ),
    ),
    Meaning.POINTS: (
        _words("points|point|pts current|available|balance|now|remaining|redeemable|spendable|usable", _NOT_HELD),
    ),
    Meaning.LIFETIME: (
        _words("points|point|pts lifetime|ever", "spent expired redeemed"),
        _words("points|point|pts all time", "spent expired redeemed"),
        _words("points|point|pts total earned", "spent expired redeemed last"),
    ),
    Meaning.TIER: (
        _words("tier", "date end ends until since expires expiry start started points id next progress entered at on"),
    ),
    Meaning.BIRTHDAY: (_words("birthday|birthdate|bday|dob", "points reward gift sent last given"),),
    Meaning.JOINED: (_words("joined|enrolled", "by via source referral"),),
    Meaning.REFERRAL: (_words("referral|referrer|refer code|link|url|id", "used by friend discount count clicks"),),
    Meaning.EXCLUDED: (_words("state|status member|membership|loyalty|program|programme", "email shopify type"),),
}
"""Words by which a column is known where its whole heading is not."""
ABROAD: Final[Mapping[Meaning, frozenset[str]]] = {
    Meaning.EMAIL: names(
        "mail, e mail adresse, email adresse, correo, correo electrónico, correo electronico, adresse email,"
        " adresse e mail, courriel, indirizzo email, indirizzo e mail, endereço de email, e mailadres, surel, メール,"
        " メールアドレス, 邮箱, 이메일, อีเมล"
    ),
    Meaning.POINTS: names(
        "pts, punkte, punktestand, puntos, saldo de puntos, solde de points, solde points, punti, saldo punti, pontos,"
        " saldo de pontos, punten, puntensaldo, poäng, poin, điểm, ポイント, 积分, 포인트, แต้ม, คะแนน"
    ),
    Meaning.TIER: names("nivel, nível, stufe, niveau, livello, niveau de fidélité, hạng, ランク, 等级, 등급, ระดับ"),
    Meaning.BIRTHDAY: names(
        "bday, geburtstag, geburtsdatum, cumpleaños, cumpleanos, fecha de nacimiento, anniversaire, date de naissance,"
        " compleanno, data di nascita, aniversário, data de nascimento, verjaardag, geboortedatum, kaarawan, sinh nhật,"
        " ngày sinh, 誕生日, 生日, 생일, วันเกิด"
    ),
    Meaning.JOINED: names(
        "mitglied seit, beitritt, beitrittsdatum, fecha de alta, miembro desde, membre depuis, date d inscription,"
        " membro dal, iscritto dal, membro desde, data de cadastro, lid sinds, 入会日, 가입일"
    ),
    Meaning.REFERRAL: names("ref, ref code, empfehlungscode, código de referido, code de parrainage, parrainage"),
    Meaning.FIRST_NAME: names("vorname, prénom, voornaam, primeiro nome, 名"),
    Meaning.LAST_NAME: names("nachname, apellido, apellidos, nom de famille, cognome, sobrenome, achternaam, 姓"),
    Meaning.NAME: names(
        "kunde, nombre, nombre completo, cliente, nom, nom complet, client, nome, nome completo, naam, klant,"
        " pangalan, tên, họ tên, 名前, 氏名, 姓名, 이름, ชื่อ"
    ),
    Meaning.LANGUAGE: names("sprache, idioma, langue, lingua, taal"),
    Meaning.NOTE: names("notiz, bemerkung, nota, notas, remarque, remarks, remark"),
}
"""What spreadsheets in other languages call a column."""
