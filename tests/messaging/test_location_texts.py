"""What of a location stands in messages is held against the same rules as their words (R-41, S25)."""

import pytest
from django.urls import reverse

from casework.core.models import Role
from casework.messaging.checks import betrayed_by, longer_at
from casework.messaging.models import ForbiddenWord
from casework.places.models import Location
from tests import make
from tests.core.test_settings_effects import filled
from tests.counsellors.test_admin import text_of


@pytest.fixture
def client(browse, db):
    return browse(make.user(Role.ADMIN))


def send(client, row, **typed):
    page = reverse("admin:casework_location_change", args=[row.pk])
    return client.post(page, filled(client.get(page)) | typed)


@pytest.mark.parametrize(
    ("field", "typed", "word"),
    [
        ("name", "Vraagwijzer Schuldhulp", "schuld"), ("address", "Kredietbankplein 1", "kredietbank"),
        ("directions", "Ingang naast het debt office.", "debt"),
    ],
)  # fmt: skip
def test_a_word_that_betrays_is_refused_at_its_field(client, now, field, typed, word):
    """In every language: a location is named in all of them."""
    row = make.location()
    page = send(client, row, **{field: typed})
    assert page.status_code == 200
    assert f"“{word}” verraadt waarom iemand komt." in text_of(page)
    row.refresh_from_db()
    assert getattr(row, field) != typed


def test_what_stands_may_stay_when_something_else_changes_and_is_named(client, now):
    row = make.location(name="Vraagwijzer Zuid")
    ForbiddenWord.objects.create(word="zuid")
    page = reverse("admin:casework_location_change", args=[row.pk])
    assert "Hierin staat intussen een verboden woord: zuid" in text_of(client.get(page))
    assert send(client, row, directions="Halte Plein.").status_code == 302
    assert send(client, row, name="Vraagwijzer Zuid-Oost").status_code == 200


def test_a_name_too_long_for_one_text_message_is_named(client, now):
    row = make.location(name="Vraagwijzer " + "x" * 40)
    shown = text_of(client.get(reverse("admin:casework_location_change", args=[row.pk])))
    assert "Met deze naam gaat er meer dan één sms uit bij: Bevestiging, sms, Nederlands;" in shown
    short = make.location(name="Vraagwijzer Feijenoord")
    assert "meer dan één sms" not in text_of(client.get(reverse("admin:casework_location_change", args=[short.pk])))


def test_a_name_that_takes_three_is_refused(client, now):
    """Outside the alphabet of text messages seventy characters fit in one."""
    row = make.location()
    page = send(client, row, name="Vraagwijzer Işık " + "x" * 30)
    assert page.status_code == 200
    assert "Te lang: ‘Bevestiging, sms, Nederlands’ kost dan 3 sms’jes." in text_of(page)


def test_nothing_is_asked_for_what_is_clean(db, now):
    row = Location(name="Vraagwijzer Feijenoord", address="Plein 1", directions="Halte Plein.")
    assert betrayed_by(row) == {}
    assert longer_at(row, now.date()) == []
