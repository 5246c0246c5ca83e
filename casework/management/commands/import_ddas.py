"""`manage.py import_ddas FILE`: a delivery in the national debt-help standard (DDAS SHV 1.0)."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.core import clock
from casework.core.refusals import Refused
from casework.exchange.actions.ddas import ImportReport, import_ddas, read_delivery


class Command(BaseCommand):
    help = "Import a DDAS SHV 1.0 delivery; may be repeated."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *, file, **options):
        try:
            report = import_ddas(data=read_delivery(self._read(file)), by=None, now=clock.now())
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        else:
            self._tell(report)

    def _read(self, file: Path) -> str:
        try:
            return file.read_text(encoding="utf-8-sig")
        except FileNotFoundError as error:
            raise CommandError(_("%(file)s does not exist.") % {"file": file}) from error
        except UnicodeDecodeError as error:
            raise CommandError(
                _("%(file)s is not text in UTF-8. Ask the supplier for a file in UTF-8.") % {"file": file}
            ) from error
        except OSError as error:
            raise CommandError(_("%(file)s cannot be read: %(why)s") % {"file": file, "why": error.strerror}) from error

    def _tell(self, report: ImportReport):
        for title, remarks in (
            (_("Deviations from the standard"), report.deviations),
            (_("Remarks on the contents"), report.remarks),
            (_("Rejected trajectories"), report.rejected),
        ):
            if remarks:
                self.stdout.write(f"{title}: {len(remarks)}")
            for one in remarks:
                self.stdout.write(f"  {one.path}: {one.problem} → {one.done}")
        for path in report.different:
            self.stdout.write(_("%(path)s was imported before with other contents: left as it is.") % {"path": path})
        number = len(report.imported)
        self.stdout.write(
            ngettext("%(number)s trajectory imported", "%(number)s trajectories imported", number) % {"number": number}
        )
        self.stdout.write(_("Unchanged: %(number)s.") % {"number": len(report.unchanged)})
