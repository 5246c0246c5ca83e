"""The doors of letters on paper: what waits, a stack, the document, and what became of it (decision 0063)."""

import html
import io
import re

import pypdf
import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from casework.core.models import AuditEntry, AuditKind, Role
from casework.households.models import Household
from casework.messaging import actions
from casework.messaging.models import LetterBatch, Message, MessageState, WithdrawnReason
from tests import make


@pytest.fixture
def fatou(feijenoord):
    return make.household(given="Fatou", surname="Ndiaye", mobile="", location=feijenoord, **make.ADDRESS)


@pytest.fixture
def desk(browse, joris, now):
    return browse(joris)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", html.unescape(strip_tags(answer.content.decode())))


class TestWhatWaits:
    def test_oldest_first_with_the_last_day_to_post(self, desk, fatou, now):
        make.letter(fatou, start="2026-11-05 14:00", kind="changed")
        make.letter(fatou, due_at=make.moment("2026-10-30 12:00"))
        page = desk.get("/brieven/")
        shown = text_of(page)
        assert "2 brieven wachten, oudste eerst" in shown
        rows = re.findall(r'data-test="letter">(.*?)</tr>', page.content.decode(), re.DOTALL)
        assert ["vandaag is de laatste dag" in row for row in rows] == [False, True]
        assert "wo 11 nov" in rows[0]
        assert "612345678" not in shown

    def test_the_own_location_is_a_filter_that_one_can_take_away(self, desk, feijenoord):
        elsewhere = make.household(given="Aart", mobile="", location=make.location(), **make.ADDRESS)
        make.letter(elsewhere)
        page = desk.get("/brieven/")
        assert "Er wachten geen brieven om te printen." in text_of(page)
        assert "Brieven printen" not in text_of(page)
        assert "Aart" in text_of(desk.get("/brieven/" + page.context["clear"]))

    def test_nothing_at_all(self, browse, ingrid, now):
        shown = text_of(browse(ingrid).get("/brieven/"))
        assert "Er wachten geen brieven om te printen." in shown
        assert "Er is niets meer te posten." in shown

    @pytest.mark.parametrize("value", ["\x00", "weg", "-1", "9" * 30])
    def test_nonsense_is_left_out(self, desk, fatou, value):
        make.letter(fatou)
        assert "1 brief wacht" in text_of(desk.get("/brieven/", {"location": value, "sort": value, "after": value}))
        assert desk.post("/brieven/printen/", {"location": value}).status_code == 404

    def test_more_than_one_stack_says_so(self, desk, fatou, monkeypatch):
        monkeypatch.setattr(actions, "MOST_LETTERS", 1)
        make.letter(fatou)
        make.letter(fatou)
        assert "De oudste 1 brieven printen" in text_of(desk.get("/brieven/"))

    def test_the_page_of_messages_leads_here(self, desk, browse, samira):
        assert 'href="/brieven/"' in desk.get("/berichten/").content.decode()
        assert 'href="/brieven/"' not in browse(samira.user).get("/berichten/").content.decode()


class TestPrinting:
    def test_from_what_waits_to_what_is_posted(self, desk, fatou, joris, now):
        row = make.letter(fatou)
        answer = desk.post("/brieven/printen/", {"location": "FEI"})
        batch = LetterBatch.objects.get()
        assert answer.url == f"/brieven/stapel/{batch.pk}/"
        shown = text_of(desk.get(answer.url))
        assert "1 brief, in de volgorde van het papier" in shown
        assert "Haal deze brieven uit de stapel" not in shown
        assert "Stapel van ma 2 nov 09.00, Joris de Wit: 1 brief" in text_of(desk.get("/brieven/"))
        for _click in range(2):
            desk.post(f"/brieven/stapel/{batch.pk}/gepost/")
        row.refresh_from_db()
        assert (row.state, row.sent_at) == (MessageState.SENT, now)
        shown = text_of(desk.get(answer.url))
        assert "Gepost, ma 2 nov 09.00, Joris de Wit" in shown
        assert "Niet gelukt, opnieuw" not in shown
        assert f'href="/brieven/stapel/{batch.pk}/"' in desk.get(f"/berichten/{row.pk}/").content.decode()

    def test_a_colleague_was_first(self, desk, fatou, joris, now):
        make.letter(fatou)
        desk.post("/brieven/printen/", {"location": "FEI"})
        answer = desk.post("/brieven/printen/", {"location": "FEI"}, follow=True)
        assert "Misschien heeft een collega ze net geprint." in text_of(answer)

    def test_none_can_be_sent_any_more(self, desk, fatou):
        make.letter(fatou)
        Household.objects.update(secret_address=True)
        answer = desk.post("/brieven/printen/", {"location": ""}, follow=True)
        assert "Ze staan op de bellijst." in text_of(answer)

    def test_what_was_withdrawn_since_is_to_be_taken_out(self, desk, fatou, joris):
        batch = make.stack(fatou, fatou, by=joris)
        gone, late = batch.letters.order_by("pk")
        actions.withdraw(appointment_key=gone.appointment_key, reason=WithdrawnReason.CANCELLED, now=gone.due_at)
        Message.objects.filter(pk=late.pk).update(state="call")
        page = desk.get(f"/brieven/stapel/{batch.pk}/").content.decode()
        block = re.search(r'role="alert" data-test="take-out">(.*?)</section>', page, re.DOTALL)[1]
        assert "Haal deze brieven uit de stapel" in block
        assert "de afspraak is afgezegd" in block
        assert "de brief zou te laat komen; iemand belt" in block
        assert "Er zit geen brief meer in deze stapel." in page
        assert "Brieven downloaden" not in page
        assert "haal 2 brieven uit de stapel" in text_of(desk.get("/brieven/"))

    def test_who_moved_since_is_pointed_out(self, desk, fatou, joris):
        batch = make.stack(fatou, by=joris)
        assert 'data-test="moved"' not in desk.get(f"/brieven/stapel/{batch.pk}/").content.decode()
        Household.objects.update(house_number="2")
        assert 'data-test="moved"' in desk.get(f"/brieven/stapel/{batch.pk}/").content.decode()

    def test_one_letter_again_and_then_all(self, desk, fatou, joris):
        batch = make.stack(fatou, fatou, by=joris)
        one = batch.letters.order_by("pk").first()
        address = f"/brieven/stapel/{batch.pk}/opnieuw/"
        assert desk.post(address, {"letter": str(one.pk)}).url == f"/brieven/stapel/{batch.pk}/"
        answer = desk.post(address, follow=True)
        assert answer.redirect_chain == [("/brieven/", 302)]
        assert "1 brief wacht opnieuw." in text_of(answer)
        assert "2 brieven wachten" in text_of(answer)
        assert "Een collega heeft al gezegd" in text_of(desk.post(address, follow=True))

    @pytest.mark.parametrize("key", ["\x00", "1", "00000000-0000-4000-8000-000000000000"])
    def test_a_letter_that_is_not_in_the_stack(self, desk, fatou, joris, key):
        batch = make.stack(fatou, by=joris)
        assert desk.post(f"/brieven/stapel/{batch.pk}/opnieuw/", {"letter": key}).status_code == 404

    @pytest.mark.parametrize("door", ["", "pdf/"])
    def test_a_stack_that_is_not_there(self, desk, door):
        assert desk.get(f"/brieven/stapel/999999/{door}").status_code == 404


class TestTheDocument:
    def test_it_is_a_file_that_nobody_keeps_and_each_household_has_a_line(self, desk, fatou, joris):
        other = make.household(given="Aart", mobile="", **make.ADDRESS)
        batch = make.stack(fatou, other, by=joris)
        answer = desk.get(f"/brieven/stapel/{batch.pk}/pdf/")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="etf_brieven_{batch.pk}.pdf"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert set(answer.headers["Cache-Control"].split(", ")) == {"no-store", "private"}
        assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) == 3
        lines = AuditEntry.objects.filter(action="print_letter", kind=AuditKind.EXPORTED)
        assert set(lines.values_list("object_key", flat=True)) == {f"household:{fatou.pk}", f"household:{other.pk}"}
        assert desk.get(f"/brieven/stapel/{batch.pk}/pdf/").content == answer.content

    def test_what_was_withdrawn_is_not_printed_again(self, desk, fatou, joris):
        batch = make.stack(fatou, fatou, by=joris)
        Message.objects.filter(pk=batch.letters.first().pk).update(state="withdrawn", reason="moved")
        answer = desk.get(f"/brieven/stapel/{batch.pk}/pdf/")
        assert len(pypdf.PdfReader(io.BytesIO(answer.content)).pages) == 1

    def test_nothing_is_left_to_print(self, desk, fatou, joris):
        batch = make.stack(fatou, by=joris)
        Message.objects.update(text="", recipient="", facts={})
        answer = desk.get(f"/brieven/stapel/{batch.pk}/pdf/", follow=True)
        assert "In deze stapel zit geen brief die geprint kan worden." in text_of(answer)
        assert not AuditEntry.objects.filter(action="print_letter").exists()


@pytest.mark.parametrize("role", Role)
def test_who_may_print(browse, everyone, fatou, now, role):
    batch, allowed = make.stack(fatou, by=everyone[Role.DESK]), role in {Role.DESK, Role.SUPERVISOR}
    client = browse(everyone[role])
    for name in ("letter_batch", "letters_document"):
        assert client.get(reverse(name, args=[batch.pk])).status_code == (200 if allowed else 403)
    assert client.post(reverse("post_letters", args=[batch.pk])).status_code == (302 if allowed else 403)
    assert LetterBatch.objects.visible_to(everyone[role]).exists() == allowed


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("/brieven/", 14), ("/brieven/stapel/{}/", 7)])
def test_a_constant_number_of_queries(desk, fatou, joris, rows, path, queries, django_assert_num_queries):
    batch = make.stack(*[fatou] * rows, by=joris)
    for _row in range(rows):
        make.letter(fatou)
        make.stack(fatou, by=joris)
    desk.get(path.format(batch.pk))
    with django_assert_num_queries(queries):
        desk.get(path.format(batch.pk))


def test_the_first_page_of_the_desk_says_what_is_to_print(desk, fatou):
    assert "om te printen" not in text_of(desk.get("/"))
    make.letter(fatou)
    make.letter(make.household(mobile="", location=make.location(), **make.ADDRESS))
    page = desk.get("/").content.decode()
    assert re.search(r'data-number="1" href="/brieven/\?location=FEI"', page)
