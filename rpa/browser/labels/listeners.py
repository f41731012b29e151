"""Whether a page could tell that a text came without keys: what listens to them, as the browser knows it."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from rpa.browser.timeouts import within_time

_HEARS = """(() => {
  const kinds = ["keydown", "keypress", "keyup"];
  const hears = (target) => kinds.some((kind) => kind in getEventListeners(target));
  const inside = (root) => Array.from(root.querySelectorAll("*")).some(
    (el) => hears(el) || (el.shadowRoot && (hears(el.shadowRoot) || inside(el.shadowRoot))));
  return hears(window) || hears(document) || inside(document);
})()"""
"""``getEventListeners`` is the developer tools' own, lent for one evaluation; it sees one document only."""


class KeyListeners:
    """Watches which documents a page has, to ask each of them.

    Args:
        cdp: a CDP session of the page; frames of other sites have sessions of their own, and are not asked.
    """

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp
        self._documents: set[int] = set()
        self._watching = False
        cdp.on("Runtime.executionContextCreated", self._created)
        cdp.on("Runtime.executionContextDestroyed", self._destroyed)
        cdp.on("Runtime.executionContextsCleared", self._cleared)

    async def any(self) -> bool:
        """Whether anything in the page listens to keys now; True as well where that cannot be told.

        Raises:
            Unavailable: the page does not answer.
        """
        async with within_time():
            if not self._watching:
                await self._cdp.send("Runtime.enable")
                self._watching = True
            try:
                answers = await asyncio.gather(*(self._hears(document) for document in self._documents))
            except PlaywrightError:  # a document has just gone
                return True
        return not answers or any(answers)

    async def _hears(self, document: int) -> bool:
        asked = {
            "expression": _HEARS,
            "contextId": document,
            "includeCommandLineAPI": True,
            "returnByValue": True,
        }
        answer = await self._cdp.send("Runtime.evaluate", asked)
        return answer["result"].get("value") is not False

    def _created(self, event: dict[str, Any]) -> None:
        context = event["context"]
        if context.get("auxData", {}).get("isDefault"):
            self._documents.add(context["id"])

    def _destroyed(self, event: dict[str, Any]) -> None:
        self._documents.discard(event["executionContextId"])

    def _cleared(self, _: dict[str, Any]) -> None:
        self._documents.clear()
