#!/usr/bin/env bash
# The deploy lane on a bare machine: moto and cfn-lint in a virtual environment of their own, then npm run test:deploy.
# Needs `npm ci` before it.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.build/deploy-venv
pins=test/deploy/requirements.txt

if ! cmp -s "$pins" "$venv/installed.txt"; then
  if ! python3 -c 'import ensurepip, venv' >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
  fi
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$pins"
  cp "$pins" "$venv/installed.txt"
fi

npm run -s test:deploy
