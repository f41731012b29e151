"""Settings of a portal that stands on loopback."""

from __future__ import annotations

from typing import Any

from rpa.settings.portal import Edition, PortalSettings


def portal_at(url: str, **more: Any) -> PortalSettings:
    """With limits that a busy machine keeps: who waits for what never comes sets its own."""
    return PortalSettings(
        name="试验",
        base_url=url,
        default_edition="2024",
        editions={"2024": Edition(item_names={"稳岗返还": ("稳岗返还申请",)})},
        **({"step_seconds": 30.0, "save_seconds": 30.0} | more),
    )
