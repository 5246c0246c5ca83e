"""Registering a household (S06), its contact details, and the reason to open it (R-91)."""

import contextlib

from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.core import clock, names
from casework.core.forms import BsnField, DutchDateField, PhoneField, PostcodeField, TokenField, plain_helper
from casework.counsellors.models import LANGUAGES, Counsellor
from casework.households.actions import CONTACT_FIELDS, NewMember, NewThreat
from casework.households.models import AccessReasonKind, CameThrough, ContactChannel, Household, MemberRole, ThreatKind


def _with_prefix(person: dict) -> dict:
    """The prefix apart, also when it was typed in front of the surname (R-50)."""
    prefix, surname = names.clean(person["prefix"]), names.clean(person["surname"])
    if not prefix:
        prefix, surname = names.split_prefix(surname)
    return person | {"prefix": prefix, "surname": surname}


def _group(heading, *fields) -> Fieldset:
    return Fieldset(heading, *fields, css_class="etf-group")


def _row(*fields: tuple[str, int]) -> Row:
    """Fields beside each other, each so many twelfths of the width; below each other on a phone."""
    return Row(*(Column(name, css_class=f"col-sm-{width}") for name, width in fields))


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
            _group(
                _("How do we reach this person?"),
                _row(("mobile", 6), ("phone", 6)),
                "email",
            ),
            _group(
                _("Address"),
                _row(("postcode", 4), ("house_number", 4), ("addition", 4)),
                _row(("street", 6), ("city", 6)),
                "secret_address",
            ),
            _group(_("Language"), "language", "interpreter"),
        ]

    def messages(self) -> list[Fieldset]:
        return [
            _group(_("Messages"), "channel", "no_voicemail"),
            _group(_("Mind"), "safety", "safety_note", "administrator"),
        ]

    def contact(self) -> dict:
        return {name: self.cleaned_data[name] for name in CONTACT_FIELDS}


class ContactForm(ContactFields):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def layout(self) -> Layout:
        return Layout("version", *super().layout())


class RegisterForm(ContactFields):
    """The minimum for a first appointment. A name and one way to reach somebody is enough (domain 3.1)."""

    token = TokenField()
    given_names = forms.CharField(
        label=_("First name"), max_length=80, error_messages={"required": _("Enter the first name.")}
    )
    prefix = forms.CharField(label=_("Prefix (not required)"), max_length=20, required=False)
    surname = forms.CharField(label=_("Surname"), max_length=80, error_messages={"required": _("Enter the surname.")})
    born = DutchDateField(
        label=_("Date of birth (not required)"), required=False, birth=True, help_text=_("For example 17 5 1984.")
    )
    came_through = forms.ChoiceField(
        label=_("How did you get here?"), choices=CameThrough.choices, initial=CameThrough.SELF
    )
    threats = forms.MultipleChoiceField(
        label=_("Does something threaten? (not required)"),
        choices=ThreatKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Then the first talk must be within 3 working days."),
    )
    threat_date = DutchDateField(label=_("When does it happen? (not required)"), required=False)
    bsn = BsnField(label=_("BSN (not required)"), required=False)
    partner_given_names = forms.CharField(
        label=_("First name of partner (not required)"), max_length=80, required=False
    )
    partner_surname = forms.CharField(label=_("Surname of partner (not required)"), max_length=80, required=False)
    partner_born = DutchDateField(label=_("Date of birth of partner (not required)"), required=False, birth=True)
    children = forms.IntegerField(
        label=_("Number of children at home (not required)"), required=False, min_value=0, max_value=15
    )
    duplicate_reason = forms.CharField(
        label=_("Why is this somebody else?"), max_length=200, required=False, widget=forms.HiddenInput
    )

    # As in the layout, so that the error summary goes from top to bottom.
    field_order = [
        "given_names", "prefix", "surname", "born", "mobile", "phone", "email", "postcode", "house_number", "addition",
        "street", "city", "secret_address", "language", "interpreter", "came_through", "threats", "threat_date",
        "channel", "no_voicemail", "safety", "safety_note", "administrator", "bsn", "partner_given_names",
        "partner_surname", "partner_born", "children",
    ]  # fmt: skip

    def layout(self) -> Layout:
        return Layout(
            "token",
            "duplicate_reason",
            _group(_("Who is it?"), _row(("given_names", 5), ("prefix", 3), ("surname", 4)), "born"),
            *self.reach(),
            _group(_("Why now?"), "came_through", "threats", "threat_date"),
            *self.messages(),
            _group(
                _("Later is fine too"),
                "bsn",
                _row(("partner_given_names", 6), ("partner_surname", 6)),
                _row(("partner_born", 6), ("children", 6)),
            ),
        )

    def clean(self):
        cleaned = super().clean()
        reach = ("mobile", "phone", "email", "postcode")
        if not any(cleaned.get(name) or name in self.errors for name in reach) and not cleaned.get("born"):
            self.add_error(
                "mobile", gettext("Enter one way to reach this person: a telephone number, e-mail or address.")
            )
        return cleaned

    @classmethod
    def read(cls, typed: str) -> dict:
        """Where what somebody searched for belongs in this form: a date, a mobile number, or else a surname."""
        for name, field in (("born", cls.base_fields["born"]), ("mobile", cls.base_fields["mobile"])):
            with contextlib.suppress(forms.ValidationError):
                if value := field.clean(typed):
                    return {name: value}
        return {} if any(ch.isdigit() for ch in typed) else {"surname": typed[:80]}

    def compared(self, candidates: list[Household]) -> list[dict]:
        """Candidates beside what was typed, and in words what differs (S06)."""
        typed, contact = self.client(), self.contact()
        found = []
        for one in candidates:
            same = [member for member in one.members.all() if member.born == typed.born]
            member = next((each for each in same if each.search_surname == names.fold(typed.surname)), same[0])
            found.append({
                "household": one,
                "member": member,
                "other_name": names.fold(member.full_name) != names.fold(self.typed_name()),
                "other_mobile": bool(contact["mobile"] and one.mobile != contact["mobile"]),
                "other_address": bool(contact["postcode"]) and (one.postcode, one.house_number)
                != (contact["postcode"], contact["house_number"]),
            })  # fmt: skip
        return found

    def typed_name(self) -> str:
        person = self.client()
        return names.full_name(person.given_names, person.prefix, person.surname)

    def client(self) -> NewMember:
        asked = ("given_names", "prefix", "surname", "born", "bsn")
        return NewMember(**_with_prefix({name: self.cleaned_data[name] for name in asked}))

    def others(self) -> list[NewMember]:
        data = self.cleaned_data
        found = []
        if data["partner_given_names"] or data["partner_surname"]:
            prefix, surname = names.split_prefix(names.clean(data["partner_surname"]))
            found.append(
                NewMember(given_names=data["partner_given_names"], prefix=prefix, surname=surname,
                          born=data["partner_born"], role=MemberRole.PARTNER)
            )  # fmt: skip
        found += [NewMember(role=MemberRole.CHILD) for _child in range(data["children"] or 0)]
        return found

    def new_threats(self) -> list[NewThreat]:
        now = clock.now()
        return [NewThreat(kind, now, self.cleaned_data["threat_date"]) for kind in self.cleaned_data["threats"]]


class MemberForm(forms.Form):
    """Somebody who lives in the household (S06: "later is fine too")."""

    given_names = forms.CharField(
        label=_("First name"), max_length=80, error_messages={"required": _("Enter the first name.")}
    )
    prefix = forms.CharField(label=_("Prefix (not required)"), max_length=20, required=False)
    surname = forms.CharField(label=_("Surname (not required)"), max_length=80, required=False)
    born = DutchDateField(
        label=_("Date of birth (not required)"), required=False, birth=True, help_text=_("For example 17 5 1984.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices[1:], initial=MemberRole.PARTNER)
    bsn = BsnField(label=_("BSN (not required)"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def person(self) -> NewMember:
        return NewMember(**_with_prefix(self.cleaned_data))


class ThreatForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What threatens?"), choices=ThreatKind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what threatens.")},
    )  # fmt: skip
    happens_on = DutchDateField(label=_("When does it happen? (not required)"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class AllocateForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=_("Counsellor"), queryset=Counsellor.objects.filter(active=True).select_related("user"),
        error_messages={"required": _("Choose a counsellor.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class AccessReasonForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Why do you open it?"), choices=AccessReasonKind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )  # fmt: skip
    text = forms.CharField(label=_("Explanation (not required)"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == AccessReasonKind.OTHER and not cleaned.get("text"):
            self.add_error("text", gettext("Say what the reason is."))
        return cleaned
