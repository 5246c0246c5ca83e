"""Households of the demonstration city that are not what they seem: registered twice, come back, or on their way to a
colleague. So that every screen about people has something to show; which ones they are does not depend on chance.
"""

import datetime as dt
from dataclasses import replace

from casework.appointments.actions import propose_correction
from casework.appointments.models import Appointment, Outcome, TypeChannel
from casework.core.thresholds import Threshold
from casework.exchange.actions.demo.city import City, Home
from casework.households.actions import (
    NewMember,
    describe,
    make_member,
    propose_merge,
    propose_transfer,
    usual_takes,
)
from casework.households.models import ExitReason, Household, Member

_SAME_HOME = ("street", "house_number", "postcode", "mobile", "email", "language", "interpreter")


def tell_of_people(homes: list[Home]) -> None:
    """Two pairs that were registered twice, and one household that came back. Nothing is saved yet."""
    known = _known(homes)
    if not known:
        return
    _registered_twice(known[0], known[1])
    _registered_twice(known[2], known[3])
    if pair := _pair_that_came_back(homes, apart_from=known):
        _came_back(*pair)


def link_who_came_back(homes: list[Home]) -> None:
    """The earlier file leads to the one of now, now that both have a key (R-62)."""
    for home in homes:
        if home.earlier:
            home.earlier.row.continued_in = home.row
            Household.objects.filter(pk=home.earlier.row.pk).update(continued_in=home.row)


def build_proposals(city: City, homes: list[Home]) -> None:
    """One of the doubles is proposed for a merge, one household for a transfer, and an old appointment for a correction.

    The other doubles wait to be seen.
    """
    known = _known(homes)
    if known[:2]:
        one, other = known[0].row, known[1].row
        propose_merge(
            one=one, other=other, takes=usual_takes(one, other), reason="Twee keer aangemeld, met dezelfde mobiel.",
            by=one.owner.user, now=city.now,
        )  # fmt: skip
    for home in known[4:5]:
        colleague = next((each for each in _colleagues(city, home) if each != home.row.owner), None)
        if colleague:
            propose_transfer(
                household=home.row, to=colleague, reason="Spreekt de taal van dit gezin.", by=home.row.owner.user,
                now=city.now,
            )  # fmt: skip

    if old := _missed_long_ago(city):
        propose_correction(
            appointment=old, outcome=Outcome.EXCUSED, reason="ill", why="Had vooraf gebeld: ziek.",
            by=old.counsellor.user, now=city.now,
        )  # fmt: skip


def _missed_long_ago(city: City) -> Appointment | None:
    """Too long ago for its counsellor to correct."""
    rows = Appointment.objects.filter(
        outcome=Outcome.NO_SHOW, walk_in=False, type__channel=TypeChannel.PLACE, counsellor__active=True,
        household__closed_on=None, starts_at__lt=city.now - Threshold.CORRECTION_DAYS.span(city.now) - dt.timedelta(days=7),
    )  # fmt: skip
    return rows.for_list().order_by("-starts_at", "pk").first()


def _known(homes: list[Home]) -> list[Home]:
    """Five open households that have a counsellor; none in a city that has fewer."""
    found = [home for home in homes if home.row.owner and not home.row.closed_on]
    return found[:5] if len(found) >= 5 else []


def _colleagues(city: City, home: Home) -> list:
    return city.by_place[home.row.location.code]


def _registered_twice(first: Home, second: Home) -> None:
    """The same person with the same telephone, under a name that was heard differently; no BSN was asked."""
    client = _as_new(first.members[0])
    heard = client.given_names.replace("i", "ie").replace("y", "ij")
    _give_people(second, [replace(client, given_names=heard, bsn="")])
    second.row.mobile = first.row.mobile = first.row.mobile or "+31600000001"


def _pair_that_came_back(homes: list[Home], *, apart_from: list[Home]) -> tuple[Home, Home] | None:
    ended = [one for one in homes if one.row.closed_on and one.row.exit_reason != ExitReason.DECEASED]
    for later in homes:
        if later.row.closed_on or later in apart_from:
            continue
        for earlier in ended:
            if earlier.row.closed_on < later.registered_on:
                return earlier, later
    return None


def _came_back(earlier: Home, later: Home) -> None:
    _give_people(later, [_as_new(one) for one in earlier.members])
    for name in _SAME_HOME:
        setattr(later.row, name, getattr(earlier.row, name))
    later.earlier = earlier


def _as_new(member: Member) -> NewMember:
    return NewMember(
        given_names=member.given_names, prefix=member.prefix, surname=member.surname, born=member.born,
        role=member.role, bsn=member.bsn,
    )  # fmt: skip


def _give_people(home: Home, people: list[NewMember]) -> None:
    home.members = [make_member(home.row, one) for one in people]
    describe(home.row, home.members)
