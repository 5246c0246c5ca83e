"""A demonstration city: realistic in shape, the same for the same seed, with dates around today. All invented.

Shapes follow domain.md, Appendix A: 12 % no-show without a reminder and 6 % with one, some 13 creditors, skewed debts.
"""

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction
from stdnum.nl import bsn as bsn_rule

from casework.appointments.actions.reminders import message_facts
from casework.appointments.models import Appointment, AppointmentType, MissedReason, Outcome, TypeChannel
from casework.core import clock, names
from casework.core.actions import audit
from casework.core.models import Role, User
from casework.core.refusals import Refused
from casework.counsellors.models import Absence, AbsenceKind, Counsellor, Posting, Team, WorkingHours
from casework.debts.models import Creditor, Debt, DebtFile, DebtKind, DecisionKind, Phase, PhaseKind, SolutionKind
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
from casework.messaging import actions as messaging
from casework.messaging import texts
from casework.messaging.models import Channel, Message, MessageKind, MessageState
from casework.places.models import Area, CalendarDay, Location, OpeningHours
from partners.organisations.models import Membership, Organisation

PASSWORD = "welkom-bij-etf"
LOGINS = (
    ("joris", Role.DESK, "Joris de Wit"),
    ("samira", Role.COUNSELLOR, "Samira El Amrani"),
    ("ingrid", Role.SUPERVISOR, "Ingrid Smit"),
    ("beheer", Role.ADMIN, "Bea Heerma"),
    ("privacy", Role.PRIVACY_OFFICER, "Priya Vacature"),
    ("mait", Role.PARTNER, "Maartje van MAIT"),
)
_COUNSELLORS = (
    ("samira", "Samira El Amrani", "FEI", ("nl", "ar", "ber")), ("bram", "Bram van der Velde", "FEI", ("nl", "en")),
    ("elif", "Elif Yıldız", "FEI", ("nl", "tr")), ("daan", "Daan Hoekstra", "CHA", ("nl", "en")),
    ("maria", "Maria da Luz Lopes", "CHA", ("nl", "pt")), ("kasia", "Kasia Wiśniewska", "CHA", ("nl", "pl", "en")),
    ("rishi", "Rishi Ramdin", "DEL", ("nl", "hi", "en")), ("femke", "Femke 't Hart", "DEL", ("nl",)),
    ("giovanni", "Giovanni Martina", "DEL", ("nl", "pap", "es")),
)  # fmt: skip
_LOCATIONS = (
    ("FEI", "Feijenoord", "3072"), ("CHA", "Charlois", "3083"), ("DEL", "Delfshaven", "3024"),
)  # fmt: skip
_TYPES = (
    ("EG", "Eerste gesprek", 60, TypeChannel.PLACE, True), ("SG", "Spoedgesprek", 60, TypeChannel.PLACE, True),
    ("VG", "Voortgangsgesprek", 45, TypeChannel.PLACE, False), ("TG", "Telefonisch gesprek", 30, TypeChannel.PHONE, False),
    ("HB", "Huisbezoek", 60, TypeChannel.HOME, False),
)  # fmt: skip
# First names and surnames that belong together, with the language that goes with them now and then.
_PEOPLE = (
    ("nl", "Jan Piet Sanne Kees Marloes Henk Anja Lotte Willem Ria", "de Vries|van den Berg|Jansen|Bakker|van 't Hof|IJsselstein|de Groot|Mulder|ter Braak|Hendriks"),
    ("tr", "Özgür Fatma Emre Ayşe Mehmet Zeynep", "Yılmaz|Ağca|Işık|Öztürk|Demir|Şahin"),
    ("ar", "Mohamed Fatima Youssef Naima Rachid Amina", "El Idrissi|Ben Ali|Al-Hassan|Bouzid|El Khattabi"),
    ("nl", "Anand Shanti Ruben Indra Kenneth", "Ramdin|Pinas|Kartowidjojo|Jagernath|Biervliet"),
    ("pt", "João Maria Celestino Ana", "Lopes|da Graça|Fortes|Évora|dos Santos"),
    ("pl", "Łukasz Agnieszka Paweł Małgorzata", "Wójcik|Kowalczyk|Zieliński|Dąbrowska"),
    ("pap", "Shudeska Giandro Rugenia Quincy", "Martina|Cijntje|Koeiman|Sint Jago"),
    ("ti", "Yonas Selam Tesfay Almaz", "Tesfamariam|Haile|Ghebremedhin"),
    ("zh", "Wei Mei Chun", "Chen|Wu|Li"),
    ("vi", "Minh Lan", "Nguyễn|Trần"),
)  # fmt: skip
_CREDITORS = (
    ("Zilveren Polis Zorg", DebtKind.HEALTH, False), ("Zorgkantoor Maas", DebtKind.HEALTH, False),
    ("Rijnmond Energie", DebtKind.UTILITIES, False), ("Havenwater", DebtKind.UTILITIES, False),
    ("Belastingkantoor", DebtKind.PUBLIC, True), ("Waterschap Delta", DebtKind.PUBLIC, True),
    ("Boetebureau", DebtKind.PUBLIC, False), ("Woonstichting Zuid", DebtKind.OTHER, False),
    ("Postorder De Kade", DebtKind.OTHER, False), ("Maas Telecom", DebtKind.OTHER, False),
    ("Kredietmij Erasmus", DebtKind.OTHER, False), ("Webwinkel Alles", DebtKind.OTHER, False),
    ("Verzekeraar Noorderlicht", DebtKind.OTHER, False), ("Tandarts Voorbeeld", DebtKind.HEALTH, False),
)  # fmt: skip
_STREETS = ("Voorbeeldstraat", "Fictiefplein", "Proeflaan", "Modelkade", "Schetsweg", "Demodijk")
_STARTS = [dt.time(hour, minute) for hour in (9, 10, 11, 13, 14, 15) for minute in (0,)]


@dataclass(frozen=True)
class DemoReport:
    """How much was made."""

    households: int
    appointments: int
    messages: int
    debt_files: int


def may_run() -> None:
    """Refuses in production: invented people do not belong among real ones."""
    if settings.PRODUCTION:
        raise Refused("Demonstration data is not loaded in production.")


@transaction.atomic
def load_demo(*, households: int, seed: int, now: dt.datetime) -> DemoReport:
    """Fill an empty database with a demonstration city. Refuses in production and when households exist."""
    may_run()
    if Household.objects.exists():
        raise Refused("There are households already: demonstration data goes into an empty database only.")
    return _City(households, random.Random(seed), now).build()


def _test_bsns():
    """The BSNs of the 9999 test range that pass the eleven-test, in order; some nine thousand."""
    for number in range(100_000):
        digits = f"9999{number:05}"
        if bsn_rule.is_valid(digits):
            yield digits


class _City:
    """Builds everything in memory and writes it in bulk."""

    def __init__(self, number: int, rnd: random.Random, now: dt.datetime):
        self.number, self.rnd, self.now = number, rnd, now
        self.today = clock.local_date(now)
        self.calendar = CalendarDay.objects.working_calendar()
        self.taken: set[tuple[int, dt.datetime]] = set()
        self.bsns = _test_bsns()

    def build(self) -> DemoReport:
        self._staff()
        homes = self._households()
        appointments = self._appointments(homes)
        messages = self._messages(appointments)
        files = self._debt_files(homes)
        self._absence()
        with connection.cursor() as cursor:
            cursor.execute("select setval('casework_case_number', %s)", [100 + max(1, len(homes))])
        audit(by=None, now=self.now, action="load_demo", on="household:*", details={"households": len(homes)})
        return DemoReport(len(homes), len(appointments), messages, files)

    def _staff(self) -> None:
        """Places, types and people; the same row is never made twice."""
        self.locations, self.counsellors = {}, []
        for code, area, _digits in _LOCATIONS:
            place, new = Location.objects.get_or_create(
                code=code,
                defaults={
                    "name": f"Vraagwijzer {area}", "address": f"Voorbeeldstraat {len(code) * 7}, Rotterdam (fictief)",
                    "area": Area.objects.filter(name=area).first(), "directions": "halte Voorbeeldplein, twee minuten lopen.",
                },
            )  # fmt: skip
            self.locations[code] = place
            if new:
                OpeningHours.objects.bulk_create(
                    OpeningHours(location=place, weekday=day, opens=dt.time(8, 30), closes=dt.time(17))
                    for day in range(1, 6)
                )
        self.types = {}
        for code, name, minutes, channel, first in _TYPES:
            self.types[code], _new = AppointmentType.objects.get_or_create(
                code=code, defaults={"name": name, "minutes": minutes, "channel": channel, "first_talk": first}
            )
        self._users()

    def _users(self) -> None:
        team, _new = Team.objects.get_or_create(name="Zuid en West")
        # One hash for all: hashing is slow on purpose.
        hashed = User()
        hashed.set_password(PASSWORD)
        wanted = [*LOGINS, *((login, Role.COUNSELLOR, name) for login, name, *_rest in _COUNSELLORS[1:])]
        wanted += [
            ("joke", Role.DESK, "Joke Pieters"),
            ("dennis", Role.DESK, "Dennis Rozenblad"),
            ("ahmed", Role.SUPERVISOR, "Ahmed Bennani"),
        ]
        people = {}
        for login, role, name in wanted:
            user = User(username=login, role=role, full_name=name, password=hashed.password)
            user.save()
            people[login] = user
        for login, code in (("joris", "FEI"), ("joke", "CHA"), ("dennis", "DEL"), ("ingrid", "FEI"), ("ahmed", "DEL")):
            Posting.objects.create(user=people[login], location=self.locations[code], team=team)
        mait, _new = Organisation.objects.get_or_create(code="MAIT", defaults={"name": "Stichting MAIT"})
        Membership.objects.create(user=people["mait"], organisation=mait)
        for number, (login, _name, code, languages) in enumerate(_COUNSELLORS):
            made = Counsellor.objects.create(
                user=people[login], location=self.locations[code], team=team, languages=list(languages),
                capacity=40 + 5 * (number % 5),
            )  # fmt: skip
            self.counsellors.append(made)
            # Most work four days; nobody is planned over lunch.
            free = number % 5 + 1 if number % 3 else 0
            WorkingHours.objects.bulk_create(
                WorkingHours(counsellor=made, location=made.location, weekday=day, starts=start, ends=end)
                for day in range(1, 6)
                if day != free
                for start, end in ((dt.time(9), dt.time(12, 30)), (dt.time(13), dt.time(16, 30)))
            )
            made.free_day = free
        self.by_place = {
            code: [one for one in self.counsellors if one.location_id == place.pk]
            for code, place in self.locations.items()
        }
        self.desk = people["joris"]

    def _households(self) -> list[Household]:
        homes, members, terms, threats = [], [], [], []
        for number in range(self.number):
            home, people = self._household(number)
            describe(home, people)
            homes.append(home)
            members += people
        Household.objects.bulk_create(homes, batch_size=2000)
        for home in homes:
            registered = clock.local_date(home.registered_at)
            ended = home.closed_on
            terms.append(Term(household=home, kind=TermKind.FIRST_TALK, event_on=registered,
                              deadline=self.calendar.first_talk_deadline(registered), ended_on=ended))  # fmt: skip
            if home.urgent:
                threats.append(Threat(household=home, kind=self.rnd.choice(ThreatKind.values), recorded_at=home.registered_at,
                                      happens_on=registered + dt.timedelta(days=self.rnd.randint(5, 20))))  # fmt: skip
                terms.append(Term(household=home, kind=TermKind.URGENT, event_on=registered,
                                  deadline=self.calendar.urgent_deadline(registered, registered), ended_on=ended))  # fmt: skip
        Member.objects.bulk_create(members, batch_size=2000)
        Threat.objects.bulk_create(threats, batch_size=2000)
        self.terms = {}
        for term in terms:
            self.terms.setdefault(term.household_id, []).append(term)
        self.all_terms = terms
        return homes

    def _household(self, number: int) -> tuple[Household, list[Member]]:
        rnd = self.rnd
        language, given, surnames = rnd.choices(_PEOPLE, weights=(40, 12, 12, 12, 6, 6, 6, 3, 2, 1))[0]
        surname = rnd.choice(surnames.split("|"))
        code, _area, digits = rnd.choice(_LOCATIONS)
        days_ago = int(rnd.triangular(0, 364, 120))
        registered = clock.at(
            self.today - dt.timedelta(days=days_ago), dt.time(rnd.randint(8, 16), rnd.choice((0, 15, 30, 45)))
        )
        registered = min(registered, self.now - dt.timedelta(hours=1))
        reach = rnd.random()
        home = Household(
            case_number=f"ETF-{clock.local(registered).year}-{101 + number:06}",
            registered_at=registered,
            location=self.locations[code],
            owner=rnd.choice(self.by_place[code]) if days_ago > 2 or rnd.random() < 0.5 else None,
            came_through=rnd.choices(CameThrough.values, weights=(50, 15, 15, 5, 10, 5))[0],
            street=rnd.choice(_STREETS),
            house_number=str(rnd.randint(900, 999)),
            postcode=digits + rnd.choice("ABCDEFGH") + rnd.choice("ABCDEFGHJK"),
            secret_address=rnd.random() < 0.02,
            mobile=f"+3160000{rnd.randint(0, 9999):04}" if reach < 0.88 else "",
            email=f"bewoner{number}@example.org" if reach < 0.35 or reach > 0.92 else "",
            language=language if language == "nl" or rnd.random() < 0.6 else "nl",
            channel=rnd.choices(ContactChannel.values, weights=(82, 6, 4, 4, 4))[0],
            no_voicemail=rnd.random() < 0.05,
            safety=rnd.random() < 0.02,
        )
        home.interpreter = home.language not in {"nl", "en"} and rnd.random() < 0.5
        home.urgent = rnd.random() < 0.12
        if days_ago > 120 and rnd.random() < 0.35:
            home.closed_on = clock.local_date(registered) + dt.timedelta(days=rnd.randint(60, days_ago - 1))
            home.exit_reason = rnd.choices(ExitReason.values, weights=(1, 5, 14, 12, 8, 8, 12, 35, 5))[0]
        return home, self._people(home, given, surname)

    def _people(self, home: Household, given: str, surname: str) -> list[Member]:
        rnd = self.rnd
        prefix, bare = names.split_prefix(surname)
        # When the test range is used up, people have none.
        number = next(self.bsns, "") if rnd.random() < 0.7 else ""
        born = self.today - dt.timedelta(days=rnd.randint(19 * 365, 70 * 365))
        people = [NewMember(given_names=rnd.choice(given.split()), prefix=prefix, surname=bare, born=born, bsn=number)]
        if rnd.random() < 0.3:
            people.append(NewMember(given_names=rnd.choice(given.split()), prefix=prefix, surname=bare, role=MemberRole.PARTNER,
                                    born=born + dt.timedelta(days=rnd.randint(-2000, 2000))))  # fmt: skip
        for _child in range(rnd.choices((0, 1, 2, 3), weights=(55, 20, 17, 8))[0]):
            people.append(NewMember(given_names=rnd.choice(given.split()), prefix=prefix, surname=bare, role=MemberRole.CHILD,
                                    born=self.today - dt.timedelta(days=rnd.randint(200, 17 * 365))))  # fmt: skip
        return [make_member(home, person) for person in people]

    def _free_start(self, counsellor: Counsellor, date: dt.date, limit: int = 25) -> dt.datetime | None:
        """A whole hour of the counsellor that nobody has, on or after a date."""
        for _try in range(limit):
            if self.calendar.is_working_day(date) and date.isoweekday() != counsellor.free_day:
                for time in self.rnd.sample(_STARTS, len(_STARTS)):
                    start = clock.at(date, time)
                    if (counsellor.pk, start) not in self.taken:
                        self.taken.add((counsellor.pk, start))
                        return start
            date += dt.timedelta(days=1)
        return None

    def _appointments(self, homes: list[Household]) -> list[Appointment]:
        rows = []
        owners = {one.pk: one for one in self.counsellors}
        codes = {place.pk: code for code, place in self.locations.items()}
        for home in homes:
            counsellor = owners.get(home.owner_id) or self.rnd.choice(self.by_place[codes[home.location_id]])
            rows += self._visits(home, counsellor)
        Appointment.objects.bulk_create(rows, batch_size=2000)
        Term.objects.bulk_create(self.all_terms, batch_size=2000)
        return rows

    def _visits(self, home: Household, counsellor: Counsellor) -> list[Appointment]:
        """First talk within a month, then one each few weeks; a missed talk gets a new one."""
        rnd, visits = self.rnd, []
        registered = clock.local_date(home.registered_at)
        last = home.closed_on or self.today + dt.timedelta(days=28)
        date, first = registered + dt.timedelta(days=rnd.randint(1, 4) if home.urgent else rnd.randint(3, 24)), True
        for _number in range(rnd.choices((1, 2, 3, 4, 5), weights=(20, 25, 25, 20, 10))[0]):
            start = self._free_start(counsellor, date)
            if not start or clock.local_date(start) > last:
                break
            kind = self.types[
                "SG" if first and home.urgent else "EG" if first else rnd.choice(("VG", "VG", "VG", "TG", "HB"))
            ]
            visit = self._visit(home, counsellor, kind, start, visits)
            visits.append(visit)
            if visit.outcome in {Outcome.ATTENDED, Outcome.TOO_LATE} and first:
                first = False
                self._hold_first_talk(home, clock.local_date(start))
            date = max(clock.local_date(start) + dt.timedelta(days=rnd.randint(7, 35)), date)
        if not home.closed_on and not first and rnd.random() < 0.5:
            # A caseload is never without appointments around today.
            start = self._free_start(counsellor, self.today + dt.timedelta(days=rnd.choice((0, 0, *range(-3, 19)))))
            if start:
                kind = self.types[rnd.choice(("VG", "VG", "TG"))]
                visits.append(self._visit(home, counsellor, kind, start, visits))
        return visits

    def _hold_first_talk(self, home: Household, on: dt.date) -> None:
        for term in self.terms.get(home.pk, []):
            if term.kind in {TermKind.FIRST_TALK, TermKind.URGENT}:
                term.met_on, term.ended_on = on, None
        self.all_terms.append(Term(household=home, kind=TermKind.DECISION, event_on=on,
                                   deadline=self.calendar.decision_deadline(on), ended_on=home.closed_on,
                                   met_on=self._decided(on)))  # fmt: skip

    def _decided(self, on: dt.date) -> dt.date | None:
        met = on + dt.timedelta(days=self.rnd.randint(20, 70))
        return met if met <= self.today else None

    def _visit(self, home, counsellor, kind, start, earlier) -> Appointment:
        booked = max(home.registered_at, start - dt.timedelta(days=self.rnd.randint(3, 20)))
        row = Appointment(
            household=home, counsellor=counsellor, location_id=counsellor.location_id, type=kind, starts_at=start,
            ends_at=start + kind.length, booked_at=min(booked, start - dt.timedelta(hours=2), self.now), booked_by=self.desk,
        )  # fmt: skip
        row.location = counsellor.location
        if row.ends_at + dt.timedelta(minutes=30) < self.now:
            self._outcome(row)
        elif (
            start < self.now + dt.timedelta(minutes=30)
            and self.rnd.random() < 0.6
            and start > self.now - dt.timedelta(hours=1)
        ):
            row.arrived_at = min(self.now, start)
        return row

    def _outcome(self, row: Appointment) -> None:
        """Reminded residents miss half as often; a few past appointments are not recorded yet."""
        rnd = self.rnd
        reminded = row.household.mobile and row.household.channel == ContactChannel.SMS
        recent = row.starts_at > self.now - dt.timedelta(days=12)
        if rnd.random() < (0.10 if recent else 0.004):
            return
        missed = 6 if reminded else 12
        row.outcome = rnd.choices(
            (Outcome.ATTENDED, Outcome.TOO_LATE, Outcome.NO_SHOW, Outcome.EXCUSED, Outcome.CANCELLED_IN_TIME,
             Outcome.CANCELLED_LATE, Outcome.CANCELLED_BY_ETF),
            weights=(76, 2, missed, missed / 5, 5, 3, 2),
        )[0]  # fmt: skip
        row.recorded_by = row.counsellor.user
        row.recorded_at = min(self.now, row.ends_at + dt.timedelta(hours=rnd.choice((0, 0, 0, 1, 4, 20))))
        if row.outcome in {Outcome.CANCELLED_IN_TIME, Outcome.CANCELLED_LATE}:
            hours = rnd.randint(25, 70) if row.outcome == Outcome.CANCELLED_IN_TIME else rnd.randint(2, 20)
            row.told_at, row.told_how = row.starts_at - dt.timedelta(hours=hours), "phone"
            row.booked_at = min(row.booked_at, row.told_at)
            row.recorded_at = row.told_at
        if row.outcome in {Outcome.NO_SHOW, Outcome.EXCUSED}:
            row.reason = rnd.choice(MissedReason.values)
        if row.outcome in {Outcome.ATTENDED, Outcome.TOO_LATE} and rnd.random() < 0.8:
            row.arrived_at = row.starts_at + dt.timedelta(minutes=rnd.randint(-15, 10))

    def _messages(self, rows: list[Appointment]) -> int:
        """What went out in the last two weeks, and what is planned for coming appointments."""
        number = 0
        for row in rows:
            if not row.outcome and row.starts_at > self.now:
                number += len(messaging.plan_for_booking(
                    household=row.household, appointment_key=row.pk, starts_at=row.starts_at, facts=message_facts(row),
                    booked_at=row.booked_at, now=self.now,
                ))  # fmt: skip
        recent = [
            row for row in rows if self.now - dt.timedelta(days=14) < row.starts_at <= self.now and row.household.mobile
        ]
        sent = [
            self._sent(row) for row in recent if row.outcome in {"V", "L", "N", "X"} and row.household.wants_messages
        ]
        Message.objects.bulk_create(sent)
        return number + len(sent)

    def _sent(self, row: Appointment) -> Message:
        moment = clock.at(clock.local_date(row.starts_at) - dt.timedelta(days=2), dt.time(10))
        message = Message(
            household=row.household, appointment_key=row.pk, kind=MessageKind.TWO_DAYS_BEFORE, planned_start=row.starts_at,
            facts=message_facts(row), due_at=moment, expires_at=row.starts_at, created_at=row.booked_at, attempts=1,
            state=MessageState.SENT, sent_at=moment + dt.timedelta(seconds=7), claimed_at=moment, channel=Channel.SMS,
            recipient=row.household.mobile, language=texts.language_for(row.household.language),
        )  # fmt: skip
        texts.fill(message)
        return message

    def _debt_files(self, homes: list[Household]) -> int:
        creditors = [
            Creditor(name=name, search_name=names.fold(name), kvk_number="", postcode="")
            for name, _kind, _pref in _CREDITORS
        ]
        Creditor.objects.bulk_create(creditors)
        held = {term.household_id: term.event_on for term in self.all_terms if term.kind == TermKind.DECISION}
        files, phases, debts = [], [], []
        for home in homes:
            if home.pk in held:
                file = self._file(home, held[home.pk])
                files.append(file)
                phases += self._phases(file, held[home.pk])
                debts += self._debts(file, creditors)
        DebtFile.objects.bulk_create(files, batch_size=2000)
        Phase.objects.bulk_create(phases, batch_size=2000)
        Debt.objects.bulk_create(debts, batch_size=2000)
        clients = dict(Member.objects.filter(role=MemberRole.CLIENT).values_list("household_id", "pk"))
        DebtFile.clients.through.objects.bulk_create(
            [DebtFile.clients.through(debtfile_id=file.pk, member_id=clients[file.household_id]) for file in files],
            batch_size=2000,
        )
        return len(files)

    def _file(self, home: Household, first_talk: dt.date) -> DebtFile:
        file = DebtFile(
            household=home, opened_on=clock.local_date(home.registered_at), municipality_code=settings.MUNICIPALITY_CODE,
            crisis_at_report=home.urgent, closed_on=home.closed_on and max(home.closed_on, first_talk),
            exit_reason=home.exit_reason,
        )  # fmt: skip
        decided = first_talk + dt.timedelta(days=self.rnd.randint(20, 60))
        if decided <= (file.closed_on or self.today):
            file.decision_kind = DecisionKind.ADMISSION if self.rnd.random() < 0.95 else DecisionKind.REFUSAL
            file.decided_on = file.plan_completed_on = file.granted_on = decided
        if file.decided_on and file.decided_on + dt.timedelta(days=120) < self.today and self.rnd.random() < 0.5:
            file.solution_kind = self.rnd.choice(SolutionKind.values)
            file.solution_start = file.decided_on + dt.timedelta(days=120)
            file.vtlb = self.rnd.randint(1150, 1900)
            if file.closed_on and file.closed_on < file.solution_start:
                file.solution_kind, file.solution_start, file.vtlb = "", None, None
        return file

    def _phases(self, file: DebtFile, first_talk: dt.date) -> list[Phase]:
        """One after the other; the last one is open unless the file is closed."""
        starts = [(PhaseKind.REPORT, file.opened_on), (PhaseKind.INTAKE, first_talk)]
        if file.decision_kind == DecisionKind.ADMISSION:
            starts.append((PhaseKind.STABILISATION, file.decided_on))
        if file.solution_start:
            starts.append((PhaseKind.SOLUTION, file.solution_start))
        ends = [start for _kind, start in starts[1:]] + [file.closed_on]
        return [
            Phase(debt_file=file, kind=kind, started_on=start, ended_on=end)
            for (kind, start), end in zip(starts, ends, strict=True)
            if not end or end >= start
        ]

    def _debts(self, file: DebtFile, creditors: list[Creditor]) -> list[Debt]:
        number = max(1, min(len(_CREDITORS), int(self.rnd.gauss(9, 3))))
        rows = []
        for index in self.rnd.sample(range(len(_CREDITORS)), number):
            _name, kind, preferred = _CREDITORS[index]
            cents = int(min(self.rnd.lognormvariate(7.3, 1.1), 60_000) * 100)
            rows.append(Debt(debt_file=file, creditor=creditors[index], kind=kind, preferred=preferred,
                             amount=Decimal(cents) / 100, as_of=file.opened_on))  # fmt: skip
        return rows

    def _absence(self) -> None:
        """One counsellor is away next week, with appointments standing: something for the supervisor."""
        monday = self.today + dt.timedelta(days=7 - self.today.weekday())
        period = (clock.day_bounds(monday)[0], clock.day_bounds(monday + dt.timedelta(days=4))[1])
        Absence.objects.create(counsellor=self.counsellors[1], period=period, kind=AbsenceKind.LEAVE)
