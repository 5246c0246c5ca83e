"""Migrations that Django works out once per group of steps instead of once per step.

After every step Django builds all models again as they are at that point, of which a step only needs those of before and
after. In groups a new database is there in a fraction of the time; what PostgreSQL gets to do is the same, in the same order.
"""

from django.db.migrations.operations import CreateModel, RunPython, RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from pgtrigger.migrations import AddTrigger, RemoveTrigger

# What may stand in one group with the table it is about: it changes no column of it.
_BESIDE_ITS_TABLE = (AddTrigger, RemoveTrigger, RunSQL)


def at_once(operations: list[Operation]) -> list[Operation]:
    """The same steps in the fewest groups in which each sees the tables as it should.

    A step on a table that the group made, or a second one on the same column, begins a new group: it must not see its own
    result before it ran. Python of a migration stands alone, between the models of just that moment.
    """
    groups: list[list[Operation]] = [[]]
    for one in operations:
        if not _may_join(one, groups[-1]):
            groups.append([])
        groups[-1].append(one)
    return [group[0] if len(group) == 1 else Group(group) for group in groups if group]


def _may_join(one: Operation, group: list[Operation]) -> bool:
    if any(isinstance(step, RunPython) for step in (one, *group)):
        return not group
    if isinstance(one, _BESIDE_ITS_TABLE):
        return True
    made = {step.name_lower for step in group if isinstance(step, CreateModel)}
    return getattr(one, "model_name_lower", None) not in made and not _column(one) & set().union(*map(_column, group))


def _column(one: Operation) -> set[tuple[str, str]]:
    """The column that a step is about; none for a step on a whole table."""
    return {(one.model_name_lower, one.name_lower)} if isinstance(one, FieldOperation) else set()


class Group(Operation):
    """Steps between two pictures of the models: that of before all of them and that of after."""

    def __init__(self, operations: list[Operation]):
        self.operations = operations
        self.reversible = all(one.reversible for one in operations)
        self.atomic = any(one.atomic for one in operations)

    def deconstruct(self):
        return self.__class__.__name__, [self.operations], {}

    def state_forwards(self, app_label, state):
        # Not built yet, Django has nothing to build again after each step.
        state.__dict__.pop("apps", None)
        for one in self.operations:
            one.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for one in self.operations:
            one.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for one in reversed(self.operations):
            one.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return "; ".join(one.describe() for one in self.operations)
