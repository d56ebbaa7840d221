"""What does not hold in a shot's trail: pixels, model, consent, signatures."""

from __future__ import annotations

from collections.abc import Sequence

from reage import home
from reage.shaped import short, shown
from reage.trail.against import Against, Say
from reage.trail.line import named, word
from reage.trail.record import Record, said_of_model


def check_whole(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    """Each file can be read, has a trail, and its pixels are those that were written."""
    for one in records:
        if one.trouble:
            wrong(one.trouble)
    if changed := [one for one in records if one.pixels is False and not one.trouble]:
        wrong(f"the pixels of {named(changed)} are not those that were written.")
    layers = [one for one in records if one.path.suffix.lower() == ".exr" and one.said]
    lacking = [one for one in layers if one.pixels is None and not one.trouble]
    if lacking and any(one.pixels for one in layers):
        wrong(f"{named(lacking)} does not say which pixels were written, as the others do.")
    if silent := [one for one in records if one.silent]:
        wrong(f"{named(silent)} has no trail.")


def check_alike(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    """One model and one consent made a shot."""
    speaking = [one for one in records if one.said]
    for name, what in (
        ("model_sha256", "model"), ("card_sha256", "model card"), ("consent", "consent"),
    ):  # fmt: skip
        by_value: dict[str, list[Record]] = {}
        for one in speaking:
            by_value.setdefault(str(one.said.get(name, "")), []).append(one)
        if len(by_value) < 2:
            continue
        if name != "consent" and (lacking := by_value.pop("", None)):
            wrong(f"{named(lacking)} does not name the hash of its {what}, as the others do.")
        if len(by_value) > 1:
            fewest = min(by_value.values(), key=len)
            wrong(f"{named(fewest)} names another {what} than the others.")
    told = (one.said["version"] for one in speaking if "version" in one.said)
    versions = dict.fromkeys(map(word, told))
    if len(versions) > 1:
        note(f"Several versions of ReAge made it: {', '.join(versions)}.")
    reasons = dict.fromkeys(
        str(one.said["past_consent"]) for one in speaking if one.said.get("past_consent")
    )
    for reason in reasons:
        note(f"Rendered past the consent's dates, because: {shown(reason)}")


def check_model(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    """Model and card are those of a file."""
    there = [one for one in records if "model_sha256" in one.said]
    if against.model is None:
        _check_default(there, wrong, note)
        return
    if not there:
        wrong("no file names a model's hash that could be checked.")
        return
    if lacking := [one for one in records if one.said and "model_sha256" not in one.said]:
        wrong(f"{named(lacking)} does not name the hash of its model.")
    if odd := [one for one in there if one.person is None]:
        wrong(
            f"{named(odd)} says of its person strength {short(odd[0].said['person'])}, which is "
            "no number from 0 to 1, so its model cannot be checked."
        )
    holds = not lacking and not odd
    for person in dict.fromkeys(one.person for one in there if one.person is not None):
        asked = said_of_model(against.model, person)
        these = [one for one in there if one.person == person]
        if other := [one for one in these if one.said["model_sha256"] != asked["model_sha256"]]:
            wrong(f"{named(other)} was made by another model than {against.model}.")
            holds = False
            continue
        cards = [one.said["card_sha256"] for one in these if "card_sha256" in one.said]
        if any(card != asked["card_sha256"] for card in cards):
            wrong(f"the card of {against.model} says something else by now.")
    if holds:
        note(f"The model is {against.model}.")


def _check_default(there: Sequence[Record], wrong: Say, note: Say) -> None:
    """Where the default model's name stands, it is that model."""
    if not there:
        return
    default = said_of_model(home.default_model())
    by_name = [one for one in there if one.said.get("model") == default["model"]]
    other = [one for one in by_name if one.said["model_sha256"] != default["model_sha256"]]
    if other:
        wrong(f"{named(other)} names the default model, {default['model']}, and another hash.")
    elif by_name:
        note("The model is the one that comes with this ReAge.")


def check_consent(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    """The consent is the document that was given."""
    if not against.consent:
        return
    other = [one for one in records if one.said and against.consent not in one.consents()]
    if other:
        wrong(f"{named(other)} does not name the consent that was given.")
    else:
        note("The consent is the document that was given.")


def check_signatures(records: Sequence[Record], against: Against, wrong: Say, note: Say) -> None:
    """What signatures say, those of one kind together. Where certificates are trusted, what nobody
    signed does not hold."""
    told: dict[str, list[Record]] = {}
    for one in records:
        if one.signature is not None:
            told.setdefault(one.signature.text(), []).append(one)
    for text, those in told.items():
        found = those[0].signature
        holds = found is not None and found.holds and (found.trusted or not against.anchors)
        (note if holds else wrong)(text if len(those) == 1 else f"{named(those)}: {text}")
    unsigned = [
        one for one in records if one.signature is None and not one.sealed and not one.trouble
    ]
    if unsigned and against.anchors:
        wrong(f"{named(unsigned)} is not signed, so nobody whom you trust vouches for it.")
    elif unsigned and told:
        wrong(f"{named(unsigned)} is not signed, the others are.")
    signed = [one.signature for one in records if one.signature]
    marks = (str(signature.render.get("invisible_watermark", "")) for signature in signed)
    for mark in dict.fromkeys(filter(None, marks)):
        note(f"Invisible watermark, as was signed: {shown(mark)}.")
