"""Golden values of Optuna 5.0.0: Parzen estimators, pruning decisions, PED-ANOVA importances.

    python make.py > golden.json   (needs optuna==5.0.0)
"""
import json, math, sys, warnings
import numpy as np, optuna
from optuna.distributions import FloatDistribution as F, IntDistribution as I, CategoricalDistribution as C
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import _split_trials, default_gamma, default_weights
from optuna.trial import TrialState as S, create_trial

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


class _StableNumpy:
    """Equal observations in their own order: numpy's default sort leaves it to the processor's instructions."""

    def __getattr__(self, name):
        return (lambda a: np.argsort(a, kind="stable")) if name == "argsort" else getattr(np, name)


optuna.samplers._tpe.parzen_estimator.np = _StableNumpy()
NAMES = {S.COMPLETE: "complete", S.PRUNED: "pruned", S.RUNNING: "running", S.FAIL: "fail"}

SPACE = {
    "lr": F(1e-5, 1e-1, log=True),
    "dropout": F(0.0, 0.5),
    "smoothing": F(0.0, 0.4, step=0.1),
    "layers": I(1, 12, step=1),
    "width": I(8, 512, log=True),
    "optim": C(["adamw", "sgd", "lion"]),
}


def to_json(space):
    out = {}
    for name, d in space.items():
        if isinstance(d, C):
            out[name] = {"type": "categorical", "choices": list(d.choices)}
        elif isinstance(d, F):
            out[name] = {"type": "float", "low": d.low, "high": d.high, "log": d.log, "step": d.step}
        else:
            out[name] = {"type": "int", "low": d.low, "high": d.high, "log": d.log, "step": d.step}
    return out


def random_study(seed, n, direction, space=SPACE, pruned=True):
    rng = np.random.RandomState(seed)
    study = optuna.create_study(direction=direction, study_name="golden")
    sampler = optuna.samplers.RandomSampler(seed=seed)
    trials = []
    for i in range(n):
        params = {k: sampler.sample_independent(study, None, k, d) for k, d in space.items()}
        value = (math.log10(params["lr"]) + 3) ** 2 + params["dropout"] + 0.1 * params["layers"] / 12 + 0.02 * rng.randn()
        state = S.PRUNED if pruned and i % 5 == 4 else S.RUNNING if pruned and i % 17 == 16 else S.COMPLETE
        inter = {s: value + 1.0 / s for s in range(1, (i % 3) + 2)} if state == S.PRUNED else {}
        trials.append(create_trial(state=state, params=params, distributions=space,
                                   value=value if state == S.COMPLETE else None, intermediate_values=inter))
    study.add_trials(trials)
    return study


def trials_json(study):
    return [{"number": t.number, "state": NAMES[t.state], "params": t.params, "value": t.value,
             "intermediate": [[s, v] for s, v in t.intermediate_values.items()]} for t in study.trials]


def parzen(seed, n, direction, names):
    study = random_study(seed, n, direction)
    space = {k: SPACE[k] for k in names}
    trials = study.get_trials(deepcopy=False)
    ended = sum(t.state != S.RUNNING for t in trials)
    below, above = _split_trials(study, trials, default_gamma(ended))
    p = _ParzenEstimatorParameters(1.0, True, False, default_weights, True)
    internal = lambda ts: {k: np.array([d.to_internal_repr(t.params[k]) for t in ts]) for k, d in space.items()}
    points = [t for t in random_study(seed + 100, 8, direction).trials]
    at = internal(points)
    out = {"direction": direction, "space": to_json(space), "trials": trials_json(study),
           "below": [t.number for t in below], "above": [t.number for t in above],
           "points": [{k: t.params[k] for k in space} for t in points]}
    for name, ts in (("good", below), ("bad", above)):
        e = _ParzenEstimator(internal(ts), space, p)
        m = e._mixture_distribution
        kernels = {}
        for k, d in zip(space, m.distributions):
            kernels[k] = {"probabilities": d.weights.ravel().tolist()} if hasattr(d, "weights") else \
                {"mus": d.mu.tolist(), "sigmas": d.sigma.tolist()}
        out[name] = {"weights": m.weights.tolist(), "kernels": kernels, "logPdf": e.log_pdf(at).tolist()}
    return out


def pruning(seed, direction, pruner, config, steps=9, trials=24):
    """Trials report one after the other; what was pruned when."""
    rng = np.random.RandomState(seed)
    study = optuna.create_study(direction=direction, study_name="golden", pruner=pruner)
    table, pruned_at = [], []
    for n in range(trials):
        end, speed = rng.rand(), 0.3 + rng.rand()
        curve = [end * (1 - math.exp(-speed * s)) + 0.05 * rng.randn() for s in range(1, steps + 1)]
        if direction == "minimize":
            curve = [1 - v for v in curve]
        if n == 7:
            curve[3] = float("nan")
        t = study.ask()
        at = None
        for s, v in enumerate(curve, 1):
            t.report(v, s)
            if t.should_prune():
                at = s
                break
        study.tell(t, curve[-1] if at is None else None, state=S.COMPLETE if at is None else S.PRUNED)
        table.append([None if math.isnan(v) else round(v, 17) for v in curve])
        pruned_at.append(at)
    return {"config": config, "direction": direction, "curves": table, "prunedAt": pruned_at}


def importance(seed, n, direction):
    study = random_study(seed, n, direction, pruned=False)
    got = optuna.importance.get_param_importances(study, evaluator=optuna.importance.PedAnovaImportanceEvaluator())
    return {"direction": direction, "space": to_json(SPACE), "trials": trials_json(study), "importances": got}


P = optuna.pruners
CASES = [
    (P.MedianPruner(), {"type": "median"}),
    (P.MedianPruner(n_startup_trials=3, n_warmup_steps=2, interval_steps=3, n_min_trials=4),
     {"type": "median", "n_startup_trials": 3, "n_warmup_steps": 2, "interval_steps": 3, "n_min_trials": 4}),
    (P.PercentilePruner(25.0, n_startup_trials=4), {"type": "percentile", "percentile": 25, "n_startup_trials": 4}),
    (P.SuccessiveHalvingPruner(), {"type": "successive_halving"}),
    (P.SuccessiveHalvingPruner(min_resource=1, reduction_factor=2), {"type": "successive_halving", "min_resource": 1, "reduction_factor": 2}),
    (P.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3, bootstrap_count=2, min_early_stopping_rate=1),
     {"type": "successive_halving", "min_resource": 1, "reduction_factor": 3, "bootstrap_count": 2, "min_early_stopping_rate": 1}),
    (P.HyperbandPruner(), {"type": "hyperband"}),
    (P.HyperbandPruner(min_resource=1, max_resource=9, reduction_factor=2), {"type": "hyperband", "min_resource": 1, "max_resource": 9, "reduction_factor": 2}),
    (P.PatientPruner(None, patience=1), {"type": "patient", "patience": 1}),
    (P.PatientPruner(P.MedianPruner(), patience=2, min_delta=0.01), {"type": "patient", "patience": 2, "min_delta": 0.01, "wrapped": {"type": "median"}}),
]
json.dump({
    "optuna": optuna.__version__,
    "parzen": [parzen(1, 60, "minimize", ["lr", "dropout", "optim"]), parzen(2, 40, "maximize", list(SPACE)),
               parzen(3, 11, "minimize", ["smoothing", "layers", "width"])],
    "pruning": [pruning(i, d, p, c) for i, (p, c) in enumerate(CASES) for d in ("minimize",)]
             + [pruning(50 + i, "maximize", type(p)(**kw), c) for i, (p, kw, c) in enumerate([
                 (P.MedianPruner(), {}, {"type": "median"}),
                 (P.SuccessiveHalvingPruner(), {"min_resource": 1, "reduction_factor": 2}, {"type": "successive_halving", "min_resource": 1, "reduction_factor": 2}),
                 (P.HyperbandPruner(), {}, {"type": "hyperband"})])],
    "importances": [importance(5, 40, "minimize"), importance(6, 120, "maximize")],
}, sys.stdout)
