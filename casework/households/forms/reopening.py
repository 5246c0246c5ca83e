"""Registering anew who comes back after closing (R-62)."""

from crispy_forms.layout import Layout
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.households.forms.arriving import ArrivingFields
from casework.households.forms.contact import ContactFields, ContactForm
from casework.households.forms.parts import group
from casework.households.models import Household, Member


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, member: Member) -> str:
        return _with_role(member)


class PersonField(forms.ModelChoiceField):
    widget = forms.RadioSelect

    def label_from_instance(self, member: Member) -> str:
        return _with_role(member)


def _with_role(member: Member) -> str:
    name = member.full_name or gettext("no name")
    return f"{name} ({member.get_role_display()})"


class ReopenForm(ArrivingFields, ContactForm):
    """Who comes back, why now, and how they are reached: as it stood, to be looked at again."""

    version = None
    client = PersonField(
        label=_("Who asks for help now?"), queryset=Member.objects.none(), empty_label=None,
        error_messages={"required": _("Choose who asks for help.")},
    )  # fmt: skip
    others = PeopleField(
        label=_("Who else belongs to the household now? (not required)"), queryset=Member.objects.none(),
        required=False, help_text=_("Who is new is added afterwards."),
    )  # fmt: skip

    field_order = ["client", "others", "came_through", "threats", "threat_date", *ContactForm.field_order]

    def __init__(self, *args, earlier: Household, **kwargs):
        people = earlier.members.filter(left_on=None).order_by("pk")
        self._is_alone = len(earlier.people) < 2
        client = earlier.client
        stood = ContactForm.of(earlier) | {"client": client, "others": [one for one in people if one != client]}
        super().__init__(*args, initial=stood | kwargs.pop("initial", {}), **kwargs)
        for name in ("client", "others"):
            self.fields[name].queryset = people

    def layout(self) -> Layout:
        return Layout(
            "token",
            "duplicate_reason",
            group(_("Who is it?"), "client", *([] if self._is_alone else ["others"])),
            group(_("Why now?"), "came_through", "threats", "threat_date"),
            *self.groups(),
        )

    @classmethod
    def carried(cls, typed: QueryDict) -> dict:
        """What was just typed to register somebody, who turns out to have an earlier file: it is newer than that."""
        found = {name: typed[name] for name in ("came_through", "threat_date") if typed.get(name)}
        if "threats" in typed:
            found["threats"] = typed.getlist("threats")
        for name, field in ContactFields.base_fields.items():
            # What a form starts with was not typed.
            if typed.get(name) and typed[name] != field.initial:
                found[name] = typed[name]
        return found

    def ask_why(self) -> None:
        """Somebody very alike is registered: say why this is somebody else, or open that household (R-52)."""
        self.fields["duplicate_reason"].widget = forms.TextInput()
        self.add_error("duplicate_reason", gettext("Write why this is somebody else."))
