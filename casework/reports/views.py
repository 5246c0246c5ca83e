"""The doors to figures: overview, detail, the list behind a number, and exports (S17, S18)."""

import dataclasses
import datetime as dt

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from django.views.decorators.http import require_GET, require_http_methods

from casework.appointments.models import Appointment
from casework.core import clock, csv
from casework.core.access import Right, everyone_logged_in, may
from casework.core.actions import audit
from casework.core.forms import PurposeForm
from casework.core.models import AuditKind
from casework.core.paging import filters_shown, stretch
from casework.households.models import Household
from casework.reports import reads
from casework.reports.filters import ScopeForm
from casework.reports.reads import charts

# The word in the address, and the figures that page shows (the first one leads).
PAGES = {
    "niet-verschenen": ("m1", "m4", "m4b"),
    "opkomst": ("m2",),
    "niet-geregistreerd": ("m4",),
    "berichten": ("m3",),
}
URL_NAMES = {"m1": "figure_no_show", "m2": "figure_show_up", "m3": "figure_messages", "m4": "figure_unrecorded"}
# Those that stand beside each other on the first page of figures, and on that of a supervisor.
TILES = {code: URL_NAMES[code] for code in ("m1", "m2", "m4")}
KINDS = {
    "m1": "niet_verschenen",
    "m2": "opkomst",
    "m3": "berichten",
    "m4": "niet_geregistreerd",
    "m4b": "verloren_tijd",
}
HOUSEHOLD_SORTS = {
    "registered": "registered_at", "-registered": "-registered_at", "name": "sort_name", "-name": "-sort_name",
}  # fmt: skip
APPOINTMENT_SORTS = {
    "start": "starts_at", "-start": "-starts_at", "name": "household__sort_name", "-name": "-household__sort_name",
    "counsellor": "counsellor__sort_name", "-counsellor": "-counsellor__sort_name",
}  # fmt: skip
# What is left out of a figure, in words (figures.md 3.2).
CLASS_NAMES = {
    "V": gettext_noop("Appeared"), "L": gettext_noop("Too late, not helped"), "N": gettext_noop("Did not appear"), "X": gettext_noop("Did not appear – excused"),
    "A1": gettext_noop("Cancelled by resident, in time"), "A2": gettext_noop("Cancelled by resident, late"), "E": gettext_noop("Cancelled by ETF"),
    "R1": gettext_noop("Moved, in time"), "R2": gettext_noop("Moved, late"), "U": gettext_noop("To be recorded"), "T": gettext_noop("Planned"), "W": gettext_noop("Walk-in"),
    "unripe": gettext_noop("Not yet ripe"), "left": gettext_noop("Died or moved away"),
}  # fmt: skip


def _class_name(one: str) -> str:
    return _(CLASS_NAMES[one])


@may(Right.SEE_FIGURES)
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    form = ScopeForm(request.GET, user=request.user)
    scope, now = form.scope(), clock.now()
    tiles = [{"figure": reads.FIGURES[code](scope, now=now), "url_name": name} for code, name in TILES.items()]
    if request.GET.get("format") == "json":
        return JsonResponse({tile["figure"].code: tile["figure"].as_json() for tile in tiles})
    shown = filters_shown(form, request.GET, ignored=bool(form.errors))
    return render(request, "reports/figures.html", shown | {"tiles": tiles, "now": now})


@may(Right.SEE_FIGURES)
@require_GET
def headlines(request: HttpRequest) -> HttpResponse:
    """Three figures of the last complete month, each with what chance says of it: a part of another page (S04, C6)."""
    now, form = clock.now(), ScopeForm(request.GET, user=request.user)
    last = clock.local_date(now).replace(day=1) - dt.timedelta(days=1)
    month = dataclasses.replace(form.scope(), first=last.replace(day=1), last=last)
    # A year and a month, so that the last month has a baseline of twelve.
    year = dataclasses.replace(month, first=month.first.replace(year=month.first.year - 1))
    found = [_headline(code, name, month, year, now) for code, name in TILES.items()]
    return render(request, "reports/headlines.html", {"headlines": found, "first": month.first, "last": month.last})


def _headline(code: str, url_name: str, month: reads.Scope, year: reads.Scope, now: dt.datetime) -> dict:
    shown, months = reads.FIGURES[code](month, now=now), reads.FIGURES[code](year, now=now).months
    return {"figure": shown, "url_name": url_name, "verdict": _verdict(code, shown.total, months)}


def _verdict(code: str, total: reads.Slice, months: list[reads.Slice]) -> str:
    """*Signal* or *no signal* in words, and whether that is favourable; too few to say so below thirty (C4, C6)."""
    periods = [(one.numerator, one.denominator) for one in months if one.complete and one.denominator]
    if total.denominator < reads.FEW or len(periods) < 2:
        return _("too few to say whether this is chance")
    side = reads.p_chart(periods).signal(len(periods) - 1)
    if not side:
        return _("no signal")
    good = (side > 0) == (code == "m2")
    words = {
        (1, True): _("signal: higher (favourable)"), (1, False): _("signal: higher (unfavourable)"),
        (-1, True): _("signal: lower (favourable)"), (-1, False): _("signal: lower (unfavourable)"),
    }  # fmt: skip
    return words[side, good]


@everyone_logged_in
@require_GET
def figure(request: HttpRequest, word: str) -> HttpResponse:
    """One figure as page, JSON or CSV. The aggregated CSV is also for who sees no page (R-90 i and k)."""
    wants_csv = request.GET.get("format") == "csv"
    if not request.user.may(Right.EXPORT_FIGURES if wants_csv else Right.SEE_FIGURES):
        raise PermissionDenied
    form = ScopeForm(request.GET, user=request.user)
    scope, now = form.scope(), clock.now()
    if wants_csv:
        return _figure_csv(request, PAGES[word][0], scope)
    found = [reads.FIGURES[code](scope, now=now) for code in PAGES[word]]
    trials = _trials(request, found[0], now)
    if request.GET.get("format") == "json":
        others = {one.code: one.as_json() for one in found[1:]}
        of_trials = {"trials": [one.as_json() for one in trials]} if found[0].code == "m3" else {}
        return JsonResponse(found[0].as_json() | {"others": others} | of_trials)
    context = {
        "figure": found[0],
        "others": found[1:],
        **filters_shown(form, request.GET, ignored=bool(form.errors)),
        "answer": _answer(found[0]),
        "bounds": [reads.percentage(share) for share in found[0].bounds or ()],
        "excluded": _classes(found[0].excluded),
        "tables": _tables(found[0]),
        "trials": [_trial(one) for one in trials],
        # The months of M3 are those of M1.
        "chart": charts.bars(found[0]) if found[0].code != "m3" else None,
        "may_export_figures": request.user.may(Right.EXPORT_FIGURES),
    }
    return render(request, "reports/figure.html", context)


def _trials(request: HttpRequest, found: reads.Figure, now: dt.datetime) -> list[reads.TrialResult]:
    """Of M3, for who may see the figures of all: a trial is of everybody's appointments."""
    may_see = request.user.may(Right.SEE_ALL_FIGURES) or request.user.may(Right.EXPORT_FIGURES)
    return reads.trials_in(found.scope, now=now) if found.code == "m3" and may_see else []


def _trial(one: reads.TrialResult) -> dict:
    """A trial as the page says it: no outcome before it has ended."""
    found = one.difference
    points = found and [reads.percentage(share) for share in (found.value, found.low, found.high)]
    return {"trial": one, "table": _trial_table(one), "points": points}


def _trial_table(one: reads.TrialResult) -> dict:
    return {
        "caption": _("Trial %(name)s") % {"name": one.name},
        "heading": _("Text"),
        "rows": one.slices,
        "starts": one.starts,
    }


def _classes(excluded: dict[str, int]) -> list[dict]:
    return [{"key": key, "name": _class_name(key), "number": number} for key, number in excluded.items()]


def _answer(found: reads.Figure) -> str:
    """The figure as one sentence (S18); below ten it says how many there are."""
    numbers = {"numerator": found.total.numerator, "denominator": found.total.denominator}
    if found.total.denominator < reads.TOO_FEW:
        texts = {
            "m2": _("Still too few households to show a percentage (%(denominator)s, 10 needed)."),
            "": _("Still too few appointments to show a percentage (%(denominator)s, 10 needed)."),
        }
        return texts.get(found.code, texts[""]) % numbers
    texts = {
        "m1": _("At %(numerator)s of %(denominator)s appointments nobody appeared: %(share)s%%."),
        "m2": _("Of %(denominator)s households, %(numerator)s had a first talk within 60 days: %(share)s%%."),
        "m4": _("Of %(denominator)s appointments, %(numerator)s still have to be recorded: %(share)s%%."),
    }
    return texts["m1" if found.code == "m3" else found.code] % (
        numbers | {"share": reads.percentage(found.total.interval.value)}
    )


def _tables(found: reads.Figure) -> list[dict]:
    if found.code == "m3":
        what = {"caption": _("By what happened to the reminder"), "heading": _("Reminder"), "rows": found.parts}
        return [what | {"listed": True}] if found.parts else []
    tables = [
        {"caption": _("Per month"), "heading": _("Month"), "rows": found.months},
        {"caption": _("Per location"), "heading": _("Location"), "rows": found.locations},
        {"caption": _("Per kind of talk"), "heading": _("Talk"), "rows": found.types},
        {"caption": _("Per counsellor"), "heading": _("Counsellor"), "rows": found.counsellors},
    ]
    return [table for table in tables if table["rows"]]


def _figure_csv(request: HttpRequest, code: str, scope: reads.Scope) -> HttpResponse:
    """Exact for who may open the list behind it; small numbers hidden when it is to be shared, and for others (C8)."""
    now = clock.now()
    sharing = "sharing" in request.GET or not request.user.may(Right.SEE_ALL_FIGURES)
    with override("nl"):
        found = reads.FIGURES[code](scope, now=now)
        header = [
            _("Breakdown"), _("Name"), _("Numerator"), _("Denominator"), _("Percentage"), _("From (95%)"), _("To (95%)"),
        ]  # fmt: skip
        rows = _csv_rows(_("Total"), [found.total], sharing)
        for table in _tables(found):
            rows += _csv_rows(table["heading"], table["rows"], sharing)
        for trial in _trials(request, found, now):
            rows += _trial_csv_rows(trial, sharing)
    details = {"rows": len(rows), "sharing": sharing, **_asked(scope)}
    audit(
        by=request.user, now=now, action="export_figure", on=f"figure:{code}", kind=AuditKind.EXPORTED, details=details
    )
    return _csv_response(csv.write(header, rows), KINDS[code], scope)


def _csv_rows(breakdown: str, slices: list[reads.Slice], sharing: bool) -> list[list]:
    columns = [[one.numerator for one in slices], [one.denominator for one in slices]]
    if sharing:
        columns = [reads.hide_small(column) for column in columns]
    return [
        [breakdown, one.label, numerator, denominator, *_csv_shares(one, numerator, denominator)]
        for one, numerator, denominator in zip(slices, *columns, strict=True)
    ]


def _trial_csv_rows(one: reads.TrialResult, sharing: bool) -> list[list]:
    """Both texts and the difference between them; nothing while the trial runs."""
    rows, found = _csv_rows(_trial_table(one)["caption"], one.slices, sharing), one.difference
    if found is None:
        return rows
    hidden = any(isinstance(cell, str) for row in rows for cell in row[2:4])
    shares = [reads.HIDDEN] * 3 if hidden else [reads.rounded(share) for share in (found.value, found.low, found.high)]
    return [*rows, [_("Difference by text"), one.name, None, None, *shares]]


def _csv_shares(one: reads.Slice, *shown: int | str) -> list:
    """Percentage and interval as numbers; none below ten (C4), and hidden beside a hidden number."""
    if any(isinstance(number, str) for number in shown):
        return [reads.HIDDEN] * 3
    if one.denominator < reads.TOO_FEW:
        return [None] * 3
    return [reads.rounded(share) for share in (one.interval.value, one.interval.low, one.interval.high)]


def _asked(scope: reads.Scope) -> dict:
    """The filters as the audit trail keeps them (R-92)."""
    return {name: str(value) for name, value in vars(scope).items() if value}


def _csv_response(text: str, kind: str, scope: reads.Scope) -> HttpResponse:
    response = HttpResponse(text.encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{csv.file_name(kind, scope.first, scope.last)}"'
    return response


RETURNED_SORTS = {
    "-came": "-came_at", "came": "came_at", "-missed": "-appointment__starts_at", "missed": "appointment__starts_at",
    "name": "appointment__household__sort_name", "-name": "-appointment__household__sort_name",
}  # fmt: skip


@may(Right.SEE_FIGURES)
@require_GET
def returned(request: HttpRequest) -> HttpResponse:
    """Who came back after we missed them, and after which contact: the counts, and who (decision 0050)."""
    form = ScopeForm(request.GET, user=request.user)
    scope, now = form.scope(), clock.now()
    found = reads.returned_to_care(scope, now=now)
    known = {one.key: one.label for one in found.kinds}
    asked = request.GET.get("kind", "")
    kind = asked if asked in known else ""
    listed = stretch(
        reads.who_returned(scope, kind, now=now), request.GET, sorts=RETURNED_SORTS,
        anchors=reads.who_returned(scope, "", now=now),
    )  # fmt: skip
    for one in listed["page"].object_list:
        one.last_kind_name = known.get(one.last_kind, "")
    audit(
        by=request.user, now=now, action="view_figure_list", on="figure:returned", kind=AuditKind.VIEWED,
        details={"which": kind or reads.ALL, **_asked(scope)},
    )  # fmt: skip
    context = {
        "returned": found, "kind_name": known.get(kind, ""),
        **filters_shown(form, request.GET, ignored=bool(form.errors) or asked != kind),
        **listed,
        "kept": [*([("kind", kind)] if kind else []), *listed["kept"]],
    }  # fmt: skip
    return render(request, "reports/returned.html", context)


@may(Right.SEE_FIGURES)
@require_http_methods(["GET", "POST"])
def figure_list(request: HttpRequest, code: str) -> HttpResponse:
    """The rows behind a number: exactly as many as the number says (C9), and beside them what was left out."""
    if code not in reads.FIGURES:
        raise Http404
    form = ScopeForm(request.GET, user=request.user)
    scope, now = form.scope(), clock.now()
    found = reads.FIGURES[code](scope, now=now)
    choices = [*_choices(found), *_trial_choice(request, found, now)]
    asked = request.GET.get("which", reads.NUMERATOR)
    which = asked if asked in {one["key"] for one in choices} else reads.NUMERATOR
    rows = reads.rows_behind(code, scope, which, now=now).visible_to(request.user)
    if request.GET.get("format") == "csv":
        return _export_list(request, code, scope, which, rows, now)
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET"])
    audit(
        by=request.user, now=now, action="view_figure_list", on=f"figure:{code}", kind=AuditKind.VIEWED,
        details={"which": which, **_asked(scope)},
    )  # fmt: skip
    listed = stretch(rows, request.GET, sorts=HOUSEHOLD_SORTS if code == "m2" else APPOINTMENT_SORTS)
    context = {
        "figure": found,
        **filters_shown(form, request.GET, ignored=bool(form.errors) or asked != which),
        **listed,
        "kept": [("which", which), *listed["kept"]],
        "which": which,
        "choices": choices,
        "of_households": code == "m2",
        "url_name": URL_NAMES.get(code, "figure_no_show"),
        "now": now,
        "may_export": request.user.may(Right.EXPORT_PERSONAL),
    }
    return render(request, "reports/list.html", context)


def _choices(found: reads.Figure) -> list[dict]:
    """The parts of a figure that have a list, with how many rows each has."""
    everything = found.total.denominator + sum(found.excluded.values())
    return [
        {"key": reads.NUMERATOR, "name": _("Numerator"), "number": found.total.numerator},
        {"key": reads.DENOMINATOR, "name": _("Denominator"), "number": found.total.denominator},
        *_classes(found.excluded),
        *(choice for one in found.parts for choice in _part_choices(one)),
        {"key": reads.ALL, "name": _("Everything together"), "number": everything},
    ]


def _part_choices(one: reads.Slice) -> list[dict]:
    missed = _("%(part)s, did not appear") % {"part": one.label}
    return [
        {"key": one.key, "name": one.label, "number": one.denominator},
        {"key": one.key + reads.MISSED_SUFFIX, "name": missed, "number": one.numerator},
    ]


def _trial_choice(request: HttpRequest, found: reads.Figure, now: dt.datetime) -> list[dict]:
    """The part of a trial that is asked for, if it has ended and this person may see the figures of all."""
    asked = request.GET.get("which", "")
    may_see = found.code == "m3" and request.user.may(Right.SEE_ALL_FIGURES)
    trial = reads.ended_trial(asked, now=now) if may_see else None
    if not trial:
        return []
    name = _("Trial %(name)s") % {"name": trial}
    return [{"key": asked, "name": name, "number": reads.rows_behind("m3", found.scope, asked, now=now).count()}]


def _export_list(request: HttpRequest, code: str, scope: reads.Scope, which: str, rows, now) -> HttpResponse:
    """How many rows with names, and what for; then the file, which is kept nowhere (R-94)."""
    if not request.user.may(Right.EXPORT_PERSONAL):
        raise PermissionDenied
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _list_csv(request, code, scope, which, rows, now, form.cleaned_data["purpose"])
    asked = request.GET.copy()
    asked.pop("format")
    chips = filters_shown(ScopeForm(request.GET, user=request.user), request.GET, ignored=False)["chips"]
    context = {
        "form": form, "number": rows.count(), "chips": chips, "what": _("rows with names"),
        "back": f"{reverse('figure_list', args=[code])}?{asked.urlencode()}",
    }  # fmt: skip
    return render(request, "core/export.html", context)


def _list_csv(request, code: str, scope: reads.Scope, which: str, rows, now: dt.datetime, purpose: str) -> HttpResponse:
    """Rows with names, never a BSN; one line in the audit trail with how many and what for (R-92, R-94)."""
    with override("nl"):
        lines = [_household_cells(one) if code == "m2" else _appointment_cells(one, now) for one in rows]
        header = (
            [_("Case number"), _("Name"), _("Registered"), _("Location"), _("Counsellor")]
            if code == "m2"
            else [
                _("Case number"),
                _("Name"),
                _("Day"),
                _("Time"),
                _("Talk"),
                _("Location"),
                _("Counsellor"),
                _("Class"),
                _("Reason"),
            ]
        )
    audit(
        by=request.user, now=now, action="export_figure_list", on=f"figure:{code}", kind=AuditKind.EXPORTED, reason=purpose,
        details={"rows": len(lines), "which": which, **_asked(scope)},
    )  # fmt: skip
    return _csv_response(csv.write(header, lines), KINDS[code] + "_lijst", scope)


def _household_cells(one: Household) -> list:
    return [one.case_number, one.display_name, clock.local_date(one.registered_at), one.location or "", one.owner or ""]


def _appointment_cells(one: Appointment, now: dt.datetime) -> list:
    unrecorded = "U" if one.is_unrecorded(now) else "T"
    return [
        one.household.case_number, one.household.display_name, clock.local_date(one.starts_at),
        f"{clock.local(one.starts_at):%H:%M}", one.type.name, one.location.name, str(one.counsellor),
        "W" if one.walk_in else one.outcome or unrecorded, str(one.reason or ""),
    ]  # fmt: skip
