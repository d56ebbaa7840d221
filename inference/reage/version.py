"""The one place the version stands; EXR headers, cards and packages read it from here."""

__version__ = "0.1.0"

BAKE_FORMAT = 2
"""Part of every bake's fingerprint: raised, bakes from before are stale. See docs/engineers.md."""
