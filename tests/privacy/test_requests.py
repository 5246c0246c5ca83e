"""What residents ask about their own data: recorded, answered in time, and a copy of everything (R-64)."""

import datetime as dt
import io
import json
import zipfile

import pytest
from django.apps import apps
from django.db import transaction
from django.db.utils import IntegrityError
from django.urls import reverse

from casework.core.models import AuditEntry, AuditKind, Role
from casework.core.refusals import Refused
from casework.core.retention import RETENTION, Retention
from casework.households.models import Household, Member, Task, way_to_household
from casework.privacy import actions, reads
from casework.privacy.models import DataRequest, one_month_after
from tests import make
from tests.retention.test_retention import MARK, full_household  # noqa: F401 (a household with everything)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 2)


@pytest.fixture
def household(now):
    return make.household()


def record(household, by, now, **changes):
    asked = {"member": household.members.get(), "kind": "inspection", "received_on": DAY} | changes
    return actions.record_request(household=household, by=by, now=now, **asked)


@pytest.mark.parametrize(
    ("received", "due"),
    [("2026-11-02", "2026-12-02"), ("2026-01-31", "2026-02-28"), ("2028-01-30", "2028-02-29"), ("2026-12-31", "2027-01-31")],
)  # fmt: skip
def test_the_answer_is_due_in_a_month(received, due):
    assert one_month_after(dt.date.fromisoformat(received)) == dt.date.fromisoformat(due)


def test_a_request_is_recorded_with_its_term_and_a_line(household, joris, now):
    made = record(household, joris, now)
    assert (made.due_on, made.is_open, made.recorded_by) == (dt.date(2026, 12, 2), True, joris)
    assert (made.task.kind, made.task.due_on, made.task.role) == ("inspection", made.due_on, Role.PRIVACY_OFFICER)
    line = AuditEntry.objects.get(action="record_data_request")
    assert (line.object_key, line.details["kind"]) == (f"household:{household.pk}", "inspection")


def test_the_same_request_twice_is_one(household, joris, now):
    assert record(household, joris, now) == record(household, joris, now)
    record(household, joris, now, kind="deletion")
    assert DataRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"received_on": dt.date(2026, 11, 3)}, "received_on"), ({"member": "other"}, "member")],
)  # fmt: skip
def test_what_cannot_be_is_refused(changes, field, household, joris, now):
    if changes.get("member"):
        changes = {"member": make.household().members.get()}
    with pytest.raises(Refused) as refused:
        record(household, joris, now, **changes)
    assert refused.value.field == field
    assert not DataRequest.objects.exists()


def test_an_anonymised_household_has_nothing_to_ask_about(joris, now):
    gone = make.household(closed_on=DAY, exit_reason="Afgerond")
    Household.objects.filter(pk=gone.pk).update(anonymised_on=DAY)
    with pytest.raises(actions.NothingToAsk):
        record(gone, joris, now)


def test_an_answer_is_given_once(household, joris, ingrid, now):
    made = record(household, joris, now)
    answer = actions.answer_request(request=made, outcome="granted", by=ingrid, now=now)
    assert (answer.done_on, answer.done_by, answer.outcome) == (DAY, ingrid, "granted")
    assert Task.objects.get().state == "done"
    assert actions.answer_request(request=made, outcome="granted", by=ingrid, now=now) == answer
    with pytest.raises(actions.AnsweredAlready):
        actions.answer_request(request=made, outcome="refused", explanation="x", by=ingrid, now=now)
    assert AuditEntry.objects.filter(action="answer_data_request").count() == 1


@pytest.mark.parametrize("outcome", ["refused", "partly"])
def test_a_refusal_is_explained(outcome, household, joris, ingrid, now):
    with pytest.raises(Refused) as refused:
        actions.answer_request(request=record(household, joris, now), outcome=outcome, by=ingrid, now=now)
    assert refused.value.field == "explanation"


def test_the_database_wants_an_outcome_with_an_answer(household, joris, now):
    made = record(household, joris, now)
    for values in ({"done_on": DAY}, {"outcome": "granted"}, {"due_on": DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DataRequest.objects.filter(pk=made.pk).update(**values)


def test_the_doors(household, joris, everyone, browse, now):
    address = reverse("add_data_request", args=[household.case_number])
    page = browse(joris).get(address)
    typed = {
        "token": page.context["form"]["token"].value(), "kind": "inspection", "member": household.members.get().pk,
        "received_on": "2-11-2026",
    }  # fmt: skip
    client = browse(joris)
    assert client.post(address, typed | {"kind": ""}).context["form"].errors
    assert client.post(address, typed)["Location"] == reverse("household", args=[household.case_number])
    made = DataRequest.objects.get()
    officer = browse(everyone[Role.PRIVACY_OFFICER])
    listed = officer.get(reverse("data_requests")).content.decode()
    assert household.case_number in listed
    assert "Kopie van alle gegevens" not in listed
    assert "Kopie van alle gegevens" in browse(everyone[Role.SUPERVISOR]).get(reverse("data_requests")).content.decode()
    answer = reverse("answer_data_request", args=[made.pk])
    assert officer.post(answer, {"outcome": "refused"}).context["form"].errors["explanation"]
    assert officer.post(answer, {"outcome": "granted"})["Location"] == reverse("data_requests")
    assert "verzoek" in officer.get(answer).content.decode()
    assert not DataRequest.objects.open().exists()


@pytest.mark.parametrize("number", [1, 3])
def test_a_constant_number_of_queries(number, everyone, browse, now, django_assert_num_queries):
    for _number in range(number):
        make.data_request(make.household())
        make.data_request(make.household(), done_on=DAY, done_by=everyone[Role.SUPERVISOR], outcome="granted")
    client = browse(everyone[Role.SUPERVISOR])
    client.get(reverse("data_requests"))
    with django_assert_num_queries(7):
        client.get(reverse("data_requests"))


# The copy


def test_every_model_and_field_of_a_household_is_shown_or_left_out_for_a_reason():
    """A new model or field is in the copy, unless the tables say why not; and the tables name nothing that is gone."""
    with_household = {
        label for label, known in RETENTION.items()
        if known.retention in {Retention.HOUSEHOLD, Retention.MESSAGE} or way_to_household(apps.get_model(label))
    }  # fmt: skip
    shown = {model._meta.label_lower for model in reads.shown_models()}
    assert shown | set(reads.LEFT_OUT) == with_household
    assert not shown & set(reads.LEFT_OUT)
    fields = {field.name for model in reads.shown_models() for field in model._meta.local_fields}
    assert set(reads.FIELDS_LEFT_OUT) <= fields
    assert all({*reads.LEFT_OUT.values(), *reads.FIELDS_LEFT_OUT.values()})
    for label, names in reads.OF_OTHERS.items():
        assert names <= {field.name for field in apps.get_model(label)._meta.local_fields}


def test_every_shown_model_of_a_full_household_has_its_rows(full_household):  # noqa: F811
    make.data_request(full_household)
    sections = reads.everything_about(full_household, asker=full_household.members.get())
    empty = {one["model"] for one in sections if not one["rows"]}
    assert empty <= {"term", "followup", "phoneattempt", "phase"}
    for one in sections:
        for row in one["rows"]:
            assert len(row) == len(dict(row))
    text = json.dumps(sections, ensure_ascii=False)
    assert MARK in text
    assert "999900109" in text


def test_a_bsn_and_details_of_others_stay_out(household):
    other = Member.objects.create(
        household=household, role="partner", given_names="Bo", surname="Ander", born=dt.date(1970, 1, 1),
        bsn="999900109", bsn_fingerprint="f" * 64, search_surname="ander",
    )  # fmt: skip
    text = json.dumps(reads.everything_about(household, asker=household.members.order_by("pk").first()), default=str)
    assert "Ander" in text
    assert "999900109" not in text
    assert "1970" not in text
    assert "999900109" in json.dumps(reads.everything_about(household, asker=other), default=str)


def test_staff_is_shown_by_role(full_household, samira):  # noqa: F811
    text = json.dumps(reads.everything_about(full_household, asker=None), ensure_ascii=False)
    assert "Samira" not in text
    assert "Trajectbegeleider" in text


def test_the_copy_wants_a_purpose_counts_and_is_one_line(full_household, ingrid, browse, now):  # noqa: F811
    Household.objects.filter(pk=full_household.pk).update(safety_note="Bang voor Karel")
    made = make.data_request(full_household)
    client, address = browse(ingrid), reverse("export_inspection", args=[made.pk])
    page = client.get(address)
    assert f"{page.context['number']} regels over dit huishouden" in page.content.decode()
    assert not AuditEntry.objects.filter(kind=AuditKind.EXPORTED).exists()
    answer = client.post(address, {"purpose": "Inzageverzoek"})
    assert answer["Content-Type"] == "application/zip"
    line = AuditEntry.objects.get(kind=AuditKind.EXPORTED)
    assert (line.object_key, line.reason) == (f"household:{full_household.pk}", "Inzageverzoek")
    assert line.details == {"rows": page.context["number"], "request": made.pk}
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        data = json.loads(files.read("gegevens.json"))
        text = files.read("gegevens.html").decode()
    assert data["huishouden"] == full_household.case_number
    assert {"household", "member", "debt", "note"} <= set(data["gegevens"])
    assert data["wie_keken"][0]["rol"] == "Leidinggevende" or data["wie_keken"]
    assert MARK in text
    assert "Wie keken in uw dossier" in text
    assert "Karel" not in text
    assert "<script" not in text


def test_hostile_text_is_shown_and_not_run(household, ingrid, browse, now):
    household.notes.create(at=now, by=ingrid, kind="note", text="<script>alert(1)</script>")
    made = make.data_request(household)
    answer = browse(ingrid).post(reverse("export_inspection", args=[made.pk]), {"purpose": "Inzage"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert "<script>alert" not in files.read("gegevens.html").decode()
