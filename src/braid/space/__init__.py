"""Space: frames of reference, poses, cameras, shapes, projection, overlap. Pure arithmetic in metres and pixels."""
