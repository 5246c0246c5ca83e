"""Lists: what is filtered on, and stable pages (R-100, R-101).

Every row that existed at the start comes once, also when rows are added meanwhile. Filters, sort and page stand in the
address, and what an address holds that is not understood is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model, Q, QuerySet, UUIDField
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

PAGE_SIZES = (25, 50, 100)


@dataclass(frozen=True)
class Page:
    """A stretch of a list. `before` and `after` are the keys of the rows at its ends, None where the list ends."""

    object_list: list[Model]
    size: int
    before: object | None
    after: object | None


def keyset_page(rows: QuerySet, *, order: str, params, anchors: QuerySet | None = None) -> Page:
    """The rows after or before the one that the address names, in the total order (`order`, then id).

    `order` may start with a minus; it names a column without nulls, or what `rows` is annotated with: then `anchors`
    are all rows with the same annotation, so that one that left the list still tells where one was. Two queries at most; an address that names no
    row of the list gives the first page.
    """
    size = _whole_number(params.get("size"))
    size = size if size in PAGE_SIZES else PAGE_SIZES[0]
    name, descending = order.removeprefix("-"), order.startswith("-")
    anchors = rows.model.objects if anchors is None else anchors
    for direction in ("after", "before"):
        anchor = _key(rows.model, params.get(direction))
        value = anchors.filter(pk=anchor).values_list(name, flat=True).first() if anchor else None
        if value is not None:
            return _from_anchor(rows, name, descending, size, (value, anchor), direction == "before")
    found = _ordered(rows, name, descending)[: size + 1]
    return _page(list(found), size, backwards=False, has_earlier=False)


def filtered(make: Callable, params: QueryDict) -> tuple[QuerySet, dict]:
    """The rows that a filter leaves, and what `_filters.html` shows of it. `make` gives the FilterSet of an address.

    An unknown value is taken out of `params`, with a notice; the others still count (R-101).
    """
    found = make(params)
    ignored = list(found.form.errors)
    if ignored:
        for name in ignored:
            del params[name]
        found = make(params)
    return found.qs, filters_shown(found.form, params, ignored=bool(ignored))


def filters_shown(form, params: QueryDict, *, ignored: bool) -> dict:
    """What `_filters.html` and `_nothing_found.html` show: the form, and what is filtered on with a way to undo it."""
    chips = form.chips()
    return {
        "filter_form": form,
        "ignored": ignored,
        "chips": [chip | {"without": without(params, chip["name"])} for chip in chips],
        "clear": without(params, *(chip["name"] for chip in chips)),
        "kept": [],
    }


def without(params: QueryDict, *names: str) -> str:
    """The address of a list without some filters, on its first page. A name stays, empty: no value means the usual one."""
    kept = params.copy()
    for gone in ("before", "after"):
        kept.pop(gone, None)
    for name in names:
        kept[name] = ""
    return "?" + kept.urlencode()


def stretch(
    rows: QuerySet, params: QueryDict, *, sorts: dict[str, str], anchors: QuerySet | None = None
) -> dict:  # fmt: skip
    """A page of a list, how many rows there are in all, and how it is sorted: what `_stretch.html` shows.

    `sorts`: the words of the address and the column of each; the first one is the usual one. Three queries at most.
    """
    usual = next(iter(sorts))
    sort = params.get("sort")
    sort = sort if sort in sorts else usual
    page = keyset_page(rows, order=sorts[sort], params=params, anchors=anchors)
    changed = {"sort": sort != usual, "size": page.size != PAGE_SIZES[0]}
    kept = [(name, value) for name, value in (("sort", sort), ("size", page.size)) if changed[name]]
    return {"page": page, "number": rows.count(), "sizes": PAGE_SIZES, "sort": sort, "kept": kept}


def same_place(url_name: str, query: str) -> HttpResponse:
    """Back to the stretch of a list where somebody was: `query` is the address that its page sent along."""
    asked = QueryDict(query).urlencode()
    return redirect(reverse(url_name) + (f"?{asked}" if asked else ""))


def _from_anchor(rows: QuerySet, name: str, descending: bool, size: int, anchor: tuple, backwards: bool) -> Page:
    value, pk = anchor
    side = "lt" if descending != backwards else "gt"
    beyond = rows.filter(Q(**{f"{name}__{side}": value}) | Q(**{name: value, f"pk__{side}": pk}))
    found = list(_ordered(beyond, name, descending != backwards)[: size + 1])
    return _page(found, size, backwards=backwards, has_earlier=True)


def _ordered(rows: QuerySet, name: str, descending: bool) -> QuerySet:
    sign = "-" if descending else ""
    return rows.order_by(sign + name, sign + "pk")


def _page(found: list[Model], size: int, *, backwards: bool, has_earlier: bool) -> Page:
    """`found` holds one row more than fits when the list goes on in that direction."""
    more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    if not shown:
        return Page([], size, None, None)
    earlier, later = (more, True) if backwards else (has_earlier, more)
    return Page(shown, size, shown[0].pk if earlier else None, shown[-1].pk if later else None)


def _key(model: type[Model], text: str | None):
    """A key as this model has them, a number or a UUID; anything else is ignored (R-101)."""
    if not isinstance(model._meta.pk, UUIDField):
        return _whole_number(text)
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _whole_number(text: str | None) -> int | None:
    """A number that fits a key; anything else is ignored (R-101)."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None
