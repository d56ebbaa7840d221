"""Where each import package lives; everything else stands in pyproject.toml."""

from setuptools import find_packages, setup

ROOTS = {"inference": "reage*", "training": "reage_training*"}

packages = [name for root, include in ROOTS.items() for name in find_packages(root, [include])]
setup(
    packages=packages,
    package_dir={name: f"{root}/{name}" for root in ROOTS for name in find_packages(root)},
    package_data={"reage": ["models/*.onnx", "models/*.json", "py.typed"]},
)
