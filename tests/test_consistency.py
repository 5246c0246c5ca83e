"""The project agrees with itself: what one place lists, the other has. Each test names what is missing."""

import re
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.urls import URLPattern, URLResolver, get_resolver

from casework import history as kept_history
from casework.core import history
from casework.core.access import Right
from casework.core.retention import RETENTION, Retention
from casework.management.commands import etf_messages
from etf.celery import app as celery_app

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
OWN_APPS = ("casework", "partners")
# Django's own kinds of folder; every other folder of the two apps is a feature.
NO_FEATURES = {"admin", "management", "migrations", "templatetags", "__pycache__"}
MODELS = [
    model
    for app in OWN_APPS
    for model in apps.get_app_config(app).get_models(include_auto_created=True)
    if not issubclass(model, history.Change)
]  # fmt: skip


def features(app: str) -> set[str]:
    folders = {path for path in (ROOT / app).iterdir() if path.is_dir() and path.name not in NO_FEATURES}
    return {f"{app}.{path.name}" for path in folders if any(path.rglob("*.py"))}


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


# Packages and their import contract


def contracts() -> list[dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_the_order_of_packages_names_every_package():
    named = {one.strip() for layer in contracts()[0]["layers"] for one in layer.split("|")}
    assert named == {"etf", "partners"} | features("casework")


def test_the_order_inside_a_feature_counts_for_every_feature():
    assert set(contracts()[1]["containers"]) == features("casework") | features("partners")


def test_every_feature_has_a_folder_of_tests_and_every_folder_a_feature():
    wanted = {name.split(".")[1] for name in features("casework")} | {"partners", "local"}
    here = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert here - {"stories", "bench"} == wanted


def test_no_file_has_grown_over_five_hundred_lines():
    files = [path for path in python_files(*OWN_APPS, "etf", "tests") if "migrations" not in path.parts]
    files += TEMPLATES.rglob("*.html")
    too_long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}
    assert {name: lines for name, lines in too_long.items() if lines > 500} == {}


def test_no_file_has_a_name_that_says_nothing():
    """The six words of the architecture, and names of what is in it; no drawer for the rest."""
    names = {"utils", "helpers", "services", "managers", "signals", "common", "misc", "repositories", "mixins"}
    files = python_files(*OWN_APPS, "etf")
    assert [str(path.relative_to(ROOT)) for path in files if path.stem in names] == []


# Tasks


def test_celery_knows_every_task_and_beat_asks_for_no_other():
    celery_app.loader.import_default_modules()
    written = {
        name
        for path in python_files(*OWN_APPS)
        if path.stem == "tasks"
        for name in re.findall(r'@shared_task\(name="([\w.]+)"', path.read_text())
    }
    assert {name for name in celery_app.tasks if name.startswith("etf.")} == written
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= written


# Doors


def patterns(resolver=None, namespace="") -> list[tuple[str, URLPattern]]:
    """Every address with its name, the administration's included."""
    found = []
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            found += patterns(one, one.namespace or namespace)
        else:
            found.append((f"{namespace}:{one.name}" if namespace else one.name, one))
    return found


# The administration asks `SettingsSite.has_permission` at each of its doors; tests/core/test_access_matrix.py tries them.
DOORS = [(name, pattern) for name, pattern in patterns() if not name.startswith("admin:")]


@pytest.mark.parametrize(("name", "pattern"), DOORS, ids=[name for name, _pattern in DOORS])
def test_a_door_says_who_may_come_in(name, pattern):
    access = getattr(pattern.callback, "access", None)
    everybody = getattr(pattern.callback, "login_required", True) is False
    assert everybody or isinstance(access, Right) or access == "everyone logged in", name


def test_every_address_has_a_name_of_its_own():
    names = [name for name, _pattern in DOORS]
    assert sorted(names) == sorted(set(names))


def test_nobody_has_a_right_that_no_door_or_rule_asks():
    asked = "\n".join(path.read_text() for path in python_files(*OWN_APPS) if path.name != "access.py")
    menu = (ROOT / "casework/core/access.py").read_text().split("MENU")[1]
    assert [right.name for right in Right if f"Right.{right.name}" not in asked + menu] == []


# Models


def test_a_lock_lets_the_check_of_a_foreign_key_pass():
    """Such a check may run at commit while the chain of the audit trail is locked: it must never wait (decision 0033)."""
    locks = [(path.name, call) for path in python_files(*OWN_APPS)
             for call in re.findall(r"select_for_update\(.*", path.read_text())]  # fmt: skip
    assert [(name, call) for name, call in locks if "no_key=True" not in call] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_field_is_personal_or_stays(model):
    """R-63: decided in `core.retention`, once per field."""
    known = RETENTION[model._meta.label_lower]
    fields = {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)}
    assert known.personal | known.kept == fields
    assert not known.personal & known.kept
    assert not (known.personal and known.retention == Retention.ALWAYS)


def test_retention_names_no_model_that_is_gone():
    assert set(RETENTION) == {model._meta.label_lower for model in MODELS}


def test_every_model_has_a_history_or_a_reason_not_to():
    """R-92: decided in `casework.history`, once per model."""
    tracked = [model._meta.label_lower for model in kept_history.TRACKED]
    assert sorted([*tracked, *kept_history.NOT_TRACKED]) == sorted(model._meta.label_lower for model in MODELS)
    assert all(kept_history.NOT_TRACKED.values())


def test_what_belongs_to_a_household_has_a_history():
    """Of what goes with a household only copies and records that are never changed have none."""
    without = {label for label, known in RETENTION.items() if known.retention == Retention.HOUSEHOLD}
    without -= {model._meta.label_lower for model in kept_history.TRACKED}
    assert without == {
        "casework.searchword",
        "casework.occupancy",
        "casework.accessreason",
        "casework.mergestep",
        "casework.cancelcode",
    }


def test_a_history_leaves_out_only_what_is_made_from_the_rest():
    for model in kept_history.TRACKED:
        kept = {field.name for field in history.of(model)._meta.local_fields if not field.name.startswith("pgh_")}
        assert {field.name for field in model._meta.local_concrete_fields} - kept <= history.NOT_KEPT


@pytest.mark.django_db
def test_every_table_of_changes_is_guarded():
    """A new one wants `select casework_keep_history(…)` in its migration."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgrelid::regclass::text, count(*) from pg_trigger"
            " where tgfoid = 'casework_history_append_only'::regproc and tgenabled = 'O' group by 1"
        )
        guarded = dict(cursor.fetchall())
    assert guarded == {change._meta.db_table: 2 for change in history.all_of_them()}


def test_free_text_addresses_and_files_are_personal():
    """Text that somebody types about a household goes with it (R-63)."""
    free = (models.TextField, models.EmailField, models.JSONField, models.FileField)
    for model in MODELS:
        known = RETENTION[model._meta.label_lower]
        if known.retention in {Retention.HOUSEHOLD, Retention.MESSAGE}:
            kept = {field.name for field in model._meta.local_fields if isinstance(field, free)} & known.kept
            assert not kept, model._meta.label


STATES = [
    (model, field)
    for model in MODELS
    for field in model._meta.local_fields
    if field.name in {"state", "outcome", "status"} and field.choices
]


@pytest.mark.parametrize(("model", "field"), STATES, ids=[f"{model.__name__}.{field.name}" for model, field in STATES])
def test_every_state_stands_in_the_table_of_moves(model, field):
    moves = sys.modules[model.__module__].MOVES
    states = {str(value) for value, _label in field.choices if value} | ({""} if field.blank else set())
    assert {str(state) for state in moves} == states
    assert {str(state) for targets in moves.values() for state in targets} <= states
    assert all(state not in targets for state, targets in moves.items())


def test_every_model_reads_in_a_fixed_order():
    """A list without an order changes by itself (R-100). Rows that are only reached through one other row need none."""
    reached_through_a_user = {"casework.posting", "partners.membership", "casework.accessreason"}
    unordered = {model._meta.label_lower for model in MODELS if not (model._meta.ordering or model._meta.auto_created)}
    assert unordered - {"casework.user"} == reached_through_a_user


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


# Templates and texts

_NAMED = re.compile(r"""["']([\w./-]+\.(?:html|txt))["']""")


def of_packages() -> set[str]:
    """Templates that a package brings: ours of the same name stands before it."""
    folders = [Path(folder) for folder in get_app_template_dirs("templates")]
    return {str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*") if path.is_file()}


def templates_named() -> set[str]:
    """Every template that code or another template names."""
    sources = python_files(*OWN_APPS, "etf") + list(TEMPLATES.rglob("*.html"))
    return {name for path in sources for name in _NAMED.findall(path.read_text())}


def test_every_template_is_used_and_every_used_one_is_there():
    here = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file()}
    named = templates_named()
    assert here - named - of_packages() == set()
    for name in sorted(named):
        get_template(name)


def test_every_text_has_its_dutch():
    assert etf_messages.problems() == []


def test_the_catalogue_keeps_no_text_that_is_gone():
    wanted = etf_messages.found_in_code()
    keys = [(message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
            for message in etf_messages.load() if message.id]  # fmt: skip
    assert [key for key, context in keys if wanted.get(key, context) is None] == []
