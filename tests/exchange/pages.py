"""Reading what a page marks for tests: the elements with `data-test`, their attributes, text and links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# Elements that have no end tag.
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Marked:
    """An element with `data-test`, and what stands inside it."""

    name: str
    attributes: dict[str, str]
    depth: int
    text: str = ""
    links: list[str] = field(default_factory=list)


class Page(HTMLParser):
    def __init__(self, response):
        super().__init__()
        self.marked: list[Marked] = []
        self._open: list[Marked] = []
        self._depth, self._words = 0, []
        self.feed(response.content.decode())

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def all(self, name: str) -> list[Marked]:
        return [one for one in self.marked if one.name == name]

    def one(self, name: str) -> Marked:
        [found] = self.all(name)
        return found

    def handle_starttag(self, tag, attrs):
        attributes = {key: value or "" for key, value in attrs}
        for one in self._open:
            one.links += [attributes["href"]] if "href" in attributes else []
        if tag in _EMPTY:
            return
        self._depth += 1
        if "data-test" in attributes:
            found = Marked(attributes["data-test"], attributes, self._depth)
            self.marked.append(found)
            self._open.append(found)

    def handle_endtag(self, tag):
        if tag in _EMPTY:
            return
        self._open = [one for one in self._open if one.depth < self._depth]
        self._depth -= 1

    def handle_startendtag(self, tag, attrs):
        """`<path/>` opens and closes at once."""

    def handle_data(self, data):
        self._words.append(data)
        for one in self._open:
            one.text += data
