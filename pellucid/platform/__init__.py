"""Around a program: its flags, its log, its files, its tests. As in TF: tf.app, tf.gfile, ..."""
