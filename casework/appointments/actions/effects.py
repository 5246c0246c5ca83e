"""What changing a setting does to what stands, seen before it is saved (S25)."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import Appointment, AppointmentType
from casework.core.refusals import Refused
from casework.households.models import Term

# So many dates are named; the rest is a number.
NAMED = 5


@dataclass(frozen=True)
class Effect:
    """What a change would do.

    `hit`: standing appointments that would have to be re-planned and need not be now, by start. `terms`: how many open
    terms would get another date (R-04). `of_kind`: how many standing appointments are of a kind of talk that changes.
    """

    hit: tuple[Appointment, ...] = ()
    terms: int = 0
    of_kind: int = 0

    def __bool__(self) -> bool:
        return bool(self.hit or self.terms or self.of_kind)

    @property
    def named(self) -> tuple[Appointment, ...]:
        return self.hit[:NAMED]

    @property
    def more(self) -> int:
        return len(self.hit) - len(self.named)

    @property
    def mark(self) -> str:
        """Another one for another effect: who confirms says which effect they saw."""
        keys = [*sorted(one.pk for one in self.hit), self.terms, self.of_kind]
        return hashlib.sha256(repr(keys).encode()).hexdigest()[:32]


class EffectNotSeen(Refused):
    """Nobody saw yet what this change does, or it does something else by now."""

    def __init__(self, effect: Effect):
        super().__init__(_("Look at what this does first."))
        self.effect = effect


@contextmanager
def effect_seen(*, mark: str = "", kind: AppointmentType | None = None, now: dt.datetime) -> Iterator[None]:
    """Around a change of hours, absences, places, days or kinds of talk: lets it through when its effect was seen.

    The change is carried out, what it does is read from the same rows that *Herplannen nodig* reads, and it is taken back
    with EffectNotSeen unless it does nothing or `mark` is that of this effect. `kind`: the kind of talk that is changed.
    Four queries, and one for a kind.
    """
    with transaction.atomic():
        stood, terms, was = _to_replan(now), _deadlines(), _of_kind(kind)
        yield
        hit = Appointment.objects.to_replan(now).exclude(pk__in=stood).order_by("starts_at", "pk")
        changed = bool(kind) and _of_kind(kind) != was
        effect = Effect(
            hit=tuple(hit.select_related("counsellor__user", "location", "type")),
            terms=sum(terms.get(key, date) != date for key, date in _deadlines().items()),
            of_kind=Appointment.objects.standing(now).filter(type=kind).count() if changed else 0,
        )
        if effect and effect.mark != mark:
            raise EffectNotSeen(effect)


def _to_replan(now: dt.datetime) -> list[int]:
    return list(Appointment.objects.to_replan(now).order_by().values_list("pk", flat=True))


def _deadlines() -> dict[int, dt.date]:
    return dict(Term.objects.open().order_by().values_list("pk", "deadline"))


def _of_kind(kind: AppointmentType | None) -> tuple | None:
    """What a resident would notice of a kind of talk, as it stands."""
    if kind is None:
        return None
    return AppointmentType.objects.filter(pk=kind.pk).values_list("minutes", "channel", "active").first()
