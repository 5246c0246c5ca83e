"""The doors to tasks: my list, a new one, changing one, and ending one (S08, S02)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.core import clock
from casework.core.access import Right, may
from casework.core.paging import filtered, same_place, stretch
from casework.core.refusals import Refused
from casework.households import actions
from casework.households.filters import TaskFilter
from casework.households.forms import ChangeTaskForm, TaskForm
from casework.households.models import UNDO_FOR, Task, TaskState
from casework.households.views.changing import change_part, form_about_household
from casework.households.views.doors import reason_first

SORTS = {
    "due": "due_on", "-due": "-due_on", "name": "household__sort_name", "-name": "-household__sort_name",
}  # fmt: skip


def _visible(request: HttpRequest):
    return Task.objects.visible_to(request.user).select_related("household__owner", "owner", "settled_by")


@may(Right.HAVE_TASKS)
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """What this person has to do, the oldest first; what they just ended can be taken back for ten minutes."""
    now, given = clock.now(), request.GET.copy()
    given.setdefault("whose", TaskFilter.MINE)
    given.setdefault("state", TaskState.OPEN)
    rows = _visible(request)
    found, shown = filtered(lambda params: TaskFilter(params, queryset=rows, request=request), given)
    just = rows.filter(settled_by=request.user, settled_at__gte=now - UNDO_FOR).order_by("-settled_at", "-pk")
    context = {"today": clock.local_date(now), "just_ended": list(just[:5])}
    return render(request, "households/tasks.html", context | shown | stretch(found, given, sorts=SORTS))


@may(Right.HAVE_TASKS)
@require_http_methods(["GET", "POST"])
def add_task(request: HttpRequest, case_number: str) -> HttpResponse:
    def save(household, form, now):
        token = form.cleaned_data["token"]
        actions.add_task(household=household, form_token=token, by=request.user, now=now, **form.values())
        return _("The task is written down.")

    def form(data, **kwargs):
        return TaskForm(data, initial={"owner": request.user.pk}, **kwargs)

    title, button = _("Write down a task"), _("Write down this task")
    return form_about_household(request, case_number, form, "households/part.html", save, title=title, button=button)


@may(Right.HAVE_TASKS)
@require_http_methods(["GET", "POST"])
def change_task(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    # Somebody else's task is not there for who may not see it.
    get_object_or_404(Task.objects.visible_to(request.user), pk=pk)

    def save(row, form, now):
        version = form.cleaned_data["version"]
        actions.change_task(task=row, values=form.values(), version=version, by=request.user, now=now)
        return _("The task is saved.")

    title, button = _("Change a task"), _("Save this task")
    return change_part(request, case_number, Task, pk, ChangeTaskForm, save, title=title, button=button)


def _act(request: HttpRequest, pk: int, act: Callable[[Task], str]) -> HttpResponse:
    """One button of a row; back to where the list was, with what was done or why not."""
    row = get_object_or_404(_visible(request), pk=pk)
    if stop := reason_first(request, row.household):
        return stop
    try:
        messages.success(request, act(row))
    except Refused as refused:
        messages.error(request, str(refused))
    return same_place("tasks", request.POST.get("back", ""))


@may(Right.HAVE_TASKS)
@require_POST
def settle_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, or not needed any more."""

    def act(row):
        state = request.POST.get("state", "")
        if state not in {TaskState.DONE, TaskState.DROPPED}:
            raise Refused(_("Choose whether the task is done or not needed any more."))
        actions.settle_task(task=row, state=TaskState(state), by=request.user, now=clock.now())
        return _("The task is ended. You can undo this for ten minutes.")

    return _act(request, pk, act)


@may(Right.HAVE_TASKS)
@require_POST
def reopen_task(request: HttpRequest, pk: int) -> HttpResponse:
    def act(row):
        actions.reopen_task(task=row, by=request.user, now=clock.now())
        return _("The task is open again.")

    return _act(request, pk, act)
