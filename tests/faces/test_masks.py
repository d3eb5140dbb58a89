import cv2
import numpy as np
import pytest

from drawn import DEEP, FAIR, MEDIUM, SIDE, SKINS, FixedDetector, draw, mirror
from kohl.faces.analyzer import Analyzer
from kohl.faces.contours import fill, ribbon, smooth_curve

NAMES = ("skin", "lips", "mouth", "eyes", "brows", "clear")


def masks_of(image, points):
    """All masks at the size of the picture, by name; 0 outside the face's window."""
    face = Analyzer(detector=FixedDetector(points)).analyze(image)[0]
    found = {}
    for name in NAMES:
        found[name] = np.zeros(image.shape[:2], np.float32)
        found[name][face.window_slices] = getattr(face.masks, name)
    return found


def over(image, mask, colour):
    return (image + mask[..., None] * (np.array(colour, np.float32) - image)).astype(np.float32)


def overlap(found, true):
    """Soft intersection over union."""
    return float(np.minimum(found, true).sum() / np.maximum(found, true).sum())


@pytest.fixture(scope="module", params=[(FAIR, 0, 1.0, 1.0), (MEDIUM, 20, 0.6, 0.8), (DEEP, -15, 1.0, 1.0)], ids=["fair", "medium", "deep"])
def case(request):
    skin, yaw, mouth, eyes = request.param
    drawing = draw((420, 400), skin=skin, yaw=yaw, mouth_open=mouth, eyes_open=eyes)
    return drawing, masks_of(drawing.image, drawing.points)


def test_values_are_masks(case):
    for mask in case[1].values():
        assert mask.dtype == np.float32
        assert mask.min() >= 0
        assert mask.max() <= 1


def test_regions_share_no_pixel(case):
    found = case[1]
    assert (found["lips"] + found["mouth"]).max() <= 1 + 1e-6
    assert (found["lips"] * found["eyes"]).max() == 0
    assert (found["lips"] * found["brows"]).max() == 0
    for name in ("lips", "mouth", "eyes", "brows"):
        assert found["skin"][found[name] == 1].max(initial=0) == 0


@pytest.mark.parametrize(("name", "least"), [("lips", 0.85), ("eyes", 0.75), ("mouth", 0.75)])
def test_regions_lie_where_they_were_drawn(case, name, least):
    drawing, found = case
    assert overlap(found[name], getattr(drawing, name)) > least


def test_brows_are_hairs_and_not_the_skin_between(case):
    drawing, found = case
    hairs, brows = drawing.brows > 0.9, found["brows"]
    # On a turned face the far brow's end lies on the outline, where nothing is painted.
    assert brows[hairs & (drawing.brows * found["clear"] > 0.9)].mean() > 0.8
    assert brows[drawing.brows == 0].sum() < 0.35 * brows.sum()
    bare = cv2.erode((drawing.brows < 0.02).astype(np.uint8), np.ones((3, 3))) > 0
    assert brows[bare].max() < 0.5


def test_where_one_brow_is_hardly_seen_the_other_speaks_for_both():
    drawing = draw((420, 400), skin=FAIR)
    bare = cv2.GaussianBlur(
        cv2.inpaint((drawing.image * 255).astype(np.uint8), (drawing.brows > 0.01).astype(np.uint8), 5, cv2.INPAINT_TELEA), (0, 0), 2
    )
    # The hairs themselves, fainter: all but gone on the left half of the picture.
    strength = np.where(np.arange(400) < 200, 0.04, 0.2).astype(np.float32)[None]
    image = (bare.astype(np.float32) / 255 * (1 - strength * drawing.brows)[..., None]).astype(np.float32)
    brows = masks_of(image, drawing.points)["brows"] * (drawing.brows > 0.9)
    faint, seen = brows[:, :200].sum(), brows[:, 200:].sum()
    assert seen > 100
    assert faint > 0.6 * seen


def test_teeth_are_not_lips(case):
    drawing, found = case
    teeth = (drawing.mouth > 0.99) & (drawing.image.min(-1) > 0.6)
    assert teeth.sum() > 20
    assert found["lips"][teeth].mean() < 0.03


@pytest.mark.parametrize("tone", SKINS)
def test_bare_skin_is_clear_without_a_hole(tone):
    drawing = draw((420, 400), skin=SKINS[tone])
    found = masks_of(drawing.image, drawing.points)
    inner = fill(drawing.points[[151, 333, 301, 345, 411, 434, 379, 152, 150, 214, 187, 116, 71, 104], :2], (420, 400)) > 0.99
    assert found["clear"][inner].min() > 0.8
    assert found["clear"][inner].mean() > 0.98


def test_hair_above_the_forehead_is_not_skin():
    drawing = draw((420, 400), skin=MEDIUM)
    found = masks_of(drawing.image, drawing.points)
    hair = (drawing.head == 0) & (drawing.image.max(-1) < 0.35)
    assert found["skin"][hair].max() < 0.1


def test_a_hard_shadow_and_a_highlight_are_still_skin():
    drawing = draw((420, 400), skin=MEDIUM)
    plain = masks_of(drawing.image, drawing.points)["skin"]
    shaded = drawing.image.copy()
    shaded[:, :200] *= 0.55
    shaded = over(shaded, cv2.GaussianBlur(fill(_disc(drawing.points[280], 14), (420, 400)), (0, 0), 3) * 0.7, (1, 1, 1))
    found = masks_of(shaded, drawing.points)["skin"]
    lost = np.maximum(plain - found, 0)
    assert lost[plain > 0.9].mean() < 0.03


def test_worn_makeup_is_still_skin():
    drawing = draw((420, 400), skin=MEDIUM)
    plain = masks_of(drawing.image, drawing.points)["skin"]
    made_up = drawing.image
    for vertex in (50, 280):
        blush = cv2.GaussianBlur(fill(_disc(drawing.points[vertex], 16), (420, 400)), (0, 0), 7)
        made_up = over(made_up, 0.6 * blush, (0.75, 0.25, 0.4))
    found = masks_of(made_up, drawing.points)["skin"]
    assert np.maximum(plain - found, 0)[plain > 0.9].mean() < 0.02


def _disc(centre, radius):
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    return (np.asarray(centre)[:2] + radius * np.stack([np.cos(angle), np.sin(angle)], 1)).astype(np.float32)


def _lock(points, size):
    """A thick strand of hair from the hairline over temple and cheek."""
    top, middle, end = points[103, :2] - [0, 40], points[116, :2], points[213, :2]
    curve = smooth_curve(np.stack([top, middle, end]), 12)
    return fill(ribbon(curve, np.full(len(curve), 16, np.float32)), size)


def _frame(points, size):
    frame = np.zeros(size, np.float32)
    angle = np.linspace(0, 2 * np.pi, 60)
    for corners in ((33, 133), (263, 362)):
        rim = points[list(corners), :2].mean(0) + np.stack([34 * np.cos(angle), 27 * np.sin(angle)], 1)
        frame = np.maximum(frame, fill(ribbon(rim.astype(np.float32), np.full(60, 6, np.float32)), size))
    return frame


@pytest.mark.parametrize(
    ("make", "colour"),
    [
        (_lock, (0.12, 0.08, 0.06)),
        (lambda points, size: fill(_disc(points[434], 34), size), (0.2, 0.35, 0.75)),
        (_frame, (0.04, 0.04, 0.05)),
    ],
    ids=["hair", "object", "glasses"],
)
@pytest.mark.parametrize("tone", ["fair", "medium"])
def test_what_lies_over_the_face_is_left_alone(make, colour, tone):
    drawing = draw((420, 400), skin=SKINS[tone])
    shape = make(drawing.points, (420, 400))
    found = masks_of(over(drawing.image, shape, colour), drawing.points)
    plain = masks_of(drawing.image, drawing.points)
    on_face = (shape > 0.99) & (plain["skin"] > 0.9)
    assert on_face.sum() > 200
    assert found["skin"][on_face].mean() < 0.25
    # And the skin next to it stays: no torn edges.
    beside = (cv2.dilate(shape, np.ones((31, 31))) > 0) & (cv2.dilate(shape, np.ones((9, 9))) == 0) & (plain["skin"] > 0.95)
    assert found["skin"][beside].mean() > 0.85


def test_closed_eyes_have_no_opening():
    opened, closed = (draw((420, 400), eyes_open=amount) for amount in (1.0, 0.0))
    area = masks_of(opened.image, opened.points)["eyes"].sum()
    assert masks_of(closed.image, closed.points)["eyes"].sum() < 0.06 * area


def test_a_closed_mouth_has_no_opening():
    drawing = draw((420, 400), mouth_open=0.0)
    found = masks_of(drawing.image, drawing.points)
    assert found["mouth"].sum() < 0.02 * found["lips"].sum()


def test_mirror_symmetry():
    drawing = draw((420, 400), yaw=12, light=SIDE, mouth_open=0.5)
    found, flipped = masks_of(drawing.image, drawing.points), masks_of(*mirror(drawing.image, drawing.points))
    for name in NAMES:
        assert np.abs(found[name] - flipped[name][:, ::-1]).mean() < 0.01, name


def test_same_picture_same_masks_whatever_came_between():
    drawing, other = draw((300, 300)), draw((300, 300), skin=DEEP, yaw=25)
    analyzer = Analyzer(detector=FixedDetector(drawing.points))
    first = analyzer.analyze(drawing.image)[0].masks
    analyzer.analyze(other.image)
    again = analyzer.analyze(drawing.image)[0].masks
    for name in NAMES:
        assert np.array_equal(getattr(first, name), getattr(again, name)), name


def test_the_picture_is_not_touched():
    drawing = draw((300, 300))
    before = drawing.image.copy()
    masks_of(drawing.image, drawing.points)
    assert np.array_equal(before, drawing.image)


@pytest.mark.parametrize("fault", ["black", "white", "noise", "cut"])
def test_masks_of_pictures_that_show_no_face(fault):
    points = draw((200, 200)).points
    image = {
        "black": np.zeros((200, 200, 3)), "white": np.ones((200, 200, 3)), "noise": np.random.default_rng(0).random((200, 200, 3)),
        "cut": np.full((130, 200, 3), 0.5),
    }[fault].astype(np.float32)  # fmt: skip
    for mask in masks_of(image, points).values():
        assert np.isfinite(mask).all()
        assert mask.min() >= 0
        assert mask.max() <= 1


@pytest.mark.parametrize("scale", [0.5, 2.5])
def test_masks_do_not_depend_on_the_size_of_the_photo(scale):
    drawing = draw((420, 400), mouth_open=0.6)
    size = (round(400 * scale), round(420 * scale))
    image = np.clip(cv2.resize(drawing.image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC), 0, 1)
    found, scaled = masks_of(drawing.image, drawing.points), masks_of(image, drawing.points * np.float32(scale))
    for name in ("skin", "lips", "eyes"):
        back = cv2.resize(scaled[name], (400, 420), interpolation=cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR)
        assert overlap(found[name], back) > {"skin": 0.9, "lips": 0.85, "eyes": 0.75}[name], name


def with_lips_closed(drawing, upper):
    """The drawn mouth closed in the picture, not in the mesh: a reddish shade between the lips, of which the upper one is `upper` times as light."""
    lip = np.median(drawing.image[drawing.lips > 0.9], axis=0)
    image = over(drawing.image, drawing.mouth, upper * lip * (0.6, 0.45, 0.45))
    seam = drawing.points[13, 1]
    above = drawing.lips * (np.arange(image.shape[0])[:, None] < seam)
    return (image * (1 - (1 - upper) * above[..., None])).astype(np.float32)


@pytest.mark.parametrize("upper", [1.0, 0.6], ids=["lips alike", "a dark upper lip"])
@pytest.mark.parametrize("skin", SKINS.values(), ids=SKINS)
@pytest.mark.parametrize("mouth_open", [0.3, 0.4])
def test_a_mouth_that_the_mesh_alone_opens_is_all_lips(mouth_open, skin, upper):
    drawing = draw((420, 400), skin=skin, mouth_open=mouth_open)
    found = masks_of(with_lips_closed(drawing, upper), drawing.points)
    assert found["mouth"].sum() < 0.1 * drawing.mouth.sum()
    assert found["lips"][drawing.mouth > 0.9].mean() > 0.9


@pytest.mark.parametrize("skin", SKINS.values(), ids=SKINS)
def test_teeth_in_a_narrow_mouth_are_no_lips(skin):
    drawing = draw((420, 400), skin=skin, mouth_open=0.3)
    found = masks_of(drawing.image, drawing.points)
    assert found["lips"][drawing.mouth > 0.9].mean() < 0.1
