#!/usr/bin/env bash
# The main job, end to end: a notebook in batch, its runs, the best model into the
# registry, and a prediction with it in a new process. Needs jupyter-mlops[sklearn].
set -euo pipefail
cd "$(dirname "$0")"

say() { printf '\n$ %s\n' "$*"; "$@"; }

say jupyter mlops run breast_cancer.ipynb -p C 0.3 -o out/breast_cancer.ipynb
say jupyter mlops runs "kind = 'cell'" -e breast_cancer --best auc
say jupyter mlops push tumours --best auc -e breast_cancer
say jupyter mlops promote tumours --alias champion --reason "best auc on the test set"
say jupyter mlops models tumours
say python predict.py
