"""Who else comes to a talk."""

from dataclasses import dataclass

from casework.appointments.models.appointments import Appointment
from casework.counsellors.models import Counsellor


@dataclass(frozen=True)
class Company:
    """A second counsellor, an interpreter, and the worker of a partner. Of the interpreter no name: the agency will do."""

    second: Counsellor | None = None
    interpreter_language: str = ""
    interpreter_booked: bool = False
    interpreter_agency: str = ""
    partner_worker: str = ""

    @classmethod
    def of(cls, appointment: Appointment) -> "Company":
        """Who comes to this one. No query after `for_list`."""
        return cls(
            second=appointment.second_counsellor,
            interpreter_language=appointment.interpreter_language,
            interpreter_booked=appointment.interpreter_booked,
            interpreter_agency=appointment.interpreter_agency,
            partner_worker=appointment.partner_worker,
        )

    @property
    def fields(self) -> dict:
        """The same as fields of an appointment; without an interpreter nothing of one is kept."""
        known = bool(self.interpreter_language)
        return {
            "second_counsellor": self.second,
            "interpreter_language": self.interpreter_language,
            "interpreter_booked": known and self.interpreter_booked,
            "interpreter_agency": self.interpreter_agency if known else "",
            "partner_worker": self.partner_worker,
        }
