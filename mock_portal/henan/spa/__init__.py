"""The look of the public front end: one page, whose script asks for data and draws everything.

Each module has the requests of one screen; what they are called, and in which order they come, is the front
end's (``docs/portals.md`` tells where that is known from). § in this package numbers the sections of those
facts:
1 stack, 2 routes, 4 requests, 5 opening an application, 6 saving, 7 materials, 8 pending list and submission,
9 review list, 10 dialogs, 11 masks, selects and keys, 12 session, login and home, 13 printing.
"""

from starlette.routing import Route

from mock_portal.henan.spa import dossier, hall, login, receipt, steady, submission

ROUTES: list[Route] = [
    *login.ROUTES,
    *hall.ROUTES,
    *submission.ROUTES,
    *steady.ROUTES,
    *dossier.ROUTES,
    *receipt.ROUTES,
]
