"""How a household is reached."""

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from casework.core.forms import PhoneField, PostcodeField, plain_helper
from casework.counsellors.models import LANGUAGES
from casework.households.actions import CONTACT_FIELDS
from casework.households.forms.parts import group, row_of
from casework.households.models import ContactChannel


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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.helper.layout = self.layout()

    def layout(self) -> Layout:
        return Layout(*self.reach(), *self.messages())

    def reach(self) -> list[Fieldset]:
        return [
            group(
                _("How do we reach this person?"),
                row_of(("mobile", 6), ("phone", 6)),
                "email",
            ),
            group(
                _("Address"),
                row_of(("postcode", 4), ("house_number", 4), ("addition", 4)),
                row_of(("street", 6), ("city", 6)),
                "secret_address",
            ),
            group(_("Language"), "language", "interpreter"),
        ]

    def messages(self) -> list[Fieldset]:
        return [
            group(_("Messages"), "channel", "no_voicemail"),
            group(_("Mind"), "safety", "safety_note", "administrator"),
        ]

    def contact(self) -> dict:
        return {name: self.cleaned_data[name] for name in CONTACT_FIELDS}


class ContactForm(ContactFields):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def layout(self) -> Layout:
        return Layout("version", *super().layout())
