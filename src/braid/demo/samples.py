"""The demo's samples, fully labelled and linked, each with an error that a check or a person can find."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np

from braid.demo import pictures, road, talk
from braid.demo.drawing import Rect
from braid.demo.scene import MILLISECOND_NS, Scene, box, span_ms, whole
from braid.model.records import (
    Annotation,
    Calibration,
    Modality,
    Sampling,
    Stream,
    TimedPose,
    Trajectory,
    Word,
)
from braid.model.regions import Cuboid, KeyFrame, Track
from braid.space.pose import Camera, Pose, Quat

ROLES = {"Anna": "customer", "Ben": "agent"}


def street(scene: Scene) -> None:
    """A street with two captions. Planted: "a bicycle" has no region; "A man" of the second caption points at the dog."""
    picture = pictures.street()
    image = scene.stream(
        "image",
        Modality.IMAGE,
        picture.jpeg,
        "street.jpg",
        sampling=Sampling.INSTANT,
        media_type="image/jpeg",
        single=True,
    )
    things = {
        name: scene.entity(class_id, shown)
        for name, class_id, shown in (
            ("man", "man", "the man"),
            ("dog", "dog", "the dog"),
            ("car", "car", "the red car"),
            ("shirt", "upper-wear", "the blue shirt"),
        )
    }
    boxes = {
        name: scene.annotate(image, entity.class_id, box(picture.things[name]), entity=entity)
        for name, entity in things.items()
    }
    scene.annotate(image, "plant", box(picture.things["tree"]))
    first = scene.annotate(
        image, "caption", whole(), text="A man in a blue shirt walks a brown dog past the red car."
    )
    second = scene.annotate(
        image, "caption", whole(), text="A man waits near a vehicle; a bicycle leans on a tree."
    )
    for caption, quote, class_id, name, target in (
        (first, "A man", "man", "man", "man"),
        (first, "a blue shirt", "upper-wear", "shirt", "shirt"),
        (first, "a brown dog", "dog", "dog", "dog"),
        (first, "the red car", "car", "car", "car"),
        (second, "A man", "man", "man", "dog"),
        (second, "a vehicle", "vehicle", "car", "car"),
    ):
        phrase = scene.phrase(caption, quote, class_id, entity=things[name])
        scene.link("refers-to", phrase, boxes[target])
    scene.phrase(second, "a bicycle", "bicycle")


def harbour(scene: Scene) -> None:
    """A harbour with one caption. Planted: the lighthouse is not mentioned, and one gull has no box."""
    picture = pictures.harbour()
    image = scene.stream(
        "image",
        Modality.IMAGE,
        picture.jpeg,
        "harbour.jpg",
        sampling=Sampling.INSTANT,
        media_type="image/jpeg",
        single=True,
    )
    boat, gulls = scene.entity("boat", "the boat"), scene.entity("bird", "the gulls")
    boat_box = scene.annotate(image, "boat", box(picture.things["boat"]), entity=boat)
    gull_box = scene.annotate(image, "bird", box(picture.things["gull-1"]), entity=gulls)
    scene.annotate(image, "building", box(picture.things["lighthouse"]))
    caption = scene.annotate(
        image, "caption", whole(), text="A white boat sails in the evening while two gulls pass overhead."
    )
    scene.link("refers-to", scene.phrase(caption, "A white boat", "boat", entity=boat), boat_box)
    scene.link("refers-to", scene.phrase(caption, "two gulls", "bird", entity=gulls), gull_box)


def crossing(scene: Scene) -> None:
    """A driving moment. Planted: the rider's camera box stands beside the rider, so its projection disagrees."""
    moment_ns = 2_000 * MILLISECOND_NS
    lidar = scene.stream(
        "lidar",
        Modality.POINT_CLOUD,
        road.sweep(),
        "sweep.bin",
        sampling=Sampling.SWEEP,
        media_type="application/x-kitti-bin",
        frame="lidar",
        single=True,
        offset_ns=moment_ns,
    )
    lidar_place = Pose(translation_m=(0.0, 0.0, road.LIDAR_HEIGHT_M))
    scene.records.append(
        Calibration(
            id=scene.new_id(),
            sample=scene.sample.id,
            stream=lidar.id,
            frame="lidar",
            parent_frame="ego",
            parent_from_frame=lidar_place,
        )
    )
    cameras = {camera.name: _camera(scene, camera, moment_ns) for camera in road.CAMERAS}
    scene.records.append(_ego_trajectory(scene, moment_ns))
    drive = road.drive()
    audio = scene.stream(
        "street_audio",
        Modality.AUDIO,
        drive.wav,
        "street.wav",
        sampling=Sampling.CONTINUOUS,
        media_type="audio/wav",
    )
    can = scene.stream(
        "can", Modality.SERIES, drive.csv, "can.csv", sampling=Sampling.EVENT, media_type="text/csv"
    )
    cuboids: dict[str, Annotation] = {}
    for solid in road.SOLIDS:
        thing = scene.entity(solid.label, solid.name)
        cuboids[solid.name] = scene.annotate(lidar, solid.label, _cuboid(solid), entity=thing, at_ns=0)
        for camera in road.CAMERAS:
            rect = road.box_px(solid, camera)
            if rect is None:
                continue
            if solid.name == "rider-1":
                rect = Rect(x0=rect.x0 + 19, y0=rect.y0 + 6, x1=rect.x1 + 19, y1=rect.y1 + 6)
            seen = scene.annotate(cameras[camera.name], solid.label, box(rect), entity=thing, at_ns=0)
            scene.link("same-object", cuboids[solid.name], seen)
    horn = scene.annotate(audio, "horn", span_ms(*drive.horn_ms))
    brake = scene.annotate(can, "braking", span_ms(*drive.brake_ms))
    scene.link("emitted-by", horn, cuboids["van-1"])
    scene.link("reacts-to", brake, horn)


def call_back(scene: Scene) -> None:
    """Two people talk. Planted: Anna's last words are linked to her frown, seconds earlier."""
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "talk.mp4"
        talk.write_clip(clip)
        data = clip.read_bytes()
    video = scene.stream(
        "video", Modality.VIDEO, data, "talk.mp4", sampling=Sampling.INTERVAL, media_type="video/mp4"
    )
    audio = scene.stream(
        "audio", Modality.AUDIO, data, "talk.mp4", sampling=Sampling.CONTINUOUS, media_type="video/mp4"
    )
    people = {name: scene.entity(role, name) for name, role in ROLES.items()}
    faces = {
        name: scene.annotate(video, role, _face_track(name), entity=people[name])
        for name, role in ROLES.items()
    }
    frown = scene.annotate(video, "frown", span_ms(*talk.FROWN_MS), emotion="frustration")
    smile = scene.annotate(video, "smile", span_ms(*talk.SMILE_MS), emotion="joy")
    said = [_utterance(scene, audio, utterance) for utterance in talk.UTTERANCES]
    for utterance, annotation in zip(talk.UTTERANCES, said, strict=True):
        scene.link("spoken-by", annotation, faces[utterance.speaker])
    scene.link("expresses", said[0], frown)
    scene.link("expresses", said[2], frown)
    scene.link("expresses", said[2], smile)


def _utterance(scene: Scene, audio: Stream, utterance: talk.Utterance) -> Annotation:
    words, at = [], 0
    for word, start_ms, end_ms in utterance.words:
        words.append(
            Word(
                start=at,
                end=at + len(word),
                start_ns=start_ms * MILLISECOND_NS,
                end_ns=end_ms * MILLISECOND_NS,
            )
        )
        at += len(word) + 1
    return scene.annotate(
        audio,
        "utterance",
        span_ms(utterance.start_ms, utterance.end_ms),
        speaker=utterance.speaker,
        text=utterance.text,
        words=tuple(words),
        intent=utterance.intent,
        emotion=utterance.emotion,
    )


def _face_track(name: str) -> Track:
    rect = talk.FACES[name]
    frames = []
    for index in range(0, talk.SECONDS * talk.FRAMES_PER_SECOND, 25):
        at_ms = index * 1000 // talk.FRAMES_PER_SECOND
        dx, dy = talk.sway_px(name, at_ms)
        moved = Rect(x0=rect.x0 + dx, y0=rect.y0 + dy, x1=rect.x1 + dx, y1=rect.y1 + dy)
        frames.append(KeyFrame(at_ns=at_ms * MILLISECOND_NS, index=index, shape=box(moved)))
    return Track(key_frames=tuple(frames))


def _cuboid(solid: road.Solid) -> Cuboid:
    x, y, z = solid.centre_m
    return Cuboid(
        frame="lidar",
        centre_m=(x, y, round(z - road.LIDAR_HEIGHT_M, 3)),
        size_m=solid.size_m,
        rotation_wxyz=(math.cos(solid.yaw_rad / 2), 0.0, 0.0, math.sin(solid.yaw_rad / 2)),
    )


def _camera(scene: Scene, camera: road.CameraPose, moment_ns: int) -> Stream:
    stream = scene.stream(
        camera.name,
        Modality.IMAGE,
        road.photo(camera),
        f"{camera.name}.jpg",
        sampling=Sampling.INSTANT,
        media_type="image/jpeg",
        frame=camera.name,
        single=True,
        offset_ns=moment_ns + camera.offset_ms * MILLISECOND_NS,
    )
    scene.records.append(
        Calibration(
            id=scene.new_id(),
            sample=scene.sample.id,
            stream=stream.id,
            frame=camera.name,
            parent_frame="ego",
            parent_from_frame=Pose(
                rotation_wxyz=_ego_from_camera(camera.yaw_rad), translation_m=camera.place_m
            ),
            camera=Camera(
                fx_px=road.FOCAL_PX,
                fy_px=road.FOCAL_PX,
                cx_px=road.CAMERA_WIDTH_PX / 2 - 0.5,
                cy_px=road.CAMERA_HEIGHT_PX / 2 - 0.5,
                width_px=road.CAMERA_WIDTH_PX,
                height_px=road.CAMERA_HEIGHT_PX,
            ),
        )
    )
    return stream


def _ego_from_camera(yaw_rad: float) -> Quat:
    """Camera axes (x right, y down, z forward) to vehicle axes (x forward, y left, z up), turned left by `yaw_rad`."""
    half = yaw_rad / 2
    turn = np.array([math.cos(half), 0.0, 0.0, math.sin(half)])
    upright = np.array([0.5, -0.5, 0.5, -0.5])
    w1, x1, y1, z1 = turn
    w2, x2, y2, z2 = upright
    return (
        float(w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2),
        float(w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2),
        float(w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2),
        float(w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2),
    )


def _ego_trajectory(scene: Scene, moment_ns: int) -> Trajectory:
    poses = []
    for step in range(-10, 11):
        at_ms = step * 20
        poses.append(
            TimedPose(
                at_ns=moment_ns + at_ms * MILLISECOND_NS,
                pose=Pose(translation_m=(road.EGO_SPEED_MPS * at_ms / 1000, 0.0, 0.0)),
            )
        )
    return Trajectory(
        id=scene.new_id(), sample=scene.sample.id, frame="ego", parent_frame="world", poses=tuple(poses)
    )
