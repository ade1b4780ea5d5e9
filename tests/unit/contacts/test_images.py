"""A photo is judged by its content, stripped of its metadata and made small."""

import io
import struct
import zlib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from hotline.core.errors import Refusal
from hotline.domain.contacts.images import MOST_BYTES, Location, clean


def photo(
    size: tuple[int, int] = (40, 30),
    *,
    form: str = "JPEG",
    mode: str = "RGB",
    gps: Mapping[int, object] | None = None,
    orientation: int | None = None,
) -> bytes:
    image = Image.new(mode, size, 1 if mode == "P" else None)
    exif = Image.Exif()
    if orientation:
        exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Secret Camera"
    if gps is not None:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(gps)
    out = io.BytesIO()
    image.save(out, form, exif=exif)
    return out.getvalue()


HERE = {1: "N", 2: (10.0, 46.0, 37.2), 3: "E", 4: (106.0, 41.0, 24.0)}


@pytest.mark.parametrize(
    ("form", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")],
)
def test_photos_become_plain_jpegs(form: str, mode: str) -> None:
    done = clean(photo(form=form, mode=mode))
    kept = Image.open(io.BytesIO(done.jpeg))
    assert kept.format == "JPEG"
    assert kept.size == (done.width, done.height) == (40, 30)
    assert not kept.getexif()


def test_the_metadata_goes_and_the_place_is_offered() -> None:
    done = clean(photo(gps=HERE))
    assert done.location == Location(10.777, 106.69)
    assert b"Secret Camera" not in done.jpeg
    assert not Image.open(io.BytesIO(done.jpeg)).getexif()


@pytest.mark.parametrize(
    "gps",
    [
        {},
        {1: "N", 2: (10.0, 46.0), 3: "E", 4: (106.0, 41.0, 24.0)},
        {1: "N", 2: (95.0, 0.0, 0.0), 3: "E", 4: (106.0, 0.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
    ],
)
def test_a_place_that_makes_no_sense_is_not_offered(gps: dict[int, object]) -> None:
    assert clean(photo(gps=gps)).location is None


def test_southern_and_western_places_are_negative() -> None:
    found = clean(photo(gps={**HERE, 1: "S", 3: "W"})).location
    assert found == Location(-10.777, -106.69)


def test_a_photo_taken_sideways_is_turned_upright() -> None:
    done = clean(photo((40, 30), orientation=6))
    assert (done.width, done.height) == (30, 40)


def test_a_large_photo_is_made_small() -> None:
    done = clean(photo((4000, 1000)))
    assert (done.width, done.height) == (2048, 512)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xd8\xff",
        b"<script>alert(1)</script>",
        b"%PDF-1.7 not a photo",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        photo()[:200],
        photo(form="GIF", mode="P"),
        photo(form="BMP"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        clean(content)
    assert refused.value.code == "photo_unreadable"


def test_a_heic_photo_is_refused_by_its_name() -> None:
    with pytest.raises(Refusal) as refused:
        clean(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100)
    assert refused.value.code == "photo_heic"


def test_a_photo_of_more_than_ten_megabytes_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        clean(b"\xff\xd8" + b"\0" * MOST_BYTES)
    assert refused.value.code == "photo_too_large"


@pytest.mark.parametrize("side", [7000, 20_000, 60_000])
def test_a_bomb_of_pixels_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(Refusal) as refused:
        clean(png_of(side))
    assert refused.value.code == "photo_too_many_pixels"


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"RIFF\0\0\0\0WEBP"]))
def test_no_file_makes_it_fail(content: bytes, head: bytes) -> None:
    with pytest.raises(Refusal):
        clean(head + content)


@given(st.integers(0, 600), st.integers(0, 255))
def test_a_damaged_photo_is_taken_or_refused(at: int, byte: int) -> None:
    whole = bytearray(photo(gps=HERE))
    whole[at % len(whole)] = byte
    try:
        done = clean(bytes(whole))
    except Refusal:
        return
    assert Image.open(io.BytesIO(done.jpeg)).format == "JPEG"


def png_of(side: int) -> bytes:
    """A PNG that says it is so large, and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
