#!/usr/bin/env bash
# The software that exported models are loaded with, each in an environment of its own.
# Usage: tests/interop/environments.sh [FOLDER] [NAME…]; then, with the same FOLDER:
#   INTEROP_ENVIRONMENTS=FOLDER python -m pytest -m interop
set -euo pipefail
repository="$(cd "$(dirname "$0")/../.." && pwd)"
folder="${1:-${XDG_CACHE_HOME:-$HOME/.cache}/jupyter_mlops/interop}"
shift || true
wanted=("$@")
[ "${#wanted[@]}" -gt 0 ] || wanted=(mlflow mlserver torchserve tensorflow)
mkdir -p "$folder"

build() {
  local place="$folder/$1"
  shift
  [ -x "$place/bin/python" ] || python3 -m venv "$place"
  "$place/bin/pip" install --quiet --disable-pip-version-check "$@"
}

for name in "${wanted[@]}"; do
  began=$SECONDS
  case "$name" in
    mlflow) build mlflow "mlflow>=3" "scikit-learn>=1.5" "skops>=0.11" torch ;;
    mlserver) build mlserver "mlserver>=1.6" "scikit-learn>=1.5" "skops>=0.11" pandas ;;
    torchserve)
      build torchserve "setuptools<80" torch torchserve torch-model-archiver safetensors pandas \
        "scikit-learn>=1.5" "skops>=0.11" nvgpu psutil packaging pyyaml
      ;;
    tensorflow) build tensorflow tensorflow-cpu "keras>=3.8" -e "$repository" ;;
    *) echo "no such environment: $name" >&2; exit 2 ;;
  esac
  printf '%s: %s s\n' "$name" "$((SECONDS - began))"
done
