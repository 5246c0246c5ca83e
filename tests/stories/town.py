"""The small town of the stories: two locations, somebody in every role, and a Monday with all that may happen."""

import datetime as dt
from dataclasses import dataclass, field

from casework.appointments import actions
from casework.appointments.models import Appointment, AppointmentType, CancelCode, FollowUp
from casework.core.actions import audit
from casework.core.models import AuditEntry, AuditKind, Role, User
from casework.counsellors.models import Counsellor, Posting, Team
from casework.debts.models import Creditor, Debt, DebtFile
from casework.households.actions import write_note
from casework.households.models import Household, Member, Threat, ThreatKind
from casework.messaging.actions import post_batch
from casework.messaging.models import Message, MessageState
from casework.places.models import Location
from partners.organisations.models import Membership, Organisation
from tests import make

MONDAY_MORNING = "2026-11-02T09:00:00"


@dataclass
class Town:
    """Who works here, and where."""

    feijenoord: Location
    charlois: Location
    samira: Counsellor
    bram: Counsellor
    users: dict[str, User]
    first_talk: AppointmentType
    follow_up: AppointmentType
    by_phone: AppointmentType
    rows: dict[str, object] = field(default_factory=dict)

    def __getitem__(self, name: str):
        return self.rows[name]


def build() -> Town:
    feijenoord = make.location("FEI", name="Vraagwijzer Feijenoord")
    charlois = make.location("CHA", name="Vraagwijzer Charlois")
    samira = make.counsellor(at=feijenoord, name="Samira El Amrani", username="samira", languages=("nl", "ar"))
    bram = make.counsellor(at=charlois, name="Bram de Groot", username="bram")
    partner = make.user(Role.PARTNER, username="mait", name="Maartje van Maas")
    Membership.objects.create(user=partner, organisation=Organisation.objects.order_by("pk").first())
    users = {
        Role.DESK: make.user(Role.DESK, username="joris", name="Joris de Wit", location=feijenoord),
        Role.COUNSELLOR: samira.user,
        Role.SUPERVISOR: make.user(Role.SUPERVISOR, username="ingrid", name="Ingrid Smit", location=feijenoord),
        Role.PARTNER: partner,
        Role.ADMIN: make.user(Role.ADMIN, username="beheer", name="Bea Heerma"),
        Role.PRIVACY_OFFICER: make.user(Role.PRIVACY_OFFICER, username="privacy", name="Priya Vacature"),
    }
    return Town(
        feijenoord, charlois, samira, bram, users,
        first_talk=make.appointment_type("EG"),
        follow_up=make.appointment_type("VG", minutes=30, first_talk=False),
        by_phone=make.appointment_type("TG", minutes=30, first_talk=False, channel="phone"),
    )  # fmt: skip


def fill(town: Town) -> Town:
    """A household for everything that a screen can show, and appointments in every state around Monday morning."""
    rows = town.rows
    rows["household"] = _a_full_household(town)
    rows["member"] = rows["household"].members.order_by("pk").first()
    rows["around"] = make.around(rows["household"])
    rows["stranger"] = make.household(given="Olga", surname="Vreemdeling", owner=town.bram, location=town.charlois)
    rows["fresh"] = make.household(given="Nieuw", surname="Binnen", registered="2026-11-02 08:40")
    rows["without_file"] = make.household(given="Lena", surname="Zonder", owner=town.samira, location=town.feijenoord)
    rows["closed"] = make.household(
        given="Henk", surname="Gesloten", owner=town.samira, closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond"
    )
    _appointments(town)
    _messages(town)
    _privacy(town)
    rows["waiting"] = make.waiting(rows["household"], kind=town.first_talk)
    make.waiting(rows["stranger"], kind=town.follow_up, half_days=["2m", "4a"], locations=["FEI"])
    make.absence(town.bram, "2026-11-09 09:00", "2026-11-13 17:00")
    return town


def _privacy(town: Town) -> None:
    """Lines of the audit trail, and requests of residents in both states."""
    rows, samira = town.rows, town.samira.user
    team = Team.objects.create(name="Zuid")
    Counsellor.objects.filter(pk=town.samira.pk).update(team=team)
    Posting.objects.filter(user=town.users[Role.SUPERVISOR]).update(team=team)
    now = make.moment("2026-11-02 08:50")
    write_note(household=rows["household"], kind="note", text="Belt terug", by=samira, now=now)
    rows["line"] = AuditEntry.objects.get(action="write_note")
    audit(by=samira, now=now, action="view_household", on=rows["stranger"], kind=AuditKind.VIEWED)
    rows["request"] = make.data_request(rows["household"], "2026-10-01", by=town.users[Role.DESK])
    rows["answered"] = make.data_request(
        rows["household"], kind="deletion", by=town.users[Role.DESK], done_on=dt.date(2026, 11, 2), done_by=samira,
        outcome="refused", explanation="De termijn loopt nog.",
    )  # fmt: skip


def _a_full_household(town: Town) -> Household:
    made = make.household(
        given="Fatou", surname="Ndiaye-van den Bosscheringhausen", owner=town.samira, location=town.feijenoord,
        born=dt.date(1984, 5, 17), language="tr", interpreter=True, safety=True, safety_note="Bel alleen overdag",
        no_voicemail=True, administrator=True, administrator_kind="bewind", administrator_name="Bewind Voorbeeld",
        quiet_from=dt.time(9), quiet_until=dt.time(12), shared_phone=True, email="fatou.ndiaye@example.org", street="Voorbeeldstraat",
        house_number="12", addition="b", postcode="3072AB", city="Rotterdam", registered="2026-10-20 10:00",
    )  # fmt: skip
    Member.objects.create(household=made, given_names="Awa", surname="Ndiaye", search_surname="ndiaye", role="child")
    make.term(made, "first_talk", "2026-10-20", "2026-11-17")
    make.term(made, "urgent", "2026-10-30", "2026-11-03")
    Threat.objects.create(
        household=made,
        kind=ThreatKind.values[0],
        happens_on=dt.date(2026, 11, 6),
        recorded_at=make.moment(MONDAY_MORNING),
    )
    file = make.debt_file(made, opened="2026-10-21")
    _debts(file)
    town.rows["debt"] = file.debts.first()
    return made


def _debts(file: DebtFile) -> None:
    for name, amount in (("Energie Voorbeeld", "812.40"), ("Zorgverzekeraar Proef", "1234.56")):
        creditor = Creditor.objects.create(name=name, search_name=name.lower())
        Debt.objects.create(debt_file=file, creditor=creditor, amount=amount, as_of=dt.date(2026, 10, 1))
    Debt.objects.create(
        debt_file=file, creditor=creditor, amount="50", collector="Deurwaarder Proef", left_out="double"
    )


def _appointments(town: Town) -> None:
    def appointment(start: str, name: str, **given) -> Appointment:
        household = make.household(given=name, surname="Vandaag", owner=town.samira, location=town.feijenoord)
        return make.appointment(**{"household": household, "counsellor": town.samira, "start": start} | given)

    rows, full = town.rows, town.rows["household"]
    rows["arrived"] = appointment("2026-11-02 09:00", "Aisha", arrived_at=make.moment("2026-11-02 08:55"))
    rows["planned"] = appointment("2026-11-03 11:00", "Piet")
    rows["code"] = CancelCode.objects.create(
        appointment=rows["planned"], starts_at=rows["planned"].starts_at, token="K7QM2XW9PT4H", code="4821",
        made_at=make.moment(MONDAY_MORNING),
    )  # fmt: skip
    rows["unrecorded"] = appointment("2026-10-30 10:00", "Ahmet")
    rows["by_phone"] = appointment("2026-11-02 08:30", "Tom", type=town.by_phone)
    rows["appeared"] = appointment("2026-10-29 10:00", "Maria", outcome="V")
    rows["missed"] = appointment("2026-10-29 13:00", "Jana", outcome="N", reason_id="forgotten")
    rows["of_full"] = make.appointment(household=full, counsellor=town.samira, start="2026-10-28 13:00", outcome="V")
    for week, outcome in enumerate(("V", "V", "N", "L", "V", "X", "V", "V", "A2", "V", "V", "V")):
        start = dt.date(2026, 10, 26) - dt.timedelta(weeks=week)
        appointment(f"{start} 14:00", f"Eerder{week}", outcome=outcome)
    rows["follow_up"] = _missed(town, appointment)
    rows["long_ago"] = appointment("2026-10-12 09:00", "Lena", outcome="V")
    rows["disputed"] = appointment("2026-10-13 09:00", "Dirk", outcome="V")
    rows["correction"] = make.correction(rows["disputed"], "N", by=town.samira.user)
    make.appointment(household=rows["stranger"], counsellor=town.bram, start="2026-11-10 10:00")


def _missed(town: Town, appointment) -> FollowUp:
    """Two in a row of one household, an urgent one, and a home visit to plan."""
    make.appointment_type("HB", first_talk=False, channel="home")
    twice = make.follow_up(town["missed"])
    home = twice.household
    earlier = make.appointment(household=home, counsellor=town.samira, start="2026-10-22 13:00", outcome="X")
    make.follow_up(earlier)
    home.contact_attempts.create(
        at=make.moment("2026-10-30 11:00"), by=town.samira.user, kind="phone", result="voicemail"
    )
    urgent = appointment("2026-10-27 09:00", "Urgentia", outcome="N", reason_id="fear")
    make.term(urgent.household, "urgent", "2026-10-27", "2026-11-04")
    make.follow_up(urgent)
    return twice


def _messages(town: Town) -> None:
    now = make.moment(MONDAY_MORNING)
    booked = actions.book(
        household=town["household"], counsellor=town.samira, location=town.feijenoord, kind=town.first_talk,
        start=make.moment("2026-11-05 10:00"), by=town.users[Role.DESK], now=now,
    )  # fmt: skip
    town.rows["booked"] = booked
    actions.send_due_messages(now=now)
    town.rows["message"] = Message.objects.filter(household=town["household"], state=MessageState.SENT).get()
    lost = Message.objects.filter(household=town["household"], state=MessageState.PLANNED).order_by("due_at").first()
    lost.state = MessageState.CALL
    lost.save()
    town.rows["call"] = lost
    by_letter = make.household(
        given="Lies", surname="Zonder-Telefoon", mobile="", location=town.feijenoord, **make.ADDRESS
    )
    town.rows["letter"] = make.letter(by_letter)
    town.rows["stack"] = make.stack(by_letter, by_letter, by=town.users[Role.DESK])
    gone = town["stack"].letters.order_by("pk").first()
    Message.objects.filter(pk=gone.pk).update(state=MessageState.WITHDRAWN, reason="cancelled")
    town.rows["posted"] = make.stack(by_letter, by=town.users[Role.DESK])
    post_batch(batch=town["posted"], by=town.users[Role.DESK], now=now)
    town.rows["received"] = make.received(town["household"], "Stop. Ik bel u liever.")
    town.rows["from_nobody"] = make.received(None, "Wie is dit?", sender="+31687650000")
