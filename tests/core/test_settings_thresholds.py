"""The doors of thresholds: a list of all, one form, what is to come can be taken back (S25)."""

import pytest
from django.urls import reverse

from casework.core import thresholds
from casework.core.models import AuditEntry, Role
from casework.core.thresholds import Threshold, ThresholdValue
from tests import make
from tests.core.test_settings_effects import filled
from tests.counsellors.test_admin import text_of

LIST = "admin:casework_thresholdvalue_changelist"
ADD = "admin:casework_thresholdvalue_add"


@pytest.fixture
def client(browse, db):
    return browse(make.user(Role.ADMIN, username="ada"))


def sent(client, value="20", since="3-11-2026", which="no_show_from") -> dict:
    opened = filled(client.get(f"{reverse(ADD)}?threshold={which}"))
    return opened | {"value": value, "valid_from": since}


def test_the_list_names_every_threshold_with_what_counts(client, now):
    page = client.get(reverse(LIST))
    assert page.content.decode().count('data-test="row"') == len(Threshold)
    text = text_of(page)
    assert "‘Niet verschenen’ kan vanaf zo lang na het begin 15 minuten – 0 minuten tot 120 minuten R-10 nooit" in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_has_as_many_queries_with_more_values(client, now, number, django_assert_num_queries):
    for one in list(Threshold)[:number]:
        make.threshold(one, one.known.lowest, since="2026-12-01")
    thresholds.remember(values={}, until=now.date())
    with django_assert_num_queries(7):
        client.get(reverse(LIST))


def test_a_value_to_come_with_who_chose_it(client, now):
    answer = client.post(reverse(ADD), sent(client))
    assert answer.status_code == 302
    text = text_of(client.get(reverse(LIST)))
    assert "15 minuten 20 minuten vanaf di 3 nov" in text
    assert "ma 2 nov 09.00, ada" in text
    line = AuditEntry.objects.get(object_key="threshold:no_show_from")
    assert (line.details["old"], line.details["new"]) == ("15", "20")


@pytest.mark.parametrize(
    ("value", "since", "says"),
    [
        ("20", "2-11-2026", "Kies een datum na vandaag"), ("20", "1-1-2020", "Kies een datum na vandaag"),
        ("121", "3-11-2026", "Vul een getal in van 0 minuten tot 120 minuten."), ("15.5", "3-11-2026", "Vul een getal in van"),
        ("-1", "3-11-2026", "Vul een getal in van"), ("15", "3-11-2026", "Op die datum geldt dit al."),
        ("zzz", "3-11-2026", "getal"), ("20", "31-12-99999", "geldige datum"), ("", "", "verplicht"), ("NaN", "3-11-2026", "getal"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_the_field(client, now, value, since, says):
    page = client.post(reverse(ADD), sent(client, value, since))
    assert page.status_code == 200
    assert says in text_of(page)
    assert not ThresholdValue.objects.exists()


def test_a_colleague_was_first(client, browse, now):
    mine, theirs = sent(client, "20"), sent(client, "30")
    assert client.post(reverse(ADD), theirs).status_code == 302
    page = client.post(reverse(ADD), mine)
    assert "Een collega heeft dit intussen gewijzigd" in text_of(page)
    assert "Er staat nu: ‘Niet verschenen’ kan vanaf zo lang na het begin: 30 minuten, 03-11-2026" in text_of(page)
    assert client.post(reverse(ADD), filled(page)).status_code == 302


def test_what_is_to_come_is_taken_back(client, now):
    client.post(reverse(ADD), sent(client))
    row = ThresholdValue.objects.get()
    back = reverse("admin:casework_thresholdvalue_take_back", args=[row.pk])
    assert client.get(back).status_code == 405
    assert "Teruggenomen" in text_of(client.post(back, follow=True))
    assert "vanaf di 3 nov" not in text_of(client.get(reverse(LIST)))
    assert client.post(reverse("admin:casework_thresholdvalue_take_back", args=[999999])).status_code == 404


def test_a_value_is_read_only_once_it_is_there(client, now):
    row = make.threshold(Threshold.NO_SHOW_FROM, 20)
    assert client.get(reverse("admin:casework_thresholdvalue_change", args=[row.pk])).status_code == 200
    for page in ("change", "delete"):
        assert (
            client.post(reverse(f"admin:casework_thresholdvalue_{page}", args=[row.pk]), {"post": "yes"}).status_code
            == 403
        )
