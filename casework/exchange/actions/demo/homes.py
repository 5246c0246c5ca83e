"""Households of the demonstration city, with their members, threats and first terms."""

import datetime as dt
from collections.abc import Iterator

from stdnum.nl import bsn as bsn_rule

from casework.core import clock, names
from casework.exchange.actions.demo.city import City, Home
from casework.exchange.actions.demo.names import some_family
from casework.exchange.actions.demo.people import link_who_came_back, tell_of_people
from casework.exchange.actions.demo.staff import LOCATIONS
from casework.households.actions import NewMember, describe, make_member
from casework.households.models import (
    CameThrough,
    ContactChannel,
    ExitReason,
    Household,
    Member,
    MemberRole,
    Term,
    TermKind,
    Threat,
    ThreatKind,
)

_STREETS = ("Voorbeeldstraat", "Fictiefplein", "Proeflaan", "Modelkade", "Schetsweg", "Demodijk")
# In the order of ExitReason; what counts as drop-out (did not appear, withdrew, obligations not met) is 34 of 100.
_EXITS = {
    ExitReason.DECEASED: 1, ExitReason.MOVED: 5, ExitReason.DID_NOT_APPEAR: 14, ExitReason.WITHDRAWN: 12,
    ExitReason.NOT_FITTING: 8, ExitReason.OBLIGATIONS_NOT_MET: 8, ExitReason.SOLVED_SELF: 12, ExitReason.COMPLETED: 35,
    ExitReason.OTHER: 5,
}  # fmt: skip
# One in so many never appears. With those whose first talk was missed and not made up for, it is some 9 in 100.
NEVER_APPEARS = 15


def bsns_of_the_test_range() -> Iterator[str]:
    """The BSNs of the 9999 test range that pass the eleven-test, in order; some nine thousand."""
    for number in range(100_000):
        digits = f"9999{number:05}"
        if bsn_rule.is_valid(digits):
            yield digits


def build_households(city: City, number: int) -> list[Home]:
    """So many households, registered in the last year."""
    bsns = bsns_of_the_test_range()
    homes = [_home(city, place, bsns) for place in range(number)]
    tell_of_people(homes)
    Household.objects.bulk_create([home.row for home in homes], batch_size=2000)
    Member.objects.bulk_create([member for home in homes for member in home.members], batch_size=2000)
    link_who_came_back(homes)
    Threat.objects.bulk_create([_threat(city, home) for home in homes if home.urgent], batch_size=2000)
    for home in homes:
        home.terms = _first_terms(city, home)
    return homes


def _home(city: City, number: int, bsns: Iterator[str]) -> Home:
    rnd = city.rnd
    language, given, surname = some_family(rnd)
    code, _area, digits = rnd.choice(LOCATIONS)
    days_ago = rnd.randrange(365)
    day = city.today - dt.timedelta(days=days_ago)
    registered = clock.at(day, dt.time(rnd.randint(8, 16), rnd.choice((0, 15, 30, 45))))
    row = Household(
        registered_at=min(registered, city.now - dt.timedelta(hours=1)),
        location=city.locations[code],
        owner=rnd.choice(city.by_place[code]) if days_ago > 7 or rnd.random() < 0.5 else None,
        came_through=rnd.choices(CameThrough.values, weights=(50, 15, 15, 5, 10, 5))[0],
        street=rnd.choice(_STREETS),
        house_number=str(rnd.randint(900, 999)),
        postcode=digits + rnd.choice("ABCDEFGH") + rnd.choice("ABCDEFGHJK"),
        secret_address=rnd.random() < 0.02,
        language=language if language == "nl" or rnd.random() < 0.6 else "nl",
        channel=rnd.choices(ContactChannel.values, weights=(82, 6, 4, 4, 4))[0],
        no_voicemail=rnd.random() < 0.05,
        safety=rnd.random() < 0.02,
    )
    row.case_number = f"ETF-{clock.local(row.registered_at).year}-{101 + number:06}"
    row.interpreter = row.language not in {"nl", "en"} and rnd.random() < 0.5
    reach = rnd.random()
    row.mobile = f"+3160000{rnd.randint(0, 9999):04}" if reach < 0.88 else ""
    row.email = f"bewoner{number}@example.org" if reach < 0.35 or reach > 0.92 else ""
    home = Home(row, [], urgent=rnd.random() < 0.12, never_appears=number % NEVER_APPEARS == 0)
    # Who never appeared does not stay open for long: somebody ends it after calls and letters.
    if days_ago > 120 and rnd.random() < (0.9 if home.never_appears else 0.30):
        row.closed_on = home.registered_on + dt.timedelta(days=rnd.randint(60, days_ago - 1))
        row.exit_reason = rnd.choices(list(_EXITS), weights=_EXITS.values())[0]
    home.members = _people(city, row, given, surname, bsns)
    describe(row, home.members)
    return home


def _people(city: City, row: Household, given: list[str], surname: str, bsns: Iterator[str]) -> list[Member]:
    rnd = city.rnd
    prefix, bare = names.split_prefix(surname)

    # Nobody in a household has the name of another, as far as the list of names goes.
    calling = iter(rnd.sample(given, len(given)) * 2)

    def person(role: MemberRole, born: dt.date, bsn: str = "") -> NewMember:
        return NewMember(given_names=next(calling), prefix=prefix, surname=bare, role=role, born=born, bsn=bsn)

    born = city.today - dt.timedelta(days=rnd.randint(19 * 365, 70 * 365))
    # When the test range is used up, people have none.
    people = [person(MemberRole.CLIENT, born, next(bsns, "") if rnd.random() < 0.7 else "")]
    if rnd.random() < 0.3:
        people.append(person(MemberRole.PARTNER, born + dt.timedelta(days=rnd.randint(-400, 2000))))
    for _child in range(rnd.choices((0, 1, 2, 3), weights=(55, 20, 17, 8))[0]):
        people.append(person(MemberRole.CHILD, city.today - dt.timedelta(days=rnd.randint(200, 17 * 365))))
    return [make_member(row, one) for one in people]


def _threat(city: City, home: Home) -> Threat:
    happens = home.registered_on + dt.timedelta(days=city.rnd.randint(5, 20))
    kind = city.rnd.choice(ThreatKind.values)
    return Threat(household=home.row, kind=kind, recorded_at=home.row.registered_at, happens_on=happens)


def _first_terms(city: City, home: Home) -> list[Term]:
    on, ended = home.registered_on, home.row.closed_on
    terms = [Term(household=home.row, kind=TermKind.FIRST_TALK, event_on=on,
                  deadline=city.calendar.first_talk_deadline(on), ended_on=ended)]  # fmt: skip
    if home.urgent:
        terms.append(Term(household=home.row, kind=TermKind.URGENT, event_on=on,
                          deadline=city.calendar.urgent_deadline(on, on), ended_on=ended))  # fmt: skip
    return terms
