"""Every number on the three Today pages opens a list of exactly so many rows (S02 to S04, figures C9)."""

import copy
import datetime as dt
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest

from casework.appointments import actions
from casework.core.models import Role, User
from casework.counsellors.models import Counsellor
from casework.households.models import Household, Task
from casework.messaging.models import Message, MessageKind, MessageState
from tests import make

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.django_db]

# What may stand on the page in digits without being a number of something: times, dates, and the bounds in a heading.
_MONTHS = "jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec|november|oktober"
NO_COUNTS = re.compile(rf"\d{{1,2}}\.\d{{2}}|\d{{1,2}} (?:{_MONTHS})\b|30 dagen|5 werkdagen|\d+ keer op rij gemist")
_EMPTY_TAGS = {"input", "br", "img", "hr", "meta", "link"}


@dataclass
class Element:
    tag: str
    attrs: dict
    rows: int = 0


@dataclass
class Numbers(HTMLParser):
    """The numbers of a page: (number, address) of a link, (number, rows) of a section; what is left of its text."""

    links: list[tuple[int, str]] = field(default_factory=list)
    sections: list[tuple[int, int]] = field(default_factory=list)
    rows_of_id: dict[str, int] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self.open: list[Element] = []

    def handle_starttag(self, tag, attrs):
        found = {name: value or "" for name, value in attrs}
        if tag == "li":
            for one in self.open:
                one.rows += 1
        if tag == "a" and "data-number" in found:
            self.links.append((int(found["data-number"]), found["href"]))
        if tag not in _EMPTY_TAGS:
            self.open.append(Element(tag, found))

    def handle_endtag(self, tag):
        while self.open:
            one = self.open.pop()
            if one.tag == tag:
                break
        if one.tag == "section" and "data-number" in one.attrs:
            self.sections.append((int(one.attrs["data-number"]), one.rows))
        if "id" in one.attrs:
            self.rows_of_id[one.attrs["id"]] = one.rows

    def handle_data(self, data):
        exempt = {"data-number", "data-setting"}
        inside = any(one.attrs.get("id") == "main" for one in self.open)
        counted = any(exempt & one.attrs.keys() or one.attrs.get("data-test") == "day-counts" for one in self.open)
        if inside and not counted:
            self.loose.append(data)

    @classmethod
    def of(cls, page) -> "Numbers":
        found = cls()
        found.feed(page.content.decode())
        return found

    @property
    def without_a_list(self) -> list[str]:
        """Lines of the page with digits that are no time or date: a number that nobody gave a link."""
        return [line.strip() for line in self.loose if re.search(r"\d", NO_COUNTS.sub("", line))]


def rows_behind(client, address: str) -> int:
    """How many rows a list has, over all its pages."""
    number, following = 0, ""
    while True:
        page = client.get(address + following)
        assert page.status_code == 200, address
        number += len(re.findall(r'data-test="(?:\w+-proposal|row|call|task|household|appointment|follow-up)"',
                                 page.content.decode()))  # fmt: skip
        after = page.context["page"].after if "page" in page.context else None
        if after is None:
            return number
        following = f"{'&' if '?' in address else '?'}after={after}"


_letters = iter("".join(chr(97 + number // 26**power % 26) for power in (2, 1, 0)) for number in range(26**3))


def word() -> str:
    """A name without digits."""
    return next(_letters).capitalize()


@dataclass
class World:
    """Two of everything at two locations, for both of two counsellors."""

    samira: Counsellor
    bram: Counsellor
    joris: User
    ingrid: User

    def home(self, owner: Counsellor | None, place=None, **fields) -> Household:
        place = place or (owner.location if owner else self.samira.location)
        values = {"surname": word(), "owner": owner, "location": place, "registered": "2026-10-20 09:00"}
        return make.household(**(values | fields))

    def appointment(self, of: Counsellor, start: str, **fields):
        home = fields.pop("household", None) or self.home(of)
        return make.appointment(household=home, counsellor=of, start=start, **fields)


@pytest.fixture(scope="module")
def world_of_module(made_once):
    with made_once(_build) as made:
        yield made


@pytest.fixture
def world(world_of_module, now, db) -> World:
    return copy.deepcopy(world_of_module)


def _build() -> World:
    feijenoord = make.location("FEI", name="Vraagwijzer Feijenoord")
    charlois = make.location("CHA", name="Vraagwijzer Charlois")
    samira = make.counsellor(at=feijenoord, name="Samira El Amrani", username="samira")
    made = World(
        samira,
        make.counsellor(at=charlois, name="Bram de Groot", username="bram"),
        make.user(Role.DESK, username="joris", name="Joris de Wit", location=feijenoord),
        make.user(Role.SUPERVISOR, username="ingrid", name="Ingrid Smit", location=feijenoord),
    )
    for number, who in enumerate((samira, made.bram)):
        _appointments(made, who)
        _terms_and_silence(made, who)
        _missed(made, who)
        _absences(made, who, number)
        _calls(made, who)
        _tasks(made, who.user)
    for _one in range(28):
        made.home(None)
    made.home(None, closed_on=dt.date(2026, 10, 30), exit_reason="Overig")
    _tasks(made, made.joris)
    _tasks(made, made.ingrid)
    for role in (Role.DESK, Role.SUPERVISOR):
        for _one in range(2):
            _task(made.home(samira), role=role)
    _proposals(made)
    actions.follow_up(now=make.moment("2026-11-02 09:00"))
    return made


def _appointments(world: World, who: Counsellor) -> None:
    for hour in (10, 11, 13):
        world.appointment(who, f"2026-11-02 {hour}:00")
    for day in (12, 13, 14, 15, 29, 30):
        world.appointment(who, f"2026-10-{day} 10:00")
    hour, other = (15, world.bram) if who == world.samira else (16, world.samira)
    world.appointment(who, f"2026-10-16 {hour}:00", second_counsellor=other)
    world.appointment(who, f"2026-11-02 {hour}:00", second_counsellor=other)


def _terms_and_silence(world: World, who: Counsellor) -> None:
    for kind, deadline in (("urgent", "2026-11-03"), ("first_talk", "2026-10-30"), ("first_talk", "2026-11-30")):
        make.term(world.home(who), kind, "2026-10-01", deadline)
    make.term(world.home(who), "first_talk", "2026-10-01", "2026-11-02", met_on=dt.date(2026, 10, 20))
    for _one in range(7):
        world.home(who, registered="2026-08-01 09:00")
    called = world.home(who, registered="2026-08-01 09:00")
    called.contact_attempts.create(at=make.moment("2026-10-20 10:00"), by=who.user, kind="phone", result="spoken")


def _missed(world: World, who: Counsellor) -> None:
    for day in (20, 21):
        home = world.home(who)
        for back in (0, 6):
            world.appointment(who, f"2026-10-{day - back} 14:00", household=home, outcome="N")
    world.appointment(who, "2026-10-30 14:00", outcome="N")


def _absences(world: World, who: Counsellor, number: int) -> None:
    """Two absences of one counsellor: each opens its own appointments."""
    for week, amount in ((9, 2), (16, 3)):
        make.absence(who, f"2026-11-{week:02} 00:00", f"2026-11-{week + 5:02} 00:00")
        for day in range(amount):
            world.appointment(who, f"2026-11-{week + day:02} {10 + number}:00")
    world.appointment(who, "2026-11-24 10:00")


def _calls(world: World, who: Counsellor) -> None:
    for state in (MessageState.CALL, MessageState.FAILED, MessageState.WITHDRAWN):
        about = world.appointment(who, f"2026-11-25 {10 + list(MessageState).index(state) % 6}:00")
        Message.objects.create(
            household=about.household, appointment_key=about.pk, kind=MessageKind.CONFIRMATION, state=state,
            planned_start=about.starts_at, due_at=about.booked_at, expires_at=about.starts_at, created_at=about.booked_at,
            reason="recorded" if state == MessageState.WITHDRAWN else "", text="U heeft een afspraak.",
        )  # fmt: skip


def _tasks(world: World, user) -> None:
    for _one in range(26):
        _task(world.home(world.samira), owner=user)
    _task(world.home(world.bram), owner=user, state="done", settled_at=make.moment("2026-10-30 10:00"))


def _task(home: Household, **fields) -> None:
    Task.objects.create(
        household=home, text="Bellen", due_on=dt.date(2026, 11, 4), made_at=make.moment("2026-10-20 10:00"), **fields
    )


def _proposals(world: World) -> None:
    samira, bram = world.samira, world.bram
    for _one in range(2):
        make.transfer_proposal(world.home(samira), bram)
        make.merge_proposal(world.home(samira), world.home(bram))
    for day in (1, 2):
        make.correction(world.appointment(samira, f"2026-10-0{day} 10:00", outcome="N"))
    make.correction(
        world.appointment(samira, "2026-10-05 10:00", outcome="N"), state="declined", answer="Nee",
        settled_at=make.moment("2026-10-30 13:00"), settled_by=bram.user,
    )  # fmt: skip


# How many numbers each page has at least: who takes one away says so here.
PAGES = [("joris", "/", 6), ("joris", "/?location=", 6), ("joris", "/?location=CHA", 6), ("samira", "/", 6),
         ("ingrid", "/", 11), ("ingrid", "/aankomst/?location=CHA", 6), ("samira", "/aankomst/?location=", 8)]  # fmt: skip


@pytest.mark.parametrize(("who", "address", "least"), PAGES)
def test_a_number_is_the_number_of_rows_of_its_list(world, browse, who, address, least):
    client = browse({"joris": world.joris, "ingrid": world.ingrid, "samira": world.samira.user}[who])
    page = client.get(address)
    numbers = Numbers.of(page)
    assert numbers.without_a_list == []
    assert len(numbers.links) + len(numbers.sections) >= least
    assert all(rows == number for number, rows in numbers.sections)
    for number, link in numbers.links:
        rows = numbers.rows_of_id[link[1:]] if link.startswith("#") else rows_behind(client, link)
        assert rows == number, link
        assert number >= 2, link


def test_the_day_in_numbers_is_the_list_below_it(world, browse):
    page = browse(world.joris).get("/")
    assert page.context["counts"]["all"] == page.content.decode().count('<tr data-test="appointment">') == 4
    assert 'data-num="0" data-den="4"' in page.content.decode()


def test_a_counsellor_without_a_day_reads_numbers_that_open_their_lists(world, browse):
    """The empty sentence of S02 has numbers too."""
    dora = make.counsellor(at=world.samira.location, name="Dora Vrij", username="dora")
    for _one in range(2):
        world.home(dora, registered="2026-08-01 09:00")
        _task(world.home(dora), owner=dora.user)
    client = browse(dora.user)
    numbers = Numbers.of(client.get("/"))
    assert numbers.without_a_list == []
    assert [number for number, _link in numbers.links] == [2, 2, 0, 2, 4, 0, 2]
    assert all(rows_behind(client, link) == number for number, link in numbers.links)


def test_a_number_that_nobody_gave_a_list_is_found():
    """What the test above looks for, held against a page that is wrong on purpose."""
    found = Numbers()
    found.feed(
        '<main id="main"><p>Om 09.00 uur, 3 nov</p><p>12 taken</p><a data-number="2" href="/x">2 taken</a></main>'
    )
    assert (found.without_a_list, found.links) == (["12 taken"], [(2, "/x")])
