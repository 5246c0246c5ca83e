"""Several appointments on one page, and taking back what was just pressed (S11)."""

import datetime as dt

import pytest
import time_machine

from casework.appointments import actions
from casework.appointments.models import Appointment, FollowUp
from casework.core.models import AuditEntry
from casework.core.refusals import Refused
from casework.households.models import Term
from casework.messaging.models import Message
from tests import make
from tests.appointments.conftest import NONSENSE, text_of

URL = "/afspraken/registreren/"


@pytest.fixture
def rows(samira, talks, now):
    """Three of Samira's from Friday."""
    return [
        make.appointment(
            household=make.household(given=name, surname="Rij", owner=samira), counsellor=samira,
            start=f"2026-10-30 {hour}:00",
        )
        for name, hour in (("Anna", "10"), ("Bea", "11"), ("Carl", "13"))
    ]  # fmt: skip


def typed(rows, *outcomes, **more):
    chosen = {f"outcome-{one.pk}": outcome for one, outcome in zip(rows, outcomes, strict=False)}
    return {"appointment": [one.pk for one in rows]} | chosen | more


def outcomes() -> list[str]:
    return list(Appointment.objects.order_by("starts_at").values_list("outcome", flat=True))


def test_the_page_lists_what_was_ticked_first(browse, samira, rows):
    page = browse(samira.user).get(URL, {"appointment": [rows[2].pk, rows[0].pk]})
    assert [str(one["appointment"].household) for one in page.context["entries"]] == ["Anna Rij", "Carl Rij"]
    assert outcomes() == ["", "", ""]


def test_each_row_is_saved_and_one_without_a_choice_stays(browse, samira, rows):
    form = typed(rows, "V", "", "N") | {f"reason-{rows[2].pk}": "work"}
    page = browse(samira.user).post(URL, form, follow=True)
    assert outcomes() == ["V", "", "N"]
    assert Appointment.objects.get(pk=rows[2].pk).reason_id == "work"
    assert "2 afspraken zijn geregistreerd." in text_of(page)
    assert page.redirect_chain[-1][0] == "/afspraken/te-registreren/"
    assert AuditEntry.objects.filter(action="record_attendance").count() == 2


def test_a_row_that_a_colleague_recorded_is_refused_alone(browse, samira, ingrid, rows):
    actions.record_attendance(appointment=rows[1], outcome="L", by=ingrid, now=make.moment("2026-11-02 08:55"))
    page = browse(samira.user).post(URL, typed(rows, "V", "V", "V"))
    assert outcomes() == ["V", "L", "V"]
    assert [str(one["appointment"].household) for one in page.context["entries"]] == ["Bea Rij"]
    assert "Een collega was eerder: Te laat, niet geholpen, door Ingrid Smit, maandag 2 november 08.55." in text_of(
        page
    )
    assert "2 afspraken zijn geregistreerd." in text_of(page)


def test_one_that_is_recorded_in_the_very_moment_is_refused_alone(browse, samira, ingrid, rows, monkeypatch):
    record = actions.record_attendance

    def colleague_first(*, appointment, **given):
        if appointment.pk == rows[1].pk:
            record(appointment=appointment, outcome="L", by=ingrid, now=given["now"])
        return record(appointment=appointment, **given)

    monkeypatch.setattr(actions, "record_attendance", colleague_first)
    page = browse(samira.user).post(URL, typed(rows, "V", "V", "V"))
    assert outcomes() == ["V", "L", "V"]
    assert "door Ingrid Smit" in text_of(page)


def test_somebody_else_s_appointment_cannot_be_chosen(browse, samira, rows):
    page = browse(make.counsellor(at=samira.location).user).post(URL, typed(rows, "V"))
    assert outcomes() == ["", "", ""]
    assert page.status_code == 200


def test_undo_of_a_miss_wants_the_time_still_free(row, samira, joris, talks):
    """A quarter after the start the time was free again; who walked in has it now."""
    now = row.starts_at + dt.timedelta(minutes=15)
    actions.record_attendance(appointment=row, outcome="N", reason="forgotten", by=samira.user, now=now)
    actions.book(household=make.household(), counsellor=samira, location=samira.location, kind=talks[1], by=joris, now=now,
                 start=now + dt.timedelta(minutes=15), walk_in=True)  # fmt: skip
    with pytest.raises(Refused, match="andere afspraak"):
        actions.undo_attendance(appointment=row, by=samira.user, now=now)
    row.refresh_from_db()
    assert row.outcome == "N"


@pytest.mark.parametrize("wrong", [{}, {"outcome": "Z"}, {"outcome": "R1"}, {"reason": "zomaar"}])
def test_what_is_not_understood_saves_nothing_and_says_so(browse, samira, rows, wrong):
    fields = {f"{name}-{rows[0].pk}": value for name, value in wrong.items()}
    page = browse(samira.user).post(URL, typed(rows, "") | fields)
    assert outcomes() == ["", "", ""]
    assert "error-summary-title" in page.content.decode()


@pytest.mark.parametrize("value", ["", *NONSENSE])
def test_nonsense_chooses_nothing(browse, samira, rows, value):
    page = browse(samira.user).get(URL, {"appointment": value}, follow=True)
    assert "Kies eerst een regel." in text_of(page)


def test_the_list_has_a_box_per_row(browse, samira, rows):
    page = browse(samira.user).get("/afspraken/te-registreren/").content.decode()
    for one in rows:
        assert f'form="bulk" name="appointment" value="{one.pk}"' in page


# Undo


def test_undo_takes_everything_back(household, samira, talks):
    row = make.appointment(household=household, counsellor=samira, start="2026-11-03 10:00")
    for outcome in ("N", "V"):
        at = make.moment("2026-11-03 10:20")
        actions.record_attendance(appointment=row, outcome=outcome, by=samira.user, now=at)
        actions.undo_attendance(appointment=row, by=samira.user, now=make.moment("2026-11-03 10:30"))
        row.refresh_from_db()
        assert (row.outcome, row.recorded_at, row.recorded_by, row.reason) == ("", None, None, None)
    assert [one.is_open for one in Term.objects.all()] == [True]
    assert set(FollowUp.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert set(Message.objects.filter(kind="missed").values_list("state", flat=True)) == {"withdrawn"}
    assert AuditEntry.objects.filter(action="undo_attendance").count() == 2


@pytest.mark.parametrize(
    ("minutes", "who", "refused"), [(10, "samira", False), (11, "samira", True), (1, "ingrid", True)]
)
def test_undo_is_for_ten_minutes_and_for_who_recorded(row, samira, ingrid, minutes, who, refused):
    by = {"samira": samira.user, "ingrid": ingrid}[who]
    actions.record_attendance(appointment=row, outcome="V", by=samira.user, now=make.moment("2026-11-03 10:00"))
    try:
        actions.undo_attendance(appointment=row, by=by, now=make.moment(f"2026-11-03 10:{minutes:02}"))
    except Refused:
        assert refused
    assert Appointment.objects.get().outcome == ("V" if refused else "")


def test_the_button_stands_where_it_was_just_recorded(browse, samira, row):
    client = browse(samira.user)
    with time_machine.travel(make.moment("2026-11-03 10:20"), tick=False):
        page = client.post(f"/afspraken/{row.pk}/aanwezigheid/", {"outcome": "V"}, follow=True)
        assert f'action="/afspraken/{row.pk}/ongedaan/"' in page.content.decode()
        done = client.post(f"/afspraken/{row.pk}/ongedaan/", follow=True)
        assert "is niet meer geregistreerd." in text_of(done)
        again = client.post(f"/afspraken/{row.pk}/ongedaan/", follow=True)
        assert "Hier valt niets ongedaan te maken." in text_of(again)


# The five choices of a row


@pytest.mark.parametrize(("moment", "choices"), [("2026-11-03 10:14", "VLAE"), ("2026-11-03 10:15", "VLNAE")])
def test_did_not_appear_is_offered_from_a_quarter_after_the_start(row, moment, choices):
    assert "".join(value for value, _label in actions.choices_of(row, make.moment(moment))) == choices


def test_one_press_in_the_row_records(browse, samira, row):
    client = browse(samira.user)
    with time_machine.travel(make.moment("2026-11-03 10:20"), tick=False):
        page = client.get("/").content.decode()
        for words in (
            'name="outcome" value="V"',
            'name="outcome" value="L"',
            "outcome=N",
            f"/afspraken/{row.pk}/afzeggen/",
        ):
            assert words in page, words
        answer = client.post(f"/afspraken/{row.pk}/aanwezigheid/", {"outcome": "A"})
        assert answer.url == f"/afspraken/{row.pk}/afzeggen/"
        client.post(f"/afspraken/{row.pk}/aanwezigheid/", {"outcome": "V", "next": "today"})
    row.refresh_from_db()
    assert row.outcome == "V"
