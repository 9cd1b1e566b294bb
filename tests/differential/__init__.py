"""One program, two libraries: TensorFlow 1 is asked, pellucid must agree."""
