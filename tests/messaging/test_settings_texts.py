"""The settings of texts: the list, a page that counts, the second pair of eyes, forbidden words (S25, R-40, R-41)."""

import datetime as dt
import json
import re

import pytest
from django.urls import reverse

from casework.core.models import AuditEntry, Role
from casework.messaging import texts
from casework.messaging.models import ForbiddenWord, MessageText
from casework.migrations._message_texts import TEXTS, TEXTS_TO_CANCEL
from tests import make
from tests.core.page_forms import forms_of
from tests.core.test_settings_effects import filled
from tests.counsellors.test_admin import text_of

LIST = "admin:casework_messagetext_changelist"
ADD = "admin:casework_messagetext_add"
WORDS = "admin:casework_forbiddenword_add"
NEW = "Gemeente Rotterdam: tot {day} om {time} uur bij {location}. Bel {phone_number}."


@pytest.fixture
def ada(browse, db):
    return browse(make.user(Role.ADMIN, username="ada", name="Ada Eerst"))


@pytest.fixture
def bea(browse, db):
    return browse(make.user(Role.ADMIN, username="bea", name="Bea Tweede"))


def page(what: str, row: MessageText) -> str:
    return reverse(f"admin:casework_messagetext_{what}", args=[row.pk])


def new(kind="t2", form="sms", language="nl") -> str:
    return f"{reverse(ADD)}?kind={kind}&form={form}&language={language}"


def write(client, text=NEW, **where):
    """A new version, as a browser sends it."""
    return client.post(new(**where), filled(client.get(new(**where))) | {"text": text})


def written(client, text=NEW, **where) -> MessageText:
    assert write(client, text, **where).status_code == 302
    return MessageText.objects.get(approved_at=None)


def approve(client, row, since="3-11-2026"):
    opened = filled(client.get(page("approve", row)))
    return client.post(page("approve", row), opened | {"valid_from": since}, follow=True)


class TestList:
    def test_every_text_that_there_can_be_with_what_is_in_use(self, ada, now):
        shown = ada.get(reverse(LIST))
        # Two kinds by text message only, seven in three forms, in two languages.
        assert shown.content.decode().count('data-test="text"') == (2 * 1 + 7 * 3) * 2
        assert text_of(shown).count("versie 1") == len(TEXTS + TEXTS_TO_CANCEL)
        assert "geen: een brief heeft de woorden van de e-mail" in text_of(shown)

    def test_states(self, ada, bea, now):
        make.message_text("Oud {day}.", since="2026-10-01")
        make.message_text("Straks {day}.", since="2026-11-09")
        row = written(ada)
        shown = text_of(ada.get(reverse(LIST)))
        assert "versie 4 : Herinnering vooraf, Sms, Nederlands : wacht op goedkeuring, door Ada Eerst" in shown
        assert re.search(r"versie 3 : [^:]*: goedgekeurd, nog niet ingegaan, vanaf ma 9 nov, door Wim en Vera", shown)
        assert re.search(r"versie 2 : [^:]*: in gebruik, vanaf do 1 okt, door Wim en Vera", shown)
        assert re.search(r"versie 1 : [^:]*: beëindigd", shown)
        assert page("approve", row) in bea.get(reverse(LIST)).content.decode()

    def test_a_text_in_use_with_a_word_that_is_forbidden_since(self, ada, now):
        ForbiddenWord.objects.create(word="andere tijd")
        assert "Hierin staat intussen een verboden woord: andere tijd" in text_of(ada.get(reverse(LIST)))

    @pytest.mark.parametrize("versions", [0, 3])
    def test_as_many_queries_with_more_versions(self, ada, now, versions, django_assert_num_queries):
        for number in range(versions):
            make.message_text(NEW, since=f"2026-10-0{number + 1}")
        ada.get(reverse(LIST))
        with django_assert_num_queries(7):
            ada.get(reverse(LIST))


class TestNewVersion:
    def test_it_starts_from_the_words_in_use(self, ada, now):
        opened = filled(ada.get(new()))
        assert (opened["kind"], opened["form"], opened["language"]) == ("t2", "sms", "nl")
        assert opened["text"].strip() == MessageText.objects.get(kind="t2", form="sms", language="nl").text

    @pytest.mark.parametrize(
        "query", ["", "?kind=zzz&form=%00&language=x", "?kind=t2&form=sms", "?language=tr&form=sms"]
    )
    def test_nonsense_in_the_address(self, ada, now, query):
        assert ada.get(reverse(ADD) + query).status_code == 200

    def test_written_approved_and_in_force(self, ada, bea, now):
        row = written(ada)
        assert (row.version, row.written_by.username, row.valid_from) == (2, "ada", None)
        assert "Goedgekeurd: Herinnering vooraf, sms, Nederlands, versie 2." in text_of(approve(bea, row))
        row.refresh_from_db()
        assert (row.approved_by.username, row.valid_from) == ("bea", dt.date(2026, 11, 3))
        texts.forget()
        assert texts.in_force("t2", "sms", "nl", dt.date(2026, 11, 3)).key == row.pk
        assert texts.in_force("t2", "sms", "nl", dt.date(2026, 11, 2)).key != row.pk
        lines = AuditEntry.objects.filter(object_key=f"messagetext:{row.pk}").order_by("id")
        assert [(line.action, line.username) for line in lines] == [
            ("add_settings", "ada"),
            ("approve_message_text", "bea"),
        ]
        assert lines[0].details["new"]["text"] == NEW

    def test_a_change_leaves_old_and_new(self, ada, now):
        row = written(ada)
        ada.post(page("change", row), filled(ada.get(page("change", row))) | {"text": "Anders."})
        line = AuditEntry.objects.get(action="change_settings")
        assert (line.details["old"], line.details["new"]) == ({"text": NEW}, {"text": "Anders."})

    def test_who_saves_without_a_change_is_not_its_writer(self, ada, bea, now):
        """A browser sends line ends in its own way; that is no change."""
        row = written(ada, "Dag.\r\n\r\nTot {day}.", form="mail")
        assert row.text == "Dag.\n\nTot {day}."
        opened = filled(bea.get(page("change", row)))
        bea.post(page("change", row), opened | {"text": opened["text"].replace("\n", "\r\n")})
        row.refresh_from_db()
        assert row.written_by.username == "ada"

    def test_a_colleague_was_first(self, ada, bea, now):
        row = written(ada)
        mine, theirs = (filled(one.get(page("change", row))) for one in (ada, bea))
        bea.post(page("change", row), theirs | {"text": "Van Bea."})
        answer = ada.post(page("change", row), mine | {"text": "Van Ada."})
        assert "Er staat nu: Van Bea." in text_of(answer)
        assert filled(answer)["text"].strip() == "Van Ada."

    def test_what_waits_can_be_taken_away(self, ada, now):
        row = written(ada)
        assert ada.post(page("delete", row), {"post": "yes"}).status_code == 302
        assert not MessageText.objects.filter(pk=row.pk).exists()
        assert AuditEntry.objects.filter(action="delete_settings").exists()

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"text": "Over uw uitkering."}, "“uitkering” verraadt waarom iemand komt."),
            ({"text": "Op {dag}."}, "{dag} kan hier niet worden ingevuld."),
            ({"text": "x" * 400}, "Dit kost 3 sms’en bij Vraagwijzer; er gaan er hoogstens 2 uit."),
            ({"text": ""}, "verplicht"), ({"text": "x" * 3001}, "3000"), ({"text": "\x00"}, "Null"),
            ({"subject": "Uw afspraak"}, "een sms niet"),
            ({"form": "mail", "subject": ""}, "hebben een onderwerp"),
            ({"form": "mail", "subject": "Uw schuld"}, "“schuld” verraadt"),
            ({"kind": "t0", "form": "mail", "subject": "Uw afspraak"}, "Op de dag zelf komt alleen een sms op tijd."),
            ({"language": "tr"}, "geldige keuze"), ({"kind": "zzz"}, "geldige keuze"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_said_and_stays_typed(self, ada, now, typed, says):
        answer = ada.post(new(), filled(ada.get(new())) | {"text": NEW} | typed)
        assert answer.status_code == 200
        assert says in text_of(answer)
        assert MessageText.objects.filter(approved_at=None).count() == 0
        if "uitkering" in typed.get("text", ""):
            assert filled(answer)["text"].strip() == typed["text"]

    def test_a_second_one_that_waits(self, ada, bea, now):
        written(ada)
        assert "Er wacht al een versie van deze tekst op goedkeuring." in text_of(write(bea, "Anders."))


class TestMustBeSeen:
    """R-41: more than one part, or a letter that halves what fits, is seen once before it is saved."""

    def test_two_parts(self, ada, now):
        answer = write(ada, "x" * 200)
        assert "200 tekens (GSM-7, 160 in één): 2 sms’en." in text_of(answer)
        assert "Sla nog een keer op als u dit zo bedoelt." in text_of(answer)
        assert not MessageText.objects.filter(approved_at=None).exists()
        assert ada.post(new(), filled(answer)).status_code == 302

    def test_another_text_is_seen_anew(self, ada, now):
        seen = filled(write(ada, "x" * 200))
        answer = ada.post(new(), seen | {"text": "x" * 201})
        assert "201 tekens" in text_of(answer)
        assert ada.post(new(), filled(answer)).status_code == 302

    def test_a_letter_outside_the_alphabet(self, ada, now):
        answer = write(ada, "Geïnformeerd op {day}.")
        assert "Niet in het alfabet van sms: ï. Daarom passen er maar 70 tekens in één sms." in text_of(answer)
        assert ada.post(new(), filled(answer)).status_code == 302

    def test_of_a_mail_nothing_is_counted(self, ada, now):
        assert write(ada, "ë" * 500, form="mail").status_code == 302


class TestCheckButton:
    """Without JavaScript the server shows what the page would count."""

    def test_it_counts_and_saves_nothing(self, ada, now):
        make.location(name="Vraagwijzer Hillegersberg-Schiebroek")
        answer = ada.post(new(), filled(ada.get(new())) | {"text": NEW, "_check": "1"})
        shown = text_of(answer)
        assert "Gecontroleerd. Er is nog niets opgeslagen." in shown
        assert "113 van 160 tekens (GSM-7): één sms." in shown
        assert "Met de langste locatie en datum: Vraagwijzer Hillegersberg-Schiebroek" in shown
        assert "tot donderdag 10 september om 14.00 uur bij Vraagwijzer Hillegersberg-Schiebroek. Bel 14 010." in shown
        assert not MessageText.objects.filter(approved_at=None).exists()

    def test_it_names_what_is_wrong(self, ada, now):
        answer = ada.post(new(), filled(ada.get(new())) | {"text": "Uw dossier.", "_check": "1"})
        assert "“dossier” verraadt" in text_of(answer)

    def test_of_what_waits(self, ada, now):
        row = written(ada)
        answer = ada.post(page("change", row), filled(ada.get(page("change", row))) | {"text": "Kort.", "_check": "1"})
        assert "5 van 160 tekens" in text_of(answer)
        row.refresh_from_db()
        assert row.text == NEW

    def test_what_the_page_counts_with_is_what_the_server_counts_with(self, ada, now):
        make.location(name="Vraagwijzer Işık")
        found = ada.get(new()).context["live"]
        live = json.loads(found)
        assert live["samples"]["nl"]["facts"][0]["location"] == "Vraagwijzer Işık"
        assert (live["form"], live["language"]) == ("sms", "nl")
        assert set(live["words"]) == {"one", "more", "outside"}


class TestApproving:
    def test_its_writer_reads_why_not(self, ada, now):
        row = written(ada)
        shown = ada.get(page("approve", row))
        assert "U schreef deze versie. Een andere beheerder keurt haar goed." in text_of(shown)
        assert not [form for form in forms_of(shown.content.decode()) if "valid_from" in form.fields]
        posted = ada.post(page("approve", row), {"valid_from": "3-11-2026", "mark": "x"})
        assert "U schreef deze versie." in text_of(posted)
        row.refresh_from_db()
        assert row.waits

    @pytest.mark.parametrize(
        ("since", "says"),
        [("2-11-2026", "Kies een datum na vandaag"), ("1-1-2020", "Kies een datum na vandaag"), ("", "verplicht"),
         ("zzz", "Vul een datum in"), ("31-12-9999", "Vul een datum in")],
    )  # fmt: skip
    def test_a_date_that_cannot_be(self, ada, bea, now, since, says):
        row = written(ada)
        answer = approve(bea, row, since)
        assert answer.status_code == 200
        assert says in text_of(answer)
        row.refresh_from_db()
        assert row.waits

    def test_a_text_that_changed_meanwhile(self, ada, bea, now):
        row = written(ada)
        opened = filled(bea.get(page("approve", row)))
        ada.post(page("change", row), filled(ada.get(page("change", row))) | {"text": "Anders."})
        assert "intussen gewijzigd" in text_of(bea.post(page("approve", row), opened))

    def test_once_is_enough(self, ada, bea, now):
        row = written(ada)
        approve(bea, row)
        assert "Deze versie is al goedgekeurd." in text_of(bea.get(page("approve", row)))
        shown = bea.get(page("change", row))
        assert "Deze versie is goedgekeurd en verandert niet meer." in text_of(shown)
        assert "Zo gaat het uit" in text_of(shown)
        for what in ("change", "delete"):
            assert bea.post(page(what, row), {"post": "yes", "text": "x"}).status_code == 403

    def test_an_unknown_one(self, ada, now):
        assert ada.get(reverse("admin:casework_messagetext_approve", args=[999999])).status_code == 404

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
    def test_for_administrators_only(self, browse, role, now, db):
        row, client = make.message_text(NEW), browse(make.user(role, username="x"))
        for address in (
            reverse(LIST),
            new(),
            page("approve", row),
            page("change", row),
            page("delete", row),
            reverse(WORDS),
        ):
            assert client.get(address).status_code == 403, address
            assert client.post(address, {"valid_from": "3-11-2026", "text": "x"}).status_code == 403, address


class TestForbiddenWords:
    def test_a_new_word_counts_at_once(self, ada, now):
        assert ada.post(reverse(WORDS), {"language": "nl", "word": " aanmaning "}).status_code == 302
        assert "“aanmaning” verraadt" in text_of(write(ada, "Over uw Aanmaning."))
        assert AuditEntry.objects.filter(action="add_settings", object_key__startswith="forbiddenword:").exists()

    @pytest.mark.parametrize(
        ("word", "says"),
        [("SCHULD", "Dit woord staat al in de lijst."), ("", "verplicht"), ("x" * 41, "40"), ("\x00", "Null")],
    )
    def test_what_cannot_be(self, ada, now, word, says):
        assert says in text_of(ada.post(reverse(WORDS), {"language": "nl", "word": word}))

    def test_a_word_can_go(self, ada, now):
        row = ForbiddenWord.objects.get(language="nl", word="dossier")
        assert (
            ada.post(reverse("admin:casework_forbiddenword_delete", args=[row.pk]), {"post": "yes"}).status_code == 302
        )
        assert write(ada, "Over uw dossier.").status_code == 302
