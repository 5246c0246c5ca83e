"""`manage.py etf_prepare`: what `./run` needs before the first page, in one process, since starting one takes seconds."""

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate, compile the catalogue, and load demonstration data into an empty database."
    requires_system_checks = []

    def handle(self, **options):
        call_command("migrate", verbosity=0)
        call_command("etf_messages", "compile")
        call_command("etf_demo", if_empty=True, stdout=self.stdout)
