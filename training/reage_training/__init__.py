"""Synthetic faces, and the network, training, measuring and export of ReAge's own models.

The only package that imports torch. Its door is the `reage-train` command.
"""
