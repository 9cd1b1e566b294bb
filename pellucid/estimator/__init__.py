"""Estimators: a model_fn trained, evaluated and asked, as tf.estimator. Read estimator.py first."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/estimator.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.estimator", name)
