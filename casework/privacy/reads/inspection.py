"""All data of a household for who asks to see them (R-64, AVG art. 15), found from the models themselves.

Whatever belongs to a household is in it, unless one of the two tables below says why not: a new model or field cannot be
forgotten, and a test keeps the tables true (docs/decisions/0042).
"""

import datetime as dt
from decimal import Decimal

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from casework.core import clock
from casework.core.models import User
from casework.core.retention import RETENTION
from casework.counsellors.models import Counsellor
from casework.households.models import Household, Member, way_to_household

# Models that belong to a household and are not shown.
LEFT_OUT = {
    "casework.searchword": "a copy of the names, to search by",
    "casework.occupancy": "when counsellors are taken: a copy of the appointments, which are shown",
    "casework.accessreason": "stands in who looked, with the role instead of the name",
    "casework.merge": "which two numbers were taken for the same people; what belonged to either is shown",
    "casework.mergestep": "what a merge moved, kept fourteen days to undo it; the rows themselves are shown",
    "casework.transferproposal": "who of the staff helps, and not about the resident",
    "casework.creditor": "not of one household; its name stands with each debt",
}
_TECHNICAL = "how the program keeps the row, which says nothing about anybody"
_OF_OTHERS = "about somebody else, whose privacy goes before (AVG art. 15, fourth paragraph)"
# Fields that are not shown, of every model that has them.
FIELDS_LEFT_OUT = {
    "id": _TECHNICAL, "version": _TECHNICAL, "form_token": _TECHNICAL, "display_name": _TECHNICAL, "sort_name": _TECHNICAL,
    "search_name": _TECHNICAL, "search_surname": _TECHNICAL, "bsn_fingerprint": _TECHNICAL, "household": _TECHNICAL,
    "appointment_key": _TECHNICAL, "import_key": _TECHNICAL, "import_digest": _TECHNICAL, "household_closed": _TECHNICAL, "series": _TECHNICAL,
    "claimed_at": _TECHNICAL, "claimed_by": _TECHNICAL, "provider_reference": _TECHNICAL, "error": _TECHNICAL,
    "provider_id": _TECHNICAL, "copy": _TECHNICAL,
    "merged_into": _TECHNICAL, "task": _TECHNICAL, "anonymised_on": _TECHNICAL, "facts": "what the text was made of; the text is shown",
    # A note on safety says whom somebody is afraid of.
    "safety_note": _OF_OTHERS,
}  # fmt: skip
# Of a helper and an administrator, who are others, the number is theirs.
OF_OTHERS = {"casework.helper": {"phone"}, "casework.household": {"administrator_phone"}}
# Of the others in the household: that they are there, and no more.
_OF_OTHER_MEMBERS = {"household", "role", "given_names", "prefix", "surname"}


def everything_about(household: Household, *, asker: Member | None) -> list[dict]:
    """Per model its name and its rows, each row a list of (name of the field, value as text); models without rows too.

    Staff are shown by role. A BSN is shown of `asker` only, and of other members no more than name and role.
    One query per model.
    """
    households = {household.pk, *Household.objects.filter(merged_into=household).values_list("pk", flat=True)}
    return [_section(model, households, household, asker) for model in shown_models()]


def shown_models() -> list[type[models.Model]]:
    """In the order of the table of retention: the household first, then its people."""
    return [
        apps.get_model(label)
        for label in RETENTION
        if label not in LEFT_OUT and way_to_household(apps.get_model(label))
    ]


def shown_fields(model: type[models.Model]) -> list[models.Field]:
    hidden = OF_OTHERS.get(model._meta.label_lower, set())
    return [one for one in model._meta.local_fields if one.name not in FIELDS_LEFT_OUT and one.name not in hidden]


def _section(model: type[models.Model], households: set[int], household: Household, asker: Member | None) -> dict:
    fields = shown_fields(model)
    mine = Q(pk=household.pk) if model is Household else Q(**{f"{way_to_household(model)}__in": households})
    keys = [one.name for one in fields if one.many_to_one or one.one_to_one]
    people = [f"{one.name}__user" for one in fields if one.related_model is Counsellor]
    rows = model._base_manager.filter(mine).select_related(*keys, *people).order_by("pk")
    return {
        "model": model._meta.model_name,
        "name": str(model._meta.verbose_name_plural),
        "rows": [_titled(row, _fields_of(row, fields, asker)) for row in rows],
    }


def _titled(row: models.Model, fields: list[models.Field]) -> list[tuple[str, str]]:
    """Each value with the name of its field, which no other value of the row has."""
    found: dict[str, str] = {}
    for one in fields:
        title = str(one.verbose_name)
        found[title if title not in found else f"{title} ({one.name})"] = _shown(row, one)
    return list(found.items())


def _fields_of(row: models.Model, fields: list[models.Field], asker: Member | None) -> list[models.Field]:
    if isinstance(row, Member) and row != asker:
        return [one for one in fields if one.name in _OF_OTHER_MEMBERS]
    return fields


def _shown(row: models.Model, field: models.Field) -> str:
    """A value as a person reads it; empty when there is none."""
    value = getattr(row, field.name)
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, User):
        return str(value.get_role_display())
    if isinstance(value, Counsellor):
        return str(value.user.get_role_display())
    if isinstance(value, Household):
        return value.case_number
    if isinstance(value, models.Model):
        of_household = way_to_household(type(value)) and not isinstance(value, Member)
        return f"{value._meta.verbose_name} {value.pk}" if of_household else str(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return f"{clock.local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
