"""Baked layers as the pictures that are delivered, with what is said and signed of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reage.fingerprint import sha256_of
from reage.job import RenderJob
from reage.media.imagefile import read_channels
from reage.media.sequence import compact
from reage.models.parts import Strengths
from reage.pixels.plate import Pixels
from reage.progress import span_told
from reage.settings import LIVE, Settings
from reage.shot.finished import Finish, finished, has_alpha, unchanged, with_layers
from reage.shot.footage import Footage
from reage.shot.marks import is_altered, sentence
from reage.trail.baked_shot import BakedShot
from reage.trail.manifest import Ingredient, of_delivery
from reage.trail.signing import Signer


@dataclass(frozen=True)
class Terms:
    """signer: None leaves it unsigned; allowed: of manifest.USES, what those who get it may do;
    watermark: whose invisible one is in it, in words; "" where there is none"""

    signer: Signer | None = None
    allowed: Collection[str] = ()
    watermark: str = ""


@dataclass(frozen=True)
class Mixed:
    """A shot's layers over their plate, frame by frame.

    job, footage: of the plate, or of the layers themselves where their beauty is delivered
    plate:  whether there is one besides them
    blend:  what wins over that of the layers' headers, or None
    hashes: of files that were asked for, kept
    """

    baked: BakedShot
    job: RenderJob
    footage: Footage
    finish: Finish
    plate: bool
    blend: float | None
    hashes: dict[Path, str]

    def picture(self, number: int) -> Pixels:
        """In the finish's space, as `reage render` writes it. Raises PlateError, and SettingsError
        for layers of another plate."""
        output = Path(self.job.output)
        if not self.plate:
            return unchanged(self.finish, self.footage, number, output)
        read, settings = self.footage.both(number), self._settings(number)
        file = self.footage.file(number)
        self.baked.check(number, file, read.own.info, read.space)
        if not self.baked.delta:
            alpha = has_alpha(self.footage, number, output)
            names = "RGBA" if alpha else "RGB"
            result, region, _ = read_channels(self.baked.files[number], tuple(names))
            return finished(self.finish, read.own, read.plate, read.space, result, region)
        strengths = strengths_of(settings)
        layers = self.baked.layers(number, strengths)
        layers = layers.spread(layers.region.union(read.plate.region))
        mixed = (layers, settings, strengths)
        return with_layers(self.finish, self.footage, number, read, *mixed, output)

    def metadata(self, number: int) -> dict[str, object]:
        """What the delivered picture's header says."""
        said = self.baked.said(number)
        for of_the_layers in ("job", "made_from", "colorspace", "pixels"):
            said.pop(of_the_layers, None)
        layers = {"layers_sha256": self._hash(self.baked.files[number])}
        return {**said, **self.live(number), **layers}

    def live(self, *numbers: int) -> dict[str, object]:
        """The strengths by which frames are mixed, where these differ from which to which, in
        words; none of a beauty that was baked."""
        if not (self.plate and self.baked.delta):
            return {}
        each = [self._settings(number) for number in numbers]
        by_name = {name: {getattr(one, name) for one in each} for name in LIVE}
        return {
            name: span_told([*values]) if len(values) > 1 else next(iter(values))
            for name, values in by_name.items()
        }

    def _settings(self, number: int) -> Settings:
        said = self.baked.said(number).get("blend", 1.0)
        blend = float(str(said)) if self.blend is None else self.blend
        return replace(self.job.settings, blend=blend)

    def _hash(self, path: Path) -> str:
        if path not in self.hashes:
            self.hashes[path] = sha256_of(path)
        return self.hashes[path]

    def ingredients(self, numbers: Sequence[int], relation: str) -> list[Ingredient]:
        """Plates, then layers, each file once. relation: of the plates."""
        plates = [self.footage.file(n) for n in numbers] if self.plate else []
        layers = [self.baked.files[n] for n in numbers]
        return [
            Ingredient(path, path.name, how, self._hash(path))
            for how, paths in ((relation, plates), ("componentOf", layers))
            for path in dict.fromkeys(paths)
        ]


def strengths_of(settings: Settings) -> Strengths:
    """As a comp takes them: the hair matte is in the layers."""
    return Strengths(
        settings.detail, settings.form, settings.tone, settings.gray, settings.shape
    )


def sealing(
    output: Path, baked: BakedShot, numbers: Sequence[int], terms: Terms,
    ingredients: Callable[[], Sequence[Ingredient]], live: Mapping[str, object], bundled: bool,
) -> Callable[[Path], object]:  # fmt: skip
    """What is done to a draft of `output` before it takes its place. live: strengths that were
    chosen; bundled: whether the layers are in it as they are."""
    signer = terms.signer
    if signer is None:
        return lambda draft: None
    of_these = baked.only(numbers)
    mark = terms.watermark or "none that ReAge knows of"
    render = {
        **of_these.common(), **live, "invisible_watermark": mark,
        "delivered": compact(baked.frames),
    }  # fmt: skip
    altered = [said for n in numbers if is_altered(said := baked.said(n))]
    what = sentence(altered[0]) if altered else "ReAge found no face in these pictures."

    def seal(draft: Path) -> None:
        signer.sign(draft, of_delivery(
            output.name, render, of_these.consent(), ingredients(), what, terms.allowed,
            bool(altered) and not bundled,
        ), output)  # fmt: skip

    return seal
