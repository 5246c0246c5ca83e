"""*Herplannen nodig*: standing appointments that nobody can receive, and where each could go (R-14).

Free time is asked for once, for everybody; which of it fits whom is then a matter of a few dozen rows.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from casework.appointments.models.appointments import OCCUPIES_TIME, Appointment, TypeChannel
from casework.appointments.models.slots import GRID, Block, SearchArea, Slot, earliest_start, free_blocks
from casework.core import clock
from casework.households.models import Term, TermKind

# Times are looked for until so long after the appointment; the own counsellor is worth waiting so long for.
LOOK_AHEAD, WORTH_WAITING = dt.timedelta(days=28), dt.timedelta(days=14)
# So many times are offered: the proposal and others.
TIMES_OFFERED = 6


@dataclass(frozen=True)
class Proposal:
    """One appointment with the times that fit, the best first; none when nothing does. `deadline`: the term it would meet."""

    appointment: Appointment
    deadline: dt.date | None
    slots: list[Slot] = field(default_factory=list)

    def is_late(self, slot: Slot) -> bool:
        return bool(self.deadline and slot.date > self.deadline)


def proposals(appointments: list[Appointment], *, now: dt.datetime) -> list[Proposal]:
    """The same in order; no two first proposals are in each other's way. Three queries, however many rows.

    At the same location; within the term, in a language that the household speaks, with the counsellor whom it knows, near
    its own time: in that order, as far as it goes.
    """
    if not appointments:
        return []
    keys = {one.household_id for one in appointments}
    deadlines, busy = _deadlines(keys), _busy(keys, now)
    last = max(one.starts_at for one in appointments) + LOOK_AHEAD
    area = SearchArea(length=GRID, earliest=now, latest_date=clock.local_date(last))
    blocks = free_blocks(area, now=now)
    offers = _Offers(blocks, busy, now)
    urgency = sorted(appointments, key=lambda one: (_deadline_of(one, deadlines) or dt.date.max, one.starts_at, one.pk))
    found = {one.pk: offers.of(one, _deadline_of(one, deadlines)) for one in urgency}
    return [found[one.pk] for one in appointments]


def _deadlines(households: set[int]) -> dict[int, dict[str, dt.date]]:
    found: dict[int, dict[str, dt.date]] = defaultdict(dict)
    kinds = [TermKind.URGENT, TermKind.FIRST_TALK]
    for one in Term.objects.open().filter(household__in=households, kind__in=kinds).order_by("pk"):
        found[one.household_id][one.kind] = one.deadline
    return found


def _deadline_of(appointment: Appointment, deadlines: dict[int, dict[str, dt.date]]) -> dt.date | None:
    """Urgent before ordinary, and only of a talk that would meet it (R-05, R-06)."""
    known = deadlines.get(appointment.household_id, {}) if appointment.type.first_talk else {}
    return known.get(TermKind.URGENT) or known.get(TermKind.FIRST_TALK)


def _busy(households: set[int], now: dt.datetime) -> dict[int, list[tuple[dt.datetime, dt.datetime, int]]]:
    found = defaultdict(list)
    rows = Appointment.objects.filter(OCCUPIES_TIME, household__in=households, ends_at__gt=now).order_by("pk")
    for key, household, start, end in rows.values_list("pk", "household_id", "starts_at", "ends_at"):
        found[household].append((start, end, key))
    return found


class _Offers:
    """Hands out free time, so that what is proposed to one is not proposed to the next."""

    def __init__(self, blocks: list[Block], busy: dict, now: dt.datetime):
        self.at: dict[int, list[Block]] = defaultdict(list)
        self.of_counsellor: dict[int, list[Block]] = defaultdict(list)
        for block in blocks:
            self.at[block.location_id].append(block)
            self.of_counsellor[block.counsellor_id].append(block)
        self.busy, self.earliest = busy, earliest_start(now)
        self.given: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)

    def of(self, one: Appointment, deadline: dt.date | None) -> Proposal:
        until = deadline or clock.local_date(one.starts_at + WORTH_WAITING)
        speaks = self._who_speaks(one)

        def rank(slot: Slot) -> tuple:
            own = slot.counsellor_id == one.counsellor_id and slot.date <= until
            late = bool(deadline and slot.date > deadline)
            away = abs(slot.start - one.starts_at)
            return late, slot.counsellor_id not in speaks, not own, away, slot.start, slot.counsellor_id

        slots = sorted(self._fitting(one, deadline), key=rank)[:TIMES_OFFERED]
        if slots:
            self._give(one, slots[0])
        return Proposal(one, deadline, slots)

    def _who_speaks(self, one: Appointment) -> set[int]:
        """Everybody, where the household speaks Dutch or an interpreter comes along."""
        language, home = one.household.language, one.household
        blocks = self.at[one.location_id]
        if language == "nl" or home.interpreter or one.interpreter_language:
            return {block.counsellor_id for block in blocks}
        return {block.counsellor_id for block in blocks if language in block.languages}

    def _fitting(self, one: Appointment, deadline: dt.date | None) -> Iterator[Slot]:
        """Per free block the time of the appointment itself where that fits, and else the first that does."""
        day = clock.day_bounds(clock.local_date(one.starts_at))[0]
        soon = deadline and deadline <= clock.local_date(one.starts_at)
        first = self.earliest if soon else max(self.earliest, day)
        last = one.starts_at + LOOK_AHEAD
        for block in self.at[one.location_id]:
            if block.counsellor_id == one.second_counsellor_id or block.end <= first or block.start > last:
                continue
            if start := self._first_start(one, block, first):
                length = one.ends_at - one.starts_at
                yield Slot(
                    start, length, block.counsellor_id, block.counsellor_name, block.location_id, block.location_name
                )

    def _first_start(self, one: Appointment, block: Block, first: dt.datetime) -> dt.datetime | None:
        if self._fits(one, block, one.starts_at, first):
            return one.starts_at
        start = max(first, block.start + one.travel)
        start += (-start.timestamp() % GRID.total_seconds()) * dt.timedelta(seconds=1)
        while start + (one.ends_at - one.starts_at) + one.travel <= block.end:
            if self._fits(one, block, start, first):
                return start
            start += GRID
        return None

    def _fits(self, one: Appointment, block: Block, start: dt.datetime, first: dt.datetime) -> bool:
        end = start + (one.ends_at - one.starts_at)
        leaves, comes = start - one.travel, end + one.travel
        if start < first or start.timestamp() % GRID.total_seconds() or leaves < block.start or comes > block.end:
            return False
        if any(begun < end and over > start for begun, over, key in self.busy[one.household_id] if key != one.pk):
            return False
        if any(begun < comes and over > leaves for begun, over in self.given[block.counsellor_id]):
            return False
        if one.type.channel == TypeChannel.PHONE and one.household.is_quiet(start, end):
            return False
        return one.second_counsellor_id is None or self._second_can(one, leaves, comes)

    def _second_can(self, one: Appointment, leaves: dt.datetime, comes: dt.datetime) -> bool:
        """Free, or only taken by the very appointment that moves."""
        second = one.second_counsellor_id
        if any(begun < comes and over > leaves for begun, over in self.given[second]):
            return False
        return any(block.start <= leaves and comes <= block.end for block in self.of_counsellor[second])

    def _give(self, one: Appointment, slot: Slot) -> None:
        whole = (slot.start - one.travel, slot.end + one.travel)
        for who in {slot.counsellor_id, one.second_counsellor_id} - {None}:
            self.given[who].append(whole)
        self.busy[one.household_id].append((slot.start, slot.end, 0))
