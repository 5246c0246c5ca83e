"""Opening a debt file with everything that is known of it."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from casework.core import clock, names
from casework.core.actions import audit, change_row, made_before
from casework.core.models import Role, User
from casework.core.refusals import Refused
from casework.debts.models import Creditor, Debt, DebtFile, DebtKind, JournalEntry, Phase
from casework.households.actions import HouseholdClosed, is_own
from casework.households.models import Household, Member


class OpenFileExists(Refused):
    """A household has one open debt file at a time (DDAS)."""


class NotYourFile(Refused):
    """A counsellor reads the file of a colleague and changes nothing in it (R-90c)."""


class FileClosed(Refused):
    """A closed file is never changed or reopened: a new one follows (DDAS)."""


# DDAS: a file has one client, or two.
MOST_CLIENTS = 2


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


def check_can_start(household: Household, *, by: User) -> None:
    """The counsellor of the household, and supervisors (R-90c), while help goes on; pages ask this too.

    Refuses NotYourFile and HouseholdClosed. No query after `select_related("owner__user")`.
    """
    if not (by.role == Role.SUPERVISOR or is_own(by, household)):
        raise NotYourFile(_("Only the counsellor of this household changes its debt file."))
    if household.is_closed:
        raise HouseholdClosed(_("This household is closed."))


def _check_not_to_come(date: dt.date | None, now: dt.datetime, field: str) -> None:
    if date and date > clock.local_date(now):
        raise Refused(_("Choose today or an earlier day."), field=field)


def start_debt_file(
    *, household: Household, clients: list[Member], opened_on: dt.date, municipality_code: str, by: User,
    now: dt.datetime,
) -> DebtFile:  # fmt: skip
    """Open a file with its first phase, the report.

    Refuses NotYourFile, HouseholdClosed, OpenFileExists, other than 1 or 2 clients, and a day to come.
    """
    check_can_start(household, by=by)
    _check_not_to_come(opened_on, now, "opened_on")
    if not 1 <= len(clients) <= MOST_CLIENTS:
        raise Refused(_("Choose one or two people."), field="clients")
    new = NewFile(opened_on=opened_on, municipality_code=municipality_code, phases=(NewPhase("report", opened_on),))
    return open_debt_file(household=household, clients=clients, new=new, by=by, now=now)


@transaction.atomic
def add_debt(
    *, debt_file: DebtFile, creditor: str, values: dict, form_token: UUID | None = None, by: User, now: dt.datetime
) -> Debt:
    """One line of the list. `values`: amount, as_of, reference, threatening, and `kind`, empty for that of last time.

    What was last said of this creditor (kind, preferred) is said again. Refuses NotYourFile, HouseholdClosed, FileClosed and
    a day to come. Repeatable with the same `form_token` (R-17).
    """
    row = _locked(debt_file, by)
    _check_not_to_come(values["as_of"], now, "as_of")
    if earlier := made_before(Debt, form_token, debt_file=row):
        return earlier
    found = _creditor_named(creditor)
    last = found.debts.order_by("-id").first()
    known = {"kind": last.kind, "preferred": last.preferred} if last else {"kind": DebtKind.OTHER}
    given = values | {"kind": values.get("kind") or known["kind"]}
    made = Debt.objects.create(debt_file=row, creditor=found, form_token=form_token, **known | given)
    audit(by=by, now=now, action="add_debt", on=row, details={"debt": made.pk})
    return made


@transaction.atomic
def change_debt(
    *, debt: Debt, creditor: str, values: dict, version: int, by: User, now: dt.datetime
) -> Debt:  # fmt: skip
    """Change a line, or leave it out of the total with a reason; no line ever goes.

    Refuses NotYourFile, HouseholdClosed, FileClosed, a day to come and ChangedMeanwhile (R-19). Repeatable.
    """
    _locked(debt.debt_file, by)
    _check_not_to_come(values["as_of"], now, "as_of")
    row = (
        Debt.objects.select_for_update(of=("self",), no_key=True)
        .select_related("creditor", "debt_file")
        .get(pk=debt.pk)
    )
    named = row.creditor if names.fold(creditor) == names.fold(row.creditor.name) else _creditor_named(creditor)
    if changed := change_row(row, values | {"creditor": named}, version=version):
        audit(by=by, now=now, action="change_debt", on=row.debt_file, details={"debt": row.pk, "changed": changed})
    return row


def check_can_change(debt_file: DebtFile, household: Household, *, by: User) -> None:
    """Whether the list of debts is open to this person; pages ask this too. Refuses as `check_can_start`, and FileClosed."""
    check_can_start(household, by=by)
    if debt_file.is_closed:
        raise FileClosed(_("This file is closed. A new file follows for what comes later."))


def _locked(debt_file: DebtFile, by: User) -> DebtFile:
    files = DebtFile.objects.select_for_update(of=("self",), no_key=True).select_related("household__owner__user")
    row = files.get(pk=debt_file.pk)
    check_can_change(row, row.household, by=by)
    return row


def _creditor_named(name: str) -> Creditor:
    """As it is known: of several with one name the one without a number or postcode of its own, or a new one."""
    same = list(
        Creditor.objects.filter(search_name=names.fold(name)[: Creditor._meta.get_field("search_name").max_length])[:2]
    )
    return same[0] if len(same) == 1 else _creditor(NewDebt(creditor=name, amount=Decimal(0)))
