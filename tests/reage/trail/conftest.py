"""What the trail's tests share: a small shot that was baked, keys, and the command."""

import pytest

from helpers.certificates import certified
from helpers.deliveries import baked, copied
from reage import cli
from reage.trail.signing import Signer


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return certified(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def signer(keys):
    return Signer.open(*keys)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Of scene-linear floats; tests read it."""
    return baked(tmp_path_factory.mktemp("exr"))


@pytest.fixture
def own(shared, tmp_path):
    """Layers to be spoilt."""
    return copied(shared, tmp_path / "own")


@pytest.fixture
def ask(capsys):
    """What `reage provenance` prints, and its exit code."""

    def asked(*words):
        capsys.readouterr()
        code = cli.main(["provenance", *map(str, words)])
        out, err = capsys.readouterr()
        return code, out + err

    return asked
