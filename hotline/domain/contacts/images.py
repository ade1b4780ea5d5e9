"""What becomes of a photo before it is kept: checked, turned upright, stripped, made small."""

import math
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils.translation import gettext_noop
from PIL import ExifTags, Image, ImageOps

from hotline.core.errors import Refusal

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2048
_FORMATS = ("JPEG", "PNG", "WEBP")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


@dataclass(frozen=True, slots=True)
class Location:
    """Decimal degrees, WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPhoto:
    """A JPEG without metadata, and the place that the metadata held."""

    jpeg: bytes
    width: int
    height: int
    location: Location | None


def clean(content: bytes) -> CleanPhoto:
    """Judges by content, never by name. Raises Refusal: ``photo_too_large``,
    ``photo_unreadable``, ``photo_heic``, ``photo_too_many_pixels``."""
    if len(content) > MOST_BYTES:
        raise Refusal("photo_too_large", gettext_noop("The photo is larger than 10 MB."))
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        raise Refusal(
            "photo_heic",
            gettext_noop("Photos of this kind (HEIC) cannot be read here. Please send a JPEG."),
        )
    with warnings.catch_warnings():
        # The size is checked below, before any pixel is read.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        warnings.simplefilter("ignore", UserWarning)  # broken metadata is not our business
        return _clean(content)


def _clean(content: bytes) -> CleanPhoto:
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_many_pixels()
            location = _location(image)
            upright = _flat(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError):
        # What Pillow raises for files that are cut off or are no photos at all.
        raise Refusal(
            "photo_unreadable",
            gettext_noop(
                "This file is not a photo that can be read. Please send JPEG, PNG or WebP."
            ),
        ) from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = BytesIO()
    upright.save(out, "JPEG", quality=85, optimize=True)
    return CleanPhoto(
        jpeg=out.getvalue(), width=upright.width, height=upright.height, location=location
    )


def _flat(image: Image.Image) -> Image.Image:
    """Plain colours; what is transparent becomes white. A new image carries no metadata."""
    image.load()
    if image.mode in ("RGBA", "LA", "P", "PA"):
        see_through = image.convert("RGBA")
        flat = Image.new("RGB", image.size, "white")
        flat.paste(see_through, mask=see_through.getchannel("A"))
        return flat
    flat = Image.new("RGB", image.size)
    flat.paste(image.convert("RGB"))
    return flat


def _too_many_pixels() -> Refusal:
    return Refusal(
        "photo_too_many_pixels", gettext_noop("The photo has more than 40 million pixels.")
    )


def _location(image: Image.Image) -> Location | None:
    """The place of the EXIF data; None where there is none or it makes no sense."""
    try:
        gps = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef], "S")
        longitude = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef], "W")
    except (KeyError, ValueError, TypeError, ZeroDivisionError, OSError, SyntaxError):
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or latitude == longitude == 0:
        return None
    return Location(round(latitude, 6), round(longitude, 6))


def _degrees(parts: Any, reference: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        raise ValueError("not a number")
    return -value if str(reference).strip("\0 ").upper() == negative else value
