"""The network that is measured beside ours is as large as it says, and its halo holds."""

import torch

from reage.models.model_card import NEEDED
from reage_training.fran_sized import CARD, FranSized


def test_it_is_of_frans_size_and_sees_no_further_than_its_halo():
    torch.manual_seed(0)
    network = FranSized().eval()
    assert 30.9e6 < sum(p.numel() for p in network.parameters()) < 31.5e6
    side = 2 * CARD.halo + 16
    seen = torch.rand(1, 5, side, side)
    other = seen.clone()
    other[..., 0:2, :] += 1.0
    with torch.no_grad():
        told, again = network(seen), network(other)
    moved = (told != again).any(1)[0].any(1)
    assert told.shape == (1, 3, side, side) and (CARD.inputs, CARD.outputs) == (NEEDED, ("delta",))
    assert moved[:2].all() and not moved[CARD.halo + 2 :].any()
