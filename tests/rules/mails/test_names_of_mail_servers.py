"""What stands behind the @: domains of every script as mail servers write them, and what is none."""

from __future__ import annotations

import pytest

from plugin.rules.mail_domains import ascii_domain, breaks_the_rules

LABEL = "a" * 63


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Example.COM", "example.com"), ("localhost", "localhost"), ("r3---sn.Example.com", "r3---sn.example.com"),
        ("_dmarc.example.com", "_dmarc.example.com"), ("a_b.example", "a_b.example"), ("1.example", "1.example"),
        ("Straße.example", "xn--strae-oqa.example"), ("XN--strae-OQA.example", "xn--strae-oqa.example"),
        ("例え.jp", "xn--r8jz45g.jp"), ("ｅｘａｍｐｌｅ.com", "example.com"), (f"{LABEL}.example", f"{LABEL}.example"),
        (".".join([LABEL] * 3 + ["a" * 61]), ".".join([LABEL] * 3 + ["a" * 61])),
    ],
)  # fmt: skip
def test_a_domain_is_written_in_ascii(said: str, written: str) -> None:
    assert ascii_domain(said) == written


@pytest.mark.parametrize(
    "said",
    ["", ".", "example.", ".example", "a..b", "-a.example", "a-.example", "a b.example", "a@b", f"{LABEL}a.example"]
    + [".".join([LABEL] * 3 + ["a" * 62]), "xn--zzzzzz99999.example", "a.xn--a", "☃☃.例え", "a/b", "a:25"],
)
def test_what_is_no_domain_is_refused(said: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whatever says so: our words, or those of the package for IDNA
        ascii_domain(said)


def test_one_that_is_too_long_is_told_so_whatever_its_script() -> None:
    for said in (".".join(["a" * 63] * 4), "例" * 254):
        with pytest.raises(ValueError, match="the domain is too long"):
            ascii_domain(said)
    with pytest.raises(ValueError, match="not a domain"):
        ascii_domain("a..b")


@pytest.mark.parametrize(
    ("local", "breaks"),
    [("ana", False), ("ana.maria", False), (".ana", True), ("ana.", True), ("ana..maria", True), ("", False)],
)
def test_dots_stand_between_other_letters(local: str, breaks: bool) -> None:
    assert breaks_the_rules(local) is breaks
