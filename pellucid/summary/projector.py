"""What TensorBoard's projector shows: which tensors, with which labels.

    config = tf.contrib.tensorboard.plugins.projector.ProjectorConfig()
    embedding = config.embeddings.add()
    embedding.tensor_name, embedding.metadata_path = words.name, "labels.tsv"
    projector.visualize_embeddings(writer, config)

The values come from the checkpoint beside the summaries.
As in TF: tf.contrib.tensorboard.plugins.projector.
"""

import os


def visualize_embeddings(summary_writer, config):
    """Writes a ProjectorConfig where TensorBoard looks for it.

    Args:
      summary_writer: FileWriter, in whose folder the checkpoint is too.
      config: ProjectorConfig.
    """
    from pellucid.interchange.bundle import write_file
    from pellucid.interchange.messages import to_text
    folder = summary_writer.get_logdir()
    if folder is None:
        raise ValueError("Summary writer must have a logdir")
    write_file(os.path.join(os.fsdecode(folder), "projector_config.pbtxt"),
               to_text(config).encode())
