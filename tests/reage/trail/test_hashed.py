"""Names of content."""

import hashlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reage.fingerprint import sha256_of
from reage.trail.hashed import content_name, named_content


@given(st.binary(max_size=64))
def test_a_name_gives_back_its_hash(data):
    digest = hashlib.sha256(data).hexdigest()
    name = content_name(digest)
    assert named_content(name) == digest and "=" not in name


def test_the_name_that_rfc_6920_gives_as_its_example():
    """Section 8.1, "Hello World!"."""
    digest = hashlib.sha256(b"Hello World!").hexdigest()
    assert content_name(digest) == "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk"


@given(st.text())
def test_other_names_are_of_no_content(text):
    for name in (text, "xmp.iid:" + text):
        assert named_content(name) == "" or name.startswith("ni:///sha-256;")


def test_a_file_is_hashed_whatever_its_size(tmp_path):
    for size in (0, 1, (1 << 20) + 1):
        path = Path(tmp_path / "f")
        path.write_bytes(b"x" * size)
        assert sha256_of(path) == hashlib.sha256(b"x" * size).hexdigest()
