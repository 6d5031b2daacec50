"""Pure rules of quality: agreement, drawing samples, the training set, small counts."""
