"""Portals as help texts name them: from ``configs/`` as it stands, since a help text loads no settings."""

from __future__ import annotations

from rpa.settings.configs import portals_in_order


def example_portal(*, stored_logins: bool = False) -> tuple[str, str]:
    """Key and 平台 of the portal that examples use: the first one.

    Args:
        stored_logins: the first one where a login can be stored, if there is one.

    Raises:
        UserError: a file of settings cannot be read.
    """
    portals = portals_in_order()
    logins = {key: values.get("logins", {}).values() for key, values in portals.items()}
    storing = [key for key, ways in logins.items() if any(way.get("stored") for way in ways)]
    key = storing[0] if stored_logins and storing else next(iter(portals))
    return key, str(portals[key]["name"])


def portals_and_keys() -> str:
    """Every portal with its key, as a help text lists them.

    Raises:
        UserError: a file of settings cannot be read.
    """
    return "、".join(f"{values['name']}（{key}）" for key, values in portals_in_order().items())


def portals_and_editions() -> str:
    """Every portal with its editions, likewise.

    Raises:
        UserError: a file of settings cannot be read.
    """
    portals = portals_in_order().values()
    return "，".join(f"{values['name']} {'、'.join(sorted(values['editions']))}" for values in portals)


def sampled_names() -> list[str]:
    """平台 of which there are sample rows, in order.

    Raises:
        UserError: a file of settings cannot be read.
    """
    return [str(values["name"]) for values in portals_in_order().values() if "samples" in values]
