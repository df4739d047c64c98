"""Which message types become pictures, sweeps, sound, frames of reference; all others become series."""

from __future__ import annotations

from braid.formats.recording.messages import Channel
from braid.formats.recording.moving_pictures import VideoTrack
from braid.formats.recording.tracks import (
    CompressedPictures,
    RawPictures,
    SeriesTrack,
    SoundTrack,
    Sweeps,
    Track,
)
from braid.formats.seam import ReadContext, Sources

RAW_PICTURES = {"sensor_msgs/Image", "foxglove.RawImage", "foxglove_msgs/RawImage"}
COMPRESSED_PICTURES = {
    "sensor_msgs/CompressedImage",
    "foxglove.CompressedImage",
    "foxglove_msgs/CompressedImage",
}
SWEEPS = {"sensor_msgs/PointCloud2", "foxglove.PointCloud", "foxglove_msgs/PointCloud"}
VIDEO = {"foxglove.CompressedVideo", "foxglove_msgs/CompressedVideo"}
SOUND = {
    "audio_common_msgs/AudioData",
    "audio_common_msgs/AudioDataStamped",
    "foxglove.RawAudio",
    "foxglove_msgs/RawAudio",
}
SOUND_INFO = {"audio_common_msgs/AudioInfo"}
TRANSFORMS = {
    "tf2_msgs/TFMessage",
    "tf/tfMessage",
    "foxglove.FrameTransforms",
    "foxglove.FrameTransform",
    "foxglove_msgs/FrameTransforms",
    "foxglove_msgs/FrameTransform",
}
CAMERA_INFO = {"sensor_msgs/CameraInfo", "foxglove.CameraCalibration", "foxglove_msgs/CameraCalibration"}
ODOMETRY = {"nav_msgs/Odometry"}
EVENTS = {"std_msgs/String", "std_msgs/Bool", "std_msgs/Empty", "rcl_interfaces/Log", "rosgraph_msgs/Log"}

ASIDE = SOUND_INFO | TRANSFORMS | CAMERA_INFO
"""Types that make no stream of their own."""


def track_of(channel: Channel, files: Sources, context: ReadContext) -> Track:
    """What collects the messages of a channel."""
    name = channel.type_name
    if name in RAW_PICTURES:
        return RawPictures(channel, files, context)
    if name in COMPRESSED_PICTURES:
        return CompressedPictures(channel, files, context)
    if name in SWEEPS:
        return Sweeps(channel, files, context)
    if name in VIDEO:
        return VideoTrack(channel, context)
    if name in SOUND:
        return SoundTrack(channel, context)
    return SeriesTrack(channel, context.scratch)
