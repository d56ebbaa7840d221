"""Hashes of files as names that a manifest can hold."""

from __future__ import annotations

import base64
import binascii

_NAME = "ni:///sha-256;"
"""Begins a name of content by its hash (RFC 6920)."""


def content_name(sha256: str) -> str:
    digest = base64.urlsafe_b64encode(bytes.fromhex(sha256))
    return _NAME + digest.decode().rstrip("=")


def named_content(name: str) -> str:
    """The hash in such a name, 64 hex digits; "" where it is another kind of name."""
    if not name.startswith(_NAME):
        return ""
    try:
        return base64.urlsafe_b64decode(name.removeprefix(_NAME) + "=").hex()
    except (binascii.Error, ValueError):
        return ""
