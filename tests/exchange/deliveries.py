"""DDAS deliveries for tests: the published examples, one with every part, and the command that imports them."""

import copy
import io
import json
from pathlib import Path

from django.core.management import call_command

FOLDER = Path(__file__).parent / "ddas"
EXTENDED = FOLDER / "shv-UitgebreidMeervoudigVoorbeeld.json"
SINGLE = FOLDER / "shv-enkelvoudigVoorbeeld.json"
WHOLE = FOLDER / "volledig.json"


def load(path: Path) -> dict:
    return json.loads(path.read_text())


def run(path: Path) -> str:
    """What `manage.py import_ddas` prints."""
    out = io.StringIO()
    call_command("import_ddas", path, stdout=out)
    return out.getvalue()


def report(path: Path) -> dict:
    """What `manage.py import_ddas --json` reports."""
    out = io.StringIO()
    call_command("import_ddas", path, "--json", stdout=out)
    return json.loads(out.getvalue())


def trajectory(data: dict, number: int = 0) -> dict:
    return data["leveringen"][0]["schuldhulptrajecten"][number]


def changed(path: Path, **values) -> dict:
    """A delivery whose first trajectory has other values; None takes a key away."""
    data = copy.deepcopy(load(path))
    one = trajectory(data)
    for key, value in values.items():
        one[key] = value
        if value is None:
            del one[key]
    return data
