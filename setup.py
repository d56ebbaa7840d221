"""pyproject.toml describes the package; this adds what lies outside of the packages to a wheel."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHARED = [line.split()[1] for line in Path("MANIFEST.in").read_text("utf-8").splitlines()]
"""Patterns of these files; MANIFEST.in takes them into an sdist, too."""


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


setup(cmdclass={"build_py": BuildPy})
