"""The words of a message: of the version that is in force, filled with facts that betray nothing (R-40, R-41).

A version counts from a date after the one of its approval and is never changed, so a process reads the table once per
date, as with thresholds: wording a message costs no query (decision 0060).
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.conf import settings

from casework.core import clock, dates, gsm7
from casework.core.dated import ReadOncePerDate
from casework.counsellors.models import LANGUAGES
from casework.messaging.models import (
    DUTCH,
    Channel,
    Message,
    MessageKind,
    MessageText,
    TextForm,
    TextKind,
    Variant,
    WordingTrial,
    variant_of,
)

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
# `[, {address}]`: left out when what it names is not known.
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


class NoApprovedText(LookupError):
    """Not even in Dutch: the message goes to a person."""


@dataclass(frozen=True)
class Wording:
    """A version in force; `key` is that of its row."""

    key: int
    subject: str
    text: str


@dataclass(frozen=True)
class Words:
    """What a resident gets; `trial` and `variant` when it is of a trial."""

    wording: Wording
    language: str
    subject: str
    text: str
    trial: int | None = None
    variant: str = ""


@dataclass(frozen=True)
class Trial:
    """An approved trial with its texts; `key` is that of its row."""

    key: int
    first: dt.date
    ends: dt.date
    share_b: int
    wordings: dict[str, Wording]


Trials = dict[tuple[str, str], list[Trial]]


def _trials_from_table() -> Trials:
    """(Kind, language) → its trials."""
    found: Trials = {}
    for row in WordingTrial.objects.filter(approved_at__isnull=False).select_related("text_a", "text_b"):
        both = {Variant.A: row.text_a, Variant.B: row.text_b}
        wordings = {variant: Wording(text.pk, text.subject, text.text) for variant, text in both.items()}
        trial = Trial(row.pk, row.first, row.ends, row.share_b, wordings)
        found.setdefault((row.kind, row.language), []).append(trial)
    return found


# As with versions: none can begin or end any more on a date that is there.
known_trials = ReadOncePerDate(_trials_from_table)


def _trial_of(kind: str, language: str, on: dt.date) -> Trial | None:
    trials = known_trials.complete_for(on).get((kind, language), ())
    return next((one for one in trials if one.first <= on <= one.ends), None)


Wordings = dict[tuple[str, str, str], list[tuple[dt.date, Wording]]]


def _from_table() -> Wordings:
    """(Kind, form, language) → since when which version, the newest first."""
    found: Wordings = {}
    for row in MessageText.objects.approved().in_turn().newest_first():
        one = (row.valid_from, Wording(row.pk, row.subject, row.text))
        found.setdefault((row.kind, row.form, row.language), []).append(one)
    return found


known_wordings = ReadOncePerDate(_from_table)


def remember(*, wordings: Wordings, until: dt.date) -> None:
    """Let this process go by these versions up to and including a date. Also for tests, which start with those of ETF."""
    known_wordings.remember(wordings, until=until)


def forget() -> None:
    """Let this process read the table again. For tests: in use nothing that it remembers can change."""
    known_wordings.forget()


def in_force(kind: str, form: str, language: str, on: dt.date) -> Wording | None:
    """No query, but for the first of a date in a process."""
    versions = known_wordings.complete_for(on).get((kind, form, language), ())
    return next((wording for since, wording in versions if since <= on), None)


def _choose(kind: str, form: str, preferred: str, on: dt.date) -> tuple[str, Wording]:
    """The preferred language when it has an approved text, otherwise Dutch (R-40); a letter may have the e-mail's words."""
    forms = (form, TextForm.MAIL) if form == TextForm.LETTER else (form,)
    for language in (preferred, DUTCH):
        for one in forms:
            if wording := in_force(kind, one, language, on):
                return language, wording
    raise NoApprovedText(f"{kind} {form}")


def lacking(on: dt.date) -> dict[str, bool]:
    """Languages that residents may have in which not everything can be said; True for those in which nothing can."""
    there = {(kind, form) for kind, form, language in known_wordings.complete_for(on) if language == DUTCH}
    found = {}
    for code, _name in LANGUAGES:
        missing = [one for one in there if not in_force(*one, code, on)]
        if missing:
            found[code] = len(missing) == len(there)
    return found


def fill_in(text: str, facts: dict) -> str:
    """A text with its placeholders filled; a part between square brackets goes when something it names is empty."""

    def whole_or_nothing(part: re.Match) -> str:
        return part[1] if all(facts.get(name) for name in _PLACEHOLDER.findall(part[1])) else ""

    kept = _OPTIONAL.sub(whole_or_nothing, text)
    # A text message is no HTML: nothing is escaped.
    return _PLACEHOLDER.sub(lambda place: str(facts.get(place[1]) or ""), kept).strip()


def shortest(text: str, facts: dict, *, full: str, short: str) -> str:
    """One text message: with the date in full, or the short one when that would make a second part (messages.md 4.1)."""
    whole = fill_in(text, facts | {"day": full})
    return whole if gsm7.parts(whole) == 1 else fill_in(text, facts | {"day": short})


def _kind(message: Message, on: dt.date) -> TextKind:
    """Whose words a message has: a telephone talk and the evening before have their own."""
    phone = message.facts.get("channel") == "phone"
    if phone and message.kind in {MessageKind.CONFIRMATION, MessageKind.TWO_DAYS_BEFORE, MessageKind.CHANGED}:
        return TextKind.PHONE
    if message.kind == MessageKind.TWO_DAYS_BEFORE and message.facts.get("code"):
        return TextKind.TWO_DAYS_BEFORE_SELF
    if message.kind == MessageKind.SAME_DAY:
        if phone:
            return TextKind.PHONE
        return TextKind.SAME_DAY if _goes_out_on_the_day(message, on) else TextKind.EVENING_BEFORE
    return TextKind(message.kind)


def _goes_out_on_the_day(message: Message, on: dt.date) -> bool:
    """Today is not tomorrow: a message that was due the evening before may go out late, on the day itself (R-35)."""
    return max(on, clock.local_date(message.due_at)) >= clock.local_date(message.planned_start)


def words(message: Message, *, form: TextForm, preferred: str, on: dt.date) -> Words:
    """A message in the language of the household if that can be, with what is in force on a local date (R-40).

    The subject of an e-mail or letter is as neutral as a text message. Raises NoApprovedText.
    """
    kind = _kind(message, on)
    language, wording = _choose(kind, form, preferred, on)
    # Somebody who calls says what there is to say, and is in no trial.
    trial = _trial_of(kind, language, on) if form == TextForm.SMS and message.channel != Channel.CALL else None
    variant = ""
    if trial:
        variant = variant_of(message.appointment_key, trial=trial.key, share_b=trial.share_b)
        wording = trial.wordings[variant]
    start = clock.local(message.planned_start)
    full, short = dates.full_date(start.date(), language), dates.short_date(start.date(), language)
    facts = message.facts | {
        "time": dates.clock_time(start, language), "phone_number": settings.MUNICIPALITY_PHONE, "day": full,
    }  # fmt: skip
    if form == TextForm.SMS:
        text = shortest(wording.text, facts, full=full, short=short)
        return Words(wording, language, "", text, trial and trial.key, variant)
    return Words(wording, language, fill_in(wording.subject, facts), fill_in(wording.text, facts))


_FORMS = {Channel.EMAIL: TextForm.MAIL, Channel.LETTER: TextForm.LETTER}


def fill(message: Message, *, preferred: str, on: dt.date) -> None:
    """Set language, version, subject and text as the channel wants, and of which trial; no query.

    A call has the words of a text message.
    """
    made = words(message, form=_FORMS.get(message.channel, TextForm.SMS), preferred=preferred, on=on)
    message.language, message.wording_id = made.language, made.wording.key
    message.subject, message.text = made.subject, made.text
    message.trial_id, message.variant = made.trial, made.variant
