"""A QR code as one path of an inline SVG: no picture leaves the page, and no service sees the secret."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode  # type: ignore[import-untyped]  # comes without types

QUIET = 4  # modules of empty border that a reader needs


@dataclass(frozen=True, slots=True)
class Picture:
    """A square of `size` modules, its dark ones as `path`."""

    size: int
    path: str


def picture_of(text: str) -> Picture:
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return Picture(len(rows), "".join(dark))
