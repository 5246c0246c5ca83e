"""The list of debts line by line: what is typed, what is known of a creditor, what counts, and who may (S08, R-57, R-90c)."""

import datetime as dt
import re
import threading
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.core.models import AuditEntry, Role
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.debts import actions
from casework.debts.forms import DebtForm
from casework.debts.models import Creditor, Debt, DebtFile
from casework.households.actions import HouseholdClosed, give_access_reason
from casework.households.models import Household, Member
from tests import make

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 2)


@pytest.fixture
def home(now, samira):
    return make.household(given="Fatou", surname="Ndiaye", owner=samira, location=samira.location)


@pytest.fixture
def file(home) -> DebtFile:
    return make.debt_file(home)


@pytest.fixture
def add(file, samira, now):
    def do(creditor="Energie Voorbeeld", amount="812.40", **values) -> Debt:
        token = values.pop("token", None)
        given = {"amount": Decimal(amount), "kind": "", "as_of": TODAY, "reference": "", "threatening": False} | values
        return actions.add_debt(
            debt_file=file, creditor=creditor, values=given, form_token=token, by=samira.user, now=now
        )

    return do


def address(file: DebtFile, name: str = "debt_file", *more) -> str:
    return reverse(name, args=[file.household.case_number, *more])


def typed(**values) -> dict:
    return {
        "token": str(uuid.uuid4()),
        "creditor": "Energie Voorbeeld",
        "amount": "812,40",
        "as_of": "2-11-2026",
    } | values


class TestAdding:
    def test_a_line_is_known_by_its_creditor(self, add):
        first = add(kind="Nuts")
        second = add("ENERGIE  voorbeeld", "1.00")
        assert first.creditor == second.creditor
        assert second.kind == "Nuts", "as last time"
        assert add("Iemand anders").kind == "Overig"
        assert add(kind="Zorg").kind == "Zorg"

    def test_preferred_is_remembered_with_its_creditor(self, add):
        Debt.objects.filter(pk=add("Belastingkantoor").pk).update(preferred=True)
        assert add("Belastingkantoor", "5").preferred

    def test_of_several_of_one_name_none_is_guessed(self, add):
        for postcode in ("3072AB", "3011AA"):
            Creditor.objects.create(name="Jansen", search_name="jansen", postcode=postcode)
        made = add("Jansen")
        assert (made.creditor.postcode, Creditor.objects.count()) == ("", 3)

    def test_the_same_form_twice_is_one_line(self, add):
        token = uuid.uuid4()
        assert add(token=token) == add(token=token)
        assert Debt.objects.count() == 1

    def test_a_line_of_the_trail_without_names_or_amounts(self, add):
        made = add(reference="KL-2041")
        entry = AuditEntry.objects.get(action="add_debt")
        assert entry.details == {"debt": made.pk}

    def test_a_closed_file_stays_as_it_is(self, add, file):
        DebtFile.objects.update(closed_on=TODAY, exit_reason="Zelf")
        with pytest.raises(actions.FileClosed):
            add()

    def test_a_closed_household_stays_as_it_is(self, add, home):
        Household.objects.filter(pk=home.pk).update(closed_on=TODAY, exit_reason="Zelf")
        with pytest.raises(HouseholdClosed):
            add()

    def test_an_amount_of_a_day_to_come_is_refused_at_its_field(self, add):
        with pytest.raises(Refused, match="vandaag of een eerdere dag") as refused:
            add(as_of=TODAY + dt.timedelta(days=1))
        assert refused.value.field == "as_of"

    def test_a_colleague_reads_and_changes_nothing(self, file, now):
        other = make.counsellor()
        values = {"amount": Decimal(1), "kind": "", "as_of": TODAY, "reference": "", "threatening": False}
        with pytest.raises(actions.NotYourFile):
            actions.add_debt(debt_file=file, creditor="X", values=values, by=other.user, now=now)
        boss = make.user(Role.SUPERVISOR)
        assert actions.add_debt(debt_file=file, creditor="X", values=values, by=boss, now=now).pk


class TestChanging:
    def change(self, debt, samira, now, *, version=None, creditor="Energie Voorbeeld", **values):
        known = {
            name: getattr(debt, name) for name in ("amount", "kind", "as_of", "reference", "threatening", "left_out")
        }
        return actions.change_debt(debt=debt, creditor=creditor, values=known | values, version=version or debt.version,
                                   by=samira.user, now=now)  # fmt: skip

    def test_what_does_not_count_stays_in_the_list(self, add, samira, now, file):
        row = add()
        self.change(row, samira, now, left_out="double")
        assert not Debt.objects.counted().exists()
        assert file.debts.count() == 1
        assert AuditEntry.objects.get(action="change_debt").details == {"debt": row.pk, "changed": ["left_out"]}

    def test_nothing_changed_leaves_no_line(self, add, samira, now):
        self.change(add(), samira, now)
        assert not AuditEntry.objects.filter(action="change_debt").exists()

    def test_another_creditor(self, add, samira, now):
        assert self.change(add(), samira, now, creditor="Telecom Proef").creditor.name == "Telecom Proef"

    def test_a_colleague_was_first(self, add, samira, now):
        row = add()
        self.change(row, samira, now, amount=Decimal("1"))
        with pytest.raises(ChangedMeanwhile):
            self.change(row, samira, now, version=1, amount=Decimal("2"))

    def test_closed_or_of_a_colleague(self, add, now, samira):
        row = add()
        with pytest.raises(actions.NotYourFile):
            self.change(row, make.counsellor(), now, amount=Decimal("1"))
        DebtFile.objects.update(closed_on=TODAY, exit_reason="Zelf")
        with pytest.raises(actions.FileClosed):
            self.change(row, samira, now, amount=Decimal("1"))


class TestSuggested:
    def test_a_name_of_one_household_stays_there(self, file, add):
        """Who is owed by one household alone may be an aunt or a neighbour."""
        aunt = add("Tante Awa").creditor
        shop = Creditor.objects.create(name="Winkel Proef", search_name="winkelproef", kvk_number="12345678")
        known = add("Energie Voorbeeld").creditor
        private = Creditor.objects.create(name="Jan Proef", search_name="janproef", private_person=True, kvk_number="1")
        for _number in range(2):
            other = make.debt_file(make.household())
            Debt.objects.create(debt_file=other, creditor=known, amount=1)
            Debt.objects.create(debt_file=other, creditor=private, amount=1)
        assert list(Creditor.objects.to_suggest()) == [known, shop]
        assert aunt not in Creditor.objects.to_suggest()


class TestStarting:
    def test_with_its_report(self, home, samira, now):
        made = actions.start_debt_file(household=home, clients=list(home.members.all()), opened_on=TODAY,
                                       municipality_code="0599", by=samira.user, now=now)  # fmt: skip
        assert (made.phases.get().kind, made.clients.count()) == ("report", 1)
        with pytest.raises(actions.OpenFileExists):
            actions.start_debt_file(household=home, clients=list(home.members.all()), opened_on=TODAY,
                                    municipality_code="0599", by=samira.user, now=now)  # fmt: skip

    @pytest.mark.parametrize("number", [0, 3])
    def test_of_one_or_two(self, home, samira, now, number):
        people = [
            Member.objects.create(household=home, given_names="A", surname="B", search_surname="b")
            for _one in range(number)
        ]
        with pytest.raises(Refused, match="één of twee"):
            actions.start_debt_file(household=home, clients=people, opened_on=TODAY, municipality_code="0599",
                                    by=samira.user, now=now)  # fmt: skip

    def test_by_form_and_back_to_the_file(self, home, samira, browse):
        client, member = browse(samira.user), home.members.get()
        household_page = client.get(reverse("household", args=[home.case_number])).content.decode()
        assert reverse("debt_file", args=[home.case_number]) in household_page
        page = client.get(reverse("debt_file", args=[home.case_number])).content.decode()
        assert reverse("start_debt_file", args=[home.case_number]) in page
        start = reverse("start_debt_file", args=[home.case_number])
        wrong = client.post(start, {"clients": [member.pk], "opened_on": "3-11-2026"}).content.decode()
        assert "Kies vandaag of een eerdere dag." in wrong
        answer = client.post(start, {"clients": [member.pk], "opened_on": "2-11-2026"}, follow=True)
        assert "Het schulddossier is geopend." in answer.content.decode()
        again = client.post(start, {"clients": [member.pk], "opened_on": "2-11-2026"}, follow=True)
        assert again.redirect_chain, "a second press leads to the same file"
        assert DebtFile.objects.count() == 1


class TestThePage:
    def test_what_was_understood_is_said(self, file, browse, samira):
        client = browse(samira.user)
        answer = client.post(address(file), typed(amount="1.234"), follow=True)
        page = answer.content.decode()
        assert "Toegevoegd: Energie Voorbeeld, € 1.234,00. Samen nu € 1.234,00." in page
        (field,) = re.findall(r'<input[^>]*name="creditor"[^>]*>', page)
        assert "autofocus" in field, "ready for the next line"

    @pytest.mark.parametrize("amount", ["1,234.56", "12,345", "1.23.4", "-5", "veel", "", "1000000000"])
    def test_an_amount_that_is_none_is_refused_and_stays(self, file, browse, samira, amount):
        answer = browse(samira.user).post(address(file), typed(amount=amount, reference="KL-2041"))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Schrijf het bedrag zoals 1234,56." in page or "Vul een bedrag in van 0 tot" in page
        assert f'value="{amount}"' in page or not amount
        assert 'value="KL-2041"' in page
        assert not Debt.objects.exists()

    @pytest.mark.parametrize("amount", ["1234,56", "1.234,56", "€ 1.234,56", "1234.56"])
    def test_amounts_as_people_write_them(self, file, browse, samira, amount):
        browse(samira.user).post(address(file), typed(amount=amount))
        assert Debt.objects.get().amount == Decimal("1234.56")

    def test_what_does_not_count_is_shown_and_not_added(self, file, add, browse, samira):
        add(amount="0.10")
        add(amount="0.20")
        Debt.objects.filter(pk=add("Iemand", "100").pk).update(left_out="annulled")
        page = browse(samira.user).get(address(file)).content.decode()
        assert page.count('data-test="debt"') == 3
        foot = page.split("<tfoot>")[1]
        assert "€ 0,30" in foot
        assert "1 schuldeiser" in foot
        assert "telt niet mee: kwijtgescholden door de schuldeiser" in " ".join(page.split())

    @pytest.mark.parametrize("number", [1, 3, 40])
    def test_as_many_queries_for_forty_as_for_one(self, file, browse, samira, number, django_assert_num_queries):
        creditors = [Creditor.objects.create(name=f"Proef {one}", search_name=f"proef{one}") for one in range(number)]
        Debt.objects.bulk_create(Debt(debt_file=file, creditor=one, amount=1) for one in creditors)
        client = browse(samira.user)
        client.get(address(file))
        with django_assert_num_queries(QUERIES):
            client.get(address(file))

    def test_a_colleague_with_a_reason_sees_no_form(self, file, browse, now):
        other = make.counsellor()
        give_access_reason(user=other.user, household=file.household, kind="cover", text="", now=now)
        client = browse(other.user)
        page = client.get(address(file)).content.decode()
        assert "add-debt" not in page
        row = Debt.objects.create(debt_file=file, creditor=Creditor.objects.create(name="X", search_name="x"), amount=1)
        answer = client.get(address(file, "change_debt", row.pk), follow=True)
        assert "Alleen de medewerker van dit huishouden" in answer.content.decode()
        assert client.post(address(file), typed()).status_code == 200
        assert Debt.objects.count() == 1

    def test_both_versions_are_shown(self, file, add, browse, samira):
        row, client = add(), browse(samira.user)
        change = address(file, "change_debt", row.pk)
        page = client.get(change).content.decode()
        assert 'value="812,40"' in page
        Debt.objects.filter(pk=row.pk).update(amount="900", version=2)
        values = typed(amount="850", kind="Nuts", state="confirmed", version="1")
        shown = client.post(change, values).content.decode()
        assert "Een collega heeft dit intussen gewijzigd" in shown
        assert "900" in shown
        assert Debt.objects.get().amount == 900
        saved = client.post(change, values | {"version": "2"}, follow=True)
        assert "De schuld is opgeslagen." in saved.content.decode()
        assert (Debt.objects.get().amount, Debt.objects.get().state) == (850, "confirmed")

    def test_a_line_of_another_household_is_not_there(self, file, browse, samira):
        other = make.debt_file(make.household(owner=samira))
        row = Debt.objects.create(
            debt_file=other, creditor=Creditor.objects.create(name="X", search_name="x"), amount=1
        )
        assert browse(samira.user).get(address(file, "change_debt", row.pk)).status_code == 404


QUERIES = 14


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.decimals(min_value=0, max_value=999_999_999, places=2))
def test_whatever_is_shown_can_be_typed_again(amount):
    """The change form shows an amount; saving it unchanged changes nothing."""
    field = DebtForm.base_fields["amount"]
    assert field.clean(field.prepare_value(amount)) == amount


@pytest.mark.django_db(transaction=True)
def test_the_same_form_at_the_same_moment_is_one_line(file, samira):
    client, values, start, answers = Client(), typed(), threading.Barrier(2), []
    client.force_login(samira.user)

    def send():
        try:
            own = Client()
            own.cookies = client.cookies
            start.wait()
            answers.append(own.post(address(file), values).status_code)
        finally:
            connection.close()

    both = [threading.Thread(target=send) for _number in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert answers == [302, 302]
    assert Debt.objects.count() == 1
