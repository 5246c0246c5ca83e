"""Stable pages of a list (R-100): every row that existed at the start comes once, also when rows are added meanwhile."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model, Q, QuerySet, UUIDField

PAGE_SIZES = (25, 50, 100)


@dataclass(frozen=True)
class Page:
    """A stretch of a list. `before` and `after` are the keys of the rows at its ends, None where the list ends."""

    object_list: list[Model]
    size: int
    before: object | None
    after: object | None


def keyset_page(rows: QuerySet, *, order: str, params) -> Page:
    """The rows after or before the one that the address names, in the total order (`order`, then id).

    `order` may start with a minus; it names a column without nulls. Two queries at most; an address that names no
    row of the list gives the first page.
    """
    size = _whole_number(params.get("size"))
    size = size if size in PAGE_SIZES else PAGE_SIZES[0]
    name, descending = order.removeprefix("-"), order.startswith("-")
    for direction in ("after", "before"):
        anchor = _key(rows.model, params.get(direction))
        value = rows.model.objects.filter(pk=anchor).values_list(name, flat=True).first() if anchor else None
        if value is not None:
            return _from_anchor(rows, name, descending, size, (value, anchor), direction == "before")
    found = _ordered(rows, name, descending)[: size + 1]
    return _page(list(found), size, backwards=False, has_earlier=False)


def without(params, name: str) -> str:
    """The address of a list without one filter, on its first page. The name stays, empty: no value means the usual one."""
    kept = params.copy()
    for gone in ("before", "after"):
        kept.pop(gone, None)
    kept[name] = ""
    return "?" + kept.urlencode()


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
