"""The cards of every file of learned numbers that kohl uses: mediapipe's networks, and the small ones of its own."""

from __future__ import annotations

from functools import partial

from kohl.weights.cards import ModelCard

_PORTRAITS = (
    "the train split of 938 portraits: faker-js/assets-person-portrait (synthetic, CC0-1.0), SelfishGene/SFHQ-T2I-dataset and SFHQ-dataset "
    "(synthetic, MIT), cjdowner/interfaces (stock, CC0-1.0), Face Research Lab London Set (DeBruine & Jones 2017, people who agreed to "
    "research use, CC-BY-4.0, doi 10.6084/m9.figshare.5047666)"
)
_UNPUBLISHED = "Google's own pictures; neither the set nor the terms of consent are published"

_mediapipe = partial(ModelCard, distribution="mediapipe", licence="Apache-2.0", training_data=_UNPUBLISHED)
_own = partial(ModelCard, distribution="kohl", licence="Apache-2.0", training_data=_PORTRAITS)
_cover = partial(
    _own,
    purpose="tells skin from what lies over it: hair, glasses, hands, beards",
    source="scripts/train_cover.py",
    limits="thin hair over the cheeks, clear glasses, skin-coloured cloth, hard shadows",
)
_reader = partial(
    _own,
    purpose="says which products a part of the face shows, in which colours and shapes",
    source="scripts/fit_reading.py",
    limits="trained on looks that kohl painted itself, and on few faces that wear real makeup; see docs/reading.md for what it misses",
)

CARDS: tuple[ModelCard, ...] = (
    _mediapipe(
        name="blazeface.short_range",
        purpose="finds faces that fill a good part of the picture",
        path="modules/face_detection/face_detection_short_range.tflite",
        sha256="bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
        source="https://github.com/google-ai-edge/mediapipe/blob/v0.10.21/docs/solutions/face_detection.md",
        paper="BlazeFace, arXiv 1907.05047",
        input_size=(128, 128),
        limits="faces further than about two metres from a phone's camera, full profiles",
    ),
    _mediapipe(
        name="blazeface.full_range",
        purpose="finds faces that are small in the picture",
        path="modules/face_detection/face_detection_full_range_sparse.tflite",
        sha256="2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
        source="https://github.com/google-ai-edge/mediapipe/blob/v0.10.21/docs/solutions/face_detection.md",
        paper="BlazeFace, arXiv 1907.05047",
        input_size=(192, 192),
        limits="faces further than about five metres from a phone's camera, full profiles",
    ),
    _mediapipe(
        name="attention_mesh",
        purpose="places 478 points on a face, lips and irises among them",
        path="modules/face_landmark/face_landmark_with_attention.tflite",
        sha256="e06a804e0144f9929eda782122916b35d60c697c3c9344013ca2bbe76a6ce2b4",
        source="https://github.com/google-ai-edge/mediapipe/blob/v0.10.21/docs/solutions/face_mesh.md",
        paper="Attention Mesh, arXiv 2006.10962",
        input_size=(192, 192),
        limits="yaw beyond about 45 degrees, hands or masks over the mouth, faces under about 64 pixels",
    ),
    _own(
        name="kohl.topology",
        purpose="the UV chart: the mean face, its triangles and mirror partners",
        path="faces/topology.npz",
        sha256="5267c75a25a26c609f5baeb567cd7c0967ff05c3d599cb450eb0c1f527cfe5aa",
        source="scripts/make_topology.py",
        limits="an average of adults' faces",
    ),
    _cover(name="kohl.cover.first", path="faces/cover_first.onnx", sha256="cde4a5d1a3b78083370f471e4c1f5c4d379ac45b473cead2c22de0423b202ee4"),
    _cover(name="kohl.cover.second", path="faces/cover_second.onnx", sha256="907973ed6abf09a038d9a849470bcee687c25770b268358d2372c134653374a4"),
    _own(
        name="kohl.bare",
        purpose="how bare lips, lids and cheeks look relative to their own skin",
        path="reading/bare.npz",
        sha256="f78b733585e72c56bf934bf8c5f523a6e6570137dfd751698e3dae4ff907ec7c",
        source="scripts/make_bare_prior.py",
        limits="an average of 116 portraits; naturally very dark or very red lips and lids can pass for makeup",
    ),
    _reader(name="kohl.reader.lips", path="reading/lips.onnx", sha256="368ce56f91935e3b24faddcfe545bf93e05a1c224e988b1d42d15797120da9c3"),
    _reader(name="kohl.reader.eyes", path="reading/eyes.onnx", sha256="768bb6fbb1a2956fc782de911fecfdb2da7292a65c942219732f0427112ac33d"),
    _reader(name="kohl.reader.cheeks", path="reading/cheeks.onnx", sha256="d5ea06b96aa9bea32ef9ebe08d5a2d9814614d622f6bb61070e7f8fb3b93f596"),
    _reader(name="kohl.reader.lines", path="reading/lines.onnx", sha256="85c00d4ae4ee0560f8c9f857ac1d37c1910779d3c71fb1fb13a43e4fbecc3090"),
    _own(
        name="kohl.trunk",
        purpose="finds lips, lids, brows and cheeks in a loose crop; every learned look's network starts from it",
        path="methods/tinybeauty/trunk.safetensors",
        sha256="992ab3f83839fee89a960969302bc4b6f1ab005648e92ba80bfbd93050d5a3e8",
        source="scripts/train_trunk.py",
        paper="TinyBeauty, arXiv 2403.15033 (the task; the network is our own)",
        input_size=(256, 256),
        limits="taught by kohl's own masks, whose faults it shares: fringes, tinted lenses, stubble",
    ),
    _own(
        name="kohl.amplifier",
        purpose="puts the look of a few before/after pairs on other faces, for a learned look to be taught with",
        path="methods/amplifier/prior.safetensors",
        sha256="5e4284826acc45001b09a1e3df0896405c824d0a7bb2367e07100f0881e26a25",
        source="scripts/train_amplifier.py",
        paper="Data Amplify Learning, arXiv 2403.15033",
        input_size=(256, 256),
        limits="trained for half an hour on looks that kohl painted itself: it adds little to the chart's lines, least for other artists",
    ),
)
