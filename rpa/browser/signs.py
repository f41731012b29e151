"""Signs: what a person reads on a page, what it means for a filing, and what was seen of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from rpa.browser.labels.spots import normalise
from rpa.errors import Stop

_BUTTONS = r"(确定|确认|取消|关闭|×|\s)+$"


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
        """Whether a native dialog says so, under one of the sign's names."""
        if self.pattern:
            return any(re.search(name, normalise(message)) for name in names)
        return any(name in message for name in names)


@dataclass(frozen=True, slots=True)
class Interruption:
    """A sign that stops a filing wherever it shows up."""

    sign: Sign
    stop: Callable[[str], Stop]
    """Makes the error from the portal's own words."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A sign that showed, and what the portal says there."""

    sign: Sign
    words: str
    """The innermost text around it."""
    around: str
    """The text of the dialog that it stands in, else ``words``."""

    @property
    def dialog_words(self) -> str:
        """What a dialog says that was seen by its title, without the title and the buttons."""
        title = rf"^\s*{re.escape(self.sign.text)}\s*[×xX✕]?"
        return re.sub(f"{title}|{_BUTTONS}", "", self.around).strip()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A dialog whose words nobody foresaw, and what it means at this point of a flow."""

    dialog: Sign
    """Known by its title alone (:func:`titled`)."""
    stop: type[Stop]
    occasion: str
    """Comes before the portal's own words in the message, such as 保存时平台提示."""

    def error(self, seen: Seen) -> Stop:
        """Why the filing stops, in the portal's own words."""
        return self.stop(f"{self.occasion}：{seen.dialog_words}")


def titled(title: str) -> Sign:
    """Any dialog that the portal draws with this title: what counts where nobody foresaw its words."""
    return Sign(title, exact=True, dialog=True)
