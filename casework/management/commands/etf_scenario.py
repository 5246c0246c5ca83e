"""`manage.py etf_scenario FILE.json`: fill the database with an exactly known world."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from casework.core import clock
from casework.core.refusals import Refused
from casework.exchange.actions.scenario import load_scenario, read_scenario


class Command(BaseCommand):
    help = "Load a scenario file; may be repeated. Refused in production."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            report = load_scenario(data=read_scenario(self._read(file)), now=clock.now())
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        if report.nothing_changed:
            self.stdout.write("Nothing changed: everything in this scenario was there already.")
        for word, counts in (("made", report.made), ("changed", report.changed)):
            for key, number in counts.items():
                self.stdout.write(f"{key}: {number} {word}")

    def _read(self, file: Path) -> str:
        try:
            return file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not text in UTF-8.") from error
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
