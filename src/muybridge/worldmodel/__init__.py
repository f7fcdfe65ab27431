"""The net: one frame-causal transformer that reads and writes text and video.

It knows tensors, tokens and frames; it knows no file, no row and no request. `config` and `text` are light (no torch),
so that a door may check a request against a table of limits without loading the network.
"""
