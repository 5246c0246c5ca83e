"""What must be done for a household, before when, by whom (S08)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.forms import DutchDateField, TokenField, VersionField, plain_helper
from casework.core.models import Role, User
from casework.households.models import Move, Task

# Who can have a task: whoever works with households.
_WORKERS = (Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR)


class TaskForm(forms.Form):
    """Who writes a task does it, unless somebody else is chosen."""

    token = TokenField()
    text = forms.CharField(
        label=_("What must be done?"), max_length=200, error_messages={"required": _("Write what must be done.")},
        help_text=_("Short. No details about health or belief."),
    )  # fmt: skip
    due_on = DutchDateField(
        label=_("Before or on"), help_text=_("For example 2 11 2026."),
        error_messages={"required": _("Enter the date.")},
    )  # fmt: skip
    move = forms.ChoiceField(
        label=_("Whose move is it?"), choices=Move.choices, initial=Move.US,
        help_text=_("When it waits for a partner or the resident, the owner watches that it comes."),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), error_messages={"required": _("Choose who does it.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        workers = User.objects.filter(is_active=True, role__in=_WORKERS)
        self.fields["owner"].queryset = workers.order_by("full_name", "id")
        self.helper = plain_helper()

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on < clock.today() and due_on != self.initial.get("due_on"):
            raise forms.ValidationError(_("Choose today or a later day."))
        return due_on

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("text", "due_on", "move", "owner")}


class ChangeTaskForm(TaskForm):
    """A task that waits for a role may go on waiting for it."""

    token = None
    version = VersionField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.initial.get("role"):
            self.fields["owner"].required = False
            self.fields["owner"].empty_label = self.initial["role"]

    @classmethod
    def of(cls, row: Task) -> dict:
        found = {name: getattr(row, name) for name in ("text", "due_on", "move", "version")}
        return found | {"owner": row.owner_id, "role": row.get_role_display()}
