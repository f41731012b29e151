"""Trusted keys: what a page is told when a person types, at the price of one round trip for a field."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from string import ascii_letters, digits
from typing import Any

from playwright.async_api import CDPSession, Page

from rpa.browser.timeouts import within_time

_SHIFTED = dict(zip('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./", strict=True))
_KEY_CODES = {
    " ": 32,
    **dict(zip(";=,-./`", range(186, 193), strict=True)),
    **dict(zip("[\\]'", range(219, 223), strict=True)),
}
"""Virtual key codes of an American keyboard; those of letters and digits are their own."""
_SHIFT = 8
_INPUT_METHOD = 229
"""The key code of whatever goes to an input method, as all Chinese does."""

_DELETE = {"key": "Delete", "windowsVirtualKeyCode": 46}

_Event = tuple[str, dict[str, Any]]


class Keyboard:
    """The keyboard of one page; what is typed goes to whatever has the focus there.

    Both methods raise ``Unavailable`` where the page does not answer.
    """

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self._page = page
        self._cdp = cdp

    async def type(self, text: str, *, each: bool) -> None:
        """Type text: what comes from an input method is one key, else the last character is a key of its own.

        So a page that listens to keys hears one, and finds the whole value then.

        Args:
            text: not empty. A line break is inserted and never is the Enter key: pages take that for Tab, or
                send their form.
            each: every character is a key, and before them Delete: several times as slow, for pages that
                build the value from keys.
        """
        if each:
            events = [*_pressed(_DELETE), *(event for character in text for event in _events(character))]
        elif _key(text[-1]) is None:
            events = [*_events(text)]
        else:
            head = [_inserted(text[:-1])] if len(text) > 1 else []
            events = [*head, *_events(text[-1])]
        async with within_time():
            await asyncio.gather(*(self._cdp.send(method, params) for method, params in events))

    async def press(self, key: str) -> None:
        """Press a key that has a name, such as ``Tab``."""
        async with within_time():
            await self._page.keyboard.press(key)


def _inserted(text: str) -> _Event:
    return "Input.insertText", {"text": text}


def _events(part: str) -> Iterator[_Event]:
    """One character as a key, or any text as what an input method makes of one."""
    if part == "\n":
        yield _inserted(part)
        return
    key = _key(part)
    if key is None:
        down, up = _pressed({"key": "Process", "windowsVirtualKeyCode": _INPUT_METHOD})
        yield from (down, _inserted(part), up)
    else:
        yield from _pressed(key, text=part)


def _pressed(key: dict[str, Any], **text: str) -> tuple[_Event, _Event]:
    down = {"type": "keyDown" if text else "rawKeyDown", **key, **text}
    return ("Input.dispatchKeyEvent", down), ("Input.dispatchKeyEvent", {"type": "keyUp", **key})


def _key(character: str) -> dict[str, Any] | None:
    """The key of a character; None where an input method is needed."""
    if len(character) > 1:
        return None
    plain = _SHIFTED.get(character, character).upper()
    if plain not in _KEY_CODES and plain not in ascii_letters + digits:
        return None
    shift = character in _SHIFTED or character.isupper()
    code = _KEY_CODES.get(plain, ord(plain))
    return {"key": character, "windowsVirtualKeyCode": code, "modifiers": _SHIFT if shift else 0}
