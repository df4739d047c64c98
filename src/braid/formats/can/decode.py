"""Bytes of many frames of one message to the physical values of its signals, all frames at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from braid.formats.can.dbc import Message, Signal, bits_of

Values = NDArray[np.float64]
Bytes = NDArray[np.uint8]

EXACT_BITS = 52


def decode(message: Message, data: Bytes, lengths: NDArray[np.integer]) -> dict[str, Values]:
    """Values (N,) by signal of data (N, W), of which `lengths` (N,) bytes were sent.

    NaN where a frame is too short for a signal, or its multiplexer selects another.
    """
    width = max(message.length, 1)
    if data.shape[1] < width:
        data = np.pad(data, ((0, 0), (0, width - data.shape[1])))
    bits = np.unpackbits(np.ascontiguousarray(data[:, :width]), axis=1)
    raws = {signal.name: raw_of(signal, bits) for signal in message.signals}
    by_name = {signal.name: signal for signal in message.signals}
    answer: dict[str, Values] = {}
    for signal in message.signals:
        needed = max(bits_of(signal)) // 8 + 1
        there = (lengths >= needed) & _selected(signal, by_name, raws)
        answer[signal.name] = np.where(there, physical(signal, raws[signal.name]), np.nan)
    return answer


def raw_of(signal: Signal, bits: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The signal's bits (N,) as they stand, without sign."""
    count = len(bits)
    wide = np.zeros((count, 64), dtype=np.uint8)
    wide[:, 64 - signal.length :] = bits[:, bits_of(signal)]
    return np.packbits(wide, axis=1).view(">u8").reshape(count).astype(np.uint64)


def physical(signal: Signal, raw: NDArray[np.uint64]) -> Values:
    """What the raw numbers mean, `raw * scale + offset` (N,); raw read as signed or as an IEEE number where the signal says so."""
    if signal.float_bits == 32:
        return raw.astype(np.uint32).view(np.float32).astype(np.float64) * signal.scale + signal.offset
    if signal.float_bits == 64:
        return raw.view(np.float64) * signal.scale + signal.offset
    whole = _signed(raw, signal.length) if signal.signed else raw
    if signal.length > EXACT_BITS and signal.scale.is_integer() and signal.offset.is_integer():
        # Beyond what a float holds the sum is made in whole numbers and rounded once.
        scale, offset = int(signal.scale), int(signal.offset)
        return np.array([float(int(one) * scale + offset) for one in whole], dtype=np.float64)
    return whole.astype(np.float64) * signal.scale + signal.offset


def _signed(raw: NDArray[np.uint64], length: int) -> NDArray[np.int64]:
    shift = np.uint64(64 - length)
    return (raw << shift).view(np.int64) >> np.int64(64 - length)


def _selected(
    signal: Signal, by_name: dict[str, Signal], raws: dict[str, NDArray[np.uint64]]
) -> NDArray[np.bool_]:
    """Where the multiplexers above the signal select it, (N,)."""
    there = np.ones(len(raws[signal.name]), dtype=np.bool_)
    at = signal
    while at.selected:
        chosen = raws[at.selector]
        hit = np.zeros(len(there), dtype=np.bool_)
        for low, high in at.selected:
            hit |= (chosen >= low) & (chosen <= high)
        there &= hit
        at = by_name[at.selector]
    return there
