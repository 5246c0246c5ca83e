"""`manage.py etf_demo`: a city of invented people, the same for the same seed, in the shape of domain.md, Appendix A."""

import datetime as dt
import io
import itertools
import re
import statistics
from collections import Counter

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Max, Q, Sum
from stdnum.nl import bsn as bsn_rule

from casework.appointments.models import Appointment, CorrectionProposal, Outcome
from casework.core import clock
from casework.core.models import AuditEntry, User
from casework.counsellors.models import Absence, Counsellor, WorkingHours
from casework.debts.models import DebtFile, Phase
from casework.exchange.actions import demo
from casework.households.actions import NewMember, register_household
from casework.households.models import Household, Member, Merge, Term, TransferProposal
from casework.messaging.models import Message
from casework.messaging.reads import silent_since
from casework.places.models import Location
from casework.reports.reads import Scope, no_show, show_up
from tests import make
from tests.exchange.dump import every_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
YEAR = Scope(dt.date(2025, 11, 1), dt.date(2026, 11, 30))
DROP_OUT = {"Nietverschenen", "Ingetrokken", "Voldoet niet"}


def run(**options) -> str:
    out = io.StringIO()
    call_command("etf_demo", stdout=out, **options)
    return out.getvalue()


def _prepare() -> None:
    call_command("etf_prepare", stdout=io.StringIO())


class _Undo(Exception):
    pass


def story() -> list[tuple]:
    """The city without keys, passwords and what is sealed with a random number."""
    homes = Household.objects.order_by("case_number")
    people = Member.objects.order_by("household__case_number", "pk")
    visits = Appointment.objects.order_by("starts_at", "counsellor__user__username", "household__case_number")
    files = DebtFile.objects.order_by("household__case_number")
    messages = Message.objects.order_by("planned_start", "household__case_number", "kind")
    terms = Term.objects.order_by("household__case_number", "kind")
    return [
        *homes.values_list("case_number", "display_name", "registered_at", "owner__user__username", "mobile", "postcode", "closed_on", "exit_reason", "channel"),
        *[(one.given_names, one.surname, one.role, one.born, one.bsn) for one in people],
        *visits.values_list("starts_at", "household__case_number", "counsellor__user__username", "type__code", "outcome", "booked_at", "moved_to__starts_at"),
        *terms.values_list("household__case_number", "kind", "deadline", "met_on", "ended_on"),
        *files.values_list("household__case_number", "decided_on", "solution_kind", "total_at_start"),
        *Phase.objects.order_by("debt_file__household__case_number", "started_on", "kind").values_list("kind", "started_on", "ended_on"),
        *messages.values_list("household__case_number", "kind", "state", "due_at", "text"),
        *User.objects.order_by("username").values_list("username", "role", "full_name"),
    ]  # fmt: skip


def made_afresh(**options) -> list[tuple]:
    """The story of a city that is taken away again."""
    found = []
    with pytest.raises(_Undo), transaction.atomic():
        run(**options)
        found = story()
        raise _Undo
    return found


def test_the_same_seed_gives_the_same_city():
    first = made_afresh(households=40, seed=7)
    assert len(first) > 400
    assert made_afresh(households=40, seed=7) == first
    assert made_afresh(households=40, seed=8) != first


def test_dates_follow_today():
    """Made in March, the year before it and the four weeks after it are full."""
    with time_machine.travel(make.moment("2027-03-01 09:00"), tick=False):
        run(households=40)
        registered = [make.clock.local_date(one) for one in Household.objects.values_list("registered_at", flat=True)]
        assert dt.date(2026, 3, 2) <= min(registered)
        assert max(registered) <= dt.date(2027, 3, 1)
        assert Appointment.objects.filter(starts_at__gt=make.moment("2027-03-01 09:00"), outcome="").exists()
        assert not Appointment.objects.filter(starts_at__gt=make.moment("2027-03-30 00:00")).exists()


def test_what_was_made_is_said():
    printed = run(households=20)
    counts = [Household.objects.count(), Appointment.objects.count(), Message.objects.count(), DebtFile.objects.count()]
    assert [int(number) for number in re.findall(r"\d+", printed)] == counts
    assert counts[0] == 20
    assert AuditEntry.objects.get(action="load_demo").details == {"households": 20}


def test_screens_of_a_household_are_not_empty():
    """Some have everything that stands around a household, and nothing of it lies in the future."""
    run(households=60)
    found = Household.objects.filter(consents__isnull=False, agreements__isnull=False, notes__isnull=False)
    assert found.exists()
    for name in ("life_events", "helpers", "programmes"):
        assert Household.objects.filter(**{f"{name}__isnull": False}).exists(), name
    today = make.moment("2026-11-02 09:00").date()
    assert not Household.objects.filter(agreements__agreed_on__gt=today).exists()
    assert not Household.objects.filter(notes__at__gt=make.moment("2026-11-02 09:00")).exists()


def test_a_full_database_is_left_alone():
    make.household()
    rows = every_row()
    with pytest.raises(CommandError, match="There are households already"):
        run(households=5)
    assert run(households=5, if_empty=True) == ""
    assert every_row() == rows


def test_if_empty_fills_an_empty_database_once():
    run(households=5, if_empty=True)
    rows = every_row()
    run(households=5, if_empty=True)
    assert every_row() == rows


@pytest.mark.parametrize("options", [{"households": 5}, {"if_empty": True}, {"logins": True}])
def test_production_has_no_demonstration(settings, options):
    settings.PRODUCTION = True
    rows = every_row()
    with pytest.raises(CommandError, match="not loaded in production"):
        run(**options)
    assert every_row() == rows


@pytest.mark.parametrize("number", [0, -3])
def test_a_city_without_households_is_refused(number):
    with pytest.raises(CommandError, match="at least one household"):
        run(households=number)


def test_letters_wait_also_in_a_city_that_was_made_at_night(time_machine):
    time_machine.move_to(make.moment("2026-11-02 03:00"), tick=False)
    run(households=60)
    assert Message.objects.to_print().exists()
    assert not Message.objects.filter(state="sent", kind="confirmation").exists()


def test_the_logins_that_are_printed_work(client):
    run(households=3)
    rows = every_row()
    printed = run(logins=True)
    assert every_row() == rows
    password = re.search(r"password (\S+):", printed)[1]
    lines = [line.split()[:2] for line in printed.splitlines()[1:]]
    assert {role for _name, role in lines} == {
        "desk",
        "counsellor",
        "supervisor",
        "admin",
        "privacy_officer",
        "partner",
    }
    for username, role in lines:
        assert client.login(username=username, password=password)
        assert User.objects.get(username=username).role == role


def test_a_city_after_places_were_set_up_keeps_them():
    """An administrator may have made a location with the same code first."""
    place = make.location("FEI", name="Vraagwijzer Elders", opens="10:00")
    run(households=5)
    place.refresh_from_db()
    assert (place.name, place.hours.count()) == ("Vraagwijzer Elders", 5)
    assert Location.objects.count() == 3


def test_the_next_registration_takes_the_next_number():
    run(households=5)
    made = register_household(
        client=NewMember(surname="Nieuw"), contact={}, location=None, by=None, now=make.moment("2026-11-02 09:00")
    )
    assert made.case_number == "ETF-2026-000106"


def test_a_city_of_one_household():
    run(households=1)
    assert Household.objects.count() == 1


@pytest.fixture(scope="class")
def city(made_once):
    with made_once(_prepare):
        yield


@pytest.fixture(scope="class")
def large_city(made_once):
    with made_once(lambda: run(households=900)):
        yield


@pytest.mark.usefixtures("city")
class TestTheCity:
    """300 households, as `./run` makes them."""

    def test_preparing_fills_an_empty_database_once(self):
        """`etf_prepare`, which `./run` starts with."""
        assert Household.objects.count() == 300
        rows = every_row()
        _prepare()
        assert every_row() == rows

    def test_nobody_is_told_that_no_messages_go_out(self):
        assert Message.objects.filter(state="planned").exists()
        assert silent_since(make.moment("2026-11-02 09:00")) is None

    def test_letters_wait_to_be_printed(self):
        waiting = Message.objects.to_print().select_related("household")
        assert waiting
        assert all(one.text and one.recipient.split("\n") == list(one.household.postal_lines) for one in waiting)

    def test_every_bsn_is_from_the_test_range_and_once(self):
        numbers = [one.bsn for one in Member.objects.exclude(bsn="").filter(household__continued_in=None)]
        assert len(numbers) > 150
        assert all(number.startswith("9999") and bsn_rule.is_valid(number) for number in numbers)
        assert len(numbers) == len(set(numbers))

    def test_every_screen_about_people_has_something_to_show(self):
        """Registered twice, once proposed for a merge and once for somebody to see; on the way to a colleague; come back."""
        merge = Merge.objects.get()
        assert merge.surviving.mobile == merge.absorbed.mobile != ""
        people = Counter(
            (one.members.get(role="client").born, one.mobile) for one in Household.objects.open() if one.mobile
        )
        assert sorted(people.values())[-2:] == [2, 2]
        assert TransferProposal.objects.get().household.owner != TransferProposal.objects.get().to
        correction = CorrectionProposal.objects.get()
        assert (correction.was, correction.becomes, correction.is_outdated) == ("N", "X", False)
        earlier = Household.objects.get(continued_in__isnull=False)
        later = earlier.continued_in
        assert earlier.closed_on < clock.local_date(later.registered_at)
        assert later.closed_on is None
        who = ("given_names", "surname", "born")
        assert set(earlier.members.values_list(*who)) == set(later.members.values_list(*who))

    def test_nobody_can_be_reached_for_real(self):
        for one in Household.objects.all():
            assert re.fullmatch(r"(\+3160000\d{4})?", one.mobile)
            assert re.fullmatch(r"(.+@example\.org)?", one.email)
            assert one.postcode[:4] in {"3072", "3083", "3024"}
            assert 900 <= int(one.house_number) <= 999

    def test_names_are_of_many_origins(self):
        languages = set(Household.objects.values_list("language", flat=True))
        assert {"nl", "tr", "ar", "pl", "pt", "pap"} <= languages
        surnames = set(Member.objects.values_list("surname", flat=True))
        assert len(surnames) > 30
        assert any(not surname.isascii() for surname in surnames)

    def test_households_are_spread_over_the_year_and_the_locations(self):
        registered = [one.date() for one in Household.objects.values_list("registered_at", flat=True)]
        assert len({(day.year, day.month) for day in registered}) >= 12
        assert all(
            number >= 60
            for number in Household.objects.values("location").annotate(n=Count("pk")).values_list("n", flat=True)
        )

    def test_every_outcome_occurs_and_moved_ones_have_a_successor(self):
        assert set(Appointment.objects.values_list("outcome", flat=True)) == {"", *Outcome.values}
        moved = Appointment.objects.filter(outcome__in=["R1", "R2"])
        assert not moved.filter(moved_to=None).exists()
        assert not moved.exclude(moved_to__household=F("household")).exists()
        assert not moved.filter(moved_to__starts_at__lte=F("starts_at")).exists()

    def test_told_in_time_is_what_it_says(self):
        for one in Appointment.objects.filter(outcome__in=["A1", "A2", "R1", "R2"]):
            assert one.told_in_time(one.told_at) == one.outcome.endswith("1")

    def test_nothing_happened_in_the_future(self):
        now = make.moment("2026-11-02 09:00")
        assert not Household.objects.filter(registered_at__gt=now).exists()
        later = Q(recorded_at__gt=now) | Q(told_at__gt=now) | Q(booked_at__gt=now) | Q(arrived_at__gt=now)
        assert not Appointment.objects.filter(later).exists()
        assert not Appointment.objects.filter(Q(booked_at__gt=F("starts_at")) | Q(booked_at__gt=F("told_at"))).exists()
        assert not Appointment.objects.filter(starts_at__gt=now).exclude(outcome="").exists()
        assert not Term.objects.filter(Q(met_on__gt=now.date()) | Q(ended_on__gt=now.date())).exists()
        assert not Message.objects.filter(sent_at__gt=now).exists()

    def test_appointments_stand_in_working_hours_and_nobody_overlaps(self):
        hours = {(one.counsellor_id, one.weekday, one.starts.hour): one for one in WorkingHours.objects.all()}
        by_counsellor: dict[int, list] = {}
        for one in Appointment.objects.order_by("starts_at"):
            start, end = make.clock.local(one.starts_at), make.clock.local(one.ends_at)
            half = hours[one.counsellor_id, start.isoweekday(), 9 if start.hour < 13 else 13]
            assert half.starts <= start.time()
            assert end.time() <= half.ends
            by_counsellor.setdefault(one.counsellor_id, []).append(one)
        for rows in by_counsellor.values():
            assert all(one.ends_at <= two.starts_at for one, two in itertools.pairwise(rows))

    def test_there_is_work_for_everyone_today(self):
        now = make.moment("2026-11-02 09:00")
        first, last = make.clock.day_bounds(dt.date(2026, 11, 2))
        assert Appointment.objects.between(first, last).exists()
        assert Appointment.objects.unrecorded(now).exists()
        assert Household.objects.filter(owner=None, closed_on=None).exists()
        [away] = Absence.objects.all()
        assert Appointment.objects.filter(
            counsellor=away.counsellor, starts_at__gte=away.period.lower, starts_at__lt=away.period.upper, outcome=""
        ).exists()  # fmt: skip

    def test_closed_households_are_over(self):
        closed = Household.objects.exclude(closed_on=None)
        assert not Term.objects.filter(household__in=closed, met_on=None, ended_on=None).exists()
        assert not Appointment.objects.filter(
            household__in=closed, starts_at__gt=make.moment("2026-11-02 09:00")
        ).exists()
        assert not DebtFile.objects.filter(household__in=closed, closed_on=None).exists()

    def test_the_first_talk_meets_the_term(self):
        """Every household with a first talk of class V or L has its term met on the first of them, and no other has."""
        came = Appointment.objects.filter(outcome__in=["V", "L"], type__first_talk=True)
        first: dict[int, dt.date] = {}
        for one in came.order_by("starts_at"):
            first.setdefault(one.household_id, make.clock.local_date(one.starts_at))
        met = dict(Term.objects.filter(kind="first_talk").exclude(met_on=None).values_list("household_id", "met_on"))
        assert met == first
        assert set(DebtFile.objects.values_list("household_id", flat=True)) == set(first)

    def test_every_constraint_of_the_database_holds(self):
        """Bulk writing skips no constraint: those that wait for the end are asked now, and each row is sound by itself."""
        connection.check_constraints()
        for model in (Household, Appointment, Term, DebtFile, Phase, Message):
            for row in model.objects.all()[:15]:
                row.validate_constraints()

    def test_every_list_and_figure_opens(self, client):
        client.force_login(User.objects.get(username="ingrid"))
        for address in ("/", "/cijfers/", "/huishoudens/", "/afspraken/te-registreren/"):
            assert client.get(address).status_code == 200

    def test_the_password_is_one_and_no_user_is_left_without(self):
        assert all(one.has_usable_password() for one in User.objects.all())
        assert User.objects.get(username="samira").check_password(demo.PASSWORD)


@pytest.mark.usefixtures("large_city")
class TestItsShape:
    """The shares of Appendix A, over enough households to see them."""

    def test_a_larger_city_has_more_counsellors(self):
        """Some 55 new households a year each (Appendix A)."""
        assert Counsellor.objects.count() == 17
        assert set(Counsellor.objects.annotate(n=Count("working_hours")).values_list("n", flat=True)) <= {8, 10}
        assert Household.objects.values("owner").annotate(n=Count("pk")).aggregate(most=Max("n"))["most"] < 110

    def test_attendance_and_drop_out(self):
        """91 % ever appear; 6 % is missed with a reminder and 12 % without; a third of what ended is drop-out."""
        now = make.moment("2026-11-02 09:00")
        came = show_up(YEAR, now=now).total
        assert 0.89 <= came.numerator / came.denominator <= 0.93
        reminded = Q(household__channel="sms") & ~Q(household__mobile="")
        assert 0.05 <= _missed(reminded) <= 0.075
        assert 0.10 <= _missed(~reminded) <= 0.14
        assert not no_show(YEAR, now=now).provisional
        ended = [one.exit_reason for one in Household.objects.exclude(closed_on=None)]
        assert 0.27 <= sum(reason in DROP_OUT for reason in ended) / len(ended) <= 0.41

    def test_debts_and_arranging(self):
        """Thirteen creditors and over 40,000 on average, skewed, some 9,000 for the young; arranging beyond 120 days."""
        files = DebtFile.objects.annotate(n=Count("debts"), total=Sum("debts__amount")).prefetch_related("clients")
        totals: dict[bool, list[float]] = {True: [], False: []}
        for file in files:
            [client] = file.clients.all()
            assert file.total_at_start == file.total
            totals[client.born > dt.date(1999, 11, 9)].append(float(file.total))
        everybody = totals[True] + totals[False]
        assert 12.5 <= statistics.mean(file.n for file in files) <= 13.5
        assert 39_000 <= statistics.mean(everybody) <= 45_000
        assert 7_500 <= statistics.mean(totals[True]) <= 10_500
        assert statistics.median(everybody) < 0.95 * statistics.mean(everybody)
        answered = ~Q(debt_file__arrangement_granted_on=None, debt_file__arrangement_refused_on=None)
        arranging = Phase.objects.filter(answered, kind="arranging")
        assert arranging.count() > 50
        assert statistics.median((one.ended_on - one.started_on).days for one in arranging) > 120
        assert Phase.objects.filter(kind="arranging", ended_on=None).exists()


def _missed(who: Q) -> float:
    """The share of appointments that stood and were missed (M1)."""
    stood = Appointment.objects.filter(who, outcome__in=["V", "L", "N", "X"])
    return stood.filter(outcome__in=["N", "X"]).count() / stood.count()
