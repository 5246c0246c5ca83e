"""What stands around a household: answers, agreements, life events, helpers, programmes, notes (S07)."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.forms import DutchDateField, PhoneField, TokenField, VersionField, plain_helper
from casework.households.actions import NewAgreement
from casework.households.forms.parts import group, row_of
from casework.households.models import (
    AgreementHow,
    AgreementWith,
    AttemptKind,
    AttemptResult,
    ConsentChannel,
    ConsentSource,
    Helper,
    Household,
    LifeEvent,
    LifeEventKind,
    NoteKind,
    Programme,
    ProgrammeLabel,
    SharedField,
)

_EMPTY = ("", _("Choose"))
_DATE = _("For example 2 11 2026.")


def _required(text):
    return {"required": text}


class _Plain(forms.Form):
    """The fields of a form in their order; the template writes the rest."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class ConsentForm(_Plain):
    YES, NO = "yes", "no"

    token = TokenField()
    channel = forms.ChoiceField(
        label=_("How do we want to reach this person?"), choices=[_EMPTY, *ConsentChannel.choices],
        error_messages=_required(_("Choose a way of contact.")),
    )  # fmt: skip
    agreed = forms.ChoiceField(
        label=_("Is that all right?"), choices=[(YES, _("Yes")), (NO, _("No"))], widget=forms.RadioSelect,
        error_messages=_required(_("Choose yes or no.")),
    )  # fmt: skip
    source = forms.ChoiceField(
        label=_("How do we know?"), choices=[_EMPTY, *ConsentSource.choices],
        error_messages=_required(_("Choose how we know.")),
    )  # fmt: skip
    given_on = DutchDateField(
        label=_("When was it said?"), initial=clock.today, help_text=_DATE,
        error_messages=_required(_("Enter the date.")),
    )  # fmt: skip

    def values(self) -> dict:
        data = self.cleaned_data
        return {
            "channel": data["channel"], "agreed": data["agreed"] == self.YES, "source": data["source"],
            "given_on": data["given_on"], "form_token": data["token"],
        }  # fmt: skip


class AgreementForm(forms.Form):
    token = TokenField()
    with_whom = forms.ChoiceField(
        label=_("With whom?"), choices=[_EMPTY, *AgreementWith.choices],
        error_messages=_required(_("Choose with whom.")),
    )  # fmt: skip
    other_name = forms.CharField(
        label=_("Name of the organisation (not required)"), max_length=120, required=False,
        help_text=_("Only when you chose somebody else."),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("What for?"), max_length=200, error_messages=_required(_("Write what it is for.")),
        help_text=_("No details about health or belief."),
    )  # fmt: skip
    fields_shared = forms.MultipleChoiceField(
        label=_("What may we share?"), choices=SharedField.choices, widget=forms.CheckboxSelectMultiple,
        error_messages=_required(_("Choose what we may share.")),
    )  # fmt: skip
    member = forms.TypedChoiceField(
        label=_("Who agreed?"), coerce=int, error_messages=_required(_("Choose who agreed."))
    )
    how = forms.ChoiceField(
        label=_("How?"), choices=AgreementHow.choices, widget=forms.RadioSelect,
        error_messages=_required(_("Choose spoken or signed.")),
    )  # fmt: skip
    agreed_on = DutchDateField(
        label=_("Agreed on"), initial=clock.today, help_text=_DATE, error_messages=_required(_("Enter the date."))
    )
    until = DutchDateField(label=_("Until (not required)"), required=False)

    def __init__(self, *args, household: Household, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {one.pk: one for one in household.people}
        self.fields["member"].choices = [
            (pk, one.full_name or one.get_role_display()) for pk, one in self.people.items()
        ]
        self.helper = plain_helper()
        self.helper.layout = Layout(
            "token",
            group(_("With whom and what for?"), "with_whom", "other_name", "purpose", "fields_shared"),
            group(_("Who agreed, and how?"), "member", "how", row_of(("agreed_on", 6), ("until", 6))),
        )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("with_whom") == AgreementWith.OTHER and not cleaned.get("other_name"):
            self.add_error("other_name", gettext("Write the name of the organisation."))
        if cleaned.get("until") and cleaned.get("agreed_on") and cleaned["until"] < cleaned["agreed_on"]:
            self.add_error("until", gettext("The last date must not be before the first."))
        return cleaned

    def agreement(self) -> NewAgreement:
        data = self.cleaned_data
        return NewAgreement(
            with_whom=data["with_whom"], other_name=data["other_name"], purpose=data["purpose"],
            fields=data["fields_shared"], member=self.people[data["member"]], how=data["how"],
            agreed_on=data["agreed_on"], until=data["until"],
        )  # fmt: skip


class LifeEventForm(_Plain):
    token = TokenField()
    kind = forms.ChoiceField(
        label=_("What happened?"), choices=[_EMPTY, *LifeEventKind.choices],
        error_messages=_required(_("Choose what happened.")),
    )  # fmt: skip
    happened_on = DutchDateField(label=_("When?"), help_text=_DATE, error_messages=_required(_("Enter the date.")))
    consequence = forms.CharField(
        label=_("What follows from it? (not required)"), max_length=200, required=False,
        help_text=_("For example: look at the rent benefit. No details about health or belief."),
    )  # fmt: skip
    checked = forms.BooleanField(label=_("I looked at the consequences (not required)"), required=False)

    VALUES = ("kind", "happened_on", "consequence")

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.VALUES}


class ChangeLifeEventForm(LifeEventForm):
    token = None
    version = VersionField()
    checked = forms.BooleanField(label=_("The consequences were looked at (not required)"), required=False)

    @classmethod
    def of(cls, row: LifeEvent) -> dict:
        found = {name: getattr(row, name) for name in (*cls.VALUES, "version")}
        return found | {"checked": row.checked_on is not None}


class HelperForm(_Plain):
    token = TokenField()
    name = forms.CharField(label=_("Name"), max_length=120, error_messages=_required(_("Enter the name.")))
    organisation = forms.CharField(label=_("Organisation (not required)"), max_length=120, required=False)
    role = forms.CharField(
        label=_("Role (not required)"), max_length=80, required=False,
        help_text=_("For example: neighbourhood coach or volunteer."),
    )  # fmt: skip
    phone = PhoneField(label=_("Telephone (not required)"), required=False)
    may_contact = forms.BooleanField(
        label=_("The resident says that we may contact them (not required)"), required=False
    )

    VALUES = ("name", "organisation", "role", "phone", "may_contact")

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.VALUES}


class ChangeHelperForm(HelperForm):
    token = None
    version = VersionField()
    until = DutchDateField(
        label=_("Until (not required)"), required=False, help_text=_("The last day that they helped.")
    )

    VALUES = (*HelperForm.VALUES, "until")

    @classmethod
    def of(cls, row: Helper) -> dict:
        return {name: getattr(row, name) for name in (*cls.VALUES, "version")}


class ProgrammeForm(_Plain):
    token = TokenField()
    programme = forms.ChoiceField(
        label=_("Programme"), choices=[_EMPTY, *Programme.choices],
        error_messages=_required(_("Choose a programme.")),
    )  # fmt: skip
    since = DutchDateField(
        label=_("Since"), initial=clock.today, help_text=_DATE, error_messages=_required(_("Enter the date."))
    )

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("programme", "since")}


class ChangeProgrammeForm(_Plain):
    version = VersionField()
    since = DutchDateField(label=_("Since"), help_text=_DATE, error_messages=_required(_("Enter the date.")))
    until = DutchDateField(label=_("Until (not required)"), required=False)

    @classmethod
    def of(cls, row: ProgrammeLabel) -> dict:
        return {name: getattr(row, name) for name in ("since", "until", "version")}

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("since", "until")}


class NoteForm(_Plain):
    token = TokenField()
    kind = forms.ChoiceField(label=_("Kind"), choices=NoteKind.choices, initial=NoteKind.NOTE)
    text = forms.CharField(
        label=_("Note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=_required(_("Write the note.")),
        help_text=_("Short. A note cannot be changed afterwards. No details about health or belief."),
    )  # fmt: skip


class ContactAttemptForm(_Plain):
    """How somebody was tried, and with which result (R-25); it counts from the moment it is logged."""

    token = TokenField()
    kind = forms.ChoiceField(
        label=_("How did you try to reach this person?"), choices=[_EMPTY, *AttemptKind.choices],
        error_messages=_required(_("Choose a way of contact.")),
    )  # fmt: skip
    result = forms.ChoiceField(
        label=_("Result"), choices=[_EMPTY, *AttemptResult.choices],
        error_messages=_required(_("Choose a result.")),
    )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("result") == AttemptResult.VOICEMAIL and cleaned.get("kind") not in {None, AttemptKind.PHONE}:
            self.add_error("result", gettext("A voicemail is left by telephone."))
        return cleaned
