"""The list of whom we missed: order, filters, what one does with a row, and who was first (S12)."""

import html
import io
import re

import pypdf
import pytest
from django.urls import reverse

from casework.appointments import actions
from casework.appointments.models import FollowUp
from casework.core.models import AuditEntry
from casework.households.models import ContactAttempt
from tests import make
from tests.appointments.conftest import NONSENSE, text_of, token

URL = "/gemist/"
pytestmark = pytest.mark.usefixtures("now", "talks")


def missed(name, samira, start, outcome="N", *, owner=True, **fields):
    home = make.household(
        given=name, surname="Gemist", owner=samira if owner else None, location=samira.location, **fields
    )
    make.appointment(household=home, counsellor=samira, start=start, outcome=outcome)
    return home


def sweep():
    actions.follow_up(now=make.moment("2026-11-02 09:00"))


@pytest.fixture
def rows(samira):
    """Anna missed last; Bea twice in a row, long ago; Carl has an urgent term; Dirk is somebody else's, elsewhere."""
    missed("Anna", samira, "2026-10-30 10:00")
    bea = missed("Bea", samira, "2026-10-20 10:00")
    make.appointment(household=bea, counsellor=samira, start="2026-10-29 13:00", outcome="N")
    carl = missed("Carl", samira, "2026-10-30 14:00", "X")
    make.term(carl, "urgent", "2026-10-30", "2026-11-04")
    there = make.counsellor(at=make.location("CHA"))
    dirk = missed("Dirk", there, "2026-10-28 10:00")
    sweep()
    return {"bea": bea, "carl": carl, "dirk": dirk}


def names(page) -> list[str]:
    return re.findall(r'data-test="follow-up">\s*<th scope="row">\s*<a[^>]*>(\w+) ', page.content.decode())


def item_of(home) -> FollowUp:
    return FollowUp.objects.for_list().filter(appointment__household=home).order_by("pk").first()


def test_urgent_first_then_in_a_row_then_the_oldest(browse, ingrid, rows):
    page = browse(ingrid).get(URL)
    assert names(page) == ["Carl", "Bea", "Bea", "Dirk", "Anna"]
    assert "5 gemiste afspraken om op te volgen" in text_of(page)


@pytest.mark.parametrize(
    ("sort", "first"), [("due", "Bea"), ("-missed", "Carl"), ("missed", "Bea"), ("name", "Anna"), ("-row", "Bea")]
)
def test_one_may_sort_otherwise(browse, ingrid, rows, sort, first):
    assert names(browse(ingrid).get(URL, {"sort": sort}))[0] == first


def test_a_row_says_what_one_must_know_before_calling(browse, samira):
    home = missed("Esra", samira, "2026-10-30 10:00", language="tr", no_voicemail=True)
    home.contact_attempts.create(at=make.moment("2026-10-31 11:05"), by=samira.user, kind="phone", result="no_answer")
    make.appointment(household=home, counsellor=samira, start="2026-11-05 10:00")
    sweep()
    page = text_of(browse(samira.user).get(URL))
    for words in ("Esra Gemist", "vr 30 okt", "3 dagen geleden", "06 12 34 56 78", "Turks", "Geen voicemail",
                  "za 31 okt 11.05, Telefoon: Geen gehoor", "Samira El Amrani", "ma 2 nov ( vandaag )",
                  "Nieuwe afspraak do 5 nov 10.00"):  # fmt: skip
        assert words.replace("( vandaag )", "(vandaag)") in page.replace("( vandaag )", "(vandaag)"), words


def test_the_tone_blames_nobody(browse, ingrid, rows):
    page = text_of(browse(ingrid).get(URL))
    assert "We hebben deze mensen gemist" in page
    assert "niet gekomen" not in page


def test_a_counsellor_starts_with_the_own_ones_and_the_desk_with_its_location(browse, samira, joris, rows):
    for user in (samira.user, joris):
        client = browse(user)
        page = client.get(URL)
        assert "Dirk" not in names(page)
        assert "Dirk" in names(client.get(URL + page.context["clear"]))


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"what": "urgent"}, ["Carl"]), ({"what": "risk"}, ["Bea", "Bea"]), ({"location": "CHA"}, ["Dirk"]),
        ({"talk": "later"}, []), ({"talk": "first", "location": "CHA"}, ["Dirk"]),
    ],
)  # fmt: skip
def test_filters(browse, ingrid, rows, asked, left):
    page = browse(ingrid).get(URL, asked)
    assert names(page) == left
    if not left:
        assert "Geen openstaande gemiste afspraken." in text_of(page)
        assert "Niets gevonden met deze filters: Gesprek: Vervolggesprek" in text_of(page)


def test_who_has_the_appointment_counts_while_nobody_has_the_household(browse, samira):
    missed("Frans", samira, "2026-10-30 10:00", owner=False)
    sweep()
    assert names(browse(samira.user).get(URL)) == ["Frans"]


def test_nothing_to_do(browse, ingrid):
    assert "Geen openstaande gemiste afspraken." in text_of(browse(ingrid).get(URL))


@pytest.mark.parametrize("name", ["location", "owner", "talk", "what", "after", "sort", "handled"])
@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_never_breaks_it(browse, ingrid, rows, name, value):
    assert len(names(browse(ingrid).get(URL, {name: value}))) == 5


def test_every_row_comes_once_over_the_pages_also_when_one_is_done_meanwhile(browse, ingrid, samira):
    for number in range(60):
        missed(f"Nr{number:02}", samira, f"2026-10-{1 + number % 28:02} {10 + number // 28}:00")
    sweep()
    client, seen, query = browse(ingrid), [], {}
    while True:
        page = client.get(URL, query)
        seen += names(page)
        if not page.context["page"].after:
            break
        query = {"after": page.context["page"].after}
        FollowUp.objects.filter(pk=query["after"]).update(
            state="not_needed", why="Weg", closed_at=make.moment("2026-11-02 09:00"), closed_by=ingrid
        )
    assert len(seen) == len(set(seen)) == 60


# What one does with a row


def posted(item, **given):
    return {"version": item.version, "token": token(), "result": "voicemail", "back": "sort=name"} | given


def test_called_moves_on_to_the_next_row(browse, samira, rows):
    item = item_of(rows["carl"])
    client = browse(samira.user)
    page = html.unescape(client.get(URL).content.decode())
    following = re.search(r'name="following" value="(\d+)"', page)[1]
    answer = client.post(f"{URL}{item.pk}/gebeld/", posted(item, following=following))
    assert answer.url == f"{URL}?sort=name#row-{following}"
    assert f'id="row-{following}"' in page
    attempt = ContactAttempt.objects.get()
    assert (attempt.household, attempt.kind, attempt.result) == (rows["carl"], "phone", "voicemail")
    assert "Het bellen van Carl Gemist is vastgelegd." in text_of(client.get(URL))


def test_the_second_caller_hears_who_was_first(browse, samira, joris, rows):
    item = item_of(rows["bea"])
    browse(joris).post(f"{URL}{item.pk}/gebeld/", posted(item))
    page = browse(samira.user).post(f"{URL}{item.pk}/gebeld/", posted(item, result="spoken"), follow=True)
    assert "Bea Gemist: Joris de Wit was eerder, ma 2 nov 09.00. Telefoon: Voicemail" in text_of(page)
    assert ContactAttempt.objects.count() == 1


def test_a_row_that_a_colleague_took_off_stays_grey_and_says_by_whom(browse, samira, joris, rows):
    item = item_of(rows["carl"])
    browse(joris).post(f"{URL}{item.pk}/niet-nodig/", {"version": item.version, "why": "Belde zelf"})
    page = browse(samira.user).post(f"{URL}{item.pk}/gebeld/", posted(item, back=""), follow=True)
    grey = re.search(r'<tr class="etf-greyed" data-test="handled">(.*?)</tr>', page.content.decode(), re.DOTALL)[1]
    assert "niet nodig, door Joris de Wit, ma 2 nov 09.00" in grey
    assert "button" not in grey
    assert 'data-test="handled"' not in browse(samira.user).get(URL).content.decode()


@pytest.mark.parametrize("wrong", [{"result": "x"}, {"version": ""}, {"token": "x"}, {"version": "٣"}])
def test_a_row_that_was_tampered_with_changes_nothing(browse, samira, rows, wrong):
    item = item_of(rows["carl"])
    page = browse(samira.user).post(f"{URL}{item.pk}/gebeld/", posted(item, following="x#y") | wrong, follow=True)
    assert page.status_code == 200
    assert ContactAttempt.objects.count() == (wrong == {"version": "٣"} and item.version == 3)


def test_not_needed_asks_why_and_keeps_the_place(browse, samira, rows):
    client, item = browse(samira.user), item_of(rows["carl"])
    address = f"{URL}{item.pk}/niet-nodig/"
    assert "sort=name" in client.get(address, {"sort": "name"}).content.decode()
    empty = client.post(address, {"version": item.version, "why": " ", "back": "sort=name"})
    assert "Schrijf waarom niemand dit hoeft op te volgen." in text_of(empty)
    assert 'name="back" value="sort=name"' in empty.content.decode()
    done = client.post(address, {"version": item.version, "why": "Belde zelf", "back": "sort=name"})
    assert done.url == f"{URL}?sort=name"
    item.refresh_from_db()
    assert (item.state, item.why) == ("not_needed", "Belde zelf")
    again = client.get(address, follow=True)
    assert "niet nodig, door Samira El Amrani" in text_of(again)


@pytest.mark.parametrize(("language", "words"), [("nl", "Dat kan iedereen gebeuren."), ("en", "missed you")])
def test_the_letter_in_the_language_of_the_household(browse, samira, language, words):
    home = missed("Gul", samira, "2026-10-30 10:00", language=language, street="Dijk", house_number="1")
    sweep()
    client, item = browse(samira.user), item_of(home)
    address = f"{URL}{item.pk}/brief/"
    page = client.get(address)
    assert words in text_of(page)
    assert "Dijk 1" in text_of(page)
    assert f'lang="{language}"' in page.content.decode()
    form = posted(item, result="left", back="")
    assert client.post(address, form).url == URL
    attempt = ContactAttempt.objects.get()
    assert (attempt.kind, attempt.result) == ("letter", "left")


def test_a_secret_address_is_on_no_screen(browse, samira):
    home = missed("Hil", samira, "2026-10-30 10:00", street="Schuilweg", house_number="1", secret_address=True)
    sweep()
    page = text_of(browse(samira.user).get(f"{URL}{item_of(home).pk}/brief/"))
    assert "Schuilweg" not in page
    assert "Het adres is geheim." in page


def test_a_home_visit_is_planned_in_the_finder(browse, samira, rows):
    make.appointment_type("HB", first_talk=False, channel="home")
    page = browse(samira.user).get(URL).content.decode()
    assert reverse("book", args=[rows["carl"].case_number]) + "?kind=HB" in page


def test_another_counsellor_s_household_asks_why_first(browse, samira, rows):
    item = item_of(rows["dirk"])
    client = browse(samira.user)
    question = reverse("access_reason", args=[rows["dirk"].case_number])
    for address in ("gebeld", "brief", "niet-nodig"):
        assert client.post(f"{URL}{item.pk}/{address}/", posted(item)).url.startswith(question)
    assert not ContactAttempt.objects.exists()


def test_lists_leave_no_line_and_pages_about_one_do(browse, samira, rows):
    client, item = browse(samira.user), item_of(rows["carl"])
    before = AuditEntry.objects.count()
    client.get(URL)
    assert AuditEntry.objects.count() == before
    client.get(f"{URL}{item.pk}/brief/")
    line = AuditEntry.objects.order_by("pk").last()
    assert (line.action, line.kind, line.object_key) == ("view_follow_up", "viewed", f"household:{rows['carl'].pk}")


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_one_row_as_for_three(browse, samira, django_assert_num_queries, number):
    for one in range(number):
        home = missed(f"Nr{one}", samira, f"2026-10-2{one} 10:00")
        make.appointment(household=home, counsellor=samira, start=f"2026-11-0{one + 3} 10:00")
        home.contact_attempts.create(at=make.moment("2026-10-31 11:05"), by=samira.user, kind="phone", result="spoken")
    sweep()
    client = browse(samira.user)
    with django_assert_num_queries(12):
        assert len(names(client.get(URL))) == number


@pytest.mark.parametrize(
    ("fields", "lines"),
    [(make.ADDRESS, ["Anna Gemist", "Voorbeeldstraat 1", "3072 AB  ROTTERDAM"]), (make.ADDRESS | {"secret_address": True}, ["Anna Gemist"])],
)  # fmt: skip
def test_the_letter_as_a_file_for_an_envelope_with_a_window(browse, samira, fields, lines):
    """A secret address is written on the envelope by hand."""
    item = item_of(_missed_once("Anna", samira, **fields))
    answer = browse(samira.user).get(f"{URL}{item.pk}/brief/", {"format": "pdf"})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="etf_brief_{item.pk}.pdf"'
    text = pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split("\n")
    assert text[2 : 2 + len(lines) + 1] == [*lines, "2 november 2026"]
    assert "brief over uw huis" in " ".join(text)
    assert AuditEntry.objects.filter(action="print_letter", kind="exported").count() == 1


def test_a_name_that_no_font_of_ours_has_stays_on_the_page(browse, samira):
    item = item_of(_missed_once("北京", samira, **make.ADDRESS))
    answer = browse(samira.user).get(f"{URL}{item.pk}/brief/", {"format": "pdf"}, follow=True)
    assert answer.redirect_chain == [(f"{URL}{item.pk}/brief/", 302)]
    assert "kan niet op papier" in text_of(answer)


def _missed_once(name, samira, **fields):
    home = missed(name, samira, "2026-10-30 10:00", **fields)
    sweep()
    return home
