"""Opening a debt file with everything that is known of it."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from casework.core import names
from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.debts.models import Creditor, Debt, DebtFile, JournalEntry, Phase
from casework.households.models import Household, Member


class OpenFileExists(Refused):
    """A household has one open debt file at a time (DDAS)."""


@dataclass(frozen=True)
class NewPhase:
    kind: str
    started_on: dt.date
    ended_on: dt.date | None = None
    guidance: str = ""
    asked_on: dt.date | None = None
    granted_on: dt.date | None = None


@dataclass(frozen=True)
class NewDebt:
    """A claim; amount in euros to the cent."""

    creditor: str
    amount: Decimal
    kind: str = "Overig"
    as_of: dt.date | None = None
    preferred: bool = False
    business: bool = False
    reference: str = ""
    kvk_number: str = ""
    postcode: str = ""
    private_person: bool = False


@dataclass(frozen=True)
class NewNote:
    at: dt.datetime
    by: User
    kind: str
    text: str


@dataclass(frozen=True)
class NewFile:
    """A debt file as it is delivered. `facts` are further fields of DebtFile by name."""

    opened_on: dt.date
    municipality_code: str
    closed_on: dt.date | None = None
    facts: dict = field(default_factory=dict)
    phases: tuple[NewPhase, ...] = ()
    debts: tuple[NewDebt, ...] = ()
    notes: tuple[NewNote, ...] = ()


def _creditor(debt: NewDebt) -> Creditor:
    found, _made = Creditor.objects.get_or_create(
        # Folding may make a text longer: ß becomes ss.
        search_name=names.fold(debt.creditor)[: Creditor._meta.get_field("search_name").max_length],
        kvk_number=debt.kvk_number,
        postcode=debt.postcode,
        defaults={"name": debt.creditor, "private_person": debt.private_person},
    )
    return found


@transaction.atomic
def open_debt_file(
    *, household: Household, clients: list[Member], new: NewFile, by: User | None, now: dt.datetime
) -> DebtFile:
    """Make a file with its phases, debts and notes, whole or not at all.

    Refuses OpenFileExists, and what a constraint of the database does not allow, such as phases of one kind that
    overlap. Not repeatable.
    """
    if new.closed_on is None and household.debt_files.filter(closed_on=None).exists():
        raise OpenFileExists(_("This household already has an open debt file."))
    try:
        with transaction.atomic():
            made = DebtFile.objects.create(
                household=household, opened_on=new.opened_on, municipality_code=new.municipality_code,
                closed_on=new.closed_on, **new.facts,
            )  # fmt: skip
            made.clients.set(clients)
            Phase.objects.bulk_create(Phase(debt_file=made, **vars(phase)) for phase in new.phases)
            Debt.objects.bulk_create(
                Debt(debt_file=made, creditor=_creditor(debt), kind=debt.kind, amount=debt.amount, as_of=debt.as_of,
                     preferred=debt.preferred, business=debt.business, reference=debt.reference)
                for debt in new.debts
            )  # fmt: skip
            JournalEntry.objects.bulk_create(JournalEntry(debt_file=made, **vars(note)) for note in new.notes)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "constraint"
        raise Refused(_("The data contradict each other (%(rule)s).") % {"rule": name}) from error
    audit(by=by, now=now, action="open_debt_file", on=made,
          details={"phases": len(new.phases), "debts": len(new.debts)})  # fmt: skip
    return made
