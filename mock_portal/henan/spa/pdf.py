"""One A4 page of Chinese text as PDF, without a library: its font is one that every viewer brings."""

from __future__ import annotations

from collections.abc import Sequence

_LEFT, _TOP, _LEADING, _SIZE = 72, 760, 26, 13
"""In points."""


def page(title: str, lines: Sequence[str]) -> bytes:
    """A title and lines below it.

    The font is the predefined Adobe-GB1 one, its encoding UCS-2 (ISO 32000-1, 9.7.5.2): nothing is embedded.
    """
    text = [f"BT /F1 18 Tf {_LEFT} {_TOP} Td {_hex(title)} Tj"]
    text += [f"/F1 {_SIZE} Tf 0 -{_LEADING} Td {_hex(line)} Tj" for line in lines]
    content = "\n".join([*text, "ET"])
    return _document(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            "/Resources << /Font << /F1 5 0 R >> >> >>",
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
            "/DescendantFonts [6 0 R] >>",
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 7 0 R >>",
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
            "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        ]
    )


def _hex(text: str) -> str:
    return f"<{text.encode('utf-16-be').hex()}>"


def _document(objects: Sequence[str]) -> bytes:
    """The objects, numbered from 1, with the table that says where each begins."""
    written = bytearray(b"%PDF-1.4\n")
    starts = []
    for number, each in enumerate(objects, 1):
        starts.append(len(written))
        written += f"{number} 0 obj\n{each}\nendobj\n".encode("ascii")
    table = len(written)
    rows = "".join(f"{start:010d} 00000 n \n" for start in starts)
    size = len(objects) + 1
    written += f"xref\n0 {size}\n0000000000 65535 f \n{rows}".encode("ascii")
    written += f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode("ascii")
    return bytes(written)
