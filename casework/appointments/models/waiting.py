"""Who wants to come earlier, and which free time suits them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.appointments.models.appointments import OCCUPIES_TIME, Appointment, AppointmentType, TypeChannel
from casework.appointments.models.slots import GRID, Block, SearchArea, Slot, earliest_start, free_blocks
from casework.core import clock
from casework.core.models import User
from casework.households.models import Household

# A weekday (1 = Monday) with m for the morning (a start before 12.00) or a for the afternoon, as in R-13.
HALF_DAYS = [
    ("1m", _("Monday morning")), ("1a", _("Monday afternoon")), ("2m", _("Tuesday morning")), ("2a", _("Tuesday afternoon")),
    ("3m", _("Wednesday morning")), ("3a", _("Wednesday afternoon")), ("4m", _("Thursday morning")),
    ("4a", _("Thursday afternoon")), ("5m", _("Friday morning")), ("5a", _("Friday afternoon")),
]  # fmt: skip


# So long the list still shows who waits no longer, and why.
SHOWN_AFTER_END = dt.timedelta(days=14)


class WaitingEnd(models.TextChoices):
    """Why somebody waits no longer."""

    BOOKED = "booked", _("Comes earlier")
    NOT_WANTED = "not_wanted", _("Does not want to come earlier any more")
    NOT_REACHED = "not_reached", _("Could not be reached")
    HELP_ENDED = "help_ended", _("The help has ended")
    DATE_PASSED = "date_passed", _("The last date has passed")


class WaitingQuerySet(models.QuerySet):
    def waiting(self, today: dt.date):
        """Not ended, the last date not passed, the household still here."""
        return self.filter(
            ended_at=None, until__gte=today, household__closed_on=None, household__merged_into=None
        )  # fmt: skip

    def over(self, today: dt.date):
        """Not ended yet, and nothing can come of it any more: the last date passed or the help ended."""
        return self.filter(Q(until__lt=today) | Q(household__closed_on__isnull=False), ended_at=None)

    def ended_lately(self, now: dt.datetime):
        """Who waited until lately, the last one first."""
        return self.filter(ended_at__gt=now - SHOWN_AFTER_END).order_by("-ended_at", "-pk")


class WaitingEntry(models.Model):
    """A household that wants to come earlier, for one kind of talk. A person calls; nothing is sent by itself."""

    household = models.ForeignKey(Household, models.PROTECT, verbose_name=_("household"), related_name="waiting")
    type = models.ForeignKey(AppointmentType, models.PROTECT, verbose_name=_("type"))
    # Codes of locations, and half-days of `HALF_DAYS`; empty means that any will do.
    locations = ArrayField(models.CharField(max_length=20), verbose_name=_("locations"), default=list, blank=True)
    half_days = ArrayField(
        models.CharField(max_length=2, choices=HALF_DAYS), verbose_name=_("half-days"), default=list, blank=True
    )
    until = models.DateField(_("until"))
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("added by"), related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("ended by"), related_name="+"
    )
    end_reason = models.CharField(_("why it ended"), max_length=12, choices=WaitingEnd, blank=True)
    form_token = models.UUIDField(null=True, unique=True, editable=False)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        verbose_name = _("somebody who wants to come earlier")
        verbose_name_plural = _("people who want to come earlier")
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "type"], condition=Q(ended_at=None), name="waiting_once_per_kind"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="waiting_ended_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["added_at", "id"], name="waiting_now", condition=Q(ended_at=None))]

    def __str__(self):
        return f"{self.household}: {self.type}"

    @property
    def half_day_words(self) -> list[str]:
        return [label for code, label in HALF_DAYS if code in self.half_days]


@dataclass(frozen=True)
class Fit:
    """Somebody who waits with what stands now, and the first free time that suits, if any."""

    entry: WaitingEntry
    standing: Appointment | None
    slot: Slot | None


def fits(entries: list[WaitingEntry], *, now: dt.datetime, freed: Slot | None = None) -> list[Fit]:
    """The same in order. Two queries, however many rows. With `freed` only that stretch of time is offered.

    What is offered can be booked, or what stands can be moved there with who else comes to it and the way it takes.
    """
    if not entries:
        return []
    busy = defaultdict(list)
    homes = {one.household_id for one in entries}
    rows = Appointment.objects.filter(OCCUPIES_TIME, household__in=homes, ends_at__gt=now)
    for row in rows.order_by("starts_at", "pk"):
        busy[row.household_id].append(row)
    standing = [_standing(one, busy[one.household_id], now) for one in entries]
    seconds = {row.second_counsellor_id for row in standing if row and row.second_counsellor_id}
    blocks = _blocks(entries, freed, now, also_of=seconds)
    beside = {who: [block for block in blocks if block.counsellor_id == who] for who in seconds}
    offered = [block for block in blocks if _is_of(block, freed)] if freed else blocks
    return [
        _fit(_Wish(one, row, busy[one.household_id], beside), offered, now, freed)
        for one, row in zip(entries, standing, strict=True)
    ]


@dataclass(frozen=True)
class _Wish:
    """Somebody who waits, what stands of that kind, what takes the household, and when the second counsellors are free."""

    entry: WaitingEntry
    standing: Appointment | None
    busy: list[Appointment]
    beside: dict[int, list[Block]]

    @property
    def travel(self) -> dt.timedelta:
        """As it is for what stands, which is moved; otherwise as its kind says now."""
        return self.standing.travel if self.standing else self.entry.type.travel

    def suits_the_second(self, block: Block, start: dt.datetime, end: dt.datetime) -> bool:
        """Whether who else comes to what stands is free then, and is somebody else."""
        who = self.standing and self.standing.second_counsellor_id
        if not who:
            return True
        return who != block.counsellor_id and any(one.start <= start and end <= one.end for one in self.beside[who])


def _standing(entry: WaitingEntry, busy: list[Appointment], now: dt.datetime) -> Appointment | None:
    return next((row for row in busy if not row.outcome and row.type_id == entry.type_id and row.starts_at > now), None)


def _blocks(entries: list[WaitingEntry], freed: Slot | None, now: dt.datetime, *, also_of: set[int]) -> list[Block]:
    last = freed.date if freed else max(one.until for one in entries)
    area = SearchArea(length=GRID, earliest=freed.start if freed else now, latest_date=last)
    if freed and not also_of:
        area = replace(area, counsellor_id=freed.counsellor_id, location_id=freed.location_id)
    return free_blocks(area, now=now)


def _is_of(block: Block, freed: Slot) -> bool:
    """Whether a stretch is part of the time that became free."""
    same = (block.counsellor_id, block.location_id) == (freed.counsellor_id, freed.location_id)
    return same and block.start < freed.end and block.end > freed.start


def _fit(wish: _Wish, blocks: list[Block], now: dt.datetime, freed: Slot | None) -> Fit:
    entry = wish.entry
    for block in blocks:
        if entry.locations and block.location_code not in entry.locations:
            continue
        if not _speaks(entry.household, block):
            continue
        starts = _starts(wish, block, now)
        if start := _within(starts, entry.type.length, freed) if freed else next(starts, None):
            slot = Slot(
                start,
                entry.type.length,
                block.counsellor_id,
                block.counsellor_name,
                block.location_id,
                block.location_name,
            )
            return Fit(entry, wish.standing, slot)
    return Fit(entry, wish.standing, None)


def _speaks(household: Household, block: Block) -> bool:
    return household.language in {"nl", *block.languages} or household.interpreter or not household.language


def _within(starts: Iterator[dt.datetime], length: dt.timedelta, freed: Slot) -> dt.datetime | None:
    """The start nearest to that of the freed time, of a talk that uses some of it: what is free around it helps too."""
    using = (start for start in starts if start < freed.end and start + length > freed.start)
    return min(using, key=lambda start: (abs(start - freed.start), start), default=None)


def _starts(wish: _Wish, block: Block, now: dt.datetime) -> Iterator[dt.datetime]:
    """The starts within a free stretch that suit, the earliest first."""
    entry, standing, travel, length = wish.entry, wish.standing, wish.travel, wish.entry.type.length
    start = max(block.start + travel, earliest_start(now))
    start += (-start.timestamp() % GRID.total_seconds()) * dt.timedelta(seconds=1)
    while start + length + travel <= block.end:
        local, end = clock.local(start), start + length
        if local.date() > entry.until or (standing and start >= standing.starts_at):
            return
        half = f"{local.isoweekday()}{'a' if local.hour >= 12 else 'm'}"
        wanted = not entry.half_days or half in entry.half_days
        free = not any(row.starts_at < end and row.ends_at > start for row in wish.busy if row != standing)
        quiet = entry.type.channel == TypeChannel.PHONE and entry.household.is_quiet(start, end)
        if wanted and free and not quiet and wish.suits_the_second(block, start - travel, end + travel):
            yield start
        start += GRID
