"""The links of the built site: whether they lead somewhere, and where those out of it lead.

    python site/links.py             broken links within build/site, and all addresses outside

Nothing is fetched. What leads out is for a reader to try. Read next: tests/site/test_pages.py.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

BUILT = Path(__file__).resolve().parents[1] / "build" / "site"


class Page(HTMLParser):
    """What a page refers to, and what in it can be referred to.

    Attributes:
      targets: set of str, as they stand in href and src.
      places: set of str, the ids.
    """

    def __init__(self, path):
        super().__init__()
        self.targets, self.places = set(), set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.targets.add(value)
            elif name == "id":
                self.places.add(value)


def read(folder):
    """{path: Page} of all pages of a built site."""
    return {path.resolve(): Page(path) for path in sorted(folder.rglob("*.html"))}


def broken(pages):
    """List of str: each link that leads to no file, or to no place in its page."""
    found = []
    for path, page in pages.items():
        for target in sorted(page.targets):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            if not file.exists():
                found.append(f"{path.name}: {target}: there is no such file")
            elif place and file in pages and place not in pages[file].places:
                found.append(f"{path.name}: {target}: there is no such place in the page")
    return found


def outside(pages):
    """{address: names of the pages that lead there}, of links out of the site."""
    found = {}
    for path, page in pages.items():
        for target in page.targets:
            if urlsplit(target).netloc:
                found.setdefault(target, []).append(path.name)
    return dict(sorted(found.items()))


def main():
    pages = read(BUILT)
    for address, names in outside(pages).items():
        print(address, "from", ", ".join(names))
    wrong = broken(pages)
    sys.exit("\n".join(wrong) if wrong else 0)


if __name__ == "__main__":
    main()
