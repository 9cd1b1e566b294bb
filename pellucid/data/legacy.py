"""tf.data's functions for what data sets and iterators have as methods."""


def make_one_shot_iterator(dataset):
    """dataset.make_one_shot_iterator(). As in TF: tf.compat.v1.data.make_one_shot_iterator."""
    return dataset.make_one_shot_iterator()


def make_initializable_iterator(dataset, shared_name=None):
    """dataset.make_initializable_iterator(). As in TF:
    tf.compat.v1.data.make_initializable_iterator."""
    return dataset.make_initializable_iterator(shared_name)


def get_output_types(dataset_or_iterator):
    """Its output_types. As in TF: tf.compat.v1.data.get_output_types."""
    return dataset_or_iterator.output_types


def get_output_shapes(dataset_or_iterator):
    """Its output_shapes. As in TF: tf.compat.v1.data.get_output_shapes."""
    return dataset_or_iterator.output_shapes


def get_output_classes(dataset_or_iterator):
    """Its output_classes. As in TF: tf.compat.v1.data.get_output_classes."""
    return dataset_or_iterator.output_classes
