"""What a change of settings does is seen before it is saved, and is what then stands to be re-planned (S25, R-14, R-04)."""

import datetime as dt
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.appointments.actions import EffectNotSeen, effect_seen
from casework.appointments.models import Appointment, SearchArea, free_slots
from casework.core.models import AuditEntry, Role
from casework.counsellors.models import Absence, WorkingHours
from casework.places.models import CalendarDay, OpeningHours
from tests import make
from tests.core.page_forms import forms_of
from tests.counsellors.test_admin import address, text_of

TUESDAY = dt.date(2026, 11, 3)


@pytest.fixture
def admin(db):
    return make.user(Role.ADMIN, username="ada", name="Ada de Beheerder")


@pytest.fixture
def standing(samira, now):
    """Two on Tuesday and one on Wednesday."""
    starts = ("2026-11-03 10:00", "2026-11-03 14:00", "2026-11-04 10:00")
    return [make.appointment(household=make.household(), counsellor=samira, start=start) for start in starts]


def to_replan(now) -> set[int]:
    return set(Appointment.objects.to_replan(now).values_list("pk", flat=True))


def filled(page) -> dict:
    """What the form of a page would send untouched."""
    return {
        name: sent if len(sent) > 1 else sent[0]
        for form in forms_of(page.content.decode()) if form.method == "post"
        for name, sent in form.fields.items()
        if not name.startswith("_") or name == "_save"
    }  # fmt: skip


def hours_of(opened: dict, prefix: str, weekday: int) -> dict:
    """Takes the hours of a weekday away."""
    rows = [name.split("-")[1] for name, sent in opened.items()
            if re.fullmatch(rf"{prefix}-\d+-weekday", name) and sent == str(weekday)]  # fmt: skip
    return {f"{prefix}-{number}-DELETE": "on" for number in rows}


def away(opened: dict) -> dict:
    return {
        "absences-TOTAL_FORMS": "1", "absences-0-period_0": "03-11-2026 09:00", "absences-0-period_1": "03-11-2026 17:00",
        "absences-0-kind": "ziek", "absences-0-note": "", "absences-0-counsellor": opened["working_hours-0-counsellor"],
    }  # fmt: skip


class TestPage:
    """Comes back once with the effect in words, and holds what was typed."""

    CHANGES = {
        "working hours": ("samira", lambda opened: hours_of(opened, "working_hours", 2), 2),
        "an absence": ("samira", away, 2),
        "who leaves": ("samira", lambda opened: {"active": None}, 3),
        "opening hours": ("feijenoord", lambda opened: hours_of(opened, "hours", 3), 1),
        "a place out of use": ("feijenoord", lambda opened: {"active": None}, 3),
    }

    @pytest.mark.parametrize("what", CHANGES)
    def test_what_it_says_is_what_then_stands_to_be_replanned(self, request, browse, admin, standing, now, what):
        which, change, number = self.CHANGES[what]
        row, client = request.getfixturevalue(which), browse(admin)
        path = address(type(row), "change", row.pk)
        opened = filled(client.get(path))
        sent = {name: value for name, value in (opened | change(opened)).items() if value is not None}
        page = client.post(path, sent)
        assert page.status_code == 200
        assert f'data-hit="{number}"' in page.content.decode()
        assert to_replan(now) == set()
        assert not AuditEntry.objects.filter(action__endswith="_settings").exists()
        assert all(str(one.household) not in text_of(page) for one in standing)
        again = filled(page)
        assert {name: again.get(name) for name in sent if name != "csrfmiddlewaretoken"} == {
            name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"
        }
        assert client.post(path, again).status_code == 302
        assert len(to_replan(now)) == number
        assert AuditEntry.objects.filter(action__endswith="_settings").exists()

    def test_in_words_with_dates_and_who(self, browse, admin, samira, standing, now):
        client, path = browse(admin), address(type(samira), "change", samira.pk)
        opened = filled(client.get(path))
        text = text_of(client.post(path, opened | hours_of(opened, "working_hours", 2)))
        assert "2 afspraken die nog staan, moeten dan opnieuw worden gepland: di 3 nov 10.00, Samira El Amrani" in text
        assert "Er is nog niets opgeslagen" in text

    def test_without_effect_it_is_saved_at_once(self, browse, admin, samira, standing, now):
        client, path = browse(admin), address(type(samira), "change", samira.pk)
        opened = filled(client.get(path))
        assert client.post(path, opened | hours_of(opened, "working_hours", 5)).status_code == 302

    def test_another_effect_by_then_is_shown_first(self, browse, admin, samira, standing, now):
        client, path = browse(admin), address(type(samira), "change", samira.pk)
        opened = filled(client.get(path))
        page = client.post(path, opened | hours_of(opened, "working_hours", 2))
        make.appointment(household=make.household(), counsellor=samira, start="2026-11-10 10:00")
        page = client.post(path, filled(page))
        assert page.status_code == 200
        assert 'data-hit="3"' in page.content.decode()
        assert client.post(path, filled(page)).status_code == 302

    def test_what_a_colleague_changed_meanwhile_is_named(self, browse, admin, samira, standing, now):
        client, path = browse(admin), address(type(samira), "change", samira.pk)
        opened = filled(client.get(path))
        page = client.post(path, opened | {"capacity": "40"} | hours_of(opened, "working_hours", 2))
        type(samira).objects.filter(pk=samira.pk).update(capacity=30)
        page = client.post(path, filled(page))
        assert page.status_code == 200
        assert "Er staat nu: 30" in text_of(page)


class TestDay:
    def test_closing_a_day_hits_appointments_and_terms(self, browse, admin, standing, now):
        term = make.term(make.household(registered="2026-11-02 09:00"), "urgent", "2026-11-02", "2026-11-05")
        client, path = browse(admin), address(CalendarDay, "add")
        sent = {"date": "3-11-2026", "name": "Studiedag", "closed": "on"}
        page = client.post(path, sent)
        assert 'data-hit="2" data-terms="1"' in page.content.decode()
        assert "1 open termijn krijgt een andere datum" in text_of(page)
        term.refresh_from_db()
        assert term.deadline == dt.date(2026, 11, 5)
        assert not CalendarDay.objects.filter(date=TUESDAY).exists()
        assert client.post(path, filled(page)).status_code == 302
        term.refresh_from_db()
        assert (term.deadline, len(to_replan(now))) == (dt.date(2026, 11, 6), 2)


class TestKind:
    def change(self, client, kind, **values):
        path = address(type(kind), "change", kind.pk)
        return path, client.post(path, filled(client.get(path)) | values)

    @pytest.mark.parametrize("values", [{"minutes": "45"}, {"channel": "phone"}])
    def test_what_stands_keeps_its_time(self, browse, admin, standing, now, values):
        client = browse(admin)
        path, page = self.change(client, standing[0].type, **values)
        assert "3 afspraken die nog staan, zijn van dit soort" in text_of(page)
        assert client.post(path, filled(page)).status_code == 302
        assert {one.ends_at for one in standing} == {one.ends_at for one in Appointment.objects.all()}
        assert to_replan(now) == set()

    def test_another_name_does_nothing(self, browse, admin, standing, now):
        assert self.change(browse(admin), standing[0].type, name="Eerste kennismaking")[1].status_code == 302


class TestToReplan:
    """Who is needed does not work then (decision 0053)."""

    def test_what_was_booked_outside_hours_on_purpose_is_not_among_them(self, samira, now):
        make.appointment(
            household=make.household(), counsellor=samira, start="2026-11-07 10:00", overruled_reason="kan"
        )
        other = make.appointment(household=make.household(), counsellor=samira, start="2026-11-14 10:00")
        assert to_replan(now) == {other.pk}

    def test_a_second_may_be_at_work_wherever(self, samira, now):
        second = make.counsellor(at=make.location())
        row = make.appointment(
            household=make.household(), counsellor=samira, start="2026-11-03 10:00", second_counsellor=second
        )
        assert to_replan(now) == set()
        second.working_hours.filter(weekday=2).delete()
        assert to_replan(now) == {row.pk}

    def test_the_way_there_counts(self, samira, now):
        row = make.appointment(
            household=make.household(), counsellor=samira, start="2026-11-03 09:15", travel_minutes=30
        )
        assert to_replan(now) == {row.pk}

    @given(
        working=st.lists(st.tuples(st.integers(16, 40), st.integers(1, 30)), min_size=1, max_size=3),
        opening=st.lists(st.tuples(st.integers(16, 40), st.integers(1, 30)), min_size=1, max_size=3),
    )
    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_as_the_slot_search_says(self, working, opening, db, now):
        """Where it offers a start, who has an appointment then is at work; and the other way round."""
        place = make.location()
        place.hours.all().delete()
        who = make.counsellor(at=place, days=())
        for model, owner, names, spans in (
            (WorkingHours, {"counsellor": who, "location": place}, ("starts", "ends"), working),
            (OpeningHours, {"location": place}, ("opens", "closes"), opening),
        ):
            end = 0
            for first, length in sorted(spans):
                start = max(first, end)
                end = min(start + length, 95)
                if start < end:
                    times = (dt.time(quarter // 4, quarter % 4 * 15) for quarter in (start, end))
                    model.objects.create(weekday=2, **owner, **dict(zip(names, times, strict=True)))
        area = SearchArea(dt.timedelta(minutes=45), now, TUESDAY, counsellor_id=who.pk)
        offered = {slot.start for slot in free_slots(area, now=now) if slot.date == TUESDAY}
        row = make.appointment(household=make.household(), counsellor=who, start="2026-11-03 06:00")
        for quarter in range(24, 92):
            start = make.moment("2026-11-03 00:00") + quarter * dt.timedelta(minutes=15)
            Appointment.objects.filter(pk=row.pk).update(starts_at=start, ends_at=start + dt.timedelta(minutes=45))
            assert (row.pk in to_replan(now)) == (start not in offered), start
        row.delete()


def test_an_effect_is_taken_back_whatever_made_it(samira, standing, now):
    with pytest.raises(EffectNotSeen) as not_seen, effect_seen(now=now):
        Absence.objects.create(counsellor=samira, period=(standing[0].starts_at, standing[0].ends_at))
    assert [one.pk for one in not_seen.value.effect.hit] == [standing[0].pk]
    assert not Absence.objects.exists()
    with effect_seen(mark=not_seen.value.effect.mark, now=now):
        Absence.objects.create(counsellor=samira, period=(standing[0].starts_at, standing[0].ends_at))
    assert to_replan(now) == {standing[0].pk}


@pytest.mark.parametrize("number", [1, 3])
def test_seeing_takes_as_many_queries_with_more_rows(samira, now, number, django_assert_num_queries):
    for week in range(number):
        make.appointment(household=make.household(), counsellor=samira, start=f"2026-11-{3 + 7 * week:02} 10:00")
    with pytest.raises(EffectNotSeen), django_assert_num_queries(7), effect_seen(now=now):
        type(samira).objects.filter(pk=samira.pk).update(active=False)
