"""The doors of moments of messages: what counts per type, examples before saving, what comes can be taken back (S25)."""

import datetime as dt

import pytest
from django.urls import reverse

from casework.appointments import actions as appointments
from casework.appointments.models import ReminderMoments, known_moments
from casework.core.models import AuditEntry, Role
from casework.messaging.models import Message
from casework.places.models import CalendarDay
from tests import make
from tests.core.test_settings_effects import filled
from tests.counsellors.test_admin import text_of

LIST, ADD = "admin:casework_remindermoments_changelist", "admin:casework_remindermoments_add"
EXAMPLE = "admin:casework_remindermoments_example"


@pytest.fixture
def client(browse, db):
    make.appointment_type()
    return browse(make.user(Role.ADMIN, username="ada"))


def sent(client, code="", **typed) -> dict:
    """What a browser would send; a box that is unticked is not sent."""
    form = filled(client.get(f"{reverse(ADD)}?type={code}")) | {"valid_from": "3-11-2026", "days_before": "3"} | typed
    return {name: value for name, value in form.items() if value is not None}


def test_the_list_names_every_type_with_what_counts(client, now):
    make.moments(make.appointment_type("VG"), days_before=1, missed=False, confirmation=False, same_day=False)
    text = text_of(client.get(reverse(LIST)))
    assert (
        "elke andere soort Bevestiging bij het maken. Herinnering 2 dagen ervoor om 10.00. Op de dag zelf om 08.00; "
        "bij een begin voor 10.00 de avond ervoor om 17.00. Bericht na een gemiste afspraak."
    ) in text
    assert "Eerste gesprek zoals elke andere soort" in text
    assert (
        "Voortgangsgesprek Geen bevestiging bij het maken. Herinnering 1 dag ervoor om 10.00. Geen herinnering op de dag "
        "zelf. Geen bericht na een gemiste afspraak."
    ) in text


@pytest.mark.parametrize("number", [0, 3])
def test_the_list_has_as_many_queries_with_more_rows(client, now, number, django_assert_num_queries):
    for day in range(number):
        make.moments(make.appointment_type(f"T{day}"), since=f"2026-12-0{day + 1}", days_before=4)
    known_moments.remember({}, until=now.date())
    with django_assert_num_queries(8):
        client.get(reverse(LIST))


def test_moments_to_come_with_who_chose_them(client, now):
    assert client.post(reverse(ADD), sent(client, "EG", reminder_at="18:30")).status_code == 302
    text = text_of(client.get(reverse(LIST)))
    assert (
        "zoals elke andere soort Vanaf di 3 nov: Bevestiging bij het maken. Herinnering 3 dagen ervoor om 18.30."
        in text
    )
    assert "ma 2 nov 09.00, ada" in text
    assert AuditEntry.objects.get(action="set_moments").details["new"]["days_before"] == 3


def test_a_box_that_is_unticked_is_a_message_that_does_not_go_out(client, now):
    client.post(reverse(ADD), sent(client, same_day=None, missed=None))
    row = ReminderMoments.objects.get()
    assert (row.type, row.confirmation, row.reminder, row.same_day, row.missed) == (None, True, True, False, False)


@pytest.mark.parametrize("how", ["check", "example"])
def test_examples_before_it_is_saved(client, samira, joris, now, how):
    """Without JavaScript by *Check*, with it by the same words in the page."""
    appointments.book(household=make.household(), counsellor=samira, location=samira.location, by=joris, now=now,
                      kind=make.appointment_type(), start=make.moment("2026-11-12 14:00"))  # fmt: skip
    typed = sent(client, "EG")
    if how == "check":
        page = client.post(reverse(ADD), typed | {"_check": "Controleren"})
        assert "Gecontroleerd. Er is nog niets opgeslagen." in text_of(page)
    else:
        page = client.post(reverse(EXAMPLE), typed)
    text = text_of(page)
    assert "Aan een afspraak op do 19 nov om 14.00 herinneren we op: ma 16 nov 10.00, do 19 nov 08.00." in text
    assert "Aan een afspraak op do 19 nov om 09.00 herinneren we op: ma 16 nov 10.00, wo 18 nov 17.00." in text
    # Monday: Sunday has no window, and three days before is a Friday.
    assert "Aan een afspraak op ma 16 nov om 09.00 herinneren we op: vr 13 nov 10.00." in text
    assert "Er zijn al 2 herinneringen voor deze gesprekken gepland. Die blijven zoals ze zijn" in text
    assert not ReminderMoments.objects.exists()
    assert Message.objects.count() == 3


def test_how_many_are_planned_is_of_the_types_that_it_is_about(client, samira, joris, now):
    appointments.book(household=make.household(), counsellor=samira, location=samira.location, by=joris, now=now,
                      kind=make.appointment_type(), start=make.moment("2026-11-12 14:00"))  # fmt: skip
    make.appointment_type("VG")

    def number(code):
        return text_of(client.get(f"{reverse(ADD)}?type={code}")).split("Er zijn al ")[1][0]

    assert [number(code) for code in ("", "EG", "VG")] == ["2", "2", "0"]
    make.moments(make.appointment_type())
    assert [number(code) for code in ("", "EG", "VG")] == ["0", "2", "0"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"valid_from": "2-11-2026"}, "Kies een datum na vandaag"), ({"days_before": "0"}, "Kies 1 tot en met 7 dagen ervoor."),
        ({"days_before": "8"}, "Kies 1 tot en met 7 dagen ervoor."), ({"days_before": "x"}, "geheel getal"),
        ({"reminder_at": "7:30"}, "Kies een tijd van 08.00 tot en met 19.00 uur"), ({"evening_at": "20:00"}, "Kies een tijd van 08.00"),
        ({"same_day_at": "9:00"}, "hoort het minstens twee uur voor het begin"), ({"reminder_at": "zzz"}, "geldige tijd"),
        ({"days_before": "2"}, "Op die datum geldt dit al."), ({"as_others": "on"}, "Alleen één soort kan gaan zoals"),
        ({"valid_from": "31-12-99999"}, "geldige datum"), ({"valid_from": "", "reminder_at": ""}, "verplicht"),
        ({"days_before": "99999999999"}, "7"), ({"type": "999999"}, "geldige"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_the_field(client, now, typed, says):
    page = client.post(reverse(ADD), sent(client, **typed))
    assert page.status_code == 200
    assert says in text_of(page)
    assert not ReminderMoments.objects.exists()
    assert client.post(reverse(EXAMPLE), sent(client, **typed)).status_code == 200


def test_a_colleague_was_first(client, now):
    mine, theirs = sent(client, days_before="3"), sent(client, days_before="4")
    assert client.post(reverse(ADD), theirs).status_code == 302
    page = client.post(reverse(ADD), mine)
    assert "Een collega heeft dit intussen gewijzigd" in text_of(page)
    assert "Er staat nu: 03-11-2026: Bevestiging bij het maken. Herinnering 4 dagen ervoor om 10.00." in text_of(page)
    assert client.post(reverse(ADD), filled(page)).status_code == 302


def test_what_is_to_come_is_taken_back(client, now):
    client.post(reverse(ADD), sent(client))
    back = reverse("admin:casework_remindermoments_take_back", args=[ReminderMoments.objects.get().pk])
    assert client.get(back).status_code == 405
    assert "Teruggenomen" in text_of(client.post(back, follow=True))
    assert "Vanaf" not in text_of(client.get(reverse(LIST)))
    assert client.post(reverse("admin:casework_remindermoments_take_back", args=[999999])).status_code == 404


def test_a_row_is_read_only_once_it_is_there(client, now):
    row = make.moments(days_before=3)
    shown = text_of(client.get(reverse("admin:casework_remindermoments_change", args=[row.pk])))
    assert "herinneren we op: ma 16 nov 10.00, do 19 nov 08.00." in shown
    for page in ("change", "delete"):
        address = reverse(f"admin:casework_remindermoments_{page}", args=[row.pk])
        assert client.post(address, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("query", ["?type=%00", "?type=zzz", "?type=999", "?valid_from=x"])
def test_nonsense_in_the_address(client, now, query):
    assert client.get(reverse(ADD) + query).status_code == 200


def test_closed_days_of_the_calendar_count_in_the_examples(client, now):
    CalendarDay.objects.create(date=dt.date(2026, 11, 16), name="Storing", closed=True)
    page = client.post(reverse(EXAMPLE), sent(client))
    assert "om 14.00 herinneren we op: za 14 nov 10.00, do 19 nov 08.00." in text_of(page)
