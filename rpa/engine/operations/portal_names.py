"""What a person calls a portal, and what the house calls it."""

from __future__ import annotations

from rpa.errors import UserError
from rpa.settings.settings import Settings


def portal_keys(settings: Settings) -> dict[str, str]:
    """Every word for a portal (平台 and its key) → its key in the settings."""
    words = {key: key for key in settings.portals}
    return words | {portal.name: key for key, portal in settings.portals.items()}


def portal_name(settings: Settings, key: str) -> str:
    """平台 as the workbook writes it, with its environment where it is not the real one."""
    name, _, environment = key.partition("@")
    shown = settings.portals[name].name if name in settings.portals else name
    return f"{shown}（{environment}）" if environment else shown


def portal_meant(settings: Settings, text: str) -> str:
    """The key of the portal that a person means, with its environment where the text names one.

    Args:
        settings: with the portals known.
        text: 平台 or its key, perhaps with an environment: ``平台@http://127.0.0.1:8410``.

    Raises:
        UserError: no such portal.
    """
    word, at, environment = text.partition("@")
    keys = portal_keys(settings)
    if word not in keys:
        named = "、".join(f"{portal.name}（{key}）" for key, portal in settings.portals.items())
        raise UserError(f"没有平台 {word}。平台：{named}")
    return keys[word] + at + environment
