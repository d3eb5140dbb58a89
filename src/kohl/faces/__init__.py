"""Image → faces: mesh, pose, chart field and soft masks."""
