import numpy as np

from drawn import draw_face, mirror


def test_same_arguments_same_picture():
    first, second = draw_face((160, 160), yaw=10), draw_face((160, 160), yaw=10)
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])


def test_mirror_twice_is_the_same():
    image, points = draw_face((128, 160), yaw=20)
    back = mirror(*mirror(image, points))
    assert np.array_equal(back[0], image)
    np.testing.assert_allclose(back[1], points, atol=1e-3)


def test_mirror_turns_the_other_way():
    (image, points), (_, other) = draw_face((128, 160), yaw=20), draw_face((128, 160), yaw=-20)
    np.testing.assert_allclose(mirror(image, points)[1], other, atol=1e-3)
    assert not np.allclose(points, other, atol=1)


def test_fixture_face_sits_on_the_drawing(drawn_face, drawing):
    assert drawn_face.size == drawing.image.shape[:2]
    assert np.array_equal(drawn_face.points, drawing.points)
