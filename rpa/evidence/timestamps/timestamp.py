"""Timestamps (RFC 3161): an authority signs a hash and the time, which proves how old a chain is at least.

What an authority answers is kept byte by byte. It is asked to put its certificates into the token, so that
years later the token and one root certificate are enough. Where an authority leaves out those between the
two, they belong into the PEM file with the root. Certificates count as of the token's time: that they expired
since is no flaw. Whether they were revoked is not asked: that would need the network.
"""

from __future__ import annotations

import hashlib
import ssl
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import Certificate
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from rpa.errors import UserError
from rpa.evidence.timestamps.der import certificates_in_order
from rpa.privacy.masks import redact

if TYPE_CHECKING:
    from rfc3161_client import TimeStampRequest, TimeStampResponse

_UNREADABLE = (
    ValueError,
    KeyError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What the libraries raise, early or late, over bytes that are no token or no certificate."""
_MOST_BYTES = 1 << 18
"""Tokens with their chains have 2 to 20 KB."""
_PIECE = 1 << 14
_LONGEST_WORDS = 200


class TimestampError(UserError):
    """No timestamp was got."""


@dataclass(frozen=True, slots=True)
class TimeProof:
    """What a timestamp proves."""

    proven: bool
    """Somebody trusted says that the data existed at :attr:`at`."""
    at: datetime | None
    """What the token says (aware), proved or not; None where it cannot be read."""
    authority: str
    """Who signed, as its certificate names it; empty where that cannot be told."""
    why: str
    """Why nothing is proved, in Chinese; empty where it is."""


def request_timestamp(data: bytes, url: str, *, seconds: float = 30.0) -> bytes:
    """Ask an authority to timestamp some bytes; it gets their SHA-256 alone.

    Args:
        data: the bytes.
        url: where it answers, ``http://`` or ``https://``; the system's proxy is used.
        seconds: how long it may take.

    Returns:
        Its whole answer (TimeStampResp, DER), which fits the request. Whether the authority can be trusted
        is for :func:`check_timestamp` to say.

    Raises:
        TimestampError: it cannot be reached, refuses, or answers something else.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder  # not for every command

    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    token = _post(url, request.as_bytes(), seconds)
    try:
        _check_answer(_decoded(token), request)
    except _UNREADABLE:
        raise TimestampError(f"{_host(url)} 的答复不是时间戳") from None
    return token


def check_timestamp(token: bytes, data: bytes, roots: Sequence[Certificate]) -> TimeProof:
    """Say what a timestamp proves about some bytes; nothing is asked of any network.

    Args:
        token: an authority's answer (TimeStampResp, DER).
        data: what was timestamped.
        roots: whom to trust; certificates between a root and the authority may be among them.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how some authorities write their certificates
        try:
            answer = _decoded(token)
            at = answer.tst_info.gen_time
            chain = _chain(answer)
            authority = _called(chain[0]) if chain else ""
        except _UNREADABLE:
            return TimeProof(proven=False, at=None, authority="", why="时间戳文件已损坏，无法读取")
        if _verified(answer, data, roots):
            return TimeProof(proven=True, at=at, authority=authority, why="")
        return TimeProof(proven=False, at=at, authority=authority, why=_why(answer, data, chain, roots))


def trusted_roots(path: Path | None) -> Sequence[Certificate]:
    """Whom to trust.

    Args:
        path: a PEM file with root certificates; None: those that this system trusts.

    Raises:
        UserError: the file cannot be read, or holds no certificate.
    """
    if path is None:
        return list(_system_roots())
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError:
        raise UserError(f"{path} 不是 PEM 格式的证书文件") from None
    except OSError as error:
        raise UserError(f"读不了时间戳机构的根证书 {path}：{error.strerror}") from error


def _post(url: str, body: bytes, seconds: float) -> bytes:
    """Send a request and read the answer, all within the time; nothing but http(s), and no redirection."""
    until = time.monotonic() + seconds
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        request = Request(url, body, headers)  # noqa: S310 - the opener knows http and https alone
        answer = b""
        with _opener().open(request, timeout=seconds) as response:
            while piece := response.read1(_PIECE):
                answer += piece
                if time.monotonic() > until:
                    raise TimeoutError
                if len(answer) > _MOST_BYTES:
                    raise TimestampError(f"{_host(url)} 的答复过大，不是时间戳")
    except HTTPError as error:
        with error:
            moved = "，它已换了地址，请改设置" if error.code in range(300, 400) else ""
            raise TimestampError(f"{_host(url)} 没有给出时间戳：HTTP {error.code}{moved}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise TimestampError(f"联系不上时间戳机构 {_host(url)}：{_in_chinese(error)}") from error
    return answer


def _opener() -> OpenerDirector:
    opener = OpenerDirector()
    for handler in (
        ProxyHandler,
        UnknownHandler,
        HTTPHandler,
        HTTPSHandler,
        HTTPDefaultErrorHandler,
        HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def _host(url: str) -> str:
    """Of an address what a message may show."""
    with suppress(ValueError):
        return urlsplit(url).hostname or "时间戳机构"
    return "时间戳机构"


def _in_chinese(error: Exception) -> str:
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return "没有在规定时间内答复"
    if isinstance(reason, ssl.SSLCertVerificationError):
        return "它的网站证书不受信任"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return type(reason).__name__


def _check_answer(answer: TimeStampResponse, request: TimeStampRequest) -> None:
    """See that an answer belongs to the request.

    Raises:
        TimestampError: it does not, or is a refusal; or any of ``_UNREADABLE``: it is no timestamp.
    """
    from rfc3161_client import PKIStatus

    if answer.status != PKIStatus.GRANTED:
        words = redact(" ".join(" ".join(answer.status_string).split()))[:_LONGEST_WORDS]
        raise TimestampError(
            f"时间戳机构拒绝了请求（状态 {answer.status}）" + (f"：{words}" if words else "")
        )
    if answer.tst_info.message_imprint.message != request.message_imprint.message:
        raise TimestampError("时间戳机构的答复是对别的内容作的")
    if answer.tst_info.nonce != request.nonce:
        raise TimestampError("时间戳机构的答复不是对这次请求作的（随机数不符），可能是旧答复被重放")
    if not _chain(answer):
        raise TimestampError("时间戳机构的答复里没有它的证书，日后无法核验")


def _decoded(token: bytes) -> TimeStampResponse:
    """An authority's answer; raises ``ValueError`` if it is none."""
    from rfc3161_client import decode_timestamp_response

    return decode_timestamp_response(certificates_in_order(token))


def _verified(answer: TimeStampResponse, data: bytes, roots: Sequence[Certificate]) -> bool:
    from rfc3161_client import VerificationError, VerifierBuilder

    try:
        return VerifierBuilder(roots=list(roots)).build().verify_message(answer, data)
    except (VerificationError, *_UNREADABLE):
        return False


def _chain(answer: TimeStampResponse) -> list[Certificate]:
    """Whoever signed, then who vouches for the one before, as far as the token's certificates go."""
    held = [x509.load_der_x509_certificate(one) for one in answer.signed_data.certificates]
    signers = {(one.issuer, one.serial_number) for one in answer.signed_data.signer_infos}
    chain = [one for one in held if (one.issuer, one.serial_number) in signers][:1]
    while chain and (above := next((one for one in held if one.subject == chain[-1].issuer), None)):
        if above in chain:
            break
        chain.append(above)
    return chain


def _why(
    answer: TimeStampResponse, data: bytes, chain: Sequence[Certificate], roots: Sequence[Certificate]
) -> str:
    """Why a readable token proves nothing."""
    imprint = answer.tst_info.message_imprint
    names = {one.subject for one in roots}
    if imprint.message not in (hashlib.new(one, data).digest() for one in ("sha256", "sha384", "sha512")):
        return "时间戳不是对这份清单作的（清单在作时间戳之后变过）"
    if not chain:
        return "时间戳里没有签名机构的证书，无法核验"
    if not _for_timestamps(chain[0]):
        return f"签名证书“{_called(chain[0])}”的用途不是时间戳"
    if not any(one.issuer in names for one in chain):
        return f"时间戳机构“{_called(chain[-1])}”不在受信任的根证书之列"
    at = answer.tst_info.gen_time
    if any(not one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in chain):
        return "作时间戳时，时间戳机构的证书不在有效期内"
    return "时间戳的签名或证书链不成立（时间戳被改动，或机构是冒名的）"


def _for_timestamps(certificate: Certificate) -> bool:
    try:
        uses: Any = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, *_UNREADABLE):
        return False
    return uses.critical and ExtendedKeyUsageOID.TIME_STAMPING in uses.value


def _called(certificate: Certificate) -> str:
    """The name of whoever owns a certificate."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in certificate.subject.get_attributes_for_oid(kind):
            return str(attribute.value)
    return certificate.subject.rfc4514_string()


def _system_roots() -> Iterator[Certificate]:
    """What this system trusts. Kept as a folder, ``ssl`` would read one only when a connection needs it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some roots are older than today's rules
        for one in ssl.create_default_context().get_ca_certs(binary_form=True) or _in_folder():
            with suppress(ValueError):
                yield x509.load_der_x509_certificate(one)


def _in_folder() -> Iterable[bytes]:
    folder = ssl.get_default_verify_paths().capath
    for path in Path(folder).iterdir() if folder else ():
        with suppress(OSError, ValueError):
            yield ssl.PEM_cert_to_DER_cert(path.read_text(encoding="ascii").strip())
