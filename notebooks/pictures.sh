#!/usr/bin/env bash
# Make the README's pictures of JupyterLab anew, light and dark: notebooks/images/.
set -euo pipefail
cd "$(dirname "$0")/.."
MLOPS_IMAGES=1 python -m pytest tests/ui -m ui -k picture "$@"
