"""The partner's own door (S14, R-72): their organisation, and nothing else of ETF."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casework.core.models import Role
from partners.organisations.models import Membership, Organisation
from tests import make


def text(page) -> str:
    return " ".join(page.content.decode().split())


def test_a_partner_sees_the_own_organisation_and_no_menu_of_etf(cast, browse):
    page = text(browse(cast.users[Role.PARTNER]).get(reverse("inbox")))
    assert str(Organisation.objects.get(code="MAIT")) in page
    assert "Geen nieuwe doorverwijzingen." in page
    assert 'class="etf-partner"' in page
    for name in ("households", "agenda", "figures", "outbox"):
        assert f'href="{reverse(name)}"' not in page
    assert 'role="search"' not in page


def test_a_partner_without_an_organisation_sees_an_empty_box(db, browse):
    page = text(browse(make.user(Role.PARTNER)).get(reverse("inbox")))
    assert "Geen nieuwe doorverwijzingen." in page


@pytest.mark.django_db
def test_the_three_partners_always_exist():
    assert set(Organisation.objects.values_list("code", flat=True)) >= {"MAIT", "KBR", "JPF"}


def test_somebody_works_for_one_organisation(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=cast.users[Role.PARTNER], organisation=Organisation.objects.get(code="KBR"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_box_asks_as_much_for_one_colleague_as_for_three(cast, browse, django_assert_num_queries, rows):
    for _row in range(rows - 1):
        Membership.objects.create(user=make.user(Role.PARTNER), organisation=Organisation.objects.get(code="MAIT"))
    client = browse(cast.users[Role.PARTNER])
    with django_assert_num_queries(7):
        assert client.get(reverse("inbox")).status_code == 200


@pytest.mark.parametrize("name", ["state", "sort", "size", "after", "before"])
@pytest.mark.parametrize("value", ["\x00", "zzz", "99999999999999999999", "-1", "９"])
def test_an_address_with_nonsense_shows_the_box(cast, browse, name, value):
    """R-101."""
    assert browse(cast.users[Role.PARTNER]).get(reverse("inbox"), {name: value}).status_code == 200
