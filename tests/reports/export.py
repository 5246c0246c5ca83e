"""A file with names, asked for as a page does: with what it is for (R-94)."""

from urllib.parse import urlencode

from django.test import Client


def export(client: Client, path: str, asked: dict | None = None):
    """The answer to the form that stands before the file."""
    return client.post(
        f"{path}?{urlencode({**(asked or {}), 'format': 'csv'})}", {"purpose": "Controle van de opkomst"}
    )
