"""One bundled notice per counsellor and working day, and nothing set by itself (R-21, R-01)."""

import pytest
from django.conf import settings
from django.core import mail

from casework.appointments import actions
from casework.appointments.models import Appointment, UnrecordedNotice
from casework.core.models import AuditEntry
from casework.places.models import CalendarDay
from etf.celery import app
from tests import make


@pytest.fixture
def friday(samira):
    """Two appointments of Samira's without outcome, Friday 30 October."""
    samira.user.email = "samira@example.org"
    samira.user.save()
    household = make.household(given="Fatou", surname="Ndiaye")
    return [
        make.appointment(household=household, counsellor=samira, start=f"2026-10-30 {hour}:00") for hour in ("10", "14")
    ]


@pytest.mark.parametrize(
    ("moment", "notices"),
    [
        ("2026-10-30 20:00", 0),  # the day itself
        ("2026-10-31 10:00", 0),  # a Saturday
        ("2026-11-02 08:59", 0),
        ("2026-11-02 09:00", 1),
        ("2026-11-02 16:00", 1),  # nothing ran at nine
    ],
)
def test_from_nine_on_the_next_working_day(friday, moment, notices):
    assert actions.flag_unrecorded(now=make.moment(moment)) == notices


def test_a_holiday_is_no_working_day(friday, now):
    CalendarDay.objects.create(date=now.date(), name="dicht", working_day=False, closed=False)
    assert actions.flag_unrecorded(now=now) == 0


def test_one_mail_with_a_number_and_no_name(friday, now, samira):
    for _time in range(3):
        actions.flag_unrecorded(now=now)
    notice = UnrecordedNotice.objects.get()
    assert (notice.counsellor, notice.on, notice.number) == (samira, now.date(), 2)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["samira@example.org"], "2 afspraken nog te registreren")
    assert "Ndiaye" not in sent.subject + sent.body
    assert AuditEntry.objects.filter(action="notice_unrecorded").count() == 1


def test_every_working_day_again_until_it_is_recorded(friday, now, samira):
    assert actions.flag_unrecorded(now=now) == 1
    tomorrow = make.moment("2026-11-03 09:00")
    actions.record_attendance(appointment=friday[0], outcome="V", by=samira.user, now=now)
    assert actions.flag_unrecorded(now=tomorrow) == 1
    assert [one.number for one in UnrecordedNotice.objects.order_by("on")] == [2, 1]
    actions.record_attendance(appointment=friday[1], outcome="V", by=samira.user, now=now)
    assert actions.flag_unrecorded(now=make.moment("2026-11-04 09:00")) == 0


def test_never_set_to_did_not_appear_by_itself(friday):
    for day in range(2, 28):
        actions.flag_unrecorded(now=make.moment(f"2026-11-{day:02} 09:00"))
    assert set(Appointment.objects.values_list("outcome", flat=True)) == {""}


def test_who_left_gets_none_and_each_only_the_own(friday, now, samira, feijenoord):
    other = make.counsellor(at=feijenoord)
    make.appointment(household=make.household(), counsellor=other, start="2026-10-30 10:00")
    samira.active = False
    samira.save()
    assert actions.flag_unrecorded(now=now) == 1
    assert UnrecordedNotice.objects.get().counsellor == other
    assert mail.outbox == []


def test_a_mail_server_that_is_away_costs_nothing(friday, now, monkeypatch):
    def away(*_args, **_kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", away)
    assert actions.flag_unrecorded(now=now) == 1
    assert UnrecordedNotice.objects.count() == 1


@pytest.fixture
def tasks():
    app.loader.import_default_modules()
    return app.tasks


def test_the_beat_schedule_names_tasks_that_exist(tasks):
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"etf.send_due_messages", "etf.flag_unrecorded", "etf.recompute_terms"} <= scheduled <= set(tasks)


def test_the_tasks_may_be_called_directly_and_again(friday, now, tasks):
    for name in ("etf.send_due_messages", "etf.flag_unrecorded", "etf.recompute_terms"):
        tasks[name]()
        tasks[name]()
    assert UnrecordedNotice.objects.count() == 1
