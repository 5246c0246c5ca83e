"""Hostile text in every field of every form: shown literally or refused clearly, never a fault (R-96, R-97).

Every address that answers with a page is opened by a role that may, and each of its forms is sent as a browser would
send it, with hypothesis typing. An exception in a view fails the test: the test client raises it.
"""

import html
from itertools import cycle

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casework.core.models import Role
from tests import make
from tests.cast import ONE_CAST
from tests.core.page_forms import PageForm, forms_of
from tests.core.test_access_matrix import ROLES, TABLE, arguments

pytestmark = ONE_CAST

MARK = "<script>zz(1)</script>"
HOSTILE = [
    MARK, '"><img src=x onerror=zz(1)>', "=1+1", "+31", "-2", "@SUM(A1)", "＝1", "\t=1", "\u202egnp.exe", "\u200f\u2066אב",
    "x" * 10_000, "\x00", "a\x00b", "' OR 1=1 --", "%s%(x)s{{ 7*7 }}", "\ud7ff\uffff", "0" * 400, "9" * 30, "﷽" * 200,
]  # fmt: skip
# What fields that read something want, so that the rest of the form is right and is kept.
RIGHT = {
    "born": "17-5-1984", "given_on": "1-11-2026", "agreed_on": "1-11-2026", "happened_on": "1-11-2026",
    "received_on": "1-11-2026",
    "since": "1-11-2026", "joined_on": "1-11-2026", "mobile": "06 12 34 56 78", "phone": "010 123 45 67",
    "email": "x@example.org", "postcode": "3072 AB", "given_names": "Fatou", "surname": "Ndiaye",
}  # fmt: skip
READ = {
    *RIGHT, "until", "left_on", "happens_on", "threat_date", "partner_born", "children", "bsn", "administrator_phone",
    "administrator_from", "administrator_until", "quiet_from", "quiet_until", "told_date", "told_time", "other_date",
    "other_time",
} - {"given_names", "surname"}  # fmt: skip

# A page that only logs somebody in or out, or asks a machine, is proven elsewhere.
ELSEWHERE = {name for name in TABLE if name.startswith(("mfa_", "account_", "openid_"))} | {
    "healthz",
    "readyz",
    "pumpz",
}
OPENED = {
    name: next(role for role, answer in zip(reversed(ROLES), reversed(row), strict=True) if answer == 200 and role)
    for name, row in TABLE.items()
    if name not in ELSEWHERE and 200 in row[1:]
}
# Each field of a form gets another one.
SEVERAL = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=60), min_size=6, max_size=6)
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def send(client, address: str, form: PageForm, texts: dict[str, str]):
    """The answer, and the page after it."""
    target = form.action.split("#")[0] if form.action.startswith("/") else address.split("?")[0] + form.action
    data = form.filled(texts)
    ask = client.post if form.method == "post" else client.get
    return ask(target, data, follow=True)


def looks_after(page) -> None:
    assert page.status_code in {200, 404, 403}, page.status_code
    if page.headers["Content-Type"].split(";")[0] != "text/html":
        # A file, which a browser keeps and does not show.
        assert "attachment" in page.headers["Content-Disposition"]
        assert b"".join(page)
        return
    shown = page.content.decode()
    assert MARK not in shown
    assert "<img src=x" not in shown


@pytest.mark.parametrize("name", OPENED)
def test_whatever_is_typed_is_no_fault(cast, browse, name):
    client, address = browse(cast.users[OPENED[name]]), reverse(name, args=arguments(name, cast))
    first = client.get(address)
    if first.headers["Content-Type"].split(";")[0] != "text/html":
        return
    forms = [one for one in forms_of(first.content.decode()) if one.texts]
    if not forms:
        return

    @settings(max_examples=3, suppress_health_check=SLOW, database=None)
    @given(typed=SEVERAL)
    @example(typed=[MARK])
    @example(typed=["a\x00b"])
    @example(typed=["x" * 10_000])
    def type_it(typed):
        for place, form in enumerate(forms):
            page = client.get(address).content.decode()
            now = [one for one in forms_of(page) if one.texts]
            if place >= len(now):
                continue
            texts = dict(zip(form.texts, cycle(typed), strict=False))
            looks_after(send(client, address, now[place], texts))
            right = texts | {text: RIGHT.get(text, "") for text in form.texts if text in READ}
            looks_after(send(client, address, now[place], right))

    type_it()


@pytest.mark.parametrize(
    "model",
    [
        "location",
        "area",
        "calendarday",
        "appointmenttype",
        "missedreason",
        "messagetext",
        "forbiddenword",
        "remindermoments",
        "wordingtrial",
        "team",
        "user",
    ],
)
def test_whatever_an_administrator_types_is_no_fault(cast, browse, model):
    client, address = browse(cast.users[Role.ADMIN]), reverse(f"admin:casework_{model}_add")

    @settings(max_examples=3, suppress_health_check=SLOW, database=None)
    @given(typed=st.sampled_from(HOSTILE) | st.text(max_size=60))
    @example(typed=MARK)
    @example(typed="a\x00b")
    def type_it(typed):
        forms = [one for one in forms_of(client.get(address).content.decode()) if one.method == "post" and one.texts]
        assert forms
        looks_after(send(client, address, forms[0], dict.fromkeys(forms[0].texts, typed)))

    type_it()


TEXTS = ["<script>zz(1)</script>", "=1+1", "@SUM(A1)", "\u202egnp.exe", "' OR 1=1 --", "{{ 7*7 }}%s", 'a"b&c']


@pytest.mark.parametrize("typed", TEXTS)
def test_what_was_kept_is_shown_as_it_was_typed(cast, browse, typed):
    """On the page of the household, letter for letter."""
    client = browse(cast.samira.user)
    texts = {
        "add_note": {"text": typed}, "add_helper": {"name": typed, "organisation": typed, "role": typed},
        "add_life_event": {"consequence": typed, "happened_on": "1-11-2026"}, "add_agreement": {"purpose": typed},
    }  # fmt: skip
    for name, fields in texts.items():
        address = reverse(name, args=[cast.own.case_number])
        form = next(one for one in forms_of(client.get(address).content.decode()) if one.texts)
        sent = send(client, address, form, fields)
        assert sent.redirect_chain, (name, sent.context["form"].errors)
    page = client.get(reverse("household", args=[cast.own.case_number])).content.decode()
    assert html.unescape(page).count(typed) >= 6
    assert MARK not in page


@pytest.mark.parametrize(
    ("name", "field", "words"),
    [("add_note", "text", "2000"), ("add_helper", "name", "120"), ("add_agreement", "purpose", "200"),
     ("add_life_event", "consequence", "200")],
)  # fmt: skip
def test_ten_thousand_letters_are_refused_with_the_number_that_fits(cast, browse, name, field, words):
    client, address = browse(cast.samira.user), reverse(name, args=[cast.own.case_number])
    form = next(one for one in forms_of(client.get(address).content.decode()) if one.texts)
    page = send(client, address, form, {field: "x" * 10_000})
    assert words in str(page.context["form"].errors[field])
    assert "x" * 10_000 in page.content.decode()


def test_most_doors_have_a_form_to_type_in():
    assert len(OPENED) > 40


def test_every_form_of_a_household_was_found(cast, browse):
    """The reader of forms sees what a browser sees."""
    make.around(cast.own)
    client = browse(cast.samira.user)
    page = client.get(reverse("change_member", args=[cast.own.case_number, cast.member.pk])).content.decode()
    (form,) = [one for one in forms_of(page) if one.texts]
    assert {"given_names", "surname", "born", "left_on", "bsn"} <= set(form.texts)
    assert form.fields["version"] == ["1"]
    assert form.fields["role"] == ["client"]
