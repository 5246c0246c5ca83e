"""The doors of moving, cancelling, and of one appointment (R-15 to R-18)."""

import datetime as dt

import pytest

from casework.appointments import actions
from casework.appointments.models import Appointment, AppointmentType
from casework.core.models import AuditEntry, AuditKind, Role
from casework.core.refusals import Refused
from casework.messaging.models import Message
from tests import make
from tests.appointments.conftest import CASEWORKERS, NONSENSE, slots_of, text_of, token

# Told on Monday 2 November at 09:00, a day before the appointment of Tuesday 10:00.
TOLD = {"told_date": "2-11-2026", "told_time": "9.00", "told_how": "phone"}


def move_form(page, **changes) -> dict:
    return {"token": token(), "slot": slots_of(page)[-1], **TOLD, **changes}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("door", ["", "verzetten/", "afzeggen/"])
def test_who_may_come_in(browse, everyone, row, now, role, door):
    client, path = browse(everyone[role]), f"/afspraken/{row.pk}/{door}"
    assert client.get(path).status_code == (200 if role in CASEWORKERS else 403)
    if door:
        assert client.post(path, {}).status_code == (200 if role in CASEWORKERS else 403)


@pytest.mark.parametrize("key", [0, 999999, 10**30])
@pytest.mark.parametrize("door", ["", "verzetten/", "afzeggen/", "aanwezigheid/", "corrigeren/"])
def test_an_unknown_appointment_is_not_found(browse, joris, now, key, door):
    assert browse(joris).get(f"/afspraken/{key}/{door}").status_code == 404


class TestMoving:
    @pytest.fixture
    def url(self, row):
        return f"/afspraken/{row.pk}/verzetten/"

    def test_it_closes_the_old_one_and_links_the_new(self, browse, joris, url, row, samira, now):
        client = browse(joris)
        page = client.get(url)
        assert "Nu: dinsdag 3 november 10.00, Samira El Amrani, Vraagwijzer Feijenoord" in text_of(page)
        answer = client.post(url, move_form(page), follow=True)
        row.refresh_from_db()
        made = row.moved_to
        assert (row.outcome, row.told_at, row.told_how) == ("R1", now, "phone")
        assert answer.redirect_chain == [(f"/afspraken/{made.pk}/", 302)]
        assert (made.type, made.counsellor, made.household) == (row.type, samira, row.household)
        assert "De afspraak is verzet." in text_of(answer)
        assert Message.objects.get(appointment_key=made.pk, kind="changed")
        line = AuditEntry.objects.get(action="move")
        assert (line.username, line.object_key, line.details["successor"]) == (
            "joris",
            f"appointment:{row.pk}",
            made.pk,
        )

    def test_told_late_is_another_class(self, browse, joris, url, row, now):
        row.starts_at, row.ends_at = make.moment("2026-11-03 08:45"), make.moment("2026-11-03 09:45")
        row.save()
        client = browse(joris)
        client.post(url, move_form(client.get(url)))
        row.refresh_from_db()
        assert row.outcome == "R2"

    def test_its_own_time_is_on_offer(self, browse, joris, url, now):
        keys = slots_of(browse(joris).get(url, {"day": "2026-11-03"}))
        assert {"20261103T0900Z", "20261103T0915Z"} <= {key.split(".")[0] for key in keys}

    def test_the_kind_stays_whatever_the_address_says(self, browse, joris, url, row, talks, now):
        page = browse(joris).get(url, {"kind": "VG"})
        browse(joris).post(url + "?kind=VG", move_form(page))
        row.refresh_from_db()
        assert row.moved_to.type.code == "EG"

    def test_a_kind_that_is_no_longer_in_use_can_still_be_moved(self, browse, joris, url, row, now):
        AppointmentType.objects.filter(pk=row.type_id).update(active=False)
        client = browse(joris)
        client.post(url, move_form(client.get(url)))
        row.refresh_from_db()
        assert row.moved_to.type == row.type

    def test_the_same_token_twice_is_one_successor(self, browse, joris, url, row, now):
        client = browse(joris)
        form = move_form(client.get(url))
        first, second = client.post(url, form), client.post(url, form)
        assert first.headers["Location"] == second.headers["Location"]
        assert Appointment.objects.count() == 2

    def test_taken_meanwhile_keeps_what_was_typed_and_the_old_one_stands(self, browse, joris, url, row, samira, now):
        client = browse(joris)
        form = move_form(client.get(url, {"day": "2026-11-04"}), note="Belt liever", told_time="8.15")
        actions.book(household=make.household(), counsellor=samira, location=samira.location, kind=row.type,
                     start=make.moment("2026-11-04 15:30"), by=joris, now=now)  # fmt: skip
        answer = client.post(url, form)
        row.refresh_from_db()
        assert row.outcome == ""
        assert "Deze tijd is net bezet door een collega." in text_of(answer)
        content = answer.content.decode()
        assert 'value="Belt liever"' in content
        assert 'value="8.15"' in content
        assert len(slots_of(answer)) == 5

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"told_date": "3-11-2026"}, "kan niet in de toekomst liggen"),
            ({"told_date": "31-12-9999"}, "Vul een datum in"),
            ({"told_date": "1-1-0001"}, "Vul een datum in"),
            ({"told_date": ""}, "Er is iets niet goed ingevuld"),
            ({"told_time": "25.99"}, "Vul een tijd in"),
            ({"told_time": "\x00"}, "Er is iets niet goed ingevuld"),
            ({"told_date": "29-3-2026", "told_time": "2.30"}, "bestaat niet op deze dag"),
            ({"told_how": "postduif"}, "Er is iets niet goed ingevuld"),
            ({"slot": ""}, "Kies een tijd"),
            ({"token": ""}, "Open deze pagina opnieuw"),
        ],
    )
    def test_bad_input_is_said_and_nothing_moves(self, browse, joris, url, row, now, changes, says):
        client = browse(joris)
        answer = client.post(url, move_form(client.get(url), note="bewaar mij", **changes))
        assert answer.status_code == 200
        assert says in text_of(answer)
        assert 'value="bewaar mij"' in answer.content.decode()
        assert "<title>Fout:" in " ".join(answer.content.decode().split()).replace("> ", ">")
        row.refresh_from_db()
        assert row.outcome == ""

    @pytest.mark.parametrize("value", NONSENSE)
    @pytest.mark.parametrize("name", ["kind", "location", "counsellor", "first_date", "day"])
    def test_nonsense_in_the_address(self, browse, joris, url, now, name, value):
        found = browse(joris).get(url, {name: value})
        assert found.status_code == 200
        assert len(slots_of(found)) == 5

    def test_what_is_recorded_cannot_move(self, browse, joris, samira, household, now):
        row = make.appointment(household=household, counsellor=samira, start="2026-10-27 10:00", outcome="N")
        client = browse(joris)
        page = client.get(f"/afspraken/{row.pk}/verzetten/")
        assert "Deze afspraak heeft al een uitkomst." in text_of(page)
        answer = client.post(f"/afspraken/{row.pk}/verzetten/", move_form(page))
        assert answer.status_code == 200
        assert Appointment.objects.count() == 1

    def test_told_after_the_start_is_a_matter_of_attendance(self, browse, joris, samira, household, now):
        row = make.appointment(household=household, counsellor=samira, start="2026-10-27 10:00")
        client = browse(joris)
        answer = client.post(
            f"/afspraken/{row.pk}/verzetten/", move_form(client.get(f"/afspraken/{row.pk}/verzetten/"))
        )
        assert "De inwoner liet het na het begin weten." in text_of(answer)

    def test_in_english(self, browse, joris, url, now):
        client = browse(joris)
        client.cookies["etf_language"] = "en"
        assert "Now: Tuesday 3 November 10:00, Samira El Amrani" in text_of(client.get(url))


class TestCancelling:
    FORM = {"who": "resident", **TOLD}

    @pytest.fixture
    def url(self, row):
        return f"/afspraken/{row.pk}/afzeggen/"

    @pytest.mark.parametrize(("who", "outcome", "told"), [("resident", "A1", "2026-11-02 09:00"), ("etf", "E", None)])
    def test_by_whom(self, browse, joris, url, row, now, who, outcome, told):
        answer = browse(joris).post(url, self.FORM | {"who": who}, follow=True)
        row.refresh_from_db()
        assert (row.outcome, row.told_at) == (outcome, told and make.moment(told))
        assert answer.redirect_chain == [(f"/huishoudens/{row.household.case_number}/", 302)]
        assert "De afspraak is afgezegd." in text_of(answer)
        assert AuditEntry.objects.get(action="cancel").details["outcome"] == outcome
        assert set(Message.objects.filter(state="planned").values_list("kind", flat=True)) == {"cancelled"}

    def test_an_hour_later_it_is_late(self, browse, joris, url, row, now):
        row.starts_at, row.ends_at = make.moment("2026-11-03 08:45"), make.moment("2026-11-03 09:45")
        row.save()
        browse(joris).post(url, self.FORM | {"told_how": "desk"})
        row.refresh_from_db()
        assert (row.outcome, row.told_how) == ("A2", "desk")

    def test_twice_is_said_and_changes_nothing(self, browse, joris, url, row, now):
        browse(joris).post(url, self.FORM)
        answer = browse(joris).post(url, self.FORM | {"who": "etf"})
        assert "Deze afspraak heeft al een uitkomst." in text_of(answer)
        row.refresh_from_db()
        assert row.outcome == "A1"

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"who": ""}, "Er is iets niet goed ingevuld"),
            ({"who": "\x00"}, "Er is iets niet goed ingevuld"),
            ({"told_date": "31-12-9999"}, "Vul een datum in"),
            ({"told_date": "1-1-0001"}, "Vul een datum in"),
            ({"told_date": "3-11-2026"}, "kan niet in de toekomst liggen"),
            ({"told_time": "negen"}, "Vul een tijd in"),
        ],
    )
    def test_bad_input_is_said_and_stays(self, browse, joris, url, row, now, changes, says):
        answer = browse(joris).post(url, self.FORM | {"told_how": "email"} | changes)
        assert says in text_of(answer)
        assert '<option value="email" selected>' in answer.content.decode()
        row.refresh_from_db()
        assert row.outcome == ""

    def test_a_minute_that_just_passed_is_not_the_future(self, browse, joris, url, row, now):
        """The form fills in the minute; the moment itself is some seconds later."""
        assert browse(joris).post(url, self.FORM | {"told_time": "9.00"}).status_code == 302


class TestWalkIn:
    """Somebody who came without an appointment: there was no promise to move, cancel or miss."""

    @pytest.fixture
    def row(self, household, samira):
        return make.appointment(household=household, counsellor=samira, start="2026-11-02 08:30", walk_in=True)

    def test_it_cannot_be_moved_or_cancelled(self, browse, joris, row, now):
        client = browse(joris)
        moved = client.post(f"/afspraken/{row.pk}/verzetten/", move_form(client.get(f"/afspraken/{row.pk}/verzetten/")))
        cancelled = client.post(f"/afspraken/{row.pk}/afzeggen/", TestCancelling.FORM)
        for answer in (moved, cancelled):
            assert "Een inloop kwam zonder afspraak" in text_of(answer)
        row.refresh_from_db()
        assert row.outcome == ""

    def test_only_appeared_is_on_offer(self, browse, samira, row, now):
        later = row.ends_at
        assert actions.possible_outcomes(row, by=samira.user, now=later) == ["V"]
        shown = text_of(browse(samira.user).get(f"/afspraken/{row.pk}/"))
        assert "Registreer aanwezigheid" in shown
        assert "Verzetten" not in shown
        with pytest.raises(Refused, match="inloop"):
            actions.record_attendance(appointment=row, outcome="N", by=samira.user, now=later)
        made = actions.record_attendance(appointment=row, outcome="V", by=samira.user, now=later)
        with pytest.raises(Refused, match="niet worden gecorrigeerd"):
            actions.check_can_correct(made, by=samira.user, now=later)


class TestOneAppointment:
    def test_it_says_where_with_whom_and_what_goes_out(self, browse, joris, row, now):
        row.note = "Neemt dochter mee"
        row.save()
        shown = text_of(browse(joris).get(f"/afspraken/{row.pk}/"))
        for part in ("dinsdag 3 november 10.00", "Vraagwijzer Feijenoord", "Samira El Amrani", "Neemt dochter mee",
                     "Sms naar 06 12 34 56 78.", "Gepland"):  # fmt: skip
            assert part in shown

    @pytest.mark.parametrize("door", ["", "verzetten/", "afzeggen/", "aanwezigheid/"])
    def test_the_line_names_the_household(self, browse, joris, row, now, door):
        browse(joris).get(f"/afspraken/{row.pk}/{door}")
        line = AuditEntry.objects.get(action="view_appointment")
        assert (line.kind, line.object_key) == (AuditKind.VIEWED, f"household:{row.household_id}")

    @pytest.mark.parametrize(
        ("start", "outcome", "can_move", "can_check_in", "can_correct"),
        [
            ("2026-11-03 10:00", "", True, False, False),
            ("2026-11-02 09:30", "", True, True, False),
            ("2026-11-02 08:00", "N", False, False, True),
            ("2026-10-19 10:00", "N", False, False, True),
            # After fourteen days as a proposal to the supervisor.
            ("2026-10-18 10:00", "N", False, False, True),
            ("2026-10-27 10:00", "R1", False, False, False),
        ],
    )
    def test_the_buttons_follow_the_rules(
        self, browse, joris, household, samira, now, start, outcome, can_move, can_check_in, can_correct
    ):
        row = make.appointment(household=household, counsellor=samira, start=start, outcome=outcome)
        content = browse(joris).get(f"/afspraken/{row.pk}/").content.decode()
        assert (f"/afspraken/{row.pk}/verzetten/" in content) is can_move
        assert (f"/afspraken/{row.pk}/melden/" in content) is can_check_in
        assert (f"/afspraken/{row.pk}/corrigeren/" in content) is can_correct

    def test_a_moved_one_leads_to_its_successor(self, browse, joris, row, samira, now):
        made = actions.move(appointment=row, counsellor=samira, location=samira.location, told_at=now, by=joris, now=now,
                            start=make.moment("2026-11-05 10:00"))  # fmt: skip
        assert f'href="/afspraken/{made.pk}/"' in browse(joris).get(f"/afspraken/{row.pk}/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("door", "number"), [("", 12), ("verzetten/", 19), ("afzeggen/", 10)])
def test_a_constant_number_of_queries(browse, joris, row, household, samira, feijenoord, now, rows, door, number,
                                      django_assert_num_queries):  # fmt: skip
    for place in range(rows):
        make.appointment(
            household=household, counsellor=make.counsellor(at=feijenoord), start=f"2026-11-0{place + 4} 10:00"
        )
        Message.objects.create(household=household, appointment_key=row.pk, kind="t2", created_at=now, due_at=now,
                               planned_start=row.starts_at + dt.timedelta(days=place), expires_at=now)  # fmt: skip
    client, path = browse(joris), f"/afspraken/{row.pk}/{door}"
    client.get(path)
    with django_assert_num_queries(number):
        client.get(path)
