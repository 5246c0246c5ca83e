"""Steps of migrations that Django works out together: in order, and none sees its own result before it ran."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from casework.migrations._at_once import Group, at_once

TABLE = migrations.CreateModel("Thing", [("id", models.BigAutoField(primary_key=True))])
OTHER = migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))])
COLUMN = migrations.AddField("Thing", "size", models.IntegerField(default=1))
WIDER = migrations.AlterField("Thing", "size", models.BigIntegerField(default=1))
RULE = migrations.AddConstraint("Thing", models.CheckConstraint(condition=models.Q(size__gte=1), name="thing_size"))
SQL = migrations.RunSQL("select 1", "select 1")
PYTHON = migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)


@pytest.mark.parametrize(
    ("steps", "groups"),
    [
        ([TABLE, OTHER, SQL], [[TABLE, OTHER, SQL]]),
        ([TABLE, COLUMN, RULE], [[TABLE], [COLUMN, RULE]]),
        ([TABLE, OTHER, COLUMN], [[TABLE, OTHER], [COLUMN]]),
        ([COLUMN, WIDER], [[COLUMN], [WIDER]]),
        ([COLUMN, PYTHON, PYTHON, RULE], [[COLUMN], [PYTHON], [PYTHON], [RULE]]),
        ([], []),
    ],
)
def test_which_steps_go_together(steps, groups):
    found = at_once(steps)
    assert [one.operations if isinstance(one, Group) else [one] for one in found] == groups


@pytest.mark.django_db
def test_a_group_goes_forward_and_back():
    steps = at_once([TABLE, OTHER, COLUMN, RULE])
    states = [ProjectState()]
    with connection.schema_editor() as editor:
        for step in steps:
            states.append(states[-1].clone())
            step.state_forwards("casework", states[-1])
            step.database_forwards("casework", editor, states[-2], states[-1])
    assert {"casework_thing", "casework_other"} <= set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        columns = [one.name for one in connection.introspection.get_table_description(cursor, "casework_thing")]
        assert columns == ["id", "size"]
        assert "thing_size" in connection.introspection.get_constraints(cursor, "casework_thing")
    with connection.schema_editor() as editor:
        for step, before, after in reversed(list(zip(steps, states, states[1:], strict=False))):
            step.database_backwards("casework", editor, after, before)
    assert not {"casework_thing", "casework_other"} & set(connection.introspection.table_names())
