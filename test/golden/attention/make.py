"""Every kind of attention in PyTorch and Transformers: for each case queries, keys, values, the context, and the gradients
of q, k, v (and of a learned bias) for a given gradient of the context."""

import math
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import torch  # noqa: E402
from torch.nn.functional import scaled_dot_product_attention  # noqa: E402
from transformers import LlamaConfig, T5Config  # noqa: E402
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb  # noqa: E402
from transformers.models.t5.modeling_t5 import T5Attention  # noqa: E402

from golden import f32, made_with, write_json  # noqa: E402

B, A, T, D = 2, 4, 6, 4
BUCKETS, MAX_DISTANCE, WIDE = 8, 20, 60


def band(queries: int, keys: int, before: float, after: float) -> torch.Tensor:
    distance = torch.arange(keys)[None, :] - (torch.arange(queries) + keys - queries)[:, None]
    return (distance >= -before) & (distance <= after)


def t5(is_decoder: bool) -> T5Attention:
    config = T5Config(
        is_decoder=is_decoder,
        num_heads=A,
        d_kv=D,
        relative_attention_num_buckets=BUCKETS,
        relative_attention_max_distance=MAX_DISTANCE,
    )
    layer = T5Attention(config, has_relative_attention_bias=True, layer_idx=0)
    with torch.no_grad():
        layer.relative_attention_bias.weight.normal_()
    return layer


def rotated(q, k, base: float):
    config = LlamaConfig(
        hidden_size=A * D, num_attention_heads=A, head_dim=D, rope_parameters={"rope_type": "default", "rope_theta": base}
    )
    cos, sin = LlamaRotaryEmbedding(config)(q, torch.arange(T)[None])
    return apply_rotary_pos_emb(q, k, cos, sin)


def case(name: str, groups=A, queries=T, keys=T, mask=None, bias=None, base=None, scale=None) -> dict:
    """`bias`: a T5 layer whose learned bias is added to the scores."""
    q, k, v = (torch.randn(B, heads, n, D) for heads, n in ((A, queries), (groups, keys), (groups, keys)))
    upstream = torch.randn(B, A, queries, D)
    leaves = [x.requires_grad_() for x in (q, k, v)]
    turned = rotated(q, k, base) if base is not None else (q, k)
    repeat = A // groups
    attention_mask = mask
    if bias is not None:
        leaves.append(bias.relative_attention_bias.weight)
        attention_mask = bias.compute_bias(queries, keys)
        if mask is not None:
            attention_mask = attention_mask.masked_fill(~mask, -math.inf)
    context = scaled_dot_product_attention(
        turned[0], turned[1].repeat_interleave(repeat, 1), v.repeat_interleave(repeat, 1), attention_mask, scale=scale
    )
    gradients = torch.autograd.grad(context, leaves, upstream)
    names = ["q", "k", "v", "bias"]
    return {
        "name": name,
        **{leaf: {"shape": list(x.shape), "data": f32(x.detach().flatten().numpy())} for leaf, x in zip(names, leaves)},
        "upstream": f32(upstream.flatten().numpy()),
        "context": f32(context.detach().flatten().numpy()),
        "gradients": {leaf: f32(g.flatten().numpy()) for leaf, g in zip(names, gradients)},
    }


def main() -> None:
    torch.manual_seed(3)
    cases = [
        case("multi-head"),
        case("multi-query", groups=1),
        case("grouped-query", groups=2),
        case("causal", mask=band(T, T, math.inf, 0)),
        case("causal with kept keys", queries=2, mask=band(2, T, math.inf, 0)),
        case("sliding window", mask=band(T, T, 2, 0)),
        case("local window", mask=band(T, T, 1, 1)),
        case("relative bias", bias=t5(is_decoder=False), scale=1.0),
        case("relative bias, causal", bias=t5(is_decoder=True), mask=band(T, T, math.inf, 0), scale=1.0),
        case("rotary", base=10000.0),
        case("rotary, causal, grouped-query", base=100.0, groups=2, mask=band(T, T, math.inf, 0)),
    ]
    distances = torch.arange(-WIDE, WIDE + 1)
    buckets = [
        {
            "bidirectional": both,
            "buckets": number,
            "max_distance": furthest,
            "of": T5Attention._relative_position_bucket(distances, both, number, furthest).tolist(),
        }
        for both in (True, False)
        for number, furthest in ((32, 128), (BUCKETS, MAX_DISTANCE))
    ]
    write_json(
        HERE / "attention.json",
        {
            "made_with": made_with("torch", "transformers"),
            "relative": {"buckets": BUCKETS, "max_distance": MAX_DISTANCE},
            "cases": cases,
            "distances": distances.tolist(),
            "bucket_of": buckets,
        },
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
