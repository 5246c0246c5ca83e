"""Registration (S06)."""

import contextlib

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.core import clock, names
from casework.core.forms import BsnField, DutchDateField, TokenField
from casework.households.actions import NewMember, NewThreat
from casework.households.forms.contact import ContactFields
from casework.households.forms.parts import group, row_of, with_prefix
from casework.households.models import CameThrough, Household, MemberRole, ThreatKind


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
            group(_("Who is it?"), row_of(("given_names", 5), ("prefix", 3), ("surname", 4)), "born"),
            *self.reach(),
            group(_("Why now?"), "came_through", "threats", "threat_date"),
            *self.messages(),
            group(
                _("Later is fine too"),
                "bsn",
                row_of(("partner_given_names", 6), ("partner_surname", 6)),
                row_of(("partner_born", 6), ("children", 6)),
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
        return NewMember(**with_prefix({name: self.cleaned_data[name] for name in asked}))

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
