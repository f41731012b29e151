"""What a :class:`~mock_portal.world.World` can be set to, before or while it is served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(eq=False, kw_only=True)
class Switches:
    """How the portals of a world behave. A test may set each while the portal runs."""

    # Every portal
    advance_per_look: bool = False
    """办理状态 moves on each time the list of filings shows it, instead of by the clock."""
    refuses_duplicates: bool = False
    """A second submission of the same form is refused. Off, as at a naive portal: each one counts."""
    fixed_captcha: str = ""
    """Every captcha has this text, for a person who practises."""
    captcha_seconds: float = 120
    session_minutes: float = 30
    """Minutes without a request after which a session has expired."""
    look: Literal["", "classic", "spa"] = ""
    """How the pages are made: ``classic`` as the manuals show them, ``spa`` as the portals' real front ends
    are built; empty: what the edition usually has."""
    phrasing: Literal["own", "other"] = "own"
    """Whether messages, refusals and titles are said in the mock's own words, or all in other ones."""
    other_filings: int = 0
    """So many filings of other items stand on the employer's list beside its own: ten make a page."""
    list_lags: bool = False
    """What is filed while the portal runs does not stand on the list yet."""

    # A portal where a form is saved and submitted later
    asks_password: bool = False
    """The certificate-free login has a second step that asks for the password."""
    countdown_seconds: int = 3
    """How long 资金用途告知 must be read (edition 2024)."""
    shows_bank: bool = True
    """户名 and 开户银行 are on the form; the manual's picture does not show them (inferred)."""
    submit_label: str = "提交申报"
    submit_by: Literal["form", "fetch"] = "form"
    expiry_by: Literal["page", "alert"] = "page"
    """Whether an expired session is told by a page or by a native alert."""
    other_drafts: int = 0
    """So many saved forms of other business wait for their submission beside the employer's own."""

    # Its look as one page whose script draws everything
    newest_first: bool = True
    """A new dialog stands first among its siblings in the document; off: last."""
    ignored_clicks: int = 0
    """So many clicks on each dialog's buttons are ignored before one is heard."""
    notice_opens: bool = False
    """资金用途告知 opens by itself with the form."""
    materials_required: bool = False
    """Whoever closes the materials without the proof is told so; the form may be submitted all the same."""
    folded_menus: bool = False
    """The groups of the tree of business are folded until somebody clicks them."""

    # A portal where a page is confirmed, after a login that may serve many units
    closed: bool = False
    """The year's 稳岗返还 is over for everybody."""
    item_name: str = "失业保险稳岗补贴信息确认"
    """What the item is called; the notices also say 失业保险稳岗返还信息确认."""
    opens: Literal["iframe", "window"] = "iframe"
    """Where 单位办理 opens the business page: in the shell, or in a new tab."""
    year_in: Literal["field", "title", "prose", "nowhere"] = "field"
    """Where 单位信息确认 says which year it confirms: a field, or its title or prose alone (inferred)."""
    business_year: int = 0
    """The year that is confirmed; 0: the current one."""
    one_session: bool = True
    """A login ends every older session of the same account."""
    identity_captcha: bool = False
    """账号密码 at the identity provider asks for a captcha too."""
    qr_seconds: float = 120
    """How long a QR code can be scanned."""
    announcement: str = ""
    """What a box over the home says after each login; empty: there is none."""
    setup_asks_identity: bool = False
    """The first login asks for the handler's 姓名 and 身份证件号码 too."""
    returned_label: str = ""
    """办件状态 of what the review turned down, e.g. 审核退回 or 不通过; empty: the portal's own word."""

    # The same portal, look ``spa``
    captcha_as: Literal["img", "background"] = "img"
    """How the arithmetic captcha is drawn into its box."""
    submit_method: Literal["POST", "PUT"] = "POST"
    """How 提交 is sent."""
    refuses_by: Literal["toast", "notification", "box", "inline"] = "toast"
    """How a refusal of 提交 is told."""
