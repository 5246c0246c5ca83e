"""The help (S30): one page per role, complete in both languages, searchable without JavaScript."""

import re

import pytest
from django.template.loader import get_template
from django.urls import reverse

from casework.core.help import TEXTS, topics, topics_of
from casework.core.models import Role
from casework.core.names import fold
from casework.management.commands import etf_messages


def text(page) -> str:
    return " ".join(page.content.decode().split())


def test_both_languages_have_the_same_topics_for_the_same_roles():
    dutch, english = ([(one.key, one.roles) for one in topics(language)] for language in TEXTS)
    assert dutch == english
    assert len({key for key, _roles in dutch}) == len(dutch) > 15


def test_no_topic_gets_lost_between_template_and_page():
    """Each heading of the template is one topic with text, for roles that exist."""
    for language, name in TEXTS.items():
        source = get_template(name).template.source
        assert source.count("<section") == source.count("<h2>") == len(topics(language))
    for one in topics("nl"):
        assert set(one.roles) <= set(Role.values)
        assert len(one.text) > 100


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_page_of_its_own(role, everyone, browse):
    page = browse(everyone[role]).get(reverse("help"))
    keys = [one.key for one in page.context["topics"]]
    assert keys == [one.key for one in topics("nl") if role in one.roles]
    assert ("find" in keys) == (role in {Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR})
    assert "login" in keys


def test_what_the_desk_has_to_know_is_there():
    """Booking, arriving, attendance, missed, doubles, somebody who comes back, the keyboard (issue 3)."""
    keys = {one.key for one in topics_of(Role.DESK, language="nl")}
    assert keys >= {"find", "register", "double", "back", "book", "arrive", "attendance", "missed", "calls", "keyboard"}
    assert keys.isdisjoint({"team", "retention", "settings", "trail", "requests"})


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("melden baliemodus", ["arrive"]),
        ("MELDEN Báliemodus", ["arrive"]),
        ("terugkomt", []),
        ("opnieuw aanmelden", ["back"]),
        ("olifant", []),
        ("<script>", []),
    ],
)
def test_searching_leaves_the_topics_with_every_word(typed, found, joris, browse):
    page = browse(joris).get(reverse("help"), {"q": typed})
    keys = [one.key for one in page.context["topics"]]
    assert (keys == []) == (found == [])
    assert set(found) <= set(keys)
    assert "<script>" not in text(page)
    if not found:
        assert "Niets in de hulp heeft deze woorden" in text(page)


@pytest.mark.parametrize("typed", ["\x00", "a" * 20_000, "‮melden", "   "])
def test_whatever_is_typed_gives_a_page(typed, joris, browse):
    assert browse(joris).get(reverse("help"), {"q": typed}).status_code == 200


def test_in_english_it_is_english(joris, browse):
    client = browse(joris)
    client.post(reverse("set_language"), {"language": "en"})
    page = text(client.get(reverse("help")))
    assert "Somebody comes back" in page
    assert "Iemand komt terug" not in page


def test_the_top_bar_leads_to_it(joris, browse):
    assert f'href="{reverse("help")}"' in text(browse(joris).get(reverse("today")))


@pytest.mark.parametrize("language", TEXTS)
def test_it_names_buttons_as_they_are_called(language):
    """What stands in bold is what one reads on the screen, in the same language."""
    known = set()
    for message in etf_messages.load():
        texts = message.id if language == "en" else message.string
        known |= set(texts if isinstance(texts, (list, tuple)) else [texts])
    named = re.findall("<strong>(.*?)</strong>", "".join(one.text for one in topics(language)))
    assert len(named) > 20
    assert [name for name in named if name not in known] == []


def test_no_words_that_blame(db):
    """Look 6.10: plain words, and nobody is blamed."""
    said = fold(" ".join(re.sub("<[^>]+>", " ", one.text) for one in topics("nl")))
    assert "noshow" not in said
    assert "wanbetaler" not in said
