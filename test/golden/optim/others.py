"""The optimizers beside AdamW: 20 steps of the classes the Trainer builds, and `clip_grad_value_`."""

import torch
from bitsandbytes.optim import Lion
from transformers.optimization import Adafactor

from golden import f32

STEPS = 20
SHAPES = {"matrix": (3, 5), "cube": (2, 3, 4), "vector": (7,)}

# name, optim, learning_rate, weight_decay, optim_args, further settings
CASES = [
    ("Adam", "adam_torch", 1e-3, 0.0, None, {}),
    ("Adam, coupled decay", "adam_torch", 1e-2, 0.1, None, {"adam_beta2": 0.98, "adam_epsilon": 1e-6}),
    ("SGD", "sgd", 1e-2, 0.0, None, {}),
    ("SGD, decay", "sgd", 1e-2, 0.1, None, {}),
    ("SGD, momentum", "sgd", 1e-2, 0.01, "momentum=0.9", {}),
    ("SGD, dampened momentum", "sgd", 1e-2, 0.0, "momentum=0.8,dampening=0.3", {}),
    ("SGD, Nesterov", "sgd", 1e-2, 0.01, "momentum=0.9, nesterov=True", {}),
    ("Adafactor", "adafactor", 1e-3, 0.0, None, {}),
    ("Adafactor, decay", "adafactor", 1e-2, 0.1, None, {}),
    ("Lion", "lion_32bit", 1e-3, 0.0, None, {}),
    ("Lion, decay, its own betas", "lion_32bit", 1e-2, 0.1, None, {"adam_beta2": 0.99}),
]


def optimizer_of(parameters, optim, learning_rate, weight_decay, optim_args, settings):
    """As `Trainer.get_optimizer_cls_and_kwargs` builds it; torch.optim.Adam for adam_torch."""
    given = dict(pair.split("=") for pair in (optim_args or "").replace(" ", "").split(",") if pair)
    keywords = {"lr": learning_rate, "weight_decay": weight_decay}
    betas = (settings.get("adam_beta1", 0.9), settings.get("adam_beta2", 0.999))
    match optim:
        case "adam_torch":
            return torch.optim.Adam(
                parameters, betas=betas, eps=settings.get("adam_epsilon", 1e-8), foreach=False, **keywords
            )
        case "sgd":
            nesterov = given.pop("nesterov", "false").lower() == "true"
            numbers = {key: float(value) for key, value in given.items()}
            return torch.optim.SGD(parameters, nesterov=nesterov, foreach=False, **numbers, **keywords)
        case "adafactor":
            return Adafactor(parameters, scale_parameter=False, relative_step=False, **keywords)
        case "lion_32bit":
            return Lion(parameters, betas=betas, optim_bits=32, is_paged=False, **keywords)


def gradients(shape, generator) -> torch.Tensor:
    """[STEPS, *shape]: ordinary, one component always zero, one rare, one huge once."""
    values = torch.randn(STEPS, *shape, generator=generator)
    flat = values.view(STEPS, -1)
    flat[:, 1] = 0
    flat[:, 2] *= (torch.arange(STEPS) % 5 == 0).float()
    flat[7, 4] = 1e4
    return values


def trajectory(name, optim, learning_rate, weight_decay, optim_args, settings) -> dict:
    generator = torch.Generator().manual_seed(13)
    parameters = [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in SHAPES.values()]
    steps = [gradients(shape, generator) for shape in SHAPES.values()]
    initial = [f32(parameter.detach().flatten()) for parameter in parameters]
    optimizer = optimizer_of(parameters, optim, learning_rate, weight_decay, optim_args, settings)
    after = {}
    for step in range(STEPS):
        for parameter, values in zip(parameters, steps):
            parameter.grad = values[step].clone()
        optimizer.step()
        if step in (0, 1, 9, STEPS - 1):
            after[step + 1] = [f32(parameter.detach().flatten()) for parameter in parameters]
    renamed = {"state1": "exp_avg"}  # bitsandbytes' name of Lion's momentum
    states = [
        {
            renamed.get(key, key): f32(value.flatten())
            for key, value in optimizer.state[parameter].items()
            if isinstance(value, torch.Tensor) and value.ndim > 0
        }
        for parameter in parameters
    ]
    return {
        "name": name,
        "optim": optim,
        "optim_args": optim_args,
        "learning_rate": learning_rate,
        "weight_decay": weight_decay,
        "adam_beta1": settings.get("adam_beta1", 0.9),
        "adam_beta2": settings.get("adam_beta2", 0.999),
        "adam_epsilon": settings.get("adam_epsilon", 1e-8),
        "shapes": list(SHAPES.values()),
        "initial": initial,
        "parameters": after,
        "state": states,
    }


def shared_gradients() -> list:
    generator = torch.Generator().manual_seed(13)
    for shape in SHAPES.values():
        torch.randn(shape, generator=generator)
    return [f32(gradients(shape, generator).reshape(STEPS, -1)) for shape in SHAPES.values()]


def clip_by_value(name: str, values: torch.Tensor, limit: float) -> dict:
    parameter = torch.nn.Parameter(torch.zeros_like(values))
    parameter.grad = values.clone()
    torch.nn.utils.clip_grad_value_([parameter], limit)
    return {"name": name, "max_grad_value": limit, "gradients": f32(values), "clipped": f32(parameter.grad)}
