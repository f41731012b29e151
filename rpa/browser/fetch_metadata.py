"""The fetch metadata headers, which Chromium adds after the point where a request can be intercepted.

Source: https://www.w3.org/TR/fetch-metadata/ ; the values are those that Chromium was seen to send.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.async_api import Request

from rpa.settings.addresses import origin_of

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def fetch_metadata(request: Request) -> dict[str, str]:
    """What the browser would say of where a request comes from and what for; nothing on plain HTTP."""
    parts = urlsplit(request.url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        return {}
    said = {"sec-fetch-site": _site(request)}
    if request.is_navigation_request():
        inner = request.frame.parent_frame is not None
        said |= {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" if inner else "document"}
        return said | {"sec-fetch-user": "?1", "upgrade-insecure-requests": "1"}
    mode = "no-cors" if request.resource_type == "ping" else "cors"
    return said | {"sec-fetch-mode": mode, "sec-fetch-dest": "empty"}


def _site(request: Request) -> str:
    own, sender = urlsplit(request.url), request.headers.get("origin") or request.headers.get("referer", "")
    if not sender:
        return "none"
    if origin_of(sender) == origin_of(request.url):
        return "same-origin"
    # Portals of one host on several ports are one site; of the public suffix list nothing is known here.
    theirs = urlsplit(sender)
    same = (theirs.scheme, theirs.hostname) == (own.scheme, own.hostname)
    return "same-site" if same else "cross-site"
