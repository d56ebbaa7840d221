"""The critic tells made changes from true ones, and leaves the network's weights alone."""

from __future__ import annotations

import copy

import torch
import torch.nn.functional as F
from torch import Tensor

from reage_training.critic import SIZES, Critic, Patches
from reage_training.network import INPUTS
from reage_training.schedule import CRITIC_SEES

CPU = torch.device("cpu")
SIDE = 64
SKIN = torch.ones(4, 1, SIDE, SIDE)


def pictures(seed: int) -> tuple[Tensor, Tensor]:
    """Pictures with a pattern, and changes that follow it."""
    source = torch.Generator().manual_seed(seed)
    coarse = torch.rand(4, INPUTS, SIDE // 4, SIDE // 4, generator=source)
    picture = F.interpolate(coarse, scale_factor=4.0, mode="bilinear")
    return picture, 0.2 * (picture[:, 5:8] - 0.5)


def learned(steps: int, wrong: str) -> tuple[Critic, list[float]]:
    critic = Critic.begin(1, CPU)
    losses = []
    for step in range(steps):
        picture, truth = pictures(step)
        losses.append(critic.learn(picture, false(truth, wrong), truth, SKIN))
    return critic, losses


def false(truth: Tensor, wrong: str) -> Tensor:
    """As strong, but of another pattern; or the same at half its strength."""
    return truth.roll((3, 5), (-2, -1)) if wrong == "elsewhere" else truth / 2


def test_it_learns_that_lines_lie_elsewhere_than_in_the_pattern() -> None:
    critic, losses = learned(120, "elsewhere")
    assert 1.8 < losses[0] < 2.2 and sum(losses[-5:]) / 5 < 1.4
    picture, truth = pictures(1000)
    made = false(truth, "elsewhere")
    assert critic.doubt(picture, made, SKIN) > critic.doubt(picture, truth, SKIN) + 0.3


def test_it_learns_that_half_the_strength_is_no_true_change() -> None:
    critic, losses = learned(70, "faint")
    assert sum(losses[-5:]) / 5 < 0.5 * losses[0]
    picture, truth = pictures(1000)
    faint = (truth / 2).requires_grad_()
    doubt = critic.doubt(picture, faint, SKIN)
    assert doubt > critic.doubt(picture, truth, SKIN)
    doubt.backward()  # type: ignore[no-untyped-call]
    assert faint.grad is not None and float((faint.grad * truth).sum()) < 0  # more of it, please
    assert all(p.requires_grad for p in critic.net.parameters())


def test_its_doubt_moves_none_of_its_own_weights_and_its_learning_none_of_the_networks() -> None:
    critic, (picture, truth) = Critic.begin(1, CPU), pictures(1)
    made = (truth / 2).requires_grad_()
    critic.doubt(picture, made, SKIN).backward()  # type: ignore[no-untyped-call]
    assert all(p.grad is None for p in critic.net.parameters())
    made.grad = None
    critic.learn(picture, made, truth, SKIN)
    assert made.grad is None


def test_where_there_is_no_skin_it_has_nothing_to_say() -> None:
    critic, (picture, truth) = Critic.begin(1, CPU), pictures(1)
    assert critic.doubt(picture, truth, SKIN * 0) == 0
    before = [p.clone() for p in critic.net.parameters()]
    critic.learn(picture, truth * float("nan"), truth, SKIN)
    assert all(torch.equal(a, b) for a, b in zip(before, critic.net.parameters(), strict=True))


def test_the_smallest_window_it_is_let_at_has_a_patch_of_each_size() -> None:
    patches = Patches()(torch.zeros(1, INPUTS + 3, CRITIC_SEES, CRITIC_SEES))
    assert len(patches) == len(SIZES) and patches[-1].shape[-2:] == (1, 1)


def test_it_goes_on_where_it_was_saved() -> None:
    (a, _), (b, _) = learned(2, "faint"), learned(0, "faint")
    b.load_state_dict(copy.deepcopy(a.state_dict()))
    picture, truth = pictures(9)
    for critic in (a, b):
        critic.learn(picture, truth / 2, truth, SKIN)
    pairs = zip(a.net.parameters(), b.net.parameters(), strict=True)
    assert all(torch.equal(x, y) for x, y in pairs)
