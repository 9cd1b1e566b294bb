"""Sound, as WAV files of 16 bits. Read next: tensors.py."""


import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.interchange.messages import message
from pellucid.ops.arguments import check_allowed
from pellucid.summary.naming import collect, serialized, summary_scope, text_of


def encode_wav(samples, rate):
    """The WAV file of samples (frames, channels) between -1 and 1."""
    import io
    import wave
    with np.errstate(invalid="ignore"):
        whole = np.clip(np.rint(np.nan_to_num(samples * np.float32(32768))), -32768, 32767)
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(samples.shape[1])
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(whole.astype("<i2").tobytes())
    return file.getvalue()


class AudioSummaryV2(Operation):
    """A Summary of clips. Inputs: tag, tensor (n, frames) or (n, frames, channels), sample_rate.

    As in TF: tf.raw_ops.AudioSummaryV2.
    """

    op_type, attrs, fresh = "AudioSummaryV2", {"max_outputs": 3}, True

    def infer(self, tag, tensor, sample_rate):
        check_allowed("tag", tag.dtype, {dtypes.string})
        check_allowed("tensor", tensor.dtype, {dtypes.float32})
        check_allowed("sample_rate", sample_rate.dtype, {dtypes.float32})
        if self.max_outputs < 1:
            raise ValueError(f"max_outputs must be at least 1, got {self.max_outputs}")
        return Spec(dtypes.string, ())

    def compute(self, tag, tensor, sample_rate):
        tensor, tag, rate = np.asarray(tensor), text_of(tag), float(sample_rate)
        if tensor.ndim not in (2, 3):
            raise errors.InvalidArgumentError(
                None, None, f"Tensor must be 3-D or 2-D, got: {list(tensor.shape)}")
        if not 1 <= rate < 1 << 31:
            raise errors.InvalidArgumentError(None, None, f"sample_rate must be > 0, got {rate}")
        clips = tensor.reshape(*tensor.shape[:2], -1) if tensor.size else (
            tensor.reshape(*tensor.shape[:2], tensor.shape[2] if tensor.ndim == 3 else 1))
        if not 1 <= clips.shape[2] <= 65535:
            raise errors.InvalidArgumentError(None, None, f"{tag}: {clips.shape[2]} channels")
        summary = message("Summary")()
        for i, clip in enumerate(clips[:self.max_outputs]):
            value = summary.value.add(
                tag=f"{tag}/audio" if self.max_outputs == 1 else f"{tag}/audio/{i}")
            value.audio.sample_rate = rate
            value.audio.length_frames, value.audio.num_channels = clip.shape
            value.audio.content_type = "audio/wav"
            value.audio.encoded_audio_string = encode_wav(clip, int(rate))
        return serialized(summary)


NotDifferentiable("AudioSummaryV2")


def audio(name, tensor, sample_rate, max_outputs=3, collections=None, family=None):
    """A summary of sound.

    Args:
      name: str, the tag within the current name scope; "/audio/0", ... is added to it.
      tensor: Tensor, float32 in [-1, 1], (n, frames, channels) or (n, frames).
      sample_rate: number or scalar Tensor, frames a second.
      max_outputs: int, how many clips at most.
      collections: list of collections to add it to; GraphKeys.SUMMARIES by default.
      family: str, a prefix that groups tags in TensorBoard.

    As in TF: tf.summary.audio (op type AudioSummaryV2).
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        rate = convert_to_tensor(sample_rate, dtypes.float32, "sample_rate")
        inputs = [convert_to_tensor(tag, name="tag"),
                  convert_to_tensor(tensor, preferred_dtype=dtypes.float32, name="tensor"), rate]
        return collect(AudioSummaryV2(inputs, name=scope, max_outputs=max_outputs).output,
                       collections)
