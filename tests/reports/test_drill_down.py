"""Random worlds: the number, the list behind it, its CSV, and the slices always agree (C9, R-115)."""

import csv
import datetime as dt
import io

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.appointments.models import Outcome
from casework.core import clock
from casework.core.models import Role
from tests import make
from tests.reports.export import export

FIRST = dt.date(2026, 7, 1)
CODES = ["m1", "m4", "m4b"]
WORDS = {"m1": "niet-verschenen", "m2": "opkomst", "m4": "niet-geregistreerd"}
PERIOD = {"first": "1-7-2026", "last": "2-11-2026"}


@pytest.fixture
def scene(db, samira, now):
    """Two counsellors at two places, two kinds of talk, a supervisor."""
    other = make.counsellor(at=make.location("CHA", name="Vraagwijzer Charlois"), name="Bram Bos")
    kinds = [make.appointment_type("EG"), make.appointment_type("VG", minutes=45, first_talk=False)]
    return {"people": [samira, other], "kinds": kinds, "boss": make.user(Role.SUPERVISOR)}


rows = st.lists(
    st.tuples(
        st.integers(0, 130),  # days after the first
        st.sampled_from(["", *Outcome.values]),
        st.integers(0, 1),  # who
        st.integers(0, 1),  # kind
        st.booleans(),  # walk-in, when the outcome allows it
    ),
    max_size=14,
    unique_by=lambda row: (row[0], row[2]),
)


def build(scene, drawn) -> None:
    households = [
        make.household(registered=f"2026-{month:02}-03 09:00", owner=scene["people"][0]) for month in (7, 8, 10)
    ]
    for number, (days, outcome, who, kind, walk_in) in enumerate(drawn):
        start = clock.at(FIRST + dt.timedelta(days=days), dt.time(9 + 2 * who, 0))
        make.appointment(
            household=households[number % 3], counsellor=scene["people"][who], type=scene["kinds"][kind],
            start=start.isoformat(), outcome=outcome, walk_in=walk_in and outcome in {"", "V"},
        )  # fmt: skip


def lines_of(response) -> int:
    assert response.status_code == 200
    return len(list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=";"))) - 1


filters = st.sampled_from(
    [{}, {"location": "FEI"}, {"type": "VG"}, {"talks": "first"}, {"counsellor": "0"}, {"location": "CHA", "type": "EG"},
     {"first": "1-8-2026", "last": "31-8-2026"}]
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=rows, asked=filters, code=st.sampled_from([*CODES, "m2"]))
def test_number_list_and_file_agree(scene, browse, drawn, asked, code):
    with transaction.atomic():
        build(scene, drawn)
        if asked.get("counsellor"):
            asked = {"counsellor": str(scene["people"][0].pk)}
        client, asked = browse(scene["boss"]), PERIOD | asked
        word = WORDS.get(code, "niet-verschenen")
        data = client.get(f"/cijfers/{word}/", asked | {"format": "json"}).json()
        data = data["others"][code] if code == "m4b" else data
        everything = data["denominator"] + sum(data["excluded"].values())
        numbers = {
            "numerator": data["numerator"],
            "denominator": data["denominator"],
            "all": everything,
            **data["excluded"],
        }
        for which, number in numbers.items():
            page = client.get(f"/cijfers/{code}/lijst/", asked | {"which": which})
            assert page.context["number"] == number, (which, number)
            assert lines_of(export(client, f"/cijfers/{code}/lijst/", asked | {"which": which})) == number
        for name in ("per_month", "per_location", "per_type", "per_counsellor"):
            slices = data[name]
            if slices:
                assert sum(one["numerator"] for one in slices) == data["numerator"], name
                assert sum(one["denominator"] for one in slices) == data["denominator"], name
        transaction.set_rollback(True)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=rows)
def test_a_slice_is_the_figure_with_that_filter(scene, browse, drawn):
    """The row of a location, kind or counsellor says what the page says once that is chosen."""
    with transaction.atomic():
        build(scene, drawn)
        client = browse(scene["boss"])

        def figure(**asked):
            return client.get("/cijfers/niet-verschenen/", PERIOD | asked | {"format": "json"}).json()

        whole = figure()
        codes = {"per_location": ("location", {str(one.location_id): one.location.code for one in scene["people"]}),
                 "per_type": ("type", {str(one.pk): one.code for one in scene["kinds"]}),
                 "per_counsellor": ("counsellor", {str(one.pk): str(one.pk) for one in scene["people"]})}  # fmt: skip
        for name, (parameter, known) in codes.items():
            for one in whole[name]:
                chosen = figure(**{parameter: known[one["key"]]})
                assert (chosen["numerator"], chosen["denominator"]) == (one["numerator"], one["denominator"])
        transaction.set_rollback(True)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=rows)
def test_a_counsellor_never_gets_a_row_of_another(scene, browse, drawn):
    with transaction.atomic():
        build(scene, drawn)
        mine, other = scene["people"]
        client, asked = browse(mine.user), PERIOD | {"counsellor": str(other.pk), "which": "all"}
        own = sum(1 for row in drawn if row[2] == 0 and FIRST + dt.timedelta(days=row[0]) <= dt.date(2026, 11, 2))
        page = client.get("/cijfers/m1/lijst/", asked)
        assert page.context["number"] == own
        assert {row.counsellor_id for row in page.context["page"].object_list} <= {mine.pk}
        transaction.set_rollback(True)
