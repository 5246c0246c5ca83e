"""A person in a household."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.core import values
from casework.core.forms import BsnField, DutchDateField, TokenField, VersionField, plain_helper
from casework.households.actions import NewMember
from casework.households.forms.parts import group, row_of, with_prefix
from casework.households.models import Gender, Member, MemberRole


class MemberForm(forms.Form):
    """Somebody who lives in the household (S06: "later is fine too")."""

    token = TokenField()
    given_names = forms.CharField(
        label=_("First name"), max_length=80, error_messages={"required": _("Enter the first name.")}
    )
    prefix = forms.CharField(label=_("Prefix (not required)"), max_length=20, required=False)
    surname = forms.CharField(label=_("Surname (not required)"), max_length=80, required=False)
    born = DutchDateField(
        label=_("Date of birth (not required)"),
        required=False,
        birth=True,
        help_text=_("For example 17 5 1984, or only the year."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices[1:], initial=MemberRole.PARTNER)
    bsn = BsnField(label=_("BSN (not required)"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def person(self) -> NewMember:
        names = ("given_names", "prefix", "surname", "born", "role", "bsn")
        return NewMember(**with_prefix({name: self.cleaned_data[name] for name in names}))


class ChangeMemberForm(forms.Form):
    """Everything that is kept about a person; the BSN stands masked beside its field (R-54)."""

    version = VersionField()
    given_names = forms.CharField(label=_("First name (not required)"), max_length=80, required=False)
    prefix = forms.CharField(label=_("Prefix (not required)"), max_length=20, required=False)
    surname = forms.CharField(label=_("Surname (not required)"), max_length=80, required=False)
    initials = forms.CharField(label=_("Initials (not required)"), max_length=20, required=False)
    born = DutchDateField(
        label=_("Date of birth (not required)"),
        required=False,
        birth=True,
        help_text=_("For example 17 5 1984, or only the year."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices)
    gender = forms.ChoiceField(
        label=_("Gender (not required)"), choices=[("", _("Not filled in")), *Gender.choices], required=False
    )
    may_be_spoken_to = forms.BooleanField(label=_("May be spoken to about this (not required)"), required=False)
    joined_on = DutchDateField(label=_("Since (not required)"), required=False)
    left_on = DutchDateField(
        label=_("Until (not required)"), required=False,
        help_text=_("The last day that this person belonged to the household."),
    )  # fmt: skip
    bsn = BsnField(label=_("New BSN (not required)"), required=False)
    remove_bsn = forms.BooleanField(label=_("Take the BSN away (not required)"), required=False)

    VALUES = (
        "given_names", "initials", "prefix", "surname", "born", "role", "gender", "may_be_spoken_to", "joined_on",
        "left_on",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.helper.layout = Layout(
            "version",
            group(
                _("Who is it?"),
                row_of(("given_names", 5), ("prefix", 3), ("surname", 4)),
                row_of(("initials", 6)),
                row_of(("born", 6), ("gender", 6)),
                row_of(("role", 6)),
                "may_be_spoken_to",
            ),
            group(_("Since and until when?"), row_of(("joined_on", 6), ("left_on", 6))),
            group(_("BSN"), "bsn", "remove_bsn"),
        )
        masked = self.initial.get("bsn_now") or gettext("none")
        self.fields["bsn"].help_text = gettext("Now: %(bsn)s. Empty leaves it as it is.") % {"bsn": masked}

    @classmethod
    def of(cls, row: Member) -> dict:
        """What stands, by field; the BSN only masked, and not in its field."""
        return {name: getattr(row, name) for name in (*cls.VALUES, "version")} | {
            "born": row.birth, "bsn_now": row.masked_bsn,
        }  # fmt: skip

    @classmethod
    def stands(cls, row: Member) -> dict:
        """As `of`, to lay beside what was typed."""
        return {name: getattr(row, name) for name in cls.VALUES} | {"born": row.birth, "bsn": row.masked_bsn}

    def typed(self) -> dict:
        """What was typed, to lay beside what stands; a BSN only masked."""
        data = with_prefix(self.cleaned_data)
        found = {name: data[name] for name in self.VALUES}
        if self.new_bsn() is not None:
            found["bsn"] = values.mask_bsn(self.new_bsn()) if self.new_bsn() else ""
        return found

    def values(self) -> dict:
        data = with_prefix(self.cleaned_data)
        return {name: data[name] for name in self.VALUES}

    def new_bsn(self) -> str | None:
        """None leaves it, empty takes it away."""
        if self.cleaned_data["remove_bsn"]:
            return ""
        return self.cleaned_data["bsn"] or None

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("bsn") and cleaned.get("remove_bsn"):
            self.add_error("bsn", gettext("Enter a BSN or take it away, not both."))
        return cleaned
