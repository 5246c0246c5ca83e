"""Who else comes: two counsellors at once, an interpreter, a partner; and talks at home, with the way (decision 0046)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from casework.appointments import actions
from casework.appointments.models import (
    Appointment,
    Company,
    Occupancy,
    SearchArea,
    counsellor_grid,
    day_grid,
    feed_of,
    free_slots,
    handovers,
    suggestions,
)
from casework.core import clock
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.messaging.models import Message
from tests import make
from tests.appointments.conftest import slots_of, text_of, token

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def bram(feijenoord):
    return make.counsellor(at=feijenoord, name="Bram Bos")


@pytest.fixture
def at_home(db):
    kind = make.appointment_type("HB", first_talk=False, channel="home")
    kind.travel_minutes = 30
    kind.save()
    return kind


@pytest.fixture
def book(samira, joris, now):
    """Books Tuesday 3 November 10.00 to 11.00 with Samira, unless said otherwise."""

    def do(start="2026-11-03 10:00", **changes):
        wanted = {
            "household": changes.pop("household", None) or make.household(), "counsellor": samira, "location": samira.location,
            "kind": make.appointment_type("VG", first_talk=False), "start": make.moment(start), "by": joris, "now": now,
        }  # fmt: skip
        return actions.book(**wanted | changes)

    return do


def starts(of, **changes) -> list[str]:
    """The free times of Tuesday with somebody."""
    wanted = {"length": HOUR, "earliest": make.moment("2026-11-03 00:00"), "latest_date": dt.date(2026, 11, 3)}
    found = free_slots(SearchArea(**wanted | changes, counsellor_id=of.pk), now=make.moment("2026-11-02 09:00"))
    return [f"{clock.local(one.start):%H:%M}" for one in found]


def taken(of) -> list[str]:
    rows = Occupancy.objects.filter(counsellor=of).order_by("during").values_list("during", flat=True)
    return [f"{clock.local(one.lower):%d %H:%M}-{clock.local(one.upper):%H:%M}" for one in rows]


class TestTogether:
    def test_both_are_taken_and_both_are_free_again(self, book, samira, bram, joris, now):
        row = book(company=Company(second=bram))
        assert taken(samira) == taken(bram) == ["03 10:00-11:00"]
        assert "10:30" not in starts(bram)
        actions.cancel(appointment=row, by_resident=True, told_at=now, by=joris, now=now)
        assert taken(samira) == taken(bram) == []
        assert "10:30" in starts(bram)

    @pytest.mark.parametrize("first", [True, False])
    def test_nobody_is_at_two_talks_at_once(self, book, samira, bram, first):
        book(company=Company(second=bram))
        other = {"counsellor": bram} if first else {"counsellor": make.counsellor(at=bram.location),
                                                    "company": Company(second=samira)}  # fmt: skip
        with pytest.raises(actions.SlotTaken):
            book("2026-11-03 10:30", **other)
        book("2026-11-03 11:00", **other)

    @pytest.mark.parametrize("who", ["counsellor", "second_counsellor"])
    def test_the_database_refuses_it_too(self, book, samira, bram, who):
        """Whoever writes: a shell, an import, a race that slips past the lock."""
        book(company=Company(second=bram))
        third = make.counsellor(at=bram.location)
        both = {"counsellor": third} | {who: bram}
        with pytest.raises(IntegrityError, match="occupancy_counsellor_free"), transaction.atomic():
            make.appointment(household=make.household(), start="2026-11-03 10:30", **both)
        row = make.appointment(household=make.household(), start="2026-11-03 11:00", **both)
        with pytest.raises(IntegrityError, match="occupancy_counsellor_free"), transaction.atomic():
            Appointment.objects.filter(pk=row.pk).update(starts_at=make.moment("2026-11-03 10:45"))

    def test_a_raw_delete_leaves_nothing(self, book, bram):
        row = book(company=Company(second=bram))
        Appointment.objects.filter(pk=row.pk)._raw_delete("default")
        assert not Occupancy.objects.exists()

    def test_the_second_is_somebody_else_who_works_here(self, book, samira, bram):
        with pytest.raises(Refused, match="iemand anders"):
            book(company=Company(second=samira))
        bram.active = False
        bram.save()
        with pytest.raises(Refused, match="die hier werkt"):
            book(company=Company(second=bram))
        with pytest.raises(IntegrityError, match="appointment_second_is_another"), transaction.atomic():
            make.appointment(
                household=make.household(), counsellor=samira, second_counsellor=samira, start="2026-11-03 10:00"
            )

    def test_times_are_those_at_which_both_work(self, samira, bram):
        bram.working_hours.all().delete()
        charlois = make.location("CHA")
        bram.working_hours.create(location=charlois, weekday=2, starts=dt.time(10), ends=dt.time(12))
        assert starts(samira, second_id=bram.pk) == ["10:00", "10:15", "10:30", "10:45", "11:00"]
        make.absence(bram, "2026-11-03 10:00", "2026-11-03 10:45")
        assert starts(samira, second_id=bram.pk) == ["10:45", "11:00"]
        assert not starts(bram, second_id=bram.pk)

    def test_a_second_counsellor_who_does_not_work_then_is_refused(self, book, bram, ingrid):
        make.absence(bram, "2026-11-03 00:00", "2026-11-04 00:00")
        with pytest.raises(actions.OutsideHours):
            book(company=Company(second=bram))
        row = book(company=Company(second=bram), by=ingrid, overruled_reason="Bram komt er voor terug")
        assert row.overruled_reason

    def test_moving_takes_both_along(self, book, samira, bram, joris, now):
        row = book(company=Company(second=bram, partner_worker="MAIT, vrijwilliger"))
        moved = actions.move(appointment=row, counsellor=samira, location=row.location, told_at=now, by=joris, now=now,
                             start=make.moment("2026-11-04 10:00"))  # fmt: skip
        assert (moved.second_counsellor, moved.partner_worker) == (bram, "MAIT, vrijwilliger")
        assert taken(samira) == taken(bram) == ["04 10:00-11:00"]
        alone = actions.move(appointment=moved, counsellor=bram, location=row.location, told_at=now, by=joris, now=now,
                             start=make.moment("2026-11-05 10:00"), company=Company())  # fmt: skip
        assert (alone.second_counsellor, taken(samira), taken(bram)) == (None, [], ["05 10:00-11:00"])

    def test_the_second_who_takes_over_changes_places(self, book, samira, bram, ingrid, now):
        household = make.household(owner=samira)
        row = book(household=household, company=Company(second=bram))
        [offer] = handovers([row], to=bram, now=now)
        assert offer.free
        actions.transfer_households(households=[household], to=bram, by=ingrid, now=now,
                                    choices={row.pk: actions.Choice(version=row.version)})  # fmt: skip
        row.refresh_from_db()
        assert (row.counsellor, row.second_counsellor) == (bram, samira)
        assert taken(samira) == taken(bram) == ["03 10:00-11:00"]

    def test_a_third_takes_over_and_the_second_stays(self, book, samira, bram, ingrid, now):
        third = make.counsellor(at=samira.location)
        household = make.household(owner=samira)
        row = book(household=household, company=Company(second=bram))
        [offer] = handovers([row], to=third, now=now)
        assert offer.free
        actions.transfer_households(households=[household], to=third, by=ingrid, now=now,
                                    choices={row.pk: actions.Choice(version=row.version)})  # fmt: skip
        row.refresh_from_db()
        assert (row.counsellor, row.second_counsellor, taken(samira)) == (third, bram, [])

    def test_merging_keeps_both(self, book, samira, bram, ingrid, now):
        older, newer = make.household(owner=samira), make.household(owner=samira)
        row = book(household=newer, company=Company(second=bram))
        actions.merge_households(one=older, other=newer, takes=[], reason="dubbel", by=ingrid, now=now)
        row.refresh_from_db()
        assert row.household_id in {older.pk, newer.pk}
        assert taken(samira) == taken(bram) == ["03 10:00-11:00"]

    def test_the_agenda_of_both_shows_it_and_so_do_their_feeds(self, book, samira, bram, feijenoord, now):
        row = book(company=Company(second=bram))
        date = dt.date(2026, 11, 3)
        assert [one.appointments for one in day_grid(date, feijenoord, now=now).columns] == [[row], [row]]
        assert counsellor_grid([date], bram, now=now).columns[0].appointments == [row]
        assert feed_of(bram, now=now).count(b"Bezet") == feed_of(samira, now=now).count(b"Bezet") == 1

    def test_the_second_opens_and_records_it_without_a_reason(self, book, browse, samira, bram):
        row = book(household=make.household(owner=samira), company=Company(second=bram))
        assert browse(bram.user).get(f"/afspraken/{row.pk}/").status_code == 200
        later = row.ends_at
        done = actions.record_attendance(appointment=row, outcome="V", by=bram.user, now=later)
        assert done.outcome == "V"

    def test_a_correction_finds_the_time_of_the_second_taken(self, book, samira, bram, joris, ingrid, now):
        row = book(company=Company(second=bram))
        after = row.ends_at + HOUR
        actions.record_attendance(appointment=row, outcome="N", reason="forgotten", by=samira.user, now=after)
        make.appointment(household=make.household(), counsellor=bram, start="2026-11-03 10:30", outcome="V")
        row.refresh_from_db()
        with pytest.raises(Refused, match="andere afspraak"):
            actions.correct_attendance(appointment=row, outcome="V", why="Was er wel", by=ingrid, now=after)


class TestAtHome:
    def test_the_way_takes_the_counsellor_and_not_the_household(self, book, at_home, samira, bram):
        household = make.household()
        book(kind=at_home, household=household)
        assert taken(samira) == ["03 09:30-11:30"]
        assert [one for one in starts(samira) if one < "12:00"] == ["11:30"]
        assert "11:00" in starts(bram, household_id=household.pk)
        with pytest.raises(actions.SlotTaken):
            book("2026-11-03 11:15")

    def test_the_way_fits_in_the_hours_of_work(self, at_home, samira):
        assert starts(samira, travel=at_home.travel) == [
            "09:30", "09:45", "10:00", "10:15", "10:30", "10:45", "11:00",
            "13:30", "13:45", "14:00", "14:15", "14:30", "14:45", "15:00",
        ]  # fmt: skip

    def test_the_second_travels_too(self, book, at_home, bram):
        book(kind=at_home, company=Company(second=bram))
        assert taken(bram) == ["03 09:30-11:30"]

    def test_the_way_stays_as_long_as_it_was(self, book, at_home, samira, joris, now):
        row = book(kind=at_home)
        at_home.travel_minutes = 60
        at_home.save()
        moved = actions.move(appointment=row, counsellor=samira, location=row.location, told_at=now, by=joris, now=now,
                             start=make.moment("2026-11-04 09:30"))  # fmt: skip
        assert (moved.travel_minutes, taken(samira)) == (30, ["04 09:00-11:00"])

    def test_the_agenda_says_who_is_on_the_way(self, book, at_home, samira, browse, joris):
        book(kind=at_home)
        page = browse(joris).get("/agenda/", {"counsellor": samira.pk, "date": "3-11-2026"})
        assert text_of(page).count("onderweg") == 2

    def test_only_a_talk_at_home_has_a_way(self, at_home):
        at_home.channel = "place"
        with pytest.raises(IntegrityError, match="appointment_type_travel"), transaction.atomic():
            at_home.save()


class TestByTelephone:
    """Not between the hours that a household asked not to be called."""

    @pytest.fixture
    def url(self, samira, talks, now):
        make.appointment_type("TG", minutes=30, first_talk=False, channel="phone")
        quiet = {"quiet_from": dt.time(9), "quiet_until": dt.time(12)}
        return f"/huishoudens/{make.household(owner=samira, no_voicemail=True, **quiet).case_number}/afspraak/"

    def test_what_is_proposed_keeps_to_them(self, browse, joris, url):
        found = browse(joris).get(url, {"kind": "TG"})
        assert "Bel op 06 12 34 56 78. Niet bellen tussen 09.00 en 12.00 uur. Spreek geen voicemail in." in text_of(
            found
        )
        assert [key[9:13] for key in slots_of(found)] == ["1100"] * 5
        assert slots_of(browse(joris).get(url, {"kind": "VG"}))[0].startswith("20261102T0815")

    def test_a_whole_day_shows_all_and_marks_them(self, browse, joris, url):
        shown = text_of(browse(joris).get(url, {"kind": "TG", "day": "2026-11-03"}))
        assert "di 3 nov 11.45 – Samira El Amrani, Vraagwijzer Feijenoord dan niet bellen" in shown
        assert "di 3 nov 12.00 – Samira El Amrani, Vraagwijzer Feijenoord di 3 nov" in shown

    @pytest.mark.parametrize(("from_", "until", "first"), [
        ("22:00", "10:00", "10:00"), ("09:15", "09:30", "09:30"), ("12:00", "09:30", "09:30"), ("00:00", "09:00", "09:15"),
    ])  # fmt: skip
    def test_hours_may_go_past_midnight(self, samira, now, from_, until, first):
        quiet = (dt.time.fromisoformat(from_), dt.time.fromisoformat(until))
        area = SearchArea(HOUR / 2, now, dt.date(2026, 11, 3), counsellor_id=samira.pk, quiet=quiet)
        assert f"{clock.local(suggestions(area, now=now)[0].start):%H:%M}" == first

    def test_hours_that_the_clock_skips_do_not_trip_it(self, samira):
        moment = make.moment("2027-03-28 00:00")
        area = SearchArea(HOUR, moment, dt.date(2027, 3, 30), quiet=(dt.time(2, 15), dt.time(3, 5)))
        assert suggestions(area, now=moment)


class TestDoors:
    @pytest.fixture(autouse=True)
    def _moment(self, now):
        """Monday 2 November, 9.00."""

    def test_the_finder_offers_what_both_can_and_books_it(self, browse, joris, samira, bram, household, now):
        url = f"/huishoudens/{household.case_number}/afspraak/?second={bram.pk}"
        make.absence(bram, "2026-11-02 00:00", "2026-11-04 00:00")
        found = browse(joris).get(url)
        assert slots_of(found)[0] == f"20261104T0800Z.{samira.pk}.{samira.location_id}"
        form = {"token": token(), "slot": slots_of(found)[0], "interpreter_language": "tr",
                "interpreter_agency": "Tolkbureau Maas", "partner_worker": "MAIT, vrijwilliger"}  # fmt: skip
        shown = text_of(browse(joris).post(url, form, follow=True))
        row = Appointment.objects.get()
        assert (row.second_counsellor, row.interpreter_booked) == (bram, False)
        assert "En met Bram Bos" in shown
        assert "Tolk Turks: nog niet geregeld , Tolkbureau Maas" in shown
        assert "MAIT, vrijwilliger" in shown

    def test_the_second_is_not_the_first(self, browse, joris, samira, household, now):
        url = f"/huishoudens/{household.case_number}/afspraak/?second={samira.pk}"
        assert "Kies iemand anders als tweede begeleider." in text_of(browse(joris).get(url))

    def test_who_needs_an_interpreter_has_one_filled_in(self, browse, joris, samira, talks, now):
        home = make.household(owner=samira, language="tr", interpreter=True)
        page = browse(joris).get(f"/huishoudens/{home.case_number}/afspraak/").content.decode()
        assert '<option value="tr" selected>' in page.split('name="interpreter_language"')[1].split("</select>")[0]

    def test_an_agency_without_a_language_asks_for_it(self, browse, joris, household, now):
        url = f"/huishoudens/{household.case_number}/afspraak/"
        form = {"token": token(), "slot": slots_of(browse(joris).get(url))[0], "interpreter_agency": "Bureau"}
        answer = browse(joris).post(url, form)
        assert "Kies de taal van de tolk." in text_of(answer)
        assert 'value="Bureau"' in answer.content.decode()
        assert not Appointment.objects.exists()

    def post(self, browse, by, row, **fields):
        return browse(by).post(f"/afspraken/{row.pk}/erbij/", {"version": row.version} | fields, follow=True)

    def test_arranging_the_interpreter_later(self, browse, joris, row):
        form = {"interpreter_language": "tr", "interpreter_booked": "on"}
        assert "Tolk Turks: geregeld" in text_of(self.post(browse, joris, row, **form))
        assert not Message.objects.exists()

    def test_somebody_joins_and_leaves_again(self, browse, joris, row, bram):
        self.post(browse, joris, row, second=bram.pk)
        assert taken(bram) == ["03 10:00-11:00"]
        row.refresh_from_db()
        self.post(browse, joris, row)
        assert taken(bram) == []

    def test_who_is_busy_or_not_working_cannot_join(self, browse, joris, ingrid, row, bram, now):
        make.absence(bram, "2026-11-03 00:00", "2026-11-04 00:00")
        assert "Bram Bos werkt niet op deze tijd." in text_of(self.post(browse, joris, row, second=bram.pk))
        assert "Wie erbij is, is opgeslagen." in text_of(self.post(browse, ingrid, row, second=bram.pk))
        other = make.counsellor(at=bram.location)
        make.appointment(household=make.household(), counsellor=other, start="2026-11-03 10:30")
        row.refresh_from_db()
        assert "Deze tijd is net bezet" in text_of(self.post(browse, ingrid, row, second=other.pk))

    def test_a_colleague_changed_it_meanwhile(self, browse, joris, row, bram):
        old = row.version
        self.post(browse, joris, row, second=bram.pk)
        answer = browse(joris).post(f"/afspraken/{row.pk}/erbij/", {"version": old, "partner_worker": "KBR"})
        assert "Een collega heeft dit intussen gewijzigd." in text_of(answer)
        assert 'value="KBR"' in answer.content.decode()
        with pytest.raises(ChangedMeanwhile):
            actions.change_company(appointment=row, company=Company(), version=old, by=joris, now=row.booked_at)
