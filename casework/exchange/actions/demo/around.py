"""What stands around the households of the demonstration city: answers, agreements, life events, helpers, notes."""

import datetime as dt

from casework.core import clock
from casework.exchange.actions.demo.city import City, Home
from casework.households.models import (
    Agreement,
    AgreementHow,
    AgreementWith,
    ChannelConsent,
    ConsentChannel,
    ConsentSource,
    Helper,
    LifeEvent,
    LifeEventKind,
    Note,
    NoteKind,
    Programme,
    ProgrammeLabel,
    SharedField,
)

_SHARED = {
    AgreementWith.MAIT: [SharedField.NAME, SharedField.PHONE, SharedField.QUESTION],
    AgreementWith.KBR: [SharedField.NAME, SharedField.ADDRESS, SharedField.DEBTS],
    AgreementWith.JPF: [SharedField.NAME, SharedField.BORN, SharedField.WORK],
}
_PURPOSES = ("Hulp met papieren", "Aanvraag saneringskrediet", "Samen het budget maken")
_HELPERS = (("Wil Proefcoach", "Wijkteam", "wijkcoach"), ("Noor Voorbeeld", "Vrijwilligers Proefstad", "vrijwilliger"),
            ("Sam Model", "Woonstichting Zuid", "sociaal beheerder"))  # fmt: skip
_NOTES = ("Neemt de post volgende keer mee.", "Is na 14.00 uur het best te bereiken.", "Komt samen met een zus.",
          "Heeft de bankafschriften gestuurd.", "Vroeg wanneer het besluit komt.")  # fmt: skip


def build_around(city: City, homes: list[Home]) -> None:
    """For some households each; only of those with a counsellor, who is who wrote it down."""
    known = [home for home in homes if home.row.owner]
    rows = {
        ChannelConsent: [_consent(city, home) for home in known if city.rnd.random() < 0.7],
        Agreement: [_agreement(city, home) for home in known if city.rnd.random() < 0.3],
        LifeEvent: [_life_event(city, home) for home in known if city.rnd.random() < 0.25],
        Helper: [_helper(city, home) for home in known if city.rnd.random() < 0.3],
        ProgrammeLabel: [_programme(city, home) for home in known if city.rnd.random() < 0.15],
        Note: [_note(city, home) for home in known for _note_of in range(city.rnd.choice((0, 0, 1, 2)))],
    }
    for model, made in rows.items():
        model.objects.bulk_create(made, batch_size=2000)


def _day(city: City, home: Home) -> dt.date:
    """A day between registering and today, or closing."""
    last = home.row.closed_on or city.today
    return home.registered_on + dt.timedelta(days=city.rnd.randint(0, max(0, (last - home.registered_on).days)))


def _consent(city: City, home: Home) -> ChannelConsent:
    on = home.registered_on
    return ChannelConsent(
        household=home.row, channel=ConsentChannel.SMS, agreed=True, source=city.rnd.choice(ConsentSource.values),
        given_on=on, recorded_on=on, recorded_by=home.row.owner.user,
    )  # fmt: skip


def _agreement(city: City, home: Home) -> Agreement:
    on, whom = _day(city, home), city.rnd.choice(list(_SHARED))
    return Agreement(
        household=home.row, member=home.members[0], with_whom=whom, purpose=city.rnd.choice(_PURPOSES),
        fields=list(_SHARED[whom]), how=city.rnd.choice(AgreementHow.values), agreed_on=on, recorded_on=on,
        recorded_by=home.row.owner.user, until=on + dt.timedelta(days=365),
    )  # fmt: skip


def _life_event(city: City, home: Home) -> LifeEvent:
    on, checked = _day(city, home), city.rnd.random() < 0.5
    return LifeEvent(
        household=home.row, kind=city.rnd.choice(LifeEventKind.values), happened_on=on,
        consequence=city.rnd.choice(("Toeslagen nakijken", "Inkomen opnieuw berekenen", "")),
        checked_on=on if checked else None, checked_by=home.row.owner.user if checked else None,
    )  # fmt: skip


def _helper(city: City, home: Home) -> Helper:
    name, organisation, role = city.rnd.choice(_HELPERS)
    return Helper(
        household=home.row, name=name, organisation=organisation, role=role, may_contact=city.rnd.random() < 0.7
    )


def _programme(city: City, home: Home) -> ProgrammeLabel:
    return ProgrammeLabel(household=home.row, programme=city.rnd.choice(Programme.values), since=_day(city, home))


def _note(city: City, home: Home) -> Note:
    at = clock.at(_day(city, home), dt.time(city.rnd.randint(9, 16), city.rnd.choice((0, 10, 25, 40))))
    return Note(
        household=home.row, at=min(at, city.now), by=home.row.owner.user, kind=city.rnd.choice(NoteKind.values),
        text=city.rnd.choice(_NOTES),
    )  # fmt: skip
