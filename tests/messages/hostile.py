"""Templates that would never end, do too much, reach too far, or are simply wrong: none of them is rendered."""

from __future__ import annotations

from typing import Final

BODY: Final = "<mjml><mj-body><mj-section><mj-column>{}</mj-column></mj-section></mj-body></mjml>"
STYLES: Final = "<mjml><mj-head><mj-style>{}</mj-style></mj-head><mj-body></mj-body></mjml>"
HEAD: Final = "<mjml><mj-head>{}</mj-head><mj-body></mj-body></mjml>"
ENDLESS: Final = {
    "a long loop": "{% for a in (1..100000000) %}x{% endfor %}",
    "loops in loops": "{% for a in (1..4000) %}{% for b in (1..4000) %}x{% endfor %}{% endfor %}",
    "silent loops": "{% for a in (1..4000) %}{% for b in (1..4000) %}{% endfor %}{% endfor %}",
    "many loops": "{% for a in (1..3000) %}x{% endfor %}" * 100,
    "loops with much to do": "{% for a in (1..4000) %}{{ shop_name | upcase | downcase }}"
    + "{{ shop_name | split: '' | join: 'ab' }}{% endfor %}",
    "doubling": "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 60,
    "doubling by capture": "{% capture a %}xxxxxxxxxx{% endcapture %}"
    + "{% capture a %}{{ a }}{{ a }}{% endcapture %}" * 60,
    "doubling by replace": "{% assign a = 'aaaaaaaaaa' %}" + "{% assign a = a | replace: 'a', a %}" * 12,
    "doubling by join": "{% assign a = 'abcdefgh' %}" + "{% assign a = a | split: '' | join: a %}" * 12,
    "big numbers": "{% assign a = 99999999999 %}" + "{% assign a = a | times: a %}" * 60 + "{{ a }}",
    "a big range": "{{ (1..999999999) | join: 'x' }}",
    "a big range sorted": "{{ (1..900000) | sort | reverse | first }}",
    "much output": "{% for a in (1..4000) %}" + "x" * 1000 + "{% endfor %}",
    "many names": "".join(f"{{% assign a{n} = 'x' %}}" for n in range(1_400)),
    "much in names": "{% assign a = 'x' | append: '"
    + "y" * 900
    + "' %}" * 300
    + "{% for b in (1..4000) %}{% assign c = a | append: b | split: '' | uniq %}{% endfor %}",
    "slow filters": "{% assign a = '"
    + "b a" * 300
    + "' %}"
    + "{% for n in (1..3000) %}{% assign c = a | split: ' ' | sort | uniq | join: ' ' %}{% endfor %}",
    "deep": "{% if true %}" * 200 + "x" + "{% endif %}" * 200,
    "many tags": "{{ shop_name }}" * 3_000,
    "a long tag": "{{ shop_name" + " | upcase" * 400 + " }}",
    "an unclosed tag": "{{ " + " " * 150_000,
    "many unclosed tags": "{{ " * 60_000,
    "many raws": "{% raw %}" * 5_000,
    "1 MB": "x" * 1_000_000,
}
WRONG: Final = {
    "include": "{% include 'self' %}",
    "render": "{% render 'self' %}",
    "layout": "{% layout 'x' %}",
    "liquid": "{% liquid assign a = 1 %}",
    "an unknown name": "{{ nobody.knows }}",
    "an unknown text": "{{ 'no.such.text' | t }}",
    "a text without its values": "{{ 'reward.missing' | t }}",
    "points of no number": "{{ 'x' | points }}",
    "an unknown filter": "{{ 1 | no_such_filter }}",
    "the clock": "{{ 'now' | date: '%Y' }}",
    "safe": "{{ shop_name | safe }}",
    "unclosed": "{% unclosed",
    "a loop of nothing": "{% for %}",
    "nothing closed": "{% if true %}x",
    "its class": "{{ shop_name.__class__ }}",
    "its classes": "{{ shop_name.__class__.__mro__[1].__subclasses__ }}",
    "its globals": "{{ balance.__init__.__globals__ }}",
    "its words": "{{ balance.words }}",
    "the texts": "{{ texts }}",
    "the texts' class": "{{ texts.__class__ }}",
    "by bracket": "{{ shop_name['__class__'] }}",
    "a name of ours": "{% assign shop_url = first_name %}{{ shop_url }}",
    "an address of its own": "{% assign my_url = first_name %}{{ my_url }}",
    "division by nothing": "{{ 1 | divided_by: 0 }}",
}
WRONG_MJML: Final = {
    "nothing": "",
    "not MJML": "<p>x</p>",
    "unclosed MJML": "<mjml>",
    "an include": '<mjml><mj-body><mj-include path="/etc/passwd" /></mj-body></mjml>',
    "an INCLUDE": '<mjml><mj-body><MJ-INCLUDE path="/etc/passwd" /></mj-body></mjml>',
    "an include of CSS": HEAD.replace("{}", '<mj-include path="/etc/passwd" type="css" />'),
    "deep MJML": "<mjml><mj-body>" + "<mj-wrapper>" * 5_000 + "</mj-wrapper>" * 5_000 + "</mj-body></mjml>",
    "many texts": BODY.replace("{}", "<mj-text>x</mj-text>" * 9_000),
    "many tags in a text": BODY.replace("{}", "<mj-text>" + "<b>x</b>" * 20_000 + "</mj-text>"),
    "a long email of few tags": "<mjml><mj-body>"
    + "<mj-section><mj-column></mj-column></mj-section>" * 700
    + "</mj-body></mjml>",
    "comments that don't end": BODY.replace("{}", "<mj-raw>" + "<!--" * 40_000 + "</mj-raw>"),
    "entities": "<!DOCTYPE x [" + "<!ENTITY a 'aaaa'>" * 5_000 + "]>" + BODY.replace("{}", "<mj-text>&a;</mj-text>"),
    "a script": BODY.replace("{}", "<mj-raw><script>alert(1)</script></mj-raw>"),
    "a form": BODY.replace("{}", '<mj-text><form action="https://a.example/"></form></mj-text>'),
    "a frame": BODY.replace("{}", '<mj-text><iframe src="https://a.example/"></iframe></mj-text>'),
    "a handler": BODY.replace("{}", '<mj-text><b onclick="x()">x</b></mj-text>'),
    "a script for a link": BODY.replace("{}", '<mj-button href="javascript:alert(1)">x</mj-button>'),
    "data for a link": BODY.replace("{}", '<mj-text><a href="data:text/html,x">x</a></mj-text>'),
    "a plain link": BODY.replace("{}", '<mj-button href="http://a.example/">x</mj-button>'),
    "a relative link": BODY.replace("{}", '<mj-button href="/rewards">x</mj-button>'),
    "a name for a link": BODY.replace("{}", '<mj-button href="{{ first_name }}">x</mj-button>'),
    "a name in a link": BODY.replace("{}", '<mj-text><a href="https://{{ first_name }}/">x</a></mj-text>'),
    "a name for a link, later": BODY.replace(
        "{}", '<mj-text><a href="{% if false %}" title="{% endif %}{{ first_name }}">x</a></mj-text>'
    ),
    "a name as a colour": BODY.replace("{}", '<mj-text color="{{ first_name }}">x</mj-text>'),
    "a name in a style": BODY.replace("{}", '<mj-text><b style="color:{{ first_name }}">x</b></mj-text>'),
    "a name in a style, with braces": BODY.replace(
        "{}", """<mj-text><b style="color:{{ '{' | append: first_name }}">x</b></mj-text>"""
    ),
    "a name in the styles": STYLES.replace("{}", ".a { color: {{ first_name }} }"),
    "a name for a picture": BODY.replace("{}", '<mj-image src="{{ first_name }}" alt="x" />'),
    "a picture of a script": BODY.replace("{}", '<mj-image src="javascript:x" alt="x" />'),
    "styles from elsewhere": STYLES.replace("{}", "@import url(http://a.example/x.css);"),
    "styles that run": BODY.replace("{}", '<mj-text><b style="width:expression(alert(1))">x</b></mj-text>'),
    "leading elsewhere": HEAD.replace(
        "{}", '<mj-raw><meta http-equiv="refresh" content="0;url=https://a.example" /></mj-raw>'
    ),
}
