"""What the doors of appointments share: the kinds of talk, a household, and reading what a page says."""

import html
import re
import uuid

import pytest

from casework.core.models import Role
from tests import make

CASEWORKERS = {Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR}
# What people and machines put into addresses and forms that no row has.
NONSENSE = ["\x00", "zzz", "99999999999999999999", "-1", "'; drop table", "９", "31-12-9999", "01-01-0001"]


@pytest.fixture
def talks(db):
    """A first talk and a follow-up."""
    return make.appointment_type("EG"), make.appointment_type("VG", minutes=45, first_talk=False)


@pytest.fixture
def household(samira, talks):
    """Fatou Ndiaye, registered today and Samira's; her first talk is due on 30 November."""
    made = make.household(given="Fatou", surname="Ndiaye", location=samira.location, owner=samira)
    make.term(made, "first_talk", "2026-11-02", "2026-11-30")
    return made


@pytest.fixture
def row(samira, household):
    """A first talk with Samira, Tuesday 3 November, 10:00 to 11:00."""
    return make.appointment(household=household, counsellor=samira, start="2026-11-03 10:00")


def token() -> str:
    return str(uuid.uuid4())


def text_of(response) -> str:
    """The page as one reads it: no tags, no doubled spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))


def slots_of(response) -> list[str]:
    """The keys of the times on offer, as the page has them."""
    return re.findall(r'name="slot"\s+id="[^"]+"\s+value="([^"]+)"', response.content.decode())
