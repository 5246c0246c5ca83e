"""*Herplannen nodig* (R-14): proposals that fit, many saved at once, and nobody told before there is a new time."""

import datetime as dt
import html
import re

import pytest

from casework.appointments import actions
from casework.appointments.models import Appointment, proposals
from casework.core import clock
from casework.core.models import Role
from casework.counsellors.models import Counsellor
from casework.messaging.models import Message, MessageKind
from casework.places.models import CalendarDay
from tests import make
from tests.appointments.conftest import CASEWORKERS, text_of, token


@pytest.fixture
def bram(feijenoord):
    return make.counsellor(at=feijenoord, name="Bram Bos")


@pytest.fixture
def away(samira):
    """Samira is away on Tuesday 3 and Wednesday 4 November."""
    return make.absence(samira, "2026-11-03 00:00", "2026-11-05 00:00")


@pytest.fixture
def stand(samira):
    """An appointment of somebody with Samira, on Tuesday at 10.00 unless said otherwise."""

    def do(start="2026-11-03 10:00", **changes):
        fields = {
            name: changes.pop(name) for name in ("type", "second_counsellor", "travel_minutes") if name in changes
        }
        home = make.household(owner=samira, location=samira.location, **changes)
        return make.appointment(**{"household": home, "counsellor": samira, "start": start} | fields)

    return do


def first(one) -> str:
    slot = one.slots[0]
    return f"{slot.counsellor_name.split()[0]} {clock.local(slot.start):%d %H:%M}"


def to_replan(now) -> list[Appointment]:
    return list(Appointment.objects.to_replan(now).order_by("starts_at", "pk"))


class TestWhich:
    def test_what_stands_within_an_absence_and_nothing_else(self, stand, away, now):
        hit = stand()
        stand("2026-11-05 10:00")
        stand("2026-11-04 10:00", registered="2026-10-01 09:00").delete()
        make.appointment(household=hit.household, counsellor=hit.counsellor, start="2026-11-04 13:00", outcome="A1")
        assert to_replan(now) == [hit]

    def test_of_two_absences_one_that_goes_leaves_the_other(self, stand, away, samira, now):
        hit = stand()
        make.absence(samira, "2026-11-03 09:00", "2026-11-03 12:00")
        away.delete()
        assert to_replan(now) == [hit]

    def test_the_second_counsellor_and_the_way_count_too(self, stand, samira, bram, now):
        make.absence(bram, "2026-11-03 00:00", "2026-11-04 00:00")
        joined = stand(second_counsellor=bram)
        make.absence(samira, "2026-11-03 13:00", "2026-11-03 13:30")
        travelled = stand("2026-11-03 14:00", travel_minutes=45)
        stand("2026-11-04 10:00")
        assert to_replan(now) == [joined, travelled]

    def test_a_closed_day_and_somebody_who_left(self, stand, samira, now):
        closed = stand("2026-11-06 10:00")
        CalendarDay.objects.create(date=dt.date(2026, 11, 6), name="Storing", closed=True)
        assert to_replan(now) == [closed]
        other = stand("2026-11-09 10:00")
        samira.active = False
        samira.save()
        assert to_replan(now) == [closed, other]


class TestProposals:
    def test_the_own_counsellor_when_that_is_soon_enough(self, stand, away, bram, now):
        assert first(*proposals([stand()], now=now)) == "Samira 05 09:00"

    def test_somebody_else_when_the_own_is_away_too_long(self, stand, samira, bram, now):
        make.absence(samira, "2026-11-03 00:00", "2026-11-21 00:00")
        assert first(*proposals([stand()], now=now)) == "Bram 03 10:00"

    def test_within_the_term_comes_first(self, stand, away, bram, now):
        row = stand()
        make.term(row.household, "urgent", "2026-10-29", "2026-11-04")
        [one] = proposals([row], now=now)
        assert first(one) == "Bram 03 10:00"
        assert one.deadline == dt.date(2026, 11, 4)
        assert [one.is_late(slot) for slot in one.slots] == sorted(one.is_late(slot) for slot in one.slots)

    def test_a_term_before_the_appointment_looks_at_the_days_before(self, stand, samira, bram, now):
        make.absence(samira, "2026-11-09 00:00", "2026-11-14 00:00")
        row = stand("2026-11-10 10:00")
        make.term(row.household, "urgent", "2026-11-02", "2026-11-05")
        assert proposals([row], now=now)[0].slots[0].date <= dt.date(2026, 11, 5)

    def test_in_the_language_of_the_household(self, stand, samira, bram, feijenoord, now):
        make.absence(samira, "2026-11-03 00:00", "2026-11-21 00:00")
        make.counsellor(at=feijenoord, name="Zeynep Zengin", languages=("nl", "tr"))
        assert first(*proposals([stand(language="tr")], now=now)) == "Zeynep 03 10:00"
        assert (
            first(*proposals([stand("2026-11-04 10:00", language="tr", interpreter=True)], now=now)) == "Bram 04 10:00"
        )

    def test_at_the_same_location_only(self, stand, samira, now):
        make.absence(samira, "2026-11-03 00:00", "2026-12-31 00:00")
        make.counsellor(at=make.location("CHA"))
        assert proposals([stand()], now=now)[0].slots == []

    def test_two_are_not_offered_the_same_time(self, stand, samira, bram, now):
        make.absence(samira, "2026-11-03 00:00", "2026-11-21 00:00")
        rows = [stand(), stand("2026-11-03 11:00"), stand("2026-11-03 13:00")]
        bram.working_hours.exclude(weekday=2).delete()
        found = proposals(rows, now=now)
        assert [first(one) for one in found] == ["Bram 03 10:00", "Bram 03 11:00", "Bram 03 13:00"]

    def test_not_when_the_household_is_elsewhere(self, stand, samira, bram, feijenoord, now):
        make.absence(samira, "2026-11-03 00:00", "2026-11-21 00:00")
        row = stand()
        make.appointment(
            household=row.household, counsellor=make.counsellor(at=feijenoord, name="Cas"), start="2026-11-03 11:00"
        )
        make.appointment(household=make.household(), counsellor=bram, start="2026-11-03 10:00")
        assert first(*proposals([row], now=now)).split()[1:] != ["03", "10:30"]
        [one] = proposals([row], now=now)
        busy = make.moment("2026-11-03 11:00")
        assert not any(slot.start < busy + dt.timedelta(hours=1) and slot.end > busy for slot in one.slots)

    def test_both_counsellors_and_the_way(self, stand, samira, bram, now):
        make.absence(samira, "2026-11-03 00:00", "2026-11-05 00:00")
        make.absence(bram, "2026-11-05 00:00", "2026-11-05 13:00")
        row = stand(second_counsellor=bram, travel_minutes=30)
        assert first(*proposals([row], now=now)) == "Samira 05 13:30"

    def test_by_telephone_not_in_the_hours_not_to_call(self, stand, samira, bram, now):
        make.absence(samira, "2026-11-03 00:00", "2026-11-21 00:00")
        phone = make.appointment_type("TG", minutes=30, first_talk=False, channel="phone")
        row = stand(type=phone, quiet_from=dt.time(9), quiet_until=dt.time(12))
        assert first(*proposals([row], now=now)) == "Bram 03 12:00"

    def test_every_proposal_can_be_booked(self, stand, away, bram, joris, now):
        make.absence(bram, "2026-11-03 09:00", "2026-11-03 11:30")
        rows = [stand(f"2026-11-0{day} {hour:02}:00", second_counsellor=bram if hour == 14 else None)
                for day in (3, 4) for hour in (9, 10, 11, 13, 14)]  # fmt: skip
        for one in proposals(rows, now=now):
            slot = one.slots[0]
            counsellor = next(who for who in (bram, one.appointment.counsellor) if who.pk == slot.counsellor_id)
            actions.move(appointment=one.appointment, counsellor=counsellor, location=one.appointment.location,
                         start=slot.start, told_at=now, by=joris, now=now)  # fmt: skip

    @pytest.mark.parametrize("number", [1, 3])
    def test_three_queries_however_many_rows(self, stand, away, now, number, django_assert_num_queries):
        for count in range(number):
            stand(f"2026-11-03 {9 + count:02}:00")
        rows = list(Appointment.objects.to_replan(now).for_list().order_by("pk"))
        with django_assert_num_queries(3):
            proposals(rows, now=now)


def offered(page) -> dict[str, list[str]]:
    found = re.findall(r'name="(time_\d+)">(.*?)</select>', page.content.decode(), re.S)
    return {name: [html.unescape(key) for key in re.findall(r'value="([^"]*)"', options)] for name, options in found}


def form_of(page) -> dict[str, str]:
    return dict(re.findall(r'name="((?:version_\d+|token))"\s+value="([^"]*)"', page.content.decode())) | {
        "token": re.search(r'value="([0-9a-f-]{36})"', page.content.decode())[1]
    }  # fmt: skip


class TestDoor:
    URL = "/herplannen/"

    @pytest.fixture(autouse=True)
    def _moment(self, now, away, bram):
        """It is Monday, and Samira is away from tomorrow on."""

    @pytest.mark.parametrize("role", Role)
    def test_who_may(self, browse, everyone, role):
        assert browse(everyone[role]).get(self.URL).status_code == (200 if role in CASEWORKERS else 403)

    def test_nothing_to_do(self, browse, joris):
        assert "Er hoeft niets te worden herpland." in text_of(browse(joris).get(self.URL))

    def test_many_at_once_and_one_stays(self, browse, joris, stand):
        rows = [stand(f"2026-11-03 {hour:02}:00") for hour in (9, 10, 11)]
        client = browse(joris)
        page = client.get(self.URL)
        assert "3 afspraken die niemand kan ontvangen" in text_of(page)
        assert "06 12 34 56 78" in text_of(page)
        assert not Message.objects.exists()
        times = offered(page)
        chosen = {f"time_{row.pk}": times[f"time_{row.pk}"][1] for row in rows[:2]} | {f"time_{rows[2].pk}": ""}
        answer = client.post(self.URL, form_of(page) | chosen, follow=True)
        assert "2 afspraken hebben een nieuwe tijd. De inwoners krijgen bericht." in text_of(answer)
        assert to_replan(make.moment("2026-11-02 09:00")) == [rows[2]]
        assert set(Message.objects.exclude(kind__in=["t0", "t2"]).values_list("kind", flat=True)) == {
            MessageKind.CHANGED
        }
        assert {row.outcome for row in Appointment.objects.filter(pk__in=[row.pk for row in rows[:2]])} == {"R1"}

    def test_the_same_form_twice_moves_once(self, browse, joris, stand):
        row, client = stand(), browse(joris)
        page = client.get(self.URL)
        form = form_of(page) | {f"time_{row.pk}": offered(page)[f"time_{row.pk}"][1]}
        assert [client.post(self.URL, form).status_code for _time in range(2)] == [302, 302]
        assert Appointment.objects.count() == 2

    def test_one_that_was_taken_stays_with_why_and_fresh_proposals(self, browse, joris, stand, samira):
        rows, client = [stand(f"2026-11-03 {hour:02}:00") for hour in (9, 10)], browse(joris)
        page = client.get(self.URL)
        times = {name: keys[1] for name, keys in offered(page).items()}
        gone = times[f"time_{rows[0].pk}"]
        start = dt.datetime.strptime(gone.split(".")[0], "%Y%m%dT%H%MZ").replace(tzinfo=dt.UTC)
        make.appointment(household=make.household(), counsellor=samira, start=start.isoformat())
        answer = client.post(self.URL, form_of(page) | times)
        assert "Niet alles kon worden opgeslagen." in text_of(answer)
        assert "Deze tijd is net bezet door een collega." in text_of(answer)
        fresh = offered(answer)
        assert set(fresh) == {f"time_{rows[0].pk}"}
        assert gone not in fresh[f"time_{rows[0].pk}"]
        assert (
            client.post(self.URL, form_of(answer) | {name: keys[1] for name, keys in fresh.items()}).status_code == 302
        )

    def test_who_left_meanwhile_is_said_and_the_others_are_moved(self, browse, joris, stand, samira):
        stays, moves = (f"time_{stand(f'2026-11-03 {hour:02}:00').pk}" for hour in (9, 10))
        client = browse(joris)
        page = client.get(self.URL)
        moment, _bram, place = offered(page)[stays][1].split(".")
        left = make.counsellor(at=samira.location, name="Nina Weg")
        Counsellor.objects.filter(pk=left.pk).update(active=False)
        chosen = {stays: f"{moment}.{left.pk}.{place}", moves: offered(page)[moves][1]}
        answer = client.post(self.URL, form_of(page) | chosen)
        assert "Deze tijd is niet meer beschikbaar." in text_of(answer)
        assert list(offered(answer)) == [stays]

    def test_changed_meanwhile(self, browse, joris, stand):
        row, client = stand(), browse(joris)
        page = client.get(self.URL)
        Appointment.objects.filter(pk=row.pk).update(version=9)
        form = form_of(page) | {f"time_{row.pk}": offered(page)[f"time_{row.pk}"][1]}
        assert "Een collega heeft deze afspraak intussen gewijzigd." in text_of(client.post(self.URL, form))

    def test_one_absence_opens_its_own_appointments(self, browse, ingrid, stand, samira):
        """Two absences of one counsellor; why she is away stands nowhere (R-14)."""
        first, later = stand("2026-11-03 10:00"), stand("2026-11-17 10:00")
        second = make.absence(samira, "2026-11-17 00:00", "2026-11-18 00:00")
        client = browse(ingrid)
        page = client.get(self.URL, {"absence": second.pk})
        assert [offer["proposal"].appointment for offer in page.context["offers"]] == [later]
        assert "Samira El Amrani di 17 nov–wo 18 nov" in text_of(page)
        assert "Verlof" not in text_of(page)
        assert {offer["proposal"].appointment for offer in client.get(self.URL).context["offers"]} == {first, later}
        assert client.get(self.URL, {"absence": "x"}).status_code == 200

    def test_the_desk_of_elsewhere_confirms(self, browse, stand):
        desk = make.user(Role.DESK, location=make.location("CHA"))
        row, client = stand(), browse(desk)
        assert "Er hoeft niets te worden herpland." in text_of(client.get(self.URL))
        address = f"{self.URL}?location="
        page = client.get(address)
        form = form_of(page) | {f"time_{row.pk}": offered(page)[f"time_{row.pk}"][1]}
        assert 'name="place_confirmed"' in client.post(address, form).content.decode()
        assert client.post(address, form | {"place_confirmed": "on"}).status_code == 302

    def test_without_a_choice_it_asks_for_one(self, browse, joris, stand):
        stand()
        client = browse(joris)
        answer = client.post(self.URL, form_of(client.get(self.URL)))
        assert "Kies voor minstens één afspraak een nieuwe tijd." in text_of(answer)

    @pytest.mark.parametrize("key", ["x", "\x00", "20261105T0800Z.99999.1", "99991231T2359Z.1.1", "20261105T0803Z.1.1"])
    @pytest.mark.parametrize("name", ["time_{}", "time_x", "time_99999999999999999999", "time_٣"])
    def test_nonsense_changes_nothing(self, browse, joris, stand, key, name):
        row = stand()
        form = {
            "token": token(),
            name.format(row.pk): key,
            f"version_{row.pk}": "1",
            "version_x": "1",
            "version_٣": "1",
        }
        assert browse(joris).post(self.URL, form).status_code == 200
        assert Appointment.objects.count() == 1

    @pytest.mark.parametrize("number", [1, 3])
    def test_as_many_queries_with_more_rows(self, browse, joris, stand, number, django_assert_num_queries):
        for count in range(number):
            stand(f"2026-11-03 {9 + count:02}:00")
        client = browse(joris)
        client.get(self.URL)
        with django_assert_num_queries(15):
            client.get(self.URL)
