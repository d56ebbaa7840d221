"""For tools that still ask for it; the whole description stands in pyproject.toml."""

from setuptools import setup

setup()
