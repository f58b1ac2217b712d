"""Pictures compared pixel by pixel."""

import io

from PIL import Image

from jupyter_mlops.tracking.imagediff import compare_images, difference_image


def picture(size=(10, 10), dots=(), colour="white", **options):
    image = Image.new("RGB", size, colour)
    for dot in dots:
        image.putpixel(dot, (0, 0, 0))
    written = io.BytesIO()
    image.save(written, "PNG", **options)
    return written.getvalue()


def test_share_of_pixels_is_measured():
    found = compare_images(picture(), picture(dots=[(1, 1), (2, 2)]))
    assert (found.share, found.most) == (0.02, 1.0)


def test_same_pixels_are_equal():
    old, new = picture(), picture(compress_level=0)
    assert old != new
    found = compare_images(old, new)
    assert (found.share, found.most) == (0, 0)


def test_other_sizes_are_laid_on_white():
    found = compare_images(picture(), picture((10, 20), dots=[(3, 15)]))
    assert (found.size_before, found.size_after) == ((10, 10), (10, 20))
    assert (found.share, found.is_equal) == (1 / 200, False)
    assert not compare_images(picture(), picture((10, 20))).is_equal


def test_difference_is_drawn_in_red():
    drawn = Image.open(io.BytesIO(difference_image(picture(), picture(dots=[(3, 4)]))))
    places = [(x, y) for x in range(10) for y in range(10)]
    assert [at for at in places if drawn.getpixel(at)[1] < 100] == [(3, 4)]


def test_what_is_no_picture_is_none():
    assert compare_images(b"", picture()) is None
    assert compare_images(picture()[:30], picture()) is None
