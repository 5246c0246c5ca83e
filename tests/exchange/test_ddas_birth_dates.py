"""Dates of birth that a delivery knows in part: the standard has a text, registers a year or a year and a month only."""

import copy

import pytest

from casework.households.models import Household, Member
from tests.exchange.deliveries import SINGLE, load, report, trajectory
from tests.exchange.test_ddas import save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PATH = "leveringen[0].schuldhulptrajecten[0].client[0].Geboortedatum"


def delivery(typed, **client) -> dict:
    data = copy.deepcopy(load(SINGLE))
    trajectory(data)["client"][0].update({"Geboortedatum": typed} | client)
    return data


@pytest.mark.parametrize(
    ("typed", "born", "known"),
    [
        ("1984", "1984-01-01", "year"), ("1984-00-00", "1984-01-01", "year"), ("1984-05", "1984-05-01", "month"),
        ("1984-05-00", "1984-05-01", "month"), ("1984-05-17", "1984-05-17", "day"),
    ],
)  # fmt: skip
def test_what_is_known_is_kept_and_said(tmp_path, typed, born, known):
    found = report(save(tmp_path, delivery(typed)))
    assert len(found["imported"]) == 1
    member = Member.objects.get()
    assert (str(member.born), member.born_known) == (born, known)
    said = {"year": "alleen het jaar is bekend", "month": "alleen het jaar en de maand zijn bekend"}.get(known)
    remarks = [one for one in found["remarks"] if one["path"] == PATH]
    assert [(one["problem"], one["done"]) for one in remarks] == ([(said, "bewaard voor zover bekend")] if said else [])


@pytest.mark.parametrize(
    "typed", ["0000-00-00", "84", "1984-13", "1984-00-17", "1984-5", "17-05-1984", "1850", "3000-01", "19840517", 1984]
)
def test_what_is_no_date_is_refused_with_its_trajectory(tmp_path, typed):
    found = report(save(tmp_path, delivery(typed)))
    assert "client[0].Geboortedatum is geen datum" in found["rejected"][0]["problem"]
    assert not Household.objects.exists()


def test_the_second_time_nothing_changes(tmp_path):
    path = save(tmp_path, delivery("1984-00-00"))
    report(path)
    assert len(report(path)["unchanged"]) == 1
    assert Member.objects.count() == 1


@pytest.mark.parametrize(("typed", "households"), [("1984", 2), ("1984-05", 2), ("1984-05-17", 1)])
def test_a_part_of_a_date_at_an_address_is_not_yet_somebody(tmp_path, typed, households):
    """Without BSN two people of one year may live there; a person puts them together (R-53)."""
    for start in ("2024-01-15", "2023-06-01"):
        data = delivery(typed, Burgerservicenummer="")
        trajectory(data)["startdatum"] = start
        found = report(save(tmp_path, data))
        assert not found["rejected"]
    assert Household.objects.count() == households


def test_with_a_bsn_it_is_the_same_person(tmp_path):
    for start in ("2024-01-15", "2023-06-01"):
        data = delivery("1984", Burgerservicenummer="999900109")
        trajectory(data)["startdatum"] = start
        report(save(tmp_path, data))
    assert Household.objects.count() == 1
