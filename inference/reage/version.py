"""The one place the version stands; EXR headers, cards and packages read it from here."""

__version__ = "0.1.0"
