"""The forms of a page as a browser would send them: fields, what they hold, and where text may be typed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_TYPED = {"text", "search", "email", "tel", "url", "password", "number"}


@dataclass
class PageForm:
    """A form inside the content of a page. `fields` is what would be sent untouched; `texts` is where people type."""

    action: str = ""
    method: str = "get"
    fields: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    # Groups of which one must be chosen, with their first choice.
    choices: dict[str, str] = field(default_factory=dict)

    def filled(self, texts: dict[str, str]) -> dict[str, list[str]]:
        """What is sent when somebody chose the first of everything and typed `texts`."""
        chosen = {name: [value] for name, value in self.choices.items() if name not in self.fields}
        return self.fields | chosen | {name: [text] for name, text in texts.items()}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[PageForm] = []
        self.inside = False
        self.form: PageForm | None = None
        self.select, self.area = "", ""

    def handle_starttag(self, tag, attrs):
        found = {name: value or "" for name, value in attrs}
        if found.get("id") in {"main", "content-main"}:
            self.inside = True
        if not self.inside:
            return
        if tag == "form":
            self.form = PageForm(found.get("action", ""), found.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form and found.get("name"):
            getattr(self, f"_{tag}", lambda name, found: None)(found["name"], found)
        elif self.form and tag == "option" and self.select:
            self._option(found)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data):
        if self.area and self.form:
            self.form.fields[self.area] = [self.form.fields[self.area][0] + data]

    def _input(self, name, found):
        kind = found.get("type", "text")
        if kind in {"checkbox", "radio"}:
            self.form.choices.setdefault(name, found.get("value", "on"))
            if "checked" in found:
                self.form.fields.setdefault(name, []).append(found.get("value", "on"))
        elif kind not in {"submit", "button", "file", "image"}:
            self.form.fields[name] = [found.get("value", "")]
            if kind in _TYPED:
                self.form.texts.append(name)

    def _textarea(self, name, found):
        self.area = name
        self.form.fields[name] = [""]
        self.form.texts.append(name)

    def _select(self, name, found):
        self.select = name

    def _button(self, name, found):
        self.form.choices.setdefault(name, found.get("value", ""))

    def _option(self, found):
        value = found.get("value", "")
        if value:
            self.form.choices.setdefault(self.select, value)
        if "selected" in found and value:
            self.form.fields.setdefault(self.select, []).append(value)


def forms_of(page: str) -> list[PageForm]:
    """The forms in the content of a page; those of its frame stand outside."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
