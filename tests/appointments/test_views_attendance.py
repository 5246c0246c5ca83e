"""The doors of the agenda, checking in, attendance and correcting (R-10, R-20 to R-23, S10, S11)."""

import datetime as dt
import re

import pytest
import time_machine

from casework.appointments.models import Appointment
from casework.core.models import AuditEntry, Role
from casework.places.models import CalendarDay
from tests import make
from tests.appointments.conftest import CASEWORKERS, NONSENSE, text_of

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def at():
    """`with at("2026-11-03 10:20"):` stops the clock there."""
    return lambda text: time_machine.travel(make.moment(text), tick=False)


@pytest.fixture
def call(household, samira):
    """A talk by telephone, Tuesday 3 November, 10:00 to 10:30."""
    kind = make.appointment_type("TG", minutes=30, first_talk=False, channel="phone")
    return make.appointment(household=household, counsellor=samira, start="2026-11-03 10:00", type=kind)


@pytest.mark.parametrize("role", Role)
def test_who_may_come_in(browse, everyone, row, at, role):
    client, allowed = browse(everyone[role]), role in CASEWORKERS
    with at("2026-11-03 10:20"):
        for path in ("/agenda/", "/afspraken/te-registreren/", f"/afspraken/{row.pk}/aanwezigheid/"):
            assert client.get(path).status_code == (200 if allowed else 403)
        for door in ("melden", "toch-niet", "belpoging"):
            assert client.post(f"/afspraken/{row.pk}/{door}/").status_code == (302 if allowed else 403)
        assert client.get(f"/afspraken/{row.pk}/corrigeren/").status_code == (302 if allowed else 403)


@pytest.mark.parametrize("door", ["melden", "toch-niet", "belpoging"])
def test_a_link_cannot_change_anything(browse, joris, row, at, door):
    with at("2026-11-03 10:00"):
        assert browse(joris).get(f"/afspraken/{row.pk}/{door}/").status_code == 405


class TestAgenda:
    def shown(self, browse, by, **criteria):
        return text_of(browse(by).get("/agenda/", criteria))

    def test_the_desk_starts_with_the_day_of_its_location(self, browse, joris, row, at):
        elsewhere = make.counsellor(at=make.location("CHA", name="Vraagwijzer Charlois"))
        make.appointment(household=make.household(given="Piet"), counsellor=elsewhere, start="2026-11-03 10:00")
        with at("2026-11-03 08:00"):
            shown = self.shown(browse, joris)
        assert "Agenda dinsdag 3 november" in shown
        assert "Fatou Ndiaye" in shown
        assert "Piet" not in shown

    def test_a_counsellor_starts_with_the_own_week(self, browse, samira, row, feijenoord, at):
        make.appointment(household=make.household(given="Piet"), counsellor=make.counsellor(at=feijenoord),
                         start="2026-11-03 10:00")  # fmt: skip
        with at("2026-11-05 08:00"):
            shown = self.shown(browse, samira.user)
        assert "Agenda ma 2 nov – zo 8 nov" in shown
        assert "Fatou Ndiaye" in shown
        assert "Piet" not in shown

    def test_location_counsellor_span_and_date_live_in_the_address(self, browse, joris, row, samira, now):
        assert "Fatou Ndiaye" in self.shown(browse, joris, counsellor=samira.pk, span="week", date="7-11-2026")
        assert "Fatou Ndiaye" not in self.shown(browse, joris, counsellor=samira.pk, span="week", date="9-11-2026")
        assert "Fatou Ndiaye" in self.shown(browse, joris, location="FEI", span="day", date="3-11-2026")
        empty = {"location": "FEI", "span": "day", "date": "4-11-2026"}
        assert "Fatou Ndiaye" not in self.shown(browse, joris, **empty)
        assert "Geen afspraken." in self.shown(browse, joris, **empty, weergave="lijst")

    @pytest.mark.parametrize(
        ("date", "before", "after"),
        [("28-3-2026", "16-03-2026", "30-03-2026"), ("25-10-2026", "12-10-2026", "26-10-2026")],
    )
    def test_a_week_is_seven_dates_also_when_the_clock_changes(self, browse, joris, now, date, before, after):
        content = browse(joris).get("/agenda/", {"span": "week", "date": date}).content.decode()
        assert content.count("<h2>") >= 7
        assert f"date={before}" in content
        assert f"date={after}" in content

    def test_the_hour_that_comes_twice_stays_on_its_date(self, browse, joris, household, samira, now):
        for start in ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"):
            make.appointment(household=make.household(), counsellor=samira, start=start,
                             type=make.appointment_type("K", minutes=15))  # fmt: skip
        shown = self.shown(browse, joris, location="FEI", span="day", date="25-10-2026")
        assert shown.count("02.30") >= 2

    def test_a_special_day_says_so(self, browse, joris, now):
        CalendarDay.objects.get_or_create(
            date=dt.date(2026, 12, 25), defaults={"name": "Eerste kerstdag", "working_day": False, "closed": True}
        )
        shown = self.shown(browse, joris, date="25-12-2026", span="day")
        assert "gesloten" in shown

    def test_a_free_time_leads_by_a_household_to_the_finder_with_that_time(self, browse, joris, row, household, at):
        """S10: the time stays chosen, with the counsellor and location of its column."""
        client = browse(joris)
        with at("2026-11-03 08:00"):
            page = client.get("/agenda/").content.decode()
            assert 'aria-label="dinsdag 3 november 11.00 uur, Samira El Amrani, vrij"' in page
            slot = f"20261103T1000Z.{row.counsellor_id}.{row.location_id}"
            assert "Zoek het huishouden" in text_of(client.get("/agenda/tijd/", {"slot": slot}))
            found = client.get("/agenda/tijd/", {"slot": slot, "q": "ndiaye"}).content.decode()
            assert f"/huishoudens/{household.case_number}/afspraak/?slot={slot}" in found
            assert "Niets gevonden" in text_of(client.get("/agenda/tijd/", {"slot": slot, "q": "<script>"}))
            picked = client.get(f"/huishoudens/{household.case_number}/afspraak/", {"slot": slot}).content.decode()
            assert re.search(f'value="{re.escape(slot)}" checked', picked)
            taken = f"20261103T0900Z.{row.counsellor_id}.{row.location_id}"
            refused = client.get(f"/huishoudens/{household.case_number}/afspraak/", {"slot": taken})
            assert "past niet op de tijd die u koos" in text_of(refused)

    def test_the_best_come_first_and_closed_ones_not_at_all(self, browse, joris, row, at):
        """As in quick find (S05): a whole name before a part of one, whatever the order of names."""
        part = make.household(given="Aad", surname="Bergman")
        whole = make.household(given="Zoë", surname="Berg")
        make.household(given="Aad", surname="Berg", closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")
        with at("2026-11-03 08:00"):
            slot = f"20261103T1000Z.{row.counsellor_id}.{row.location_id}"
            page = browse(joris).get("/agenda/tijd/", {"slot": slot, "q": "berg"})
            assert page.context["rows"] == [whole, part]
            assert AuditEntry.objects.get(action="search_households").details["hits"] == 3

    @pytest.mark.parametrize("slot", ["", "x", "20261103T1000Z.0.0", "99991231T2359Z.1.1", "\x00", "20261103T1000Z.1"])
    def test_a_time_that_is_none_is_not_found(self, browse, joris, row, now, slot):
        assert browse(joris).get("/agenda/tijd/", {"slot": slot}).status_code == 404

    @pytest.mark.parametrize("name", ["location", "counsellor", "span", "date", "weergave"])
    @pytest.mark.parametrize("value", NONSENSE)
    def test_nonsense_is_left_out_with_a_notice(self, browse, joris, row, now, name, value):
        answer = browse(joris).get("/agenda/", {name: value})
        assert answer.status_code == 200
        assert "Een deel van het filter is niet begrepen en telt niet mee." in text_of(answer)

    @pytest.mark.parametrize("date", ["1-1-1900", "31-12-2100"])
    def test_the_ends_of_the_calendar(self, browse, joris, now, date):
        assert browse(joris).get("/agenda/", {"date": date, "span": "week"}).status_code == 200

    def test_the_state_and_what_can_be_done_stand_beside_each(self, browse, joris, row, at):
        with at("2026-11-03 09:30"):
            assert f"/afspraken/{row.pk}/melden/" in browse(joris).get("/agenda/").content.decode()
        with at("2026-11-03 13:01"):
            content = browse(joris).get("/agenda/").content.decode()
            assert f"/afspraken/{row.pk}/aanwezigheid/" in content
            assert "Nog te registreren" in content

    def test_no_button_where_the_rule_would_refuse(self, browse, row, at):
        other = make.user(Role.DESK, location=make.location("CHA"))
        for moment, has_button in (("2026-11-03 08:30", False), ("2026-11-03 09:30", True)):
            with at(moment):
                page = browse(other).get("/agenda/", {"location": "FEI"}).content.decode()
                assert ("/melden/" in page) is has_button

    @pytest.mark.parametrize("rows", [1, 3])
    @pytest.mark.parametrize(
        ("span", "weergave", "queries"), [("day", "tijden", 14), ("day", "lijst", 10), ("week", "lijst", 10)]
    )
    def test_a_constant_number_of_queries(
        self, browse, joris, feijenoord, now, rows, span, weergave, queries, django_assert_num_queries
    ):
        for _number in range(rows):
            make.appointment(
                household=make.household(), counsellor=make.counsellor(at=feijenoord), start="2026-11-02 10:00"
            )
        client, criteria = browse(joris), {"location": "FEI", "span": span, "weergave": weergave}
        client.get("/agenda/", criteria)
        with django_assert_num_queries(queries):
            client.get("/agenda/", criteria)


class TestCheckingIn:
    def test_it_notes_the_moment_and_goes_back_where_one_was(self, browse, joris, row, at):
        with at("2026-11-03 09:52"):
            answer = browse(joris).post(f"/afspraken/{row.pk}/melden/", {"next": "agenda"}, follow=True)
        row.refresh_from_db()
        assert (row.arrived_at, row.outcome) == (make.moment("2026-11-03 09:52"), "")
        assert answer.redirect_chain == [("/agenda/", 302)]
        assert "Fatou Ndiaye is gemeld." in text_of(answer)
        assert AuditEntry.objects.get(action="check_in").object_key == f"appointment:{row.pk}"

    @pytest.mark.parametrize("target", ["", "//elsewhere.example", "https://elsewhere.example", "today", "\x00"])
    def test_it_only_goes_to_our_own_lists(self, browse, joris, row, at, target):
        with at("2026-11-03 09:52"):
            answer = browse(joris).post(f"/afspraken/{row.pk}/melden/", {"next": target})
        assert answer.headers["Location"] == "/"

    @pytest.mark.parametrize("moment", ["2026-11-03 08:59", "2026-11-03 11:01"])
    def test_too_early_or_too_late_is_said(self, browse, joris, row, at, moment):
        with at(moment):
            answer = browse(joris).post(f"/afspraken/{row.pk}/melden/", follow=True)
        assert "Melden kan vanaf 60 minuten voor het begin tot het geplande einde." in text_of(answer)
        row.refresh_from_db()
        assert row.arrived_at is None

    def test_twice_keeps_the_first_moment(self, browse, joris, row, at):
        for moment in ("2026-11-03 09:52", "2026-11-03 09:55"):
            with at(moment):
                answer = browse(joris).post(f"/afspraken/{row.pk}/melden/", follow=True)
        assert "Deze afspraak is al gemeld of geregistreerd." in text_of(answer)
        row.refresh_from_db()
        assert row.arrived_at == make.moment("2026-11-03 09:52")

    def test_a_colleague_may_and_the_desk_elsewhere_after_a_question(self, browse, row, feijenoord, at):
        """R-90d: counsellors check in for each other, the desk at its own location; tests/core/test_rights.py goes on."""
        desk, colleague = make.user(Role.DESK, location=make.location("CHA")), make.counsellor(at=feijenoord).user
        with at("2026-11-03 09:52"):
            assert "Bevestig dat u dit bedoelt." in text_of(
                browse(desk).post(f"/afspraken/{row.pk}/melden/", follow=True)
            )
            assert "is gemeld" in text_of(browse(colleague).post(f"/afspraken/{row.pk}/melden/", follow=True))

    def test_not_after_all(self, browse, joris, row, at):
        with at("2026-11-03 09:52"):
            browse(joris).post(f"/afspraken/{row.pk}/melden/")
            answer = browse(joris).post(f"/afspraken/{row.pk}/toch-niet/", follow=True)
            again = browse(joris).post(f"/afspraken/{row.pk}/toch-niet/")
        assert "De melding van Fatou Ndiaye is ongedaan gemaakt." in text_of(answer)
        assert again.status_code == 302
        row.refresh_from_db()
        assert row.arrived_at is None
        assert AuditEntry.objects.filter(action="undo_check_in").count() == 1


class TestRecording:
    def url(self, row):
        return f"/afspraken/{row.pk}/aanwezigheid/"

    @pytest.mark.parametrize(
        ("moment", "offered"),
        [
            ("2026-11-03 08:59", "E"), ("2026-11-03 09:00", "VLE"), ("2026-11-03 10:14", "VLE"),
            ("2026-11-03 10:15", "VLNE"), ("2026-12-24 10:00", "VLNE"),
        ],
    )  # fmt: skip
    def test_only_what_is_possible_now_is_on_offer(self, browse, samira, row, at, moment, offered):
        with at(moment):
            content = browse(samira.user).get(self.url(row)).content.decode()
        assert [one for one in "VLNE" if f'value="{one}"' in content] == list(offered)

    def test_it_records_and_goes_back(self, browse, samira, row, at):
        with at("2026-11-03 10:20"):
            answer = browse(samira.user).post(
                self.url(row), {"outcome": "N", "reason": "forgotten", "next": "unrecorded"}, follow=True
            )
        row.refresh_from_db()
        assert (row.outcome, row.reason_id, row.recorded_by) == ("N", "forgotten", samira.user)
        assert answer.redirect_chain == [("/afspraken/te-registreren/", 302)]
        assert "De aanwezigheid van Fatou Ndiaye is geregistreerd." in text_of(answer)
        assert AuditEntry.objects.get(action="record_attendance").details == {"outcome": "N", "reason": "forgotten"}

    def test_a_reason_without_a_miss_is_not_kept(self, browse, samira, row, at):
        with at("2026-11-03 11:00"):
            browse(samira.user).post(self.url(row), {"outcome": "V", "reason": "forgotten"})
        row.refresh_from_db()
        assert (row.outcome, row.reason) == ("V", None)

    @pytest.mark.parametrize("form", [{"reason": ""}, {"outcome": ""}, {"outcome": "\x00"}, {"outcome": "R1"}, {"outcome": "A1"},
                                      {"outcome": "V", "reason": "zomaar"}, {"outcome": "U"}])  # fmt: skip
    def test_bad_input_is_said(self, browse, samira, row, at, form):
        with at("2026-11-03 10:20"):
            answer = browse(samira.user).post(self.url(row), form)
        assert answer.status_code == 200
        assert "Er is iets niet goed ingevuld" in text_of(answer)
        row.refresh_from_db()
        assert row.outcome == ""

    def test_missed_sent_too_early_is_refused(self, browse, samira, row, at):
        with at("2026-11-03 10:14"):
            answer = browse(samira.user).post(self.url(row), {"outcome": "N"})
        assert answer.status_code == 200
        row.refresh_from_db()
        assert row.outcome == ""

    def test_a_colleague_was_first(self, browse, samira, joris, row, at):
        with at("2026-11-03 10:20"):
            browse(joris).post(self.url(row), {"outcome": "V"})
            answer = browse(samira.user).post(self.url(row), {"outcome": "N"})
            shown = text_of(browse(samira.user).get(self.url(row)))
        assert answer.status_code == 200
        assert "Deze afspraak heeft al een uitkomst." in shown
        row.refresh_from_db()
        assert row.outcome == "V"

    def test_somebody_elses_appointment_has_no_choices(self, browse, row, feijenoord, at):
        colleague = make.counsellor(at=feijenoord).user
        with at("2026-11-03 10:20"):
            browse(colleague).post(f"/huishoudens/{row.household.case_number}/reden/", {"kind": "cover"})
            shown = text_of(browse(colleague).get(self.url(row)))
            answer = browse(colleague).post(self.url(row), {"outcome": "V"})
        assert "U registreert aanwezigheid voor uw eigen afspraken of locatie." in shown
        row.refresh_from_db()
        assert (answer.status_code, row.outcome) == (200, "")

    def test_in_english(self, browse, samira, row, at):
        client = browse(samira.user)
        client.cookies["etf_language"] = "en"
        with at("2026-11-03 10:20"):
            shown = text_of(client.get(self.url(row)))
        assert "Excused: there was a good reason" in shown
        assert "Record attendance" in shown


class TestByTelephone:
    def test_missed_opens_after_two_attempts(self, browse, samira, call, at):
        client, url = browse(samira.user), f"/afspraken/{call.pk}/aanwezigheid/"
        log = f"/afspraken/{call.pk}/belpoging/"
        with at("2026-11-03 10:00"):
            assert "Nog geen belpogingen." in text_of(client.get(url))
            answer = client.post(log, follow=True)
            assert answer.redirect_chain == [(url, 302)]
            assert "De belpoging is vastgelegd." in text_of(answer)
        with at("2026-11-03 10:09"):
            assert "Wacht 10 minuten tussen twee belpogingen." in text_of(client.post(log, follow=True))
            assert 'value="N"' not in client.get(url).content.decode()
        with at("2026-11-03 10:10"):
            client.post(log)
            page = client.get(url)
            assert 'value="N"' in page.content.decode()
            assert "di 3 nov 10.00, Samira El Amrani" in text_of(page)
            client.post(url, {"outcome": "N", "excused": "on", "reason": "ill"})
            assert "al een uitkomst" in text_of(client.post(log, follow=True))
        call.refresh_from_db()
        assert (call.outcome, call.phone_attempts.count()) == ("X", 2)

    def test_before_the_start_does_not_count(self, browse, samira, call, at):
        with at("2026-11-03 09:59"):
            answer = browse(samira.user).post(f"/afspraken/{call.pk}/belpoging/", follow=True)
        assert "Belpogingen tellen vanaf de geplande tijd van de afspraak." in text_of(answer)
        assert call.phone_attempts.count() == 0


class TestUnrecorded:
    URL = "/afspraken/te-registreren/"

    @pytest.fixture
    def rows(self, samira, feijenoord):
        """Two of Samira's, one of a colleague here, one at another location; the oldest is named Aart."""
        here, there = make.counsellor(at=feijenoord), make.counsellor(at=make.location("CHA"))
        for given, who, start in (("Bea", samira, "2026-10-30 10:00"), ("Aart", samira, "2026-10-29 10:00"),
                                  ("Cor", here, "2026-10-28 10:00"), ("Dirk", there, "2026-10-27 10:00")):  # fmt: skip
            make.appointment(household=make.household(given=given), counsellor=who, start=start)

    @pytest.mark.parametrize(
        ("role", "names"),
        [
            (Role.COUNSELLOR, ["Aart", "Bea"]),
            (Role.DESK, ["Cor", "Aart", "Bea"]),
            (Role.SUPERVISOR, ["Dirk", "Cor", "Aart", "Bea"]),
        ],
    )
    def test_whose_oldest_first(self, browse, everyone, rows, now, role, names):
        shown = text_of(browse(everyone[role]).get(self.URL))
        places = [shown.index(name) for name in names]
        assert places == sorted(places)
        assert not {"Aart", "Bea", "Cor", "Dirk"} - set(names) & {name for name in ("Cor", "Dirk") if name in shown}
        assert f"{len(names)} afspraken zonder uitkomst, oudste eerst" in shown

    def test_two_hours_after_the_end(self, browse, samira, row, at):
        with at("2026-11-03 13:00"):
            assert "Alles is geregistreerd." in text_of(browse(samira.user).get(self.URL))
        with at("2026-11-03 13:01"):
            assert "1 afspraak zonder uitkomst" in text_of(browse(samira.user).get(self.URL))

    def test_every_row_comes_once_also_when_rows_are_added_meanwhile(self, browse, samira, household, now):
        kind = make.appointment_type("K", minutes=15)
        made = [
            make.appointment(household=household, counsellor=samira, type=kind, start=f"2026-10-{day:02} {hour:02}:00").pk
            for day in range(1, 31) for hour in (9, 10)
        ]  # fmt: skip
        client, seen, page = browse(samira.user), [], None
        criteria = {}
        while page is None or page.after:
            page = client.get(self.URL, criteria).context["page"]
            seen += [one.pk for one in page.object_list]
            criteria = {"after": page.after}
            make.appointment(
                household=household, counsellor=samira, type=kind, start=f"2026-09-{len(seen) // 3:02} 09:00"
            )
        assert seen == made

    @pytest.mark.parametrize("value", [*NONSENSE, "1" * 400])
    @pytest.mark.parametrize("name", ["after", "before", "size"])
    def test_a_page_that_is_none(self, browse, samira, rows, now, name, value):
        assert "2 afspraken zonder uitkomst" in text_of(browse(samira.user).get(self.URL, {name: value}))

    @pytest.mark.parametrize("number", [1, 3])
    def test_a_constant_number_of_queries(self, browse, ingrid, feijenoord, now, number, django_assert_num_queries):
        for _number in range(number):
            make.appointment(
                household=make.household(), counsellor=make.counsellor(at=feijenoord), start="2026-10-27 10:00"
            )
        client = browse(ingrid)
        client.get(self.URL)
        with django_assert_num_queries(9):
            client.get(self.URL)


class TestCorrecting:
    @pytest.fixture
    def missed(self, household, samira):
        return make.appointment(
            household=household, counsellor=samira, start="2026-10-29 10:00", outcome="N", reason_id="work"
        )

    def url(self, row):
        return f"/afspraken/{row.pk}/corrigeren/"

    def test_old_and_new_stay_in_the_trail(self, browse, samira, missed, now):
        answer = browse(samira.user).post(
            self.url(missed), {"version": 1, "outcome": "V", "why": "zat in de wachtkamer"}, follow=True
        )
        missed.refresh_from_db()
        assert (missed.outcome, missed.reason) == ("V", None)
        assert answer.redirect_chain == [(f"/afspraken/{missed.pk}/", 302)]
        line = AuditEntry.objects.get(action="correct_attendance")
        assert line.reason == "zat in de wachtkamer"
        assert line.details == {"old": "N", "new": "V", "old_reason": "work", "new_reason": ""}

    def test_to_cancelled_needs_the_moment_of_telling(self, browse, samira, missed, now):
        client, form = browse(samira.user), {"version": 1, "outcome": "A1", "why": "had gebeld"}
        told = {"told_date": "28-10-2026", "told_time": "10.00"}
        assert "Vul in wanneer de inwoner het liet weten" in text_of(client.post(self.url(missed), form))
        late = client.post(self.url(missed), form | told | {"told_time": "10.01"})
        assert "Het moment past niet: op tijd is 24 uur voor het begin." in text_of(late)
        assert 'value="had gebeld"' in late.content.decode()
        assert client.post(self.url(missed), form | told).status_code == 302
        missed.refresh_from_db()
        assert (missed.outcome, missed.told_at) == ("A1", make.moment("2026-10-28 10:00"))

    @pytest.mark.parametrize(
        "form",
        [
            {"outcome": "V"}, {"outcome": "V", "why": "   "}, {"why": "x"}, {"outcome": "N", "why": "x"},
            {"outcome": "R1", "why": "x"}, {"outcome": "V", "why": "a\x00"}, {"outcome": "V", "why": "x" * 201},
            {"outcome": "A1", "why": "x", "told_date": "31-12-9999", "told_time": "10.00"},
            {"outcome": "A1", "why": "x", "told_date": "1-1-0001", "told_time": "10.00"},
            {"outcome": "A1", "why": "x", "told_date": "29-3-2026", "told_time": "2.30"},
        ],
    )  # fmt: skip
    def test_bad_input_is_said(self, browse, samira, missed, now, form):
        answer = browse(samira.user).post(self.url(missed), {"version": 1} | form)
        assert answer.status_code == 200
        assert "Er is iets niet goed ingevuld" in text_of(answer)
        missed.refresh_from_db()
        assert missed.outcome == "N"

    def test_after_fourteen_days_only_a_supervisor(self, browse, samira, joris, ingrid, missed, at):
        with at("2026-11-13 00:00"):
            for by, words in (
                (samira.user, "Uw voorstel ligt bij de teamleider."),
                (joris, "al een correctie voorgesteld"),
            ):
                answer = browse(by).post(self.url(missed), {"version": 1, "outcome": "V", "why": "x"}, follow=True)
                assert words in text_of(answer)
            missed.refresh_from_db()
            assert missed.outcome == "N"
            assert browse(ingrid).post(self.url(missed), {"version": 1, "outcome": "V", "why": "x"}).status_code == 302
        missed.refresh_from_db()
        assert missed.outcome == "V"

    @pytest.mark.parametrize("outcome", ["", "R1"])
    def test_what_cannot_be_corrected_leads_back(self, browse, ingrid, household, samira, now, outcome):
        row = make.appointment(household=household, counsellor=samira, start="2026-10-29 10:00", outcome=outcome)
        answer = browse(ingrid).get(self.url(row), follow=True)
        assert answer.redirect_chain == [(f"/afspraken/{row.pk}/", 302)]
        assert "Deze afspraak kan niet worden gecorrigeerd." in text_of(answer)

    def test_the_time_must_still_be_free(self, browse, samira, missed, now):
        make.appointment(household=make.household(), counsellor=samira, start="2026-10-29 10:30", outcome="V")
        answer = browse(samira.user).post(self.url(missed), {"version": 1, "outcome": "V", "why": "toch gekomen"})
        assert "Op deze tijd staat een andere afspraak." in text_of(answer)
        assert 'value="toch gekomen"' in answer.content.decode()


@pytest.mark.parametrize("attempts", [1, 3])
def test_the_page_of_attendance_takes_a_constant_number_of_queries(
    browse, samira, call, at, attempts, django_assert_num_queries
):
    for number in range(attempts):
        call.phone_attempts.create(at=call.starts_at + number * 10 * MINUTE, by=samira.user)
    client, url = browse(samira.user), f"/afspraken/{call.pk}/aanwezigheid/"
    with at("2026-11-03 10:40"):
        client.get(url)
        with django_assert_num_queries(14):
            client.get(url)
    assert Appointment.objects.count() == 1
