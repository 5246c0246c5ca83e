"""Log lines without personal data (R-43): the words of an error may hold what somebody typed, or a whole row."""

import sys
import traceback


def traceback_without_words(_logger, _name: str, event: dict) -> dict:
    """Where it went wrong and what kind of error it was, from the first cause on, but never the error's own words."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if error:
        event["exception"] = "\n".join(reversed([_kind_and_place(one) for one in _causes(error)]))
    return event


def _causes(error: BaseException) -> list[BaseException]:
    """The error, what it came from, what that came from."""
    chain = []
    while error and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def _kind_and_place(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__


def failed_task_without_words(_logger, _name: str, event: dict) -> dict:
    """Celery puts the words of the error into its own line; only the task's name and number stay."""
    task = getattr(event.get("_record"), "data", None)
    if isinstance(task, dict) and "exc" in task:
        event["event"] = f"Task {task.get('name')}[{task.get('id')}] failed"
    return event
