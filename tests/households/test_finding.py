"""The best few for what somebody typed: every trace of S05, the ranking, and the words that a trigger keeps (R-51)."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from casework.core import names
from casework.core.encryption import fingerprint
from casework.core.models import AuditEntry
from casework.households import actions
from casework.households.models import (
    MOST_COUNTED,
    MOST_SHOWN,
    Household,
    Member,
    SearchTerm,
    SearchWord,
    quick_find,
    typed_text,
)  # fmt: skip
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
TODAY = dt.date(2026, 11, 2)
BSN = "999900109"


def read(typed: str, **how) -> list[SearchTerm]:
    return SearchTerm.all_from(typed, today=TODAY, **how)


def found(typed: str, **how) -> list[str]:
    """Names in the order in which they are shown; the list finds the same people."""
    terms = read(typed, **how)
    hits = quick_find(terms)
    rows = Household.objects.in_bulk(hits.keys)
    shown = [rows[key].display_name for key in hits.keys]
    listed = Household.objects.matching(terms) if terms else Household.objects.none()
    assert hits.number == listed.count(), "what quick find counts is what the list shows"
    assert {rows[key].pk for key in hits.keys} <= set(listed.values_list("pk", flat=True))
    return shown


def close(household: Household) -> Household:
    Household.objects.filter(pk=household.pk).update(closed_on=TODAY, exit_reason="Afgerond")
    return household


def numbered(household: Household, number: str) -> Household:
    Household.objects.filter(pk=household.pk).update(case_number=number)
    return household


def with_bsn(household: Household) -> Household:
    household.members.update(bsn="x", bsn_fingerprint=fingerprint(BSN))
    return household


@pytest.mark.parametrize(
    ("given_names", "prefix", "surname", "typed"),
    [
        ("Özgür", "", "Yılmaz", "ozgur"), ("Zoë", "", "Ağca", "agca"), ("Linh", "", "Nguyễn", "nguyen"),
        ("Jan", "van den", "Berg", "vandenberg"), ("Jan", "van den", "Berg", "van den berg"),
        ("Jan", "van den", "Berg", "den berg jan"), ("Jan", "van den", "Berg", "berg jan"),
        ("Ayşe", "", "Işık", "isik"), ("Ayşe", "", "Işık", "IŞIK"), ("Marco", "", "d'Angelo", "dangelo"),
        ("Marco", "", "d'Angelo", "d'angelo"), ("Marco", "d'", "Angelo", "d angelo"),
        ("Marco", "", "d'Angelo", "D’ANGELO marco"), ("Anne-Marie", "", "Ødegård", "annemarie odegard"),
        ("Anne-Marie", "", "Ødegård", "marie"), ("Łukasz", "", "Đorđević", "lukasz dordevic"),
        ("Mo", "", "El Amrani", "amrani"), ("Mo", "", "El Amrani", "elamrani mo"), ("Wim", "", "ĳsselstein", "ijssel"),
        ("Wim", "van 't", "Hof", "van 't hof"), ("Li", "", "Wu", "wu li"), ("Li", "", "Wu", "li"),
        ("Fatou", "", "Ndiaye", "dia"), ("Fatou", "", "Ndiaye", "ndi fat"), ("Fatou", "", "Ndiaye", "tou iaye"),
    ],
)  # fmt: skip
def test_a_name_is_found_in_any_order_and_spelling(given_names, prefix, surname, typed):
    make.household(given=given_names, prefix=prefix, surname=surname, mobile="")
    make.household(given="Iemand", surname="Anders", mobile="")
    assert [name.split(" ")[0] for name in found(typed)] == [given_names.split(" ")[0]]


@pytest.mark.parametrize(
    "typed",
    ["17051984", "17-5-84", "17-05-1984", "17 mei 1984", "17 5 1984", "1984", "0612345678", "06 12 34 56 78",
     "06-12345678", "+31612345678", "0031612345678", "5678", "345678", "9876", "3072ab", "3072 AB", "3072ab 12",
     "3072 ab 12", "3072ab12", "12 3072ab", "3072AB 12a", "3072ab 12-a", "etf-2026-000101", "ETF-2026-0001", "ETF-20",
     "000101", "101", "2026-000101", "ndiaye 1984", "1984 ndiaye", "fatou 17-5-1984", "ndiaye 5678", "3072ab ndiaye",
     "ndi 101 3072ab 12 1984", "et-16", "awa 2015", "diop 3072ab"],
)  # fmt: skip
def test_any_trace_leads_to_the_household(typed):
    """S05, with AND between what is mixed."""
    fatou = make.household(
        given="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17), mobile="+31612345678", phone="+31104199876",
        postcode="3072AB", house_number="12", addition="A",
    )  # fmt: skip
    child = actions.NewMember(given_names="Awa", surname="Diop", role="child", born=dt.date(2015, 3, 1))
    actions.add_member(household=fatou, person=child, by=make.user(), now=make.moment("2026-11-02 09:00"))
    numbered(fatou, "ETF-2026-000101" if typed != "et-16" else "ET-16")
    numbered(
        make.household(given="Iemand", surname="Anders", born=dt.date(1990, 1, 1), mobile="+31699999999",
                       postcode="3072AB" if typed == "12 3072ab" else "3011XY", house_number="99"),
        "X-1",
    )  # fmt: skip
    assert found(typed) == ["Fatou Ndiaye"]


@pytest.mark.parametrize(
    "typed", ["78", "10", "ndiaye 1985", "3072ab 13", "3072ab 12b", "fatou anders", "4567", "12", "0612345679", "72"]
)
def test_what_does_not_fit_is_not_found(typed):
    make.household(
        given="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17), mobile="+31612345678", postcode="3072AB",
        house_number="12", addition="A",
    )  # fmt: skip
    make.household(given="Iemand", surname="Anders", mobile="+31699999999")
    assert found(typed) == []


def test_a_bsn_is_found_whole_and_passing_the_test_only_for_who_may_see_it():
    with_bsn(make.household(given="Fatou", surname="Ndiaye"))
    assert found(BSN, by_bsn=True) == ["Fatou Ndiaye"]
    for typed, by_bsn in ((BSN, False), ("999900110", True), (BSN[:8], True), (BSN[3:], True), ("109", True)):
        assert found(typed, by_bsn=by_bsn) == [], typed


def test_who_left_the_household_is_no_trace_to_it_any_more():
    household = with_bsn(make.household(given="Fatou", surname="Ndiaye"))
    household.members.update(left_on=TODAY)
    assert found(BSN, by_bsn=True) == []


# Ranking (S05): exact case number > BSN > phone > date of birth + name > name starts with > contains


def test_the_ranking_of_what_one_word_may_be():
    """Nine digits that are all of these at once."""
    numbered(make.household(given="Nummer", mobile=""), BSN)
    with_bsn(make.household(given="Bsn", mobile=""))
    make.household(given="Telefoon", mobile="+31999900109")
    numbered(make.household(given="Eind", mobile=""), f"E{BSN}")
    assert [one.split(" ")[0] for one in found(BSN, by_bsn=True)] == ["Nummer", "Bsn", "Telefoon", "Eind"]


def test_names_that_begin_with_it_stand_before_those_that_hold_it():
    for given_names, surname in (
        ("A", "Vandenberg"),
        ("B", "Bergman"),
        ("C", "Berg"),
        ("Bergje", "Aa"),
        ("D", "Ijsberg"),
    ):
        make.household(given=given_names, surname=surname, mobile="")
    assert found("berg") == ["C Berg", "Bergje Aa", "B Bergman", "D Ijsberg", "A Vandenberg"]


def test_phone_stands_before_date_of_birth_with_name():
    make.household(given="Jan", surname="Berg", born=dt.date(1984, 5, 17), mobile="")
    make.household(given="Jan", surname="Bergen", mobile="+31600001984")
    make.household(given="Jan", surname="Bergman", born=dt.date(1984, 1, 1), mobile="")
    assert found("berg 1984") == ["Jan Bergen", "Jan Berg", "Jan Bergman"]
    assert found("1984") == ["Jan Bergen", "Jan Bergman", "Jan Berg"], "of one rank by word, that is by date"


def test_closed_households_stand_after_open_ones_whatever_their_rank():
    close(make.household(given="Dicht", surname="Berg", mobile="+31600001984"))
    make.household(given="Open", surname="Ijsberg", born=dt.date(1984, 1, 1), mobile="")
    assert found("berg") == ["Open Ijsberg", "Dicht Berg"]
    assert found("1984") == ["Open Ijsberg", "Dicht Berg"]
    assert found("berg 1984") == ["Open Ijsberg", "Dicht Berg"]


def test_at_most_eight_and_how_many_there_are():
    for number in range(12):
        make.household(given=f"Naam{'abcdefghijkl'[number]}", surname="Kaya", mobile="")
    assert found("kaya") == [f"Naam{letter} Kaya" for letter in "abcdefgh"]
    assert len(found("aya")) == len(found("kaya naam")) == MOST_SHOWN
    assert quick_find(read("kaya")).number == 12


def many(number: int, name: str, **fields) -> None:
    """Households as an import would leave them."""
    Household.objects.bulk_create(
        Household(case_number=f"M-{one:05}", registered_at=make.moment("2026-11-02 09:00"), display_name=name,
                  sort_name=f"{name} {one:05}", search_name=name, **fields)
        for one in range(number)
    )  # fmt: skip


def test_of_very_many_the_whole_words_come_first_and_counting_stops():
    many(MOST_COUNTED + 200, "janine jansen")
    make.household(given="Jan", surname="Jansen", mobile="")
    for typed in ("jan", "jansen", "jan jansen", "ans", "jan nse"):
        hits = quick_find(read(typed))
        assert len(hits.keys) == MOST_SHOWN, typed
        assert hits.is_more, typed
    last = Household.objects.get(display_name="Jan Jansen").pk
    assert quick_find(read("jan jansen")).keys[0] == last
    assert quick_find(read("jan")).keys[0] == last


def test_a_closed_one_never_takes_the_place_of_an_open_one():
    many(40, "kaya", closed_on=TODAY, exit_reason="Afgerond")
    make.household(given="Zus", surname="Zukayan", mobile="")
    assert found("kaya")[0] == "Zus Zukayan"


# The words follow the household


def words(household: Household) -> set[str]:
    return set(SearchWord.objects.filter(household=household).values_list("word", flat=True))


def test_the_words_follow_whatever_writes_the_household():
    household = make.household(given="Anne-Marie", prefix="van den", surname="Berg", born=dt.date(1984, 5, 17))
    assert words(household) == {"annemarie", "anne", "marie", "vandenberg", "berg", "van", "den", "19840517"}
    assert not SearchWord.objects.filter(household=household, closed=True).exists()
    close(household)
    assert set(household.words.values_list("closed", flat=True)) == {True}
    Household.objects.filter(pk=household.pk).update(search_name="", sort_name="")
    assert words(household) == set(), "names that are wiped are no words either (R-63)"


def test_a_word_of_any_length_fits():
    household = make.household(given="ﷺ" * 80, surname="x" * 80)
    assert max(map(len, words(household))) <= 100


def test_words_go_with_their_household():
    household = make.household()
    Member.objects.filter(household=household).delete()
    household.delete()
    assert not SearchWord.objects.exists()


# Odd input

HOSTILE = [
    "\x00", "a\x00b", "x" * 10_000, "\u202eabc", "\u200fjan", "%", "_", "\\", "%%%", "___", "\\\\", "'", '"', "--", ";",
    "()", "-", "...", "' or 1=1 --", "💥", "²³¹", "١٢٣٤", "１２３４", "0000", "0", "1" * 200, "31-02-2026", "17-05-0000",
    "29-2-2023", "ETF-", "etf-%", "ETF-%_\\", "1 2 3 4 5 6 7 8 9 10 11 12", "a b c d e f g h i j", "3072ab %",
    "jan\u00a0berg", "jan\tberg", "ﷺ" * 100, "ß" * 100, "\ud7ff\ue000", "%s %s", "{0}", "jan % 1984", "etf- jan etf-2",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_answered(typed):
    make.household(given="Jan", surname="Berg")
    found(typed)
    found(typed, by_bsn=True)


@pytest.mark.parametrize(("typed", "name"), [("%", "A%a"), ("_b", "B_b"), ("\\", "C\\c"), ("a%", "A%a"), ("%a", "A%a")])
def test_signs_of_like_mean_themselves(typed, name):
    for surname in ("A%a", "B_b", "C\\c", "Gewoon"):
        make.household(given="", surname=surname, mobile="")
    assert set(found(f"{typed}x")) == set()
    assert set(found(f"{name} {typed}" if names.fold(typed).isalpha() else name)) == {name}


def test_a_space_of_any_kind_parts_words():
    make.household(given="Jan", surname="Berg")
    assert found("jan\u00a0berg") == found("jan\tberg") == found("\u200fjan berg\u202e") == ["Jan Berg"]


class AnyText(TestCase):
    """Whatever people can type gives an answer, and the pieces in bold are together what stands there."""

    @settings(max_examples=60)
    @given(st.text(max_size=120))
    def test_any_text_is_answered(self, typed):
        quick_find(read(typed, by_bsn=True))
        assert len(typed_text(typed)) <= 100

    @settings(max_examples=100)
    @given(st.text(max_size=30), st.lists(st.text(max_size=5), max_size=3))
    def test_marking_loses_nothing(self, text, typed):
        assert "".join(piece for piece, _marked in names.mark(text, [names.fold(one) for one in typed])) == text


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Jan van den Berg", ["berg"], "Jan van den [Berg]"), ("Zoë Ağca", ["agca"], "Zoë [Ağca]"),
        ("Jan van den Berg", ["vandenberg"], "Jan [van den Berg]"), ("Marco d'Angelo", ["dangelo"], "Marco [d'Angelo]"),
        ("Ingeborg Berg", ["berg"], "Ingeborg [Berg]"), ("Fatou Ndiaye", ["ndi", "fat"], "[Fat]ou [Ndi]aye"),
        ("Fatou Ndiaye", ["iaye"], "Fatou Nd[iaye]"), ("Wim ĳsselstein", ["ij"], "Wim [ĳ]sselstein"),
        ("Fatou Ndiaye", ["kaya"], "Fatou Ndiaye"), ("", ["a"], ""),
    ],
)  # fmt: skip
def test_what_matched_is_marked(text, typed, shown):
    assert "".join(f"[{piece}]" if marked else piece for piece, marked in names.mark(text, typed)) == shown


# The audit trail


@pytest.fixture
def search(joris):
    def note(typed: str, at: str = "2026-11-02 09:00") -> list[str]:
        actions.note_search(typed=typed, hits=1, by=joris, now=make.moment(at))
        return list(AuditEntry.objects.order_by("pk").values_list("reason", flat=True))

    return note


def test_the_same_words_again_are_the_same_search_for_ten_minutes(search):
    assert search("ndiaye") == ["ndiaye"]
    assert search("ndiaye", "2026-11-02 09:09") == ["ndiaye"]
    assert search("ndiaye 1984", "2026-11-02 09:09") == ["ndiaye", "ndiaye 1984"]
    assert len(search("ndiaye", "2026-11-02 09:09")) == 3, "another search stood between"
    assert len(search("ndiaye", "2026-11-02 09:20")) == 4


def test_a_bsn_leaves_a_line_each_time_and_never_stands_in_it(search):
    search(BSN)
    assert search(BSN) == ["••••••109", "••••••109"]
    assert set(AuditEntry.objects.values_list("action", flat=True)) == {"search_bsn"}


@pytest.mark.parametrize("typed", ["99990010", "9999001", "999900111", "jan 99990010"])
def test_the_beginning_of_a_bsn_does_not_stand_there_either(search, typed):
    """The ninth digit follows from the eight before it."""
    assert "9990" not in search(typed)[0]
    assert AuditEntry.objects.get().action == "search_households"


@pytest.mark.parametrize("typed", ["17051984", "0612345678", "+31612345678", "17-05-1984", "000101", "06 12 34 56 78"])
def test_a_date_or_number_stands_as_it_was_typed(search, typed):
    assert search(typed) == [typed]
