"""M3: what happened to the reminder, and trials of wording with their difference (figures.md M3, decision 0066)."""

import datetime as dt

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.core import clock
from casework.core.models import Role
from casework.messaging.models import Message, WordingTrial
from casework.reports.reads import Scope, no_show, reminded, rows_behind, trials_in
from casework.reports.reads.statistics import newcombe, percentage
from tests import make
from tests.counsellors.test_admin import text_of
from tests.reports import worlds
from tests.reports.export import export
from tests.reports.test_drill_down import lines_of

OCTOBER = Scope(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
PERIOD = {"first": "1-10-2026", "last": "31-10-2026"}
# State, reason, channel, delivery → part.
REMINDERS = [
    ({"state": "sent", "channel": "sms"}, "delivered"), ({"state": "sent", "channel": "sms", "delivery": "delivered"}, "delivered"),
    ({"state": "sent", "channel": "sms", "delivery": "temporary"}, "failed"), ({"state": "failed", "channel": "sms"}, "failed"),
    ({"state": "uncertain", "channel": "sms"}, "failed"), ({"state": "called", "channel": "sms"}, "failed"),
    ({"state": "withdrawn", "reason": "too_late"}, "failed"), ({"state": "withdrawn", "reason": "opted_out"}, "opted_out"),
    ({"state": "withdrawn", "reason": "recorded"}, "not_due"), ({"state": "planned"}, "not_due"),
    ({"state": "sent", "channel": "email"}, "no_mobile"), ({"state": "call", "channel": "call"}, "no_mobile"),
    ({"state": "called", "channel": "call"}, "no_mobile"), ({"state": "failed", "channel": "letter"}, "no_mobile"),
    (None, "not_due"),
]  # fmt: skip


def reminder_of(row, *, kind="t2", **fields) -> Message:
    """Not saved."""
    start = row.starts_at
    made = Message(household_id=row.household_id, appointment_key=row.pk, kind=kind, planned_start=start, due_at=start,
                   expires_at=start, created_at=start, **fields)  # fmt: skip
    made.sent_at = start if fields.get("state") == "sent" else None
    made.delivery_at = start if fields.get("delivery") else None
    return made


def parts(scope=OCTOBER, *, now) -> dict:
    return {one.key: (one.numerator, one.denominator) for one in reminded(scope, now=now).parts}


@pytest.fixture
def boss(browse, db):
    return browse(make.user(Role.SUPERVISOR))


class TestParts:
    @pytest.mark.parametrize(("fields", "part"), REMINDERS)
    def test_each_reminder_has_one_part(self, samira, now, fields, part):
        (row,) = worlds.appointments(samira, {"N": 1}, households=1)
        if fields:
            reminder_of(row, **fields).save()
        assert parts(now=now) == {part: (1, 1)}

    def test_who_wants_no_messages_and_had_none(self, samira, now):
        home = make.household(channel="none")
        make.appointment(household=home, counsellor=samira, start="2026-10-05 09:00", outcome="V")
        assert parts(now=now) == {"opted_out": (0, 1)}

    def test_only_the_reminder_in_advance_of_the_start_as_it_is(self, samira, now):
        (row,) = worlds.appointments(samira, {"N": 1}, households=1)
        reminder_of(row, kind="t0", state="sent", channel="sms").save()
        earlier = reminder_of(row, state="sent", channel="sms")
        earlier.planned_start -= dt.timedelta(days=1)
        earlier.save()
        assert parts(now=now) == {"not_due": (1, 1)}

    def test_no_part_of_what_m1_leaves_out(self, samira, now):
        worlds.appointments(samira, {"A1": 1, "E": 1, "R1": 1, "": 1})
        worlds.appointments(samira, {"V": 1}, first="2026-10-20", walk_in=True)
        assert parts(now=now) == {}

    def test_an_empty_period(self, db, now):
        assert reminded(OCTOBER, now=now).parts == []

    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        drawn=st.lists(st.tuples(st.sampled_from(["V", "L", "N", "X", "A1", ""]), st.integers(0, len(REMINDERS) - 1)), max_size=14),
        asked=st.sampled_from([{}, {"type": "EG"}, {"first": "2-10-2026"}]),
    )  # fmt: skip
    def test_number_list_and_file_agree_and_add_up_to_m1(self, samira, boss, now, drawn, asked):
        with transaction.atomic():
            for number, (outcome, place) in enumerate(drawn):
                start = clock.at(dt.date(2026, 10, 1 + number), dt.time(9)).isoformat()
                row = make.appointment(household=make.household(), counsellor=samira, start=start, outcome=outcome)
                if fields := REMINDERS[place][0]:
                    reminder_of(row, **fields).save()
            asked = PERIOD | asked
            data = boss.get("/cijfers/berichten/", asked | {"format": "json"}).json()
            whole = boss.get("/cijfers/niet-verschenen/", asked | {"format": "json"}).json()
            found = data["per_reminder"]
            assert sum(one["numerator"] for one in found) == data["numerator"] == whole["numerator"]
            assert sum(one["denominator"] for one in found) == data["denominator"] == whole["denominator"]
            for one in found:
                for which, number in ((one["key"], one["denominator"]), (f"{one['key']}_missed", one["numerator"])):
                    page = boss.get("/cijfers/m3/lijst/", asked | {"which": which})
                    assert page.context["number"] == number
                    assert page.context["which"] == which
                    assert lines_of(export(boss, "/cijfers/m3/lijst/", asked | {"which": which})) == number
            transaction.set_rollback(True)

    @pytest.mark.parametrize("number", [1, 12])
    def test_as_many_queries_with_more_rows(self, samira, now, number, django_assert_num_queries):
        rows = worlds.appointments(samira, {"N": number})
        Message.objects.bulk_create(reminder_of(row, state="sent", channel="sms") for row in rows)
        with django_assert_num_queries(2):
            reminded(OCTOBER, now=now)


class TestPage:
    def test_says_that_it_is_no_effect_and_links_each_number(self, samira, boss, now):
        for row in worlds.appointments(samira, {"V": 10, "N": 2}):
            reminder_of(row, state="sent", channel="sms").save()
        page = boss.get("/cijfers/berichten/", PERIOD)
        text = text_of(page)
        assert "Sms verstuurd 2 12 16,7% (4,7–44,8) · 2 van 12 • Weinig" in text
        assert "Dit is geen effect van berichten: mensen zonder mobiel verschillen van mensen met een mobiel." in text
        assert "which=delivered_missed" in page.content.decode()

    def test_small_numbers_leave_the_team_hidden(self, samira, boss, now):
        for number, row in enumerate(worlds.appointments(samira, {"V": 20, "N": 3})):
            reminder_of(row, state="sent", channel="sms" if number % 2 else "email").save()
        shared = boss.get("/cijfers/berichten/", PERIOD | {"format": "csv", "sharing": "1"}).content.decode()
        assert "Sms verstuurd;<5;" in shared
        plain = boss.get("/cijfers/berichten/", PERIOD | {"format": "csv"}).content.decode()
        assert "<5" not in plain

    def test_empty(self, boss, now):
        assert "Niets in deze periode" in text_of(boss.get("/cijfers/berichten/", PERIOD))

    def test_the_first_page_leads_to_it_and_keeps_its_three_tiles(self, boss, now):
        page = boss.get(reverse("figures"))
        assert reverse("figure_messages") in page.content.decode()
        assert len(page.context["tiles"]) == 3

    @pytest.mark.parametrize(
        "which", ["trial-1-a", "trial-x-a", "trial-99999999999-b", "delivered_missed_missed", "_missed"]
    )
    def test_no_such_part_is_the_numerator(self, boss, now, which):
        page = boss.get("/cijfers/m3/lijst/", PERIOD | {"which": which})
        assert (page.status_code, page.context["which"]) == (200, "numerator")


class TestDifference:
    """Newcombe, against the examples of figures.md."""

    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ((39, 300), (23, 300), ("5,3", "0,4", "10,3")), ((334, 1112), (166, 874), ("11,0", "7,3", "14,7")),
            # Newcombe 1998, table II, (a) and (f).
            ((56, 70), (48, 80), ("20,0", "5,2", "33,4")), ((10, 10), (0, 20), ("100,0", "67,9", "100,0")),
        ],
    )  # fmt: skip
    def test_worked_examples(self, one, other, expected):
        found = newcombe(one, other)
        assert tuple(percentage(share) for share in (found.value, found.low, found.high)) == expected

    @given(st.integers(1, 500), st.integers(1, 500), st.data())
    def test_it_holds_the_difference_and_turns_with_it(self, of_one, of_other, data):
        one = (data.draw(st.integers(0, of_one)), of_one)
        other = (data.draw(st.integers(0, of_other)), of_other)
        found, turned = newcombe(one, other), newcombe(other, one)
        assert -1 - 1e-9 <= found.low <= found.value <= found.high <= 1 + 1e-9
        assert abs(found.low + turned.high) < 1e-12
        assert abs(found.high + turned.low) < 1e-12


def tried(samira, numbers: dict[str, dict[str, int]], *, first="2026-10-01", last="2026-10-31", **more) -> WordingTrial:
    """A trial, and so many appointments of each outcome with each of its texts."""
    trial = make.trial(first=first, last=last, **more)
    for place, (variant, outcomes) in enumerate(numbers.items()):
        rows = worlds.appointments(
            samira, outcomes, first=f"2026-10-0{1 + place}" if sum(outcomes.values()) < 9 else f"2026-{6 + place:02}-01"
        )
        Message.objects.bulk_create(
            reminder_of(row, state="sent", channel="sms", trial=trial, variant=variant) for row in rows
        )
    return trial


class TestTrials:
    def test_both_texts_with_their_difference(self, samira, boss, now):
        trial = tried(samira, {"a": {"V": 261, "N": 39, "A1": 5}, "b": {"V": 277, "X": 23}})
        (found,) = trials_in(OCTOBER, now=now)
        assert [(one.numerator, one.denominator) for one in found.slices] == [(39, 300), (23, 300)]
        assert found.numbers == {"a": 305, "b": 300}
        page = boss.get("/cijfers/berichten/", PERIOD)
        text = text_of(page)
        assert "Tekst A 39 300 13,0% (9,7–17,3) · 39 van 300" in text
        assert "Niet verschenen met tekst B min dat met tekst A: -5,3 procentpunt (-10,3 tot -0,4)." in text
        assert "Verschil door tekst: met tekst B bleven minder mensen weg." in text
        data = boss.get("/cijfers/berichten/", PERIOD | {"format": "json"}).json()["trials"]
        assert [(one["trial"], one["ended"]) for one in data] == [(trial.pk, True)]
        lines = boss.get("/cijfers/berichten/", PERIOD | {"format": "csv"}).content.decode()
        assert "Tekst A;39;300;13,0;9,7;17,3" in lines
        assert ";;;-5,3;-10,3;-0,4" in lines

    def test_each_number_leads_to_exactly_its_rows(self, samira, boss, now):
        trial = tried(samira, {"a": {"V": 20, "N": 4}, "b": {"V": 30, "N": 3}})
        page = boss.get("/cijfers/berichten/", PERIOD).content.decode()
        (found,) = trials_in(OCTOBER, now=now)
        for one in found.slices:
            for which, number in ((one.key, one.denominator), (f"{one.key}_missed", one.numerator)):
                address = (
                    f"/cijfers/m3/lijst/?first={found.starts[0]:%d-%m-%Y}&last={found.starts[1]:%d-%m-%Y}&which={which}"
                )
                assert address.replace("&", "&amp;") in page
                listed = boss.get(address)
                assert (listed.context["number"], listed.context["which"]) == (number, which)
        assert rows_behind("m3", OCTOBER, f"trial-{trial.pk}-a", now=now).count() == 0

    def test_no_outcome_while_it_runs(self, samira, boss, now):
        trial = tried(samira, {"a": {"V": 200, "N": 100}, "b": {"V": 300}}, last="2026-11-02")
        (found,) = trials_in(Scope(dt.date(2026, 11, 1), dt.date(2026, 11, 2)), now=now)
        assert (found.ended, found.slices, found.difference, found.numbers) == (False, [], None, {"a": 300, "b": 300})
        asked = {"first": "1-11-2026", "last": "2-11-2026"}
        text = text_of(boss.get("/cijfers/berichten/", asked))
        assert "afspraken met tekst A: 300, met tekst B: 300" in text
        assert "Deze proef loopt." in text
        assert "Verschil door tekst:" not in text
        (data,) = boss.get("/cijfers/berichten/", asked | {"format": "json"}).json()["trials"]
        assert (data["per_text"], data["difference"]) == ([], None)
        assert f"Proef {trial}" not in boss.get("/cijfers/berichten/", asked | {"format": "csv"}).content.decode()
        listed = boss.get("/cijfers/m3/lijst/", {"first": "1-6-2026", "which": f"trial-{trial.pk}-a"})
        assert listed.context["which"] == "numerator"

    @pytest.mark.parametrize(
        ("a", "b", "points", "says"),
        [
            ({"V": 9}, {"V": 100}, False, "Te weinig om te zeggen"), ({"V": 29}, {"V": 100}, True, "Te weinig om te zeggen"),
            ({"V": 40, "N": 4}, {"V": 40, "N": 5}, True, "geen verschil door tekst aangetoond"),
            ({"V": 100}, {"V": 50, "N": 50}, True, "met tekst B bleven meer mensen weg"),
        ],
    )  # fmt: skip
    def test_a_verdict_only_with_enough(self, samira, now, a, b, points, says):
        tried(samira, {"a": a, "b": b})
        (found,) = trials_in(OCTOBER, now=now)
        assert (found.difference is not None) is points
        assert says in found.verdict

    def test_whoever_was_to_get_it_counts_once(self, samira, now):
        """Also when it failed, and when an appointment has more messages of the trial."""
        trial = make.trial(first="2026-10-01", last="2026-10-31")
        (row,) = worlds.appointments(samira, {"N": 1}, households=1)
        reminder_of(row, state="failed", channel="sms", trial=trial, variant="a").save()
        reminder_of(row, kind="confirmation", state="sent", channel="sms", trial=trial, variant="a").save()
        (found,) = trials_in(OCTOBER, now=now)
        assert (found.slices[0].numerator, found.slices[0].denominator, found.numbers["a"]) == (1, 1, 1)

    def test_what_is_still_to_come_is_counted(self, samira, boss, now):
        tried(samira, {"a": {"V": 2, "": 1}, "b": {"V": 1}})
        assert "1 afspraak van deze proef moet nog komen of worden geregistreerd." in text_of(
            boss.get("/cijfers/berichten/", PERIOD)
        )

    @pytest.mark.parametrize(
        ("first", "last", "number"),
        [("2026-09-01", "2026-09-30", 0), ("2026-10-31", "2026-12-01", 1), ("2026-11-01", "2026-12-01", 0)],
    )
    def test_those_that_ran_in_the_period(self, db, now, first, last, number):
        make.trial(first="2026-10-01", last="2026-10-31")
        make.trial(first="2026-10-01", last="2026-10-31", kind="t0", approved=False)
        scope = Scope(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
        assert len(trials_in(scope, now=now)) == number

    def test_not_for_a_counsellor_whose_figures_are_their_own(self, samira, browse, now):
        trial = tried(samira, {"a": {"V": 40}, "b": {"V": 40}})
        client = browse(samira.user)
        assert "Proef" not in text_of(client.get("/cijfers/berichten/", PERIOD))
        assert client.get("/cijfers/berichten/", PERIOD | {"format": "json"}).json()["trials"] == []
        listed = client.get("/cijfers/m3/lijst/", {"first": "1-6-2026", "which": f"trial-{trial.pk}-a"})
        assert listed.context["which"] == "numerator"

    def test_shared_without_small_numbers(self, samira, boss, now):
        tried(samira, {"a": {"V": 30, "N": 3}, "b": {"V": 30, "N": 9}})
        shared = boss.get("/cijfers/berichten/", PERIOD | {"format": "csv", "sharing": "1"}).content.decode()
        assert "Tekst A;<5;" in shared
        assert ";;;–;–;–" in shared


def test_the_total_is_that_of_m1(samira, now):
    worlds.appointments(samira, worlds.W1)
    assert reminded(OCTOBER, now=now).total.text == no_show(OCTOBER, now=now).total.text
