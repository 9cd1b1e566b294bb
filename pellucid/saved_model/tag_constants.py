"""Tags of the graphs in a SavedModel. As in TF: tf.saved_model.tag_constants."""

GPU = "gpu"
SERVING = "serve"
TPU = "tpu"
TRAINING = "train"
