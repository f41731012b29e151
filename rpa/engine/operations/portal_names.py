"""What a person calls a portal, and what the house calls it."""

from __future__ import annotations

from rpa.errors import UserError
from rpa.filing import PortalKey
from rpa.settings.settings import Settings


def portal_keys(settings: Settings) -> dict[str, str]:
    """Every word for a portal (平台 and its key) → its key in the settings."""
    words = {key: key for key in settings.portals}
    return words | {portal.name: key for key, portal in settings.portals.items()}


def portal_name(settings: Settings, key: str) -> str:
    """平台 as the workbook writes it, with its environment where it is not the real one."""
    portal = PortalKey(key)
    shown = settings.portals[portal.name].name if portal.name in settings.portals else portal.name
    return f"{shown}（{portal.environment}）" if portal.environment else shown


def portal_meant(settings: Settings, text: str) -> PortalKey:
    """The key of the portal that a person means, with its environment where the text names one.

    Args:
        settings: with the portals known.
        text: 平台 or its key, perhaps with an environment: ``平台@http://127.0.0.1:8410``.

    Raises:
        UserError: no such portal.
    """
    typed = PortalKey(text)
    keys = portal_keys(settings)
    if typed.name not in keys:
        named = "、".join(f"{portal.name}（{key}）" for key, portal in settings.portals.items())
        raise UserError(f"没有平台 {typed.name}。平台：{named}")
    return PortalKey.of(keys[typed.name], typed.environment)
