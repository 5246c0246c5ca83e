"""`manage.py verify_audit`: whether the audit trail is as it was written (R-92). Exit code 1 when it is not."""

from django.core.management.base import BaseCommand, CommandError

from casework.core import chain


class Command(BaseCommand):
    help = "Check every line of the audit trail against its chain of hashes, and print the last hash to keep elsewhere."

    def add_arguments(self, parser):
        parser.add_argument("--hash", default="", help="a hash printed earlier, which must still stand in the chain")

    def handle(self, **options):
        found = chain.problems(remembered=options["hash"])
        for problem in found:
            self.stderr.write(str(problem))
        if found:
            more = " (and perhaps more)" if len(found) >= chain.MOST_SHOWN else ""
            raise CommandError(f"The audit trail was tampered with: {len(found)} problems{more}.")
        last = chain.last_link()
        self.stdout.write(f"The audit trail is whole: {last.number} lines, last hash {last.hash}" if last else "Empty.")
