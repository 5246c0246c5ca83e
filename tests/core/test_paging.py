"""Pages of a list are stable, whatever is added meanwhile (R-100)."""

import itertools
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from casework.core import paging
from casework.places.models import Location

NAMES = st.sampled_from(["", "a", "b", "ba", "Ba", "é", "z"])


class Paging(TestCase):
    """A list of places, with many of one name, walked through while others are added."""

    @settings(max_examples=60)
    @given(
        before=st.lists(NAMES, max_size=9),
        added=st.lists(st.lists(NAMES, max_size=3), max_size=6),
        order=st.sampled_from(["name", "-name"]),
        size=st.integers(1, 4),
    )
    def test_every_row_of_the_start_comes_once_in_order(self, before, added, order, size):
        codes = itertools.count()

        def add(names):
            for name in names:
                Location.objects.create(code=f"P{next(codes)}", name=name, address="-")

        Location.objects.all().delete()
        add(before)
        wanted = set(Location.objects.values_list("pk", flat=True))
        seen, params, later = [], {}, iter(added)
        with mock.patch.object(paging, "PAGE_SIZES", (size,)):
            while True:
                page = paging.keyset_page(Location.objects.all(), order=order, params=params)
                seen += [one.pk for one in page.object_list]
                add(next(later, ()))
                if page.after is None:
                    break
                params = {"after": str(page.after)}
        assert len(seen) == len(set(seen))
        assert wanted <= set(seen)
        sign = "-" if order.startswith("-") else ""
        in_order = list(Location.objects.filter(pk__in=seen).order_by(order, f"{sign}pk").values_list("pk", flat=True))
        assert seen == in_order

    @settings(max_examples=60)
    @given(st.dictionaries(st.sampled_from(["after", "before", "size", "sort", "page"]), st.text(max_size=25)))
    def test_an_odd_address_gives_a_page(self, params):
        paging.keyset_page(Location.objects.all(), order="name", params=params)
