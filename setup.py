"""pyproject.toml describes the package; this adds what lies outside of the packages to a wheel."""

import tempfile
from pathlib import Path

from setuptools import setup
from setuptools.command.build import build
from setuptools.command.build_py import build_py
from setuptools.command.egg_info import egg_info

SHARED = [line.split()[1] for line in Path("MANIFEST.in").read_text("utf-8").splitlines()]
"""Patterns of these files; MANIFEST.in takes them into an sdist, too."""

SCRATCH = tempfile.TemporaryDirectory(prefix="reage-build-")
"""What a build leaves behind lies here, not in the checkout; it goes when Python ends."""


class Build(build):
    def initialize_options(self):
        super().initialize_options()
        self.build_base = SCRATCH.name


class EggInfo(egg_info):
    def finalize_options(self):
        if self.egg_base is None and "sdist" not in self.distribution.commands:  # which packs it
            self.egg_base = SCRATCH.name
        super().finalize_options()


class BuildPy(build_py):
    """The packages and, in reage/share, the shared files as they lie here; see reage.home."""

    def run(self):
        super().run()
        if self.editable_mode:
            return  # the checkout itself is found
        for file in (file for pattern in SHARED for file in sorted(Path().glob(pattern))):
            target = Path(self.build_lib, "reage", "share", file)
            self.mkpath(str(target.parent))
            self.copy_file(str(file), str(target))


setup(cmdclass={"build": Build, "build_py": BuildPy, "egg_info": EggInfo})
