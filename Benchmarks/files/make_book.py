"""A tab book's survey: weight, 20 strata, 60,000 workplaces, 40 five-point items, nine banner columns.

python3 make_book.py ROWS book.csv; pejling convert book.csv -o book.pejl (numpy).
Rows come by stratum and workplace. 6 % of the answers to an item are 8 (don't know), 4 % are empty.
"""
import sys
import numpy as np

ROWS, PATH = int(sys.argv[1]), sys.argv[2]
PSUS, PART = 60_000, 500_000
BANNERS = [2, 2, 3, 4, 5, 5, 6, 7, 8]
rng = np.random.default_rng(2026)
psu = np.sort(rng.integers(0, PSUS, ROWS))


def digits(values, width):
    return np.stack([(values // 10**k % 10 + 48).astype(np.uint8) for k in range(width - 1, -1, -1)], 1)


with open(PATH, "wb") as file:
    names = ["w", "stratum", "workplace"]
    names += [f"q{i + 1}" for i in range(40)] + [f"b{i + 1}" for i in range(9)]
    file.write((",".join(names) + "\n").encode())
    for start in range(0, ROWS, PART):
        part = psu[start:start + PART]
        n = len(part)
        weight = digits(rng.integers(5_000, 20_000, n), 5)
        fields = [np.insert(weight, 1, ord("."), 1), digits(part * 20 // PSUS + 10, 2)]
        fields += [np.insert(digits(part + 100_000, 6), 0, ord("W"), 1)]
        for item in range(40):
            draw = rng.random(n)
            code = ((draw * 230 + item * 5 % 40) * 5 // 270 + 49).astype(np.uint8)
            kind = rng.random(n)
            # A zero byte is an empty cell: dropped below.
            code = np.where(kind < 0.06, ord("8"), np.where(kind < 0.10, 0, code))
            fields.append(code.astype(np.uint8)[:, None])
        fields += [(rng.integers(0, k, n) + 49).astype(np.uint8)[:, None] for k in BANNERS]
        comma = np.full((n, 1), ord(","), np.uint8)
        cells = [fields[0]] + [x for f in fields[1:] for x in (comma, f)]
        lines = np.concatenate(cells + [np.full((n, 1), ord("\n"), np.uint8)], 1).ravel()
        file.write(lines[lines != 0].tobytes())
