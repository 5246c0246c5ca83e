"""R-54 to R-58: what people type, and what is kept and shown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core import values


@pytest.mark.parametrize("typed", ["111222333", "999900109", "111.222.333", " 111 222 333 "])
def test_bsn_accepts_what_passes_the_eleven_test(typed):
    assert len(values.read_bsn(typed)) == 9


@pytest.mark.parametrize("typed", ["111222334", "123456789", "000000000", "1234567", "12345678a", "", "1112223333"])
def test_bsn_refuses_the_rest(typed):
    with pytest.raises(ValueError, match="BSN"):
        values.read_bsn(typed)


@given(st.integers(min_value=1, max_value=999_999_999))
def test_bsn_agrees_with_the_weights_of_the_rule(number):
    digits = f"{number:09}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    if total % 11 == 0:
        assert values.read_bsn(digits) == digits
    else:
        with pytest.raises(ValueError):
            values.read_bsn(digits)


def test_bsn_is_masked_but_for_the_last_three():
    assert values.mask_bsn("999900109") == "••••••109"


def test_iban_ignores_spaces_and_is_shown_in_fours():
    assert values.read_iban("nl91 abna 0417 1643 00") == "NL91ABNA0417164300"
    assert values.show_iban("NL91ABNA0417164300") == "NL91 ABNA 0417 1643 00"


@pytest.mark.parametrize("typed", ["NL91ABNA0417164301", "NL91ABNA041716430", "hello", ""])
def test_iban_refuses_what_fails_the_check(typed):
    with pytest.raises(ValueError, match="IBAN"):
        values.read_iban(typed)


@pytest.mark.parametrize(("typed", "kept"), [("3072ab", "3072AB"), (" 3072 AB ", "3072AB"), ("1000aa", "1000AA")])
def test_postcode(typed, kept):
    assert values.read_postcode(typed) == kept


@pytest.mark.parametrize("typed", ["0123AB", "3072SA", "3072SD", "3072SS", "3072A", "30722AB", "AB3072", ""])
def test_postcode_refuses(typed):
    with pytest.raises(ValueError, match=r"3072 AB"):
        values.read_postcode(typed)


@given(st.from_regex(r"[1-9][0-9]{3}[A-Z]{2}", fullmatch=True).filter(lambda code: code[4:] not in {"SA", "SD", "SS"}))
def test_postcode_shown_is_read_back(code):
    assert values.read_postcode(values.show_postcode(code)) == code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1234,56", "1234.56"), ("1.234,56", "1234.56"), ("€ 1.234,56", "1234.56"), ("1.234", "1234.00"),
        ("12.50", "12.50"), ("0,05", "0.05"), ("7", "7.00"), ("1.234.567", "1234567.00"), ("-3,10", "-3.10"),
    ],
)  # fmt: skip
def test_money(typed, kept):
    assert values.read_money(typed) == Decimal(kept)


@pytest.mark.parametrize("typed", ["1,234.56", "12,345", "1.23.4", "", "abc", "1,2,3", "12.345.6", "1.2345"])
def test_money_refuses_what_can_be_read_in_two_ways(typed):
    with pytest.raises(ValueError, match="1234,56"):
        values.read_money(typed)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_money_shown_is_read_back(amount):
    shown = values.show_money(amount)
    assert values.read_money(shown.replace("€ -", "-")) == amount


@pytest.mark.parametrize(
    "typed", ["0612345678", "06 12 34 56 78", "06-12345678", "(06)12345678", "+31612345678", "0031612345678"]
)
def test_a_mobile_number_is_kept_in_one_form(typed):
    kept = values.read_phone(typed)
    assert kept == "+31612345678"
    assert values.is_mobile(kept)
    assert values.show_phone(kept) == "06 12 34 56 78"


def test_a_landline_is_no_mobile():
    assert not values.is_mobile(values.read_phone("010 123 45 67"))


@pytest.mark.parametrize("typed", ["0612", "061234567890", "abc", "", "06123456"])
def test_phone_refuses(typed):
    with pytest.raises(ValueError, match="06 12 34 56 78"):
        values.read_phone(typed)


@given(st.integers(min_value=0, max_value=99_999_999))
def test_a_mobile_number_shown_is_read_back(number):
    kept = f"+316{number:08}"
    assert values.read_phone(values.show_phone(kept)) == kept


@pytest.mark.parametrize("typed", ["+31", "+", "+999", "+3"])
def test_what_is_no_number_is_shown_as_it_was_typed(typed):
    """A form shows again what it refused."""
    assert values.show_phone(typed) == typed
