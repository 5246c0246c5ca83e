"""R-50, R-51, R-59 and the clock (R-01)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core import clock, dates, names

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ozgur", "Özgür"), ("agca", "Ağca"), ("nguyen", "Nguyễn"), ("vandenberg", "van den Berg"), ("isik", "Işık"),
        ("dangelo", "d'Angelo"), ("lukasz", "Łukasz"), ("ijsselstein", "ĳsselstein"), ("soren", "Søren"),
        ("istanbul", "İstanbul"), ("thart", "’t Hart"),
    ],
)  # fmt: skip
def test_what_is_typed_finds_the_name(typed, name):
    assert names.fold(name) == typed == names.fold(typed)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text):
    assert names.fold(names.fold(text)) == names.fold(text)


@pytest.mark.parametrize(
    ("typed", "prefix", "surname"),
    [
        ("van den Berg", "van den", "Berg"), ("van 't Hof", "van 't", "Hof"), ("'t Hart", "'t", "Hart"),
        ("El Amrani", "", "El Amrani"), ("Ben Ali", "", "Ben Ali"), ("Van Dijk", "", "Van Dijk"), ("de", "", "de"),
        ("d'Angelo", "d'", "Angelo"), ("Denneboom", "", "Denneboom"),
    ],
)  # fmt: skip
def test_the_prefix_stands_apart(typed, prefix, surname):
    assert names.split_prefix(typed) == (prefix, surname)


def test_sorting_is_by_surname_without_prefix():
    people = [("Jan", "van der", "Berg"), ("Ali", "", "Ağca"), ("Piet", "", "Berg"), ("Zoë", "de", "Boer")]
    assert sorted(people, key=lambda one: names.sort_name(*one)) == [
        ("Ali", "", "Ağca"), ("Piet", "", "Berg"), ("Jan", "van der", "Berg"), ("Zoë", "de", "Boer"),
    ]  # fmt: skip


def test_ij_is_one_letter():
    assert names.capitalise("ijsselstein") == "IJsselstein"
    assert names.capitalise("jansen") == "Jansen"


@pytest.mark.parametrize(
    "typed", ["17-05-1984", "17-5-84", "17051984", "17 mei 1984", "1984-05-17", "17/5/1984", "170584"]
)
def test_a_date_of_birth_as_people_type_it(typed):
    assert dates.read_birth_date(typed, today=TODAY) == dt.date(1984, 5, 17)


def test_two_digits_above_this_year_are_the_last_century():
    assert dates.read_date("1-1-27", today=TODAY).year == 1927
    assert dates.read_date("1-1-26", today=TODAY).year == 2026


@pytest.mark.parametrize("typed", ["31-02-1984", "00-00-1975", "vandaag", "", "17-13-1984", "1984"])
def test_no_date(typed):
    with pytest.raises(ValueError, match="17 5 1984"):
        dates.read_date(typed, today=TODAY)


@pytest.mark.parametrize("typed", ["25-11-2026", "1-1-1900"])
def test_a_birth_date_is_past_and_within_a_lifetime(typed):
    with pytest.raises(ValueError):
        dates.read_birth_date(typed, today=TODAY)


@given(
    st.dates(min_value=dt.date(1907, 1, 1), max_value=TODAY),
    st.sampled_from(["%d-%m-%Y", "%d%m%Y", "%Y-%m-%d", "%d %m %Y"]),
)
def test_every_date_is_read_back(date, form):
    assert dates.read_date(date.strftime(form), today=TODAY) == date


def test_age_turns_on_the_birthday():
    assert dates.age(dt.date(1984, 11, 24), TODAY) == 42
    assert dates.age(dt.date(1984, 11, 25), TODAY) == 41
    assert dates.age(dt.date(2000, 2, 29), dt.date(2027, 2, 28)) == 26


def test_dates_in_words():
    assert dates.full_date(dt.date(2026, 11, 12), "nl") == "donderdag 12 november"
    assert dates.full_date(dt.date(2026, 11, 12), "en") == "Thursday 12 November"
    assert dates.short_date(dt.date(2026, 11, 12), "nl") == "do 12 nov"


@pytest.mark.parametrize("date", [dt.date(2026, 3, 29), dt.date(2027, 3, 28)])
def test_a_time_that_the_clock_skips_is_refused(date):
    with pytest.raises(clock.NoSuchLocalTime):
        clock.at(date, dt.time(2, 30))


def test_a_time_that_exists_twice_means_the_first():
    assert clock.at(dt.date(2026, 10, 25), dt.time(2, 30)) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(("date", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 11, 2), 24)])
def test_a_local_day_has_the_hours_it_has(date, hours):
    first, last = clock.day_bounds(dt.date(*date))
    assert last - first == dt.timedelta(hours=hours)


def test_the_clock_can_be_frozen_outside_production(settings):
    settings.ETF_NOW = "2026-11-02T09:00+01:00"
    assert clock.now() == dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)
    settings.ETF_NOW = "2026-07-02T09:00"
    assert clock.now() == dt.datetime(2026, 7, 2, 7, tzinfo=dt.UTC)
