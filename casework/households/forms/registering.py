"""Registration (S06)."""

import contextlib

from crispy_forms.bootstrap import StrictButton
from crispy_forms.layout import Div, Layout
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.core import names, values
from casework.core.forms import BsnField, DutchDateField, PhoneField, PostcodeField
from casework.households.actions import NewMember
from casework.households.forms.arriving import ArrivingFields
from casework.households.forms.contact import ContactFields
from casework.households.forms.parts import row_of, section, with_prefix
from casework.households.models import Household, Member, MemberRole

# More people than this are added on the household page.
MOST_MEMBERS = 12


class RegisterForm(ArrivingFields, ContactFields):
    """The minimum for a first appointment. A name and one way to reach somebody is enough (domain 3.1)."""

    given_names = forms.CharField(
        label=_("First name"), max_length=80, error_messages={"required": _("Enter the first name.")}
    )
    prefix = forms.CharField(label=_("Prefix (not required)"), max_length=20, required=False)
    surname = forms.CharField(label=_("Surname"), max_length=80, error_messages={"required": _("Enter the surname.")})
    born = DutchDateField(
        label=_("Date of birth (not required)"),
        required=False,
        birth=True,
        help_text=_("For example 17 5 1984, or only the year."),
    )
    bsn = BsnField(label=_("BSN (not required)"), required=False)
    partner_given_names = forms.CharField(
        label=_("First name of partner (not required)"), max_length=80, required=False
    )
    partner_surname = forms.CharField(label=_("Surname of partner (not required)"), max_length=80, required=False)
    partner_born = DutchDateField(label=_("Date of birth of partner (not required)"), required=False, birth=True)
    children = forms.IntegerField(
        label=_("Number of children at home (not required)"), required=False, min_value=0, max_value=15
    )

    # As in the layout, so that the error summary goes from top to bottom.
    field_order = [
        "given_names", "prefix", "surname", "born", "mobile", "phone", "email", "postcode", "house_number", "addition",
        "street", "city", "secret_address", "language", "interpreter", "came_through", "threats", "threat_date",
        "channel", "no_voicemail", "safety", "safety_note", "administrator", "bsn", "partner_given_names",
        "partner_surname", "partner_born", "children",
    ]  # fmt: skip

    group = staticmethod(section)
    rows = 0

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_rows()
        # The rows are known only now.
        self.helper.layout = self.layout()

    def add_rows(self) -> None:
        """A row of fields for each other member that was asked for, and how many there are."""
        asked = str((self.data if self.is_bound else self.initial).get("member_rows") or "")
        self.rows = min(int(asked), MOST_MEMBERS) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0
        self.fields["member_rows"] = forms.CharField(required=False, widget=forms.HiddenInput)
        for number in range(1, self.rows + 1):
            which = {"number": number}
            self.fields |= {
                f"member{number}_given_names": forms.CharField(
                    label=gettext("First name of member %(number)s (not required)") % which, max_length=80,
                    required=False,
                ),
                f"member{number}_surname": forms.CharField(
                    label=gettext("Surname of member %(number)s (not required)") % which, max_length=80, required=False
                ),
                f"member{number}_role": forms.ChoiceField(
                    label=gettext("Role of member %(number)s") % which, choices=MemberRole.choices[1:],
                    initial=MemberRole.CHILD,
                ),
                f"member{number}_born": DutchDateField(
                    label=gettext("Date of birth of member %(number)s (not required)") % which, required=False,
                    birth=True,
                ),
            }  # fmt: skip

    def layout(self) -> Layout:
        rows = [
            row for number in range(1, self.rows + 1) for row in (
                row_of((f"member{number}_given_names", 6), (f"member{number}_surname", 6)),
                row_of((f"member{number}_role", 6), (f"member{number}_born", 6)),
            )
        ]  # fmt: skip
        another = StrictButton(
            _("Add another member"), type="submit", name="another_member", value="1", css_class="btn-secondary mb-3"
        )
        return Layout(
            "token",
            "duplicate_reason",
            "member_rows",
            self.group(_("Who is it?"), row_of(("given_names", 5), ("prefix", 3), ("surname", 4)), "born"),
            # What the script of this page finds while somebody types.
            Div(css_id="alike", role="status"),
            *self.reach(),
            self.group(_("Why now?"), "came_through", "threats", "threat_date"),
            *self.messages(),
            self.group(
                _("Later is fine too"),
                "bsn",
                row_of(("partner_given_names", 6), ("partner_surname", 6)),
                row_of(("partner_born", 6), ("children", 6)),
                *rows,
                *([another] if self.rows < MOST_MEMBERS else []),
            ),
        )

    @classmethod
    def with_another(cls, typed: QueryDict) -> "RegisterForm":
        """The form with everything that was typed as it was typed, and a row for one member more."""
        kept = {name: typed.getlist(name) if name == "threats" else typed[name] for name in typed}
        rows = cls(initial=kept).rows + 1
        form = cls(initial=kept | {"member_rows": min(rows, MOST_MEMBERS)})
        form.fields[f"member{form.rows}_given_names"].widget.attrs["autofocus"] = True
        return form

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
        return compare(candidates, self.client(), self.contact())

    def typed_name(self) -> str:
        return _name(self.client())

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
        for number in range(1, self.rows + 1):
            row = {name: data[f"member{number}_{name}"] for name in ("given_names", "surname", "role", "born")}
            if row["given_names"] or row["surname"] or row["born"]:
                found.append(NewMember(**with_prefix(row | {"prefix": ""})))
        return found


class AlikeForm(forms.Form):
    """As much of the form as is typed and understood so far; the rest is left out (R-52, S06)."""

    given_names = forms.CharField(max_length=80, required=False)
    prefix = forms.CharField(max_length=20, required=False)
    surname = forms.CharField(max_length=80, required=False)
    born = DutchDateField(required=False, birth=True)
    mobile = PhoneField(required=False)
    postcode = PostcodeField(required=False)
    house_number = forms.CharField(max_length=10, required=False)
    addition = forms.CharField(max_length=10, required=False)
    bsn = BsnField(required=False)

    def client(self) -> NewMember:
        data = self.cleaned_data
        asked = {name: data.get(name, "") for name in ("given_names", "prefix", "surname", "bsn")}
        return NewMember(born=data.get("born"), **with_prefix(asked))

    def contact(self) -> dict:
        return {name: self.cleaned_data.get(name, "") for name in ("mobile", "postcode", "house_number", "addition")}

    def searched(self) -> str:
        """What is compared, in the words of a search; empty when that is too little to compare (R-92)."""
        who, where = self.client(), self.contact()
        address = " ".join(filter(None, [values.show_postcode(where["postcode"]), where["house_number"]]))
        typed = [values.show_phone(where["mobile"]) if where["mobile"] else "", who.bsn]
        typed += [address] if where["postcode"] and where["house_number"] else []
        typed += [who.surname, who.born.written] if who.born else []
        return " ".join(filter(None, typed))


def compare(candidates: list[Household], typed: NewMember, contact: dict) -> list[dict]:
    """Candidates beside what was typed, and in words what differs (S06)."""
    found = []
    for one in candidates:
        member = _most_alike(list(one.members.all()), typed)
        found.append({
            "household": one,
            "member": member,
            "other_born": not (member.birth and typed.born and member.birth.may_be(typed.born)),
            "other_name": names.fold(member.full_name) != names.fold(_name(typed)),
            "other_mobile": bool(contact["mobile"] and one.mobile != contact["mobile"]),
            "other_address": bool(contact["postcode"]) and (one.postcode, one.house_number)
            != (contact["postcode"], contact["house_number"]),
        })  # fmt: skip
    return found


def _most_alike(members: list[Member], typed: NewMember) -> Member:
    """Whom of a household it may be: by BSN, then by date of birth with the same surname, or date of birth alone."""

    def how(member: Member) -> tuple:
        born = bool(typed.born and member.birth and member.birth.may_be(typed.born))
        return bool(typed.bsn) and member.bsn == typed.bsn, born, member.search_surname == names.fold(typed.surname)

    return max(members, key=how)


def _name(person: NewMember) -> str:
    return names.full_name(person.given_names, person.prefix, person.surname)
