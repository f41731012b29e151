"""Searches a shared copy, before it leaves the house, for what must not be in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from rpa.evidence.sharing.hiding import Hiding

_PAGES = Path(__file__).parents[1] / "pages"
_SILENT = frozenset({"script", "style"})
_NAMES = frozenset({"class", "rel", "role", "type", "name", "content", "charset", "lang", "http-equiv"})
"""Attributes that hold words of our own and nobody's data."""
_ADDRESSES = frozenset({"href", "src"})
_XML_TEXT = re.compile(r">([^<]+)<")
"""In a workbook data stands between tags; what stands in them, colours and the like, is our own."""
_IN_TEMPLATES = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


def found_in(copy: Path, hiding: Hiding) -> list[str]:
    """Where something stands that must not: file and what it is, in Chinese, never the value."""
    found: set[str] = set()
    for path in sorted(copy.rglob("*")):
        if not path.is_file() or _is_ours(path):
            continue
        hits = {value: what for text in {*_texts(path)} for value, what in hiding.found(text).items()}
        if hits and path.suffix == ".html":
            own = _own_words(hiding)
            hits = {value: what for value, what in hits.items() if value not in own}
        found |= {f"{hiding.text(path.relative_to(copy).as_posix())} 中有{what}" for what in hits.values()}
    return sorted(found)


def _own_words(hiding: Hiding) -> frozenset[str]:
    """Values that our own pages say to everybody; what was put into them was masked before."""
    pages = [path.read_text(encoding="utf-8") for path in (*_PAGES.glob("*.html"), *_PAGES.glob("*.j2"))]
    texts = [text for page in pages for text in _visible(_IN_TEMPLATES.sub(" ", page))]
    return frozenset(value for text in texts for value in hiding.found(text))


def _is_ours(path: Path) -> bool:
    """Whether it is a picture, which has no text, or a page that is the same in every bag."""
    if path.suffix == ".jpg":
        return True
    pages = [page for page in _PAGES.glob("*.html") if page.stat().st_size == path.stat().st_size]
    return any(page.read_bytes() == path.read_bytes() for page in pages)


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".xlsx":
        with ZipFile(path) as book:
            for name in book.namelist():
                yield from _XML_TEXT.findall(book.read(name).decode(errors="replace"))
        return
    data = path.read_bytes()
    if path.suffix == ".html":
        yield from _visible(data.decode(errors="replace"))
    elif path.suffix == ".json":
        yield from _values(json.loads(data))
    elif path.suffix == ".jsonl":
        for line in data.splitlines():
            yield from _values(json.loads(line))
    else:
        yield from (line.decode(errors="replace") for line in data.splitlines())


def _values(content: Any) -> Iterator[str]:
    """Every text of a JSON document, names that are not our own among them."""
    if isinstance(content, dict):
        for name, value in content.items():
            if not (name.isascii() and name.isidentifier()):
                yield name
            yield from _values(value)
    elif isinstance(content, list):
        for value in content:
            yield from _values(value)
    elif content is not None and not isinstance(content, bool):
        yield str(content)


class _Visible(HTMLParser):
    """Gathers what a page says: its text and what stands in attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag if tag in _SILENT else ""
        for name, value in attrs:
            if value and name not in _NAMES:
                self.texts.append(unquote(value) if name in _ADDRESSES else value)

    def handle_endtag(self, tag: str) -> None:
        self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(data)


def _visible(page: str) -> list[str]:
    reader = _Visible()
    reader.feed(page)
    reader.close()
    return reader.texts
