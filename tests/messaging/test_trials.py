"""Trials of wording: by lot, the same for each message of an appointment, approved by another, never changed (decision 0066)."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from casework.appointments import actions as appointments
from casework.core.models import AuditEntry, Role
from casework.core.refusals import Refused
from casework.messaging import texts
from casework.messaging.actions import message_texts, trials
from casework.messaging.actions.message_texts import approve_text, mark_of
from casework.messaging.actions.trials import approve_trial, end_trial, trial_mark, write_trial
from casework.messaging.models import (
    Channel,
    ForbiddenWord,
    Message,
    MessageText,
    TextForm,
    TrialState,
    Variant,
    WordingTrial,
    variant_of,
)
from tests import make
from tests.messaging.test_message_texts import reminder

TOMORROW = dt.date(2026, 11, 3)
CERTAIN = 4.9  # standard deviations: one in a million


@pytest.fixture
def ada(db):
    return make.user(Role.ADMIN, username="ada")


@pytest.fixture
def bea(db):
    return make.user(Role.ADMIN, username="bea")


@pytest.fixture
def text_b(db):
    return make.message_text("Tot {day} om {time} uur!", since="2026-11-02", for_trial=True)


def draft(text_b, **changes) -> WordingTrial:
    return WordingTrial(**{"text_b": text_b, "share_b": 50, "first": TOMORROW, "last": dt.date(2026, 12, 31)} | changes)


def written(text_b, ada, now, **changes) -> WordingTrial:
    return write_trial(trial=draft(text_b, **changes), by=ada, now=now)


def approved(row, bea, now) -> WordingTrial:
    return approve_trial(trial=row, mark=trial_mark(row), by=bea, now=now)


def words(on: str, key: int = 1, *, form=TextForm.SMS, language="nl", channel=Channel.SMS) -> texts.Words:
    row = reminder()
    row.appointment_key, row.channel = key, channel
    return texts.words(row, form=form, preferred=language, on=dt.date.fromisoformat(on))


class TestLots:
    @pytest.mark.parametrize("share", [10, 35, 50, 90])
    @pytest.mark.parametrize("trial", [1, 2, 77])
    def test_close_to_the_share(self, share, trial):
        number = 20_000
        got = sum(variant_of(key, trial=trial, share_b=share) == Variant.B for key in range(number))
        expected, spread = number * share / 100, (number * share / 100 * (1 - share / 100)) ** 0.5
        assert abs(got - expected) < CERTAIN * spread

    @given(
        st.integers(1, 10**9),
        st.integers(10, 90),
        st.lists(st.integers(1, 10**12), min_size=1, max_size=30),
        st.randoms(),
    )
    def test_whenever_and_in_whatever_order_it_is_asked(self, trial, share, keys, chance):
        first = {key: variant_of(key, trial=trial, share_b=share) for key in keys}
        chance.shuffle(keys)
        assert {key: variant_of(key, trial=trial, share_b=share) for key in keys} == first

    @given(st.integers(1, 10**9), st.integers(1, 10**12), st.integers(10, 89))
    def test_a_larger_share_takes_nobody_away_from_b(self, trial, key, share):
        if variant_of(key, trial=trial, share_b=share) == Variant.B:
            assert variant_of(key, trial=trial, share_b=share + 1) == Variant.B

    @pytest.mark.parametrize("apart", [1, 2, 10, 64])
    def test_of_appointments_that_follow_each_other(self, apart):
        """As often alike as not: no rhythm of ids comes back in the lots."""
        lots = [variant_of(key, trial=3, share_b=50) for key in range(20_000)]
        alike = sum(one == other for one, other in zip(lots, lots[apart:], strict=False))
        assert abs(alike - len(lots[apart:]) / 2) < CERTAIN * (len(lots) / 4) ** 0.5

    def test_of_two_trials_have_nothing_to_do_with_each_other(self):
        pairs = [(variant_of(key, trial=3, share_b=50), variant_of(key, trial=4, share_b=50)) for key in range(20_000)]
        assert abs(sum(one == other for one, other in pairs) - 10_000) < CERTAIN * 5_000**0.5


class TestInUse:
    def test_both_texts_go_out_from_its_first_day_to_its_last(self, db):
        trial = make.trial(first="2026-11-03", last="2026-11-05")
        for on in ("2026-11-02", "2026-11-06"):
            assert {words(on, key).variant for key in range(30)} == {""}
        for on in ("2026-11-03", "2026-11-05"):
            found = {made.variant: made.wording.key for made in (words(on, key) for key in range(30))}
            assert found == {"a": trial.text_a_id, "b": trial.text_b_id}
            assert {words(on, key).trial for key in range(3)} == {trial.pk}

    def test_only_text_messages_of_its_kind_and_language(self, db):
        make.trial()
        on = "2026-11-04"
        assert words(on).trial
        assert words(on, form=TextForm.MAIL, channel=Channel.EMAIL).trial is None
        assert words(on, language="en").trial is None
        assert words(on, channel=Channel.CALL).trial is None
        other = reminder()
        other.kind, other.appointment_key = "confirmation", 1
        assert texts.words(other, form=TextForm.SMS, preferred="nl", on=dt.date(2026, 11, 4)).trial is None

    def test_what_waits_is_not_tried_and_what_is_for_a_trial_does_not_go_out_by_itself(self, db):
        make.trial(approved=False)
        assert "we zien u" in words("2026-11-04").text
        assert words("2026-11-04").trial is None

    def test_a_process_reads_once_per_date(self, db, now, django_assert_num_queries):
        make.trial(first="2026-11-01")
        texts.forget()
        with django_assert_num_queries(2):
            for key in range(5):
                words("2026-11-02", key)

    def test_a_process_that_lives_on_goes_by_the_trial_of_the_day(self, db, now):
        texts.known_trials.forget()
        assert words("2026-11-02").trial is None
        trial = make.trial()
        assert words("2026-11-02").trial is None
        with time_machine.travel(now + dt.timedelta(days=1), tick=False):
            assert words("2026-11-03").trial == trial.pk

    def test_stored_with_every_message_of_the_appointment(self, samira, joris, now):
        """A telephone talk has the same words three times: the lot falls once."""
        trial = make.trial(kind="phone", first="2026-11-02")
        kind = make.appointment_type("TG", channel="phone")
        for hour in (9, 10, 11, 14):
            appointments.book(household=make.household(mobile="+31612345678"), counsellor=samira, location=samira.location,
                              by=joris, now=now, kind=kind, start=make.moment(f"2026-11-12 {hour:02}:00"))  # fmt: skip
        for moment in ("2026-11-02 09:00", "2026-11-10 10:00", "2026-11-12 08:00"):
            appointments.send_due_messages(now=make.moment(moment))
        rows = Message.objects.values_list("appointment_key", "trial", "variant", "wording", "state")
        assert len(rows) == 12
        for key, of_trial, variant, wording, state in rows:
            expected = variant_of(key, trial=trial.pk, share_b=50)
            assert (of_trial, variant, state) == (trial.pk, expected, "sent")
            assert wording == (trial.text_b_id if variant == "b" else trial.text_a_id)


class TestWriting:
    def test_kind_language_and_text_a_follow(self, text_b, ada, now):
        row = written(text_b, ada, now)
        assert (row.kind, row.language, row.text_a.version, row.written_by) == ("t2", "nl", 1, ada)
        assert row.state(TOMORROW) == TrialState.WAITS

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"first": dt.date(2026, 11, 2)}, "first"), ({"last": dt.date(2026, 11, 2)}, "last"),
            ({"last": dt.date(2027, 11, 3)}, "last"), ({"share_b": 9}, "share_b"), ({"share_b": 91}, "share_b"),
        ],
    )  # fmt: skip
    def test_what_cannot_be(self, text_b, ada, now, changes, field):
        with pytest.raises(Refused) as refused:
            written(text_b, ada, now, **changes)
        assert refused.value.field == field

    def test_the_longest(self, text_b, ada, now):
        assert written(text_b, ada, now, last=dt.date(2027, 11, 2)).pk

    @pytest.mark.parametrize("more", [{"since": "2026-11-01"}, {"for_trial": True}])
    def test_text_b_is_approved_and_only_for_a_trial(self, db, ada, now, more):
        with pytest.raises(Refused) as refused:
            written(make.message_text("Anders {day}.", **more), ada, now)
        assert refused.value.field == "text_b"

    def test_no_other_version_of_text_a_in_these_days(self, text_b, ada, now):
        make.message_text("Straks {day}.", since="2026-12-31")
        with pytest.raises(Refused, match="andere versie van tekst A"):
            written(text_b, ada, now)
        assert written(text_b, ada, now, last=dt.date(2026, 12, 30)).pk

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
    def test_only_by_an_administrator(self, text_b, now, role):
        with pytest.raises(Refused):
            written(text_b, make.user(role), now)


class TestApproving:
    def test_by_another_leaves_a_line(self, text_b, ada, bea, now):
        row = approved(written(text_b, ada, now), bea, now)
        assert row.state(now.date()) == TrialState.TO_COME
        line = AuditEntry.objects.get(action="approve_wording_trial")
        assert (line.username, line.object_key) == ("bea", f"wordingtrial:{row.pk}")
        assert (line.details["text_a"], line.details["text_b"], line.details["share_b"]) == (1, 2, 50)

    def test_not_by_its_writer(self, text_b, ada, now):
        with pytest.raises(Refused, match="U schreef deze proef"):
            approved(written(text_b, ada, now), ada, now)

    def test_not_what_was_changed_since_it_was_read(self, text_b, ada, bea, now):
        row = written(text_b, ada, now)
        mark = trial_mark(row)
        WordingTrial.objects.filter(pk=row.pk).update(share_b=20)
        with pytest.raises(Refused, match="intussen gewijzigd"):
            approve_trial(trial=row, mark=mark, by=bea, now=now)

    def test_not_too_late(self, text_b, ada, bea, now):
        row = written(text_b, ada, now)
        with pytest.raises(Refused, match="eerste dag"):
            approved(row, bea, make.moment("2026-11-02 23:56"))

    def test_not_with_a_word_that_is_forbidden_since(self, text_b, ada, bea, now):
        row = written(text_b, ada, now)
        ForbiddenWord.objects.create(word="tot")
        with pytest.raises(Refused, match="tot"):
            approved(row, bea, now)

    def test_not_with_another_text_a_than_was_read(self, text_b, ada, bea, now):
        row = written(text_b, ada, now)
        make.message_text("Straks {day}.", since="2026-11-03")
        with pytest.raises(Refused, match="tekst A"):
            approved(row, bea, now)

    @pytest.mark.parametrize(("first", "allowed"), [("2026-12-31", False), ("2027-01-01", True)])
    def test_one_at_a_time_per_kind_and_language(self, text_b, ada, bea, now, first, allowed):
        approved(written(text_b, ada, now), bea, now)
        second = written(text_b, ada, now, first=dt.date.fromisoformat(first), last=dt.date(2027, 2, 1))
        if allowed:
            assert approved(second, bea, now).approved_by == bea
        else:
            with pytest.raises(Refused, match="andere proef"):
                approved(second, bea, now)

    def test_a_new_version_waits_until_the_trial_is_over(self, text_b, ada, bea, now):
        trial = approved(written(text_b, ada, now), bea, now)
        new = make.message_text("Nieuw {day}.")
        for since in (TOMORROW, trial.last):
            with pytest.raises(Refused, match="loopt een proef tot en met 31-12-2026"):
                approve_text(text=new, valid_from=since, mark=mark_of(new), by=bea, now=now)
        end_trial(trial=trial, by=ada, now=now)
        assert approve_text(text=new, valid_from=TOMORROW, mark=mark_of(new), by=bea, now=now).valid_from == TOMORROW


class TestEnding:
    def test_from_tomorrow_with_a_line(self, db, ada, now):
        trial = make.trial(first="2026-11-01")
        row = end_trial(trial=trial, by=ada, now=now)
        assert (row.ends, row.state(now.date()), row.state(TOMORROW)) == (now.date(), TrialState.RUNS, TrialState.ENDED)
        texts.known_trials.forget()
        assert words("2026-11-02").trial == trial.pk
        assert words("2026-11-03").trial is None
        assert AuditEntry.objects.get(action="end_wording_trial").details == {"ended_from": "2026-11-03"}

    def test_before_it_began_it_never_runs_and_makes_room(self, text_b, ada, bea, now):
        first = approved(written(text_b, ada, now, first=dt.date(2026, 11, 10)), bea, now)
        end_trial(trial=first, by=ada, now=now)
        approved(written(text_b, ada, now, first=dt.date(2026, 11, 4)), bea, now)

    @pytest.mark.parametrize("more", [{"approved": False}, {"first": "2026-10-01", "last": "2026-11-02"}])
    def test_what_waits_or_is_over_is_not_ended(self, db, ada, now, more):
        with pytest.raises(Refused):
            end_trial(trial=make.trial(**more), by=ada, now=now)

    def test_once(self, db, ada, now):
        trial = make.trial()
        end_trial(trial=trial, by=ada, now=now)
        with pytest.raises(Refused):
            end_trial(trial=trial, by=ada, now=now)

    def test_only_by_an_administrator(self, joris, now):
        with pytest.raises(Refused):
            end_trial(trial=make.trial(), by=joris, now=now)


class TestTable:
    """What the database refuses whoever asks."""

    @pytest.mark.parametrize(
        "change", [{"share_b": 60}, {"last": dt.date(2026, 12, 1)}, {"approved_at": None, "approved_by": None}]
    )
    def test_an_approved_trial_stays(self, db, change):
        rows = WordingTrial.objects.filter(pk=make.trial().pk)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            rows.delete()

    def test_it_is_ended_once(self, ada):
        rows = WordingTrial.objects.filter(pk=make.trial().pk)
        rows.update(ended_from=TOMORROW, ended_by=ada)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            rows.update(ended_from=dt.date(2026, 11, 20))

    def test_one_that_waits_may_change(self, db):
        assert WordingTrial.objects.filter(pk=make.trial(approved=False).pk).update(share_b=60)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"share_b": 9}, {"last": dt.date(2026, 11, 2)}, {"last": dt.date(2027, 11, 3)}, {"kind": "missed"},
            {"ended_from": TOMORROW}, {"approved_at": make.moment("2026-11-03 00:30")}, {"language": "en"}, {"kind": "t0"},
        ],
    )  # fmt: skip
    def test_rows_that_cannot_be(self, db, wrong):
        row = make.trial(approved=False)
        row.approved_by, row.approved_at = make.user(Role.ADMIN), make.moment("2026-11-02 09:00")
        for name, value in wrong.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_its_writer_cannot_approve_it(self, db):
        row = make.trial(approved=False)
        row.approved_by, row.approved_at = row.written_by, make.moment("2026-11-02 09:00")
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_a_message_of_a_trial_says_which_text(self, db, now):
        fields = {"household": make.household(), "appointment_key": 1, "kind": "t2", "planned_start": now, "due_at": now,
                  "expires_at": now, "created_at": now}  # fmt: skip
        for wrong in ({"variant": "a"}, {"trial_id": 1}, {"trial_id": 1, "variant": "c"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Message.objects.create(**fields, **wrong)

    @pytest.mark.parametrize("wrong", [{"form": "mail", "subject": "Afspraak"}, {"kind": "missed"}])
    def test_only_text_messages_before_an_appointment_are_tried(self, db, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.message_text("Tekst.", for_trial=True, **wrong)


def race(*calls) -> list[str]:
    """Each in a thread of its own, all at once; what came of each."""
    heard, start = [], threading.Barrier(len(calls))

    def run(call):
        try:
            start.wait(10)
            call()
            heard.append("done")
        except Refused:
            heard.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(heard)


@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_two_trials_of_one_kind(self, now):
        """Both looked and saw none; the exclusion constraint lets one through."""
        bea, rows = make.user(Role.ADMIN), [make.trial(approved=False) for _number in range(2)]
        assert race(*(lambda row=row: approved(row, bea, now) for row in rows)) == ["done", "refused"]
        assert WordingTrial.objects.filter(approved_at__isnull=False).count() == 1

    @pytest.mark.parametrize("held", [True, False], ids=["with the lock", "without it"])
    def test_a_trial_and_a_new_version_of_its_text_a(self, now, monkeypatch, held):
        """They wait for each other. Negative control: without the lock both get through, and a trial has a text A too few."""
        bea, trial, new = make.user(Role.ADMIN), make.trial(approved=False), make.message_text("Nieuw {day}.")
        if not held:
            together = threading.Barrier(2)
            look_text, look_trial = message_texts._trial_until, trials._in_turn
            monkeypatch.setattr(message_texts, "lock_texts", lambda **_given: None)
            monkeypatch.setattr(trials, "lock_texts", lambda **_given: None)
            monkeypatch.setattr(message_texts, "_trial_until", lambda *given: (look_text(*given), together.wait(10))[0])
            monkeypatch.setattr(trials, "_in_turn", lambda *given: (look_trial(*given), together.wait(10))[0])
        found = race(
            lambda: approved(trial, bea, now),
            lambda: approve_text(text=new, valid_from=dt.date(2026, 11, 10), mark=mark_of(new), by=bea, now=now),
        )
        assert found == (["done", "refused"] if held else ["done", "done"])


def test_texts_of_a_trial_have_a_state_of_their_own(db):
    from casework.messaging.models import states_of

    trial = make.trial()
    rows = list(MessageText.objects.of(kind="t2", form="sms", language="nl"))
    assert {one.version: states_of(rows, TOMORROW)[one.pk] for one in rows} == {1: "in_use", 2: "for_trial"}
    assert trial.text_b.version == 2
