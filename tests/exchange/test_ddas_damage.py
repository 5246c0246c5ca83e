"""Damaged deliveries: what cannot be understood is rejected whole, with its path; the rest goes in."""

import copy
import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.core import clock
from casework.core.encryption import fingerprint
from casework.core.refusals import Refused
from casework.debts.models import Creditor, DebtFile, Phase
from casework.exchange.actions.ddas import import_ddas, read_delivery
from casework.households.models import Household, Member, Term
from tests import make
from tests.exchange.deliveries import EXTENDED, SINGLE, WHOLE, changed, load, report, trajectory
from tests.exchange.dump import every_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
FIRST = "leveringen[0].schuldhulptrajecten[0]"


def save(tmp_path, data):
    path = tmp_path / "levering.json"
    path.write_text(json.dumps(data))
    return path


def damaged(place: str, value) -> dict:
    """`volledig.json` with one value in its trajectory replaced; the place as `intake.startdatum` or `schulden.0.bedrag`."""
    data = load(WHOLE)
    target = trajectory(data)
    *way, last = [int(key) if key.isdigit() else key for key in place.split(".")]
    for key in way:
        target = target[key]
    target[last] = value
    return data


NOT_UNDERSTOOD = [
    ("startdatum", "2023-02-30", "startdatum is geen datum zoals 2024-01-31"),
    ("startdatum", "1-2-2023", "startdatum is geen datum zoals 2024-01-31"),
    ("startdatum", "2023-W05-3", "startdatum is geen datum zoals 2024-01-31"),
    ("startdatum", "0001-01-01", "startdatum is geen datum zoals 2024-01-31"),
    ("einddatum", "9999-12-31", "einddatum is geen datum zoals 2024-01-31"),
    ("intake.startdatum", 20230201, "intake.startdatum is geen datum zoals 2024-01-31"),
    ("schulden.1.bedrag", "veel", "schulden[1].bedrag is geen bedrag"),
    ("schulden.1.bedrag", -1, "schulden[1].bedrag is geen bedrag"),
    ("schulden.1.bedrag", True, "schulden[1].bedrag is geen bedrag"),
    ("schulden.1.bedrag", 10**400, "schulden[1].bedrag is geen bedrag"),
    ("schulden.1.bedrag", None, "schulden[1].bedrag is geen bedrag"),
    ("schulden.2.schuldeiser", "Tante", "schulden[2].schuldeiser moet een object zijn"),
    ("schulden", {}, "schulden moet een lijst van objecten zijn"),
    ("begeleiding.0", "Budgetbeheer", "begeleiding moet een lijst van objecten zijn"),
    ("begeleiding.0.soort", "Goede raad", "begeleiding[0].soort staat niet in de lijst van de standaard"),
    ("begeleiding.0.soort", None, "begeleiding[0] zonder soort"),
    ("uitstroom.reden", "Weggelopen", "uitstroom.reden staat niet in de lijst van de standaard"),
    ("uitstroom.reden", ["Afgerond"], "uitstroom.reden staat niet in de lijst van de standaard"),
    ("oplossing.soort", {}, "oplossing.soort staat niet in de lijst van de standaard"),
    ("aanmelding.crisisinterventie", "ja", "aanmelding.crisisinterventie moet waar of onwaar zijn"),
    ("intake", [], "intake moet een object zijn"),
    ("omschrijving", 12, "omschrijving moet tekst zijn"),
    ("omschrijving", "a\x00b", "omschrijving bevat tekens die geen tekst zijn"),
    ("omschrijving", "a\ud800b", "omschrijving bevat tekens die geen tekst zijn"),
    ("gemeentecode", "", "geen gemeentecode"),
    ("client", [], "een traject heeft een of twee cliënten"),
    ("client.1.Burgerservicenummer", "999900006", "beide cliënten hebben hetzelfde BSN"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "problem"), NOT_UNDERSTOOD)
def test_what_cannot_be_understood_is_rejected_whole_with_its_path(tmp_path, place, value, problem):
    rows = every_row()
    found = report(save(tmp_path, damaged(place, value)))
    assert found["rejected"] == [{"path": FIRST, "problem": problem, "done": "geweigerd: er is niets van opgeslagen"}]
    assert found["imported"] == []
    assert every_row() == rows
    assert {one["done"] for one in found["deviations"]} <= {"geweigerd met het hele traject"}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("schulden.2.peildatum", "gisteren"),
        ("nazorg.einddatum", "2024-10-01"),  # before its start: only the database sees it
        ("crisisinterventies.1.startdatum", "2023-01-18"),  # overlaps the other
        ("einddatum", "2022-01-01"),
    ],
)
def test_broken_in_the_middle_leaves_nothing_of_it(tmp_path, place, value):
    """What is read first is sound and would be written first."""
    rows = every_row()
    data = damaged(place, value)
    if place == "einddatum":
        del trajectory(data)["uitstroom"]
    assert len(report(save(tmp_path, data))["rejected"]) == 1
    assert every_row() == rows


def test_the_others_of_a_delivery_go_in(tmp_path):
    data = load(EXTENDED)
    trajectory(data, 2)["intake"]["startdatum"] = "ooit"
    found = report(save(tmp_path, data))
    assert [one["path"] for one in found["rejected"]] == ["leveringen[0].schuldhulptrajecten[2]"]
    assert len(found["imported"]) == DebtFile.objects.count() == 4
    mended = load(EXTENDED)
    found = report(save(tmp_path, mended))
    assert (found["imported"], len(found["unchanged"])) == (["leveringen[0].schuldhulptrajecten[2]"], 4)


REMARKS = [
    ("client.0.Geslachtsaanduiding", "M", "client[0].Geslachtsaanduiding", "niet bewaard"),
    ("client.0.Postcode", "0000 AA", "client[0].Postcode", "niet bewaard"),
    ("client.0.Huisnummer", "achter het station", "client[0].Huisnummer", "niet bewaard"),
    ("client.0.Burgerservicenummer", "12", "client[0].Burgerservicenummer", "niet bewaard"),
    ("schulden.0.schuldeiser.postcode", "Brussel", "schulden[0].schuldeiser.postcode", "niet bewaard"),
    ("schulden.0.schuldeiser.kvknummer", "123456789012", "schulden[0].schuldeiser.kvknummer", "niet bewaard"),
    ("omschrijving", "x" * 201, "omschrijving", "afgekapt"),
    ("einddatum", "2024-11-30", "einddatum", "niet bewaard"),
    ("uitstroom.datumBeeindigingsbeschikking", "2024-11-30", "uitstroom.datumBeeindigingsbeschikking", "niet bewaard"),
    ("intake.beschikkingsdatum", None, "intake.beschikkingssoort", "niet bewaard"),
    ("nazorg.startdatum", None, "nazorg.startdatum", "niet bewaard"),
    ("oplossing.soort", None, "oplossing.soort", "alleen als fase bewaard"),
]


@pytest.mark.parametrize(("place", "value", "path", "done"), REMARKS)
def test_what_fits_the_schema_and_is_still_not_right_is_remarked_once(tmp_path, place, value, path, done):
    found = report(save(tmp_path, damaged(place, value)))
    assert [(one["path"], one["done"]) for one in found["remarks"]] == [(f"{FIRST}.{path}", done)]
    assert len(found["imported"]) == 1


@pytest.mark.parametrize(
    ("place", "value", "done"),
    [
        ("schulden.0.bedrag", 1875.5, "gelezen zoals het er staat"),
        ("nazorg.einddatum", "", "gelezen als leeg"),
        ("moratoria.0.startdatum", None, "gelezen als leeg"),
        ("kleur", "blauw", "genegeerd"),
    ],
)
def test_a_deviation_that_does_no_harm_says_what_was_done(tmp_path, place, value, done):
    found = report(save(tmp_path, damaged(place, value)))
    assert [one["done"] for one in found["deviations"]] == [done]
    assert len(found["imported"]) == 1


def test_cents_and_a_moratorium_without_start_are_read(tmp_path):
    data = damaged("moratoria.0.startdatum", None)
    trajectory(data)["schulden"][0]["bedrag"] = 1875.5
    report(save(tmp_path, data))
    assert str(DebtFile.objects.get().debts.first().amount) == "1875.50"
    assert str(Phase.objects.get(kind="moratorium").started_on) == "2023-03-20"


def test_keys_and_words_from_outside_are_shown_without_control_characters(tmp_path):
    data = changed(WHOLE, **{"\x1b[31m\ud800": 1})
    trajectory(data)["uitstroom"]["reden"] = "\x07weg"
    problems = [one["problem"] for one in report(save(tmp_path, data))["deviations"]]
    assert problems == ["onbekende sleutels: �[31m�", "“�weg” staat niet in de lijst"]


def test_deviations_stand_in_the_order_of_the_file(tmp_path):
    data = load(SINGLE)
    pattern = trajectory(data)
    many = [copy.deepcopy(pattern) | {"startdatum": f"2024-02-{day:02}"} for day in range(1, 13)]
    for place in (2, 10):
        many[place]["kleur"] = "rood"
    data["leveringen"][0]["schuldhulptrajecten"] = many
    paths = [one["path"] for one in report(save(tmp_path, data))["deviations"]]
    assert paths == ["leveringen[0].schuldhulptrajecten[2]", "leveringen[0].schuldhulptrajecten[10]"]


@pytest.mark.parametrize(
    "delivery", [None, "levering", {"schuldhulptrajecten": None}, {"schuldhulptrajecten": {}}, []], ids=repr
)
def test_a_delivery_that_is_no_delivery_is_rejected_beside_a_sound_one(tmp_path, delivery):
    data = load(SINGLE)
    data["leveringen"].append(delivery)
    found = report(save(tmp_path, data))
    assert [one["path"] for one in found["rejected"]] == ["leveringen[1]"]
    assert len(found["imported"]) == 1


# Random damage ------------------------------------------------------------------------------------------------------


def _places(value, way=()):
    """The way to every value inside a delivery."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*way, key)
        yield from _places(one, (*way, key))


_SOURCES = [load(EXTENDED), load(SINGLE), load(WHOLE)]
_DAMAGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.integers(min_value=10**9).map(lambda number: number**9),
    st.text(st.characters(), max_size=30),
    st.text(st.sampled_from("ßİ\x00\ud800٣"), min_size=1, max_size=250),
    st.dates().map(str),
    st.sampled_from(["999900006", "2024-02-01", "Afgerond", "Budgetbeheer", "GM0599", ""]),
    st.lists(st.none() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text(max_size=5), max_size=2),
)


@st.composite
def deliveries(draw):
    """An example with one value replaced, taken away or doubled."""
    data = copy.deepcopy(draw(st.sampled_from(_SOURCES)))
    *way, last = draw(st.sampled_from(list(_places(data))))
    holder = data
    for key in way:
        holder = holder[key]
    kind = draw(st.sampled_from(["replace", "replace", "replace", "remove", "double"]))
    if kind == "replace":
        holder[last] = draw(_DAMAGE)
    elif kind == "remove":
        del holder[last]
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(holder[last]))
    else:
        holder[f"{last}2"] = holder[last]
    return json.dumps(data)


class _Undo(Exception):
    pass


def _all_or_nothing(text: str) -> None:
    """Import; then every row belongs to a trajectory that was imported whole."""
    data = read_delivery(text)
    found = import_ddas(data=data, by=None, now=clock.now())
    assert DebtFile.objects.count() == len(found.imported)
    assert not Household.objects.filter(debt_files=None).exists()
    assert not Member.objects.filter(household__debt_files=None).exists()
    assert not Term.objects.filter(household__debt_files=None).exists()
    assert not Creditor.objects.filter(debts=None).exists()
    lists = [one["schuldhulptrajecten"] for one in data["leveringen"] if isinstance(one, dict) and isinstance(one.get("schuldhulptrajecten"), list)]  # fmt: skip
    outcomes = [*found.imported, *found.unchanged, *found.different, *(one.path for one in found.rejected)]
    assert len(outcomes) == len(set(outcomes))
    inside = [path for path in outcomes if ".schuldhulptrajecten[" in path]
    assert len(inside) == sum(map(len, lists))
    rows = every_row()
    again = import_ddas(data=data, by=None, now=clock.now())
    assert again.imported == []
    assert every_row() == rows
    json.dumps(found.as_json(), ensure_ascii=False).encode()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=deliveries())
def test_random_damage_never_surprises_and_never_leaves_half_a_trajectory(text):
    with pytest.raises(_Undo), transaction.atomic():
        try:
            _all_or_nothing(text)
        except Refused:
            assert not DebtFile.objects.exists()
            assert not Household.objects.exists()
        raise _Undo


def test_a_bsn_of_somebody_in_another_household_rejects_the_trajectory():
    """The partner is known elsewhere; the client is new."""
    household = make.household()
    data = load(WHOLE)
    bsn = trajectory(data)["client"][1]["Burgerservicenummer"]
    household.members.update(bsn=bsn, bsn_fingerprint=fingerprint(bsn))
    rows = every_row()
    found = import_ddas(data=data, by=None, now=clock.now())
    assert [one.path for one in found.rejected] == [FIRST]
    assert household.case_number in found.rejected[0].problem
    assert every_row() == rows
