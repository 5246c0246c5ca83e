"""People who want to come earlier: what suits them, who offers it, and when the waiting is over."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import IntegrityError, transaction

from casework.appointments import actions
from casework.appointments.models import Slot, WaitingEnd, WaitingEntry, fits
from casework.core import clock
from casework.core.models import AuditEntry, Role
from casework.core.refusals import Refused
from casework.households.models import Household
from casework.messaging.models import Message
from tests import make
from tests.appointments.conftest import CASEWORKERS, NONSENSE, text_of, token


@pytest.fixture
def wait(samira, joris, now):
    """Somebody who wants a first talk before 20 November."""

    def do(household=None, kind=None, **changes):
        wanted = {"locations": [], "half_days": [], "until": dt.date(2026, 11, 20), "now": now} | changes
        return actions.wait_for_earlier(household=household or make.household(owner=samira),
                                        kind=kind or make.appointment_type(), by=joris, **wanted)  # fmt: skip

    return do


def suits(entry, now, **changes) -> str:
    slot = fits([entry], now=now, **changes)[0].slot
    return f"{slot.counsellor_name.split()[0]} {clock.local(slot.start):%d %H:%M}" if slot else ""


class TestWhatSuits:
    def test_the_first_free_time(self, wait, now):
        assert suits(wait(), now) == "Samira 02 09:15"

    def test_only_before_what_stands(self, wait, samira, now):
        entry = wait()
        make.appointment(household=entry.household, counsellor=samira, start="2026-11-10 10:00")
        make.absence(samira, "2026-11-02 00:00", "2026-11-10 00:00")
        assert suits(entry, now) == "Samira 10 09:00"
        make.absence(samira, "2026-11-10 00:00", "2026-11-10 10:00")
        assert suits(entry, now) == ""

    def test_on_the_half_days_and_places_that_were_asked(self, wait, now, feijenoord):
        assert suits(wait(half_days=["3a", "4m"]), now) == "Samira 04 13:00"
        charlois = make.location("CHA")
        assert suits(wait(locations=[charlois]), now) == ""
        make.counsellor(at=charlois, name="Cor Cool")
        assert suits(wait(locations=[charlois]), now) == "Cor 02 09:15"

    def test_until_the_last_date(self, wait, samira, now):
        make.absence(samira, "2026-11-02 00:00", "2026-11-20 16:00")
        assert suits(wait(), now) == ""
        assert suits(wait(until=dt.date(2026, 11, 23)), now) == "Samira 23 09:00"

    def test_in_the_language_and_by_telephone_within_the_hours(self, wait, feijenoord, samira, now):
        assert suits(wait(make.household(language="tr")), now) == ""
        make.counsellor(at=feijenoord, name="Zeynep Zengin", languages=("tr",))
        assert suits(wait(make.household(language="tr")), now) == "Zeynep 02 09:15"
        phone = make.appointment_type("TG", minutes=30, first_talk=False, channel="phone")
        quiet = make.household(quiet_from=dt.time(9), quiet_until=dt.time(14))
        assert suits(wait(quiet, phone), now).endswith("02 14:00")

    def test_the_way_to_a_talk_at_home_fits_too(self, wait, samira, now):
        kind = make.appointment_type("HB", first_talk=False, channel="home")
        kind.travel_minutes = 30
        kind.save()
        assert suits(wait(kind=kind), now) == "Samira 02 09:30"

    def test_a_freed_time_is_what_is_offered_though_more_is_free_around_it(self, wait, samira, now):
        freed = Slot(make.moment("2026-11-03 10:00"), dt.timedelta(minutes=30), samira.pk, "", samira.location_id, "")
        assert suits(wait(), now, freed=freed) == "Samira 03 10:00"
        make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 10:30")
        assert suits(wait(), now, freed=freed) == "Samira 03 09:30"
        assert suits(wait(half_days=["2a"]), now, freed=freed) == ""

    @pytest.mark.parametrize("number", [1, 3])
    def test_two_queries_however_many(self, wait, now, number, django_assert_num_queries):
        keys = [wait().pk for _one in range(number)]
        rows = list(WaitingEntry.objects.filter(pk__in=keys).select_related("household", "type").order_by("pk"))
        with django_assert_num_queries(2):
            fits(rows, now=now)


class TestEnding:
    def test_whoever_books_in_time_waits_no_longer(self, wait, samira, joris, now):
        entry, other = wait(), wait()
        actions.book(household=entry.household, counsellor=samira, location=samira.location, kind=entry.type, by=joris, now=now,
                     start=make.moment("2026-11-03 10:00"))  # fmt: skip
        entry.refresh_from_db()
        assert (entry.ended_at, entry.ended_by, entry.end_reason) == (now, joris, WaitingEnd.BOOKED)
        assert list(WaitingEntry.objects.waiting(dt.date(2026, 11, 2))) == [other]
        assert AuditEntry.objects.get(action="end_waiting").object_key == f"household:{entry.household_id}"

    @pytest.mark.parametrize(("start", "ends"), [("2026-11-05 10:00", True), ("2026-11-12 10:00", False)])
    def test_moving_ends_it_when_it_is_earlier(self, wait, samira, joris, now, start, ends):
        entry = wait()
        row = make.appointment(household=entry.household, counsellor=samira, start="2026-11-10 10:00")
        actions.move(appointment=row, counsellor=samira, location=row.location, start=make.moment(start), told_at=now,
                     by=joris, now=now)  # fmt: skip
        entry.refresh_from_db()
        assert bool(entry.ended_at) is ends

    def test_another_kind_or_too_late_ends_nothing(self, wait, samira, joris, talks, now):
        entry = wait()
        for kind, start in ((talks[1], "2026-11-03 10:00"), (talks[0], "2026-11-24 10:00")):
            actions.book(household=entry.household, counsellor=samira, location=samira.location, kind=kind, by=joris, now=now,
                         start=make.moment(start))  # fmt: skip
        entry.refresh_from_db()
        assert entry.ended_at is None

    def test_closing_ends_it_and_merging_leaves_one(self, wait, samira, ingrid, now):
        entry = wait()
        actions.close_household(
            household=entry.household, reason="Afgerond", on=dt.date(2026, 11, 2), by=ingrid, now=now
        )
        entry.refresh_from_db()
        assert entry.end_reason == WaitingEnd.HELP_ENDED
        one, other = wait(), wait()
        actions.merge_households(
            one=one.household, other=other.household, takes=[], reason="dubbel", by=ingrid, now=now
        )
        assert WaitingEntry.objects.waiting(dt.date(2026, 11, 2)).count() == 1

    def test_ending_twice_keeps_the_first_reason(self, wait, joris, now):
        entry = wait()
        for reason in (WaitingEnd.NOT_REACHED, WaitingEnd.NOT_WANTED):
            actions.end_waiting(entry=entry, reason=reason, by=joris, now=now)
        entry.refresh_from_db()
        assert entry.end_reason == WaitingEnd.NOT_REACHED

    def test_closing_from_the_page_of_the_household_ends_it_too(self, wait, ingrid, now):
        entry = wait()
        home = entry.household
        actions.end_help(
            household=home, reason="Afgerond", on=now.date(), version=home.version, cancels={}, by=ingrid, now=now
        )
        entry.refresh_from_db()
        assert (entry.end_reason, entry.ended_by) == (WaitingEnd.HELP_ENDED, ingrid)

    def test_the_daily_job_ends_what_is_past_once(self, wait, now):
        past, today, closed = wait(until=dt.date(2026, 11, 3)), wait(until=dt.date(2026, 11, 4)), wait()
        Household.objects.filter(pk=closed.household_id).update(closed_on=dt.date(2026, 11, 3), exit_reason="Afgerond")
        later = make.moment("2026-11-04 04:15")
        assert [actions.end_past(now=later) for _time in range(2)] == [2, 0]
        ended = {one.pk: one.end_reason for one in WaitingEntry.objects.exclude(ended_at=None)}
        assert ended == {past.pk: WaitingEnd.DATE_PASSED, closed.pk: WaitingEnd.HELP_ENDED}
        past.refresh_from_db()
        assert (past.ended_at, past.ended_by) == (later, None)
        lines = AuditEntry.objects.filter(action="end_waiting").order_by("pk")
        assert [(line.username, line.details["reason"]) for line in lines] == [
            ("system", "date_passed"),
            ("system", "help_ended"),
        ]
        assert list(WaitingEntry.objects.waiting(later.date())) == [today]

    def test_a_reason_that_a_person_gave_stays(self, wait, joris, now):
        entry = wait(until=dt.date(2026, 11, 3))
        actions.end_waiting(entry=entry, reason=WaitingEnd.NOT_REACHED, by=joris, now=now)
        assert actions.end_past(now=make.moment("2026-11-10 04:15")) == 0
        entry.refresh_from_db()
        assert entry.end_reason == WaitingEnd.NOT_REACHED

    def test_a_row_of_a_merged_household_ends_as_well(self, wait, ingrid, now):
        one, other = wait(until=dt.date(2026, 11, 3)), wait(until=dt.date(2026, 11, 3))
        actions.merge_households(
            one=one.household, other=other.household, takes=[], reason="dubbel", by=ingrid, now=now
        )
        assert actions.end_past(now=make.moment("2026-11-04 04:15")) == 2
        assert not WaitingEntry.objects.filter(ended_at=None).exists()

    def test_who_asks_again_after_the_date_stands_at_the_end(self, wait):
        household = make.household()
        first = wait(household, until=dt.date(2026, 11, 3))
        with time_machine.travel(make.moment("2026-11-04 00:30"), tick=False):
            second = wait(household, now=make.moment("2026-11-04 00:30"))
        first.refresh_from_db()
        assert (first.end_reason, second.ended_at) == (WaitingEnd.DATE_PASSED, None)
        assert second.added_at > first.added_at

    def test_new_wishes_take_the_place_of_the_old(self, wait, now):
        household = make.household()
        first = wait(household, half_days=["1m"])
        second = wait(household, half_days=["2m"])
        assert (first.pk, second.half_days) == (second.pk, ["2m"])
        with pytest.raises(IntegrityError, match="waiting_once_per_kind"), transaction.atomic():
            WaitingEntry.objects.create(household=household, type=first.type, until=first.until, added_at=now,
                                        added_by=first.added_by)  # fmt: skip

    def test_it_refuses_the_past_and_closed_households(self, wait):
        with pytest.raises(Refused, match="latere datum"):
            wait(until=dt.date(2026, 11, 1))
        with pytest.raises(Refused, match="gesloten"):
            wait(make.household(closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond"))


class TestDoors:
    @pytest.fixture
    def url(self, household):
        return f"/huishoudens/{household.case_number}/wil-eerder/"

    @pytest.mark.parametrize("role", Role)
    def test_who_may(self, browse, everyone, url, wait, role):
        status = 200 if role in CASEWORKERS else 403
        assert browse(everyone[role]).get(url).status_code == status
        assert browse(everyone[role]).get("/wachtlijst/").status_code == status
        ended = browse(everyone[role]).post(f"/wachtlijst/{wait().pk}/klaar/", {"reason": "not_wanted"})
        assert ended.status_code == (302 if role in CASEWORKERS else 403)

    def test_from_the_finder_to_the_list(self, browse, joris, household, url, samira, row, now):
        client = browse(joris)
        assert f'href="{url}?kind=EG"' in client.get(f"/huishoudens/{household.case_number}/afspraak/").content.decode()
        page = client.get(f"{url}?kind=EG")
        assert 'name="until" value="03-11-2026"' in page.content.decode()
        form = {"token": token(), "kind": "EG", "locations": ["FEI"], "half_days": ["1a"], "until": "3-11-2026"}
        assert "Fatou Ndiaye staat op de wachtlijst." in text_of(client.post(url, form, follow=True))
        shown = text_of(client.get("/wachtlijst/"))
        assert "ma 2 nov 13.00 , Samira El Amrani, Vraagwijzer Feijenoord" in shown
        assert "maandagmiddag; tot en met di 3 nov" in shown
        assert "di 3 nov 10.00" in shown
        assert not Message.objects.exists()

    def test_an_offer_opens_the_finder_with_the_time_chosen_and_ends_the_waiting(self, browse, joris, wait):
        entry, client = wait(), browse(joris)
        address = re.search(r'href="(/huishoudens/[^"]*slot[^"]*)"', client.get("/wachtlijst/").content.decode())[1]
        address = address.replace("&amp;", "&")
        chosen = re.search(r'value="([^"]+)" checked', client.get(address).content.decode())[1]
        client.post(address, {"token": token(), "slot": chosen})
        entry.refresh_from_db()
        assert entry.end_reason == WaitingEnd.BOOKED
        assert "Niemand wacht op een eerdere tijd." in text_of(client.get("/wachtlijst/"))

    def test_who_has_an_appointment_is_offered_to_move_it(self, browse, joris, wait, samira):
        entry = wait()
        row = make.appointment(household=entry.household, counsellor=samira, start="2026-11-10 10:00")
        assert f"/afspraken/{row.pk}/verzetten/?slot=2026" in browse(joris).get("/wachtlijst/").content.decode()

    def test_a_time_that_became_free_says_to_how_many_it_can_be_offered(self, browse, joris, wait, samira, row):
        for hour in ("09:00", "11:00", "13:00", "14:00", "15:00"):
            make.appointment(household=make.household(), counsellor=samira, start=f"2026-11-03 {hour}")
        one, two = wait(half_days=["2m"]), wait()
        wait(half_days=["5a"])
        client = browse(joris)
        told = {"who": "resident", "told_date": "2-11-2026", "told_time": "9.00", "told_how": "phone"}
        page = client.post(f"/afspraken/{row.pk}/afzeggen/", told, follow=True)
        assert "Vrijgekomen tijd: di 3 nov 10.00 past bij 2 wachtenden. Open de wachtlijst" in text_of(page)
        address = re.search(r'href="(/wachtlijst/[^"]*)"', page.content.decode())[1].replace("&amp;", "&")
        found = client.get(address)
        assert "Vrijgekomen: di 3 nov 10.00–11.00, Samira El Amrani, Vraagwijzer Feijenoord." in text_of(found)
        assert found.content.decode().count('data-test="waiting"') == 2
        assert f"/huishoudens/{two.household.case_number}/afspraak/?slot=20261103T0900Z" in found.content.decode()
        assert one.household.case_number in found.content.decode()
        assert not Message.objects.exclude(household=row.household).exists()

    def test_two_desks_offer_the_same_time_and_one_gets_it(self, browse, joris, wait, samira):
        one, two, client = wait(), wait(), browse(joris)
        slot = f"20261103T0900Z.{samira.pk}.{samira.location_id}"
        answers = [
            client.post(
                f"/huishoudens/{entry.household.case_number}/afspraak/?slot={slot}&kind=EG",
                {"token": token(), "slot": slot},
            )
            for entry in (one, two)
        ]
        assert [answer.status_code for answer in answers] == [302, 200]
        assert "Deze tijd is net bezet" in text_of(answers[1])
        two.refresh_from_db()
        assert two.ended_at is None

    def test_an_absence_that_goes_makes_time_that_suits(self, browse, joris, wait, samira):
        entry, client = wait(until=dt.date(2026, 11, 4)), browse(joris)
        away = make.absence(samira, "2026-11-02 00:00", "2026-11-05 00:00")
        assert "nog niets" in text_of(client.get("/wachtlijst/"))
        away.delete()
        assert "ma 2 nov 09.15" in text_of(client.get("/wachtlijst/"))
        assert entry.ended_at is None

    def test_taking_off_the_list_needs_a_reason_that_is_known(self, browse, joris, wait):
        entry, client = wait(), browse(joris)
        page = client.post(f"/wachtlijst/{entry.pk}/klaar/", {"reason": "booked"}, follow=True)
        assert "Kies waarom deze inwoner niet meer wacht." in text_of(page)
        page = client.post(f"/wachtlijst/{entry.pk}/klaar/", {"reason": "not_wanted"}, follow=True)
        assert "staat niet meer op de wachtlijst." in text_of(page)
        assert client.post("/wachtlijst/999999/klaar/", {"reason": "not_wanted"}).status_code == 404

    def test_who_waits_no_longer_stands_below_with_why(self, browse, joris, wait, now):
        """For two weeks: who, since when, why, and by whom; nobody where the date passed."""
        taken, past = wait(make.household(given="Bea", surname="Bel")), wait(until=dt.date(2026, 11, 3))
        actions.end_waiting(entry=taken, reason=WaitingEnd.NOT_WANTED, by=joris, now=now)
        actions.end_past(now=make.moment("2026-11-04 04:15"))
        with time_machine.travel(make.moment("2026-11-04 09:00"), tick=False):
            page = text_of(browse(joris).get("/wachtlijst/"))
        below = page[page.index("Wacht niet meer, laatste twee weken") :]
        assert "Bea Bel , Eerste gesprek: Wil niet meer, ma 2 nov 09.00, Joris de Wit" in below
        assert f"{past.household} , Eerste gesprek: De laatste datum is voorbij, wo 4 nov 04.15" in below
        with time_machine.travel(make.moment("2026-11-18 09:00"), tick=False):
            assert "Wacht niet meer, laatste twee weken" not in text_of(browse(joris).get("/wachtlijst/"))

    @pytest.mark.parametrize("value", NONSENSE)
    def test_nonsense_is_an_error_on_the_page(self, browse, joris, url, value, wait):
        for name in ("kind", "locations", "half_days", "until", "token"):
            form = {"token": token(), "kind": "EG", "until": "20-11-2026", name: value}
            assert browse(joris).post(url, form).status_code == 200
        assert not WaitingEntry.objects.exists()
        for name in ("location", "slot", "end"):
            assert browse(joris).get("/wachtlijst/", {name: value}).status_code == 200
        assert browse(joris).get("/wachtlijst/", {"slot": "20261103T0900Z.1.1", "end": value}).status_code == 200

    @pytest.mark.parametrize("number", [1, 3])
    def test_as_many_queries_with_more_rows(self, browse, joris, wait, now, number, django_assert_num_queries):
        for _one in range(number):
            wait()
            actions.end_waiting(entry=wait(), reason=WaitingEnd.NOT_WANTED, by=joris, now=now)
        client = browse(joris)
        client.get("/wachtlijst/")
        with django_assert_num_queries(15):
            client.get("/wachtlijst/")
