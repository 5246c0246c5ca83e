"""Appointments of the demonstration city and what became of them."""

import datetime as dt

from casework.appointments.models import APPEARED, MISSED, MOVED, Appointment, MissedReason, Outcome, ToldHow
from casework.core import clock
from casework.counsellors.models import Counsellor
from casework.exchange.actions.demo.city import City, Home
from casework.households.models import ContactChannel, Term, TermKind

_STARTS = [dt.time(hour) for hour in (9, 10, 11, 13, 14, 15)]
# In a hundred appointments that nobody cancelled: missed with and without a reminder. With those who never appear, this
# comes to 6 and 12.
_MISSED_REMINDED, _MISSED_OTHERWISE = 4.3, 10.4
# A first talk that does not come off is planned again, this often.
_ATTEMPTS = 3


def build_appointments(city: City, homes: list[Home]) -> list[Appointment]:
    """First talks and what follows them, with the terms that they meet."""
    agenda = _Agenda(city)
    rows = [row for home in homes for row in agenda.visits(home)]
    Appointment.objects.bulk_create(rows, batch_size=2000)
    moved = [row for row, successor in agenda.moved]
    for row, successor in agenda.moved:
        row.moved_to = successor
    Appointment.objects.bulk_update(moved, ["moved_to"], batch_size=500)
    Term.objects.bulk_create([term for home in homes for term in home.terms], batch_size=2000)
    return rows


class _Agenda:
    """Who is when where; an hour of a counsellor is given out once, whatever becomes of it."""

    def __init__(self, city: City):
        self.city, self.rnd = city, city.rnd
        self.reasons = [code for code, _name in MissedReason.objects.choices()]
        self.taken: set[tuple[int, dt.datetime]] = set()
        self.moved: list[tuple[Appointment, Appointment]] = []

    def visits(self, home: Home) -> list[Appointment]:
        """First talk within a month, then one each few weeks; a missed talk gets a new one."""
        rnd, visits, today = self.rnd, [], self.city.today
        counsellor = home.row.owner or rnd.choice(self._at(home))
        last = home.row.closed_on or today + dt.timedelta(days=28)
        date = home.registered_on + dt.timedelta(days=rnd.randint(1, 4) if home.urgent else rnd.randint(3, 24))
        number = rnd.choices((1, 2, 3, 4, 5), weights=(20, 25, 25, 20, 10))[0]
        most = min(number, 2) if home.never_appears else max(number, _ATTEMPTS)
        while len(visits) < most and (len(visits) < number or not home.first_talk_on):
            start = self._free_start(counsellor, date, visits)
            if not start or clock.local_date(start) > last:
                break
            self._add(home, counsellor, start, visits)
            date = max(clock.local_date(start) + dt.timedelta(days=rnd.randint(7, 35)), date)
        if not home.row.closed_on and home.first_talk_on and rnd.random() < 0.5:
            # A caseload is never without appointments around today.
            near = today + dt.timedelta(days=rnd.choice((0, 0, *range(-3, 19))))
            if start := self._free_start(counsellor, max(near, home.first_talk_on), visits):
                self._add(home, counsellor, start, visits)
        self._link(visits)
        return visits

    def _at(self, home: Home) -> list[Counsellor]:
        return next(team for team in self.city.by_place.values() if team[0].location_id == home.row.location_id)

    def _free_start(self, counsellor: Counsellor, date: dt.date, visits: list[Appointment]) -> dt.datetime | None:
        """A whole hour of the counsellor that nobody has, on or after a date; a household has one talk a day."""
        days = {clock.local_date(one.starts_at) for one in visits}
        for _try in range(25):
            works = self.city.calendar.is_working_day(date) and date.isoweekday() != self.city.free_days[counsellor.pk]
            if works and date not in days:
                for time in self.rnd.sample(_STARTS, len(_STARTS)):
                    start = clock.at(date, time)
                    if (counsellor.pk, start) not in self.taken:
                        self.taken.add((counsellor.pk, start))
                        return start
            date += dt.timedelta(days=1)
        return None

    def _add(self, home: Home, counsellor: Counsellor, start: dt.datetime, visits: list[Appointment]) -> None:
        first = home.first_talk_on is None
        code = ("SG" if home.urgent else "EG") if first else self.rnd.choice(("VG", "VG", "VG", "TG", "HB"))
        row = self._visit(home, counsellor, code, start)
        visits.append(row)
        if first and row.outcome in APPEARED:
            self._hold_first_talk(home, clock.local_date(start))

    def _hold_first_talk(self, home: Home, on: dt.date) -> None:
        home.first_talk_on = on
        for term in home.terms:
            term.met_on, term.ended_on = on, None
        met = on + dt.timedelta(days=self.rnd.randint(20, 70))
        known = met <= min(self.city.today, home.row.closed_on or self.city.today)
        home.terms.append(
            Term(household=home.row, kind=TermKind.DECISION, event_on=on, met_on=met if known else None,
                 deadline=self.city.calendar.decision_deadline(on), ended_on=None if known else home.row.closed_on)
        )  # fmt: skip

    def _visit(self, home: Home, counsellor: Counsellor, code: str, start: dt.datetime) -> Appointment:
        now, kind = self.city.now, self.city.types[code]
        booked = max(home.row.registered_at, start - dt.timedelta(days=self.rnd.randint(3, 20)))
        row = Appointment(
            household=home.row, counsellor=counsellor, location=counsellor.location, type=kind, starts_at=start,
            ends_at=start + kind.length, booked_at=min(booked, start - dt.timedelta(hours=2), now), booked_by=self.city.desk,
        )  # fmt: skip
        if row.ends_at + dt.timedelta(minutes=30) < now:
            self._outcome(home, row)
        elif now - dt.timedelta(hours=1) < start < now + dt.timedelta(minutes=30) and self.rnd.random() < 0.6:
            row.arrived_at = min(now, start)
        return row

    def _outcome(self, home: Home, row: Appointment) -> None:
        """Reminded residents miss half as often; a few past appointments are not recorded yet."""
        rnd, now = self.rnd, self.city.now
        recent = row.starts_at > now - dt.timedelta(days=12)
        if rnd.random() < (0.10 if recent else 0.004):
            return
        row.outcome = self._chance(home)
        row.recorded_by = row.counsellor.user
        row.recorded_at = min(now, row.ends_at + dt.timedelta(hours=rnd.choice((0, 0, 0, 1, 4, 20))))
        if row.outcome in {Outcome.CANCELLED_IN_TIME, Outcome.CANCELLED_LATE, *MOVED}:
            in_time = row.outcome in {Outcome.CANCELLED_IN_TIME, Outcome.MOVED_IN_TIME}
            before = dt.timedelta(hours=rnd.randint(25, 70) if in_time else rnd.randint(2, 20))
            row.told_at, row.told_how = row.starts_at - before, ToldHow.PHONE
            row.booked_at = min(row.booked_at, row.told_at)
            row.recorded_at = row.told_at
        if row.outcome in MISSED:
            row.reason_id = rnd.choice(self.reasons)
        if row.outcome in APPEARED and rnd.random() < 0.8:
            row.arrived_at = row.starts_at + dt.timedelta(minutes=rnd.randint(-15, 10))

    def _chance(self, home: Home) -> Outcome:
        reminded = home.row.mobile and home.row.channel == ContactChannel.SMS
        missed = _MISSED_REMINDED if reminded else _MISSED_OTHERWISE
        weights = {
            Outcome.ATTENDED: 98 - missed, Outcome.TOO_LATE: 2, Outcome.NO_SHOW: missed * 0.85,
            Outcome.EXCUSED: missed * 0.15, Outcome.CANCELLED_IN_TIME: 5, Outcome.CANCELLED_LATE: 3,
            Outcome.CANCELLED_BY_ETF: 2, Outcome.MOVED_IN_TIME: 4, Outcome.MOVED_LATE: 2,
        }  # fmt: skip
        if home.never_appears:
            weights = {
                Outcome.NO_SHOW: 35,
                Outcome.EXCUSED: 5,
                Outcome.CANCELLED_IN_TIME: 35,
                Outcome.CANCELLED_LATE: 25,
            }
        return self.rnd.choices(list(weights), weights=weights.values())[0]

    def _link(self, visits: list[Appointment]) -> None:
        """A moved appointment has the next one as its successor; without a next one it was cancelled."""
        for row, successor in zip(visits, [*visits[1:], None], strict=True):
            if row.outcome not in MOVED:
                continue
            if successor:
                successor.booked_at = row.told_at
                self.moved.append((row, successor))
            else:
                in_time = row.outcome == Outcome.MOVED_IN_TIME
                row.outcome = Outcome.CANCELLED_IN_TIME if in_time else Outcome.CANCELLED_LATE
