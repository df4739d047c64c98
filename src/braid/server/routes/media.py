"""Bytes of streams: originals with Range, and what is derived from them for screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from braid.server.bodies import FramesBody, PeaksBody, PointsBody, SeriesBody, SpectrogramBody, TextBody
from braid.server.openapi import operation
from braid.server.ranges import bytes_answer, file_answer
from braid.server.routes.params import Name, ReadingIndex, StreamId
from braid.server.service import Service
from braid.server.wire import MAX_SEQ
from braid.work.media_access import Bytes, Param, Passing

FrameIndex = Annotated[int, Path(ge=0, le=100_000_000, description="Index of a video frame.")]
FromNs = Annotated[
    int | None, Query(ge=-MAX_SEQ, le=MAX_SEQ, description="Start of the window in media time.")
]
ToNs = Annotated[int | None, Query(ge=-MAX_SEQ, le=MAX_SEQ, description="End (exclusive) of the window.")]
Bins = Annotated[int, Query(ge=1, le=20_000, description="At most this many bins per channel.")]
Only = Annotated[
    str,
    Query(
        max_length=400,
        pattern=r"^(\d{1,3}(,\d{1,3})*)?$",
        description="Indexes of the channels to read, with commas; the others are only named. Empty for all.",
    ),
]
STREAM = "/projects/{project}/streams/{stream}"


def routes(service: Service) -> APIRouter:
    """Routes below a stream."""
    router = APIRouter(tags=["media"])
    access = service.media

    def add(path: str, handler: Callable[..., Any], **documentation: Any) -> None:
        said = {
            "errors": (404, 416),
            "headers": {"ETag": "Names the bytes; they never change."},
            **documentation,
        }
        router.add_api_route(STREAM + path, handler, methods=["GET"], **operation(**said))
        router.add_api_route(
            STREAM + path, handler, methods=["HEAD"], include_in_schema=False, response_model=None
        )

    async def send(
        request: Request, project: str, stream: str, kind: str, *, reading: int = 0, **params: int
    ) -> Response:
        def work() -> Bytes:
            found = access.stream(service.project(project), stream)
            return access.derived(kind, found, reading=reading, params=params)

        made = await to_thread.run_sync(work)
        return file_answer(request, made.path, media_type=made.media_type, etag=made.digest)

    async def read_media(
        request: Request, project: Name, stream: StreamId, reading: ReadingIndex = 0
    ) -> Response:
        """The original bytes, or a proxy that browsers play; answers Range requests."""

        def work() -> Bytes:
            found = access.stream(service.project(project), stream)
            return access.playable(found, reading=reading)

        made = await to_thread.run_sync(work)
        return file_answer(request, made.path, media_type=made.media_type, etag=made.digest)

    async def read_thumbnail(request: Request, project: Name, stream: StreamId) -> Response:
        """A WebP of at most 320 pixels."""
        return await send(request, project, stream, "thumbnail")

    async def read_picture(
        request: Request, project: Name, stream: StreamId, reading: ReadingIndex = 0
    ) -> Response:
        """What an <img> can show: upright, 8 bits."""
        return await send(request, project, stream, "picture", reading=reading)

    async def read_frames(request: Request, project: Name, stream: StreamId) -> Response:
        """The frame table of a video."""
        return await send(request, project, stream, "frames")

    async def read_frame(request: Request, project: Name, stream: StreamId, index: FrameIndex) -> Response:
        """One video frame, decoded exactly, as WebP."""
        return await send(request, project, stream, "frame", index=index)

    async def read_peaks(request: Request, project: Name, stream: StreamId) -> Response:
        """What peaks.bin holds."""
        return await send(request, project, stream, "peaks")

    async def read_peaks_bin(request: Request, project: Name, stream: StreamId) -> Response:
        """Minimum and maximum of the sound at several resolutions."""
        return await send(request, project, stream, "peaks.bin")

    async def read_points(
        request: Request, project: Name, stream: StreamId, reading: ReadingIndex = 0
    ) -> Response:
        """What points.bin holds."""
        return await send(request, project, stream, "points", reading=reading)

    async def read_points_bin(
        request: Request, project: Name, stream: StreamId, reading: ReadingIndex = 0
    ) -> Response:
        """The points of one sweep in tiles of 16-bit numbers."""
        return await send(request, project, stream, "points.bin", reading=reading)

    async def read_text(request: Request, project: Name, stream: StreamId) -> Response:
        """The text, decoded."""
        return await send(request, project, stream, "text")

    async def read_series(
        request: Request,
        project: Name,
        stream: StreamId,
        from_ns: FromNs = None,
        to_ns: ToNs = None,
        bins: Bins = 1000,
        only: Only = "",
    ) -> Response:
        """A window of a numeric series, in bins."""
        window: dict[str, Param] = {
            name: value for name, value in (("from_ns", from_ns), ("to_ns", to_ns)) if value is not None
        }
        if only:
            window["only"] = tuple(int(index) for index in only.split(","))

        def work() -> Passing:
            found = access.stream(service.project(project), stream)
            return access.passing("series", found, params={"bins": bins, **window})

        made = await to_thread.run_sync(work)
        return bytes_answer(request, made.data, media_type=made.media_type, etag=made.digest)

    async def read_spectrogram(request: Request, project: Name, stream: StreamId) -> Response:
        """What spectrogram.bin holds."""
        return await send(request, project, stream, "spectrogram")

    async def read_spectrogram_bin(request: Request, project: Name, stream: StreamId) -> Response:
        """How loud each band of frequencies is, at several resolutions; ask for parts with Range."""
        return await send(request, project, stream, "spectrogram.bin")

    octets = "application/octet-stream"
    add("/media", read_media, media_type="*/*", says="The bytes.")
    add("/thumbnail", read_thumbnail, media_type="image/webp", says="A small picture.")
    add("/picture", read_picture, media_type="image/*", says="A picture.")
    add("/frames", read_frames, answer=FramesBody)
    add("/frame/{index}", read_frame, media_type="image/webp", says="A picture.")
    add("/peaks", read_peaks, answer=PeaksBody)
    add("/peaks.bin", read_peaks_bin, media_type=octets, says="Bytes.")
    add("/spectrogram", read_spectrogram, answer=SpectrogramBody)
    add("/spectrogram.bin", read_spectrogram_bin, media_type=octets, says="Bytes.")
    add("/points", read_points, answer=PointsBody)
    add("/points.bin", read_points_bin, media_type=octets, says="Bytes.")
    add("/text", read_text, answer=TextBody)
    add("/series", read_series, answer=SeriesBody)
    return router
