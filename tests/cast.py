"""The cast: somebody in every role, and one of everything that an address can be about."""

from dataclasses import dataclass

import pytest

from casework.appointments.models import Appointment, CorrectionProposal, WaitingEntry
from casework.core import encryption
from casework.core.models import Role, User
from casework.counsellors.models import Absence, Counsellor, Posting, Team
from casework.debts.models import Creditor, Debt, DebtFile
from casework.households.models import Household, Member, Merge, TransferProposal
from casework.messaging.models import Message, MessageKind, MessageState
from casework.places.models import Location
from partners.organisations.models import Membership, Organisation
from tests import make

# For a module that makes its cast once (`made_once`).
ONE_CAST = [pytest.mark.django_db, pytest.mark.usefixtures("cast_of_module")]

BSN = "999900109"


@dataclass(frozen=True)
class Cast:
    """`own` belongs to Samira, the counsellor of `users`; `strange` to her colleague Bram; `free` to nobody yet."""

    place: Location
    samira: Counsellor
    bram: Counsellor
    users: dict[str, User]
    own: Household
    strange: Household
    free: Household
    member: Member
    appointment: Appointment
    recorded: Appointment
    message: Message
    file: DebtFile
    proposal: TransferProposal
    absence: Absence
    merge: Merge
    waiting: WaitingEntry
    correction: CorrectionProposal


def assemble() -> Cast:
    place = make.location("FEI", name="Vraagwijzer Feijenoord")
    samira = make.counsellor(at=place, name="Samira El Amrani", username="samira")
    bram = make.counsellor(at=place, name="Bram de Groot", username="bram")
    team = Team.objects.create(name="Team Feijenoord")
    Counsellor.objects.filter(pk__in=[samira.pk, bram.pk]).update(team=team)
    own = make.household(given="Fatou", surname="Ndiaye", owner=samira, location=place)
    free = make.household(given="Nour", surname="Nieuw", location=place)
    appointment = make.appointment(household=own, counsellor=samira, start="2026-11-02 09:30")
    past = make.appointment(household=own, counsellor=samira, start="2026-10-30 10:00", outcome="V")
    long_ago = make.appointment(household=own, counsellor=samira, start="2026-10-12 10:00", outcome="N")
    return Cast(
        correction=make.correction(long_ago),
        place=place,
        samira=samira,
        bram=bram,
        users=_users(place, samira, team),
        own=own,
        strange=make.household(given="Olga", surname="Vreemd", owner=bram, location=place),
        free=free,
        member=_with_bsn(own),
        merge=make.merge_proposal(own, free),
        appointment=appointment,
        recorded=past,
        message=_message(appointment),
        file=debts(own),
        proposal=make.transfer_proposal(own, bram),
        waiting=make.waiting(own),
        absence=make.absence(samira, "2026-11-30 09:00", "2026-12-04 17:00"),
    )


def _users(place: Location, samira: Counsellor, team: Team) -> dict[str, User]:
    partner = make.user(Role.PARTNER, username="maartje", name="Maartje van Maas")
    ingrid = make.user(Role.SUPERVISOR, username="ingrid", name="Ingrid Smit", location=place)
    Posting.objects.filter(user=ingrid).update(team=team)
    Membership.objects.create(user=partner, organisation=Organisation.objects.get(code="MAIT"))
    return {
        Role.DESK: make.user(Role.DESK, username="joris", name="Joris de Wit", location=place),
        Role.COUNSELLOR: samira.user,
        Role.SUPERVISOR: User.objects.get(pk=ingrid.pk),
        Role.PARTNER: partner,
        Role.ADMIN: make.user(Role.ADMIN, username="bea", name="Bea Heerma"),
        Role.PRIVACY_OFFICER: make.user(Role.PRIVACY_OFFICER, username="priya", name="Priya Vacature"),
    }


def _with_bsn(household: Household) -> Member:
    member = household.members.get()
    member.bsn, member.bsn_fingerprint = BSN, encryption.fingerprint(BSN)
    member.save()
    return member


def _message(about: Appointment) -> Message:
    """A message that could not be sent, so that it stands on the call list too."""
    return Message.objects.create(
        household=about.household, appointment_key=about.pk, kind=MessageKind.CONFIRMATION,
        planned_start=about.starts_at, due_at=about.booked_at, expires_at=about.starts_at, created_at=about.booked_at,
        state=MessageState.CALL, channel="call", language="nl", text="U heeft een afspraak.",
    )  # fmt: skip


def debts(household: Household, *, number: int = 1) -> DebtFile:
    file = make.debt_file(household)
    for one in range(number):
        creditor, _new = Creditor.objects.get_or_create(name=f"Energie {one}", search_name=f"energie{one}")
        Debt.objects.create(debt_file=file, creditor=creditor, amount="812.40")
    return file
