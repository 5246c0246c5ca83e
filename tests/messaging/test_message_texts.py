"""Versions of texts: which one goes out when, who may write and approve, what R-41 refuses, and how parts are counted."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import given
from hypothesis import strategies as st

from casework.appointments import actions as appointments
from casework.core import gsm7
from casework.core.models import AuditEntry, Role
from casework.core.refusals import Refused
from casework.messaging import texts
from casework.messaging.actions.message_texts import approve_text, first_date, mark_of, write_text
from casework.messaging.checks import check, forbidden_in
from casework.messaging.models import (
    ForbiddenWord,
    Message,
    MessageText,
    TextForm,
    TextKind,
    TextState,
    states_of,
    text_forms,
)
from casework.migrations._message_texts import TEXTS, TEXTS_TO_CANCEL
from tests import make

NEW = "Gemeente Rotterdam: tot {day} om {time} uur bij {location}. Bel {phone_number}."
FACTS = {
    "location": "Vraagwijzer Feijenoord",
    "address": "",
    "directions": "",
    "first_name": "Samira",
    "channel": "place",
}


@pytest.fixture
def ada(db):
    return make.user(Role.ADMIN, username="ada")


@pytest.fixture
def bea(db):
    return make.user(Role.ADMIN, username="bea")


def draft(text: str = NEW, **changes) -> MessageText:
    return MessageText(**{"kind": "t2", "form": "sms", "language": "nl", "subject": "", "text": text} | changes)


def reminder(**facts) -> Message:
    return Message(kind="t2", planned_start=make.moment("2026-11-12 14:00"), facts=FACTS | facts)


def words(
    on: str, *, form: TextForm = TextForm.SMS, preferred: str = "nl", message: Message | None = None
) -> texts.Words:
    return texts.words(message or reminder(), form=form, preferred=preferred, on=dt.date.fromisoformat(on))


class TestWhichVersion:
    def test_a_new_one_counts_from_its_date_on(self, db):
        made = make.message_text(NEW, since="2026-11-05")
        assert words("2026-11-04").text.startswith("Gemeente Rotterdam: we zien u donderdag")
        after = words("2026-11-05")
        assert (
            after.text
            == "Gemeente Rotterdam: tot donderdag 12 november om 14.00 uur bij Vraagwijzer Feijenoord. Bel 14 010."
        )
        assert (after.wording.key, after.language) == (made.pk, "nl")

    def test_of_one_date_the_last_version_counts(self, db):
        make.message_text(NEW, since="2026-11-05")
        make.message_text("Later {day}.", since="2026-11-05")
        assert words("2026-11-06").text == "Later donderdag 12 november."

    def test_what_waits_does_not_go_out(self, db):
        make.message_text(NEW)
        assert "we zien u" in words("2030-01-01").text

    def test_a_process_reads_once_per_date(self, db, now, django_assert_num_queries):
        texts.forget()
        with django_assert_num_queries(1):
            for _again in range(3):
                words("2026-11-02")
                words("2026-10-01", form=TextForm.MAIL)

    def test_a_process_that_lives_on_goes_by_the_version_of_the_day(self, db, now):
        texts.forget()
        words("2026-11-02")
        made = make.message_text(NEW, since="2026-11-03")
        assert words("2026-11-03").wording.key == made.pk

    def test_the_row_says_which_version_it_was(self, samira, joris, now):
        household = make.household(mobile="+31612345678")
        appointments.book(household=household, counsellor=samira, location=samira.location, by=joris, now=now,
                          kind=make.appointment_type(), start=make.moment("2026-11-12 14:00"))  # fmt: skip
        appointments.send_due_messages(now=now)
        sent = Message.objects.get(kind="confirmation")
        assert sent.state == "sent"
        assert (sent.wording.kind, sent.wording.form, sent.wording.language, sent.wording.version) == (
            "confirmation", "sms", "nl", 1,
        )  # fmt: skip


class TestLanguage:
    """R-40."""

    @pytest.mark.parametrize(("preferred", "language"), [("nl", "nl"), ("en", "en"), ("tr", "nl"), ("zzz", "nl")])
    def test_dutch_where_there_is_no_text(self, preferred, language):
        assert words("2026-11-02", preferred=preferred).language == language

    def test_per_text_not_per_language(self):
        """Where one English text is lacking, only that message goes out in Dutch."""
        known = make.texts_of_etf()
        del known["t2", "sms", "en"]
        texts.remember(wordings=known, until=dt.date.max)
        assert words("2026-11-02", preferred="en").language == "nl"
        assert words("2026-11-02", preferred="en", form=TextForm.MAIL).language == "en"
        lacking = texts.lacking(dt.date(2026, 11, 2))
        assert (lacking["en"], lacking["tr"], "nl" in lacking) == (False, True, False)

    def test_what_is_approved_for_later_is_not_there_yet(self):
        known = make.texts_of_etf()
        known["t2", "sms", "en"] = [(dt.date(2026, 11, 5), known["t2", "sms", "en"][0][1])]
        texts.remember(wordings=known, until=dt.date.max)
        assert words("2026-11-04", preferred="en").language == "nl"
        assert words("2026-11-05", preferred="en").language == "en"

    def test_without_dutch_the_message_is_a_persons(self, samira, joris, now):
        household = make.household(mobile="+31612345678")
        appointments.book(household=household, counsellor=samira, location=samira.location, by=joris, now=now,
                          kind=make.appointment_type(), start=make.moment("2026-11-12 14:00"))  # fmt: skip
        texts.remember(wordings={}, until=dt.date.max)
        appointments.send_due_messages(now=now)
        row = Message.objects.to_call().get()
        assert (row.state, row.error) == ("failed", "NoApprovedText")


class TestLetter:
    URGENT = "Is er iets dat snel moet, zoals een brief over uw huis, gas, stroom of water? Bel dan vandaag."

    def test_what_is_urgent_stands_in_the_letter_only(self):
        """messages.md 4.3."""
        missed = Message(kind="missed", planned_start=make.moment("2026-11-12 14:00"), facts=FACTS)
        assert self.URGENT in words("2026-11-02", form=TextForm.LETTER, message=missed).text
        assert "stroom" not in words("2026-11-02", form=TextForm.MAIL, message=missed).text

    def test_without_words_of_its_own_it_has_those_of_the_mail(self):
        assert words("2026-11-02", form=TextForm.LETTER) == words("2026-11-02", form=TextForm.MAIL)

    def test_what_is_not_known_is_left_out_with_its_words(self):
        full = words("2026-11-02", form=TextForm.MAIL, message=reminder(directions="halte Plein.")).text
        assert "bij Vraagwijzer Feijenoord. Zo komt u er: halte Plein.\n" in full
        assert "bij Vraagwijzer Feijenoord.\n" in words("2026-11-02", form=TextForm.MAIL).text

    def test_values_are_never_read_as_text(self):
        odd = reminder(location="{day} [x] <b>")
        assert "{day} [x] <b>" in words("2026-11-02", message=odd).text


@pytest.mark.django_db
class TestMigration:
    def test_every_text_of_etf_is_there_as_it_was_approved(self):
        rows = MessageText.objects.order_by("pk").values_list("pk", "kind", "form", "language", "subject", "text")
        assert list(rows) == [(key, *one) for key, one in enumerate(TEXTS + TEXTS_TO_CANCEL, start=1)]
        assert set(states_of(list(MessageText.objects.filter(kind="t2", form="sms", language="nl")), dt.date(2015, 1, 1)).values()) == {
            TextState.IN_USE
        }  # fmt: skip

    def test_every_text_of_etf_passes_its_own_check(self):
        """The lists hold nothing that stands in a text, and every text message fits in one."""
        make.location(name="Vraagwijzer Hillegersberg-Schiebroek")
        for row in MessageText.objects.all():
            found = check(row)
            assert (found.refused, found.to_be_seen) == ([], []), str(row)

    def test_there_is_a_text_for_every_kind_in_both_languages(self):
        there = set(MessageText.objects.values_list("kind", "form", "language"))
        wanted = {(kind.value, form.value, language) for kind in TextKind for form in text_forms(kind)
                  for language in ("nl", "en") if form != TextForm.LETTER}  # fmt: skip
        assert wanted <= there

    def test_the_next_row_gets_the_next_number(self):
        assert make.message_text(NEW).pk > len(TEXTS + TEXTS_TO_CANCEL)


@pytest.mark.django_db
class TestWhatTheDatabaseRefuses:
    @pytest.mark.parametrize("change", [{"text": "x"}, {"valid_from": dt.date(2030, 1, 1)}, {"approved_at": None}])
    def test_an_approved_version_never_changes(self, change):
        with pytest.raises(ProgrammingError, match="never changes"), transaction.atomic():
            MessageText.objects.filter(pk=1).update(**change)
        with pytest.raises(ProgrammingError, match="never changes"), transaction.atomic():
            MessageText.objects.filter(pk=1)._raw_delete("default")

    def test_a_copy_of_the_database_can_be_read_back(self):
        row = MessageText.objects.get(pk=1)
        row.save()
        with connection.cursor() as cursor:
            cursor.execute("update casework_messagetext set text = text where id = 1")
            assert cursor.rowcount == 1

    def test_what_waits_may_change_and_go(self):
        row = make.message_text(NEW)
        MessageText.objects.filter(pk=row.pk).update(text="Anders.")
        row.delete()

    @pytest.mark.parametrize(
        ("changes", "constraint"),
        [
            ({"version": 1}, "version_once"),
            ({"valid_from": dt.date(2026, 11, 5)}, "approved_from_a_date"),
            ({"approved_at": "2026-11-04 09:00"}, "approved_from_a_date"),
            ({"approved_at": "2026-11-05 00:30", "valid_from": dt.date(2026, 11, 5), "approved_by": "bea"}, "from_a_later_date"),
            ({"approved_at": "2026-11-04 09:00", "valid_from": dt.date(2026, 11, 5), "approved_by": "ada"}, "four_eyes"),
            ({"approved_at": "2026-11-04 09:00", "valid_from": dt.date(2026, 11, 5)}, "four_eyes"),
            ({"written_by": None}, "approved_from_a_date"),
            ({"subject": "Afspraak"}, "subject_of_mail"),
            ({"form": "mail"}, "subject_of_mail"),
            ({"kind": "t0", "form": "mail", "subject": "Afspraak"}, "same_day_by_sms"),
        ],
    )  # fmt: skip
    def test_what_cannot_be(self, ada, bea, changes, constraint):
        people = {"ada": ada, "bea": bea}
        changes = {name: people.get(value, value) for name, value in changes.items()}
        if "approved_at" in changes:
            changes["approved_at"] = make.moment(changes["approved_at"])
        row = draft(**{"version": 9, "written_by": ada, "written_at": make.moment("2026-11-02 09:00")} | changes)
        with pytest.raises(IntegrityError, match=f"message_text_{constraint}"), transaction.atomic():
            row.save()

    def test_only_one_version_waits(self):
        make.message_text(NEW)
        with pytest.raises(IntegrityError, match="message_text_one_waits"), transaction.atomic():
            make.message_text(NEW)

    @pytest.mark.parametrize("word", ["Schuld", "", " x", "x "])
    def test_forbidden_words_are_words_and_stand_there_once(self, word):
        with pytest.raises(IntegrityError, match="forbidden_word"), transaction.atomic():
            ForbiddenWord.objects.create(word=word)


class TestWritingAndApproving:
    def test_written_by_one_and_approved_by_another(self, ada, bea, now):
        row = write_text(text=draft(), by=ada, now=now)
        assert (row.version, row.written_by, row.waits) == (2, ada, True)
        done = approve_text(text=row, valid_from=first_date(now), mark=mark_of(row), by=bea, now=now)
        assert (done.approved_by, done.valid_from) == (bea, dt.date(2026, 11, 3))
        line = AuditEntry.objects.get(action="approve_message_text")
        assert (line.username, line.object_key) == ("bea", f"messagetext:{row.pk}")
        assert line.details == {"version": 2, "valid_from": "2026-11-03", "written_by": "ada"}

    def test_nobody_approves_their_own(self, ada, now):
        row = write_text(text=draft(), by=ada, now=now)
        with pytest.raises(Refused, match="Een andere beheerder keurt haar goed"):
            approve_text(text=row, valid_from=first_date(now), mark=mark_of(row), by=ada, now=now)

    def test_who_changes_it_last_is_its_writer(self, ada, bea, now):
        row = write_text(text=draft(), by=ada, now=now)
        row.text += " Tot dan!"
        write_text(text=row, by=bea, now=now)
        with pytest.raises(Refused):
            approve_text(text=row, valid_from=first_date(now), mark=mark_of(row), by=bea, now=now)
        assert approve_text(text=row, valid_from=first_date(now), mark=mark_of(row), by=ada, now=now).version == 2

    def test_only_what_was_read_is_approved(self, ada, bea, now):
        row = write_text(text=draft(), by=ada, now=now)
        read = mark_of(row)
        row.text += " Tot dan!"
        write_text(text=row, by=ada, now=now)
        with pytest.raises(Refused, match="intussen gewijzigd"):
            approve_text(text=row, valid_from=first_date(now), mark=read, by=bea, now=now)

    def test_once_approved_it_is_not_approved_again_and_not_written(self, ada, bea, now):
        row = write_text(text=draft(), by=ada, now=now)
        opened = MessageText.objects.get(pk=row.pk)
        approve_text(text=row, valid_from=first_date(now), mark=mark_of(row), by=bea, now=now)
        with pytest.raises(Refused, match="al goedgekeurd"):
            approve_text(text=opened, valid_from=first_date(now), mark=mark_of(row), by=bea, now=now)
        opened.text = "Anders."
        with pytest.raises(Refused, match="intussen goedgekeurd"):
            write_text(text=opened, by=ada, now=now)

    @pytest.mark.parametrize(
        ("moment", "first"), [("2026-11-02 23:54", "2026-11-03"), ("2026-11-02 23:56", "2026-11-04")]
    )
    def test_shortly_before_midnight_a_day_later(self, ada, bea, moment, first):
        """A process may read for the new date before this is there."""
        at = make.moment(moment)
        assert first_date(at) == dt.date.fromisoformat(first)
        row = write_text(text=draft(), by=ada, now=at)
        with pytest.raises(Refused, match="Kies een datum na vandaag"):
            approve_text(text=row, valid_from=first_date(at) - dt.timedelta(days=1), mark=mark_of(row), by=bea, now=at)

    def test_a_word_that_came_on_the_list_meanwhile(self, ada, bea, now):
        row = write_text(text=draft(), by=ada, now=now)
        ForbiddenWord.objects.create(word="tot")
        with pytest.raises(Refused, match="“tot” verraadt"):
            approve_text(text=row, valid_from=first_date(now), mark=mark_of(row), by=bea, now=now)

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
    def test_only_an_administrator(self, ada, role, now):
        other = make.user(role)
        with pytest.raises(Refused, match="Alleen een beheerder"):
            write_text(text=draft(), by=other, now=now)
        row = write_text(text=draft(), by=ada, now=now)
        with pytest.raises(Refused, match="Alleen een beheerder"):
            approve_text(text=row, valid_from=first_date(now), mark=mark_of(row), by=other, now=now)

    def test_a_second_one_that_waits(self, ada, now):
        write_text(text=draft(), by=ada, now=now)
        with pytest.raises(Refused, match="wacht al een versie"):
            write_text(text=draft("Anders."), by=ada, now=now)


class TestCheck:
    """R-41."""

    @pytest.mark.parametrize(
        "word", ["schuldhulp", "MAIT", "Dossier", "GELDZORGEN", "bewindvoerder", "uitkering", "financie\u0308n"]
    )
    def test_a_forbidden_word_is_found(self, word):
        assert forbidden_in(f"Over uw {word}.", make.forbidden_words())

    def test_abbreviations_only_count_as_whole_words(self):
        assert forbidden_in("Betfair en maiteken", make.forbidden_words()) == []

    def test_it_is_named(self, ada, now):
        with pytest.raises(Refused, match="“uitkering” verraadt waarom iemand komt") as refused:
            write_text(text=draft("Over uw Uitkering."), by=ada, now=now)
        assert refused.value.field == "text"

    def test_also_in_the_subject(self, db):
        found = check(draft("Hallo.", form="mail", subject="Uw schulden"))
        assert [field for field, _why in found.refused] == ["subject"]

    def test_a_list_per_language_and_dutch_for_all(self, db):
        assert not check(draft("Over uw debt.")).refused
        assert len(check(draft("Over uw debt en schuld.", language="en")).refused) == 2

    @pytest.mark.parametrize(
        ("text", "form", "says"),
        [
            ("Op {dag}.", "sms", "{dag} kan hier niet worden ingevuld."),
            ("Bij {address}.", "sms", "{address} kan hier"), ("Dag {first_name}.", "sms", "{first_name} kan hier"),
            ("Op {day.", "sms", "Accolades en haken"), ("Op {}.", "sms", "Accolades en haken"),
            ("[Bij {location}", "mail", "Accolades en haken"), ("[a [b] c]", "mail", "Accolades en haken"),
            ("Op {day.year}.", "mail", "Accolades en haken"),
        ],
    )  # fmt: skip
    def test_placeholders(self, db, text, form, says):
        found = check(draft(text, form=form, subject="" if form == "sms" else "Uw afspraak"))
        assert any(says in why for _field, why in found.refused)

    def test_in_a_mail_everything_may_be_filled_in(self, db):
        text = "{day} {time} {location}[, {address}] [{directions}] {first_name} {phone_number}"
        assert not check(draft(text, form="mail", subject="Uw afspraak op {day}")).refused

    def test_characters_outside_are_named_with_what_fits(self, db):
        found = check(draft("Geïnformeerd, Işık."))
        assert found.about_outside == (
            "Niet in het alfabet van sms: ï ı ş. Daarom passen er maar 70 tekens in één sms."
        )
        assert (found.limit, found.parts) == (70, 1)

    def test_the_longest_location_in_use_counts(self, db):
        make.location(name="Vraagwijzer Kort")
        far = make.location(name="Vraagwijzer Hillegersberg-Schiebroek")
        found = check(draft(NEW))
        assert found.place == far.name
        far.active = False
        far.save()
        assert check(draft(NEW)).place == "Vraagwijzer Kort"

    def test_a_location_outside_the_alphabet_takes_more_than_a_longer_one(self, db):
        make.location(name="Vraagwijzer Hillegersberg-Schiebroek")
        make.location(name="Vraagwijzer Işık")
        assert check(draft(NEW)).place == "Vraagwijzer Işık"

    def test_the_short_date_saves_a_part(self, db):
        row = draft("x" * 140 + "{day}")
        assert check(row).example == "x" * 140 + "do 10 sep"
        assert (check(row).parts, check(row).length) == (1, 149)

    @pytest.mark.parametrize(
        ("length", "parts", "refused"), [(160, 1, False), (161, 2, False), (306, 2, False), (307, 3, True)]
    )
    def test_one_is_fine_two_must_be_seen_three_are_refused(self, db, length, parts, refused):
        found = check(draft("x" * length))
        assert (found.parts, bool(found.to_be_seen), bool(found.refused)) == (parts, parts > 1, refused)
        if refused:
            assert "Dit kost 3 sms’en bij Vraagwijzer" in found.refused[0][1]

    def test_of_a_mail_nothing_is_counted(self, db):
        found = check(draft("ë" * 900, form="mail", subject="Uw afspraak"))
        assert (found.parts, found.to_be_seen, found.refused) == (1, [], [])


GSM7 = "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà"
EXTENSION = "^{}\\[~]|€\f"


class TestCounting:
    """3GPP TS 23.038, by another way than the product counts."""

    @given(st.text(alphabet=GSM7 + EXTENSION, max_size=700))
    def test_in_gsm7(self, text):
        septets = "".join(f"\x1b{ch}" if ch in EXTENSION else ch for ch in text)
        assert gsm7.outside(text) == set()
        assert gsm7.length(text) == len(septets)
        assert gsm7.parts(text) == (
            1 if len(septets) <= 160 else pieces(septets, 153, lambda rest: rest[152] == "\x1b")
        )

    @given(st.text(alphabet=GSM7 + EXTENSION + "ëğşا😀", max_size=400), st.sampled_from("ëğ😀"))
    def test_in_ucs2(self, text, other):
        units = memoryview((text + other).encode("utf-16-le")).cast("H").tolist()
        assert other in gsm7.outside(text + other)
        assert gsm7.length(text + other) == len(units)
        assert gsm7.parts(text + other) == (
            1 if len(units) <= 70 else pieces(units, 67, lambda rest: 0xD800 <= rest[66] < 0xDC00)
        )  # fmt: skip

    @given(
        st.text(alphabet=GSM7 + EXTENSION + "ë", max_size=400), st.text(alphabet=GSM7 + EXTENSION + "ë", max_size=20)
    )
    def test_more_text_never_takes_less(self, text, more):
        assert gsm7.parts(text + more) >= gsm7.parts(text)

    def test_an_escape_is_not_cut_in_two(self):
        assert gsm7.parts("x" * 152 + "€" + "x" * 152) == 3
        assert gsm7.parts("x" * 153 + "€" + "x" * 151) == 2


def pieces(units, size: int, would_cut) -> int:
    """Cut off a part at a time; one shorter where its last unit and the next are one character."""
    number = 0
    while units:
        cut = size - 1 if len(units) > size and would_cut(units) else size
        units, number = units[cut:], number + 1
    return number
