"""What leaves the house: baked layers over their plate as a movie, as pictures, or as they are in
a ZIP, signed with the studio's own key. No model runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from reage.errors import OutputError, SettingsError
from reage.job import RenderJob
from reage.media.finished_movie import FinishedMovie
from reage.media.finished_picture import write_picture
from reage.media.overwriting import refuse_overwriting
from reage.media.patterns import has_frame_token
from reage.media.sequence import compact, frame_paths
from reage.progress import Countdown, Progress
from reage.settings import LIVE, Settings
from reage.shot.claiming import claimed
from reage.shot.finished import Finish, finished_job, is_finished, is_movie
from reage.shot.footage import Footage
from reage.shot.marks import movie_spec, picture_spec
from reage.trail.baked_shot import BakedShot, files_of
from reage.trail.held import reading
from reage.trail.library import can_be_signed
from reage.trail.manifest import DELIVERED_BLEND, Ingredient
from reage.trail.mixed import Mixed, Terms, sealing
from reage.trail.packed import pack

UNSIGNED = (
    "No key was given, so nothing is signed: what the files say of themselves anybody can change; "
    "--sign chain.pem --key key.pem signs with yours."
)
UNTRUSTED = (
    "Who checks it reads of an untrusted signer, unless the certificate is on a list of theirs: "
    "the signature is as good as their knowledge of it."
)
UNTIMED = (
    "No time stamp is in it, so that it does not hold any more once the certificate has ended; for "
    "an archive sign with --timestamp URL."
)
NO_WATERMARK = (
    "No invisible watermark is in it that ReAge knows of, for it writes none; where the studio "
    "puts one in, say so with --watermarked."
)

ZIP = ".zip"


@dataclass(frozen=True)
class DeliveryReport:
    """files: what was written; notices: what to know of it"""

    output: str
    files: tuple[Path, ...]
    frames: tuple[int, ...]
    signed: bool
    notices: tuple[str, ...]

    def text(self) -> str:
        how = "signed" if self.signed else "unsigned"
        wrote = f"delivered: {self.output}, frames {compact(self.frames)}, {how}"
        return "\n".join([*self.notices, wrote])

    def document(self) -> dict[str, object]:
        return {
            "output": self.output, "files": [str(f) for f in self.files],
            "frames": list(self.frames), "signed": self.signed, "notices": list(self.notices),
        }  # fmt: skip


def deliver(
    layers: str,
    job: RenderJob,
    blend: float | None = None,
    terms: Terms = Terms(),  # noqa: B008, which is frozen
    progress: Callable[[Progress], object] = lambda _: None,
) -> DeliveryReport:
    """Deliver a shot.

    layers: of `reage render`, such as `out/shot_reage.%04d.exr`
    job:    its plate is that of the layers, "" where their own beauty is delivered; its output
            what is written, the finished picture as `reage render` names it or a .zip of the
            layers; of its settings those count that are live, and how the plate is read
    blend:  None takes what each layers' header says

    The pixels are those that `reage render` writes as a finished picture by the same settings; of
    layers of half floats as near as these are. Layers are read to their last pixel before anything
    is written, and nobody can render them meanwhile. Raises SettingsError, PlateError, OutputError;
    then nothing half-written stays.
    """
    with reading(layers, files_of(layers, job.frames)) as still_kept:
        baked = BakedShot.open(layers, job.frames)
        outputs = _refuse(layers, job, baked, blend, terms)
        baked.require_alike()
        baked.require_intact(numbered=has_frame_token(layers))
        output = Path(job.output)
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            why = f"The folder {output.parent} cannot be made: {e.strerror}."
            raise OutputError(why) from e
        with claimed(output, outputs) as still_ours:
            countdown = Countdown("deliver", len(baked.frames))

            def done(number: int) -> None:
                still_kept()
                still_ours()
                progress(countdown.next(number, "done"))

            return _delivered(layers, job, baked, blend, terms, done)


def _delivered(
    layers: str,
    job: RenderJob,
    baked: BakedShot,
    blend: float | None,
    terms: Terms,
    done: Callable[[int], object],
) -> DeliveryReport:
    """done: called after each frame"""
    output, notices = Path(job.output), _told(terms)
    if output.suffix.lower() == ZIP:
        numbers = iter(baked.frames)
        seal = sealing(
            output, baked, baked.frames, terms,
            lambda: [Ingredient.of(file) for file in baked.files.values()], {}, True,
        )  # fmt: skip
        pack(output, baked.files.values(), seal, lambda: done(next(numbers)))
        files: tuple[Path, ...] = (output,)
    else:
        mixed = _mixed(layers, job, baked, blend)
        notices = [*mixed.footage.notices, *filter(None, [mixed.finish.notice]), *notices]
        if isinstance(shown := mixed.live(*mixed.baked.frames).get("blend"), str):
            notices.append(f"Blend goes from {shown} over the frames, as the layers' headers say.")
        baked, write = mixed.baked, _movie if is_movie(output) else _pictures
        files, more = write(mixed, terms, done)
        notices = [*more, *notices]
    return DeliveryReport(
        job.output, files, baked.frames, terms.signer is not None, tuple(notices)
    )


def _told(terms: Terms) -> list[str]:
    signed = [UNTRUSTED] if terms.signer else [UNSIGNED]
    if terms.signer and not terms.signer.timestamp:
        signed.append(UNTIMED)
    mark = f"Invisible watermark, as stated: {terms.watermark}."
    return [*signed, mark if terms.watermark else NO_WATERMARK]


def _refuse(
    layers: str, job: RenderJob, baked: BakedShot, blend: float | None, terms: Terms
) -> dict[int, Path]:
    """Frame → file that is written, the same for all of a movie or a ZIP. Raises SettingsError for
    what cannot be, before anything is."""
    output, first = Path(job.output), next(iter(baked.files.values()))
    packs = output.suffix.lower() == ZIP
    if not packs and not is_finished(output):
        raise SettingsError(
            "A delivery is written as *.mov, *.mp4, *.png, *.tif, *.jpg, *.dpx, or as *.zip with "
            f"the layers as they are; not {job.output}."
        )
    if terms.signer and not can_be_signed(output):
        raise SettingsError(
            f"{output.suffix.upper()[1:]} files hold no signature; deliver TIFF, or leave --sign "
            "away."
        )
    chosen = [name for name in LIVE if getattr(job.settings, name) != getattr(Settings(), name)]
    chosen += ["blend"] if blend is not None and "blend" not in chosen else []
    flags = " and ".join(f"--{name.replace('_', '-')}" for name in chosen)
    if packs and chosen:
        raise SettingsError(f"A ZIP holds the layers as they are, so {flags} changes nothing.")
    if not packs and not job.plate and not baked.beauty:
        raise SettingsError(
            f"{first} holds no beauty; say with --plate what it is added to, or render with "
            "--layers delta,matte,beauty."
        )
    if not packs and not baked.delta and not baked.beauty:
        raise SettingsError(f"{first} holds neither delta and matte nor a beauty to deliver.")
    if not packs and chosen and not (job.plate and baked.delta):
        raise SettingsError(
            f"{flags} acts on plate, delta and matte; give --plate, and layers that hold them."
        )
    inputs = [("plate", job.plate or None), ("layers", layers)]
    if terms.signer:
        inputs += [
            ("certificate", str(terms.signer.certificates)), ("key", str(terms.signer.key))
        ]  # fmt: skip
    outputs = _outputs(job, baked)
    refuse_overwriting(outputs.values(), inputs)
    return outputs


def _outputs(job: RenderJob, baked: BakedShot) -> dict[int, Path]:
    output = Path(job.output)
    if output.suffix.lower() == ZIP or is_movie(output):
        return dict.fromkeys(baked.frames, output)
    return frame_paths(job.output, baked.frames)


def _mixed(layers: str, job: RenderJob, baked: BakedShot, blend: float | None) -> Mixed:
    plate = job.plate != ""
    settings, first = job.settings, baked.frames[0]
    if not plate:
        space = settings.colorspace or str(baked.said(first).get("colorspace", "")) or None
        settings = replace(settings, colorspace=space)
    job = finished_job(replace(
        job, plate=job.plate or layers, settings=settings,
        frames=compact(baked.frames).replace(" ", ""),
    ))  # fmt: skip
    footage = Footage.open(job)
    finish = Finish.of(job.output, footage)
    assert finish is not None, "a finished picture's name"
    if plate:
        baked.check(first, footage.file(first), footage.info(first), footage.space)
    baked = baked.only(footage.frames)  # not those that the plate lacks
    return Mixed(baked, job, footage, finish, plate, blend, {})


def _pictures(
    mixed: Mixed, terms: Terms, done: Callable[[int], object]
) -> tuple[tuple[Path, ...], list[str]]:
    """Each signed by itself: a picture is what is passed on alone."""
    outputs, of_all = _outputs(mixed.job, mixed.baked), mixed.live(*mixed.baked.frames)
    shown = {DELIVERED_BLEND: of_all["blend"]} if of_all else {}
    for number, path in outputs.items():
        metadata = mixed.metadata(number)
        spec = picture_spec(mixed.finish, mixed.footage.info(number), metadata)
        seal = sealing(
            path, mixed.baked, (number,), terms, partial(mixed.ingredients, (number,), "parentOf"),
            mixed.live(number) | shown, False,
        )  # fmt: skip
        write_picture(path, mixed.picture(number), spec, seal)
        done(number)
    return tuple(outputs.values()), []


def _movie(
    mixed: Mixed, terms: Terms, done: Callable[[int], object]
) -> tuple[tuple[Path, ...], list[str]]:
    output, frames = Path(mixed.job.output), mixed.baked.frames
    relation = "componentOf" if mixed.footage.shot.movie is None else "parentOf"
    said = mixed.metadata(frames[0]) | mixed.live(*frames)
    spec, notices = movie_spec(mixed.footage, mixed.finish, said, mixed.job.rate)
    seal = sealing(
        output, mixed.baked, frames, terms, lambda: mixed.ingredients(frames, relation),
        mixed.live(*frames), False,
    )  # fmt: skip
    movie = FinishedMovie(output, spec, seal)
    try:
        for number in frames:
            movie.write(mixed.picture(number))
            done(number)
        movie.close()
    finally:
        movie.abandon()
    return (output,), [*notices, *movie.notices]
