"""The color of skin from its pigments: melanin, haemoglobin and the yellow of age.

Colors are diffuse reflectances in linear light, Rec.709 primaries, D65 white.

Melanin is counted as *tone*: 0 is the palest Fitzpatrick I, 1 the deepest VI, even
steps darken the green channel by even ratios. The run of red and blue against green
is not Beer's law of one pigment, which turns deep skin orange: measured reflectance
flattens as it darkens, and chroma rises to the middle tones and falls again ("Comparing
skin colours between different skin groups", on spectra of 47 subjects in four groups),
while the redness a* of faces is alike over ethnic groups (Xiao et al. 2017, Skin Research
and Technology, doi 10.1111/srt.12295). The two quadratics below pass within 1 % of
(.58,.40,.31) pale, (.42,.25,.17), (.28,.15,.095) and (.094,.0495,.033) deep. Between the
first two lie 600 Koreans, mean L* 61.7 and b* 17.1 over the body, a* 11.9 on the cheek
(Han et al. 2006, Skin Research and Technology 12(3)), which is about (.46,.27,.19).
"""

from __future__ import annotations

import torch
from torch import Tensor

from reage_training.synth.head import Floats

_GREEN = (-0.9163, -2.0895)  # log reflectance at tone 0, and its change to tone 1
_RED_OVER_GREEN = (0.3716, 0.7725, -0.5028)  # log ratio: constant, tone, tone squared
_BLUE_OVER_GREEN = (-0.2549, -0.6751, 0.5245)

# Relative absorption in R, G, B. Oxyhaemoglobin absorbs some thirty times less at 610 nm
# than at its 542 nm peak (S. Prahl, tabulated molar extinction of hemoglobin, omlc.org);
# broad channels soften the contrast, and the three values were settled by eye.
BLOOD = (0.12, 0.62, 0.46)
# Carotene, bilirubin and glycated collagen absorb blue: the sallow cast of older skin.
YELLOW = (0.03, 0.08, 0.24)


def reflectance(tone: Tensor, blood: Tensor, yellow: Tensor) -> Tensor:
    """Skin albedo (..., 3, h, w) from pigment fields (..., h, w).

    tone: 0 pale .. 1 deep, a little beyond for marks; blood and yellow: more (+) or less
    (-) than the average skin of that tone, in nepers of the reference absorptions. Deep
    skin hides them behind its melanin.
    """
    seen = 1.0 - 0.55 * tone.clamp(0.0, 1.0)
    t = tone.clamp(-0.1, 1.25)
    green = _GREEN[0] + _GREEN[1] * t
    red = green + _RED_OVER_GREEN[0] + t * (_RED_OVER_GREEN[1] + t * _RED_OVER_GREEN[2])
    blue = green + _BLUE_OVER_GREEN[0] + t * (_BLUE_OVER_GREEN[1] + t * _BLUE_OVER_GREEN[2])
    blood, yellow = blood * seen, yellow * seen
    logs = [
        log - BLOOD[c] * blood - YELLOW[c] * yellow for c, log in enumerate((red, green, blue))
    ]
    return torch.stack(logs, -3).exp()


def in_cavity(albedo: Tensor, caught: Tensor) -> Tensor:
    """What skin of an albedo (..., 3, h, w) gives back from inside folds.

    caught: (..., h, w) in 0..1, the share of the light leaving the skin that meets skin again.
    The sum over all bounces is albedo (1 - caught) / (1 - caught albedo): blue and green are
    lost first, so a fold is not only darker but redder.
    """
    share = caught.unsqueeze(-3)
    return albedo * (1.0 - share) / (1.0 - share * albedo)


def plain_skin(tone: float) -> Floats:
    """(3,) reflectance of skin of a tone with nothing on it."""
    none = torch.zeros(1, 1)
    return reflectance(torch.full((1, 1), tone), none, none).flatten().numpy()
