"""The doors of trials of wording: written, read by another and approved, ended from tomorrow; never an outcome (S25, M3)."""

import pytest
from django.urls import reverse

from casework.core.models import AuditEntry, Role
from casework.messaging.models import Message, MessageText, WordingTrial
from tests import make
from tests.core.test_settings_effects import filled
from tests.counsellors.test_admin import text_of

LIST, ADD = "admin:casework_wordingtrial_changelist", "admin:casework_wordingtrial_add"


@pytest.fixture
def ada(browse, db):
    return browse(make.user(Role.ADMIN, username="ada", name="Ada Eerst"))


@pytest.fixture
def bea(browse, db):
    return browse(make.user(Role.ADMIN, username="bea", name="Bea Tweede"))


@pytest.fixture
def text_b(db):
    return make.message_text("Tot {day} om {time} uur!", since="2026-11-02", for_trial=True)


def page(what: str, row: WordingTrial) -> str:
    return reverse(f"admin:casework_wordingtrial_{what}", args=[row.pk])


def write(client, text, **typed):
    sent = {"text_b": text.pk, "share_b": "50", "first": "3-11-2026", "last": "31-12-2026"} | typed
    return client.post(reverse(ADD), filled(client.get(reverse(ADD))) | sent)


def written(client, text_b) -> WordingTrial:
    assert write(client, text_b).status_code == 302
    return WordingTrial.objects.get(approved_at=None)


def test_nothing_is_tried_and_what_comes_first(ada, now):
    shown = ada.get(reverse(LIST))
    assert "Er wordt niets beproefd." in text_of(shown)
    assert "Schrijf eerst een sms die alleen voor een proef is" in text_of(shown)
    asked = reverse("admin:casework_messagetext_add") + "?for_trial=1&form=sms&kind=t2&language=nl"
    opened = filled(ada.get(asked))
    assert (opened["for_trial"], opened["text"].strip()[:18]) == ("on", "Gemeente Rotterdam")
    assert ada.post(asked, opened | {"text": "Tot {day}!"}).status_code == 302
    assert MessageText.objects.get(approved_at=None).for_trial
    assert "wacht op goedkeuring, alleen voor een proef" in text_of(
        ada.get(reverse("admin:casework_messagetext_changelist"))
    )


def test_written_read_by_another_and_approved(ada, bea, text_b, now):
    row = written(ada, text_b)
    assert "wacht op goedkeuring, door Ada Eerst" in text_of(ada.get(reverse(LIST)))
    assert "U schreef deze proef." in text_of(ada.get(page("approve", row)))
    shown = text_of(bea.get(page("approve", row)))
    assert "Van di 3 nov tot en met do 31 dec gaat bij 50% van de afspraken tekst B uit." in shown
    assert "Tekst A: versie 1 Gemeente Rotterdam: we zien u" in shown
    assert "Tekst B: versie 2 Tot " in shown
    assert "Goedgekeurd" in text_of(bea.post(page("approve", row), filled(bea.get(page("approve", row))), follow=True))
    assert "goedgekeurd, nog niet ingegaan, door Ada Eerst en Bea Tweede" in text_of(bea.get(reverse(LIST)))
    lines = AuditEntry.objects.filter(object_key=f"wordingtrial:{row.pk}").order_by("id")
    assert [(line.action, line.username) for line in lines] == [
        ("add_settings", "ada"),
        ("approve_wording_trial", "bea"),
    ]


def test_its_writer_cannot_approve_by_sending_the_form(ada, bea, text_b, now):
    row = written(ada, text_b)
    sent = filled(bea.get(page("approve", row)))
    assert "U schreef deze proef" in text_of(ada.post(page("approve", row), sent))
    row.refresh_from_db()
    assert row.waits


def test_what_was_changed_since_it_was_read_is_read_again(ada, bea, text_b, now):
    row = written(ada, text_b)
    sent = filled(bea.get(page("approve", row)))
    ada.post(page("change", row), filled(ada.get(page("change", row))) | {"share_b": "20"})
    assert "intussen gewijzigd" in text_of(bea.post(page("approve", row), sent))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"first": "2-11-2026"}, "Kies een datum na vandaag"), ({"share_b": "5"}, "Kies 10 tot en met 90 procent."),
        ({"last": "2-11-2026"}, "1 tot en met 365 dagen"), ({"text_b": "1"}, "geldige"), ({"text_b": ""}, "verplicht"),
        ({"share_b": "x"}, "geheel getal"), ({"first": "31-12-99999"}, "geldige datum"), ({"share_b": "99999999999"}, "90"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(ada, text_b, now, typed, says):
    answer = write(ada, text_b, **typed)
    assert answer.status_code == 200
    assert says in text_of(answer)
    assert not WordingTrial.objects.exists()


def test_while_it_runs_only_how_many_and_never_who_came(ada, samira, now):
    trial = make.trial(first="2026-10-01")
    for key, (variant, outcome) in enumerate([("a", "V"), ("a", "N"), ("b", "N")], start=1):
        row = make.appointment(
            household=make.household(), counsellor=samira, start=f"2026-10-0{key} 09:00", outcome=outcome
        )
        Message.objects.create(
            household=row.household, appointment_key=row.pk, kind="t2", planned_start=row.starts_at, due_at=row.starts_at,
            expires_at=row.starts_at, created_at=row.starts_at, trial=trial, variant=variant,
        )  # fmt: skip
    shown = text_of(ada.get(reverse(LIST)))
    assert "loopt, door Wim en Vera" in shown
    assert "A: 2, B: 1" in shown


def test_ended_from_tomorrow(ada, now):
    trial = make.trial(first="2026-11-01")
    assert ada.get(page("end", trial)).status_code == 405
    assert "Vanaf morgen beëindigd." in text_of(ada.post(page("end", trial), follow=True))
    assert "beëindigd vanaf di 3 nov" in text_of(ada.get(reverse(LIST)))
    assert "eindigt vandaag al" in text_of(ada.post(page("end", trial), follow=True))
    assert ada.post(reverse("admin:casework_wordingtrial_end", args=[999999])).status_code == 404
    assert ada.get(reverse("admin:casework_wordingtrial_approve", args=[999999])).status_code == 404


def test_an_approved_one_is_only_looked_at(ada, now):
    trial = make.trial()
    assert "verandert niet meer" in text_of(ada.get(page("change", trial)))
    for what in ("change", "delete"):
        assert ada.post(page(what, trial), {"post": "yes"}).status_code == 403


def test_one_that_waits_is_deleted(ada, now):
    trial = make.trial(approved=False)
    assert ada.post(page("delete", trial), {"post": "yes"}).status_code == 302
    assert not WordingTrial.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_with_more_trials(ada, now, number, django_assert_num_queries):
    for kind in ("t2", "t0", "confirmation")[:number]:
        make.trial(kind=kind)
    ada.get(reverse(LIST))
    with django_assert_num_queries(8):
        ada.get(reverse(LIST))
