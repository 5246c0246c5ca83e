"""Two people record, correct, cancel or move one appointment: the second sees who, when, what (R-19, S11)."""

import pytest
from django.urls import reverse

from casework.appointments import actions
from casework.core.models import Role
from tests import make


def text(page) -> str:
    return " ".join(page.content.decode().split())


def beside(page) -> dict:
    return {one["label"]: (one["typed"], one["stands"]) for one in page.context["theirs"]}


@pytest.fixture
def ingrid(cast, browse):
    return browse(cast.users[Role.SUPERVISOR])


@pytest.fixture
def samira(cast, browse):
    return browse(cast.samira.user)


@pytest.mark.parametrize("mine", ["N", "L"])
def test_a_correction_after_a_colleague_corrected_shows_both(cast, samira, ingrid, mine):
    """Whether the choice is what now stands or not, it is not written over the colleague's."""
    address = reverse("correct_attendance", args=[cast.recorded.pk])
    assert samira.get(address).context["form"]["version"].value() == 1
    sent = {"version": 1, "outcome": mine, "why": "zat in de wachtkamer"}
    assert ingrid.post(address, {"version": 1, "outcome": "N", "why": "niet gezien"}).status_code == 302
    page = samira.post(address, sent)
    assert page.status_code == 200
    assert "Een collega heeft dit intussen gewijzigd" in text(page)
    assert beside(page)["Uitkomst"] == (
        "Niet verschenen" if mine == "N" else "Te laat, niet geholpen",
        "Niet verschenen",
    )
    assert beside(page)["Vastgelegd door"] == ("Samira El Amrani", "Ingrid Smit, maandag 2 november 09.00")
    assert 'value="zat in de wachtkamer"' in page.content.decode()
    cast.recorded.refresh_from_db()
    assert (cast.recorded.outcome, cast.recorded.version) == ("N", 2)
    if mine == "L":
        again = sent | {"version": page.context["form"]["version"].value()}
        assert samira.post(address, again).status_code == 302
        cast.recorded.refresh_from_db()
        assert cast.recorded.outcome == "L"


@pytest.mark.parametrize("version", ["", "een", "9" * 40])
def test_a_version_out_of_the_blue_changes_nothing(cast, samira, version):
    address = reverse("correct_attendance", args=[cast.recorded.pk])
    page = samira.post(address, {"version": version, "outcome": "N", "why": "x"})
    assert page.status_code == 200
    cast.recorded.refresh_from_db()
    assert cast.recorded.version == 1


def test_cancelling_what_a_colleague_cancelled_says_who_and_when(cast, samira, ingrid, now):
    row = make.appointment(household=cast.free, counsellor=cast.samira, start="2026-11-09 10:00")
    address = reverse("cancel", args=[row.pk])
    form = samira.get(address).context["form"]
    sent = {"who": "etf", **{name: form[name].value() for name in ("told_date", "told_time", "told_how")}}
    sent = sent | {"told_date": "2-11-2026", "told_time": "9.00"}
    actions.cancel(appointment=row, by_resident=True, by=cast.users[Role.DESK], now=now)
    page = samira.post(address, sent)
    assert page.status_code == 200
    assert beside(page)["Vastgelegd door"][1] == "Joris de Wit, maandag 2 november 09.00"
    row.refresh_from_db()
    assert row.outcome == "A1"


def test_recording_what_a_colleague_recorded_says_who_and_what(cast, browse, now):
    row = make.appointment(household=cast.free, counsellor=cast.bram, start="2026-11-02 08:30")
    actions.record_attendance(appointment=row, outcome="V", by=cast.users[Role.SUPERVISOR], now=now)
    page = browse(cast.bram.user).post(reverse("record_attendance", args=[row.pk]), {"outcome": "L"})
    assert page.status_code == 200
    assert beside(page)["Uitkomst"] == ("Te laat, niet geholpen", "Verschenen")
    row.refresh_from_db()
    assert row.outcome == "V"
