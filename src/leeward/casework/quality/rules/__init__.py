"""Pure pieces of quality: agreement, the draw of samples, the training set, small counts."""
