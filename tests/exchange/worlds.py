"""Loading scenario files in tests: the command itself, and small worlds around what a test is about."""

import io
import json
from pathlib import Path

from django.core.management import CommandError, call_command

SCENARIOS = Path(__file__).parent / "scenarios"
CONTRACT = SCENARIOS / "contract.json"
HOUSEHOLD, CASE = "ETF-2026-000101", {"household": "ETF-2026-000101"}


def load(path: Path) -> list[str]:
    """The lines that `manage.py etf_scenario` prints."""
    out = io.StringIO()
    call_command("etf_scenario", path, stdout=out)
    return out.getvalue().splitlines()


def contract() -> dict:
    return json.loads(CONTRACT.read_text())


def world(**keys) -> dict:
    """One location, two types, one counsellor and one household; further keys as given."""
    small = {
        "now": "2026-11-02T09:00",
        "locations": [{"code": "FEI", "name": "Vraagwijzer Feijenoord"}],
        "types": [
            {"code": "EG", "name": "Eerste gesprek", "minutes": 60, "first_talk": True},
            {"code": "VG", "name": "Voortgangsgesprek", "minutes": 45},
        ],
        "staff": [{"username": "c1", "role": "counsellor", "name": "Samira El Amrani", "location": "FEI"}],
        "households": [
            {"case_number": HOUSEHOLD, "registered": "2026-10-01T09:00", "mobile": "0612345678", "members": [{"given_names": "Jan", "surname": "Berg"}]}
        ],
    }  # fmt: skip
    return small | keys


def appointment(start: str, **fields) -> dict:
    return {"ref": "a1", "household": HOUSEHOLD, "counsellor": "c1", "type": "EG", "start": start} | fields


class Loading:
    """Writes worlds to a file and loads them with the command."""

    def __init__(self, folder: Path):
        self.path = folder / "scenario.json"

    def __call__(self, data) -> list[str]:
        self.path.write_text(json.dumps(data))
        return load(self.path)

    def errors(self, data) -> list[str]:
        """The lines with which a world is refused."""
        try:
            self(data)
        except CommandError as refused:
            return str(refused).splitlines()
        raise AssertionError("this world was not refused")
