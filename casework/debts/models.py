"""The debt file: phases as rows, decision, plan, solution, exit and debts, in the words of DDAS SHV 1.0."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Count, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from casework.households.models import ExitReason, Household, Member


class PhaseKind(models.TextChoices):
    """Phases may overlap and recur; the current stage of a file is derived from them (domain 3.1)."""

    REPORT = "report", _("Report")
    CRISIS = "crisis", _("Crisis intervention")
    INFORMATION = "information", _("Information and advice")
    INTAKE = "intake", _("Intake")
    STABILISATION = "stabilisation", _("Stabilisation")
    ARRANGING = "arranging", _("Arranging")
    SOLUTION = "solution", _("Solution running")
    AFTERCARE = "aftercare", _("Aftercare")
    MORATORIUM = "moratorium", _("Moratorium")
    PROVISIONAL = "provisional", _("Provisional measure")
    GUIDANCE = "guidance", _("Guidance")


# From early to late: the last open one of these is the current stage. The other kinds run beside them.
STAGES = (
    PhaseKind.REPORT, PhaseKind.INTAKE, PhaseKind.STABILISATION, PhaseKind.ARRANGING, PhaseKind.SOLUTION,
    PhaseKind.AFTERCARE,
)  # fmt: skip


class DecisionKind(models.TextChoices):
    ADMISSION = "admission", _("Admission")
    REFUSAL = "refusal", _("Refusal")


class SolutionKind(models.TextChoices):
    """DDAS EnumOplossingssoort."""

    REPAYMENT_PLAN = "Betalingsregeling", _("Repayment plan")
    REFINANCING = "Herfinanciering", _("Refinancing")
    RESTRUCTURING_CREDIT = "Saneringskrediet", _("Restructuring credit")
    MEDIATION = "Schuldbemiddeling", _("Debt mediation")
    NO_CAPACITY = "0%-aanbod", _("Arrangement without capacity")


class GuidanceKind(models.TextChoices):
    """DDAS EnumBegeleidingssoort."""

    BUDGET_COACHING = "Budgetcoaching", _("Budget coaching")
    BUDGET_MANAGEMENT = "Budgetbeheer", _("Budget management")
    ADMINISTRATION = "Beschermingsbewind", _("Protective administration")
    LONG_TERM = "Lange Termijn Begeleiding (DFD)", _("Long-term guidance")
    BUDGET_GUIDANCE = "Budgetbegeleiding", _("Budget guidance")


class DebtFile(models.Model):
    """One debt file (trajectory) of a household, for one or two clients. Never reopened: a new one follows (DDAS)."""

    household = models.ForeignKey(Household, models.PROTECT, verbose_name=_("household"), related_name="debt_files")
    clients = models.ManyToManyField(Member, verbose_name=_("clients"), related_name="debt_files")
    opened_on = models.DateField(_("opened"))
    description = models.CharField(_("description"), max_length=200, blank=True)
    municipality_code = models.CharField(_("responsible municipality"), max_length=8)
    crisis_at_report = models.BooleanField(_("crisis at the report"), null=True, blank=True)
    granted_on = models.DateField(_("granted"), null=True, blank=True)
    total_at_start = models.DecimalField(
        _("debts at the start"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    plan_completed_on = models.DateField(_("plan completed"), null=True, blank=True)

    decision_kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind, blank=True)
    decided_on = models.DateField(_("decided"), null=True, blank=True)

    solution_kind = models.CharField(_("solution"), max_length=20, choices=SolutionKind, blank=True)
    solution_start = models.DateField(_("solution starts"), null=True, blank=True)
    solution_end = models.DateField(_("solution ended"), null=True, blank=True)
    vtlb = models.PositiveIntegerField(_("amount left free, euros a month"), null=True, blank=True)

    # The arrangement with creditors (DDAS schuldregeling).
    arrangement_submitted_on = models.DateField(_("arrangement submitted"), null=True, blank=True)
    arrangement_granted_on = models.DateField(_("arrangement granted"), null=True, blank=True)
    arrangement_refused_on = models.DateField(_("arrangement refused"), null=True, blank=True)
    arrangement_withdrawn_on = models.DateField(_("arrangement withdrawn"), null=True, blank=True)
    forced_agreement_asked_on = models.DateField(_("forced agreement asked"), null=True, blank=True)
    forced_agreement = models.BooleanField(_("forced agreement granted"), null=True, blank=True)

    exit_reason = models.CharField(_("reason of exit"), max_length=20, choices=ExitReason, blank=True)
    exit_note = models.CharField(_("explanation of exit"), max_length=200, blank=True)
    # Ending decision = end date = exit date (DDAS: all three are equal).
    closed_on = models.DateField(_("closed"), null=True, blank=True)

    # Where an imported file came from, and the fingerprint of what was delivered, so that importing twice changes nothing.
    import_key = models.CharField(max_length=64, null=True, unique=True, editable=False)
    import_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("debt file")
        verbose_name_plural = _("debt files")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(closed_on=None),
                name="debt_file_one_open",
                violation_error_message=_("This household already has an open debt file."),
            ),
            models.UniqueConstraint(fields=["household", "opened_on"], name="debt_file_once_a_day"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="debt_file_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, exit_reason="") | Q(closed_on__isnull=False),
                name="debt_file_exit_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(decision_kind="", decided_on=None) | (~Q(decision_kind="") & Q(decided_on__isnull=False)),
                name="debt_file_decision_with_date",
            ),
            models.CheckConstraint(
                condition=~Q(solution_kind="") | Q(solution_start=None, solution_end=None),
                name="debt_file_solution_with_kind",
            ),
        ]

    def __str__(self):
        return f"{self.household} {self.opened_on}"

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None

    def stage(self) -> str:
        """The current stage as one word, from the phases; prefetch `phases` for lists."""
        if self.is_closed:
            return _("Closed")
        started = {phase.kind for phase in self.phases.all() if phase.ended_on is None}
        ever = {phase.kind for phase in self.phases.all()}
        current = [stage for stage in STAGES if stage in started] or [stage for stage in STAGES if stage in ever]
        return current[-1].label if current else PhaseKind.REPORT.label


class Phase(models.Model):
    """A phase of a file with its own start and end. Two phases of the same kind do not overlap; guidance may."""

    debt_file = models.ForeignKey(DebtFile, models.CASCADE, verbose_name=_("debt file"), related_name="phases")
    kind = models.CharField(_("kind"), max_length=15, choices=PhaseKind)
    guidance = models.CharField(_("kind of guidance"), max_length=40, choices=GuidanceKind, blank=True)
    started_on = models.DateField(_("started"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    # Only for a moratorium: asked of and granted by the court.
    asked_on = models.DateField(_("asked"), null=True, blank=True)
    granted_on = models.DateField(_("granted"), null=True, blank=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["started_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="phase_dates_in_order",
                violation_error_message=_("The last date must not be before the first."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="guidance") & ~Q(guidance="")) | (~Q(kind="guidance") & Q(guidance="")),
                name="phase_guidance_with_kind",
            ),
            # Half-open, so that a phase may start on the day on which the last one ended.
            ExclusionConstraint(
                name="phase_of_a_kind_does_not_overlap",
                expressions=[
                    ("debt_file", "="),
                    ("kind", "="),
                    ("guidance", "="),
                    (Func(F("started_on"), F("ended_on"), Value("[)"), function="daterange"), "&&"),
                ],
                violation_error_message=_("A phase of this kind already runs in these days."),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class CreditorQuerySet(models.QuerySet):
    def to_suggest(self):
        """Whom other households may hear of: with a KvK number, or owed to by several households; never private persons.

        A name that stands in one file alone may be a neighbour or an aunt.
        """
        files = Count("debts__debt_file", distinct=True)
        return (
            self.filter(private_person=False)
            .annotate(files=files)
            .filter(~Q(kvk_number="") | Q(files__gte=KNOWN_FROM))
            .order_by("-files", "search_name")
        )


# From so many files on a creditor without a KvK number is suggested in others.
KNOWN_FROM = 3


class Creditor(models.Model):
    """Whom money is owed to: the original creditor, not the collector."""

    name = models.CharField(_("name"), max_length=160)
    kvk_number = models.CharField(_("KvK number"), max_length=8, blank=True)
    postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    private_person = models.BooleanField(_("private person"), default=False)
    # Folded, so that "Eneco" and "ENECO" are one creditor.
    search_name = models.CharField(max_length=160, editable=False)

    objects = CreditorQuerySet.as_manager()

    class Meta:
        verbose_name = _("creditor")
        verbose_name_plural = _("creditors")
        ordering = ["search_name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["search_name", "kvk_number", "postcode"], name="creditor_once"),
        ]

    def __str__(self):
        return self.name


class DebtKind(models.TextChoices):
    """DDAS EnumSchuldensoort."""

    HEALTH = "Zorg", _("Health")
    PUBLIC = "Publiek", _("Public")
    UTILITIES = "Nuts", _("Utilities")
    OTHER = "Overig", _("Other")


class DebtState(models.TextChoices):
    ASKED = "asked", _("Amount asked")
    CONFIRMED = "confirmed", _("Confirmed")
    DISPUTED = "disputed", _("Disputed")
    SETTLED = "settled", _("Settled")


# What a creditor answers comes in any order, and what was recorded by mistake is put right: each may follow each.
MOVES: dict[DebtState, set[DebtState]] = {state: set(DebtState) - {state} for state in DebtState}


class LeftOut(models.TextChoices):
    """Why a debt stands in the list and does not count, so that nothing is counted twice and nothing goes unseen."""

    MISTAKE = "mistake", _("entered by mistake")
    DOUBLE = "double", _("stands in the list already")
    ANNULLED = "annulled", _("dropped by the creditor")
    PURCHASED = "purchased", _("bought by a fund")


class DebtQuerySet(models.QuerySet):
    def counted(self):
        """What makes up the total."""
        return self.filter(left_out="")


class Debt(models.Model):
    """One claim of one creditor, with its amount on a date. Amounts to the cent."""

    debt_file = models.ForeignKey(DebtFile, models.CASCADE, verbose_name=_("debt file"), related_name="debts")
    creditor = models.ForeignKey(Creditor, models.PROTECT, verbose_name=_("creditor"), related_name="debts")
    kind = models.CharField(_("kind"), max_length=8, choices=DebtKind, default=DebtKind.OTHER)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    as_of = models.DateField(_("amount on"), null=True, blank=True)
    preferred = models.BooleanField(_("preferred"), default=False)
    business = models.BooleanField(_("business debt"), default=False)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    # Who collects it for the creditor, such as a bailiff: letters go there.
    collector = models.CharField(_("collector"), max_length=160, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=DebtState, default=DebtState.ASKED)
    threatening = models.BooleanField(_("threatening"), default=False)
    left_out = models.CharField(_("does not count"), max_length=9, choices=LeftOut, blank=True)

    # the one-time token of the form.
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = DebtQuerySet.as_manager()

    class Meta:
        verbose_name = _("debt")
        verbose_name_plural = _("debts")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="debt_amount_not_negative",
                violation_error_message=_("An amount cannot be negative."),
            )
        ]

    def __str__(self):
        return f"{self.creditor}: {self.amount}"

    @property
    def counts(self) -> bool:
        return not self.left_out


class JournalKind(models.TextChoices):
    TALK = "gesprek", _("Talk")
    PHONE = "telefoon", _("Telephone")
    LETTER = "brief", _("Letter")
    INTERNAL = "intern", _("Internal")


class JournalEntry(models.Model):
    """A note in the journal of a file. Rows are added, never changed."""

    debt_file = models.ForeignKey(DebtFile, models.CASCADE, verbose_name=_("debt file"), related_name="journal")
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey("casework.User", models.PROTECT, verbose_name=_("by"))
    kind = models.CharField(_("kind"), max_length=10, choices=JournalKind)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
