"""How a household is reached."""

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from casework.core.forms import ClockTimeField, DutchDateField, PhoneField, PostcodeField, VersionField, plain_helper
from casework.counsellors.models import LANGUAGES
from casework.households.actions import CONTACT_FIELDS
from casework.households.forms.parts import group, row_of
from casework.households.models import AdministratorKind, ContactChannel, Household, PreferredPhone


class ContactFields(forms.Form):
    """How to reach a household; shared by registering and changing."""

    mobile = PhoneField(label=_("Mobile number (not required)"), required=False)
    phone = PhoneField(label=_("Other telephone (not required)"), required=False)
    email = forms.EmailField(label=_("E-mail (not required)"), max_length=254, required=False)
    postcode = PostcodeField(label=_("Postcode (not required)"), required=False)
    house_number = forms.CharField(label=_("House number (not required)"), max_length=10, required=False)
    addition = forms.CharField(label=_("Addition (not required)"), max_length=10, required=False)
    street = forms.CharField(label=_("Street (not required)"), max_length=120, required=False)
    city = forms.CharField(label=_("Place (not required)"), max_length=80, required=False, initial="Rotterdam")
    secret_address = forms.BooleanField(label=_("Secret address (not required)"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial="nl")
    interpreter = forms.BooleanField(label=_("Interpreter needed (not required)"), required=False)
    channel = forms.ChoiceField(label=_("Messages by"), choices=ContactChannel.choices, initial=ContactChannel.SMS)
    no_voicemail = forms.BooleanField(label=_("Do not leave a voicemail (not required)"), required=False)
    safety = forms.BooleanField(label=_("Mind the safety (not required)"), required=False)
    safety_note = forms.CharField(label=_("What to take care of (not required)"), max_length=200, required=False)
    administrator = forms.BooleanField(label=_("Has an administrator (not required)"), required=False)

    group = staticmethod(group)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.helper.layout = self.layout()

    def layout(self) -> Layout:
        return Layout(*self.reach(), *self.messages())

    def reach(self) -> list[Fieldset]:
        return [
            self.group(
                _("How do we reach this person?"),
                row_of(("mobile", 6), ("phone", 6)),
                "email",
            ),
            self.group(
                _("Address"),
                row_of(("postcode", 4), ("house_number", 4), ("addition", 4)),
                row_of(("street", 6), ("city", 6)),
                "secret_address",
            ),
            self.group(_("Language"), "language", "interpreter"),
        ]

    def messages(self) -> list[Fieldset]:
        return [
            self.group(_("Messages"), "channel", "no_voicemail"),
            self.group(_("Mind"), "safety", "safety_note", "administrator"),
        ]

    def contact(self) -> dict:
        return {name: self.cleaned_data[name] for name in CONTACT_FIELDS if name in self.fields}


class ContactForm(ContactFields):
    """Everything about reaching a household, also when not to call and who decides about the money."""

    version = VersionField()
    preferred_phone = forms.ChoiceField(
        label=_("Call first on (not required)"),
        choices=[("", _("No preference")), *PreferredPhone.choices],
        required=False,
    )
    quiet_from = ClockTimeField(label=_("Do not call from (not required)"), required=False)
    quiet_until = ClockTimeField(label=_("Do not call until (not required)"), required=False)
    shared_phone = forms.BooleanField(label=_("Others use this telephone too (not required)"), required=False)
    administrator_kind = forms.ChoiceField(
        label=_("What kind? (not required)"),
        choices=[("", _("Not filled in")), *AdministratorKind.choices],
        required=False,
    )
    administrator_name = forms.CharField(label=_("Name (not required)"), max_length=120, required=False)
    administrator_phone = PhoneField(label=_("Telephone (not required)"), required=False)
    administrator_from = DutchDateField(label=_("Since (not required)"), required=False)
    administrator_until = DutchDateField(label=_("Until (not required)"), required=False)

    # As in the layout, so that the error summary goes from top to bottom.
    field_order = [
        "mobile", "phone", "email", "preferred_phone", "quiet_from", "quiet_until", "shared_phone", "postcode",
        "house_number", "addition", "street", "city", "secret_address", "language", "interpreter", "channel",
        "no_voicemail", "safety", "safety_note", "administrator",
    ]  # fmt: skip

    @classmethod
    def of(cls, row: Household) -> dict:
        """What stands, by field."""
        return {name: getattr(row, name) for name in (*CONTACT_FIELDS, "version")}

    def layout(self) -> Layout:
        return Layout("version", *self.groups())

    def groups(self) -> list[Fieldset]:
        reach, *others = self.reach()
        messages, mind = self.messages()
        calling = group(_("Calling"), "preferred_phone", row_of(("quiet_from", 6), ("quiet_until", 6)), "shared_phone")
        administrator = group(
            _("Administrator of the money"),
            row_of(("administrator_kind", 6), ("administrator_name", 6)),
            "administrator_phone",
            row_of(("administrator_from", 6), ("administrator_until", 6)),
        )
        return [reach, calling, *others, messages, mind, administrator]
