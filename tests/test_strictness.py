"""That the fixtures of conftest.py bite: an undefined variable, an order by chance, and the network."""

import socket

import pytest
from django.template import Context, Template, engines
from django.template.base import Origin

from casework.places.models import Area, Location
from tests import conftest, make


def _own(text: str) -> Template:
    template = engines["django"].engine.from_string(text)
    template.origin = Origin(name=f"{conftest.UndefinedVariable.own}/proef.html")
    return template


@pytest.mark.parametrize(
    "text", ["{{ naem }}", "{{ person.naem }}", "{{ naem|default:'x' }}", "{% with x=naem %}{% endwith %}"]
)
def test_an_undefined_variable_fails(text):
    with pytest.raises(AssertionError, match="naem"):
        _own(text).render(Context({"person": object()}))


def test_asking_whether_something_is_there_is_fine():
    assert _own("{% if naem %}ja{% else %}nee{% endif %}").render(Context()) == "nee"


def test_templates_of_others_keep_their_own_habits():
    assert Template("[{{ naem }}]").render(Context()) == "[]"


@pytest.mark.django_db
def test_rows_without_an_order_come_in_any():
    for _number in range(12):
        make.location()
    orders = {tuple(Location.objects.order_by().values_list("pk", flat=True)) for _try in range(5)}
    assert len(orders) > 1
    assert list(Area.objects.values_list("name", flat=True)) == sorted(Area.objects.values_list("name", flat=True))


def test_a_test_reaches_nothing_outside():
    with socket.socket() as outside, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))
