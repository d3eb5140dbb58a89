import numpy as np
import pytest

from drawn import face_points
from kohl.faces.pose import estimate_pose
from kohl.faces.topology import load_topology

SIZE = (400, 400)


def turned(axis, degrees):
    """The drawn mesh turned about an axis through its middle; right-handed in x right, y down, z away from the viewer."""
    points = face_points(SIZE, mouth_open=1).astype(np.float64)
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    rotations = {"x": [[1, 0, 0], [0, cos, -sin], [0, sin, cos]], "z": [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]}
    middle = points.mean(0)
    return ((points - middle) @ np.array(rotations[axis]).T + middle).astype(np.float32)


@pytest.mark.parametrize("yaw", [-50, -20, 0, 15, 45])
def test_yaw_is_positive_towards_the_faces_own_left(yaw):
    points = face_points(SIZE, yaw=yaw, mouth_open=1)
    pose = estimate_pose(points)
    assert pose.yaw == pytest.approx(yaw, abs=0.1)
    assert pose.pitch == pytest.approx(0, abs=0.1)
    assert pose.roll == pytest.approx(0, abs=0.1)
    # Its own left is the right of the picture: that is where the tip of the nose goes.
    assert np.sign(round(points[1, 0] - points[[234, 454], 0].mean())) == np.sign(yaw)


@pytest.mark.parametrize("pitch", [-30, 10, 30])
def test_pitch_is_positive_upwards(pitch):
    # The picture decides what is up: there the tip of the nose rises against the ears.
    points = turned("x", pitch)
    neutral = face_points(SIZE, mouth_open=1)
    rise = (points[[234, 454], 1].mean() - points[1, 1]) - (neutral[[234, 454], 1].mean() - neutral[1, 1])
    pose = estimate_pose(points)
    assert abs(pose.pitch) == pytest.approx(abs(pitch), abs=0.1)
    assert np.sign(rise) == np.sign(pose.pitch)


@pytest.mark.parametrize("roll", [-170, -40, 5, 90])
def test_roll_is_counter_clockwise_as_seen(roll):
    # y points down, so counter-clockwise as seen is a negative turn of the coordinates.
    points = turned("z", -roll)
    assert estimate_pose(points).roll == pytest.approx(roll, abs=0.1)
    if abs(roll) < 90:
        left, right = points[263], points[33]
        assert np.sign(right[1] - left[1]) == np.sign(roll)


def test_the_mean_face_looks_straight_ahead():
    pose = estimate_pose(load_topology().shape)
    assert (pose.yaw, pose.pitch, pose.roll) == pytest.approx((0, 0, 0), abs=1e-3)
