"""Points, matrices and triangles in the plane, and pictures carried through them."""
