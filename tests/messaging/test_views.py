"""The doors of the outbox, one message and the call list (R-36, R-39, R-42, R-90, R-92, R-100, R-101)."""

import datetime as dt
import html
import re
import uuid

import pytest

from casework.core.models import AuditEntry, AuditKind, Role
from casework.households.models import Household
from casework.messaging.models import Message
from tests import make

CASEWORKERS = {Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR}
NONSENSE = ["\x00", "zzz", "99999999999999999999", "-1", "９", "31-12-9999", "00000000-0000-4000-8000-000000000000"]
FACTS = {
    "location": "Vraagwijzer Feijenoord",
    "address": "",
    "directions": "",
    "first_name": "Samira",
    "channel": "place",
}


@pytest.fixture
def message(now, feijenoord):
    """Makes one row of the outbox; unless said otherwise a reminder, due now, for Thursday 12 November 14:00."""

    def do(*, household=None, start="2026-11-12 14:00", **fields) -> Message:
        person = household or make.household(given="Fatou", surname="Ndiaye", location=feijenoord)
        wanted = {"kind": "t2", "due_at": now, "state": "planned", "appointment_key": 1, "facts": FACTS}
        return Message.objects.create(household=person, planned_start=make.moment(start), created_at=now,
                                      expires_at=now + dt.timedelta(days=30), **wanted | fields)  # fmt: skip

    return do


def text_of(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))


@pytest.mark.parametrize("role", Role)
def test_who_may_come_in(browse, everyone, samira, message, role):
    row, client, allowed = message(state="call"), browse(everyone[role]), role in CASEWORKERS
    Household.objects.filter(pk=row.household_id).update(owner=samira)
    for path in ("/berichten/", f"/berichten/{row.pk}/", "/bellijst/"):
        assert client.get(path).status_code == (200 if allowed else 403)
    assert client.post(f"/bellijst/{row.pk}/", {"result": "spoken"}).status_code == (302 if allowed else 403)


@pytest.mark.parametrize("path", ["/berichten/", "/berichten/00000000-0000-4000-8000-000000000000/", "/bellijst/"])
def test_anonymous_goes_to_the_login(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"?next={path}")


class TestOutbox:
    def test_every_state_in_words_newest_first(self, browse, joris, message, now):
        message(kind="confirmation", state="sent", sent_at=now, channel="sms", language="nl")
        message(kind="t0", state="withdrawn", reason="moved", due_at=now + dt.timedelta(days=2))
        shown = text_of(browse(joris).get("/berichten/"))
        shown = shown[shown.index("nieuwste eerst") - 20 :]
        assert shown.index("Vervallen: de afspraak is verzet") < shown.index("Verzonden ma 2 nov 09.00")
        assert "2 berichten, nieuwste eerst" in shown
        assert "Sms (nl)" in shown

    def test_neither_text_nor_number_stands_in_the_list(self, browse, joris, message, now):
        message(state="sent", sent_at=now, text="Gemeente Rotterdam: geheim", recipient="+31612345678")
        content = browse(joris).get("/berichten/").content.decode()
        assert "geheim" not in content
        assert "612345678" not in content

    @pytest.mark.parametrize(
        ("criteria", "kinds"),
        [({"state": "sent"}, {"Bevestiging"}), ({"kind": "t0"}, {"Herinnering, dezelfde dag"}),
         ({"state": "sent", "kind": "t0"}, set())],
    )  # fmt: skip
    def test_filters_live_in_the_address(self, browse, joris, message, now, criteria, kinds):
        message(kind="confirmation", state="sent", sent_at=now)
        message(kind="t0")
        content = browse(joris).get("/berichten/", criteria).content.decode()
        rows = re.findall(r'data-test="message">(.*?)</tr>', content, re.DOTALL)
        assert len(rows) == len(kinds)
        for kind, row in zip(kinds, rows, strict=True):
            assert kind in html.unescape(row)

    def test_an_empty_answer_offers_to_clear_the_filters(self, browse, joris, message):
        message()
        answer = browse(joris).get("/berichten/", {"state": "failed"})
        assert "Niets gevonden met deze filters: Status: Mislukt. Wis filters" in text_of(answer)
        assert 'href="?state="' in answer.content.decode()

    @pytest.mark.parametrize("name", ["state", "kind"])
    @pytest.mark.parametrize("value", NONSENSE)
    def test_nonsense_is_left_out_with_a_notice(self, browse, joris, message, name, value):
        message()
        shown = text_of(browse(joris).get("/berichten/", {name: value}))
        assert "Een deel van het filter is niet begrepen en telt niet mee." in shown
        assert "1 bericht, nieuwste eerst" in shown

    @pytest.mark.parametrize("name", ["after", "before", "size", "page"])
    @pytest.mark.parametrize("value", NONSENSE)
    def test_a_page_that_is_none(self, browse, joris, message, name, value):
        message()
        assert "1 bericht, nieuwste eerst" in text_of(browse(joris).get("/berichten/", {name: value}))

    def test_every_row_comes_once_also_when_rows_are_added_meanwhile(self, browse, joris, message, now):
        household = make.household()
        made = [message(household=household, appointment_key=number, due_at=now + dt.timedelta(minutes=number // 3)).pk
                for number in range(60)]  # fmt: skip
        client, seen, criteria = browse(joris), [], {}
        for _page in range(3):
            page = client.get("/berichten/", criteria).context["page"]
            seen += [row.pk for row in page.object_list]
            criteria = {"after": str(page.after)}
            message(household=household, appointment_key=100 + len(seen), due_at=now + dt.timedelta(days=9))
        assert page.after is None
        assert len(seen) == 60
        assert set(seen) == set(made)
        back = client.get("/berichten/", {"before": str(seen[25])}).context["page"]
        assert [row.pk for row in back.object_list] == seen[:25]

    def test_in_english(self, browse, joris, message):
        message()
        client = browse(joris)
        client.cookies["etf_language"] = "en"
        assert "1 message, newest first" in text_of(client.get("/berichten/"))


class TestOneMessage:
    def test_what_is_not_sent_shows_how_it_would_go_out(self, browse, joris, message):
        shown = text_of(browse(joris).get(f"/berichten/{message().pk}/"))
        assert "Zo zou het nu uitgaan" in shown
        assert "we zien u donderdag 12 november om 14.00 uur bij Vraagwijzer Feijenoord" in shown

    def test_in_the_language_of_the_household(self, browse, joris, message):
        row = message(household=make.household(language="en"))
        assert "see you on Thursday 12 November at 14:00" in text_of(browse(joris).get(f"/berichten/{row.pk}/"))

    def test_a_language_without_texts_is_named(self, browse, joris, message):
        """R-40."""
        said = "Turks nog niet beschikbaar: bericht gaat in het Nederlands"
        row, client = message(household=make.household(language="tr")), browse(joris)
        for path in (f"/berichten/{row.pk}/", "/berichten/", f"/huishoudens/{row.household.case_number}/"):
            assert text_of(client.get(path)).count(said) == 1, path
        other = message(household=make.household(language="en"), appointment_key=2)
        for path in (f"/berichten/{other.pk}/", f"/huishoudens/{other.household.case_number}/"):
            assert "nog niet beschikbaar" not in text_of(client.get(path)), path

    def test_what_was_sent_says_in_which_version(self, browse, joris, message, now):
        row = message(state="sent", sent_at=now, channel="sms", language="nl", text="Zo.", wording_id=3)
        assert "Versie van de tekst 1" in text_of(browse(joris).get(f"/berichten/{row.pk}/"))

    def test_a_preview_changes_nothing(self, browse, joris, message):
        row = message()
        browse(joris).get(f"/berichten/{row.pk}/")
        row.refresh_from_db()
        assert (row.text, row.channel, row.language) == ("", "", "")

    def test_what_was_sent_stays_as_it_was(self, browse, joris, message, now):
        row = message(
            state="sent", sent_at=now, channel="email", language="nl", subject="Uw afspraak", text="Zoals het ging."
        )
        shown = text_of(browse(joris).get(f"/berichten/{row.pk}/"))
        assert "Uw afspraak" in shown
        assert "Zoals het ging." in shown

    def test_the_text_is_escaped(self, browse, joris, message, now):
        row = message(state="sent", sent_at=now, channel="sms", language="nl", text="<script>alert(1)</script>")
        assert "<script>alert(1)" not in browse(joris).get(f"/berichten/{row.pk}/").content.decode()

    def test_looking_leaves_a_line(self, browse, joris, message):
        row = message()
        browse(joris).get(f"/berichten/{row.pk}/")
        line = AuditEntry.objects.get(action="view_message")
        assert (line.kind, line.object_key) == (AuditKind.VIEWED, f"household:{row.household_id}")

    @pytest.mark.parametrize("key", ["00000000-0000-4000-8000-000000000000", "1", "%00"])
    def test_an_unknown_one_is_not_found(self, browse, joris, now, key):
        assert browse(joris).get(f"/berichten/{key}/").status_code == 404


class TestCallList:
    URL = "/bellijst/"

    def test_the_own_location_is_a_filter_that_one_can_take_away(self, browse, joris, message):
        """R-100, R-101."""
        message(household=make.household(given="Aart"), state="failed", kind="t0")
        client = browse(joris)
        page = client.get(self.URL)
        assert "Niemand om te bellen." in text_of(page)
        assert "Niets gevonden met deze filters: Locatie: Vraagwijzer Feijenoord." in text_of(page)
        assert "Aart" in text_of(client.get(self.URL + page.context["clear"]))
        assert "Aart" not in text_of(client.get(self.URL, {"location": "", "kind": "t2"}))

    @pytest.mark.parametrize("name", ["location", "owner", "kind", "state", "sort"])
    @pytest.mark.parametrize("value", NONSENSE)
    def test_nonsense_is_left_out_with_a_notice(self, browse, ingrid, message, name, value):
        message(state="call")
        shown = text_of(browse(ingrid).get(self.URL, {name: value}))
        assert ("Een deel van het filter is niet begrepen en telt niet mee." in shown) == (name != "sort")
        assert "1 keer bellen" in shown

    @pytest.mark.parametrize(
        ("sort", "state", "names"),
        [("name", "ascending", ["Aart", "Bo"]), ("-name", "descending", ["Bo", "Aart"]),
         ("start", "ascending", ["Bo", "Aart"]), ("-start", "descending", ["Aart", "Bo"])],
    )  # fmt: skip
    def test_sorted_by_a_column_that_says_so(self, browse, ingrid, message, sort, state, names):
        message(household=make.household(given="Aart", surname="A"), state="call", start="2026-11-20 10:00")
        message(household=make.household(given="Bo", surname="B"), state="call")
        page = browse(ingrid).get(self.URL, {"sort": sort, "size": 50, "state": "call"}).content.decode()
        assert re.findall(r'<th scope="row"><a[^>]*>(\w+) ', page) == names
        heading = re.search(r'<th scope="col" aria-sort="(\w+)"><a href="([^"]*)"', page)
        other = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
        assert heading[1] == state
        assert f"sort={other}" in heading[2]
        # What one filters on next stays sorted so.
        assert '<input type="hidden" name="size" value="50">' in page

    def test_after_a_call_one_is_back_at_the_same_place(self, browse, ingrid, message):
        row = message(state="call")
        page = browse(ingrid).get(self.URL, {"sort": "-name", "size": "50"}).content.decode()
        assert '<input type="hidden" name="back" value="sort=-name&amp;size=50">' in page
        answer = browse(ingrid).post(f"{self.URL}{row.pk}/", {"result": "spoken", "back": "sort=-name&size=50"})
        assert answer.url == f"{self.URL}?sort=-name&size=50"
        row = message(state="call", appointment_key=2)
        answer = browse(ingrid).post(f"{self.URL}{row.pk}/", {"result": "spoken", "back": "//elders.nl/\x00\r\n"})
        assert answer.url.startswith(f"{self.URL}?")

    def test_whom_to_call_soonest_first(self, browse, joris, message):
        far = make.household(given="Aart", mobile="+31612345679")
        message(household=far, state="failed", start="2026-11-20 10:00")
        message(state="call", appointment_key=2)
        message(state="uncertain", appointment_key=3, start="2026-11-12 15:00")
        message(appointment_key=4)
        shown = text_of(browse(joris).get(self.URL))
        # Aart has no location, so he is no matter of this desk.
        assert "2 keer bellen" in shown
        assert "Aart" not in shown
        assert shown.index("14.00") < shown.index("15.00")
        assert "06 12 34 56 78" in shown

    def test_a_supervisor_sees_every_location(self, browse, ingrid, message):
        message(household=make.household(given="Aart"), state="failed")
        assert "Aart" in text_of(browse(ingrid).get(self.URL))

    def test_nobody(self, browse, joris, message):
        message()
        assert "Niemand om te bellen." in text_of(browse(joris).get(self.URL))

    @pytest.mark.parametrize(
        ("result", "state"), [("spoken", "called"), ("voicemail", "called"), ("no_answer", "call")]
    )
    def test_how_a_call_ends(self, browse, joris, message, result, state):
        row = message(state="call")
        answer = browse(joris).post(f"{self.URL}{row.pk}/", {"result": result}, follow=True)
        row.refresh_from_db()
        assert row.state == state
        assert answer.redirect_chain == [(self.URL, 302)]
        line = AuditEntry.objects.get(action="settle_call")
        assert (line.object_key, line.details["result"]) == (f"household:{row.household_id}", result)

    def test_a_colleague_was_first(self, browse, joris, ingrid, message):
        row = message(state="call")
        browse(ingrid).post(f"{self.URL}{row.pk}/", {"result": "spoken"})
        answer = browse(joris).post(f"{self.URL}{row.pk}/", {"result": "spoken"}, follow=True)
        assert "Een collega heeft dit al gedaan." in text_of(answer)
        assert AuditEntry.objects.filter(action="settle_call").count() == 1

    def test_no_voicemail_where_none_may_be_left(self, browse, joris, message, feijenoord):
        row = message(household=make.household(location=feijenoord, no_voicemail=True), state="call")
        answer = browse(joris).post(f"{self.URL}{row.pk}/", {"result": "voicemail"}, follow=True)
        assert "Spreek bij dit huishouden geen voicemail in." in text_of(answer)
        row.refresh_from_db()
        assert row.state == "call"

    @pytest.mark.parametrize("result", ["", "\x00", "weg"])
    def test_an_unknown_result(self, browse, joris, message, result):
        row = message(state="call")
        assert browse(joris).post(f"{self.URL}{row.pk}/", {"result": result}).status_code == 302
        row.refresh_from_db()
        assert row.state == "call"

    def test_an_unknown_row_and_a_link(self, browse, joris, message):
        assert browse(joris).post(f"{self.URL}{uuid.uuid4()}/", {"result": "spoken"}).status_code == 404
        assert browse(joris).get(f"{self.URL}{message().pk}/").status_code == 405

    @pytest.mark.parametrize("value", NONSENSE)
    def test_a_page_that_is_none(self, browse, joris, message, value):
        message(state="call")
        assert "Ndiaye" in text_of(browse(joris).get(self.URL, {"after": value, "size": value}))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("/berichten/", 9), ("/bellijst/", 14)])
def test_a_constant_number_of_queries(
    browse, joris, message, feijenoord, rows, path, queries, django_assert_num_queries
):
    for number in range(rows):
        message(household=make.household(location=feijenoord, owner=make.counsellor()), appointment_key=number + 9,
                state="call")  # fmt: skip
    client = browse(joris)
    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)


@pytest.mark.parametrize("others", [0, 2])
def test_one_message_takes_a_constant_number_of_queries(browse, joris, message, others, django_assert_num_queries):
    row = message()
    for number in range(others):
        message(household=row.household, appointment_key=number + 2)
    client = browse(joris)
    client.get(f"/berichten/{row.pk}/")
    with django_assert_num_queries(10):
        client.get(f"/berichten/{row.pk}/")


def test_the_outbox_says_which_filters_and_takes_them_away_one_by_one(cast, browse):
    """R-101."""
    client = browse(cast.users["desk"])
    page = client.get("/berichten/", {"state": "planned", "kind": "t2"})
    assert [chip["name"] for chip in page.context["chips"]] == ["state", "kind"]
    assert "Wis filters" in page.content.decode()
    first = page.context["chips"][0]["without"]
    assert [chip["name"] for chip in client.get("/berichten/" + first).context["chips"]] == ["kind"]
    assert client.get("/berichten/").context["chips"] == []
