"""Signs: what a person reads on a page, what it means for a filing, and what was seen of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from rpa.browser.labels.spots import normalise
from rpa.errors import Stop


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that a person reads on a page, and that tells where the page stands."""

    text: str
    fresh: bool = False
    """Only in a document, or after an answer, that is newer than :meth:`~rpa.browser.waiter.Waiter.mark`."""
    exact: bool = False
    """The whole text, not a part of it."""
    dialog: bool = False
    """Only in something that floats above the page."""
    gone: bool = False
    """The text no longer shows."""
    pattern: bool = False
    """``text`` is a regular expression over what a page says, without its spaces and in half width."""

    def said_in(self, message: str, names: Collection[str]) -> bool:
        """Whether a message says so, under one of the sign's names."""
        said = normalise(message)
        if self.pattern:
            return any(re.search(name, said) for name in names)
        return any(normalise(name) in said for name in names)


@dataclass(frozen=True, slots=True)
class Interruption:
    """A sign that stops a filing wherever it shows up."""

    sign: Sign
    stop: Callable[[str], Stop]
    """Makes the error from the portal's own words."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A sign that showed, and the words in which it did."""

    sign: Sign
    words: str
    """The innermost text around it."""
