"""Deleting a setting: what is used stays, the page says by what and offers to stop using it (S25)."""

import datetime as dt

import pytest

from casework.appointments.models import Appointment
from casework.core.models import AuditEntry, Role
from casework.counsellors.models import Team
from casework.places.models import Area
from casework.retention.models import RetentionTerm
from tests import make
from tests.core.test_settings_effects import filled
from tests.counsellors.test_admin import address, text_of


@pytest.fixture
def client(browse, db):
    return browse(make.user(Role.ADMIN, username="ada"))


@pytest.fixture
def used(samira, now):
    """One of each that is used, by name of its model."""
    samira.team, samira.location.area = Team.objects.create(name="Zuid"), Area.objects.create(name="Proefgebied")
    samira.save()
    samira.location.save()
    missed = {"outcome": "N", "reason_id": "forgotten"}
    row = make.appointment(household=make.household(), counsellor=samira, start="2026-10-02 10:00", **missed)
    return {"reason": row.reason, "team": samira.team, "area": samira.location.area, "location": samira.location, "type": row.type,
            "counsellor": samira}  # fmt: skip


USES = {
    "team": "1 trajectbegeleider", "area": "1 locatie", "location": "1 afspraak", "type": "1 afspraak", "counsellor": "1 afspraak",
    "reason": "1 afspraak",
}  # fmt: skip


@pytest.mark.parametrize("which", USES)
def test_the_refusal_says_what_uses_it_and_offers_to_stop(client, used, which):
    row = used[which]
    path = address(type(row), "delete", row.pk)
    for answer in (client.get(path), client.post(path, {"post": "yes"})):
        assert answer.status_code == 200
        assert f"is in gebruik: {USES[which]}" in text_of(answer)
        assert str(Appointment.objects.get().household) not in text_of(answer)
        assert "Niet meer gebruiken" in answer.content.decode()
    assert client.post(path, {"_retire": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.active is False
    assert AuditEntry.objects.filter(action="change_settings", object_key=f"{row._meta.model_name}:{row.pk}").exists()
    assert "Niet meer gebruiken" not in client.get(path).content.decode()


@pytest.mark.parametrize("which", ["location", "counsellor"])
def test_stopping_shows_what_it_does_first(client, used, which, samira, now):
    make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 10:00")
    path = address(type(used[which]), "delete", used[which].pk)
    page = client.post(path, {"_retire": "1"})
    assert 'data-hit="1"' in page.content.decode()
    used[which].refresh_from_db()
    assert used[which].active
    assert client.post(path, filled(page) | {"_retire": "1"}).status_code == 302
    assert Appointment.objects.to_replan(now).count() == 1


@pytest.mark.parametrize("make_one", [
    lambda: Team.objects.create(name="Leeg"), lambda: Area.objects.create(name="Leeg"), make.location,
    lambda: make.appointment_type("XX"), lambda: RetentionTerm.objects.create(kept="Zelf", months=6, valid_from=dt.date(2027, 1, 1)),
])  # fmt: skip
def test_what_nothing_uses_is_deleted(client, now, make_one):
    row = make_one()
    assert client.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 302
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert AuditEntry.objects.filter(action="delete_settings").exists()


def test_a_term_of_keeping_that_counts_stays(client, now):
    row = RetentionTerm.objects.filter(kept="Zelf").first()
    answer = client.post(address(RetentionTerm, "delete", row.pk), {"post": "yes"})
    assert "geldt sinds 01-01-2020" in text_of(answer)
    assert RetentionTerm.objects.filter(pk=row.pk).exists()


def test_several_at_once_keep_what_is_used(client, used):
    free = Team.objects.create(name="Leeg")
    chosen = {"action": "delete_selected", "_selected_action": [free.pk, used["team"].pk], "post": "yes"}
    assert "Zuid is in gebruik: 1 trajectbegeleider" in text_of(client.post(address(Team, "changelist"), chosen))
    assert Team.objects.count() == 2


def test_out_of_use_is_not_offered_but_shown_where_it_stands(client, used, samira):
    Team.objects.create(name="Weg", active=False)
    Team.objects.filter(pk=samira.team_id).update(active=False)
    own = text_of(client.get(address(type(samira), "change", samira.pk)))
    new = text_of(client.get(address(type(samira), "add")))
    assert "Zuid" in own
    assert "Weg" not in own + new
    assert "Zuid" not in new


def test_the_page_says_what_does_not_work_without_hours(client, samira, feijenoord, now):
    samira.working_hours.all().delete()
    feijenoord.hours.all().delete()
    says = text_of(client.get(address(type(samira), "change", samira.pk)))
    assert "Zonder werktijden toont de planner geen tijden voor Samira El Amrani." in says
    says = text_of(client.get(address(type(feijenoord), "change", feijenoord.pk)))
    assert "Zonder openingstijden toont de planner geen tijden op Vraagwijzer Feijenoord." in says
