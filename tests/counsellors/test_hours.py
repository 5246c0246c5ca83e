"""Hours that contradict each other are refused by the database, with a sentence people can read."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from casework.counsellors.models import WorkingHours
from casework.places.models import OpeningHours
from tests import make


def hours(counsellor, start, end, **fields):
    return WorkingHours(counsellor=counsellor, location=counsellor.location, weekday=6,
                        starts=dt.time.fromisoformat(start), ends=dt.time.fromisoformat(end), **fields)  # fmt: skip


def test_overlapping_working_hours_are_refused(samira):
    hours(samira, "09:00", "12:00").save()
    with pytest.raises(ValidationError):
        hours(samira, "11:00", "13:00").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        hours(samira, "11:00", "13:00").save()
    hours(samira, "12:00", "13:00").full_clean()


def test_the_same_hours_may_follow_each_other_in_time(samira):
    hours(samira, "09:00", "12:00", valid_to=dt.date(2026, 12, 31)).save()
    hours(samira, "09:00", "12:00", valid_from=dt.date(2027, 1, 1)).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        hours(samira, "09:00", "12:00", valid_from=dt.date(2026, 12, 31), valid_to=dt.date(2027, 1, 1)).save()


def test_hours_end_after_they_start(samira):
    with pytest.raises(ValidationError):
        hours(samira, "12:00", "12:00").full_clean()


def test_overlapping_opening_hours_are_refused(feijenoord):
    clash = OpeningHours(location=feijenoord, weekday=1, opens=dt.time(16), closes=dt.time(20))
    with pytest.raises(ValidationError):
        clash.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        clash.save()


def test_absences_may_overlap_and_removing_one_leaves_the_other(samira):
    first = make.absence(samira, "2026-11-09 00:00", "2026-11-14 00:00")
    make.absence(samira, "2026-11-11 09:00", "2026-11-11 12:00")
    first.delete()
    assert samira.absences.count() == 1


def test_an_absence_has_two_ends(samira):
    with pytest.raises(IntegrityError), transaction.atomic():
        samira.absences.create(period=(make.moment("2026-11-09 00:00"), None))
