"""Lines of the audit trail: whose one may see, what they are about in words, and who looked at one household."""

import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from casework.core import clock
from casework.core.access import Right
from casework.core.models import AuditEntry, AuditKind, Role, User
from casework.counsellors.actions import team_of
from casework.households.models import AccessReasonKind, Household, rows_about

_MODELS = {model._meta.model_name: model for model in apps.get_models()}
# Whoever may decide about the whole trail; a supervisor sees that of the own team, without what was searched for (R-90m).
_ALL_OF_IT = {Role.PRIVACY_OFFICER}
LOOKS = (AuditKind.VIEWED, AuditKind.BSN_SHOWN, AuditKind.EXPORTED)


def trail_for(user: User) -> QuerySet[AuditEntry]:
    """The lines that this user may see (R-90m). Two queries to know the team of a supervisor."""
    if not user.may(Right.SEE_AUDIT):
        return AuditEntry.objects.none()
    if user.role in _ALL_OF_IT:
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(user_id_at_time__in=users_seen_by(user)).exclude(kind=AuditKind.SEARCHED)


def users_seen_by(user: User) -> QuerySet[User]:
    """Whose lines this user may see: everybody's, or those of the own team; of nobody without a team."""
    if user.role in _ALL_OF_IT:
        return User.objects.order_by("full_name", "pk")
    team = team_of(user)
    if team is None:
        return User.objects.none()
    of_team = Q(counsellor__team=team) | Q(posting__team=team)
    return User.objects.filter(of_team).order_by("full_name", "pk")


def of_household(case_number: str) -> Household | None:
    """By its number, that of one that was merged into another too."""
    return Household.objects.filter(case_number=case_number).first()


def keys_about(household: Household) -> list[str]:
    """How the lines about a household, and whatever belongs or belonged to it, name their object.

    What was merged into it counts too. Constant number of queries.
    """
    into = Household.objects.filter(merged_into=household).values_list("pk", flat=True)
    rows = rows_about({household.pk, *into})
    return [f"{model._meta.model_name}:{pk}" for model, keys in rows.items() for pk in keys]


@dataclass(frozen=True)
class Line:
    """A line as the screen shows it, without anything of a case. `who` is empty where the name is blanked (R-63)."""

    entry: AuditEntry
    who: str
    role: str
    about: str
    reason: str


def for_rows(entries: list[AuditEntry]) -> list[Line]:
    """With the name of the user, what the line is about, and the reason in it. Two queries."""
    users = dict(User.objects.filter(pk__in={one.user_id_at_time for one in entries}).values_list("pk", "full_name"))
    keys = {key for one in entries if (key := _key_of(one))}
    numbers = dict(Household.objects.filter(pk__in=keys).values_list("pk", "case_number"))
    return [
        Line(
            one, users.get(one.user_id_at_time) or one.username, role_words(one.role), _about(one, numbers),
            reason_words(one.reason),
        )
        for one in entries
    ]  # fmt: skip


def role_words(role: str) -> str:
    return str(Role(role).label) if role in Role else _("the system")


def reason_words(reason: str) -> str:
    """The reason of a line (R-91). What was typed to search stands there too, and is shown as it is."""
    return str(AccessReasonKind(reason).label) if reason in AccessReasonKind else reason


def _about(entry: AuditEntry, numbers: dict[int, str]) -> str:
    """The household by its number, other rows by what they are, and an address as it is."""
    if (number := numbers.get(_key_of(entry))) is not None:
        return number
    name, _colon, key = entry.object_key.partition(":")
    model = _MODELS.get(name)
    words = str(model._meta.verbose_name if key != "*" else model._meta.verbose_name_plural) if model else name
    return f"{words} {key}" if key != "*" else words


def _key_of(entry: AuditEntry) -> int | None:
    model, _colon, key = entry.object_key.partition(":")
    return int(key) if model == Household._meta.model_name and key.isascii() and key.isdigit() else None


@dataclass(frozen=True)
class Look:
    """That somebody of a role looked on a day, at what and why; however often."""

    on: dt.date
    role: str
    what: str
    reason: str


def looks_at(household: Household) -> list[Look]:
    """Every day on which somebody of a role looked at this household, newest first: for the resident (S26).

    Those whose reason is blanked since too: that somebody of a role looked stays. What the screen of the audit trail
    itself shows without content is no look.
    """
    rows = AuditEntry.objects.filter(object_key__in=keys_about(household), kind__in=LOOKS).order_by("-at", "-pk")
    found = {
        Look(clock.local_date(one.entry.at), one.role, str(one.entry.get_kind_display()), one.reason): None
        for one in for_rows(list(rows))
    }
    return list(found)
