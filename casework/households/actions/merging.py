"""Two households that are the same people become one, and can be two again for 14 days (R-53).

Whatever points at the household that goes is found from the models themselves, and has its way in `WAYS`; a test
fails when a new model has none. The household that goes keeps its row and number, and nothing else.
"""

import datetime as dt
import enum

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households.actions.contact import CONTACT_FIELDS
from casework.households.actions.members import describe
from casework.households.actions.steps import change, take_back
from casework.households.models import ContactChannel, Household, Member, Merge, MergeState, Term, TermKind


class CannotMerge(Refused):
    """These two cannot become one (any more)."""


class Way(enum.Enum):
    MOVED = "goes to the household that stays"
    UNLESS_THERE = "goes along, unless the household that stays has one already: then it stays behind"
    BY_HAND = "has an action of its own below"
    KEPT = "stays with the row it belongs to"


# Of each foreign key to a household. KEPT: a derived or historical row that tells of that household alone.
WAYS: dict[str, Way] = {
    "casework.member.household": Way.BY_HAND,
    "casework.term.household": Way.BY_HAND,
    "casework.threat.household": Way.MOVED,
    "casework.channelconsent.household": Way.MOVED,
    # As they were given: the same words, fields and dates; nothing is added up.
    "casework.agreement.household": Way.MOVED,
    "casework.lifeevent.household": Way.MOVED,
    "casework.helper.household": Way.MOVED,
    "casework.programmelabel.household": Way.UNLESS_THERE,
    "casework.note.household": Way.MOVED,
    "casework.contactattempt.household": Way.MOVED,
    "casework.task.household": Way.MOVED,
    "casework.message.household": Way.MOVED,
    "casework.receivedtext.household": Way.MOVED,
    "casework.appointment.household": Way.MOVED,
    # Who waits for the same kind of talk twice waits once.
    "casework.waitingentry.household": Way.UNLESS_THERE,
    "casework.debtfile.household": Way.MOVED,
    "casework.legalhold.household": Way.UNLESS_THERE,
    "casework.datarequest.household": Way.MOVED,
    "casework.transferproposal.household": Way.UNLESS_THERE,
    # Who looked why, at that number: valid until midnight, and to be read back as it was.
    "casework.accessreason.household": Way.UNLESS_THERE,
    # What went into the household that now goes itself leads on to the one that stays.
    "casework.household.merged_into": Way.MOVED,
    # An earlier file of the people of the one that goes is one of theirs.
    "casework.household.continued_in": Way.MOVED,
    # Kept by a trigger from the names of its household.
    "casework.searchword.household": Way.KEPT,
    # The merges themselves.
    "casework.merge.surviving": Way.KEPT,
    "casework.merge.absorbed": Way.KEPT,
}

# What somebody chooses where both differ: taken over from the household that goes, or not. Whole, never mixed.
CONTACT_CHOICES: dict[str, tuple[str, ...]] = {
    "address": ("street", "house_number", "addition", "postcode", "city"),
    # With what the provider said of it.
    "mobile": ("mobile", "dead_mobile"),
    "phone": ("phone",),
    "email": ("email", "dead_email"),
    "language": ("language",),
    "channel": ("channel",),
    "preferred_phone": ("preferred_phone",),
    "quiet": ("quiet_from", "quiet_until"),
    "safety_note": ("safety_note",),
    "administrator": (
        "administrator", "administrator_kind", "administrator_name", "administrator_phone", "administrator_from",
        "administrator_until",
    ),
}  # fmt: skip
# One yes of the two is a yes: nobody is less protected by a merge.
PROTECTIVE = ("secret_address", "interpreter", "shared_phone", "no_voicemail", "safety")


def pointing_at_a_household() -> dict[str, models.ForeignKey]:
    """Every foreign key to a household, as `casework.note.household`."""
    relations = Household._meta.get_fields(include_hidden=True)
    keys = [one.field for one in relations if one.auto_created and not one.concrete and not one.many_to_many]
    return {f"{key.model._meta.label_lower}.{key.name}": key for key in keys if not _is_history(key.model)}


def _is_history(model: type[models.Model]) -> bool:
    """The history of rows is added to by triggers alone, and stays as it was written."""
    return hasattr(model, "pgh_tracked_model")


def in_order(one: Household, other: Household) -> tuple[Household, Household]:
    """Which survives (the older case number) and which goes into it."""
    older, newer = sorted((one, other), key=lambda row: (row.case_number, row.pk))
    return older, newer


def check_can_merge(one: Household, other: Household) -> None:
    """What must be true of the two themselves; pages ask this too."""
    if one.pk == other.pk:
        raise CannotMerge(_("Choose another household than this one."))
    if one.merged_into_id or other.merged_into_id:
        raise CannotMerge(_("One of these households is merged already."))
    if one.is_closed or other.is_closed:
        raise CannotMerge(_("A closed household is not merged: it is an earlier file of the same people."))


@transaction.atomic
def propose_merge(
    *, one: Household, other: Household, takes: list[str], reason: str, by: User, now: dt.datetime
) -> Merge:
    """Ask a supervisor to make one of two (R-53). Repeatable: what waits stays as it is. Refuses CannotMerge."""
    surviving, absorbed = lock_two(one, other)
    check_can_merge(surviving, absorbed)
    waiting = Merge.objects.filter(surviving=surviving, absorbed=absorbed, state=MergeState.PROPOSED).first()
    if waiting:
        return waiting
    made = Merge.objects.create(
        surviving=surviving, absorbed=absorbed, state=MergeState.PROPOSED, takes=takes, reason=reason,
        proposed_at=now, proposed_by=by,
    )  # fmt: skip
    audit(by=by, now=now, action="propose_merge", on=surviving, details={"merge": made.pk, "with": absorbed.pk})
    return made


@transaction.atomic
def decline_merge(*, merge: Merge, by: User, now: dt.datetime) -> Merge:
    """They stay two. Refuses what is decided already; declining twice changes nothing."""
    row = Merge.objects.select_for_update(of=("self",), no_key=True).get(pk=merge.pk)
    if row.state == MergeState.DECLINED:
        return row
    if row.state != MergeState.PROPOSED:
        raise CannotMerge(_("A colleague decided on this already."))
    row.state, row.settled_at, row.settled_by = MergeState.DECLINED, now, by
    row.save(update_fields=["state", "settled_at", "settled_by"])
    audit(by=by, now=now, action="decline_merge", on=f"household:{row.surviving_id}", details={"merge": row.pk})
    return row


def lock_two(one: Household, other: Household) -> tuple[Household, Household]:
    """Both rows, locked by id, so that two merges that cross never wait for each other; (surviving, absorbed)."""
    keys = {one.pk, other.pk}
    rows = list(Household.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True))
    if len(rows) != 2:
        raise CannotMerge(_("Choose another household than this one."))
    return in_order(*rows)


def absorb(*, merge: Merge, by: User, now: dt.datetime) -> Merge:
    """Move everything of the absorbed household to the surviving one, noting each step. Wants both rows locked.

    The caller has looked at appointments and debt files, which this feature does not know.
    """
    surviving, absorbed = lock_two(merge.surviving, merge.absorbed)
    check_can_merge(surviving, absorbed)
    merge.state, merge.settled_at, merge.settled_by = MergeState.MERGED, now, by
    merge.save(update_fields=["state", "settled_at", "settled_by"])
    _join_members(merge, surviving, absorbed)
    _join_terms(merge, surviving, absorbed)
    for name, key in sorted(pointing_at_a_household().items()):
        if WAYS[name] in {Way.MOVED, Way.UNLESS_THERE}:
            _move_rows(merge, key, surviving, absorbed, unless_there=WAYS[name] == Way.UNLESS_THERE)
    _join_contact(merge, surviving, absorbed)
    details = {"merge": merge.pk, "absorbed": absorbed.pk, "number": absorbed.case_number}
    audit(by=by, now=now, action="merge", on=surviving, details=details)
    audit(by=by, now=now, action="merged_into", on=absorbed, details={"merge": merge.pk, "surviving": surviving.pk})
    return merge


def _move_rows(merge: Merge, key, surviving: Household, absorbed: Household, *, unless_there: bool) -> None:
    taken = _taken(key, surviving) if unless_there else lambda row: False
    for row in key.model._base_manager.filter(**{key.name: absorbed}).order_by("pk"):
        if not taken(row):
            change(merge, row, **{key.attname: surviving.pk})


def _taken(key, surviving: Household):
    """Whether a row would stand twice with the household that stays: asks its own unique constraints."""

    def ask(row) -> bool:
        moved = key.model._base_manager.get(pk=row.pk)
        setattr(moved, key.attname, surviving.pk)
        unique = [one for one in key.model._meta.constraints if isinstance(one, models.UniqueConstraint)]
        return any(_clashes(one, moved) for one in unique)

    return ask


def _clashes(constraint: models.UniqueConstraint, row: models.Model) -> bool:
    same = {name: getattr(row, row._meta.get_field(name).attname) for name in constraint.fields}
    rows = row._meta.model._base_manager.exclude(pk=row.pk).filter(**same)
    if constraint.condition is None:
        return rows.exists()
    mine = row._meta.model._base_manager.filter(pk=row.pk).filter(constraint.condition)
    return mine.exists() and rows.filter(constraint.condition).exists()


# People


def _join_members(merge: Merge, surviving: Household, absorbed: Household) -> None:
    """The same person stands once: what points at the double points at the one who stays; all others come along."""
    here = list(Member.objects.filter(household=surviving).order_by("pk"))
    for member in Member.objects.filter(household=absorbed).order_by("pk"):
        same = next((one for one in here if is_same_person(one, member)), None)
        if same is None:
            change(merge, member, household_id=surviving.pk)
            continue
        _repoint(merge, member, same)
        if member.bsn and not same.bsn:
            bsn = {"bsn": member.bsn, "bsn_fingerprint": member.bsn_fingerprint}
            change(merge, member, bsn="", bsn_fingerprint="")
            change(merge, same, **bsn)


def is_same_person(one: Member, other: Member) -> bool:
    """The same BSN, or the same name and date of birth without two BSNs that differ (R-52); both still there."""
    if one.left_on or other.left_on:
        return False
    if one.bsn_fingerprint and other.bsn_fingerprint:
        return one.bsn_fingerprint == other.bsn_fingerprint
    who = ("search_surname", "born", "born_known")
    same = all(getattr(one, name) == getattr(other, name) for name in who)
    return bool(same and one.born and one.given_names.casefold() == other.given_names.casefold())


def _repoint(merge: Merge, member: Member, same: Member) -> None:
    """Files, agreements and whatever else names the double now names the one who stays."""
    for relation in Member._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or _is_history(relation.related_model):
            continue
        # A link of many to many is a row of its own, reached by its own foreign key.
        if relation.many_to_many:
            continue
        key = relation.field
        taken = _taken_pair(key, same)
        for row in key.model._base_manager.filter(**{key.name: member}).order_by("pk"):
            if not taken(row):
                change(merge, row, **{key.attname: same.pk})


def _taken_pair(key, same: Member):
    """Whether a link to this member stands already, beside the one that would be changed into it."""
    together = [names for names in key.model._meta.unique_together if key.name in names]

    def ask(row) -> bool:
        for names in together:
            rest = {name: getattr(row, row._meta.get_field(name).attname) for name in names if name != key.name}
            if key.model._base_manager.filter(**rest, **{key.name: same}).exists():
                return True
        return False

    return ask


# Terms


def _join_terms(merge: Merge, surviving: Household, absorbed: Household) -> None:
    """Of two terms of a kind the earlier event counts, and what met either has met it (decision 0032)."""
    here = {one.kind: one for one in Term.objects.filter(household=surviving)}
    for term in Term.objects.filter(household=absorbed).order_by("pk"):
        mine = here.get(term.kind)
        if mine is None:
            change(merge, term, household_id=surviving.pk)
            here[term.kind] = term
            continue
        first = min(mine, term, key=lambda one: (one.event_on, one.deadline))
        met = min((one.met_on for one in (mine, term) if one.met_on), default=None)
        change(merge, mine, event_on=first.event_on, deadline=first.deadline, met_on=met)
    talk, urgent = here.get(TermKind.FIRST_TALK), here.get(TermKind.URGENT)
    if talk and urgent and urgent.is_open and talk.met_on and talk.met_on >= urgent.event_on:
        change(merge, urgent, met_on=talk.met_on)


# How to reach them


def differing(surviving: Household, absorbed: Household) -> list[str]:
    """Which contact choices there are to make: where both say something, and not the same."""
    return [name for name, fields in CONTACT_CHOICES.items() if _values(surviving, fields) != _values(absorbed, fields)]


def usual_takes(surviving: Household, absorbed: Household) -> list[str]:
    """What is taken over unless somebody chooses otherwise: what the household that stays lacks, and an opt-out."""
    takes = [
        name for name in differing(surviving, absorbed)
        if name not in {"language", "channel"} and not any(_said(surviving, CONTACT_CHOICES[name]))
    ]  # fmt: skip
    if absorbed.channel == ContactChannel.NONE != surviving.channel:
        takes.append("channel")
    return takes


def _values(row: Household, fields: tuple[str, ...]) -> list:
    return [getattr(row, name) for name in fields]


def _said(row: Household, fields: tuple[str, ...]) -> list:
    """What somebody entered; a city alone is what every household starts with."""
    return [getattr(row, name) for name in fields if name != "city"]


def _join_contact(merge: Merge, surviving: Household, absorbed: Household) -> None:
    values = {name: getattr(surviving, name) or getattr(absorbed, name) for name in PROTECTIVE}
    for name in merge.takes:
        values |= {one: getattr(absorbed, one) for one in CONTACT_CHOICES.get(name, ())}
    values["refused_channels"] = sorted({*surviving.refused_channels, *absorbed.refused_channels})
    values["legal_hold"] = surviving.legal_hold or absorbed.legal_hold
    values["owner_id"] = surviving.owner_id or absorbed.owner_id
    # The row that goes is left with its number only: nothing finds it but its number.
    empty = {name: Household._meta.get_field(name).get_default() for name in (*CONTACT_FIELDS, "refused_channels")}
    empty |= {
        "city": "",
        "dead_mobile": "",
        "dead_email": "",
        "owner_id": None,
        "legal_hold": False,
        "merged_into_id": surviving.pk,
    }
    change(merge, absorbed, **empty, display_name="", sort_name="", search_name="")
    described = Household(pk=surviving.pk)
    describe(described, _of_now(surviving))
    names = {name: getattr(described, name) for name in ("display_name", "sort_name", "search_name")}
    change(merge, surviving, **values, **names)
    Household.objects.filter(pk__in=[surviving.pk, absorbed.pk]).update(version=models.F("version") + 1)


def _of_now(household: Household) -> list[Member]:
    """Who belongs to it, those with the oldest row first; when everybody left, all."""
    members = list(Member.objects.filter(household=household).order_by("pk"))
    return [one for one in members if one.left_on is None] or members


# Taking it back


@transaction.atomic
def undo_merge(*, merge: Merge, by: User, now: dt.datetime) -> Merge:
    """One becomes two again, within 14 days (R-53).

    What belonged to the household that went goes back to it; what was made since stays with the one that stayed.
    Refuses CannotMerge when it is too late, done already, or the household that stayed went into a third meanwhile.
    """
    surviving, absorbed = lock_two(merge.surviving, merge.absorbed)
    row = Merge.objects.select_for_update(of=("self",), no_key=True).get(pk=merge.pk)
    if row.state != MergeState.MERGED:
        raise CannotMerge(_("A colleague decided on this already."))
    if not row.may_undo(now):
        raise CannotMerge(_("A merge can be undone for 14 days. This one is older."))
    if surviving.merged_into_id or absorbed.merged_into_id != surviving.pk:
        raise CannotMerge(_("A later merge stands on top of this one. Undo that one first."))
    if surviving.anonymised_on:
        raise CannotMerge(_("What this household was about is no longer there."))
    _refuse_later_merge(row, surviving)
    try:
        with transaction.atomic():
            lost = take_back(row)
    except IntegrityError as error:
        raise CannotMerge(_("What was changed since the merge stands in the way. Ask the administrator.")) from error
    for one in (surviving, absorbed):
        one.refresh_from_db()
        if members := _of_now(one):
            describe(one, members)
        one.version += 1
        one.save(update_fields=["display_name", "sort_name", "search_name", "version"])
    row.state, row.undone_at, row.undone_by = MergeState.UNDONE, now, by
    row.save(update_fields=["state", "undone_at", "undone_by"])
    details = {"merge": row.pk, "absorbed": absorbed.pk, "gone": lost}
    audit(by=by, now=now, action="undo_merge", on=surviving, details=details)
    audit(by=by, now=now, action="undo_merge", on=absorbed, details={"merge": row.pk})
    return row


def _refuse_later_merge(row: Merge, surviving: Household) -> None:
    later = Merge.objects.filter(surviving=surviving, state=MergeState.MERGED, settled_at__gt=row.settled_at)
    later |= Merge.objects.filter(
        surviving=surviving, state=MergeState.MERGED, settled_at=row.settled_at, pk__gt=row.pk
    )
    if later.exists():
        raise CannotMerge(_("A later merge stands on top of this one. Undo that one first."))
