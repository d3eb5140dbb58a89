"""A learned look for the browser: the network, a manifest, and a page that says how to run it. Nothing in it is fetched from elsewhere."""

from __future__ import annotations

import json
from typing import Any

from kohl.methods.tinybeauty.crop import CROP_SCALE, CROP_SIDE
from kohl.methods.tinybeauty.learned import SHAPE, LearnedLook
from kohl.methods.tinybeauty.upsampling import RIM

MANIFEST = "manifest.json"
MODEL = "look.onnx"

_README = """\
# {name}: a learned look of kohl, for the browser

{description}

`{model}` is the network, `{manifest}` says what it takes and gives, its checksum and its card. Licence: {licence}.

1. `npm install onnxruntime-web` in this folder, so that the page fetches nothing from another host.
2. Cut the face: a square of {scale} times the longer side of the face's box, centred on it, turned upright, {side}×{side} pixels.
3. Run the network and add what it gives, scaled by a strength from 0 to 1:

```js
import * as ort from "./node_modules/onnxruntime-web/dist/ort.wasm.min.mjs";
ort.env.wasm.wasmPaths = new URL("./node_modules/onnxruntime-web/dist/", import.meta.url).href;
const session = await ort.InferenceSession.create("./{model}", {{ executionProviders: ["wasm"] }});
const crop = new ort.Tensor("float32", planes, {shape}); // red, green, blue planes of sRGB values in [0, 1]
const {{ residual }} = await session.run({{ crop }});
for (let i = 0; i < planes.length; i++) planes[i] = Math.min(1, Math.max(0, planes[i] + strength * residual.data[i]));
```

Fade the residual to 0 over the crop's outermost {rim} pixels. Limits: {limits}
"""


def web_files(look: LearnedLook) -> dict[str, bytes]:
    """Name → contents of the folder that a web page needs."""
    return {MODEL: look.data, MANIFEST: json.dumps(_manifest(look), indent=2, ensure_ascii=False).encode(), "README.md": _readme(look).encode()}


def _manifest(look: LearnedLook) -> dict[str, Any]:
    port = {"type": "float32", "shape": SHAPE, "layout": "NCHW", "channels": "RGB"}
    return {
        "format": "kohl.web-look",
        "version": 1,
        "model": {"file": MODEL, "bytes": len(look.data), "sha256": look.sha256},
        "input": {"name": "crop", **port, "range": [0, 1], "encoding": "sRGB"},
        "output": {"name": "residual", **port, "range": [-1, 1], "use": "added to the crop, in the same units, then clipped to [0, 1]"},
        "crop": {"side": CROP_SIDE, "scale": CROP_SCALE, "of": "the longer side of the face's box", "centre": "the box's", "upright": True},
        "rim": RIM,
        "card": json.loads(look.card.to_json()),
    }


def _readme(look: LearnedLook) -> str:
    card = look.card
    return _README.format(
        name=card.name,
        description=card.description,
        licence=card.licence,
        limits=card.limits or "none are known",
        model=MODEL,
        manifest=MANIFEST,
        scale=CROP_SCALE,
        side=CROP_SIDE,
        shape=SHAPE,
        rim=RIM,
    )
