"""Messages of one recording (or one part of it) to one sample: streams with their timing, clocks, mounts, poses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from braid.base.errors import BraidError
from braid.formats.recording.decoders import tried_decoder
from braid.formats.recording.kinds import ASIDE, CAMERA_INFO, ODOMETRY, SOUND_INFO, TRANSFORMS, track_of
from braid.formats.recording.messages import Channel, Message, place
from braid.formats.recording.rig import frame_records
from braid.formats.recording.settling import settle_tracks
from braid.formats.recording.sound import SoundForm, sound_form
from braid.formats.recording.tracks import SizesTrack, Track
from braid.formats.recording.transforms import Transforms
from braid.formats.recording.wire import Decoder
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.model.records import Sample
from braid.model.timing import Stamp

MAX_TOLD = 5
"""Problems of one sort and channel that are listed; the rest is counted."""

Key = tuple[str, str, str]


@dataclass(slots=True, kw_only=True)
class Assembly:
    """Takes messages, gives one sample. Nothing of a message is held but its stamps."""

    files: Sources
    context: ReadContext
    key: str
    source: dict[str, str]
    stamp: Stamp | None = None
    sound: SoundForm | None = None
    tracks: dict[Key, Track] = field(default_factory=dict)
    transforms: Transforms = field(default_factory=Transforms)
    cameras: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    sounds: dict[str, SoundForm] = field(default_factory=dict)
    _decoders: dict[Key, Decoder | None] = field(default_factory=dict)
    _told: Counter[tuple[str, str]] = field(default_factory=Counter)

    def next_part(self, key: str) -> Assembly:
        """An empty assembly that knows what was said once for all: mounts, cameras, forms of sound."""
        return Assembly(
            files=self.files,
            context=self.context,
            key=key,
            source=self.source,
            stamp=self.stamp,
            sound=self.sound,
            transforms=self.transforms.carry(),
            cameras=self.cameras,
            sounds=self.sounds,
            _decoders=self._decoders,
        )

    def take(self, message: Message) -> Iterator[Problem]:
        """One message, and what is wrong with it."""
        channel = message.channel
        key = (channel.topic, channel.type_name, channel.encoding)
        if key not in self._decoders:
            yield from self._opened(key, channel, message)
        decoder = self._decoders[key]
        try:
            value = {} if decoder is None else decoder(message.data)
            if decoder is not None and channel.type_name in ASIDE:
                self._aside(channel, value, message)
                return
            if key not in self.tracks:
                self.tracks[key] = (
                    SizesTrack(channel, self.context.scratch)
                    if decoder is None
                    else track_of(channel, self.files, self.context)
                )
            self.tracks[key].take(message, value)
            if channel.type_name in ODOMETRY:
                self.transforms.add_odometry(value, message.log_ns)
        except (BraidError, RecursionError) as error:
            text = error.letter() if isinstance(error, BraidError) else "it is nested too deeply"
            yield from self._refused(channel, message, text)

    def finish(self) -> Iterator[SampleBundle | Problem]:
        """The sample, when it has a stream, and what was noticed on the way."""
        for (topic, code), count in sorted(self._told.items()):
            if count > MAX_TOLD:
                message = f"{count - MAX_TOLD} more messages of this topic were refused"
                yield Problem(where=f"{self.key}, {topic}", code=code, message=message, rejected=True)
        sample_id = self.context.new_id()
        settled = settle_tracks(self, sample_id)
        yield from settled.problems
        if not settled.streams:
            message = "the recording holds no message that makes a stream"
            yield Problem(where=self.key, code="no-messages", message=message, rejected=True)
            return
        rig = frame_records(self, sample_id, settled)
        yield from rig.problems
        sample = Sample(
            id=sample_id, key=self.key, epoch_ns=settled.origin.epoch_ns, source=dict(self.source)
        )
        yield SampleBundle(sample=sample, records=(*settled.streams, *settled.clocks, *rig.records))

    def _opened(self, key: Key, channel: Channel, message: Message) -> Iterator[Problem]:
        found, odd = tried_decoder(channel, message.data)
        where = place(message.file, message.at)
        self._decoders[key] = None if isinstance(found, str) else found
        if odd:
            text = f"{channel.topic} ({channel.type_name}): {odd}"
            yield Problem(where=where, code="W_DEFINITION_DIFFERS", message=text, rejected=False)
        if isinstance(found, str):
            text = (
                f"messages of {channel.topic} ({channel.type_name or 'no type'}, {channel.encoding}) are not decoded; "
                f"their sizes and times are kept. {found}"
            )
            yield Problem(where=where, code="W_NOT_DECODED", message=text, rejected=False)

    def _aside(self, channel: Channel, value: Mapping[str, Any], message: Message) -> None:
        if channel.type_name in TRANSFORMS:
            self.transforms.add_message(value, message.log_ns, static=channel.topic.endswith("tf_static"))
        elif channel.type_name in CAMERA_INFO:
            self.cameras.setdefault(channel.topic, value)
        elif channel.type_name in SOUND_INFO:
            form = sound_form(
                rate_hz=value.get("sample_rate"),
                channels=value.get("channels"),
                sample=value.get("sample_format"),
            )
            if form is not None:
                self.sounds.setdefault(channel.topic.rpartition("/")[0], form)

    def _refused(self, channel: Channel, message: Message, text: str) -> Iterator[Problem]:
        self._told[channel.topic, "bad-message"] += 1
        if self._told[channel.topic, "bad-message"] <= MAX_TOLD:
            where = f"{place(message.file, message.at)}, {channel.topic}"
            yield Problem(where=where, code="bad-message", message=text, rejected=True)
