"""What somebody still has to do for a household, before when, and whose move it is (S08, S02)."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.core.models import Role, User
from casework.counsellors.models import location_of

UNDO_FOR = dt.timedelta(minutes=10)


class TaskKind(models.TextChoices):
    PLAIN = "plain", _("Task")
    NO_ROOM = "no_room", _("No room within the term")
    INSPECTION = "inspection", _("Request to see the data")
    DELETION = "deletion", _("Request to delete the data")
    REPLY = "reply", _("Reply to a message")
    CALL_BACK = "call_back", _("Call back for a new appointment")


# A request of a resident is answered, also after the help has ended.
OUTLIVES_HELP = frozenset({TaskKind.INSPECTION, TaskKind.DELETION})


class Move(models.TextChoices):
    """Whose move it is."""

    US = "us", _("us")
    PARTNER = "partner", _("a partner")
    RESIDENT = "resident", _("the resident")


class TaskState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Not needed any more")


MOVES: dict[TaskState, set[TaskState]] = {
    TaskState.OPEN: {TaskState.DONE, TaskState.DROPPED},
    TaskState.DONE: {TaskState.OPEN},
    TaskState.DROPPED: {TaskState.OPEN},
}


class TaskQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=TaskState.OPEN)

    def of(self, user: User):
        """Those of this person, and those that wait for anybody in their role; for a desk: at its own location.

        What no location has is of every desk, and a desk without a location has all of them.
        """
        waiting = Q(role=user.role)
        if user.role == Role.DESK and (place := location_of(user)):
            waiting &= Q(household__location=place) | Q(household__location=None)
        return self.filter(Q(owner=user) | waiting)

    def visible_to(self, user: User):
        """Supervisors see all; a counsellor also those of the own households; others their own."""
        if user.role == Role.SUPERVISOR:
            return self
        mine = Q(owner=user) | Q(role=user.role)
        if user.role == Role.COUNSELLOR:
            mine |= Q(household__owner__user=user)
        return self.filter(mine)


class Task(models.Model):
    """Something to do before a date. It has an owner, or waits for anybody in a role."""

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="tasks", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=TaskKind, default=TaskKind.PLAIN)
    text = models.CharField(_("what"), max_length=200)
    move = models.CharField(_("whose move"), max_length=8, choices=Move, default=Move.US)
    due_on = models.DateField(_("before"))
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("owner"), related_name="tasks", db_index=False
    )
    role = models.CharField(_("for the role"), max_length=20, choices=Role, blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name=_("made by"), related_name="+")
    state = models.CharField(_("state"), max_length=7, choices=TaskState, default=TaskState.OPEN)
    settled_at = models.DateTimeField(_("ended"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("ended by"), related_name="+"
    )
    result = models.CharField(_("result"), max_length=200, blank=True)
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="task_says_what", violation_error_message=_("Write what must be done.")
            ),
            models.CheckConstraint(
                condition=Q(owner=None) & ~Q(role="") | Q(owner__isnull=False, role=""), name="task_of_one_or_a_role"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None, settled_by=None, result="")
                | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="task_settled_at_some_time",
            ),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="task_known_state"),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on", "id"], condition=Q(state="open"), name="task_open_of_owner"),
            models.Index(fields=["role", "due_on", "id"], condition=Q(state="open"), name="task_open_of_role"),
            models.Index(fields=["household", "due_on", "id"], name="task_of_household"),
        ]

    def __str__(self):
        return self.text

    @property
    def is_open(self) -> bool:
        return self.state == TaskState.OPEN

    @property
    def whose(self) -> str:
        """Who does it, in words."""
        return str(self.owner) if self.owner_id else self.get_role_display()

    def days_left(self, today: dt.date) -> int:
        """Whole days until the last day; below nought when that has passed."""
        return (self.due_on - today).days

    def may_undo(self, now: dt.datetime) -> bool:
        """Ten minutes long one can take back that it was settled (screens.md 2.0)."""
        return self.settled_at is not None and now - self.settled_at <= UNDO_FOR
