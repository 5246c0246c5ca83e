"""`manage.py import_ddas` on the published examples and on one trajectory with every part of the standard."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from casework.core.models import AuditEntry
from casework.debts.models import Creditor, Debt, DebtFile, Phase
from casework.households.actions import reopen_household
from casework.households.models import Household, Member, Term
from tests.exchange.deliveries import EXTENDED, SINGLE, WHOLE, changed, load, report, run, trajectory
from tests.exchange.dump import every_row, numbers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
TRAJECTORIES = "leveringen[0].schuldhulptrajecten"
# Where the published extended example breaks its own schema, in the order of the file.
TWELVE = [
    ("$", "onbekende sleutels: $id, $schema, title", "genegeerd"),
    (f"{TRAJECTORIES}[0].einddatum", "verwacht string, gevonden null", "gelezen als leeg"),
    (f"{TRAJECTORIES}[0].intake.beschikkingssoort", "“Toewijzingsbeschikking” staat niet in de lijst", "gelezen als “Toelatingsbeschikking”"),
    (f"{TRAJECTORIES}[1].einddatum", "verwacht string, gevonden null", "gelezen als leeg"),
    (f"{TRAJECTORIES}[1].intake.beschikkingssoort", "“Toewijzingsbeschikking” staat niet in de lijst", "gelezen als “Toelatingsbeschikking”"),
    (f"{TRAJECTORIES}[1].oplossing.einddatum", "verwacht string, gevonden null", "gelezen als leeg"),
    (f"{TRAJECTORIES}[2].intake.beschikkingssoort", "“Toewijzingsbeschikking” staat niet in de lijst", "gelezen als “Toelatingsbeschikking”"),
    (f"{TRAJECTORIES}[2].uitstroom.reden", "“Zelfstandig verder” staat niet in de lijst", "gelezen als “Zelf”"),
    (f"{TRAJECTORIES}[3].intake.beschikkingssoort", "“Toewijzingsbeschikking” staat niet in de lijst", "gelezen als “Toelatingsbeschikking”"),
    (f"{TRAJECTORIES}[4].begeleiding[0].einddatum", "verwacht string, gevonden null", "gelezen als leeg"),
    (f"{TRAJECTORIES}[4].einddatum", "verwacht string, gevonden null", "gelezen als leeg"),
    (f"{TRAJECTORIES}[4].intake.beschikkingssoort", "“Toewijzingsbeschikking” staat niet in de lijst", "gelezen als “Toelatingsbeschikking”"),
]  # fmt: skip


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def save(tmp_path, data, name: str = "levering.json"):
    path = tmp_path / name
    path.write_text(json.dumps(data))
    return path


class TestThePublishedExamples:
    def test_six_trajectories_are_there(self):
        assert "5 trajecten geïmporteerd" in run(EXTENDED)
        assert "1 traject geïmporteerd" in run(SINGLE)
        assert (DebtFile.objects.count(), Household.objects.count(), Member.objects.count()) == (6, 6, 6)
        assert {file.description for file in DebtFile.objects.all()} == {
            "Traject met alleen intake",
            "Traject met lopende oplossing",
            "Afgerond traject met uitstroom (reden: zelfstandig verder)",
            "Afgerond traject met uitstroom (reden: hulpvraag opgelost)",
            "Lopend traject met begeleiding",
            "Traject om schulden af te lossen",
        }

    def test_exactly_the_twelve_deviations_are_reported_with_path_and_what_was_done(self):
        found = report(EXTENDED)
        assert [(one["path"], one["problem"], one["done"]) for one in found["deviations"]] == TWELVE
        assert found["rejected"] == []
        assert report(SINGLE)["deviations"] == []

    def test_numbers_that_fail_the_check_are_remarks_and_not_kept(self):
        remarks = report(EXTENDED)["remarks"] + report(SINGLE)["remarks"]
        wrong = [f"{TRAJECTORIES}[{number}].client[0].Burgerservicenummer" for number in (0, 1, 2, 3, 4, 0)]
        assert [one["path"] for one in remarks] == wrong
        assert {one["done"] for one in remarks} == {"niet bewaard"}
        assert remarks[0]["problem"] == "••••••789 doorstaat de elfproef niet"
        assert not Member.objects.exclude(bsn="").exists()

    def test_no_number_of_a_person_is_printed_whole(self):
        printed = run(EXTENDED)
        for one in load(EXTENDED)["leveringen"][0]["schuldhulptrajecten"]:
            assert one["client"][0]["Burgerservicenummer"] not in printed

    def test_what_is_printed_has_each_deviation_on_a_line(self):
        lines = run(EXTENDED).splitlines()
        assert lines[0] == "Afwijkingen van de standaard: 12"
        assert lines[1:13] == [f"  {path}: {problem} → {done}" for path, problem, done in TWELVE]
        assert lines[-2:] == ["5 trajecten geïmporteerd", "Ongewijzigd: 0."]

    def test_a_second_run_changes_nothing(self):
        run(EXTENDED)
        run(SINGLE)
        counted, rows = numbers(), every_row()
        for path, number in ((EXTENDED, 5), (SINGLE, 1)):
            printed = run(path)
            assert "0 trajecten geïmporteerd" in printed
            assert f"Ongewijzigd: {number}." in printed
        assert numbers() == counted
        assert every_row() == rows

    def test_a_trajectory_of_the_example_as_it_stands_in_the_file(self):
        run(EXTENDED)
        file = DebtFile.objects.get(description__contains="zelfstandig verder")
        assert (file.opened_on, file.closed_on) == (date("2024-01-15"), date("2024-06-30"))
        assert (file.exit_reason, file.exit_note) == ("Zelf", "Cliënt kan zelfstandig verder")
        assert (file.decision_kind, file.decided_on) == ("admission", date("2024-01-25"))
        assert (file.solution_kind, file.vtlb) == ("Schuldbemiddeling", 1800)
        assert (file.total_at_start, file.municipality_code, file.crisis_at_report) == (15000, "GM111", False)
        assert file.household.registered_at.isoformat() == "2024-01-10T08:00:00+00:00"
        assert (file.household.closed_on, file.household.exit_reason) == (date("2024-06-30"), "Zelf")

    def test_terms_follow_from_report_intake_and_decision(self):
        run(EXTENDED)
        file = DebtFile.objects.get(description="Traject met alleen intake")
        terms = {term.kind: (term.event_on, term.met_on) for term in Term.objects.filter(household=file.household)}
        assert terms == {
            "first_talk": (date("2024-01-20"), date("2024-02-01")),
            "decision": (date("2024-02-01"), date("2024-02-10")),
        }

    def test_each_import_is_one_line_in_the_audit_trail_of_the_system(self):
        run(EXTENDED)
        line = AuditEntry.objects.get(action="import_ddas")
        assert (line.username, line.details) == ("system", {"imported": 5, "rejected": 0, "deviations": 12})

    def test_nobody_gets_a_message_by_itself(self):
        run(EXTENDED)
        assert not any(one.wants_messages for one in Household.objects.all())


class TestEveryPart:
    """`volledig.json`, field by field."""

    @pytest.fixture(autouse=True)
    def _imported(self):
        self.found = report(WHOLE)
        self.raw = trajectory(load(WHOLE))
        self.file = DebtFile.objects.get()

    def test_a_delivery_that_fits_has_nothing_to_report(self):
        assert self.found == {
            "imported": [f"{TRAJECTORIES}[0]"],
            **{key: [] for key in ("unchanged", "different", "rejected", "deviations", "remarks")},
        }

    def test_the_file_itself(self):
        raw, file = self.raw, self.file
        assert file.description == raw["omschrijving"]
        assert file.opened_on == date(raw["startdatum"])
        assert file.closed_on == date(raw["einddatum"])
        assert file.granted_on == date(raw["toekenningsdatum"])
        assert file.total_at_start == raw["totaalSchuldbedragBijAanvangSchuld"]
        assert file.municipality_code == raw["gemeentecode"]
        assert file.crisis_at_report is True
        assert file.plan_completed_on == date("2023-03-17")

    def test_decision_solution_arrangement_and_exit(self):
        file = self.file
        assert (file.decision_kind, file.decided_on) == ("admission", date("2023-03-10"))
        assert (file.solution_kind, file.vtlb) == ("Saneringskrediet", 1412)
        assert (file.solution_start, file.solution_end) == (date("2023-10-02"), date("2024-10-31"))
        assert (file.arrangement_submitted_on, file.arrangement_granted_on) == (date("2023-06-01"), date("2023-10-02"))
        assert (file.arrangement_refused_on, file.arrangement_withdrawn_on) == (None, None)
        assert (file.forced_agreement_asked_on, file.forced_agreement) == (date("2023-08-14"), False)
        assert (file.exit_reason, file.exit_note) == ("Afgerond", "Alle schulden zijn betaald")

    def test_the_phases(self):
        found = {(one.kind, one.guidance, str(one.started_on), str(one.ended_on)) for one in Phase.objects.all()}
        assert found == {
            ("report", "", "2023-01-16", "2023-02-01"),
            ("crisis", "", "2023-01-17", "2023-01-20"),
            ("crisis", "", "2023-04-03", "2023-04-05"),
            ("information", "", "2023-01-16", "2023-01-31"),
            ("intake", "", "2023-02-01", "2023-03-10"),
            ("stabilisation", "", "2023-03-10", "2023-06-01"),
            ("moratorium", "", "2023-03-21", "2023-09-21"),
            ("provisional", "", "2023-02-06", "2023-03-06"),
            ("guidance", "Budgetbeheer", "2023-03-10", "2024-11-29"),
            ("guidance", "Budgetcoaching", "2023-05-01", "2024-05-01"),
            ("arranging", "", "2023-06-01", "2023-10-02"),
            ("solution", "", "2023-10-02", "2024-10-31"),
            ("aftercare", "", "2024-11-01", "2024-11-29"),
        }
        moratorium = Phase.objects.get(kind="moratorium")
        assert (moratorium.asked_on, moratorium.granted_on) == (date("2023-03-13"), date("2023-03-20"))
        assert Phase.objects.exclude(kind="moratorium").filter(asked_on=None, granted_on=None).count() == 12

    def test_the_debts_and_their_creditors(self):
        found = [
            (one.creditor.name, one.amount, one.kind, one.as_of and str(one.as_of), one.business)
            for one in Debt.objects.select_related("creditor")
        ]
        assert found == [
            ("Zilveren Polis Zorg", 1875, "Zorg", "2023-02-01", False),
            ("Kredietmij Erasmus", 25000, "Overig", "2023-02-02", True),
            ("Tante Voorbeeld", 5000, "Publiek", None, False),
        ]
        creditors = {one.name: (one.kvk_number, one.postcode, one.private_person) for one in Creditor.objects.all()}
        assert creditors == {
            "Zilveren Polis Zorg": ("11112222", "1234AB", False),
            "Kredietmij Erasmus": ("33334444", "", False),
            "Tante Voorbeeld": ("", "", True),
        }

    def test_the_two_clients_and_where_they_live(self):
        found = [(one.role, one.bsn, str(one.born), one.gender) for one in self.file.clients.order_by("pk")]
        raw = self.raw["client"]
        assert found == [
            ("client", raw[0]["Burgerservicenummer"], "1984-05-17", "Man"),
            ("partner", raw[1]["Burgerservicenummer"], "1986-11-02", "Vrouw"),
        ]
        home = self.file.household
        assert (home.postcode, home.house_number, home.addition) == ("3072AB", "912", "B")
        assert set(home.members.all()) == set(self.file.clients.all())


class TestAgain:
    def test_a_changed_trajectory_is_reported_and_left_alone(self, tmp_path):
        run(WHOLE)
        rows = every_row()
        again = save(tmp_path, changed(WHOLE, omschrijving="Anders", einddatum=None))
        assert f"{TRAJECTORIES}[0] is eerder geïmporteerd met andere inhoud: gelaten zoals het is." in run(again)
        assert report(again)["different"] == [f"{TRAJECTORIES}[0]"]
        assert every_row() == rows

    def test_a_move_of_somebody_with_a_number_is_the_same_trajectory(self, tmp_path):
        run(WHOLE)
        data = load(WHOLE)
        trajectory(data)["client"][0]["Postcode"] = "3024CD"
        assert report(save(tmp_path, data))["different"] == [f"{TRAJECTORIES}[0]"]
        assert DebtFile.objects.count() == 1

    def test_the_same_people_later_get_a_second_file_in_their_household(self, tmp_path):
        run(WHOLE)
        later = {"startdatum": "2025-01-06", "einddatum": "2025-03-03", "uitstroom": None, "aanmelding": None}
        assert report(save(tmp_path, changed(WHOLE, **later)))["imported"] == [f"{TRAJECTORIES}[0]"]
        assert (DebtFile.objects.count(), Household.objects.count(), Member.objects.count()) == (2, 1, 2)

    def test_an_old_closed_trajectory_does_not_close_a_household_that_is_helped_now(self, tmp_path):
        open_now = dict.fromkeys(("einddatum", "uitstroom", "aanmelding", "oplossing", "nazorg", "intake"))
        run(save(tmp_path, changed(WHOLE, startdatum="2025-01-06", **open_now)))
        household = Household.objects.get()
        terms = list(Term.objects.values_list("kind", "met_on", "ended_on"))
        assert report(WHOLE)["imported"] == [f"{TRAJECTORIES}[0]"]
        household.refresh_from_db()
        assert household.closed_on is None
        assert list(Term.objects.values_list("kind", "met_on", "ended_on")) == terms

    def test_a_second_open_file_of_one_household_is_rejected(self, tmp_path):
        open_now = dict.fromkeys(("einddatum", "uitstroom", "nazorg"))
        run(save(tmp_path, changed(WHOLE, **open_now)))
        rows = every_row()
        [rejected] = report(save(tmp_path, changed(WHOLE, startdatum="2023-02-02", **open_now)))["rejected"]
        assert rejected["problem"] == "Dit huishouden heeft al een open schulddossier."
        assert every_row() == rows

    def test_an_open_trajectory_of_a_closed_household_is_rejected(self, tmp_path):
        run(WHOLE)
        rows = every_row()
        later = {"einddatum": None, "uitstroom": None, "startdatum": "2025-01-06"}
        assert len(report(save(tmp_path, changed(WHOLE, **later)))["rejected"]) == 1
        assert every_row() == rows

    def test_who_came_back_is_delivered_to_the_file_of_that_time(self, tmp_path, joris, now):
        """R-62: the earlier file and the one of now hold the same BSNs; nothing clashes, and nothing lands in both."""
        run(WHOLE)
        earlier = Household.objects.get()
        client, partner = earlier.members.order_by("pk")
        made = reopen_household(
            earlier=earlier, client=client, others=[partner], contact={}, location=None, by=joris, now=now
        )
        old = {"startdatum": "2023-06-05", "einddatum": "2024-01-08", "uitstroom": None, "aanmelding": None}
        assert report(save(tmp_path, changed(WHOLE, **old)))["imported"]
        running = dict.fromkeys(("einddatum", "uitstroom", "nazorg", "aanmelding"))
        assert report(save(tmp_path, changed(WHOLE, startdatum="2026-11-02", **running)))["imported"]
        assert (earlier.debt_files.count(), made.debt_files.count()) == (2, 1)
        assert set(made.debt_files.get().clients.all()) == set(made.members.all())
        assert report(WHOLE)["unchanged"] == [f"{TRAJECTORIES}[0]"]
        assert (Household.objects.count(), Member.objects.count()) == (2, 4)

    def test_a_partner_who_did_not_come_back_joins_the_file_of_now(self, tmp_path, joris, now):
        run(WHOLE)
        earlier = Household.objects.get()
        client, _partner = earlier.members.order_by("pk")
        made = reopen_household(earlier=earlier, client=client, others=[], contact={}, location=None, by=joris, now=now)
        running = dict.fromkeys(("einddatum", "uitstroom", "nazorg", "aanmelding"))
        assert report(save(tmp_path, changed(WHOLE, startdatum="2026-11-02", **running)))["imported"]
        assert [one.role for one in made.members.order_by("pk")] == ["client", "partner"]

    def test_a_partner_who_is_new_joins_the_household_with_a_line_in_the_audit_trail(self, tmp_path):
        data = load(WHOLE)
        alone = load(WHOLE)
        trajectory(alone)["client"].pop()
        run(save(tmp_path, alone))
        trajectory(data)["startdatum"] = "2023-02-02"
        run(save(tmp_path, data))
        assert (Household.objects.count(), Member.objects.count()) == (1, 2)
        assert AuditEntry.objects.filter(action="add_member").count() == 1


def test_a_file_that_does_not_exist(tmp_path):
    path = tmp_path / "weg.json"
    with pytest.raises(CommandError, match=r"weg\.json bestaat niet\."):
        call_command("import_ddas", path)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(CommandError, match="kan niet worden gelezen"):
        call_command("import_ddas", tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "Dit bestand is geen JSON (regel 1). Vraag de leverancier om een heel bestand."),
        (b"", "Dit bestand is geen JSON (regel 1). Vraag de leverancier om een heel bestand."),
        (b'{\n"leveringen": [\n', "Dit bestand is geen JSON (regel 3). Vraag de leverancier om een heel bestand."),
        (b'{"leveringen": [NaN]}', "Dit bestand is geen JSON. Vraag de leverancier om een heel bestand."),
        (b'{"leveringen": [' + b"9" * 5000 + b"]}", "Dit bestand is geen JSON. Vraag de leverancier om een heel bestand."),
        (b"[" * 100_000, "Dit bestand is geen JSON. Vraag de leverancier om een heel bestand."),
        (b"[]", "Dit bestand is geen DDAS-levering: de lijst “leveringen” ontbreekt."),
        (b"{}", "Dit bestand is geen DDAS-levering: de lijst “leveringen” ontbreekt."),
        (b'{"leveringen": {}}', "Dit bestand is geen DDAS-levering: de lijst “leveringen” ontbreekt."),
        (b'{"leveringen": [' + b"[" * 500 + b"]" * 501 + b"}", "Dit bestand is geen DDAS-levering: de lijst “leveringen” ontbreekt."),
        (SINGLE.read_text().encode("utf-16"), "{file} is geen tekst in UTF-8. Vraag de leverancier om een bestand in UTF-8."),
        (EXTENDED.read_text().encode("cp1252"), "{file} is geen tekst in UTF-8. Vraag de leverancier om een bestand in UTF-8."),
    ],
)  # fmt: skip
def test_what_is_no_delivery_is_refused_in_plain_language(tmp_path, content, sentence):
    path = tmp_path / "levering.json"
    path.write_bytes(content)
    rows = every_row()
    with pytest.raises(CommandError) as refused:
        call_command("import_ddas", path)
    assert str(refused.value) == sentence.format(file=path)
    assert every_row() == rows


def test_a_byte_order_mark_is_no_problem(tmp_path):
    path = tmp_path / "levering.json"
    path.write_bytes(b"\xef\xbb\xbf" + SINGLE.read_bytes())
    assert "1 traject geïmporteerd" in run(path)
