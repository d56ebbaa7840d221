# SPDX-License-Identifier: GPL-3.0-or-later
"""The node group ReAge: native nodes that add baked layers to the plate.

    delta  = ((D + (detail − 1) × detail part + … form … tone) × matte + hair × hair matte × gray)
             × blend × mask × gate
    result = plate + delta, moved by shape × mask × gate

gate  1 where the bake of the frame is to be seen, by `Fresh`, a curve of steps: 1 where a frame's
      bake is up to date, 0.5 where it is stale, 0 where there is none
Blender and no Python of ReAge's computes all of it, so that a file shows its bake everywhere.
"""

from __future__ import annotations

from typing import Any

import bpy

from reage.settings import ALL, Setting
from reage_blender import versions
from reage_blender.properties import MARK, STALE, VIEWS

MARKED = "reage_group"
"""A property that node groups of ours have."""

LAYERS, FRESH, THRESHOLD, RED, VIEW, SPLIT_AT = (
    "Layers", "Fresh", "Threshold", "Red", "View", "Split at"
)  # fmt: skip
"""Nodes inside that are set from outside."""

FRESH_PATH = f'nodes["{FRESH}"].outputs[0].default_value'

SLIDERS = tuple(s for s in ALL if s.live and s.label)
"""Settings that are sockets of the group, by their labels."""

WIRES = (
    ("reage_delta", "Whole", 6), ("reage_delta_detail", "Detail part", 6),
    ("reage_delta_form", "Form part", 6), ("reage_delta_tone", "Tone part", 6),
    ("reage_matte", "Face", 7), ("reage_matte", "Any matte", 0), ("reage_delta_hair", "Hair", 6),
    ("reage_matte_hair", "Hair matte", 0), ("reage_shape", "Offsets", 0),
    ("reage_guess_hair", "Guess view", 2),
)  # fmt: skip
"""(layer, node, which input) of what is wired once a file with layers is there."""


def is_reage(tree: Any) -> bool:
    return tree is not None and bool(tree.get(MARKED))


def make(name: str = "ReAge") -> Any:
    """A new node group that shows the plate until it is baked."""
    tree = bpy.data.node_groups.new(name, versions.TREE)
    tree[MARKED] = 1
    _Builder(tree).build()
    return tree


def wire(tree: Any) -> None:
    """Lead the layers that the Image node inside finds in its files to where they count."""
    layers = tree.nodes[LAYERS]
    for name, node, index in WIRES:
        source = next((o for o in layers.outputs if o.name == name), None)
        target = tree.nodes[node].inputs[index]
        if source is not None and not target.is_linked:
            tree.links.new(source, target)


def show_as_asked(tree: Any) -> None:
    """Set the nodes inside by what the group is to show."""
    asked = tree.reage
    red, stale = asked.when_not_baked == MARK, asked.when_not_baked == STALE
    values = {
        VIEW: VIEWS.index(asked.view), SPLIT_AT: asked.split_at, RED: red,
        THRESHOLD: 0.25 if stale else 0.75,
    }  # fmt: skip
    for name, value in values.items():
        tree.nodes[name].outputs[0].default_value = float(value)


class _Builder:
    """Puts the nodes down, from left to right."""

    def __init__(self, tree: Any) -> None:
        self.tree, self.at = tree, 0

    def build(self) -> None:
        into = self._sockets()
        self._node("CompositorNodeImage", LAYERS)
        fresh, threshold, red, view, split_at = (
            self._value(name) for name in (FRESH, THRESHOLD, RED, VIEW, SPLIT_AT)
        )
        plate, mask = into["Plate"], into["Mask"]
        split = self._math("COMPARE", view, VIEWS.index("split"), 0.5, name="Is split")
        left = self._math("LESS_THAN", self._across(plate), split_at, name="Left of it")
        right = self._math("SUBTRACT", 1.0, self._math("MULTIPLY", split, left), name="Shown side")
        gate = self._math("GREATER_THAN", fresh, threshold, name="Gate")
        held = self._math("MULTIPLY", self._math("MULTIPLY", mask, right), gate, name="Held")
        amount = self._math("MULTIPLY", held, into["Blend"], name="Amount")

        delta = self._mix("ADD", None, (0, 0, 0, 0), name="Whole")
        for part in ("Detail", "Form", "Tone"):
            less = self._math("SUBTRACT", into[part], 1.0, name=f"{part} less one")
            delta = self._mix("ADD", delta, self._mix("MULTIPLY", None, less, name=f"{part} part"))
        face = self._mix("MULTIPLY", delta, None, name="Face")
        grayed = self._math("MULTIPLY", None, into["Gray"], name="Hair matte")
        hair = self._mix("MULTIPLY", None, grayed, name="Hair")
        delta = self._mix("MULTIPLY", self._mix("ADD", face, hair), amount, name="Delta")
        added = self._mix("ADD", plate, delta, name="Add")

        shape = self._math("MULTIPLY", self._math("MULTIPLY", held, into["Shape"]), -1.0)
        offsets = self._node("ShaderNodeVectorMath", "Offsets")
        offsets.operation = "SCALE"
        self.tree.links.new(shape, offsets.inputs["Scale"])
        moved = versions.displace(self.tree, added, offsets.outputs[0])
        moves = self._math("GREATER_THAN", into["Shape"], 0.0, name="Moves")
        result = self._switch(moves, added, moved, name="Moved")

        late = self._math("LESS_THAN", fresh, 0.75, name="Not up to date")
        late = self._math("MULTIPLY", late, red, name="In red")
        result = self._mix("MULTIPLY", result, (1.0, 0.1, 0.1, 1.0), late, name="Reddened")

        matte = self._math("MAXIMUM", None, grayed, name="Any matte")
        matte = self._math("MULTIPLY", matte, amount, name="Matte")
        views = {"plate": plate, "delta": delta, "matte": matte, "hair guess": None}
        for name, seen in views.items():
            chosen = self._math("COMPARE", view, VIEWS.index(name), 0.5, name=f"Is {name}")
            title = "Guess view" if seen is None else f"{name.capitalize()} view"
            result = self._switch(chosen, result, seen, name=title)
        out = self._node("NodeGroupOutput", "Group Output")
        for socket, value in zip(out.inputs, (result, delta, matte), strict=False):
            self.tree.links.new(value, socket)
        show_as_asked(self.tree)

    def _sockets(self) -> dict[str, Any]:
        """The group's own; the inputs by their names."""
        new = self.tree.interface.new_socket
        new("Plate", in_out="INPUT", socket_type="NodeSocketColor", description="The plate as it "
            "comes from an Image or Movie Clip node.").default_value = (0, 0, 0, 0)  # fmt: skip
        mask = new("Mask", in_out="INPUT", socket_type="NodeSocketFloat", description="Holds "
                   "change and shape back where it is black. Live: needs no bake.")  # fmt: skip
        mask.default_value, mask.min_value, mask.max_value = 1.0, 0.0, 1.0
        mask.subtype = "FACTOR"
        for setting in SLIDERS:
            self._slider(setting)
        for name, kind in (("Image", "Color"), ("Delta", "Color"), ("Matte", "Float")):
            new(name, in_out="OUTPUT", socket_type=f"NodeSocket{kind}")
        return {o.name: o for o in self._node("NodeGroupInput", "Group Input").outputs}

    def _slider(self, setting: Setting) -> None:
        assert setting.limits is not None, "all that is live has limits"
        socket = self.tree.interface.new_socket(
            setting.label, in_out="INPUT", socket_type="NodeSocketFloat",
            description=f"{setting.help} Live: needs no bake.",
        )  # fmt: skip
        socket.default_value = setting.default
        socket.min_value, socket.max_value = setting.limits
        socket.subtype = "FACTOR"

    def _node(self, kind: str, name: str) -> Any:
        node = self.tree.nodes.new(kind)
        node.name, node.location = name or node.name, (self.at % 2400, -260 * (self.at // 2400))
        node.label = name
        self.at += 200
        return node

    def _value(self, name: str) -> Any:
        node = self._node("ShaderNodeValue", name)
        node.outputs[0].default_value = 0.0
        return node.outputs[0]

    def _across(self, plate: Any) -> Any:
        """How far right each pixel is, 0 to 1."""
        coordinates = self._node("CompositorNodeImageCoordinates", "Across")
        self.tree.links.new(plate, coordinates.inputs[0])
        apart = self._node("ShaderNodeSeparateXYZ", "Across alone")
        self.tree.links.new(coordinates.outputs["Normalized"], apart.inputs[0])
        return apart.outputs[0]

    def _math(self, operation: str, *values: Any, name: str = "") -> Any:
        node = self._node("ShaderNodeMath", name)
        node.operation = operation
        self._fill(node.inputs, values)
        return node.outputs[0]

    def _mix(self, blend: str, a: Any, b: Any, factor: Any = 1.0, name: str = "") -> Any:
        node = self._node("ShaderNodeMix", name)
        node.data_type, node.blend_type = "RGBA", blend
        self._fill([node.inputs[k] for k in (0, 6, 7)], (factor, a, b))
        return node.outputs[2]

    def _switch(self, which: Any, off: Any, on: Any, name: str) -> Any:
        """One of both as it is, by a value that holds for all of a frame; a mix of infinity with
        nothing is no number."""
        node = self._node("CompositorNodeSwitch", name)
        self._fill(node.inputs, (which, off, on))
        return node.outputs[0]

    def _fill(self, sockets: Any, values: Any) -> None:
        """Each socket's value; None is what `wire` brings, nothing until then."""
        for socket, value in zip(sockets, values, strict=False):
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, socket)
            elif value is None:
                socket.default_value = (0, 0, 0, 0) if socket.type == "RGBA" else 0.0
            else:
                socket.default_value = value
