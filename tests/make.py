"""Makes rows for tests: small, valid, with only what the test says different. BSNs are from the 9999 test range."""

import datetime as dt
import itertools
import uuid

from casework.appointments.models import (
    Appointment,
    AppointmentType,
    CorrectionProposal,
    FollowUp,
    Outcome,
    ReminderMoments,
    WaitingEntry,
    known_moments,
)
from casework.core import clock, names, thresholds
from casework.core.models import Role, User
from casework.core.thresholds import Threshold, ThresholdValue
from casework.counsellors.models import Absence, Counsellor, Posting, WorkingHours
from casework.debts.models import DebtFile
from casework.households.actions import describe
from casework.households.models import Household, Member, Merge, MergeState, Task, TaskKind, Term, TransferProposal
from casework.messaging import texts
from casework.messaging.models import ForbiddenWord, LetterBatch, Message, MessageText, ReceivedText, WordingTrial
from casework.migrations._message_texts import ABBREVIATIONS, TEXTS, TEXTS_TO_CANCEL, WORDS
from casework.places.models import Location, OpeningHours
from casework.privacy.models import DataRequest, one_month_after

_numbers = itertools.count(1)
PASSWORD = "stil-water-9"


def moment(text: str) -> dt.datetime:
    """`2026-11-02 09:00`, wall time in Amsterdam."""
    return clock.moment(text)


def user(role: Role = Role.DESK, *, username: str = "", name: str = "", location: Location | None = None) -> User:
    number = next(_numbers)
    made = User(
        username=username or f"{role}{number}", role=role, full_name=name or f"{Role(role).name.title()} Nummer{number}"
    )
    made.set_password(PASSWORD)
    made.save()
    if location:
        Posting.objects.create(user=made, location=location)
    return made


def threshold(which: Threshold, value, *, since: str = "2020-01-01") -> ThresholdValue:
    """A value that counts from a date on; this process reads the table again."""
    date = dt.date.fromisoformat(since)
    made = ThresholdValue.objects.create(
        threshold=which, value=value, valid_from=date, added_on=date - dt.timedelta(days=1), number=next(_numbers)
    )
    thresholds.forget()
    return made


def moments(kind: AppointmentType | None = None, *, since: str = "2020-01-01", **chosen) -> ReminderMoments:
    """Moments of messages that count from a date on; this process reads the table again."""
    date = dt.date.fromisoformat(since)
    made = ReminderMoments.objects.create(
        type=kind, valid_from=date, added_on=date - dt.timedelta(days=1), number=next(_numbers), **chosen
    )
    known_moments.forget()
    return made


def texts_of_etf() -> texts.Wordings:
    """The texts that the migration brings, as a process knows them."""
    found: texts.Wordings = {}
    for key, (kind, form, language, subject, text) in enumerate(TEXTS + TEXTS_TO_CANCEL, start=1):
        found[kind, form, language] = [(dt.date(2015, 1, 1), texts.Wording(key, subject, text))]
    return found


def forbidden_words() -> list[ForbiddenWord]:
    """The lists that the migration brings, not saved."""
    return [
        ForbiddenWord(language=language, word=word, whole_word=word in ABBREVIATIONS)
        for language, words in WORDS.items()
        for word in (*words, *ABBREVIATIONS)
    ]


def message_text(
    text: str,
    *,
    kind: str = "t2",
    form: str = "sms",
    language: str = "nl",
    since: str = "",
    subject: str = "",
    for_trial: bool = False,
) -> MessageText:
    """The next version of a text, by Wim; from a date on when it is approved, by Vera. This process reads the table again."""
    same = MessageText.objects.of(kind=kind, form=form, language=language)
    made = MessageText(
        kind=kind, form=form, language=language, subject=subject, text=text, version=same.count() + 1, for_trial=for_trial,
        written_by=_administrator("wim"), written_at=moment("2015-01-01 09:00"),
    )  # fmt: skip
    if since:
        made.valid_from = dt.date.fromisoformat(since)
        made.approved_by = _administrator("vera")
        made.approved_at = clock.at(made.valid_from - dt.timedelta(days=1), dt.time(9))
    made.save()
    texts.forget()
    return made


def trial(
    *,
    kind: str = "t2",
    language: str = "nl",
    first: str = "2026-11-03",
    last: str = "2026-11-30",
    share_b: int = 50,
    approved: bool = True,
) -> WordingTrial:
    """A trial with the version that ETF came with and another text, by Wim, approved by Vera the day before it begins."""
    date = dt.date.fromisoformat(first)
    same = MessageText.objects.of(kind=kind, form="sms", language=language)
    made = WordingTrial(
        kind=kind, language=language, text_a=same.filter(for_trial=False).earliest("version"), share_b=share_b,
        text_b=message_text(f"Tekst B: {{day}} {next(_numbers)}.", kind=kind, language=language, since=first, for_trial=True),
        first=date, last=dt.date.fromisoformat(last), written_by=_administrator("wim"), written_at=moment("2015-01-01 09:00"),
    )  # fmt: skip
    if approved:
        made.approved_by = _administrator("vera")
        made.approved_at = clock.at(date - dt.timedelta(days=1), dt.time(9))
    made.save()
    texts.known_trials.forget()
    return made


def _administrator(username: str) -> User:
    return User.objects.filter(username=username).first() or user(Role.ADMIN, username=username, name=username.title())


def location(code: str = "", *, name: str = "", opens: str = "08:30", closes: str = "17:00") -> Location:
    """A location open from Monday to Friday."""
    number = next(_numbers)
    made = Location.objects.create(
        code=code or f"L{number}",
        name=name or f"Vraagwijzer Proef {number}",
        address=f"Voorbeeldstraat {number}, 3072 AB Rotterdam",
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(
            location=made, weekday=day, opens=dt.time.fromisoformat(opens), closes=dt.time.fromisoformat(closes)
        )
        for day in range(1, 6)
    )
    return made


def counsellor(
    *,
    at: Location | None = None,
    name: str = "",
    hours=(("09:00", "12:30"), ("13:00", "16:30")),
    languages=("nl",),
    days=range(1, 6),
    username: str = "",
) -> Counsellor:
    """A counsellor who works the same hours on `days` at one location."""
    place = at or location()
    made = Counsellor.objects.create(
        user=user(Role.COUNSELLOR, name=name, username=username), location=place, languages=list(languages), capacity=50
    )
    WorkingHours.objects.bulk_create(
        WorkingHours(
            counsellor=made,
            location=place,
            weekday=day,
            starts=dt.time.fromisoformat(start),
            ends=dt.time.fromisoformat(end),
        )
        for day in days
        for start, end in hours
    )
    return made


def absence(of: Counsellor, start: str, end: str) -> Absence:
    return Absence.objects.create(counsellor=of, period=(moment(start), moment(end)))


def household(
    *,
    surname: str = "",
    given: str = "Jan",
    prefix: str = "",
    registered: str = "2026-11-02 09:00",
    location: Location | None = None,
    owner: Counsellor | None = None,
    born: dt.date | None = None,
    mobile: str = "+31612345678",
    **fields,
) -> Household:
    # No number of a household ends as the BSN of the tests does: a search for that end finds nobody.
    number = next(one for one in _numbers if one % 1000 != 109)
    surname = surname or f"Proef{number}"
    made = Household(
        case_number=f"ETF-2026-{900000 + number:06}",
        registered_at=moment(registered),
        location=location,
        owner=owner,
        mobile=mobile,
        **fields,
    )
    person = Member(
        household=made, given_names=given, prefix=prefix, surname=surname, born=born, search_surname=names.fold(surname)
    )
    describe(made, [person])
    made.save()
    person.save()
    return made


ADDRESS = {"street": "Voorbeeldstraat", "house_number": "1", "postcode": "3072AB"}


def letter(of: Household, *, start: str = "2026-11-16 14:00", **fields) -> Message:
    """A letter about an appointment, that waits to be printed."""
    at = moment("2026-11-02 08:30")
    about = {
        "kind": "confirmation", "planned_start": moment(start), "expires_at": moment(start), "due_at": at, "created_at": at,
        "state": "print", "channel": "letter", "language": "nl", "recipient": "\n".join(of.postal_lines),
        "subject": "Uw afspraak met de gemeente Rotterdam", "text": "Beste heer of mevrouw,\n\nTot dan!",
        "appointment_key": next(_numbers), "facts": {"location": "Vraagwijzer"},
    }  # fmt: skip
    return Message.objects.create(household=of, **about | fields)


def stack(*of: Household, by: User) -> LetterBatch:
    """A letter of each of them, printed and not posted yet."""
    batch = LetterBatch.objects.create(made_at=moment("2026-11-02 08:45"), made_by=by)
    for one in of:
        letter(
            one, batch=batch, recipient="\n".join(one.postal_lines) or "Proef\nVoorbeeldstraat 1\n3072 AB  ROTTERDAM"
        )
    return batch


def received(of: Household | None, text: str = "Ik kom later", *, sender: str = "") -> ReceivedText:
    """A text message of this household, with its task; or of nobody we know."""
    at = moment("2026-11-02 08:30")
    due = {"text": "Lees het antwoord.", "due_on": at.date(), "role": Role.DESK, "made_at": at}
    return ReceivedText.objects.create(
        household=of, task=Task.objects.create(household=of, kind=TaskKind.REPLY, **due) if of else None,
        provider_id=uuid.uuid4(), sender=sender or of.mobile, text=text, received_at=at, noted_at=at,
    )  # fmt: skip


def term(of: Household, kind: str, event_on: str, deadline: str, **fields) -> Term:
    return Term.objects.create(
        household=of,
        kind=kind,
        event_on=dt.date.fromisoformat(event_on),
        deadline=dt.date.fromisoformat(deadline),
        **fields,
    )


def around(of: Household, *, number: int = 0) -> dict:
    """One of everything that stands around a household (S07), by name."""
    on, at = dt.date(2026, 10, 20), moment("2026-10-20 10:00")
    by = of.owner.user if of.owner else user(Role.COUNSELLOR)
    return {
        "threat": of.threats.create(kind="water", recorded_at=at, happens_on=dt.date(2026, 11, 20)),
        "agreement": of.agreements.create(
            with_whom="MAIT", purpose=f"Papieren op orde {number}", fields=["name", "phone"], how="spoken",
            agreed_on=on, recorded_on=on, recorded_by=by, member=of.members.order_by("pk").first(),
        ),
        "life_event": of.life_events.create(kind="job_loss", happened_on=on, consequence="Huurtoeslag nakijken"),
        "helper": of.helpers.create(name=f"Wil Wijkcoach {number}", organisation="Wijkteam", may_contact=True),
        "programme": of.programmes.create(
            programme=("prio", "jpf", "hulpteam", "vindplaats", "gezinsaanpak")[number], since=on
        ),
        "note": of.notes.create(at=at, by=by, kind="phone", text=f"Komt met zus {number}"),
        "task": of.tasks.create(
            text=f"Bel de woningcorporatie {number}", due_on=dt.date(2026, 11, 4), owner=by, made_at=at, made_by=by
        ),
        "consent": of.consents.create(
            channel="sms", agreed=True, source="talk", given_on=on, recorded_on=on, recorded_by=by
        ),
    }  # fmt: skip


def appointment_type(
    code: str = "EG", *, minutes: int = 60, first_talk: bool = True, channel: str = "place"
) -> AppointmentType:
    made, _new = AppointmentType.objects.get_or_create(
        code=code,
        defaults={
            "name": {"EG": "Eerste gesprek", "VG": "Voortgangsgesprek", "TG": "Telefonisch gesprek"}.get(code, code),
            "minutes": minutes, "first_talk": first_talk, "channel": channel,
        },
    )  # fmt: skip
    return made


def appointment(
    *,
    household: Household,
    counsellor: Counsellor,
    start: str,
    type: AppointmentType | None = None,
    outcome: str = "",
    **fields,
) -> Appointment:
    """A row as it would stand; `outcome` fills who and when by itself."""
    made = unsaved_appointment(
        household=household, counsellor=counsellor, start=start, type=type, outcome=outcome, **fields
    )
    made.save(force_insert=True)
    return made


def unsaved_appointment(
    *, household: Household, counsellor: Counsellor, start: str, type: AppointmentType | None, outcome: str, **fields
) -> Appointment:
    """For `bulk_create`, where a test wants hundreds."""
    kind = type or appointment_type()
    starts_at = moment(start)
    if outcome:
        fields = {"recorded_at": starts_at + kind.length, "recorded_by": counsellor.user} | fields
    if outcome in {Outcome.CANCELLED_IN_TIME, Outcome.MOVED_IN_TIME}:
        fields = {"told_at": starts_at - dt.timedelta(hours=48)} | fields
    if outcome in {Outcome.CANCELLED_LATE, Outcome.MOVED_LATE}:
        fields = {"told_at": starts_at - dt.timedelta(hours=2)} | fields
    return Appointment(
        household=household, counsellor=counsellor, type=kind, starts_at=starts_at,
        **{
            "ends_at": starts_at + kind.length, "location": counsellor.location, "outcome": outcome, "booked_by": counsellor.user,
            "booked_at": starts_at - dt.timedelta(days=7),
        } | fields,
    )  # fmt: skip


def follow_up(of: Appointment, **fields) -> FollowUp:
    """That a missed appointment is to be followed up, the day after."""
    due_on = clock.local_date(of.starts_at) + dt.timedelta(days=1)
    return FollowUp.objects.create(appointment=of, **{"due_on": due_on, "made_at": of.ends_at} | fields)


def waiting(of: Household, *, kind: AppointmentType | None = None, until: str = "2026-11-20", **fields) -> WaitingEntry:
    """Somebody who wants to come earlier."""
    by = of.owner.user if of.owner else user()
    return WaitingEntry.objects.create(
        **{"household": of, "type": kind or appointment_type(), "until": dt.date.fromisoformat(until),
           "added_at": moment("2026-10-30 12:00"), "added_by": by} | fields
    )  # fmt: skip


def merge_proposal(surviving: Household, absorbed: Household) -> Merge:
    return Merge.objects.create(
        surviving=surviving, absorbed=absorbed, state=MergeState.PROPOSED, reason="Twee keer aangemeld",
        proposed_at=moment("2026-10-30 12:00"), proposed_by=surviving.owner.user,
    )  # fmt: skip


def transfer_proposal(of: Household, to: Counsellor) -> TransferProposal:
    return TransferProposal.objects.create(
        household=of, to=to, reason="Spreekt de taal", proposed_at=moment("2026-10-30 12:00"), proposed_by=of.owner.user
    )


def correction(of: Appointment, becomes: str = "V", by: User | None = None, **fields) -> CorrectionProposal:
    """A correction after 14 days that waits for a supervisor."""
    return CorrectionProposal.objects.create(
        **{"appointment": of, "version": of.version, "was": of.outcome, "becomes": becomes, "why": "Verkeerde regel",
           "proposed_at": moment("2026-10-30 12:00"), "proposed_by": by or of.counsellor.user} | fields
    )  # fmt: skip


def data_request(of: Household, received: str = "2026-11-02", kind: str = "inspection", **fields) -> DataRequest:
    day = dt.date.fromisoformat(received)
    return DataRequest.objects.create(
        household=of, member=of.members.order_by("pk").first(), kind=kind, received_on=day, due_on=one_month_after(day),
        recorded_at=moment(f"{received} 09:00"), recorded_by=fields.pop("by", None) or user(Role.DESK), **fields,
    )  # fmt: skip


def debt_file(of: Household, opened: str = "2026-11-02", **fields) -> DebtFile:
    made = DebtFile.objects.create(
        household=of, opened_on=dt.date.fromisoformat(opened), municipality_code="0599", **fields
    )
    made.clients.set(of.members.all()[:2])
    return made
