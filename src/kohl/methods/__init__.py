"""The ways of making up a face: one protocol in `base`, their names in `registry`, one module or folder each."""
