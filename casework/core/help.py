"""The help (S30): one page per role, made of topics that stand in one template per language."""

import re
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

from casework.core import names

# Who adds a topic adds it in both; a test compares them.
TEXTS = {"nl": "help/texts.nl.html", "en": "help/texts.en.html"}
_TOPIC = re.compile(
    r'<section id="(?P<key>\w+)" data-for="(?P<roles>[\w ]+)">\s*<h2>(?P<title>.*?)</h2>(?P<text>.*?)</section>', re.S
)


@dataclass(frozen=True)
class Topic:
    """One heading of the help, and for which roles it is written."""

    key: str
    roles: tuple[str, ...]
    title: str
    text: SafeString

    def holds(self, words: list[str]) -> bool:
        """Whether each of these folded words stands in it, whole or as a part of a word."""
        mine = [names.fold(word) for word in strip_tags(f"{self.title} {self.text}").split()]
        return all(any(word in one for one in mine) for word in words)


def topics(language: str) -> list[Topic]:
    """Every topic in a language, in the order of the page; Dutch for a language without texts."""
    language = language if language in TEXTS else "nl"
    with override(language):
        page = render_to_string(TEXTS[language])
    # Our own template, without anything that somebody typed.
    return [
        Topic(found["key"], tuple(found["roles"].split()), found["title"], mark_safe(found["text"]))
        for found in _TOPIC.finditer(page)
    ]


def topics_of(role: str, *, language: str, typed: str = "") -> list[Topic]:
    """The topics of a role in which all that was typed stands; all of them when nothing was typed."""
    words = [word for word in map(names.fold, typed.split()) if word]
    return [one for one in topics(language) if role in one.roles and one.holds(words)]
