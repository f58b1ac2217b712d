"""How much two pictures differ, pixel by pixel, and a picture of where."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

MIMES = ("image/png", "image/jpeg", "image/webp", "image/gif")
LIMIT = 20_000_000
"""Pixels of a picture that is looked at."""
_NOTICED = 5
"""Of 255: what two renderings of one picture may differ by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageChange:
    """How two pictures differ.

    Attributes
    ----------
    size_before, size_after : tuple of int
        Width and height in pixels.
    share : float
        Of the pixels that differ to the eye, from 0 to 1; the smaller picture is
        laid on white, in the upper left corner.
    most : float
        The greatest difference in a channel, from 0 to 1.
    """

    size_before: tuple[int, int]
    size_after: tuple[int, int]
    share: float
    most: float

    @property
    def is_equal(self) -> bool:
        """Whether every pixel is the same."""
        return self.size_before == self.size_after and not self.most


def compare_images(before: bytes, after: bytes) -> ImageChange | None:
    """Compare two pictures; None when one cannot be read."""
    old, new = _read(before), _read(after)
    if old is None or new is None:
        return None
    levels = _apart(*_on_one_ground(old, new)).histogram()
    seen = [level for level, count in enumerate(levels) if count]
    return ImageChange(
        size_before=old.size,
        size_after=new.size,
        share=sum(levels[_NOTICED:]) / max(1, sum(levels)),
        most=max(seen, default=0) / 255,
    )


def difference_image(before: bytes, after: bytes) -> bytes | None:
    """Draw where two pictures differ, in red on the paled first; None if it cannot."""
    read = _read(before), _read(after)
    if read[0] is None or read[1] is None:
        return None
    from PIL import Image

    old, new = _on_one_ground(read[0], read[1])
    pale = Image.blend(old.convert("L").convert("RGB"), _plain(old, "white"), 0.75)
    mask = _apart(old, new).point([0] * _NOTICED + [255] * (256 - _NOTICED))
    drawn = Image.composite(_plain(old, (220, 30, 30)), pale, mask)
    written = io.BytesIO()
    drawn.save(written, "PNG")
    return written.getvalue()


def _on_one_ground(old: Image, new: Image) -> tuple[Image, Image]:
    """Lay both on white of one size: plots grow with the words at their edges."""
    from PIL import Image

    if old.size == new.size:
        return old, new
    size = max(old.width, new.width), max(old.height, new.height)
    grounds = Image.new("RGB", size, "white"), Image.new("RGB", size, "white")
    for ground, image in zip(grounds, (old, new), strict=True):
        ground.paste(image, (0, 0))
    return grounds


def _plain(like: Image, colour: Any) -> Image:
    from PIL import Image

    return Image.new("RGB", like.size, colour)


def _apart(old: Image, new: Image) -> Image:
    """Return the greatest difference of the channels at each pixel."""
    from PIL import ImageChops

    red, green, blue = ImageChops.difference(old, new).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _read(data: bytes) -> Image | None:
    """Read a picture as red, green and blue, on white where it is transparent."""
    try:
        from PIL import Image
    except ImportError:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data))
            if image.width * image.height > LIMIT:
                return None
            shown = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    white = Image.new("RGBA", shown.size, "white")
    return Image.alpha_composite(white, shown).convert("RGB")
