"""What a filing knows of persons: hidden in the pictures of its evidence that are shared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rpa.browser.session import Session
from rpa.credentials.store import Credentials
from rpa.errors import UserError
from rpa.filing import Employer, Filing, portal_key

ACCOUNT = "登录账号"


@asynccontextmanager
async def masking_personal_data(
    session: Session, filing: Filing, credentials: Credentials
) -> AsyncIterator[None]:
    """Have a session's pictures hide what a filing knows, as long as the block lasts.

    A shared session serves many employers: it never knows the data of two of them.

    Args:
        session: the browser.
        filing: what is worked on.
        credentials: tells the account of whoever is signed in already; who signs in now is learnt then.
    """
    employer = filing.employer
    with session.personal.knowing(_values(employer), (employer.name, employer.code, employer.unit_number)):
        if session.signed_in and employer.login_name:
            session.personal.learn(ACCOUNT, await _account(filing, credentials))
        yield


def _values(employer: Employer) -> dict[str, str]:
    """Personal value → what it is; none that the employer's own name says."""
    said = {
        employer.contact: "联系人",
        employer.phone: "联系方式",
        employer.account: "银行账号",
        employer.account_name: "户名",
        employer.handler: "经办人",
    }
    return {value: what for value, what in said.items() if value and value not in employer.name}


async def _account(filing: Filing, credentials: Credentials) -> str:
    portal = portal_key(filing.portal, filing.environment)
    try:
        found = await asyncio.to_thread(credentials.get, portal, filing.employer.login_name)
    except UserError:  # said where a login needs it
        return ""
    return found.account if found else ""
