"""Two households that are the same people become one, and two again: nothing is lost, nobody counts twice (R-53)."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from casework.appointments import actions
from casework.appointments.models import Appointment
from casework.core import encryption
from casework.core.models import AuditEntry, User
from casework.households.actions import (
    CONTACT_CHOICES,
    CONTACT_FIELDS,
    PROTECTIVE,
    WAYS,
    CannotMerge,
    pointing_at_a_household,
    propose_merge,
    undo_merge,
    usual_takes,
)
from casework.households.models import (
    Agreement,
    Household,
    Member,
    Merge,
    MergeState,
    Note,
    ProgrammeLabel,
    SearchTerm,
    Term,
    quick_find,
)
from casework.messaging.models import Message, MessageKind
from casework.reports.reads import figures
from tests import make

BORN = dt.date(1984, 5, 17)


@pytest.fixture
def old(samira, now):
    made = make.household(given="Fatou", surname="Ndiaye", born=BORN, location=samira.location, owner=samira)
    make.term(made, "first_talk", "2026-11-02", "2026-11-30")
    return made


@pytest.fixture
def new(samira, now):
    made = make.household(
        given="Fatou", surname="Ndiaye", born=BORN, location=samira.location, mobile="+31687654321",
        email="fatou@example.org", no_voicemail=True, registered="2026-11-03 09:00",
    )  # fmt: skip
    make.term(made, "first_talk", "2026-11-03", "2026-12-01")
    make.term(made, "decision", "2026-11-03", "2026-12-29")
    return made


def merge(one, other, by: User, now, takes=()) -> Merge:
    return actions.merge_households(one=one, other=other, takes=list(takes), reason="Dubbel", by=by, now=now)


def snapshot() -> dict:
    """Every row of every table, but the audit trail, its chain, the merges, versions and what a trigger keeps."""
    # Histories and the search words are written by triggers; the words are compared by what they say.
    skipped = {"casework.auditentry", "casework.merge", "casework.mergestep", "casework.searchword"}
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if (
            model._meta.app_label not in {"casework", "partners"}
            or label in skipped
            or hasattr(model, "pgh_tracked_model")
        ):
            continue
        if label.startswith(("casework.chain", "casework.audit", "casework.access")):
            continue
        rows = {row["id"]: row for row in model._base_manager.values()}
        for row in rows.values():
            row.pop("version", None)
        found[label] = rows
    words = apps.get_model("casework.searchword").objects.values_list("household", "word", "closed", "sort_name")
    found["words"] = sorted(words)
    return found


# What a merge does


def test_each_foreign_key_to_a_household_has_its_way():
    assert set(WAYS) == set(pointing_at_a_household())


def test_each_contact_field_is_chosen_or_protects():
    chosen = [name for fields in CONTACT_CHOICES.values() for name in fields]
    assert sorted([*chosen, *PROTECTIVE]) == sorted([*CONTACT_FIELDS, "dead_mobile", "dead_email"])


@pytest.mark.parametrize("takes", [[], ["mobile"]])
def test_what_a_provider_said_of_a_number_goes_with_the_number(takes, old, new, ingrid, now):
    Household.objects.filter(pk=new.pk).update(mobile="+31687654321", dead_mobile="+31687654321")
    merge(old, new, ingrid, now, takes=takes)
    old.refresh_from_db()
    assert old.mobile_is_dead is bool(takes)
    assert Household.objects.get(pk=new.pk).dead_mobile == ""


def test_the_older_number_survives_and_all_hangs_on_it(old, new, samira, ingrid, joris, now):
    kept = [make.appointment(household=one, counsellor=samira, start=f"2026-11-1{day} 10:00")
            for day, one in enumerate((old, new))]  # fmt: skip
    planned = actions.book(household=new, counsellor=samira, location=samira.location, kind=make.appointment_type(),
                           start=make.moment("2026-11-16 10:00"), by=joris, now=now)  # fmt: skip
    note = Note.objects.create(household=new, at=now, by=samira.user, kind="talk", text="Belde zelf")
    make.debt_file(new)
    merge(new, old, ingrid, now)
    assert set(Appointment.objects.values_list("household", flat=True)) == {old.pk}
    assert {one.pk for one in old.appointments.all()} == {planned.pk, *(one.pk for one in kept)}
    assert set(Message.objects.values_list("household", flat=True)) == {old.pk}
    assert (old.notes if hasattr(old, "notes") else Note.objects.filter(household=old)).get() == note
    file = old.debt_files.get()
    assert list(file.clients.all()) == [old.members.get()]
    new.refresh_from_db()
    assert (new.merged_into, new.owner, new.mobile, new.search_name) == (old, None, "", "")


def test_the_earlier_term_counts_and_a_missing_one_comes_along(old, new, ingrid, now):
    merge(old, new, ingrid, now)
    terms = {one.kind: one for one in Term.objects.filter(household=old)}
    assert terms["first_talk"].event_on == dt.date(2026, 11, 2)
    assert terms["decision"].event_on == dt.date(2026, 11, 3)


def test_a_talk_with_either_has_met_the_term(old, new, ingrid, now):
    make.term(old, "urgent", "2026-11-02", "2026-11-05")
    Term.objects.filter(household=new, kind="first_talk").update(met_on=dt.date(2026, 11, 4))
    merge(old, new, ingrid, now)
    met = dict(Term.objects.filter(household=old).values_list("kind", "met_on"))
    assert met == {"first_talk": dt.date(2026, 11, 4), "urgent": dt.date(2026, 11, 4), "decision": None}


def test_what_one_lacks_is_taken_over_and_nobody_is_less_protected(old, new, ingrid, now):
    assert usual_takes(old, new) == ["email"]
    merge(old, new, ingrid, now, takes=["email", "mobile"])
    old.refresh_from_db()
    assert (old.email, old.mobile, old.no_voicemail) == ("fatou@example.org", "+31687654321", True)


def test_an_opt_out_of_either_stops_what_is_planned(old, new, samira, ingrid, joris, now):
    actions.book(household=old, counsellor=samira, location=samira.location, kind=make.appointment_type(),
                 start=make.moment("2026-11-16 10:00"), by=joris, now=now)  # fmt: skip
    Household.objects.filter(pk=new.pk).update(channel="none")
    new.refresh_from_db()
    assert "channel" in usual_takes(old, new)
    merge(old, new, ingrid, now, takes=["channel"])
    assert not Message.objects.unsent().exists()


def test_the_same_person_stands_once_with_their_bsn_and_others_come_along(old, new, ingrid, now):
    double = new.members.get()
    double.bsn, double.bsn_fingerprint = "999900109", encryption.fingerprint("999900109")
    double.save()
    child = Member.objects.create(
        household=new, given_names="Awa", surname="Ndiaye", search_surname="ndiaye", role="child"
    )
    agreed = Agreement.objects.create(
        household=new, member=double, with_whom="MAIT", purpose="hulp", fields=["name"], how="spoken",
        agreed_on=dt.date(2026, 11, 1), recorded_on=dt.date(2026, 11, 2),
    )  # fmt: skip
    merge(old, new, ingrid, now)
    here = list(old.members.order_by("pk"))
    assert [one.given_names for one in here] == ["Fatou", "Awa"]
    assert (here[0].bsn, here[1]) == ("999900109", child)
    agreed.refresh_from_db()
    # As it was given, no wider.
    assert (agreed.household, agreed.member, agreed.fields) == (old, here[0], ["name"])


def test_nobody_counts_twice_in_figures_lists_and_terms(old, new, samira, ingrid, browse, now):
    make.appointment(household=new, counsellor=samira, start="2026-10-30 10:00", outcome="V")
    long_ago = make.moment("2026-08-03 09:00")
    Household.objects.update(registered_at=long_ago)
    scope = figures.Scope(first=dt.date(2026, 8, 1), last=dt.date(2026, 8, 31))
    assert figures.show_up(scope, now=now).total.denominator == 2
    merge(old, new, ingrid, now)
    assert figures.show_up(scope, now=now).total.denominator == 1
    assert set(Household.objects.open()) == {old}
    client = browse(ingrid)
    assert new.case_number not in client.get(reverse("households")).content.decode()
    assert client.get(reverse("today")).status_code == 200


def test_the_old_number_leads_to_the_household_everywhere(old, new, ingrid, browse, now):
    merge(old, new, ingrid, now)
    client = browse(ingrid)
    for name in ("household", "change_contact", "book", "debt_file", "add_member", "merge", "legal_hold"):
        response = client.get(reverse(name, args=[new.case_number]))
        assert (response.status_code, response["Location"]) == (302, reverse(name, args=[old.case_number])), name
    page = client.get(reverse("household", args=[new.case_number]), follow=True).content.decode()
    assert f"het huishouden is nu {old.case_number}" in page
    assert f"Samengevoegd met {new.case_number}" in page
    assert client.post(reverse("show_bsn", args=[new.case_number, 1])).status_code == 302
    for typed in (new.case_number, new.case_number[-4:]):
        found = quick_find(SearchTerm.all_from(typed, today=now.date()))
        assert found.keys == [old.pk], typed
    assert quick_find(SearchTerm.all_from("ndiaye", today=now.date())).keys == [old.pk]


# What it refuses


def test_appointments_at_the_same_time_are_settled_first(old, new, samira, ingrid, browse, now):
    bram = make.counsellor(at=samira.location, name="Bram de Groot")
    make.appointment(household=old, counsellor=samira, start="2026-11-10 10:00")
    second = make.appointment(household=new, counsellor=bram, start="2026-11-10 10:30")
    with pytest.raises(CannotMerge):
        merge(old, new, ingrid, now)
    page = browse(ingrid).get(reverse("merge", args=[old.case_number]), {"other": new.case_number}).content.decode()
    assert reverse("appointment", args=[second.pk]) in page
    actions.cancel(appointment=second, by_resident=False, by=ingrid, now=now)
    merge(old, new, ingrid, now)


def test_two_open_debt_files_are_first_reduced_to_one(old, new, ingrid, browse, now):
    make.debt_file(old, opened="2026-11-01")
    second = make.debt_file(new)
    with pytest.raises(CannotMerge):
        merge(old, new, ingrid, now)
    page = browse(ingrid).get(reverse("merge", args=[old.case_number]), {"other": new.case_number}).content.decode()
    assert "sluit er eerst een" in page
    second.closed_on, second.exit_reason = dt.date(2026, 11, 2), "Overig"
    second.save()
    merge(old, new, ingrid, now)
    assert old.debt_files.count() == 2


def test_a_closed_household_the_same_one_and_a_merged_one_are_refused(old, new, ingrid, now):
    closed = make.household(closed_on=dt.date(2026, 11, 1), exit_reason="Afgerond")
    for one, other in ((old, old), (old, closed)):
        with pytest.raises(CannotMerge):
            merge(one, other, ingrid, now)
    merge(old, new, ingrid, now)
    for other in (new, old):
        with pytest.raises(CannotMerge):
            merge(new, other, ingrid, now)


def test_nothing_is_booked_for_the_number_that_went(old, new, samira, joris, ingrid, now):
    """Who had the page of the old household open still holds that row: the lock sees that it went."""
    merge(old, new, ingrid, now)
    with pytest.raises(actions.booking.Refused):
        actions.book(household=new, counsellor=samira, location=samira.location, kind=make.appointment_type(),
                     start=make.moment("2026-11-16 10:00"), by=joris, now=now)  # fmt: skip


# Undo


def test_undo_gives_each_its_own_and_keeps_what_came_later(old, new, samira, ingrid, joris, now):
    make.appointment(household=new, counsellor=samira, start="2026-11-10 10:00")
    before = snapshot()
    done = merge(old, new, ingrid, now, takes=["mobile"])
    later = make.appointment(household=old, counsellor=samira, start="2026-11-12 10:00")
    undo_merge(merge=done, by=ingrid, now=now + dt.timedelta(days=14))
    assert later.household == old
    later.delete()
    assert snapshot() == before
    done.refresh_from_db()
    assert done.state == MergeState.UNDONE
    assert AuditEntry.objects.filter(action="undo_merge").count() == 2


def test_the_same_programme_and_the_same_agreement_with_both_stop_no_merge(old, new, samira, ingrid, now):
    """A programme runs once; an agreement stays as it was given, twice if need be; undo gives each its own."""
    for one, since in ((old, "2026-10-01"), (new, "2026-09-01")):
        ProgrammeLabel.objects.create(household=one, programme="prio", since=since)
        ProgrammeLabel.objects.create(household=one, programme="jpf", since=since, until="2026-10-15")
        Agreement.objects.create(
            household=one, member=one.members.get(), with_whom="MAIT", purpose="Samen optrekken", fields=["name"],
            how="spoken", agreed_on="2026-11-02", recorded_on="2026-11-02", recorded_by=samira.user,
        )  # fmt: skip
    before = snapshot()
    done = merge(old, new, ingrid, now)
    running = old.programmes.get(programme="prio", until=None)
    assert (running.since, old.programmes.filter(programme="jpf").count()) == (dt.date(2026, 10, 1), 2)
    assert [one.household for one in ProgrammeLabel.objects.filter(programme="prio", since="2026-09-01")] == [new]
    assert [one.member for one in old.agreements.all()] == [old.members.first()] * 2
    undo_merge(merge=done, by=ingrid, now=now)
    assert snapshot() == before


def test_what_somebody_changed_since_stays_changed(old, new, ingrid, now):
    done = merge(old, new, ingrid, now, takes=["mobile", "email"])
    Household.objects.filter(pk=old.pk).update(mobile="+31611111111")
    undo_merge(merge=done, by=ingrid, now=now)
    old.refresh_from_db()
    assert (old.mobile, old.email) == ("+31611111111", "")


def test_after_fourteen_days_and_under_a_later_merge_it_stays(old, new, samira, ingrid, now):
    done = merge(old, new, ingrid, now)
    with pytest.raises(CannotMerge):
        undo_merge(merge=done, by=ingrid, now=now + dt.timedelta(days=14, seconds=1))
    third = make.household(owner=samira)
    on_top = merge(old, third, ingrid, now + dt.timedelta(hours=1))
    with pytest.raises(CannotMerge):
        undo_merge(merge=done, by=ingrid, now=now + dt.timedelta(hours=2))
    undo_merge(merge=on_top, by=ingrid, now=now + dt.timedelta(hours=2))
    undo_merge(merge=done, by=ingrid, now=now + dt.timedelta(hours=2))
    with pytest.raises(CannotMerge):
        undo_merge(merge=done, by=ingrid, now=now)
    assert Household.objects.open().count() == 3


def test_what_went_into_the_one_that_goes_leads_on_to_the_last(samira, ingrid, now):
    first, second, third = (make.household(owner=samira) for _one in range(3))
    merge(second, third, ingrid, now)
    merge(first, second, ingrid, now + dt.timedelta(minutes=1))
    third.refresh_from_db()
    assert third.merged_into == first


# Who


def test_a_counsellor_proposes_and_a_supervisor_decides(old, new, samira, ingrid, browse, now):
    mine, boss = browse(samira.user), browse(ingrid)
    address = reverse("merge", args=[old.case_number]) + f"?other={new.case_number}"
    reason = mine.get(address)
    assert reason["Location"] == reverse("access_reason", args=[new.case_number])
    mine.post(reason["Location"], {"kind": "cover"})
    page = mine.get(address)
    assert "dezelfde persoon" in page.content.decode()
    sent = {f"keep-{name}": "stays" for name in page.context["form"].names}
    assert "Schrijf waarom" in mine.post(address, sent).content.decode()
    assert mine.post(address, sent | {"reason": "Twee keer aangemeld"}).status_code == 302
    proposal = Merge.objects.get()
    assert proposal.state == MergeState.PROPOSED
    assert "1 voorstel" in boss.get(reverse("today")).content.decode()
    assert "Twee keer aangemeld" in boss.get(reverse("to_approve")).content.decode()
    decide = reverse("decide_merge", args=[proposal.pk])
    assert boss.get(decide).status_code == 200
    assert boss.post(decide, sent | {"reason": "Klopt", "merge": "1"}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by) == (MergeState.MERGED, ingrid)
    undone = boss.post(reverse("undo_merge", args=[proposal.pk]), follow=True).content.decode()
    assert "weer twee huishoudens" in undone


def test_a_declined_merge_leaves_two(old, new, samira, ingrid, browse, now):
    proposal = propose_merge(one=old, other=new, takes=[], reason="Dubbel?", by=samira.user, now=now)
    assert propose_merge(one=new, other=old, takes=[], reason="Nog eens", by=samira.user, now=now) == proposal
    assert browse(ingrid).post(reverse("decide_merge", args=[proposal.pk]), {"decline": "1"}).status_code == 302
    assert Household.objects.open().count() == 2


def test_a_counsellor_of_neither_asks_somebody_else(old, new, samira, browse, now):
    bram = make.counsellor(at=samira.location, name="Bram de Groot")
    client = browse(bram.user)
    client.post(reverse("access_reason", args=[old.case_number]), {"kind": "cover"})
    page = client.get(reverse("merge", args=[old.case_number]), {"other": new.case_number}).content.decode()
    assert "Vraag een begeleider van een van de twee" in page


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("door", "queries"), [("merge", 17), ("decide_merge", 16), ("to_approve", 8)])
def test_the_pages_ask_as_much_for_one_of_each_as_for_three(
    old, new, samira, ingrid, browse, now, django_assert_num_queries, door, queries, rows
):
    """Of members, appointments, agreements and proposals."""
    waiting = make.merge_proposal(old, new)
    for number in range(rows):
        for home in (old, new):
            home.members.create(given_names=f"Kind{number}", search_surname="", role="child")
        make.around(old, number=number)
        make.appointment(household=old, counsellor=samira, start=f"2026-11-{10 + number} 10:00")
        if number:
            one, other = make.household(owner=samira), make.household(owner=samira)
            make.merge_proposal(one, other)
            make.transfer_proposal(one, make.counsellor())
            make.correction(
                make.appointment(household=one, counsellor=samira, start=f"2026-10-0{number} 10:00", outcome="N")
            )
    address = {
        "merge": reverse("merge", args=[old.case_number]) + f"?other={new.case_number}",
        "decide_merge": reverse("decide_merge", args=[waiting.pk]),
        "to_approve": reverse("to_approve"),
    }[door]
    client = browse(ingrid)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("nonsense", ["", "\x00", "zzz", "ETF-2026-999999", "x" * 5000])
def test_nonsense_for_a_number_is_said_and_no_error(old, nonsense, ingrid, browse):
    response = browse(ingrid).get(reverse("merge", args=[old.case_number]), {"other": nonsense})
    assert response.status_code == 200
    assert "Er is iets niet goed ingevuld" in response.content.decode()


def test_the_message_about_a_moved_household_still_goes_to_it(old, new, samira, ingrid, joris, now):
    """What was planned for the household that went goes out to the one that stayed."""
    actions.book(household=new, counsellor=samira, location=samira.location, kind=make.appointment_type(),
                 start=make.moment("2026-11-16 10:00"), by=joris, now=now)  # fmt: skip
    merge(old, new, ingrid, now)
    actions.send_due_messages(now=now)
    sent = Message.objects.get(kind=MessageKind.CONFIRMATION)
    assert (sent.state, sent.recipient) == ("sent", "+31612345678")


def test_the_database_itself_keeps_a_merged_row_empty(old, new, ingrid, now):
    merge(old, new, ingrid, now)
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update casework_household set mobile = '+31612345678' where id = %s", [new.pk])
