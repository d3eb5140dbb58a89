"""The cards of every network that kohl runs."""

from __future__ import annotations

from kohl.weights.cards import ModelCard

_MEDIAPIPE = {"distribution": "mediapipe", "licence": "Apache-2.0"}
_UNPUBLISHED = "Google's own pictures; neither the set nor the terms of consent are published"

CARDS: tuple[ModelCard, ...] = (
    ModelCard(
        name="blazeface.short_range",
        purpose="finds faces that fill a good part of the picture",
        path="modules/face_detection/face_detection_short_range.tflite",
        sha256="bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        source="https://github.com/google-ai-edge/mediapipe/blob/v0.10.21/docs/solutions/face_detection.md",
        paper="BlazeFace, arXiv 1907.05047",
        input_size=(128, 128),
        training_data=_UNPUBLISHED,
        limits="faces further than about two metres from a phone's camera, full profiles",
        **_MEDIAPIPE,
    ),
    ModelCard(
        name="blazeface.full_range",
        purpose="finds faces that are small in the picture",
        path="modules/face_detection/face_detection_full_range_sparse.tflite",
        sha256="2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
        source="https://github.com/google-ai-edge/mediapipe/blob/v0.10.21/docs/solutions/face_detection.md",
        paper="BlazeFace, arXiv 1907.05047",
        input_size=(192, 192),
        training_data=_UNPUBLISHED,
        limits="faces further than about five metres from a phone's camera, full profiles",
        **_MEDIAPIPE,
    ),
    ModelCard(
        name="attention_mesh",
        purpose="places 478 points on a face, lips and irises among them",
        path="modules/face_landmark/face_landmark_with_attention.tflite",
        sha256="e06a804e0144f9929eda782122916b35d60c697c3c9344013ca2bbe76a6ce2b4",
        source="https://github.com/google-ai-edge/mediapipe/blob/v0.10.21/docs/solutions/face_mesh.md",
        paper="Attention Mesh, arXiv 2006.10962",
        input_size=(192, 192),
        training_data=_UNPUBLISHED,
        limits="yaw beyond about 45 degrees, hands or masks over the mouth, faces under about 64 pixels",
        **_MEDIAPIPE,
    ),
)
