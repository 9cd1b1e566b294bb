"""tf.data: data sets and their iterators."""
