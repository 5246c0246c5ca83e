"""The door of the finder and of booking (S09; R-11 to R-18)."""

import datetime as dt
import re
import uuid

import pytest
import time_machine

from casework.appointments import actions
from casework.appointments.models import Appointment
from casework.core.models import AuditEntry, AuditKind, Role
from casework.counsellors.models import Counsellor
from casework.messaging.models import Message
from casework.places.models import CalendarDay
from tests import make
from tests.appointments.conftest import CASEWORKERS, NONSENSE, slots_of, text_of, token

TAKEN = "Deze tijd is net bezet door een collega. Kies een andere tijd."


@pytest.fixture
def url(household):
    return f"/huishoudens/{household.case_number}/afspraak/"


@pytest.fixture
def page(browse, joris, url, now):
    """Looks at the finder as the desk, with these criteria."""

    def look(**criteria):
        return browse(joris).get(url, criteria)

    return look


@pytest.mark.parametrize("role", Role)
def test_who_may_book(browse, everyone, url, now, role):
    assert browse(everyone[role]).get(url).status_code == (200 if role in CASEWORKERS else 403)
    answer = browse(everyone[role]).post(url, {"token": token(), "slot": "x"})
    assert answer.status_code == (200 if role in CASEWORKERS else 403)


def test_anonymous_goes_to_the_login(client, url):
    assert client.get(url).headers["Location"].endswith(f"?next={url}")


def test_five_times_one_per_half_day_with_the_own_counsellor(page, feijenoord):
    make.counsellor(at=feijenoord, name="Aart Aalders")
    shown = text_of(page())
    assert len(slots_of(page())) == 5
    assert "ma 2 nov 09.15 – Samira El Amrani, Vraagwijzer Feijenoord" in shown
    assert "Aart Aalders, Vraagwijzer" not in shown
    assert "Eerste gesprek uiterlijk maandag 30 november." in shown


def test_the_first_time_is_chosen_and_has_the_focus(page):
    first = re.search(r'<input[^>]*name="slot"[^>]*>', page().content.decode())[0]
    assert "checked" in first
    assert " autofocus" in first


def test_criteria_live_in_the_address(page, feijenoord):
    elsewhere = make.location("CHA", name="Vraagwijzer Charlois")
    bram = make.counsellor(at=elsewhere, name="Bram Bos")
    found = page(kind="VG", location="CHA", counsellor=bram.pk, first_date="10-11-2026")
    assert "di 10 nov 09.00 – Bram Bos, Vraagwijzer Charlois" in text_of(found)
    assert [key.split(".")[0] for key in slots_of(found)][:2] == ["20261110T0800Z", "20261110T1200Z"]
    assert "Eerste gesprek uiterlijk" not in text_of(found)


def test_a_language_narrows_to_who_speaks_it(browse, joris, feijenoord, samira, talks, now):
    turkish = make.counsellor(at=feijenoord, name="Ayşe Yılmaz", languages=("nl", "tr"))
    household = make.household(language="tr")
    found = browse(joris).get(f"/huishoudens/{household.case_number}/afspraak/")
    assert {key.split(".")[1] for key in slots_of(found)} == {str(turkish.pk)}
    assert '<option value="tr" selected>' in found.content.decode()
    anybody = browse(joris).get(f"/huishoudens/{household.case_number}/afspraak/", {"language": ""})
    assert str(samira.pk) in {key.split(".")[1] for key in slots_of(anybody)}


@pytest.mark.parametrize("fields", [{"interpreter": True}, {"language": "so"}, {"language": "nl"}])
def test_no_language_is_filled_in_when_it_would_not_help(browse, joris, samira, feijenoord, talks, now, fields):
    """With an interpreter, in Dutch, or when nobody speaks it."""
    make.counsellor(at=feijenoord, languages=("nl", "tr"))
    household = make.household(**{"language": "tr", **fields})
    found = browse(joris).get(f"/huishoudens/{household.case_number}/afspraak/")
    assert '<option value="" selected>elke taal</option>' in found.content.decode()
    assert len(slots_of(found)) == 5


def test_after_a_first_talk_a_follow_up_is_meant(browse, joris, samira, talks, now):
    household = make.household(owner=samira)
    found = browse(joris).get(f"/huishoudens/{household.case_number}/afspraak/")
    assert '<option value="VG" selected>' in found.content.decode()


def test_what_comes_after_the_term_says_so(browse, joris, samira, talks, now):
    household = make.household(owner=samira)
    make.term(household, "first_talk", "2026-10-05", "2026-11-02")
    shown = text_of(browse(joris).get(f"/huishoudens/{household.case_number}/afspraak/"))
    assert shown.count("na de termijn") == 3


class TestUrgent:
    """A household with an eviction threatening: talk on or before Thursday 5 November (R-05, R-13)."""

    @pytest.fixture
    def household(self, samira, talks):
        made = make.household(location=samira.location, owner=samira)
        make.term(made, "first_talk", "2026-11-02", "2026-11-30")
        make.term(made, "urgent", "2026-11-02", "2026-11-05")
        return made

    def test_only_times_on_or_before_the_term(self, page, samira):
        make.absence(samira, "2026-11-02 00:00", "2026-11-05 12:00")
        assert [key.split(".")[0] for key in slots_of(page())] == ["20261105T1200Z"]
        assert "na de termijn" not in text_of(page())

    def test_a_later_day_is_not_offered_while_the_term_can_be_met(self, page):
        found = page(day="2026-11-12")
        assert "Vrije tijden op donderdag 5 november" in text_of(found)
        assert {key[:8] for key in slots_of(found)} == {"20261105"}
        assert "vr 6 nov" not in text_of(found)
        assert "Geen plek binnen de termijn" not in text_of(found)

    def test_without_a_time_in_the_term_it_says_so_and_marks_the_later_ones(self, page, samira):
        make.absence(samira, "2026-11-02 00:00", "2026-11-06 00:00")
        shown = text_of(page())
        assert "Geen plek binnen de termijn (uiterlijk donderdag 5 november)" in shown
        assert slots_of(page())[0].startswith("20261106T0800Z")
        assert shown.count("na de termijn") == 5

    def test_a_colleague_who_can_within_the_term_is_named(self, page, samira, feijenoord):
        make.absence(samira, "2026-11-02 00:00", "2026-11-06 00:00")
        other = make.counsellor(at=feijenoord, name="Bram Bos")
        found = page()
        address = re.search(
            r'href="(\?[^"]*)">\s*Vraagwijzer Feijenoord ma 2 nov 09.15 – Bram Bos', found.content.decode()
        )
        there = page(**dict(part.split("=") for part in address[1].removeprefix("?").replace("&amp;", "&").split("&")))
        assert {key.split(".")[1] for key in slots_of(there)} == {str(other.pk)}

    def test_a_term_that_has_passed(self, page, household):
        household.terms.filter(kind="urgent").update(event_on="2026-10-20", deadline=dt.date(2026, 10, 26))
        assert "Geen plek binnen de termijn (uiterlijk maandag 26 oktober)" in text_of(page())
        assert len(slots_of(page())) == 5

    def test_a_follow_up_knows_no_hurry(self, page):
        found = page(kind="VG", day="2026-11-12")
        assert "Vrije tijden op donderdag 12 november" in text_of(found)


def test_an_empty_answer_names_somebody_else_and_the_link_leads_there(page, samira, feijenoord):
    samira.working_hours.all().delete()
    bram = make.counsellor(at=make.location("CHA", name="Vraagwijzer Charlois"), name="Bram Bos")
    found = page()
    assert "Geen vrije tijden tot en met maandag 30 november." in text_of(found)
    address = re.search(r'href="(\?[^"]*)">\s*Vraagwijzer Charlois ma 2 nov 09.15', found.content.decode())[1]
    there = page(**dict(part.split("=") for part in address.removeprefix("?").replace("&amp;", "&").split("&")))
    assert {key.split(".")[1] for key in slots_of(there)} == {str(bram.pk)}


def test_more_times_is_a_whole_day_with_its_neighbours(page):
    found = page(day="2026-11-03")
    assert len(slots_of(found)) == 11 + 11
    assert 'href="?day=2026-11-02"' in found.content.decode()
    assert 'href="?day=2026-11-04"' in found.content.decode()


def test_today_has_no_day_before_it_and_a_past_day_is_today(page):
    found = page(day="2026-10-01")
    assert "Vrije tijden op maandag 2 november" in text_of(found)
    assert "2026-11-01" not in found.content.decode()


def test_late_in_the_evening_today_is_simply_empty(browse, joris, url):
    with time_machine.travel(make.moment("2026-11-02 23:50"), tick=False):
        assert "Geen vrije tijden op maandag 2 november." in text_of(browse(joris).get(url, {"day": "2026-11-02"}))


@pytest.mark.parametrize("name", ["kind", "location", "counsellor", "language", "first_date", "day"])
@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_in_the_address_is_left_out_with_a_notice(page, name, value):
    found = page(**{name: value})
    assert found.status_code == 200
    assert "Een deel van het filter is niet begrepen en telt niet mee." in text_of(found)
    assert len(slots_of(found)) == 5


def test_a_past_first_date_says_why_and_now_is_meant(page):
    shown = text_of(page(first_date="01-10-2026"))
    assert "Kies vandaag of een latere datum." in shown
    assert "ma 2 nov 09.15" in shown


@pytest.mark.parametrize("path", ["/huishoudens/ETF-2026-000000/afspraak/", "/huishoudens/%00/afspraak/"])
def test_an_unknown_household_is_not_found(browse, joris, path, now):
    assert browse(joris).get(path).status_code == 404


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "Sms naar 06 12 34 56 78."),
        ({"mobile": "", "email": "a@example.org"}, "E-mail naar a@example.org."),
        ({"channel": "email", "email": ""}, "Sms naar 06 12 34 56 78."),
        ({"channel": "none"}, "Dit huishouden wil geen berichten."),
        ({"mobile": ""}, "Geen nummer voor berichten"),
        ({"channel": "call"}, "Geen nummer voor berichten"),
        ({"mobile": "", "street": "Proefstraat", "house_number": "1", "postcode": "3072AB", "city": "Rotterdam"},
         "Geen mobiel nummer: er gaat een brief"),
        # Half an address gets no letter (decision 0063).
        ({"mobile": "", "street": "Proefstraat", "house_number": "1"}, "Geen nummer voor berichten"),
        ({"mobile": "", "phone": "+31101234567"}, "Geen nummer voor berichten"),
    ],
)  # fmt: skip
def test_how_the_resident_will_hear_of_it(browse, joris, samira, talks, now, fields, line):
    household = make.household(owner=samira, **fields)
    assert line in text_of(browse(joris).get(f"/huishoudens/{household.case_number}/afspraak/"))


def test_it_books_plans_messages_and_shows_a_page_to_read_aloud(browse, joris, url, household, page, samira):
    slot = slots_of(page())[2]
    answer = browse(joris).post(url, {"token": token(), "slot": slot, "note": "Neemt dochter mee"}, follow=True)
    made = Appointment.objects.get()
    assert answer.redirect_chain == [(f"/afspraken/{made.pk}/", 302)]
    assert (made.household, made.counsellor, made.location) == (household, samira, samira.location)
    assert (made.starts_at, made.type.code, made.note) == (make.moment("2026-11-03 09:00"), "EG", "Neemt dochter mee")
    assert made.booked_by == joris
    assert set(Message.objects.values_list("appointment_key", "kind")) == {(made.pk, "confirmation")}
    shown = text_of(answer)
    assert "De afspraak staat vast." in shown
    assert "dinsdag 3 november 09.00" in shown


def test_looking_and_booking_leave_lines(browse, joris, url, page, household, now):
    page()
    browse(joris).post(url, {"token": token(), "slot": slots_of(page())[0]})
    looked = AuditEntry.objects.filter(action="view_finder").last()
    booked = AuditEntry.objects.get(action="book")
    assert (looked.kind, looked.object_key) == (AuditKind.VIEWED, f"household:{household.pk}")
    assert (booked.username, booked.role, booked.at) == ("joris", "desk", now)
    assert booked.details["start"] == "2026-11-02T08:15:00+00:00"


def test_the_same_token_twice_is_one_appointment_and_leads_there(browse, joris, url, page):
    form = {"token": token(), "slot": slots_of(page())[0]}
    first, second = (browse(joris).post(url, form) for _time in range(2))
    assert Appointment.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"] == f"/afspraken/{Appointment.objects.get().pk}/"


def test_taken_meanwhile_shows_fresh_times_and_keeps_what_was_typed(browse, joris, url, page, samira, now):
    slot = slots_of(page(counsellor=samira.pk, kind="VG"))[0]
    actions.book(household=make.household(), counsellor=samira, location=samira.location, kind=make.appointment_type("VG"),
                 start=make.moment("2026-11-02 09:15"), by=joris, now=now)  # fmt: skip
    form = {"token": token(), "slot": slot, "note": "Belt liever"}
    answer = browse(joris).post(f"{url}?counsellor={samira.pk}&kind=VG", form)
    assert answer.status_code == 200
    assert TAKEN in text_of(answer)
    fresh = slots_of(answer)
    assert slot not in fresh
    assert fresh[0].startswith("20261102T0900Z")
    content = answer.content.decode()
    assert 'value="Belt liever"' in content
    assert form["token"] in content
    assert '<option value="VG" selected>' in content
    # The next choice succeeds with the same form.
    assert browse(joris).post(f"{url}?counsellor={samira.pk}&kind=VG", form | {"slot": fresh[0]}).status_code == 302
    assert Appointment.objects.get(note="Belt liever").starts_at == make.moment("2026-11-02 10:00")


def test_a_household_that_is_elsewhere_at_that_time(browse, joris, url, page, household, feijenoord, now):
    slot = slots_of(page())[0]
    other = make.counsellor(at=feijenoord)
    make.appointment(household=household, counsellor=other, start="2026-11-02 09:15")
    answer = browse(joris).post(url, {"token": token(), "slot": slot})
    assert "Dit huishouden heeft op deze tijd al een afspraak." in text_of(answer)
    assert Appointment.objects.count() == 1


def test_the_error_summary_leads_to_the_times(browse, joris, url, samira, now):
    for _with_and_without_times in range(2):
        content = browse(joris).post(url, {"token": token()}).content.decode()
        target = re.search(r'<a href="#([^"]+)">Kies een tijd', content)[1]
        assert f'id="{target}"' in content
        samira.working_hours.all().delete()


FORGED = [
    "", "x", "..", "20261103T0900Z", "20261103T0900Z.1", "20261103T0900Z.a.b", "20261103T0900Z.999999.999999",
    "20261103T0900Z.99999999999999999999999.1", "20261103T0900Z.-1.-1", "99991231T2359Z.1.1", "00010101T0000Z.1.1",
    "\x00", "20261103T0900Z.\x00.1", "20261303T0900Z.1.1", "1" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("slot", FORGED)
def test_a_forged_time_is_an_error_on_the_page(browse, joris, url, now, slot):
    answer = browse(joris).post(url, {"token": token(), "slot": slot, "note": "bewaar mij"})
    assert answer.status_code == 200
    shown = text_of(answer)
    assert "Er is iets niet goed ingevuld" in shown
    assert "Kies een" in shown
    assert 'value="bewaar mij"' in answer.content.decode()
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("20261103T0805Z", "op een kwartier"),
        ("20261102T0800Z", "minder dan 15 minuten"),
        ("20251103T0800Z", "minder dan 15 minuten"),
        ("20261103T1700Z", "werkt niet op deze tijd"),
        ("20261226T0900Z", "gesloten"),
    ],
)
def test_a_forged_moment_meets_the_rules(browse, joris, url, samira, now, start, says):
    CalendarDay.objects.get_or_create(date=dt.date(2026, 12, 26), defaults={"name": "dicht", "closed": True})
    answer = browse(joris).post(url, {"token": token(), "slot": f"{start}.{samira.pk}.{samira.location_id}"})
    assert says in text_of(answer)
    assert not Appointment.objects.exists()


def test_a_counsellor_who_left_meanwhile_is_no_dead_end(browse, joris, url, page, samira):
    slot = slots_of(page())[0]
    Counsellor.objects.filter(pk=samira.pk).update(active=False)
    answer = browse(joris).post(url, {"token": token(), "slot": slot, "note": "bewaar mij"})
    assert "Deze tijd is niet meer beschikbaar. Kies een andere tijd." in text_of(answer)
    assert 'value="bewaar mij"' in answer.content.decode()


@pytest.mark.parametrize(("given", "says"), [("", "Open deze pagina opnieuw."), ("\x00", "Open deze pagina opnieuw.")])
def test_without_a_token_nothing_is_booked(browse, joris, url, page, given, says):
    answer = browse(joris).post(url, {"token": given, "slot": slots_of(page())[0]})
    assert says in text_of(answer)
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("note", ["x" * 141, "a\x00b"])
def test_a_note_that_does_not_fit(browse, joris, url, page, note):
    answer = browse(joris).post(url, {"token": token(), "slot": slots_of(page())[0], "note": note})
    assert "Er is iets niet goed ingevuld" in text_of(answer)
    assert not Appointment.objects.exists()


def test_a_closed_household_gets_no_appointment(browse, joris, samira, talks, now):
    household = make.household(owner=samira, closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")
    slot = f"20261103T0900Z.{samira.pk}.{samira.location_id}"
    answer = browse(joris).post(f"/huishoudens/{household.case_number}/afspraak/", {"token": token(), "slot": slot})
    assert "Dit huishouden is gesloten. Meld het opnieuw aan" in text_of(answer)


def test_without_any_kind_of_talk_it_says_whom_to_ask(browse, joris, samira, now):
    household = make.household()
    path = f"/huishoudens/{household.case_number}/afspraak/"
    assert browse(joris).get(path).status_code == 200
    slot = f"20261103T0900Z.{samira.pk}.{samira.location_id}"
    answer = browse(joris).post(path, {"token": token(), "slot": slot})
    assert "Er is geen soort gesprek om te plannen. Vraag de beheerder." in text_of(answer)


class TestAnotherTime:
    """Outside working hours, for a supervisor with a reason (R-12)."""

    FORM = {"other_date": "7-11-2026", "other_time": "10.00", "overruled_reason": "Kan alleen op zaterdag"}

    def post(self, browse, by, url, **changes):
        return browse(by).post(url, {"token": token(), **self.FORM, **changes})

    def test_a_supervisor_with_a_reason(self, browse, ingrid, url, now):
        assert self.post(browse, ingrid, url).status_code == 302
        made = Appointment.objects.get()
        assert (made.starts_at, made.overruled_reason) == (make.moment("2026-11-07 10:00"), "Kan alleen op zaterdag")
        assert AuditEntry.objects.get(action="book").reason == "Kan alleen op zaterdag"

    def test_nobody_else_has_the_fields(self, browse, joris, samira, url, now):
        for by in (joris, samira.user):
            assert "other_date" not in browse(by).get(url).content.decode()
            assert "Kies een tijd." in text_of(self.post(browse, by, url))
        assert not Appointment.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"overruled_reason": ""}, "Waarom"),
            ({"other_time": ""}, "Vul een dag en een tijd in."),
            ({"other_date": ""}, "Vul een dag en een tijd in."),
            ({"other_time": "25.00"}, "Vul een tijd in, zoals 14.00."),
            ({"other_date": "31-12-9999"}, "Vul een datum in, zoals 17 5 1984."),
            ({"other_date": "1-1-0001"}, "Vul een datum in, zoals 17 5 1984."),
            ({"other_date": "28-3-2027", "other_time": "2.30"}, "bestaat niet op deze dag"),
            ({"other_date": "a\x00b"}, "Er is iets niet goed ingevuld"),
            ({"other_date": "25-12-2026"}, "gesloten"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, browse, ingrid, url, now, changes, says):
        CalendarDay.objects.get_or_create(date=dt.date(2026, 12, 25), defaults={"name": "Kerst", "closed": True})
        answer = self.post(browse, ingrid, url, note="bewaar mij", **changes)
        assert answer.status_code == 200
        assert says.lower() in text_of(answer).lower()
        assert 'value="bewaar mij"' in answer.content.decode()
        assert not Appointment.objects.exists()

    def test_without_a_counsellor_it_asks_for_one(self, browse, ingrid, samira, talks, now):
        household = make.household()
        answer = self.post(browse, ingrid, f"/huishoudens/{household.case_number}/afspraak/")
        assert "Kies hierboven een trajectbegeleider" in text_of(answer)


def test_the_door_in_english(browse, joris, url, now):
    client = browse(joris)
    client.cookies["etf_language"] = "en"
    shown = text_of(client.get(url))
    assert "First free times" in shown
    assert "Mon 2 Nov 09:15 – Samira El Amrani" in shown
    assert "Choose a time." in text_of(client.post(url, {"token": str(uuid.uuid4())}))


def queries(browse, by, path, count, django_assert_num_queries):
    client = browse(by)
    client.get(path)
    with django_assert_num_queries(count):
        client.get(path)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_finder_takes_a_constant_number_of_queries(
    browse, joris, url, samira, feijenoord, now, rows, django_assert_num_queries
):
    for number in range(rows):
        other = make.counsellor(at=feijenoord)
        make.appointment(household=make.household(), counsellor=other, start=f"2026-11-0{number + 3} 10:00")
    queries(browse, joris, url, 20, django_assert_num_queries)
    queries(browse, joris, url + "?day=2026-11-03", 20, django_assert_num_queries)


def test_after_the_first_talk_the_usual_talk_is_at_a_location_with_the_own_counsellor(browse, joris, samira, now):
    for code, channel in (("HB", "home"), ("TG", "phone"), ("VG", "place")):
        make.appointment_type(code, first_talk=False, channel=channel)
    make.appointment_type("EG")
    household = make.household(owner=samira)
    asked = browse(joris).get(f"/huishoudens/{household.case_number}/afspraak/").context["criteria"]
    assert (asked["kind"].value(), asked["location"].value()) == ("VG", "")
    assert asked["counsellor"].value() == str(samira.pk)
