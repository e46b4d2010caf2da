"""Significance tests by SciPy, statsmodels and mlxtend, into statistics.json."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import numpy as np  # noqa: E402
from mlxtend.evaluate import mcnemar, mcnemar_table  # noqa: E402
from scipy import stats  # noqa: E402
from statsmodels.stats.multitest import multipletests  # noqa: E402
from statsmodels.stats.proportion import (  # noqa: E402
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from golden import made_with, write_json  # noqa: E402

random = np.random.default_rng(7)


def mcnemar_cases():
    for only_first, only_second in [(9, 1), (0, 0), (3, 3), (40, 25), (150, 86), (1200, 1050), (5, 0)]:
        truth = np.zeros(only_first + only_second + 7, dtype=int)
        first, second = truth.copy(), truth.copy()
        second[:only_first] = 1
        first[only_first : only_first + only_second] = 1
        table = mcnemar_table(truth, first, second)
        _, exact = mcnemar(table, exact=True)
        differing = only_first + only_second
        chi2, p = mcnemar(table, exact=False, corrected=True) if differing else (0.0, 1.0)
        yield {
            "only_first": only_first,
            "only_second": only_second,
            "exact": min(1.0, float(exact)) if differing else 1.0,
            "chi2": float(chi2),
            "chi2_p": float(p),
        }


def welch_cases():
    for n, m, shift, spread in [(3, 3, 0.01, 1.0), (5, 5, 0.02, 3.0), (2, 8, 0.0, 0.3), (10, 4, 0.05, 1.0), (20, 20, 0.004, 1.2)]:
        first = random.normal(0.87, 0.01, n)
        second = random.normal(0.87 + shift, 0.01 * spread, m)
        result = stats.ttest_ind(second, first, equal_var=False)
        interval = result.confidence_interval(0.95)
        pooled = np.sqrt(((n - 1) * first.var(ddof=1) + (m - 1) * second.var(ddof=1)) / (n + m - 2))
        d = (second.mean() - first.mean()) / pooled
        yield {
            "first": first.tolist(),
            "second": second.tolist(),
            "t": float(result.statistic),
            "df": float(result.df),
            "p": float(result.pvalue),
            "low": float(interval.low),
            "high": float(interval.high),
            "hedges_g": float(d * (1 - 3 / (4 * (n + m - 2) - 1))),
        }


def paired_cases():
    """Per-row figures of two systems; the randomisation test exact over all exchanges, the bootstrap with 20,000 resamples."""
    for n, shift, scale in [(12, 0.3, 0.5), (14, 0.0, 1.0), (10, 1.0, 0.8)]:
        first = random.normal(0.0, 1.0, n).round(4)
        second = (first + random.normal(shift, scale, n)).round(4)
        exact = stats.permutation_test(
            (second, first), lambda a, b: np.mean(a) - np.mean(b), permutation_type="samples", n_resamples=np.inf
        )
        boot = stats.bootstrap(
            (second - first,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(1)
        )
        student = stats.ttest_rel(second, first).confidence_interval(0.95)
        yield {
            "first": first.tolist(),
            "second": second.tolist(),
            "difference": float(np.mean(second - first)),
            "t_low": float(student.low),
            "t_high": float(student.high),
            "exact_p": float(exact.pvalue),
            "low": float(boot.confidence_interval.low),
            "high": float(boot.confidence_interval.high),
        }


def two_shares():
    for first, n, second, m in [(81, 263, 120, 263), (1970, 2399, 2005, 2399), (56, 70, 48, 80), (0, 10, 3, 12)]:
        low, high = confint_proportions_2indep(second, m, first, n, method="newcomb", compare="diff")
        _, p = proportions_ztest([second, first], [m, n])
        wilson = proportion_confint(first, n, method="wilson")
        yield {
            "first": first,
            "first_rows": n,
            "second": second,
            "second_rows": m,
            "low": float(low),
            "high": float(high),
            "p": float(p),
            "wilson": [float(wilson[0]), float(wilson[1])],
        }


def holm_cases():
    for size in [1, 3, 8, 25]:
        p = np.sort(random.beta(0.4, 2.0, size))
        p = random.permutation(p)
        yield {"p": p.tolist(), "adjusted": multipletests(p, method="holm")[1].tolist()}


write_json(
    HERE / "statistics.json",
    {
        "made_with": made_with("numpy", "scipy", "statsmodels", "mlxtend"),
        "mcnemar": list(mcnemar_cases()),
        "welch": list(welch_cases()),
        "paired": list(paired_cases()),
        "two_shares": list(two_shares()),
        "holm": list(holm_cases()),
        "student": [
            {"t": t, "df": df, "two_sided": float(2 * stats.t.sf(t, df)), "quantile": float(stats.t.ppf(0.975, df))}
            for t in [0.01, 0.7, 2.0, 5.0, 40.0]
            for df in [1.0, 2.5, 7.3, 30.0, 2398.0]
        ],
        "normal": [{"z": z, "tail": float(stats.norm.sf(z))} for z in [0.0, 0.1, 1.0, 1.7, 1.74, 2.5, 5.0, 12.0]],
    },
)
