"""What a scenario is refused for: every problem at once, each with its path, and nothing written."""

import json

import pytest
from django.core.management import CommandError, call_command

from casework.exchange.actions.scenario import LATER_KEYS
from casework.households.models import Household
from tests.exchange.dump import every_row
from tests.exchange.worlds import HOUSEHOLD, appointment, contract, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_every_problem_of_form_is_listed_at_once_in_the_order_of_the_file(loading):
    data = world(
        now="gisteren",
        colour="red",
        locations=[{"code": "FEI", "name": "Feijenoord", "kind": "castle"}],
        signals=[],
        appointments=[appointment("2026-11-12T14:00", ref=f"a{number}", mood="good" if number in {2, 10} else None) for number in range(11)],
    )  # fmt: skip
    for number in set(range(11)) - {2, 10}:
        del data["appointments"][number]["mood"]
    assert loading.errors(data) == [
        "signals: belongs to a feature that ETF does not have yet",
        "colour: unknown key",
        "appointments[2].mood: unknown key",
        "appointments[10].mood: unknown key",
        "locations[0].kind: 'castle' is not one of ['desk', 'hub', 'school', 'home', 'phone', 'video']",
        "now: 'gisteren' is not a moment like 2026-11-02T09:00, with or without offset",
    ]


def test_every_name_that_is_nowhere_is_listed_at_once(loading):
    rows = [
        appointment("2026-11-12T14:00", ref="a0"),
        appointment("2026-11-12T15:00", ref="a1", counsellor="c9", type="ZZ", location="NOG", booked_by="nobody"),
        appointment("2026-11-12T16:00", ref="a2", household="ETF-2026-000999"),
    ]
    files = [{"household": HOUSEHOLD, "opened": "2026-11-02", "notes": [{"at": "2026-11-02T10:00", "by": "c8", "kind": "intern", "text": "x"}]}]  # fmt: skip
    data = world(appointments=rows, debt_files=files)
    data["households"][0] |= {"owner": "c7", "location": "YYY"}
    data["staff"].append({"username": "c2", "role": "counsellor", "location": "QQQ"})
    del data["appointments"][0]
    assert loading.errors(data) == [
        'staff[1].location: no location "QQQ"',
        'households[0].location: no location "YYY"',
        'households[0].owner: no staff "c7"',
        'appointments[0].counsellor: no staff "c9"',
        'appointments[0].type: no type "ZZ"',
        'appointments[0].location: no location "NOG"',
        'appointments[0].booked_by: no staff "nobody"',
        'appointments[1].household: no household "ETF-2026-000999"',
        'debt_files[0].notes[0].by: no staff "c8"',
    ]


def test_the_example_of_the_contract(loading):
    rows = [appointment(f"2026-11-12T{10 + number}:00", ref=f"a{number}") for number in range(4)]
    rows[3]["counsellor"] = "c9"
    assert loading.errors(world(appointments=rows)) == ['appointments[3].counsellor: no staff "c9"']


def test_one_mistake_is_told_once_not_at_each_place_that_names_it(loading):
    data = world(appointments=[appointment("2026-11-12T14:00")])
    data["households"][0]["mobile"] = "12"
    [error] = loading.errors(data)
    assert error.startswith("households[0].mobile: ")


@pytest.mark.parametrize(
    ("key", "place", "value", "path"),
    [
        ("households", "mobile", "12", "households[0].mobile"),
        ("households", "phone", "abc", "households[0].phone"),
        ("households", "email", "jan@", "households[0].email"),
        ("households", "language", "xx", "households[0].language"),
        ("households", "address", {"postcode": "072 AB"}, "households[0].address.postcode"),
        ("households", "address", {"street": "x" * 121}, "households[0].address.street"),
        ("households", "members", [{}, {"bsn": "123456789"}], "households[0].members[1].bsn"),
        ("households", "members", [{"surname": "a\x00"}], "households[0].members[0].surname"),
        ("households", "closed", {"on": "2026-09-30", "reason": "Zelf"}, "households[0].closed.on"),
        ("households", "closed", {"on": "2026-11-02", "reason": "Weg"}, "households[0].closed.reason"),
        ("households", "case_number", "2026-1", "households[0].case_number"),
        ("households", "registered", "2026-03-29T02:30", "households[0].registered"),
        ("households", "registered", "0001-01-01T00:00", "households[0].registered"),
        ("households", "threats", [{"kind": "flood"}], "households[0].threats[0].kind"),
        ("households", "flags", ["vip"], "households[0].flags[0]"),
        ("staff", "role", "boss", "staff[0].role"),
        ("staff", "location", None, "staff[0].location"),
        ("staff", "languages", ["nl", "xx"], "staff[0].languages"),
        ("staff", "hours", [{"days": [8], "from": "09:00", "to": "12:00"}], "staff[0].hours[0].days[0]"),
        ("staff", "hours", [{"days": [1], "from": "9 uur", "to": "12:00"}], "staff[0].hours[0].from"),
        ("staff", "hours", [{"days": [1], "from": "09:00", "to": "12:00", "location": "Q"}], "staff[0].hours[0].location"),
        ("staff", "hours", [{"days": [1], "from": "12:00", "to": "09:00"}], "staff[0]"),
        ("staff", "absences", [{"from": "2026-11-10", "to": "2026-11-09"}], "staff[0].absences[0].to"),
        ("staff", "absences", [{"from": "morgen", "to": "2026-11-09"}], "staff[0].absences[0].from"),
        ("types", "minutes", 5, "types[0].minutes"),
        ("types", "code", "LANGE-CODE", "types[0]"),
        ("locations", "hours", [{"days": [1], "from": "17:00", "to": "08:30"}], "locations[0]"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_at_its_path(loading, key, place, value, path):
    data = world()
    data[key][0][place] = value
    rows = every_row()
    errors = loading.errors(data)
    assert [error.partition(": ")[0] for error in errors] == [path]
    assert every_row() == rows


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        ("opened", "2 november", "debt_files[0].opened"),
        ("phases", [{"kind": "rest", "start": "2026-11-02"}], "debt_files[0].phases[0].kind"),
        ("phases", [{"kind": "intake", "start": "2026-11-02", "end": "2026-11-01"}], "debt_files[0]"),
        ("decision", {"kind": "admission"}, "debt_files[0].decision"),
        ("solution", {"start": "2026-11-02"}, "debt_files[0].solution"),
        ("debts", [{"creditor": "Proef", "amount": 80}], "debt_files[0].debts[0].amount"),
        ("debts", [{"creditor": "Proef", "amount": "80,00"}], "debt_files[0].debts[0].amount"),
        ("notes", [{"at": "2026-11-02", "by": "c1", "kind": "roddel", "text": ""}], "debt_files[0].notes[0].kind"),
    ],
)
def test_a_wrong_value_of_a_debt_file_is_refused_at_its_path(loading, place, value, path):
    file = {"household": HOUSEHOLD, "opened": "2026-11-02", place: value}
    errors = loading.errors(world(debt_files=[file]))
    assert [error.partition(": ")[0] for error in errors] == [path]
    assert not Household.objects.exists()


def test_two_open_debt_files_of_one_household_are_refused(loading):
    files = [{"household": HOUSEHOLD, "opened": "2026-11-02"}, {"household": HOUSEHOLD, "opened": "2026-11-01"}]
    [error] = loading.errors(world(debt_files=files))
    assert error == "debt_files[1]: Dit huishouden heeft al een open schulddossier."


def test_a_partner_names_its_organisation(loading):
    assert loading.errors(world(staff=[{"username": "p1", "role": "partner"}])) == [
        "staff[0].organisation: a partner user names its organisation"
    ]
    assert loading.errors(world(staff=[{"username": "p1", "role": "partner", "organisation": "QQ"}])) == [
        'staff[0].organisation: no organisation "QQ"'
    ]


def test_a_household_is_not_closed_under_a_standing_appointment(loading):
    data = world(appointments=[appointment("2026-11-12T14:00")])
    data["households"][0]["closed"] = {"on": "2026-11-02", "reason": "Zelf"}
    assert len(loading.errors(data)) == 1


@pytest.mark.parametrize("same_household", [True, False])
def test_one_bsn_is_one_person(loading, same_household):
    twin = {"surname": "Berg", "bsn": "999900109"}
    homes = [[twin, twin]] if same_household else [[twin], [twin]]
    data = world(households=[{"case_number": f"ETF-2026-00010{n}", "members": one} for n, one in enumerate(homes)])
    [error] = loading.errors(data)
    assert error.startswith("households[0]: Twee mensen" if same_household else "households[1]: Dit BSN")


@pytest.mark.parametrize("key", ["locations", "types", "staff", "households"])
def test_the_same_natural_key_twice_is_refused(loading, key):
    """The second would overwrite the first each time the file is loaded."""
    data = world()
    data[key].append(dict(data[key][0]))
    names = {"staff": "username", "households": "case_number"}
    place = len(data[key]) - 1
    assert loading.errors(data) == [f"{key}[{place}].{names.get(key, 'code')}: is there twice"]


@pytest.mark.parametrize("key", LATER_KEYS)
def test_a_key_of_a_later_feature_is_refused_by_name(loading, key):
    assert loading.errors(contract() | {key: []}) == [f"{key}: belongs to a feature that ETF does not have yet"]


def test_an_unknown_key_deep_inside_is_named_with_its_path(loading):
    data = contract()
    data["staff"][0]["hours"][0]["lunch"] = True
    data["households"][0]["address"]["floor"] = 3
    assert loading.errors(data) == [
        "households[0].address.floor: unknown key",
        "staff[0].hours[0].lunch: unknown key",
    ]


@pytest.mark.parametrize("broken", ["debt_files", "appointments"])
def test_nothing_is_written_unless_the_whole_file_is_valid(loading, broken):
    rows = every_row()
    data = contract()
    data[broken][-1]["household"] = "ETF-2026-000999"
    assert loading.errors(data) == [f'{broken}[{len(data[broken]) - 1}].household: no household "ETF-2026-000999"']
    assert every_row() == rows


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "$: not JSON (line 1)"),
        (b'{\n"now": ', "$: not JSON (line 2)"),
        (b"[" * 100_000, "$: not JSON"),
        (b'{"x": ' + b"9" * 5000 + b"}", "$: not JSON"),
        (b"[]", "$: a scenario is one JSON object"),
        (b'{"staff": {}}', "staff: {} is not of type 'array'"),
        (b'{"staff": [1]}', "staff[0]: 1 is not of type 'object'"),
    ],
)
def test_what_is_no_scenario_is_refused(tmp_path, content, sentence):
    path = tmp_path / "scenario.json"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("etf_scenario", path)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "{file} cannot be read: No such file or directory"), (b"\xff\xfe{\x00", "{file} is not text in UTF-8.")],
)
def test_a_file_that_cannot_be_read(tmp_path, content, sentence):
    path = tmp_path / "scenario.json"
    if content:
        path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("etf_scenario", path)
    assert str(refused.value) == sentence.format(file=path)


def test_production_has_no_scenarios(loading, settings):
    settings.PRODUCTION = True
    rows = every_row()
    assert loading.errors(json.loads("{}")) == ["Scenarios are not loaded in production."]
    assert loading.errors(contract()) == ["Scenarios are not loaded in production."]
    assert every_row() == rows
