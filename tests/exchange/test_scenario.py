"""`manage.py etf_scenario`: every key of the contract arrives, and twice is once."""

import datetime as dt

import pytest

from casework.appointments.models import Appointment, AppointmentType
from casework.core.models import AuditEntry, User
from casework.counsellors.models import Counsellor
from casework.debts.models import Debt, DebtFile, JournalEntry, Phase
from casework.households.actions import NewMember, register_household
from casework.households.models import Household, Member, Term
from casework.messaging.models import Message, MessageKind, MessageState
from casework.places.models import CalendarDay, Location
from partners.organisations.models import Organisation
from tests import make
from tests.exchange.dump import every_row, numbers
from tests.exchange.worlds import CONTRACT, HOUSEHOLD, appointment, contract, load, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def strings(*moments) -> list[str]:
    return [f"{make.clock.local(one):%Y-%m-%d %H:%M}" for one in moments]


class TestEveryKey:
    """`scenarios/contract.json`: the example of the contract, with every key that exists."""

    @pytest.fixture(autouse=True)
    def _loaded(self, db, now):
        self.printed = load(CONTRACT)

    def test_what_was_made_is_said(self):
        assert self.printed == [
            "calendar: 1 made",
            "locations: 1 made",
            "types: 2 made",
            "organisations: 1 made",
            "staff: 7 made",
            "households: 3 made",
            "appointments: 2 made",
            "debt_files: 1 made",
        ]

    def test_calendar(self):
        day = CalendarDay.objects.get(date=date("2026-11-27"))
        assert (day.working_day, day.closed, day.name) == (False, True, "brugdag")

    def test_locations_and_types(self):
        place = Location.objects.get(code="FEI")
        assert (place.name, place.address, place.kind) == ("Vraagwijzer Feijenoord", "Voorbeeldstraat 1, 3072 AB Rotterdam", "desk")  # fmt: skip
        hours = {(one.weekday, str(one.opens), str(one.closes)) for one in place.hours.all()}
        assert hours == {(day, "08:30:00", "17:00:00") for day in range(1, 6)}
        types = {
            one.code: (one.name, one.minutes, one.channel, one.first_talk) for one in AppointmentType.objects.all()
        }
        assert types["EG"] == ("Eerste gesprek", 60, "place", True)
        assert types["TG"] == ("Telefonisch gesprek", 30, "phone", False)

    def test_organisations_beside_those_that_always_exist(self):
        assert set(Organisation.objects.values_list("code", flat=True)) == {"MAIT", "KBR", "JPF", "BUUR"}

    def test_staff_and_roles(self):
        roles = {one.username: one.role for one in User.objects.all()}
        assert roles == {
            "c1": "counsellor", "d1": "desk", "p1": "partner", "p2": "partner", "s1": "supervisor", "a1": "admin", "f1": "privacy_officer",
        }  # fmt: skip
        users = {one.username: one for one in User.objects.all()}
        assert users["c1"].check_password("stil-water-9")
        assert (users["c1"].full_name, users["c1"].first_name) == ("Samira El Amrani", "Samira")
        assert not users["s1"].has_usable_password()
        assert users["s1"].full_name == "s1"
        assert (users["d1"].posting.location.code, users["d1"].posting.team.name) == ("FEI", "Zuid")
        assert [users[name].membership.organisation.code for name in ("p1", "p2")] == ["BUUR", "MAIT"]

    def test_a_counsellor_with_hours_and_absences(self):
        one = Counsellor.objects.get()
        assert (one.languages, one.capacity, one.team.name, one.location.code) == (["nl", "ar"], 60, "Zuid", "FEI")
        hours = {(row.weekday, str(row.starts), str(row.ends), row.valid_from, row.valid_to) for row in one.working_hours.all()}  # fmt: skip
        assert hours == {(day, "09:00:00", "12:30:00", None, date("2026-12-31")) for day in range(1, 5)}
        absences = [(*strings(row.period.lower, row.period.upper), row.kind) for row in one.absences.all()]
        assert absences == [
            ("2026-11-09 00:00", "2026-11-14 00:00", "verlof"),  # whole days, the last one included
            ("2026-11-16 09:00", "2026-11-16 10:30", "verlof"),
            ("2026-11-18 13:00", "2026-11-20 00:00", "ziek"),
        ]

    def test_a_household(self):
        one = Household.objects.get(case_number=HOUSEHOLD)
        assert strings(one.registered_at) == ["2026-10-26 09:00"]
        assert (one.location.code, one.owner.user.username, one.came_through) == ("FEI", "c1", "neighbourhood_team")
        assert (one.street, one.house_number, one.addition, one.postcode, one.city, one.secret_address) == ("Voorbeeldstraat", "12", "B", "3072AB", "Rotterdam", True)  # fmt: skip
        assert (one.mobile, one.phone, one.email) == ("+31612345678", "+31101234567", "jan@example.org")
        assert (one.language, one.interpreter, one.channel) == ("ar", True, "email")
        assert (one.no_voicemail, one.safety, one.administrator, one.legal_hold) == (True, True, False, True)
        assert (one.closed_on, one.display_name) == (None, "Jan van der Berg")
        [threat] = one.threats.all()
        assert (threat.kind, threat.happens_on, *strings(threat.recorded_at)) == ("eviction", date("2026-11-20"), "2026-10-29 10:00")  # fmt: skip

    def test_its_members(self):
        client, child = Member.objects.filter(household__case_number=HOUSEHOLD).order_by("-role")
        assert (client.role, client.given_names, client.prefix, client.surname) == ("client", "Jan", "van der", "Berg")
        assert (client.initials, client.born, client.gender, client.bsn) == ("J.", date("1984-05-17"), "Man", "999900109")  # fmt: skip
        assert (child.role, child.full_name, child.born) == ("child", "Noor van der Berg", date("2015-01-02"))

    def test_its_terms_follow_from_registration_threat_talk_and_decision(self):
        terms = {one.kind: (str(one.event_on), str(one.deadline), str(one.met_on)) for one in Term.objects.filter(household__case_number=HOUSEHOLD)}  # fmt: skip
        assert terms == {
            "first_talk": ("2026-10-26", "2026-11-23", "2026-10-27"),
            "urgent": ("2026-10-29", "2026-11-03", "2026-10-27"),
            "decision": ("2026-10-27", "2026-12-22", "2026-11-01"),
        }

    def test_a_closed_household_and_one_without_anything(self):
        closed = Household.objects.get(case_number="ETF-2021-000007")
        assert (closed.closed_on, closed.exit_reason) == (date("2021-11-02"), "Afgerond")
        bare = Household.objects.get(case_number="ETF-2026-000103")
        assert (bare.registered_at, bare.channel, bare.language, bare.came_through) == (make.moment("2026-11-02 09:00"), "sms", "nl", "self")  # fmt: skip
        assert (bare.owner, bare.location, bare.city) == (None, None, "Rotterdam")

    def test_appointments(self):
        one, two = Appointment.objects.order_by("starts_at")
        assert (one.reference, one.household.case_number, one.counsellor.user.username) == ("a1", HOUSEHOLD, "c1")
        assert (one.location.code, one.type.code, one.outcome, one.booked_by.username) == ("FEI", "EG", "V", "d1")
        assert strings(one.starts_at, one.ends_at, one.booked_at, one.recorded_at) == [
            "2026-10-27 09:00", "2026-10-27 10:00", "2026-10-26 09:05", "2026-10-27 10:30",
        ]  # fmt: skip
        assert (two.outcome, two.location.code, two.booked_by.username, two.recorded_at) == ("", "FEI", "c1", None)

    def test_messages_are_planned_for_what_is_to_come_and_late_ones_stay_home(self):
        planned = {one.kind: (one.state, *strings(one.due_at)) for one in Message.objects.all()}
        # Booked at eight on 2 November, loaded at nine.
        assert planned == {
            MessageKind.CONFIRMATION: (MessageState.WITHDRAWN, "2026-11-02 08:00"),
            MessageKind.TWO_DAYS_BEFORE: (MessageState.PLANNED, "2026-11-21 10:00"),
        }
        assert {one.appointment_key for one in Message.objects.all()} == {Appointment.objects.get(reference="a2").pk}

    def test_a_debt_file(self):
        one = DebtFile.objects.get()
        assert (one.household.case_number, one.opened_on, one.closed_on) == (HOUSEHOLD, date("2026-10-26"), None)
        assert (one.decision_kind, one.decided_on, one.plan_completed_on) == ("admission", date("2026-11-01"), date("2026-11-01"))  # fmt: skip
        assert (one.solution_kind, one.solution_start, one.solution_end, one.vtlb) == ("Saneringskrediet", date("2027-03-01"), None, 1350)  # fmt: skip
        assert [member.given_names for member in one.clients.all()] == ["Jan"]
        phases = [(row.kind, str(row.started_on), str(row.ended_on)) for row in Phase.objects.all()]
        assert phases == [("intake", "2026-10-27", "2026-11-01"), ("stabilisation", "2026-11-01", "None")]
        debts = [(row.creditor.name, row.kind, str(row.amount), row.as_of, row.preferred, row.reference) for row in Debt.objects.select_related("creditor")]  # fmt: skip
        assert debts == [
            ("Rijnmond Energie", "Nuts", "1234.56", date("2026-10-27"), True, "K-7"),
            ("Postorder De Kade", "Overig", "80.00", None, False, ""),
        ]
        [note] = JournalEntry.objects.all()
        assert (note.by.username, note.kind, note.text, *strings(note.at)) == ("c1", "gesprek", "Alle post is mee.", "2026-10-27 10:15")  # fmt: skip

    def test_loading_is_a_line_in_the_audit_trail(self):
        line = AuditEntry.objects.get(action="load_scenario")
        assert (line.username, line.details["made"]["households"]) == ("system", 3)

    def test_a_second_time_changes_nothing_and_says_so(self):
        counted, rows = numbers(), every_row()
        assert load(CONTRACT) == ["Nothing changed: everything in this scenario was there already."]
        assert numbers() == counted
        assert every_row() == rows


@pytest.mark.parametrize(
    ("key", "place", "value", "line"),
    [
        ("calendar", "name", "vrije dag", "calendar: 1 changed"),
        ("locations", "address", "Voorbeeldstraat 2, Rotterdam", "locations: 1 changed"),
        ("locations", "hours", [], "locations: 1 changed"),
        ("types", "minutes", 45, "types: 1 changed"),
        ("organisations", "name", "Buurthulp Anders", "organisations: 1 changed"),
        ("staff", "capacity", 10, "staff: 1 changed"),
        ("staff", "hours", [], "staff: 1 changed"),
        ("staff", "absences", [], "staff: 1 changed"),
        ("staff", "password", "ander-water-8", "staff: 1 changed"),
        ("staff", "name", "Samira Bouzid", "staff: 1 changed"),
    ],
)
def test_what_stays_follows_the_file(loading, key, place, value, line):
    data = contract()
    loading(data)
    data[key][0][place] = value
    assert loading(data) == [line]
    assert loading(data) == ["Nothing changed: everything in this scenario was there already."]


def test_a_posting_and_a_membership_follow_the_file(loading):
    data = contract()
    loading(data)
    data["staff"][1]["team"] = "Noord"
    data["staff"][2]["organisation"] = "KBR"
    assert loading(data) == ["staff: 2 changed"]
    assert User.objects.get(username="d1").posting.team.name == "Noord"
    assert User.objects.get(username="p1").membership.organisation.code == "KBR"


def test_everything_is_optional_and_every_list_may_be_empty(loading):
    assert loading({}) == ["Nothing changed: everything in this scenario was there already."]
    keys = ("calendar", "locations", "types", "organisations", "staff", "households", "appointments", "debt_files")
    assert loading({key: [] for key in keys}) == ["Nothing changed: everything in this scenario was there already."]
    empty = world(
        households=[{"case_number": HOUSEHOLD, "threats": [], "members": [], "flags": []}],
        debt_files=[{"household": HOUSEHOLD, "opened": "2026-11-02", "phases": [], "debts": [], "notes": []}],
    )
    empty["staff"][0] |= {"languages": [], "hours": [{"days": [], "from": "09:00", "to": "12:00"}], "absences": []}
    empty["locations"][0]["hours"] = []
    assert "households: 1 made" in loading(empty)


def test_without_now_the_clock_is_the_moment(loading):
    data = world()
    del data["now"], data["households"][0]["registered"]
    loading(data)
    assert Household.objects.get().registered_at == make.moment("2026-11-02 09:00")


def test_now_is_the_moment_at_which_the_world_is_loaded(loading):
    data = world(now="2026-11-10T12:00", appointments=[appointment("2026-11-09T09:00", booked="2026-11-01T10:00")])
    loading(data)
    assert not Message.objects.exists()
    assert AuditEntry.objects.get(action="load_scenario").at == make.moment("2026-11-10 12:00")


def test_moments_with_and_without_offset_and_across_the_clock_change(loading):
    starts = {
        "w": ("2026-10-23T14:00", "2026-10-23T12:00:00+00:00"),
        "z": ("2026-10-26T14:00", "2026-10-26T13:00:00+00:00"),
        "o": ("2026-10-27T14:00:00+00:00", "2026-10-27T14:00:00+00:00"),
        "u": ("2026-10-28T09:00:00Z", "2026-10-28T09:00:00+00:00"),
    }
    loading(world(appointments=[appointment(start, ref=ref, outcome="V") for ref, (start, _utc) in starts.items()]))
    found = {one.reference: one.starts_at.isoformat() for one in Appointment.objects.all()}
    assert found == {ref: utc for ref, (_start, utc) in starts.items()}


def test_a_file_may_have_a_byte_order_mark(tmp_path):
    path = tmp_path / "scenario.json"
    path.write_bytes(b"\xef\xbb\xbf" + CONTRACT.read_bytes())
    assert "households: 3 made" in load(path)


def test_a_case_number_of_the_file_is_skipped_afterwards(loading):
    """The numbers that registering gives out pass over the ones that stand."""
    client = NewMember(surname="Nieuw")
    fresh = {"client": client, "contact": {}, "location": None, "by": None, "now": make.moment("2026-11-02 09:00")}
    number = int(register_household(**fresh).case_number[-6:])
    taken = f"ETF-2026-{number + 1:06}"
    loading(world(households=[{"case_number": taken}]))
    assert register_household(**fresh).case_number == f"ETF-2026-{number + 2:06}"
