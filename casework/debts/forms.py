"""Opening a debt file, and the lines of its list of debts (S08)."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from casework.core import clock, values
from casework.core.forms import DutchDateField, ReadField, TokenField, VersionField, plain_helper
from casework.debts.models import Creditor, Debt, DebtKind, DebtState, LeftOut
from casework.households.forms import row_of
from casework.households.models import Household, Member

_LONGEST = Creditor._meta.get_field("name").max_length
# As domain 4.1 of an amount: more is a slip of the finger, and more than a column holds.
MOST = 10**9


class MoneyField(ReadField):
    """Euros to the cent, typed as people do (R-57); hands over a Decimal or None."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs):
        kwargs.setdefault("empty_value", None)
        super().__init__(read=values.read_money, **kwargs)

    def to_python(self, value):
        amount = super().to_python(value)
        if amount is not None and not 0 <= amount < MOST:
            raise forms.ValidationError(_("Enter an amount from 0 to 999.999.999,99."))
        return amount

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else values.show_money(value).removeprefix("€ ")


class StartFileForm(forms.Form):
    """Whose file it is, and from when."""

    clients = forms.ModelMultipleChoiceField(
        label=_("Whose debts are these?"), queryset=Member.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("One person, or two who owe together."), error_messages={"required": _("Choose one or two people.")},
    )  # fmt: skip
    opened_on = DutchDateField(label=_("Opened on"), error_messages={"required": _("Enter the date.")})

    def __init__(self, *args, household: Household, **kwargs):
        people = household.members.filter(left_on=None)
        # Whoever lives alone need not be chosen.
        alone = [one.pk for one in people] if len(people) == 1 else []
        kwargs["initial"] = {"opened_on": clock.today(), "clients": alone} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["clients"].queryset = people
        self.helper = plain_helper()


class DebtForm(forms.Form):
    """One line, from left to right: who, their reference, what kind, how much, on which date."""

    token = TokenField()
    creditor = forms.CharField(
        label=_("Creditor"), max_length=_LONGEST, error_messages={"required": _("Write who the money is owed to.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "creditors"}),
    )  # fmt: skip
    reference = forms.CharField(label=_("Reference (not required)"), max_length=60, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("as last time")), *DebtKind.choices], required=False
    )  # fmt: skip
    amount = MoneyField(label=_("Amount"), error_messages={"required": _("Write the amount as 1234,56.")})
    as_of = DutchDateField(label=_("Amount on"), required=False)
    threatening = forms.BooleanField(label=_("Something threatens because of it"), required=False)

    NAMES = ("reference", "kind", "amount", "as_of", "threatening")
    ROWS = (
        "token",
        row_of(("creditor", 5), ("reference", 4), ("amount", 3)),
        row_of(("kind", 4), ("as_of", 4), ("threatening", 4)),
    )

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"as_of": clock.today()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        self.helper.layout = Layout(*self.ROWS)

    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.NAMES}


class ChangeDebtForm(DebtForm):
    """Everything of a line; what does not count stays in the list with its reason."""

    token = None
    version = VersionField()
    kind = forms.ChoiceField(label=_("Kind"), choices=DebtKind.choices)
    collector = forms.CharField(
        label=_("Collector (not required)"), max_length=160, required=False,
        help_text=_("Who collects it for the creditor, such as a bailiff."),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("State"), choices=DebtState.choices)
    preferred = forms.BooleanField(label=_("Preferred"), required=False)
    business = forms.BooleanField(label=_("Business debt"), required=False)
    left_out = forms.ChoiceField(
        label=_("Does not count because"), choices=[("", _("it counts")), *LeftOut.choices], required=False
    )

    ROWS = (
        "version",
        row_of(("creditor", 6), ("collector", 6)),
        row_of(("reference", 4), ("kind", 4), ("state", 4)),
        row_of(("amount", 4), ("as_of", 4)),
        "threatening", "preferred", "business", "left_out",
    )  # fmt: skip
    NAMES = (*DebtForm.NAMES, "collector", "state", "preferred", "business", "left_out")

    @classmethod
    def of(cls, row: Debt) -> dict:
        return {name: getattr(row, name) for name in (*cls.NAMES, "version")} | {"creditor": row.creditor.name}
